// What the runs of many instances have in common on every device: their output on its way out, and how they ended.
#pragma once
#include <cstdint>
#include <mutex>

#include "driver/outputs.h"
#include "ir/program.h"
#include "runtime/wasi/context.h"
#include "target/abi/instance.h"

namespace rustg::driver {

// An instance's stdout or stderr, as WASI writes to it.
class InstanceStream : public runtime::wasi::Output {
 public:
  InstanceStream(Outputs& output, Stream stream) : output_(output), stream_(stream) {}
  runtime::wasi::Errno write(uint32_t instance, std::span<const iovec> buffers, uint32_t& written) override;

 private:
  Outputs& output_;
  Stream stream_;
};

// How instances ended. Traps are told on the instance's own stderr: all of them if that is a file, else the first few.
class Endings {
 public:
  Endings(const ir::Program& program, Outputs& output, bool report_all)
      : program_(program), output_(output), report_all_(report_all) {}

  // From any thread: this instance has ended, and its output with it.
  void add(uint32_t instance, const abi::Outcome& outcome);
  // After the last one and its output: a summary on stderr if any failed. 0, or the first other exit code by index.
  int conclude() const;

 private:
  const ir::Program& program_;
  Outputs& output_;
  const bool report_all_;
  std::mutex mutex_;
  uint32_t count_ = 0, failed_ = 0, trapped_ = 0;
  uint32_t first_failed_ = UINT32_MAX;
  int exit_code_ = 0;
};

}  // namespace rustg::driver
