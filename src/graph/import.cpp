#include "graph/import.h"

#include <fmt/format.h>
#include <oneapi/tbb/concurrent_queue.h>
#include <oneapi/tbb/enumerable_thread_specific.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/parallel_pipeline.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>
#include <filesystem>

#include "base/clock.h"
#include "graph/assemble.h"
#include "graph/index_files.h"
#include "graph/merge.h"

namespace rustg::graph {
namespace {

constexpr uint32_t kFilesABlock = 64;

// Lines are ordered by block (or file) and their number in it.
uint64_t sequence_of(uint32_t block, uint64_t line) { return uint64_t(block) << 32 | uint32_t(line); }

struct Problem {
  uint64_t sequence;
  Rejected reason;
  std::string message;
};

// What one thread does.
struct Worker {
  Part part;
  LineReader reader{part};
  Block scratch;
  uint64_t rejected[kRejections] = {};
  uint64_t bytes = 0, lines = 0;
  std::vector<Problem> problems;                           // its first ones
  std::vector<std::pair<uint32_t, uint64_t>> line_counts;  // by block
  std::vector<CrateId> unchanged;

  void reject(uint64_t sequence, Rejected reason, std::string message) {
    ++rejected[uint32_t(reason)];
    // Blocks come to a worker in rising order, so the first of all are among the first of each.
    if (problems.size() < ImportReport::kProblems) problems.push_back({sequence, reason, std::move(message)});
  }
  void read(std::string_view line, uint64_t sequence) {
    if (auto rejection = reader.read(line, sequence))
      reject(sequence, rejection->reason, std::move(rejection->message));
  }
};

class Import {
 public:
  Import(const Registry* old, const ImportOptions& options)
      : old_(old),
        threads_(options.threads ? options.threads : uint32_t(tbb::info::default_concurrency())),
        arena_(int(threads_)) {}

  Status read(const std::string& path) {
    const double start = base::now();
    std::error_code error;
    const bool folder = std::filesystem::is_directory(path, error);
    RUSTG_TRY(folder ? read_folder(path) : read_one(path));
    gather();
    report_.read_seconds = base::now() - start;
    return ok();
  }

  Imported finish() {
    const double start = base::now();
    Imported out;
    arena_.execute([&] {
      Assembled assembled = assemble(parts_);
      for (uint64_t sequence : assembled.repeated) {
        ++report_.rejected[uint32_t(Rejected::repeated)];
        add_problem({sequence, Rejected::repeated, "this version of the crate was there before"});
      }
      parts_.clear();
      if (old_ == nullptr) {
        out.tables = std::move(assembled.tables);
        return;
      }
      const Registry changes = assembled.tables.registry();
      report_.changed_crates = changes.crates;
      std::vector<CrateId> removed;  // or changed
      for (CrateId c = 0; c != old_->crates; ++c)
        if (!unchanged_[c]) removed.push_back(c);
      for (CrateId c : removed)
        report_.removed_crates += find_crate(changes, old_->strings[old_->crate_names[c]]) == kNone;
      out.tables = merge(*old_, removed, changes);
    });
    resolve_problems();
    report_.tables_seconds = base::now() - start;
    out.report = std::move(report_);
    return out;
  }

 private:
  Status read_one(const std::string& path) {
    files_ = {path};
    report_.files = 1;
    FileBlocks blocks;
    RUSTG_TRY(blocks.open(path));
    blocks.set_whole_crates(old_ != nullptr);
    Status status = ok();
    tbb::concurrent_queue<Block> free;
    const auto source = [&](tbb::flow_control& control) -> Block* {
      auto block = std::make_unique<Block>();
      free.try_pop(*block);
      auto more = blocks.next(*block);
      if (!more) status = more.error();
      if (more && *more) return block.release();
      control.stop();
      return nullptr;
    };
    const auto work = [&](Block* raw) {
      std::unique_ptr<Block> block(raw);
      Worker& worker = workers_.local();
      uint64_t lines = 0;
      read_lines(worker, {block->bytes.get(), block->size}, block->number, lines);
      worker.line_counts.push_back({block->number, lines});
      free.push(std::move(*block));
    };
    arena_.execute([&] {
      tbb::parallel_pipeline(threads_ * 2 + 1,
                             tbb::make_filter<void, Block*>(tbb::filter_mode::serial_in_order, source) &
                                 tbb::make_filter<Block*, void>(tbb::filter_mode::parallel, work));
    });
    return status;
  }

  Status read_folder(const std::string& path) {
    auto files = find_index_files(path);
    if (!files) return files.error();
    files_ = std::move(*files);
    report_.files = files_.size();
    by_file_ = true;
    uint32_t next = 0;
    const auto source = [&](tbb::flow_control& control) -> uint32_t {
      const uint32_t first = next;
      if (first >= files_.size()) control.stop();
      next += kFilesABlock;
      return first;
    };
    const auto work = [&](uint32_t first) {
      Worker& worker = workers_.local();
      for (uint32_t f = first; f != std::min<size_t>(first + kFilesABlock, files_.size()); ++f) {
        if (auto status = read_file(files_[f], worker.scratch); !status) {
          worker.reject(sequence_of(f, 0), Rejected::json, status.error().message);
          continue;
        }
        uint64_t lines = 0;
        if (!read_lines(worker, {worker.scratch.bytes.get(), worker.scratch.size}, f, lines))
          worker.reject(sequence_of(f, 0), Rejected::json, "neither JSON lines nor a cache of cargo 1.58 or later");
      }
    };
    arena_.execute([&] {
      tbb::parallel_pipeline(threads_ * 2, tbb::make_filter<void, uint32_t>(tbb::filter_mode::serial_in_order, source) &
                                               tbb::make_filter<uint32_t, void>(tbb::filter_mode::parallel, work));
    });
    return ok();
  }

  bool read_lines(Worker& worker, std::string_view bytes, uint32_t number, uint64_t& lines) {
    bool good;
    if (old_ == nullptr) {
      good = for_each_line(bytes, [&](std::string_view line, uint64_t n) {
        lines = n;
        worker.bytes += line.size() + 1;
        worker.read(line, sequence_of(number, n));
      });
    } else {
      good = read_changed(worker, bytes, number, lines);
    }
    worker.lines += lines;
    return good;
  }

  // Lines of one crate that come one after another are only parsed if they are not the ones of old.
  bool read_changed(Worker& worker, std::string_view bytes, uint32_t number, uint64_t& lines) {
    std::vector<std::pair<std::string_view, uint64_t>> run;
    std::string crate;
    CrateHash hash{0, 0};
    const auto flush = [&] {
      const CrateId known = run.empty() ? kNone : find_crate(*old_, crate);
      if (known != kNone && old_->crate_hashes[known] == hash)
        worker.unchanged.push_back(known);
      else
        for (auto [line, n] : run) worker.read(line, sequence_of(number, n));
      run.clear();
      hash = {0, 0};
    };
    const bool good = for_each_line(bytes, [&](std::string_view line, uint64_t n) {
      lines = n;
      worker.bytes += line.size() + 1;
      const auto name = worker.reader.name(line);
      if (!name) return worker.read(line, sequence_of(number, n));
      if (run.empty() || *name != crate) {
        flush();
        crate = *name;
      }
      const CrateHash one = hash_of_line(line);
      hash.low += one.low;
      hash.high += one.high;
      run.push_back({line, n});
    });
    flush();
    return good;
  }

  void gather() {
    if (old_ != nullptr) unchanged_.assign(old_->crates, false);
    for (Worker& w : workers_) {
      report_.bytes += w.bytes;
      report_.lines += w.lines;
      for (uint32_t i = 0; i != kRejections; ++i) report_.rejected[i] += w.rejected[i];
      for (Problem& p : w.problems) add_problem(std::move(p));
      for (auto [block, lines] : w.line_counts) {
        if (line_counts_.size() <= block) line_counts_.resize(block + 1);
        line_counts_[block] = lines;
      }
      for (CrateId c : w.unchanged) unchanged_[c] = true;
      parts_.push_back(std::move(w.part));
    }
    if (parts_.empty()) parts_.emplace_back();
    workers_.clear();
  }

  void add_problem(Problem problem) { problems_.push_back(std::move(problem)); }

  // The first problems, with their places in files.
  void resolve_problems() {
    std::stable_sort(problems_.begin(), problems_.end(),
                     [](const Problem& a, const Problem& b) { return a.sequence < b.sequence; });
    if (problems_.size() > ImportReport::kProblems) problems_.resize(ImportReport::kProblems);
    std::vector<uint64_t> before(line_counts_.size() + 1, 0);  // lines before a block
    for (size_t i = 0; i != line_counts_.size(); ++i) before[i + 1] = before[i] + line_counts_[i];
    for (Problem& p : problems_) {
      const uint32_t block = uint32_t(p.sequence >> 32), line = uint32_t(p.sequence);
      report_.problems.push_back({by_file_ ? files_[block] : files_[0], by_file_ ? line : before[block] + line,
                                  p.reason, std::move(p.message)});
    }
  }

  const Registry* old_;
  const uint32_t threads_;
  tbb::global_control limit_{tbb::global_control::max_allowed_parallelism, threads_};
  tbb::task_arena arena_;
  std::vector<std::string> files_;
  bool by_file_ = false;
  tbb::enumerable_thread_specific<Worker> workers_;
  std::vector<Part> parts_;
  std::vector<bool> unchanged_;
  std::vector<Problem> problems_;
  std::vector<uint64_t> line_counts_;
  ImportReport report_;
};

Result<Imported> run(const Registry* old, const std::string& path, const ImportOptions& options) {
  Import import(old, options);
  RUSTG_TRY(import.read(path));
  return import.finish();
}

}  // namespace

Result<Imported> import_index(const std::string& path, const ImportOptions& options) {
  return run(nullptr, path, options);
}

Result<Imported> update_index(const Registry& old, const std::string& path, const ImportOptions& options) {
  return run(&old, path, options);
}

}  // namespace rustg::graph
