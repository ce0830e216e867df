// The bytecode engine on the device: the interpreter's source, compiled for it.
#include "runtime/cuda/kernels.cuh"
#include "runtime/interpreter/interpreter.h"

namespace rustg::runtime::cuda {
__device__ __noinline__ uint32_t engine_invoke(abi::Instance& instance, uint32_t function, uint64_t* slots) {
  return interpreter::interpret(instance, *static_cast<const bytecode::Tables*>(instance.code), function, slots);
}
}  // namespace rustg::runtime::cuda
