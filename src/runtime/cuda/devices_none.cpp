// Builds without nvcc: the same interface, and the reason.
#include "runtime/cuda/devices.h"
#include "runtime/cuda/run.h"

namespace rustg::runtime::cuda {
namespace {
constexpr const char* kReason = "this rustg was built without CUDA (nvcc was not found when it was built)";
}

Devices devices() { return {.list = {}, .driver = {}, .reason = kReason}; }

Result<RunSummary> run(const RunOptions&) { return Error{kReason}; }

}  // namespace rustg::runtime::cuda
