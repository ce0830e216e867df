#include "graph/index_files.h"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "graph/index_line.h"

namespace rustg::graph {
namespace {

constexpr size_t kBlock = 1 << 20;      // stays in the cache between being decompressed and being parsed
constexpr size_t kLongest = 256 << 20;  // of a line
constexpr size_t kRead = 256 << 10;
constexpr int kWindowLog = 27;  // zstd --long=27

Error errno_error(const std::string& path) { return Error{fmt::format("{}: {}", path, std::strerror(errno))}; }

void reserve(Block& block, size_t capacity) {
  if (block.capacity >= capacity) return;
  auto larger = std::make_unique_for_overwrite<char[]>(capacity + LineReader::kPadding);
  std::memcpy(larger.get(), block.bytes.get(), block.size);
  block.bytes = std::move(larger);
  block.capacity = capacity;
}

// A line up to its crate's name, as indices are written; empty for others.
std::string_view crate_of(std::string_view line) {
  constexpr std::string_view kFront = "{\"name\":\"";
  if (!line.starts_with(kFront)) return {};
  const size_t end = line.find('"', kFront.size());
  return end == line.npos ? std::string_view() : line.substr(0, end);
}

// How many of the bytes, which end with a newline, are before the last crate. 0: they are all one crate's, or nobody knows.
size_t before_last_crate(std::string_view bytes) {
  const auto line_begin = [&](size_t end) {  // of the line whose newline is at end - 1
    const size_t newline = end < 2 ? bytes.npos : bytes.rfind('\n', end - 2);
    return newline == bytes.npos ? 0 : newline + 1;
  };
  size_t begin = line_begin(bytes.size());
  const std::string_view crate = crate_of(bytes.substr(begin));
  if (crate.empty()) return 0;
  while (begin != 0) {
    const size_t previous = line_begin(begin);
    if (crate_of(bytes.substr(previous, begin - previous)) != crate) return begin;
    begin = previous;
  }
  return 0;
}

}  // namespace

struct FileBlocks::State {
  std::string path;
  std::FILE* file = nullptr;
  ZSTD_DCtx* zstd = nullptr;
  std::unique_ptr<char[]> compressed = std::make_unique_for_overwrite<char[]>(kRead);
  ZSTD_inBuffer in{nullptr, 0, 0};
  bool inside = false;  // a frame
};

FileBlocks::FileBlocks() : state_(std::make_unique<State>()) {}
FileBlocks::~FileBlocks() {
  if (state_->file) std::fclose(state_->file);
  ZSTD_freeDCtx(state_->zstd);
}

Status FileBlocks::open(const std::string& path) {
  State& s = *state_;
  s.path = path;
  s.file = std::fopen(path.c_str(), "rb");
  if (!s.file) return errno_error(path);
  std::setvbuf(s.file, nullptr, _IONBF, 0);
  s.in = {s.compressed.get(), std::fread(s.compressed.get(), 1, kRead, s.file), 0};
  if (std::ferror(s.file)) return errno_error(path);
  constexpr unsigned char kMagic[] = {0x28, 0xb5, 0x2f, 0xfd};
  if (s.in.size >= 4 && std::memcmp(s.in.src, kMagic, 4) == 0) {
    s.zstd = ZSTD_createDCtx();
    ZSTD_DCtx_setParameter(s.zstd, ZSTD_d_windowLogMax, kWindowLog);
  }
  return ok();
}

Result<size_t> FileBlocks::read(char* out, size_t size) {
  State& s = *state_;
  for (;;) {
    // Also with no input left: the decompressor may hold back output.
    if (s.zstd) {
      ZSTD_outBuffer to{out, size, 0};
      const size_t before = s.in.pos;
      const size_t left = ZSTD_decompressStream(s.zstd, &to, &s.in);
      if (ZSTD_isError(left)) return Error{fmt::format("{}: zstd: {}", s.path, ZSTD_getErrorName(left))};
      if (to.pos != 0 || s.in.pos != before) s.inside = left != 0;
      if (to.pos != 0) return to.pos;
    } else if (s.in.pos != s.in.size) {
      const size_t n = std::min(size, s.in.size - s.in.pos);
      std::memcpy(out, static_cast<const char*>(s.in.src) + s.in.pos, n);
      s.in.pos += n;
      return n;
    }
    if (s.in.pos != s.in.size) continue;
    s.in = {s.compressed.get(), std::fread(s.compressed.get(), 1, kRead, s.file), 0};
    if (std::ferror(s.file)) return errno_error(s.path);
    if (s.in.size != 0) continue;
    if (s.inside) return Error{fmt::format("{}: the compressed data ends early", s.path)};
    return size_t(0);
  }
}

Result<bool> FileBlocks::next(Block& block) {
  block.size = 0;
  block.number = number_++;
  block.files = 0;
  reserve(block, std::max(kBlock, carried_.size() * 2));
  std::memcpy(block.bytes.get(), carried_.data(), carried_.size());
  block.size = carried_.size();
  carried_.clear();
  for (;;) {
    while (!ended_ && block.size != block.capacity) {
      auto n = read(block.bytes.get() + block.size, block.capacity - block.size);
      if (!n) return n.error();
      if (*n == 0) ended_ = true;
      block.size += *n;
    }
    if (ended_) return block.size != 0;
    const std::string_view bytes(block.bytes.get(), block.size);
    const size_t newline = bytes.rfind('\n');
    size_t cut = newline == bytes.npos ? 0 : newline + 1;
    if (cut != 0 && whole_crates_)
      if (const size_t earlier = before_last_crate(bytes.substr(0, cut)); earlier != 0 || block.size < kLongest)
        cut = earlier;
    if (cut == 0) {
      if (block.size >= kLongest)
        return Error{fmt::format("{}: a line of more than {} MiB", state_->path, kLongest >> 20)};
      reserve(block, block.capacity * 2);
      continue;
    }
    carried_ = bytes.substr(cut);
    block.size = cut;
    return true;
  }
}

namespace fs = std::filesystem;

namespace {

// Where a registry keeps a crate's file, from its name in lower case.
std::string index_path(const std::string& name) {
  switch (name.size()) {
    case 0: return {};
    case 1: return "1/" + name;
    case 2: return "2/" + name;
    case 3: return fmt::format("3/{}/{}", name[0], name);
    default: return fmt::format("{}/{}/{}", name.substr(0, 2), name.substr(2, 2), name);
  }
}

// Files of crates below `folder`; whatever else there is, is passed over.
Status collect(const fs::path& folder, std::vector<std::string>& out) {
  std::error_code error;
  fs::recursive_directory_iterator it(folder, fs::directory_options::skip_permission_denied, error);
  if (error) return Error{fmt::format("{}: {}", folder.string(), error.message())};
  for (; it != fs::recursive_directory_iterator(); it.increment(error)) {
    if (error) return Error{fmt::format("{}: {}", folder.string(), error.message())};
    std::string name = it->path().filename().string();
    if (it->is_directory(error)) {
      if (name.starts_with('.') || it.depth() == 2) it.disable_recursion_pending();
      continue;
    }
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return char(std::tolower(c)); });
    const std::string wanted = index_path(name), relative = it->path().lexically_relative(folder).generic_string();
    if (relative.size() == wanted.size() &&
        std::equal(relative.begin(), relative.end(), wanted.begin(),
                   [](unsigned char a, unsigned char b) { return std::tolower(a) == b; }))
      out.push_back(it->path().string());
  }
  return ok();
}

}  // namespace

Result<std::vector<std::string>> find_index_files(const std::string& folder) {
  std::vector<std::string> out;
  RUSTG_TRY(collect(folder, out));
  // What cargo keeps has only its own cache.
  std::error_code error;
  if (out.empty() && fs::is_directory(fs::path(folder) / ".cache", error))
    RUSTG_TRY(collect(fs::path(folder) / ".cache", out));
  if (out.empty()) return Error{fmt::format("{}: no files of a registry's index below it", folder)};
  std::sort(out.begin(), out.end());
  return out;
}

Status read_file(const std::string& path, Block& block) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (!file) return errno_error(path);
  std::setvbuf(file, nullptr, _IONBF, 0);
  block.size = 0;
  reserve(block, 64 << 10);
  while (const size_t n = std::fread(block.bytes.get() + block.size, 1, block.capacity - block.size, file)) {
    block.size += n;
    if (block.size == block.capacity) reserve(block, block.capacity * 2);
  }
  const bool failed = std::ferror(file);
  std::fclose(file);
  if (failed) return errno_error(path);
  return ok();
}

}  // namespace rustg::graph
