#include "driver/check.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <mutex>
#include <numeric>
#include <thread>

#include "device/cpu/queue.h"
#include "device/cuda/queue.h"
#include "driver/checker.h"
#include "driver/find_sources.h"
#include "driver/report.h"
#include "driver/show.h"
#include "driver/terminal.h"

namespace rustg::driver {
namespace {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

// Files [begin, end).
struct Batch {
  size_t begin, end;
  uint64_t bytes;
};

// Runs of files that are about `first` bytes together, the others `most`; a larger file is a batch of its own.
std::vector<Batch> batches_of(const std::vector<source::SourceFile>& files, uint64_t first, uint64_t most) {
  std::vector<Batch> batches;
  uint64_t room = 0, limit = first;
  for (size_t i = 0; i < files.size(); ++i) {
    uint64_t needed = source::SourceMap::room(files[i].bytes);
    if (batches.empty() || room + needed > limit) {
      if (!batches.empty()) limit = most;
      batches.push_back({i, i, 0});
      room = 0;
    }
    room += needed;
    batches.back().end = i + 1;
    batches.back().bytes += files[i].bytes;
  }
  return batches;
}

// The largest file that the CPU's memory has room for with its tokens and tree, by what is available now.
uint64_t most_file_bytes() {
  constexpr uint64_t kBytesPerByte = 12;
  std::ifstream info("/proc/meminfo");
  uint64_t kib = 0;
  for (std::string line; std::getline(info, line);)
    if (line.starts_with("MemAvailable:")) kib = std::strtoull(line.c_str() + 13, nullptr, 10);
  uint64_t limit = source::SourceMap::kMostBytes - (1u << 20);
  return kib == 0 ? limit : std::min(limit, kib * 1024 / kBytesPerByte);
}

// The most memory that the process has had, in bytes.
uint64_t peak_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::strtoull(line.c_str() + 6, nullptr, 10) * 1024;
  return 0;
}

class Check {
 public:
  explicit Check(const CheckOptions& options)
      : options_(options),
        threads_(options.jobs != 0 ? int(options.jobs) : device::cpu::Queue().threads()),
        render_(render_options(options.format, options.color)),
        terminal_(options.format != source::ErrorFormat::json) {}

  int run() {
    if (options_.device.kind == PassDevice::Kind::cuda) start_cuda();
    find();
    device_ = fmt::format("cpu, {} thread{}", threads_, threads_ == 1 ? "" : "s");
    // The CPU would be done before a GPU's driver is up, except with this much.
    constexpr uint64_t kForGpu = 200'000'000;
    if (options_.device.kind == PassDevice::Kind::automatic && bytes_ > kForGpu * uint64_t(threads_)) start_cuda();
    auto found = Clock::now();
    if (!wait_for_cuda()) return kExitError;
    device_wait_ = seconds_since(found);
    if (queues_.empty())
      on_cpu();
    else
      on_cuda();
    if (!failure_.empty()) return report_error(failure_);
    terminal_.print(source::closing(render_, said_.errors, said_.warnings, said_.codes));
    if (options_.stats) print_stats();
    return said_.errors != 0 ? kExitError : 0;
  }

 private:
  void find() {
    FoundSources found = find_sources(options_.paths, options_.edition, threads_);
    for (const Trouble& trouble : found.troubles) say(trouble);
    if (found.left_out != 0)
      say({fmt::format("{} not checked, since the edition is not known; --edition gives one",
                       found.left_out == 1 ? "1 file was" : fmt::format("{} files were", found.left_out))});
    uint64_t most = options_.most_file_bytes != 0 ? options_.most_file_bytes : most_file_bytes();
    files_ = std::move(found.files);
    std::erase_if(files_, [&](const source::SourceFile& file) {
      if (file.bytes > most)
        say({fmt::format("couldn't read `{}`: it is too large: {} bytes, where at most {} can be checked", file.path, file.bytes, most)});
      else
        bytes_ += file.bytes;
      return file.bytes > most;
    });
    terminal_.expect(files_.size(), bytes_);
    find_seconds_ = seconds_since(begin_);
    trouble_map_.reset();
  }

  void say(const Trouble& trouble) {
    if (!trouble_map_) trouble_map_.emplace();
    BatchReport report;
    source::Diagnostic diagnostic = trouble.diagnostic(*trouble_map_);
    source::Reporter reporter(*trouble_map_, render_);
    report.add(reporter, diagnostic);
    publish(std::move(report));
  }
  void publish(BatchReport report) {
    terminal_.print(report.text);
    report.text.clear();
    said_.add(std::move(report));
  }

  // Batches end in any order; what they report is shown in theirs.
  void finished(size_t batch, BatchReport report) {
    std::lock_guard lock(mutex_);
    terminal_.advance(batches_[batch].end - batches_[batch].begin, batches_[batch].bytes);
    reports_[batch] = std::move(report);
    for (; next_report_ < reports_.size() && reports_[next_report_]; ++next_report_) {
      publish(std::move(*reports_[next_report_]));
      reports_[next_report_] = BatchReport();
    }
  }

  template <class Queue>
  void check_batch(Checker<Queue>& checker, size_t batch) {
    const Batch& b = batches_[batch];
    finished(batch, checker.check(std::span(files_).subspan(b.begin, b.end - b.begin)));
  }
  // Batch after batch, until there are none; with a queue and a checker of this thread's own.
  template <class Queue>
  void work(Queue& queue, Checker<Queue>& checker) {
    try {
      for (size_t next; failed_ == false && (next = next_batch_++) < batches_.size();)
        if (!reports_done(order_[next])) check_batch(checker, order_[next]);
    } catch (const device::Failure& failure) {
      std::lock_guard lock(mutex_);
      failed_ = true;
      failure_ = fmt::format("{}: {}", device_, failure.what());
    }
    std::lock_guard lock(mutex_);
    totals_.add(checker.totals());
    device_peak_ += queue.memory()->peak();
  }
  bool reports_done(size_t batch) {
    std::lock_guard lock(mutex_);
    return batch < next_report_ || reports_[batch].has_value();
  }

  void plan(uint64_t first, uint64_t most) {
    if (options_.batch_bytes != 0) first = most = options_.batch_bytes;
    batches_ = batches_of(files_, first, most);
    reports_.resize(batches_.size());
    order_.resize(batches_.size());
    std::iota(order_.begin(), order_.end(), size_t(0));
  }

  void on_cpu() {
    // A few for each thread, so that all end together; small ones stay in a core's cache from reading to parsing.
    constexpr uint64_t kLeast = 128 << 10, kMost = 1 << 20;
    const uint64_t share = std::clamp(bytes_ / uint64_t(threads_ * 8), kLeast, kMost);
    plan(share, share);
    // Large files first: one that came last would keep a thread busy when the others have done.
    std::stable_sort(order_.begin(), order_.end(), [&](size_t a, size_t b) {
      return std::max(batches_[a].bytes, share) > std::max(batches_[b].bytes, share);
    });
    // A file that is more than a thread's share would keep the others waiting: they work on it together.
    if (threads_ > 1) {
      std::vector<size_t> wide;
      for (size_t i = 0; i < batches_.size(); ++i)
        if (batches_[i].bytes > 2 * kLeast && batches_[i].bytes > bytes_ / uint64_t(threads_ * 2)) wide.push_back(i);
      if (!wide.empty()) {
        device::cpu::Queue queue(threads_);
        Checker<device::cpu::Queue> checker(queue, {render_, options_.stats, true});
        for (size_t batch : wide) check_batch(checker, batch);
        totals_.add(checker.totals());
        device_peak_ = queue.memory()->peak();
      }
    }
    size_t workers = std::min(size_t(threads_), batches_.size());
    auto body = [this] {
      device::cpu::Queue queue(1);
      Checker<device::cpu::Queue> checker(queue, {render_, options_.stats, false});
      work(queue, checker);
    };
    std::vector<std::thread> others;
    for (size_t i = 1; i < workers; ++i) others.emplace_back(body);
    body();
    for (std::thread& other : others) other.join();
  }

  // Opening a device, and loading what is to run there, takes longer than finding files: it is done beside that.
  void start_cuda() {
    opener_ = std::thread([this] {
      auto begin = Clock::now();
      for (int i = 0; i < kCudaWorkers; ++i) {
        auto queue = device::cuda::Queue::open(options_.device.ordinal);
        if (!queue) {
          no_cuda_ = queue.error().message;
          return queues_.clear();
        }
        queues_.push_back(std::move(*queue));
      }
#if defined(RUSTG_HAS_CUDA)
      try {
        for (auto& queue : queues_) {
          checkers_.push_back(std::make_unique<Checker<device::cuda::Queue>>(*queue, CheckerSettings{render_, options_.stats, true, &reading_}));
          checkers_.back()->warm_up();
        }
      } catch (const device::Failure& failure) {
        no_cuda_ = failure.what();
        checkers_.clear();
        queues_.clear();
      }
#endif
      device_start_ = seconds_since(begin);
    });
  }
  bool wait_for_cuda() {
    if (!opener_.joinable()) return true;
    opener_.join();
    if (queues_.empty() && options_.device.kind == PassDevice::Kind::cuda) {
      report_error("--device cuda: " + no_cuda_);
      return false;
    }
    return true;
  }

  // Two workers: while one reads and sends a batch the other one's is lexed and parsed.
  void on_cuda() {
#if defined(RUSTG_HAS_CUDA)
    device_ = fmt::format("cuda:{}, {}", options_.device.ordinal, queues_[0]->name());
    constexpr uint64_t kFirst = 32 << 20, kMost = 64 << 20;  // the device waits for the first one
    plan(kFirst, kMost);
    std::vector<std::thread> workers;
    for (int i = 0; i < kCudaWorkers; ++i) workers.emplace_back([this, i] { work(*queues_[i], *checkers_[i]); });
    for (std::thread& worker : workers) worker.join();
#endif
  }

  void print_stats() {
    double whole = seconds_since(begin_), megabytes = double(totals_.bytes) / 1e6;
    std::string text = fmt::format("stats: {} files, {} lines, {:.3f} MB, {} tokens, {} nodes; {}\n", totals_.files, totals_.lines,
                                   megabytes, totals_.tokens, totals_.nodes, device_);
    auto row = [&](const char* stage, double seconds) {
      text += fmt::format("  {:<15} {:9.4f} s {:10.1f} MB/s\n", stage, seconds, seconds > 0 ? megabytes / seconds : 0.0);
    };
    row("find files", find_seconds_);
    row("read", totals_.read);
    if (!queues_.empty()) row("copy to device", totals_.copy);
    row("lex", totals_.lex);
    row("parse", totals_.parse);
    row("report", totals_.report);
    row("all", whole - device_wait_);
    text += fmt::format("  Stages are sums over {} that work side by side; all is what passed on the clock: {:.2f} M lines/s.\n",
                        queues_.empty() ? fmt::format("{} threads", threads_) : fmt::format("{} batches", queues_.size()),
                        double(totals_.lines) / 1e6 / (whole - device_wait_));
    if (device_start_ > 0)
      text += fmt::format("  Start of the device: {:.3f} s, of which {:.3f} s were waited for; not in all.\n", device_start_, device_wait_);
    text += fmt::format("  Peak memory: {:.1f} MB of the process, {:.1f} MB for tokens and trees{}\n", double(peak_memory()) / 1e6,
                        double(device_peak_) / 1e6, queues_.empty() ? "" : " on the device");
    terminal_.print(text);
  }

  static constexpr int kCudaWorkers = 2;

  const CheckOptions& options_;
  Clock::time_point begin_ = Clock::now();
  int threads_;
  source::RenderOptions render_;
  Terminal terminal_;
  std::vector<source::SourceFile> files_;
  std::optional<source::SourceMap> trouble_map_;  // what troubles are shown with, if there are any: its first page is not for nothing
  uint64_t bytes_ = 0;
  std::string device_;

  std::thread opener_;
  std::vector<std::unique_ptr<device::cuda::Queue>> queues_;
#if defined(RUSTG_HAS_CUDA)
  std::vector<std::unique_ptr<Checker<device::cuda::Queue>>> checkers_;  // one for each queue
#endif
  std::mutex reading_;
  std::string no_cuda_;
  double find_seconds_ = 0, device_start_ = 0, device_wait_ = 0;

  std::vector<Batch> batches_;
  std::vector<size_t> order_;  // in which they are taken
  std::atomic<size_t> next_batch_{0};
  std::atomic<bool> failed_{false};
  std::mutex mutex_;  // guards what follows
  std::vector<std::optional<BatchReport>> reports_;
  size_t next_report_ = 0;
  BatchReport said_;
  CheckTotals totals_;
  size_t device_peak_ = 0;
  std::string failure_;
};

}  // namespace

int check(const CheckOptions& options) { return Check(options).run(); }

}  // namespace rustg::driver
