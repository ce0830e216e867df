// Source files in host memory, as one batch: read, checked and normalised as rustc does it (no byte order mark, \n for \r\n), with names,
// lines and the way back to what the file on disk holds.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "device/algorithms.h"
#include "source/sources.h"

namespace rustg::source {

// Lines and columns from 1; columns in characters.
struct Position {
  uint32_t line, column;
};

// A file that could not be taken; it is in the map, but empty.
struct Problem {
  uint32_t file;
  std::string message;                  // as rustc says it
  std::optional<uint64_t> offset = {};  // of the first byte that is not UTF-8, in the file on disk
};

// A file to read, as it was when it was found.
struct SourceFile {
  std::string path;
  uint64_t bytes;
  uint8_t edition;
};

class SourceMap {
 public:
  // All bytes of a batch together; offsets are 32 bits.
  static constexpr uint64_t kMostBytes = 0xffff0000u;

  // `front`: what the user of the bytes wants to have before the first file.
  explicit SourceMap(std::string_view front = {});
  SourceMap(const SourceMap&) = delete;
  ~SourceMap();

  // Text from memory; fails if it is not UTF-8 or there is no room.
  Result<uint32_t> add(std::string name, std::string_view text, uint8_t edition);
  // Read files, in parallel, in the order given. edition: of all of them. progress (may be null): bytes read so far, for someone who looks at it
  // meanwhile. An error: they do not fit.
  Result<std::vector<Problem>> load(std::span<const std::string> paths, uint8_t edition,
                                    std::atomic<uint64_t>* progress = nullptr);
  // The same of files whose sizes are known. in_parallel: on all of oneTBB's threads.
  Result<std::vector<Problem>> load(std::span<const SourceFile> files, bool in_parallel,
                                    std::atomic<uint64_t>* progress = nullptr);
  // Forget all files, keep their memory.
  void clear();
  // What `bytes` of text take at most of kMostBytes, as a file.
  static uint64_t room(uint64_t bytes) { return bytes + 2 * Sources::kAlignment; }

  uint32_t files() const { return uint32_t(names_.size()); }
  const std::string& name(uint32_t file) const { return names_[file]; }
  std::string_view text(uint32_t file) const { return text(begins_[file], ends_[file]); }
  std::string_view text(uint32_t begin, uint32_t end) const {
    return {reinterpret_cast<const char*>(bytes_) + begin, end - begin};
  }
  uint32_t begin(uint32_t file) const { return begins_[file]; }
  uint32_t end(uint32_t file) const { return ends_[file]; }
  uint8_t edition(uint32_t file) const { return editions_[file]; }
  void set_edition(uint32_t file, uint8_t edition) { editions_[file] = edition; }
  // Bytes of all files, without what lies between them.
  uint64_t text_bytes() const;
  uint32_t file_at(uint32_t offset) const { return host().file_at(offset); }

  // Lines of a file are looked for when one is first asked for.
  uint32_t line_count(uint32_t file) const { return uint32_t(lines(file).size()); }
  // From 1; without its newline.
  std::string_view line(uint32_t file, uint32_t number) const;
  uint32_t line_begin(uint32_t file, uint32_t number) const { return lines(file)[number - 1]; }
  uint32_t line_number(uint32_t file, uint32_t offset) const;
  Position position(uint32_t file, uint32_t offset) const;
  // Where a byte of the batch is in the file on disk.
  uint64_t original_offset(uint32_t file, uint32_t offset) const;

  // For passes on the CPU; valid until files are added.
  Sources host() const;

 private:
  struct Cleaned;
  Cleaned clean(uint32_t begin, uint32_t size);
  const std::vector<uint32_t>& lines(uint32_t file) const;

  uint8_t* bytes_;
  uint64_t size_;   // in use, a multiple of kAlignment
  uint64_t front_;  // before the first file
  std::vector<std::string> names_;
  std::vector<uint32_t> begins_, ends_;
  std::vector<uint8_t> editions_;
  struct Changes {
    bool mark = false;              // a byte order mark was left out
    std::vector<uint32_t> returns;  // offsets, in the batch, of newlines that a CR stood before
  };
  std::vector<Changes> changes_;
  mutable std::vector<std::unique_ptr<std::vector<uint32_t>>> lines_;
  mutable std::mutex lines_mutex_;
};

// Copies on all of oneTBB's threads where that pays.
void copy_bytes(uint8_t* to, const uint8_t* from, size_t count);

// A batch's copy in a queue's memory.
template <class Queue>
class DeviceSources {
 public:
  DeviceSources(Queue& queue, const Sources& host)
      : bytes_(queue.template allocate<uint8_t>(host.size)),
        begins_(queue.upload(std::span(host.begins, host.files))),
        ends_(queue.upload(std::span(host.ends, host.files))),
        editions_(queue.upload(std::span(host.editions, host.files))),
        ref_{bytes_.data(), host.size, host.files, begins_.data(), ends_.data(), editions_.data()} {
    queue.upload_by(bytes_.data(), host.size, [&](uint8_t* into, size_t begin, size_t end) { copy_bytes(into, host.bytes + begin, end - begin); });
  }
  const Sources& ref() const { return ref_; }

 private:
  device::Buffer<uint8_t> bytes_;
  device::Buffer<uint32_t> begins_, ends_;
  device::Buffer<uint8_t> editions_;
  Sources ref_;
};

}  // namespace rustg::source
