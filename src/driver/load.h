// From a file's name to a program that can be compiled for a device.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "driver/source.h"
#include "ir/program.h"
#include "runtime/host.h"

namespace rustg::driver {

// A file's bytes, mapped.
class MappedFile {
 public:
  static Result<MappedFile> open(const std::string& path);
  MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  MappedFile& operator=(MappedFile&&) = delete;
  ~MappedFile();
  std::span<const uint8_t> bytes() const { return bytes_; }

 private:
  explicit MappedFile(std::span<const uint8_t> bytes) : bytes_(bytes) {}
  std::span<const uint8_t> bytes_;
};

// A WASI command: its functions, and what runs first and then.
struct Loaded {
  ir::Program program;
  ir::FunctionId init;   // none: nothing to do
  ir::FunctionId start;  // the module's `_start`; none if it has no such export
  std::vector<runtime::HostFunctionPtr> host_functions;
  uint32_t imports = 0, exports = 0;
  uint64_t file_bytes = 0;
};

// `file` is a .wasm module, or a .rs program, which is compiled first. Errors name the file.
Result<std::variant<std::unique_ptr<Loaded>, CompilerRefused>> load(const std::string& file,
                                                                    const std::vector<std::string>& rustc_args);

}  // namespace rustg::driver
