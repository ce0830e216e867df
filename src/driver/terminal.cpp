#include "driver/terminal.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>

namespace rustg::driver {

Terminal::Terminal(bool progress, std::function<std::string()> text) : text_(std::move(text)) {
  if (!progress || isatty(2) == 0) return;
  thread_ = std::thread([this] {
    std::unique_lock lock(mutex_);
    for (auto wait = std::chrono::milliseconds(500); !end_.wait_for(lock, wait, [this] { return ended_; });
         wait = std::chrono::milliseconds(100))
      show_progress();
  });
}

Terminal::~Terminal() {
  if (!thread_.joinable()) return;
  {
    std::lock_guard lock(mutex_);
    ended_ = true;
  }
  end_.notify_one();
  thread_.join();
  print("");
}

void Terminal::print(std::string_view text) {
  std::lock_guard lock(mutex_);
  if (shown_) std::fputs("\r\x1b[K", stderr);
  shown_ = false;
  std::fwrite(text.data(), 1, text.size(), stderr);
}

void Terminal::expect(uint64_t files, uint64_t bytes) {
  all_files_ = files;
  all_bytes_ = bytes;
}

void Terminal::advance(uint64_t files, uint64_t bytes) {
  files_ += files;
  bytes_ += bytes;
}

// The mutex is held.
void Terminal::show_progress() {
  constexpr uint64_t kWidth = 25;
  uint64_t all = all_bytes_;
  std::string line = text_ ? "\r\x1b[K    " + text_() : "\r\x1b[K    Checking ";
  if (text_) {
  } else if (all == 0) {
    line += "… finding files";
  } else {
    uint64_t done = std::min(kWidth, kWidth * bytes_ / all);
    line += fmt::format("[{:=>{}}{:<{}}] {}/{} files, {:.0f}/{:.0f} MB", "", done, done < kWidth ? ">" : "",
                        kWidth - done, files_.load(), all_files_.load(), double(bytes_) / 1e6, double(all) / 1e6);
  }
  std::fwrite(line.data(), 1, line.size(), stderr);
  shown_ = true;
}

}  // namespace rustg::driver
