#include "driver/checker.h"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <chrono>

#include "device/cpu/queue.h"
#include "driver/trouble.h"

namespace rustg::driver {
namespace {

class Watch {
 public:
  // Seconds since the last call.
  double lap() {
    auto now = std::chrono::steady_clock::now();
    double seconds = std::chrono::duration<double>(now - last_).count();
    last_ = now;
    return seconds;
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

uint64_t count_lines(const source::SourceMap& map, bool on_all_cores) {
  std::atomic<uint64_t> lines{0};
  auto count = [&](uint32_t file) {
    std::string_view text = map.text(file);
    auto n = std::count(text.begin(), text.end(), '\n');
    lines.fetch_add(uint64_t(n) + (text.empty() || text.back() == '\n' ? 0 : 1), std::memory_order_relaxed);
  };
  constexpr uint64_t kFew = 1 << 20;  // counted before another thread has woken
  if (on_all_cores && map.host().size > kFew)
    tbb::parallel_for(uint32_t(0), map.files(), count);
  else
    for (uint32_t f = 0; f < map.files(); ++f) count(f);
  return lines;
}

// A CPU's passes read the files where they are.
template <class Queue>
struct Placed {
  Placed(Queue& queue, const source::Sources& host) : copy(queue, host) {}
  const source::Sources& ref() const { return copy.ref(); }
  source::DeviceSources<Queue> copy;
};
template <>
struct Placed<device::cpu::Queue> {
  Placed(device::cpu::Queue&, const source::Sources& host) : host(host) {}
  const source::Sources& ref() const { return host; }
  source::Sources host;
};

}  // namespace

void CheckTotals::add(const CheckTotals& other) {
  files += other.files, bytes += other.bytes, lines += other.lines, tokens += other.tokens, nodes += other.nodes;
  read += other.read, copy += other.copy, lex += other.lex, parse += other.parse, report += other.report;
}

void BatchReport::add(BatchReport other) {
  text += other.text;
  errors += other.errors;
  warnings += other.warnings;
  codes.merge(other.codes);
}

void BatchReport::add(source::Reporter& reporter, const source::Diagnostic& diagnostic) {
  count(diagnostic, reporter.report(diagnostic));
}

void BatchReport::add(source::Reporter& reporter, const source::Diagnostic& diagnostic, std::string rendered) {
  count(diagnostic, reporter.report(diagnostic, std::move(rendered)));
}

void BatchReport::count(const source::Diagnostic& diagnostic, const std::string& shown) {
  if (shown.empty()) return;  // it was said before
  text += shown;
  if (diagnostic.level == source::Level::error) {
    ++errors;
    if (!diagnostic.code.empty()) codes.insert(diagnostic.code);
  } else if (diagnostic.level == source::Level::warning) {
    ++warnings;
  }
}

template <class Queue>
void Checker<Queue>::warm_up() {
  map_.clear();
  if (!map_.add("", "fn main() {}\n", 3)) return;
  Placed<Queue> sources(queue_, map_.host());
  lex::lex(queue_, sources.ref(), *tokens_);
  parse::parse(queue_, sources.ref(), *tokens_, *tree_);
  files_with_errors();
}

template <class Queue>
BatchReport Checker<Queue>::check(std::span<const source::SourceFile> files) {
  BatchReport report;
  if (check_at_once(files, report)) return report;
  report = check(files.first(files.size() / 2));
  report.add(check(files.subspan(files.size() / 2)));
  return report;
}

template <class Queue>
std::vector<uint32_t> Checker<Queue>::files_with_errors() {
  std::vector<uint32_t> marks = queue_.download(tokens_->ref().errors, map_.files());
  std::vector<parse::Error> errors = tree_->errors();
  if (!errors.empty()) {
    std::vector<uint32_t> firsts = queue_.download(tokens_->ref().files, map_.files());
    for (const parse::Error& error : errors)
      marks[size_t(std::upper_bound(firsts.begin(), firsts.end(), error.token) - firsts.begin()) - 1] = 1;
  }
  std::vector<uint32_t> files;
  for (uint32_t f = 0; f < marks.size(); ++f)
    if (marks[f] != 0) files.push_back(f);
  return files;
}

template <class Queue>
auto Checker<Queue>::diagnose(std::span<const uint32_t> files) -> std::vector<std::vector<Rendered>> {
  std::vector<std::vector<Rendered>> said(files.size());
  auto one = [&](size_t i) {
    source::Renderer renderer(map_, settings_.render);
    for (source::Diagnostic& diagnostic : diagnosers_.local().diagnose(map_, files[i])) {
      std::string text = renderer.render(diagnostic);
      said[i].push_back({std::move(diagnostic), std::move(text)});
    }
  };
  if (settings_.on_all_cores && files.size() > 1)
    tbb::parallel_for(size_t(0), files.size(), one);
  else
    for (size_t i = 0; i < files.size(); ++i) one(i);
  return said;
}

template <class Queue>
bool Checker<Queue>::check_at_once(std::span<const source::SourceFile> files, BatchReport& report) {
  CheckTotals totals;
  Watch watch;
  map_.clear();
  source::Reporter reporter(map_, settings_.render);
  auto refuse = [&](const std::string& why) {
    if (files.size() > 1) return false;
    report.add(reporter, Trouble{fmt::format("couldn't check `{}`: {}", files[0].path, why)}.diagnostic(map_));
    return true;
  };
  std::unique_lock<std::mutex> reading;
  if (settings_.reading != nullptr) reading = std::unique_lock(*settings_.reading);
  auto problems = map_.load(files, settings_.on_all_cores);
  if (reading.owns_lock()) reading.unlock();
  if (!problems) return refuse(problems.error().message);
  totals.read = watch.lap();
  std::vector<uint32_t> wrong;
  try {
    Placed<Queue> sources(queue_, map_.host());
    auto lap = [&](double& seconds) {
      if (!settings_.measure) return;
      queue_.synchronize();
      seconds = watch.lap();
    };
    lap(totals.copy);
    lex::lex(queue_, sources.ref(), *tokens_);
    lap(totals.lex);
    parse::parse(queue_, sources.ref(), *tokens_, *tree_);
    lap(totals.parse);
    wrong = files_with_errors();
    if (settings_.measure) {
      totals.tokens = queue_.read(tokens_->ref().count);
      totals.nodes = queue_.read(tree_->ref().count);
    }
  } catch (const device::Failure& failure) {
    // Arrays that have grown for this batch are not needed for its halves.
    start_over();
    if (!std::string_view(failure.what()).starts_with("out of memory")) throw;
    return refuse(failure.what());
  }
  totals.files = files.size();
  totals.bytes = map_.text_bytes();
  if (settings_.measure) totals.lines = count_lines(map_, settings_.on_all_cores);
  // Problems and errors are each in the order of the files, and no file has both: a file with a problem is empty.
  auto problem = problems->begin();
  auto say_problems = [&](uint32_t before) {
    for (; problem != problems->end() && problem->file < before; ++problem) {
      const std::string& path = files[problem->file].path;
      std::string bytes;
      if (problem->offset) read_whole(path, bytes);  // again, to show the place
      report.add(reporter, unreadable(path, *problem, bytes).diagnostic(map_));
    }
  };
  // So many at a time that what they say does not fill the memory.
  constexpr size_t kAtOnce = 256;
  for (size_t begin = 0; begin < wrong.size(); begin += kAtOnce) {
    const auto some = std::span(wrong).subspan(begin, std::min(kAtOnce, wrong.size() - begin));
    auto said = diagnose(some);
    for (size_t i = 0; i < some.size(); ++i) {
      say_problems(some[i]);
      for (Rendered& r : said[i]) report.add(reporter, r.diagnostic, std::move(r.text));
    }
  }
  say_problems(uint32_t(files.size()));
  totals.report = watch.lap();
  totals_.add(totals);
  return true;
}

template class Checker<device::cpu::Queue>;
#if defined(RUSTG_HAS_CUDA)
template class Checker<device::cuda::Queue>;
#endif

}  // namespace rustg::driver
