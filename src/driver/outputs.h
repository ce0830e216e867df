// Where the output of many instances goes: whole lines to stdout and stderr, as they come or in instance order, or a file each.
// Output of a single instance does not come through here: it has rustg's own stdout and stderr.
#pragma once
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/result.h"

namespace rustg::driver {

enum class Stream : uint8_t { out, err };

class Outputs {
 public:
  struct Options {
    uint32_t instances = 1;
    bool ordered = false;
    std::string directory;  // empty: stdout and stderr
  };
  // Makes the directory. Starts a thread that, ten times a second, writes what has come and draws the progress bar.
  static Result<std::unique_ptr<Outputs>> create(const Options& options);
  ~Outputs();
  Outputs(const Outputs&) = delete;

  // Bytes that an instance wrote, in its order. From any thread, but from one at a time for one instance. False if they cannot
  // be kept: stdout is closed, or the disk is full.
  bool write(uint32_t instance, Stream stream, std::string_view bytes);
  // The instance has ended: its last line is complete even without a newline.
  void finish(uint32_t instance);

 private:
  struct Kept {
    std::string text[2];  // not yet written: an unfinished line, or all of it if its turn has not come
    bool finished = false, opened[2] = {false, false};
  };

  explicit Outputs(const Options& options);
  bool write_lines(uint32_t instance, Stream stream, std::string_view bytes);
  bool append_to_file(uint32_t instance, Stream stream);
  void release(uint32_t instance);  // its turn has come: what was kept goes out
  bool flush();                     // the shared buffers
  void draw_progress();
  void clear_progress();
  void tick(std::stop_token stop);

  const Options options_;
  std::mutex mutex_;
  std::vector<Kept> kept_;
  std::string pending_[2];  // whole lines on their way to stdout and stderr
  uint32_t finished_ = 0;
  uint32_t turn_ = 0;  // ordered: the first instance that has not finished
  bool failed_ = false, progress_drawn_ = false, shows_progress_ = false;
  uint64_t started_ns_ = 0;
  std::jthread ticker_;  // last: it ends before the rest goes
};

}  // namespace rustg::driver
