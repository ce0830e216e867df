#include "device/cuda/queue.cuh"
#include "parse/parse.pass.h"

namespace rustg::parse {

template class Tree<device::cuda::Queue>;
template void parse(device::cuda::Queue&, const source::Sources&, const lex::Tokens<device::cuda::Queue>&,
                    Tree<device::cuda::Queue>&);
template void parse_reserved(device::cuda::Queue&, const source::Sources&, const lex::Tokens<device::cuda::Queue>&,
                    Tree<device::cuda::Queue>&);

}  // namespace rustg::parse
