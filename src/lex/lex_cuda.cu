#include "device/cuda/queue.cuh"
#include "lex/lex.pass.h"

namespace rustg::lex {

template class Tokens<device::cuda::Queue>;
template void lex(device::cuda::Queue&, const source::Sources&, Tokens<device::cuda::Queue>&);
template void lex_reserved(device::cuda::Queue&, const source::Sources&, Tokens<device::cuda::Queue>&);

}  // namespace rustg::lex
