#include "driver/instances.h"

#include <fmt/format.h>

#include "driver/report.h"

namespace rustg::driver {
namespace {
constexpr uint32_t kReportedTraps = 8;
}

runtime::wasi::Errno InstanceStream::write(uint32_t instance, std::span<const iovec> buffers, uint32_t& written) {
  written = 0;
  for (const iovec& buffer : buffers) {
    if (!output_.write(instance, stream_, {static_cast<const char*>(buffer.iov_base), buffer.iov_len}))
      return runtime::wasi::Errno::io;
    written += buffer.iov_len;
  }
  return runtime::wasi::Errno::success;
}

void Endings::add(uint32_t instance, const abi::Outcome& outcome) {
  int exit_code = exit_code_of(outcome);
  bool report = false;
  {
    std::lock_guard lock(mutex_);
    count_++;
    if (exit_code != 0) {
      failed_++;
      if (instance < first_failed_) {
        first_failed_ = instance;
        exit_code_ = exit_code;
      }
    }
    if (is_trap(outcome)) report = trapped_++ < kReportedTraps || report_all_;
  }
  if (report) output_.write(instance, Stream::err, describe_trap(program_, outcome, instance));
  output_.finish(instance);
}

int Endings::conclude() const {
  if (failed_ == 0) return 0;
  std::string traps = trapped_ ? fmt::format(", {} of them in a trap", trapped_) : "";
  return report_error(fmt::format("{} of {} instances failed{}; the first is instance {}, with exit code {}", failed_,
                                  count_, traps, first_failed_, exit_code_),
                      exit_code_);
}

}  // namespace rustg::driver
