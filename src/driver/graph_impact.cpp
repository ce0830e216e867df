#include "driver/graph_impact.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "driver/graph_source.h"
#include "driver/json.h"
#include "driver/report.h"
#include "driver/terminal.h"
#include "graph/impact.h"

namespace rustg::driver {

using namespace rustg::graph;

namespace {

// Without --list.
constexpr size_t kShown = 20;

Result<ImpactQuestion> question_of(const GraphOptions& options) {
  const std::string& text = options.names[0];
  const size_t at = text.find('@');
  if (at == std::string::npos) return Error{fmt::format("`{}` names no version: NAME@VERSION", text)};
  ImpactQuestion question{text.substr(0, at), text.substr(at + 1), options.yank, {}};
  for (const std::string& edit : options.requirements) {
    const size_t is = edit.find('=');
    if (is == std::string::npos || is == 0)
      return Error{fmt::format("`{}` is no requirement of a dependency: DEP=REQ", edit)};
    question.requirements.emplace_back(edit.substr(0, is), edit.substr(is + 1));
  }
  return question;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

class Telling {
 public:
  Telling(const GraphOptions& options, const ImpactTables& tables, const Impact& impact)
      : options_(options), tables_(tables), impact_(impact), names_(before_) {
    before_.registry = tables.before();
    for (const ImpactChange& c : impact.changes) ++counts_[c.works ? (c.worked ? 0 : 2) : 1];
  }

  void text() {
    const size_t shown = options_.list ? impact_.changes.size() : std::min(kShown, impact_.changes.size());
    if (shown != 0) fmt::print("dependents  crate\n");
    for (size_t i = 0; i != shown; ++i) {
      const ImpactChange& c = impact_.changes[i];
      fmt::print("{:>10}  {}  {}\n", c.dependents, names_.package(c.root),
                 c.works && c.worked ? moves(c.root)
                 : c.works           ? "works; before: " + reason(c)
                                     : "fails: " + reason(c));
    }
    std::fflush(stdout);
    if (shown < impact_.changes.size()) fmt::print(stderr, "and {} more (--list)\n", impact_.changes.size() - shown);
    if (tables_.manifest() != kNone)
      fmt::print(stderr, "{} with the manifest of {}\n", names_.package(tables_.version()),
                 names_.version(tables_.manifest()));
    fmt::print(stderr,
               "{} of {} crates may ask for {}; if it were {}, {} would take other versions, {} would fail, {} that "
               "fail would work\n",
               impact_.asked, impact_.roots, names_.package(tables_.version()), options_.yank ? "yanked" : "published",
               counts_[0], counts_[1], counts_[2]);
  }

  void json() {
    const size_t shown = options_.list ? impact_.changes.size() : std::min(kShown, impact_.changes.size());
    std::string out;
    for (size_t i = 0; i != shown; ++i) {
      const ImpactChange& c = impact_.changes[i];
      out += fmt::format("{}{{\"package\":{},\"dependents\":{},\"worked\":{},\"works\":{}", i == 0 ? "" : ",",
                         json_quoted(names_.package(c.root)), c.dependents, c.worked, c.works);
      if (c.worked && c.works) {
        std::string list;
        for (const ImpactMove& m : moves_of(tables_, c.root, memory_))
          list += fmt::format("{}{{\"name\":{},\"from\":{},\"to\":{}}}", list.empty() ? "" : ",",
                              json_quoted(names_.name(m.from != kNone ? m.from : m.to)), version_or_null(m.from),
                              version_or_null(m.to));
        out += fmt::format(",\"moves\":[{}]}}", list);
      } else {
        out += fmt::format(",\"error\":{}}}", json_quoted(c.reason));
      }
    }
    fmt::print(
        "{{\"package\":{},\"action\":\"{}\",\"roots\":{},\"asked\":{},\"other_versions\":{},\"fail\":{},\"work\":{},"
        "\"changes\":[{}]}}\n",
        json_quoted(names_.package(tables_.version())), options_.yank ? "yank" : "publish", impact_.roots,
        impact_.asked, counts_[0], counts_[1], counts_[2], out);
  }

 private:
  std::string version_or_null(VersionId version) const {
    return version == kNone ? "null" : json_quoted(names_.version(version));
  }
  std::string reason(const ImpactChange& change) const {
    return options_.list ? change.reason : first_line(change.reason);
  }
  // serde 1.0.1 → 1.0.0, + syn 1.0.109, - syn 2.0.0
  std::string moves(VersionId root) {
    std::string out;
    for (const ImpactMove& m : moves_of(tables_, root, memory_)) {
      out += out.empty() ? "" : ", ";
      if (m.from == kNone)
        out += fmt::format("+ {} {}", names_.name(m.to), names_.version(m.to));
      else if (m.to == kNone)
        out += fmt::format("- {} {}", names_.name(m.from), names_.version(m.from));
      else
        out += fmt::format("{} {} → {}", names_.name(m.from), names_.version(m.from), names_.version(m.to));
    }
    return out;
  }

  const GraphOptions& options_;
  const ImpactTables& tables_;
  const Impact& impact_;
  Universe before_;
  Names names_;
  ResolverMemory memory_;
  uint64_t counts_[3] = {};  // other versions, fails, works
};

}  // namespace

int graph_impact(const GraphOptions& options) {
  auto question = question_of(options);
  if (!question) return report_error(question.error().message);
  auto opened = open_snapshot(options.registry);
  if (!opened) return report_error(opened.error().message);
  std::unique_ptr<device::cuda::Queue> cuda;
  if (options.cuda) {
    auto queue = device::cuda::Queue::open();
    if (!queue) return report_error(queue.error().message);
    cuda = std::move(*queue);
  }
  auto tables = ImpactTables::make(opened->registry(), *question);
  if (!tables) return report_error(tables.error().message);
  device::cpu::Queue cpu(int(options.jobs));
  Progress progress;
  Impact impact;
  {
    Terminal terminal(!options.json, [&] {
      return progress.all == 0 ? std::string("Looking for who may ask for it")
                               : fmt::format("Resolving {}/{}", progress.done.load(), progress.all.load());
    });
    impact = find_impact(cpu, cuda.get(), **tables, &progress);
  }
  Telling telling(options, **tables, impact);
  options.json ? telling.json() : telling.text();
  return 0;
}

}  // namespace rustg::driver
