#include "driver/outputs.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace rustg::driver {
namespace {

constexpr size_t kFlushBytes = 64 << 10;
constexpr auto kTick = std::chrono::milliseconds(100);
constexpr uint64_t kProgressAfterNs = 1'000'000'000;

uint64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(n);
  }
  return true;
}

}  // namespace

Result<std::unique_ptr<Outputs>> Outputs::create(const Options& options) {
  if (!options.directory.empty()) {
    std::error_code error;
    std::filesystem::create_directories(options.directory, error);
    if (error) return Error{"cannot make the folder " + options.directory + ": " + error.message()};
    if (access(options.directory.c_str(), W_OK | X_OK) != 0)
      return Error{"cannot write to " + options.directory + ": " + std::strerror(errno)};
  }
  return std::unique_ptr<Outputs>(new Outputs(options));
}

Outputs::Outputs(const Options& options)
    : options_(options), kept_(options.instances), shows_progress_(isatty(2) != 0), started_ns_(now_ns()) {
  ticker_ = std::jthread([this](std::stop_token stop) { tick(stop); });
}

Outputs::~Outputs() {
  ticker_.request_stop();
  ticker_.join();
  std::lock_guard lock(mutex_);
  flush();
}

bool Outputs::write(uint32_t instance, Stream stream, std::string_view bytes) {
  std::string& text = kept_[instance].text[static_cast<int>(stream)];
  if (!options_.directory.empty()) {
    text += bytes;
    return text.size() < kFlushBytes || append_to_file(instance, stream);
  }
  std::lock_guard lock(mutex_);
  if (options_.ordered && instance != turn_) {
    text += bytes;
    return !failed_;
  }
  return write_lines(instance, stream, bytes);
}

bool Outputs::write_lines(uint32_t instance, Stream stream, std::string_view bytes) {
  std::string& text = kept_[instance].text[static_cast<int>(stream)];
  std::string& pending = pending_[static_cast<int>(stream)];
  size_t newline = bytes.rfind('\n');
  if (newline == std::string_view::npos) {
    text += bytes;
  } else {
    pending += text;
    pending += bytes.substr(0, newline + 1);
    text = bytes.substr(newline + 1);
  }
  return pending.size() < kFlushBytes ? !failed_ : flush();
}

void Outputs::finish(uint32_t instance) {
  Kept& kept = kept_[instance];
  if (!options_.directory.empty()) {
    append_to_file(instance, Stream::out);
    if (!kept.text[1].empty()) append_to_file(instance, Stream::err);
  }
  std::lock_guard lock(mutex_);
  finished_++;
  kept.finished = true;
  if (!options_.directory.empty()) return;
  if (!options_.ordered) return release(instance);
  while (turn_ < kept_.size() && kept_[turn_].finished) release(turn_++);
  if (turn_ < kept_.size()) {
    // The one whose turn it is now goes on as it writes; what it has said so far goes out.
    for (Stream stream : {Stream::out, Stream::err}) {
      std::string text = std::exchange(kept_[turn_].text[static_cast<int>(stream)], {});
      write_lines(turn_, stream, text);
    }
  }
}

void Outputs::release(uint32_t instance) {
  for (int stream = 0; stream < 2; stream++) {
    std::string text = std::exchange(kept_[instance].text[stream], {});
    if (text.empty()) continue;
    if (text.back() != '\n') text += '\n';
    pending_[stream] += text;
    if (pending_[stream].size() >= kFlushBytes) flush();
  }
}

bool Outputs::append_to_file(uint32_t instance, Stream stream) {
  Kept& kept = kept_[instance];
  int index = static_cast<int>(stream);
  std::string path = fmt::format("{}/{}.{}", options_.directory, instance, stream == Stream::out ? "stdout" : "stderr");
  // Opened anew each time: there can be more instances than a process may have files open.
  int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | (kept.opened[index] ? O_APPEND : O_TRUNC), 0666);
  kept.opened[index] = true;
  bool written = fd >= 0 && write_all(fd, kept.text[index]);
  if (fd >= 0) close(fd);
  kept.text[index].clear();
  return written;
}

bool Outputs::flush() {
  if (pending_[0].empty() && pending_[1].empty()) return !failed_;
  clear_progress();
  // A closed stderr is no reason to stop; a closed stdout is.
  if (!write_all(1, pending_[0])) failed_ = true;
  write_all(2, pending_[1]);
  pending_[0].clear();
  pending_[1].clear();
  return !failed_;
}

void Outputs::tick(std::stop_token stop) {
  std::condition_variable_any wake;
  std::mutex sleeping;
  std::unique_lock sleep(sleeping);
  while (!wake.wait_for(sleep, stop, kTick, [&] { return stop.stop_requested(); })) {
    std::lock_guard lock(mutex_);
    flush();
    draw_progress();
  }
  std::lock_guard lock(mutex_);
  clear_progress();
}

void Outputs::draw_progress() {
  uint64_t elapsed = now_ns() - started_ns_;
  if (!shows_progress_ || elapsed < kProgressAfterNs) return;
  constexpr uint32_t width = 30;
  uint64_t filled = uint64_t(width) * finished_ / options_.instances;
  std::string bar = std::string(filled, '#') + std::string(width - filled, '.');
  write_all(2, fmt::format("\r\x1b[K[{}] {} of {} instances, {:.0f}/s", bar, finished_, options_.instances,
                           finished_ * 1e9 / elapsed));
  progress_drawn_ = true;
}

void Outputs::clear_progress() {
  if (!progress_drawn_) return;
  write_all(2, "\r\x1b[K");
  progress_drawn_ = false;
}

}  // namespace rustg::driver
