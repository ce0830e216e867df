#include "device/cuda/queue.cuh"
#include "parse/parse.pass.h"

namespace rustg::parse {

RUSTG_PARSE_FOR(, device::cuda::Queue)

}  // namespace rustg::parse
