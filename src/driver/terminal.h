// stderr of a command that may take a while: what it has to say, in order, and on a terminal a line that tells how far it is.
#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace rustg::driver {

class Terminal {
 public:
  // progress: show it, if stderr is a terminal and the work takes longer than half a second.
  // text: what that line says; if there is none, of how many files and bytes `advance` has told.
  explicit Terminal(bool progress, std::function<std::string()> text = {});
  ~Terminal();
  Terminal(const Terminal&) = delete;

  void print(std::string_view text);
  void expect(uint64_t files, uint64_t bytes);
  void advance(uint64_t files, uint64_t bytes);

 private:
  void show_progress();

  std::mutex mutex_;
  bool shown_ = false, ended_ = false;
  std::condition_variable end_;
  std::atomic<uint64_t> files_{0}, bytes_{0}, all_files_{0}, all_bytes_{0};
  std::function<std::string()> text_;
  std::thread thread_;
};

}  // namespace rustg::driver
