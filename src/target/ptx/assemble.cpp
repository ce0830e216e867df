#include "target/ptx/assemble.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

#include "target/ptx/cubin.h"
#include "target/ptx/jit_link.h"
#include "target/ptx/process.h"

namespace rustg::ptx {
namespace fs = std::filesystem;
namespace {

// A folder for one run's files, gone with this object.
class Scratch {
 public:
  Scratch() {
    std::error_code error;
    std::string pattern = (fs::temp_directory_path(error) / "rustg-XXXXXX").string();
    if (!error && mkdtemp(pattern.data())) path_ = pattern;
  }
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  bool ok() const { return !path_.empty(); }
  std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

std::string_view as_text(std::span<const uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Status write_file(const std::string& path, std::string_view text) {
  std::ofstream out(path, std::ios::binary);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  if (!out.flush()) return Error{fmt::format("cannot write {}: {}", path, strerror(errno))};
  return ok();
}

Result<std::vector<uint8_t>> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  if (!in) return Error{fmt::format("cannot read {}", path)};
  std::vector<uint8_t> bytes(static_cast<size_t>(in.tellg()));
  in.seekg(0);
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

Error internal(std::string_view unit, std::string_view message) {
  return Error{fmt::format("internal error: assembling PTX unit '{}': {}", unit, message)};
}

class Assembler {
 public:
  Assembler(std::span<const Unit> units, const Toolchain& tools, const AssembleOptions& options)
      : units_(units), tools_(tools), options_(options), cache_(options.cache_folder) {}

  Result<Assembled> run() {
    const std::string key = image_key();
    Assembled out;
    out.units = static_cast<uint32_t>(units_.size());
    if (auto image = cache_.get(key)) {
      out.cubin = std::move(*image);
      out.image_cached = true;
      out.units_cached = out.units;
    } else if (options_.cached_only) {
      return Error{"the program's image is not in the cache"};
    } else {
      RUSTG_LET(image_made, tools_.ptxas.empty() ? link_in_process() : assemble_and_link());
      out.cubin = std::move(image_made);
      out.units_cached = cached_;
      cache_.put(key, out.cubin);
      cache_.prune();
    }
    if (options_.progress) options_.progress(out.units, out.units);
    RUSTG_LET(functions, read_functions(out.cubin));
    for (const FunctionCode& f : functions)
      if (f.name.starts_with("f_")) out.largest_frame = std::max(out.largest_frame, f.frame_bytes);
    return out;
  }

 private:
  void add_tools(Key& key) const {
    key.add(tools_.version);
    key.add(std::to_string(options_.sm));
    key.add(kNoConstantBank);
  }
  std::string image_key() const {
    Key key;
    add_tools(key);
    for (const Unit& u : units_) key.add(u.text);
    for (const Object& o : options_.objects) key.add(as_text(o.bytes));
    return key.hex();
  }
  std::string unit_key(const Unit& unit) const {
    Key key;
    add_tools(key);
    key.add("unit");
    key.add(unit.text);
    return key.hex();
  }

  Result<std::vector<uint8_t>> link_in_process() {
    std::vector<JitInput> inputs;
    for (const Unit& u : units_)
      inputs.push_back({u.name, {reinterpret_cast<const uint8_t*>(u.text.data()), u.text.size()}, true});
    for (const Object& o : options_.objects) inputs.push_back({o.name, o.bytes, false});
    return jit_link(tools_.jit_library, options_.sm, inputs);
  }

  Result<std::vector<uint8_t>> assemble_and_link() {
    if (!scratch_.ok()) return Error{"cannot make a folder for temporary files"};
    std::vector<Status> results(units_.size(), ok());
    std::atomic<size_t> next{0};
    std::atomic<bool> stop{false};
    // A thread per core waits for its ptxas; the longest units are not known, and units are of one size.
    auto work = [&] {
      for (size_t k; !stop && (k = next++) < units_.size();) {
        results[k] = assemble_unit(k);
        if (!results[k]) stop = true;
      }
    };
    std::vector<std::thread> threads(
        std::min<size_t>(std::max(1u, std::thread::hardware_concurrency()), units_.size()));
    for (std::thread& t : threads) t = std::thread(work);
    for (std::thread& t : threads) t.join();
    for (Status& s : results)
      if (!s) return s.error();

    std::vector<std::string> command{tools_.nvlink, fmt::format("-arch=sm_{}", options_.sm)};
    for (size_t k = 0; k < units_.size(); ++k) command.push_back(object_path(k));
    for (const Object& o : options_.objects) {
      constexpr uint32_t kFatbinMagic = 0xba55ed50;
      uint32_t magic = 0;
      if (o.bytes.size() >= sizeof magic) std::memcpy(&magic, o.bytes.data(), sizeof magic);
      const std::string path =
          scratch_.file(fmt::format("object{}.{}", command.size(), magic == kFatbinMagic ? "fatbin" : "cubin"));
      RUSTG_TRY(write_file(path, as_text(o.bytes)));
      command.push_back(path);
    }
    const std::string image = scratch_.file("image.cubin");
    command.insert(command.end(), {"-o", image});
    auto linked = run_process(command, std::chrono::seconds(options_.seconds_per_unit));
    if (!linked) return Error{fmt::format("internal error: linking the PTX units: {}", linked.error().message)};
    return read_file(image);
  }

  std::string object_path(size_t k) const { return scratch_.file(fmt::format("{}.cubin", k)); }

  Status assemble_unit(size_t k) {
    const Unit& unit = units_[k];
    const std::string key = unit_key(unit), object = object_path(k);
    if (auto cubin = cache_.get(key)) {
      ++cached_;
      RUSTG_TRY(write_file(object, as_text(*cubin)));
    } else {
      const std::string source = scratch_.file(fmt::format("{}.ptx", k));
      RUSTG_TRY(write_file(source, unit.text));
      auto run = run_process(
          {tools_.ptxas, "-c", kNoConstantBank, fmt::format("-arch=sm_{}", options_.sm), source, "-o", object},
          std::chrono::seconds(options_.seconds_per_unit));
      if (!run) return internal(unit.name, run.error().message);
      RUSTG_LET(made, read_file(object));
      cache_.put(key, made);
    }
    if (options_.progress) {
      const std::lock_guard lock(progress_mutex_);
      options_.progress(++done_, static_cast<uint32_t>(units_.size()));
    }
    return ok();
  }

  std::span<const Unit> units_;
  const Toolchain& tools_;
  const AssembleOptions& options_;
  const Cache cache_;
  const Scratch scratch_;
  std::atomic<uint32_t> cached_{0};
  std::mutex progress_mutex_;
  uint32_t done_ = 0;
};

}  // namespace

Result<Assembled> assemble(std::span<const Unit> units, const Toolchain& tools, const AssembleOptions& options) {
  return Assembler(units, tools, options).run();
}

}  // namespace rustg::ptx
