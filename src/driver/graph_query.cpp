#include "driver/graph_query.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "driver/graph_source.h"
#include "driver/json.h"
#include "driver/report.h"
#include "graph/lookup.h"
#include "graph/semver.h"

namespace rustg::driver {

using namespace rustg::graph;

namespace {

EdgeKinds kinds_of(const GraphOptions& options) {
  EdgeKinds kinds;
  kinds.dev = options.dev;
  kinds.optional = !options.no_optional;
  return kinds;
}

Result<Order> order_of(const GraphOptions& options, const PackageGraph& graph) {
  if (options.cuda) {
    auto queue = device::cuda::Queue::open();
    if (!queue) return queue.error();
#if defined(RUSTG_HAS_CUDA)
    return find_order(**queue, graph);
#endif
  }
  device::cpu::Queue queue(int(options.jobs));
  return find_order(queue, graph);
}

std::string json_labels(const GraphSource& source, const std::vector<uint32_t>& nodes) {
  std::string out;
  for (uint32_t v : nodes) out += (out.empty() ? "" : ",") + json_quoted(source.label(v));
  return "[" + out + "]";
}

// log v0.4.0 → cfg-if v1.0.0
std::string arrows(const GraphSource& source, const std::vector<uint32_t>& nodes) {
  std::string out;
  for (uint32_t v : nodes) out += (out.empty() ? "" : " → ") + source.label(v);
  return out;
}

constexpr const char* kKinds[] = {"", "build-dependency ", "dev-dependency "};

}  // namespace

int graph_order(const GraphOptions& options) {
  auto opened = GraphSource::open(options.source, options.registry, kinds_of(options));
  if (!opened) return report_error(opened.error().message);
  const GraphSource& source = **opened;
  auto order = order_of(options, source.graph());
  if (!order) return report_error(order.error().message);
  std::vector<uint32_t> nodes = build_order(*order), chain = longest_chain(source.graph(), *order);
  const uint32_t levels = nodes.empty() ? 0 : order->level[nodes.back()] + 1;
  std::vector<uint32_t> counts(levels);
  for (uint32_t l : order->level) ++counts[l];
  const bool list = options.list || !source.is_registry();
  if (options.json) {
    std::string out = "{\"levels\":[";
    size_t at = 0;
    for (uint32_t l = 0; l != levels; ++l) {
      std::vector<uint32_t> of(nodes.begin() + at, nodes.begin() + at + counts[l]);
      at += counts[l];
      out += fmt::format("{}{}", l == 0 ? "" : ",", list ? json_labels(source, of) : std::to_string(of.size()));
    }
    fmt::print("{}],\"longest_chain\":{}}}\n", out, json_labels(source, chain));
    return 0;
  }
  if (list)
    for (uint32_t v : nodes) fmt::print("{:>5}  {}\n", order->level[v], source.label(v));
  else
    for (uint32_t l = 0; l != levels; ++l) fmt::print("{:>5}  {:>8} crates\n", l, counts[l]);
  std::fflush(stdout);
  fmt::print(stderr, "{} packages in {} levels; what is in one level can be built at once\nlongest chain: {}\n",
             source.graph().nodes(), levels, arrows(source, chain));
  return 0;
}

int graph_cycles(const GraphOptions& options) {
  auto opened = GraphSource::open(options.source, options.registry, kinds_of(options));
  if (!opened) return report_error(opened.error().message);
  const GraphSource& source = **opened;
  auto order = order_of(options, source.graph());
  if (!order) return report_error(order.error().message);
  std::vector<Cycle> cycles = find_cycles(source.graph(), *order);
  std::stable_sort(cycles.begin(), cycles.end(),
                   [](const Cycle& a, const Cycle& b) { return a.members.size() > b.members.size(); });
  if (options.json) {
    std::string out;
    for (const Cycle& c : cycles)
      out += fmt::format("{}{{\"packages\":{},\"cycle\":{}}}", out.empty() ? "" : ",", json_labels(source, c.members),
                         json_labels(source, c.way));
    fmt::print("[{}]\n", out);
    return 0;
  }
  for (const Cycle& c : cycles) {
    const char* what = source.is_registry() ? "crates" : "packages";
    if (c.members.size() == 1)
      fmt::print("depends on itself: {}\n", arrows(source, c.way));
    else
      fmt::print("{} {} that need each other: {}\n", c.members.size(), what, arrows(source, c.way));
  }
  std::fflush(stdout);
  fmt::print(stderr, "{} {}\n", cycles.size(), cycles.size() == 1 ? "cycle" : "cycles");
  return 0;
}

int graph_path(const GraphOptions& options, bool why) {
  auto opened = GraphSource::open(options.source, options.registry, kinds_of(options));
  if (!opened) return report_error(opened.error().message);
  const GraphSource& source = **opened;
  auto from = source.find(options.names[0]);
  if (!from) return report_error(from.error().message);
  auto to = source.find(options.names[1]);
  if (!to) return report_error(to.error().message);
  std::vector<uint32_t> path = find_path(source.graph(), *from, *to);
  if (options.json) {
    fmt::print("{}\n", json_labels(source, path));
    return path.empty() ? kExitError : 0;
  }
  if (path.empty()) return report_error(fmt::format("{} does not depend on {}", options.names[0], options.names[1]));
  const PackageGraph& g = source.graph();
  for (size_t i = 0; i != path.size(); ++i) {
    if (i == 0) {
      fmt::print("{}\n", source.label(path[i]));
      continue;
    }
    fmt::print("{:{}}└── {}", "", 4 * (i - 1), source.label(path[i]));
    if (why)
      for (uint32_t e = g.offsets[path[i - 1]]; e != g.offsets[path[i - 1] + 1]; ++e)
        if (g.targets[e] == path[i]) {
          const Dependency& d = source.names().universe().dependency(g.dependencies[e]);
          fmt::print("  ({}{}{}{})", kKinds[int(d.kind())], d.optional() ? "optional " : "",
                     source.names().dependency(d),
                     d.platform == 0 ? "" : fmt::format(", on {}", source.names().string(d.platform)));
        }
    fmt::print("\n");
  }
  return 0;
}

int graph_dependents(const GraphOptions& options) {
  auto opened = GraphSource::open(options.source, options.registry, kinds_of(options));
  if (!opened) return report_error(opened.error().message);
  const GraphSource& source = **opened;
  const std::string& text = options.names[0];
  const size_t at = text.find('@');
  auto of = source.find(text.substr(0, at));
  if (!of) return report_error(of.error().message);
  Dependents dependents = find_dependents(source.graph(), *of);
  const Universe& u = source.names().universe();
  if (at != std::string::npos) {  // only who would take a version that the requirement names
    auto requirement = parse_requirement(text.substr(at + 1));
    if (!requirement) return report_error(requirement.error().message);
    std::vector<Rank> ranks;
    const Registry& r = u.registry;
    if (CrateId crate = find_crate(r, text.substr(0, at)); crate != kNone)
      for (VersionId v = r.crate_versions[crate]; v != r.crate_versions[crate + 1]; ++v)
        if (matches(*requirement, version_of(r.strings, r.semver, r.version_ranks[v])))
          ranks.push_back(r.version_ranks[v]);
    if (ranks.empty())
      return report_error(fmt::format("no version of `{}` matches `{}`", text.substr(0, at), text.substr(at + 1)));
    std::erase_if(dependents.direct, [&](const auto& d) {
      uint32_t needed = u.dependency(source.graph().dependencies[d.second]).requirement;
      return std::none_of(ranks.begin(), ranks.end(), [&](Rank rank) { return u.matches(needed, rank); });
    });
  }
  std::string json;
  uint32_t last = kNone, count = 0;
  for (auto [node, edge] : dependents.direct) {
    const Dependency& d = u.dependency(source.graph().dependencies[edge]);
    count += node != last ? 1 : 0;
    last = node;
    if (options.json)
      json += fmt::format("{}{{\"package\":{},\"requirement\":{}}}", json.empty() ? "" : ",",
                          json_quoted(source.label(node)),
                          json_quoted(source.names().string(u.requirement(d.requirement).text)));
    else
      fmt::print("{}  ({}{}{})\n", source.label(node), kKinds[int(d.kind())], d.optional() ? "optional " : "",
                 source.names().dependency(d));
  }
  if (options.json) {
    fmt::print("{{\"direct\":[{}],\"all\":{}}}\n", json, dependents.all);
    return 0;
  }
  std::fflush(stdout);
  fmt::print(stderr, "{} packages depend on {} directly, {} in all\n", count, text, dependents.all);
  return 0;
}

}  // namespace rustg::driver
