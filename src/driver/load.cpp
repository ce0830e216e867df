#include "driver/load.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>

#include "runtime/wasi/bind.h"
#include "wasm/link.h"
#include "wasm/module.h"

namespace rustg::driver {
namespace {

wasm::FuncType type_of(const runtime::wasi::Binding& binding) {
  auto types = [](std::string_view letters) {
    std::vector<wasm::ValType> list;
    for (char letter : letters) list.push_back(letter == 'l' ? wasm::ValType::i64 : wasm::ValType::i32);
    return list;
  };
  return {types(binding.params), types(binding.result)};
}

// The types of WASI's functions, made as they are asked for.
class HostTypes {
 public:
  const wasm::FuncType* operator()(std::string_view module, std::string_view name) {
    auto binding = runtime::wasi::find(module, name);
    if (!binding) return nullptr;
    return &types_.try_emplace(std::string(name), type_of(*binding)).first->second;
  }

 private:
  std::map<std::string, wasm::FuncType> types_;
};

Result<std::unique_ptr<Loaded>> load_module(std::span<const uint8_t> bytes) {
  RUSTG_LET(module, wasm::decode(bytes));
  RUSTG_TRY(wasm::validate(module));
  auto loaded = std::make_unique<Loaded>();
  HostTypes types;
  wasm::Linker linker(loaded->program, [&](auto module_name, auto name) { return types(module_name, name); });
  RUSTG_LET(imports, linker.resolve(module));
  RUSTG_LET(linked, wasm::lower(module, imports, loaded->program));
  loaded->init = linked.init;
  if (const wasm::Export* start = module.find_export("_start"); start && start->kind == wasm::ExternKind::function) {
    const wasm::FuncType& type = module.type_of(start->index);
    if (!type.params.empty() || !type.results.empty())
      return Error{"its `_start` should be a function with no parameters and no results, and is " +
                   wasm::describe(type)};
    loaded->start = linked.functions[start->index];
  }
  for (const ir::HostFunction& function : loaded->program.host_functions)
    loaded->host_functions.push_back(runtime::wasi::find(function.module, function.name)->call);
  loaded->imports = module.imports.size();
  loaded->exports = module.exports.size();
  loaded->file_bytes = bytes.size();
  return loaded;
}

std::string describe(const std::string& file, const Error& error) {
  return error.offset ? fmt::format("{}: {} (at offset {:#x})", file, error.message, *error.offset)
                      : fmt::format("{}: {}", file, error.message);
}

Error system_error(const std::string& path) {
  return Error{fmt::format("cannot read {}: {}", path, std::strerror(errno))};
}

}  // namespace

Result<MappedFile> MappedFile::open(const std::string& path) {
  int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return system_error(path);
  struct stat info;
  void* bytes = nullptr;
  bool good = fstat(fd, &info) == 0;
  if (good && S_ISDIR(info.st_mode)) {
    errno = EISDIR;
    good = false;
  }
  if (good && info.st_size > 0) {
    bytes = mmap(nullptr, info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    good = bytes != MAP_FAILED;
  }
  int error = errno;
  close(fd);
  errno = error;
  if (!good) return system_error(path);
  return MappedFile(std::span(static_cast<const uint8_t*>(bytes), info.st_size));
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) munmap(const_cast<uint8_t*>(bytes_.data()), bytes_.size());
}

Result<std::variant<std::unique_ptr<Loaded>, CompilerRefused>> load(const std::string& file,
                                                                    const std::vector<std::string>& rustc_args) {
  using Outcome = std::variant<std::unique_ptr<Loaded>, CompilerRefused>;
  std::string path = file;
  if (file.ends_with(".rs")) {
    RUSTG_TRY(MappedFile::open(file));  // a missing file is our error, not rustc's
    RUSTG_LET(compiled, compile_rust(file, rustc_args));
    if (auto* refused = std::get_if<CompilerRefused>(&compiled)) return Outcome(*refused);
    path = std::get<std::string>(compiled);
  }
  RUSTG_LET(mapped, MappedFile::open(path));
  auto loaded = load_module(mapped.bytes());
  if (!loaded) return Error{describe(file, loaded.error())};
  return Outcome(std::move(*loaded));
}

}  // namespace rustg::driver
