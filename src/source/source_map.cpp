#include "source/source_map.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <simdjson.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <tbb/parallel_for.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>

namespace rustg::source {

namespace {

constexpr uint64_t kReserved = uint64_t(1) << 32, kSmall = 2 << 20;

uint64_t aligned(uint64_t n) { return (n + Sources::kAlignment - 1) & ~uint64_t(Sources::kAlignment - 1); }

// The first byte that is not part of UTF-8.
size_t valid_up_to(const uint8_t* p, size_t size) {
  for (size_t i = 0; i < size;) {
    uint8_t c = p[i];
    size_t length = c < 0x80                ? 1
                    : c >= 0xc2 && c < 0xe0 ? 2
                    : c >= 0xe0 && c < 0xf0 ? 3
                    : c >= 0xf0 && c < 0xf5 ? 4
                                            : 0;
    if (length == 0 || i + length > size) return i;
    for (size_t k = 1; k < length; ++k) {
      if ((p[i + k] & 0xc0) != 0x80) return i;
    }
    uint8_t second = length > 1 ? p[i + 1] : 0;
    if ((c == 0xe0 && second < 0xa0) || (c == 0xed && second > 0x9f) || (c == 0xf0 && second < 0x90) ||
        (c == 0xf4 && second > 0x8f))
      return i;
    i += length;
  }
  return size;
}

// All of an open file, or an errno. `size` is what to expect; a file that has grown is cut there.
int read_all(int fd, uint8_t* to, size_t size, size_t& got) {
  for (got = 0; got < size;) {
    ssize_t n = ::pread(fd, to + got, size - got, off_t(got));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    if (n == 0) break;
    got += size_t(n);
  }
  return 0;
}

}  // namespace

SourceMap::SourceMap(std::string_view front) {
  void* memory = ::mmap(nullptr, kReserved, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  // Not where a small batch ends: a huge page takes longer to come than a small crate to read.
  ::madvise(static_cast<uint8_t*>(memory) + kSmall, kReserved - kSmall, MADV_HUGEPAGE);
  bytes_ = static_cast<uint8_t*>(memory);
  if (!front.empty()) std::memcpy(bytes_, front.data(), front.size());
  size_ = aligned(front.size() + Sources::kPadding);
  std::memset(bytes_ + front.size(), '\n', size_ - front.size());
  front_ = size_;
}

SourceMap::~SourceMap() { ::munmap(bytes_, kReserved); }

struct SourceMap::Cleaned {
  uint32_t begin, end;
  Changes changes;
  std::optional<Problem> problem;
};

// Make text of the bytes of a file, in place.
SourceMap::Cleaned SourceMap::clean(uint32_t begin, uint32_t size) {
  uint8_t* p = bytes_ + begin;
  Cleaned cleaned{begin, begin + size, {}, {}};
  if (!simdjson::validate_utf8(reinterpret_cast<const char*>(p), size)) {
    size_t at = valid_up_to(p, size);
    cleaned.problem = Problem{0, fmt::format("stream did not contain valid UTF-8: invalid utf-8 at byte `{}`", at), at};
    cleaned.end = begin;
    return cleaned;
  }
  if (size >= 3 && p[0] == 0xef && p[1] == 0xbb && p[2] == 0xbf) {
    cleaned.changes.mark = true;
    size -= 3;
    std::memmove(p, p + 3, size);
  }
  uint32_t kept = size;
  if (const void* first = std::memchr(p, '\r', size)) {
    uint32_t from = uint32_t(static_cast<const uint8_t*>(first) - p);
    kept = from;
    for (; from < size; ++from) {
      if (p[from] == '\r' && from + 1 < size && p[from + 1] == '\n')
        cleaned.changes.returns.push_back(begin + kept);
      else
        p[kept++] = p[from];
    }
  }
  cleaned.end = begin + kept;
  return cleaned;
}

Result<uint32_t> SourceMap::add(std::string name, std::string_view text, uint8_t edition) {
  uint64_t begin = size_, next = aligned(begin + text.size() + Sources::kPadding);
  if (next > kMostBytes)
    return Error{fmt::format("`{}` does not fit: a batch holds at most 4 GiB of source text", name)};
  std::memcpy(bytes_ + begin, text.data(), text.size());
  Cleaned cleaned = clean(uint32_t(begin), uint32_t(text.size()));
  if (cleaned.problem)
    return Error{fmt::format("couldn't read `{}`: {}", name, cleaned.problem->message), cleaned.problem->offset};
  std::memset(bytes_ + cleaned.end, '\n', next - cleaned.end);
  size_ = next;
  names_.push_back(std::move(name));
  begins_.push_back(cleaned.begin);
  ends_.push_back(cleaned.end);
  editions_.push_back(edition);
  changes_.push_back(std::move(cleaned.changes));
  lines_.emplace_back();
  return files() - 1;
}

Result<std::vector<Problem>> SourceMap::load(std::span<const std::string> paths, uint8_t edition,
                                             std::atomic<uint64_t>* progress) {
  std::vector<SourceFile> files(paths.size());
  tbb::parallel_for(size_t(0), paths.size(), [&](size_t i) {
    struct stat info;
    bool found = ::stat(paths[i].c_str(), &info) == 0 && S_ISREG(info.st_mode);
    files[i] = {paths[i], found ? uint64_t(info.st_size) : 0, edition};
  });
  return load(files, true, progress);
}

Result<std::vector<Problem>> SourceMap::load(std::span<const SourceFile> files, bool in_parallel,
                                             std::atomic<uint64_t>* progress) {
  struct Entry {
    uint64_t begin = 0;
    int error = 0;
    bool grown = false;
    Cleaned cleaned{};
  };
  std::vector<Entry> entries(files.size());
  uint64_t begin = size_;
  for (size_t i = 0; i < files.size(); ++i) {
    entries[i].begin = begin;
    if (files[i].bytes > kMostBytes || (begin = aligned(begin + files[i].bytes + Sources::kPadding)) > kMostBytes)
      return Error{fmt::format("`{}` does not fit: a batch holds at most 4 GiB of source text", files[i].path)};
  }
  auto read = [&](size_t i) {
    Entry& entry = entries[i];
    size_t got = 0;
    int fd = ::open(files[i].path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
      entry.error = errno;
    } else {
      // Into the padding too: that shows whether the file has grown.
      entry.error = read_all(fd, bytes_ + entry.begin, files[i].bytes + 1, got);
      entry.grown = got > files[i].bytes;
      ::close(fd);
    }
    if (entry.error != 0 || entry.grown) got = 0;
    entry.cleaned = clean(uint32_t(entry.begin), uint32_t(got));
    uint64_t next = i + 1 < files.size() ? entries[i + 1].begin : begin;
    std::memset(bytes_ + entry.cleaned.end, '\n', next - entry.cleaned.end);
    if (progress != nullptr) progress->fetch_add(got, std::memory_order_relaxed);
  };
  constexpr uint64_t kFew = 1 << 20;  // read before another thread has woken
  if (in_parallel && begin - size_ > kFew)
    tbb::parallel_for(size_t(0), files.size(), read);
  else
    for (size_t i = 0; i < files.size(); ++i) read(i);
  std::vector<Problem> problems;
  for (size_t i = 0; i < files.size(); ++i) {
    Entry& entry = entries[i];
    uint32_t file = this->files();
    const std::string& path = files[i].path;
    if (entry.error != 0) {
      problems.push_back(
          {file, fmt::format("couldn't read `{}`: {} (os error {})", path, std::strerror(entry.error), entry.error)});
    } else if (entry.grown) {
      problems.push_back({file, fmt::format("couldn't read `{}`: it grew while it was read", path)});
    } else if (entry.cleaned.problem) {
      problems.push_back(
          {file, fmt::format("couldn't read `{}`: {}", path, entry.cleaned.problem->message), entry.cleaned.problem->offset});
    }
    names_.push_back(path);
    begins_.push_back(entry.cleaned.begin);
    ends_.push_back(entry.cleaned.end);
    editions_.push_back(files[i].edition);
    changes_.push_back(std::move(entry.cleaned.changes));
    lines_.emplace_back();
  }
  size_ = begin;
  return problems;
}

void copy_bytes(uint8_t* to, const uint8_t* from, size_t count) {
  constexpr size_t kPiece = 256 << 10;
  if (count <= 4 * kPiece) {
    std::memcpy(to, from, count);
    return;
  }
  tbb::parallel_for(size_t(0), (count + kPiece - 1) / kPiece,
                    [=](size_t i) { std::memcpy(to + i * kPiece, from + i * kPiece, std::min(kPiece, count - i * kPiece)); });
}

void SourceMap::clear() {
  size_ = front_;
  names_.clear();
  begins_.clear();
  ends_.clear();
  editions_.clear();
  changes_.clear();
  lines_.clear();
}

uint64_t SourceMap::text_bytes() const {
  uint64_t sum = 0;
  for (uint32_t f = 0; f < files(); ++f) sum += ends_[f] - begins_[f];
  return sum;
}

Sources SourceMap::host() const {
  return {bytes_, uint32_t(size_), files(), begins_.data(), ends_.data(), editions_.data()};
}

const std::vector<uint32_t>& SourceMap::lines(uint32_t file) const {
  std::lock_guard lock(lines_mutex_);
  auto& lines = lines_[file];
  if (!lines) {
    lines = std::make_unique<std::vector<uint32_t>>(1, begins_[file]);
    for (uint32_t i = begins_[file]; i < ends_[file]; ++i) {
      const void* newline = std::memchr(bytes_ + i, '\n', ends_[file] - i);
      if (newline == nullptr) break;
      i = uint32_t(static_cast<const uint8_t*>(newline) - bytes_);
      // Behind the last newline is no line: the end of the file is said to be on the line that it ends, as in rustc.
      if (i + 1 != ends_[file]) lines->push_back(i + 1);
    }
  }
  return *lines;
}

std::string_view SourceMap::line(uint32_t file, uint32_t number) const {
  const auto& all = lines(file);
  std::string_view line = text(all[number - 1], number < all.size() ? all[number] : ends_[file]);
  if (line.ends_with('\n')) line.remove_suffix(1);
  return line;
}

uint32_t SourceMap::line_number(uint32_t file, uint32_t offset) const {
  const auto& all = lines(file);
  return uint32_t(std::upper_bound(all.begin(), all.end(), offset) - all.begin());
}

Position SourceMap::position(uint32_t file, uint32_t offset) const {
  uint32_t line = line_number(file, offset);
  std::string_view before = text(line_begin(file, line), offset);
  auto characters = std::count_if(before.begin(), before.end(), [](char c) { return (uint8_t(c) & 0xc0) != 0x80; });
  return {line, uint32_t(characters) + 1};
}

uint64_t SourceMap::original_offset(uint32_t file, uint32_t offset) const {
  const Changes& changes = changes_[file];
  auto returns = std::lower_bound(changes.returns.begin(), changes.returns.end(), offset) - changes.returns.begin();
  return uint64_t(offset - begins_[file]) + uint64_t(returns) + (changes.mark ? 3 : 0);
}

}  // namespace rustg::source
