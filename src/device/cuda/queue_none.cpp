// Built without nvcc: there is no CUDA queue, and the reason is said.
#include "device/cuda/queue.h"

namespace rustg::device::cuda {

Result<std::unique_ptr<Queue>> Queue::open(int) {
  return Error{"this build of rustg has no CUDA half (nvcc was not found)"};
}
Queue::~Queue() = default;

}  // namespace rustg::device::cuda
