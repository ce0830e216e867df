#include "graph/impact.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "graph/assemble.h"
#include "graph/index_line.h"
#include "graph/index_text.h"
#include "graph/lookup.h"
#include "graph/merge.h"
#include "graph/newest.h"
#include "graph/resolve.h"

namespace rustg::graph {

namespace {

// kNone if the crate has no such version.
VersionId version_in(const Registry& r, CrateId crate, const Version& version) {
  const Rank rank = find_rank(r.strings, r.semver, version);
  if (rank != r.semver.count && version_of(r.strings, r.semver, rank) == version)
    for (VersionId v = r.crate_versions[crate]; v != r.crate_versions[crate + 1]; ++v)
      if (r.version_ranks[v] == rank) return v;
  return kNone;
}

// The version whose manifest a new one would have: the newest before it, one that is not yanked if there is one.
VersionId newest_before(const Registry& r, CrateId crate, const Version& version) {
  VersionId yanked = kNone;
  const Rank rank = find_rank(r.strings, r.semver, version);
  for (VersionId v = r.crate_versions[crate + 1]; v-- != r.crate_versions[crate];) {
    if (r.version_ranks[v] >= rank) continue;
    if (!(r.version_flags[v] & Registry::kYanked)) return v;
    if (yanked == kNone) yanked = v;
  }
  return yanked;
}

}  // namespace

Result<std::unique_ptr<ImpactTables>> ImpactTables::make(const Registry& registry, const ImpactQuestion& question) {
  const CrateId crate = find_crate(registry, question.crate);
  if (crate == kNone) return Error{fmt::format("there is no crate `{}` in the registry", question.crate)};
  RUSTG_LET(version, parse_version(question.version));
  std::unique_ptr<ImpactTables> out(new ImpactTables);
  out->yank_ = question.yank;
  out->with_ = registry;
  out->version_ = version_in(registry, crate, version);
  if (question.yank) {
    if (out->version_ == kNone)
      return Error{fmt::format("there is no version {} of `{}`", question.version, question.crate)};
    if (registry.version_flags[out->version_] & Registry::kYanked)
      return Error{fmt::format("{} v{} is yanked already", question.crate, question.version)};
  } else {
    if (out->version_ != kNone)
      return Error{fmt::format("{} v{} has been published already", question.crate, question.version)};
    RUSTG_TRY(out->publish(registry, crate, question));
    out->version_ = version_in(out->with_, crate, version);
    out->manifest_ = newest_before(out->with_, crate, version);
  }
  out->flags_.assign(out->with_.version_flags, out->with_.version_flags + out->with_.versions);
  out->flags_[out->version_] |= Registry::kYanked;
  out->without_ = out->with_;
  out->without_.version_flags = out->flags_.data();
  return out;
}

Status ImpactTables::publish(const Registry& r, CrateId crate, const ImpactQuestion& question) {
  RUSTG_LET(version, parse_version(question.version));
  const VersionId manifest = newest_before(r, crate, version);
  if (manifest == kNone)
    return Error{fmt::format("there is no version of `{}` before {} whose manifest it could have", question.crate,
                             question.version)};
  const uint32_t* list = r.dependency_lists + r.version_dependencies[manifest];
  for (const auto& [name, requirement] : question.requirements) {
    if (auto good = parse_requirement(requirement); !good)
      return Error{fmt::format("{}={}: {}", name, requirement, good.error().message)};
    if (std::none_of(r.dependency_ids + list[0], r.dependency_ids + list[1],
                     [&, of = &name](uint32_t d) { return is_named(r, r.dependencies[d], *of); }))
      return Error{fmt::format("{} v{} has no dependency `{}`", question.crate,
                               version_text(r, r.version_ranks[manifest]), name)};
  }
  std::vector<std::string> lines;
  for (VersionId v = r.crate_versions[crate]; v != r.crate_versions[crate + 1]; ++v) lines.push_back(index_line(r, v));
  const IndexEdit edit{question.version, question.requirements};
  lines.push_back(index_line(r, manifest, &edit));
  std::vector<Part> parts(1);
  LineReader reader(parts[0]);
  for (size_t i = 0; i != lines.size(); ++i) {
    const size_t size = lines[i].size();
    lines[i].resize(size + LineReader::kPadding);
    if (auto rejected = reader.read(std::string_view(lines[i]).substr(0, size), i)) return Error{rejected->message};
  }
  const Assembled changes = assemble(parts);
  merged_.emplace(merge(r, {crate}, changes.tables.registry()));
  with_ = merged_->registry();
  return ok();
}

std::vector<uint8_t> find_askers(device::cpu::Queue& queue, const Registry& r, const Prepared& prepared,
                                 VersionId version) {
  std::vector<uint8_t> dependencies(r.dependency_count), lists(r.dependency_list_count), versions(r.versions);
  std::vector<uint32_t> before(r.versions + 1);  // versions marked
  Universe universe;
  universe.registry = r;
  queue.for_each(r.dependency_count, [&](uint32_t d) {
    const PreparedDependency& p = prepared.dependencies[d];
    dependencies[d] = version >= p.first && version < p.last && universe.is_candidate(d, version) ? 1 : 0;
  });
  // Rounds: whose list has such a dependency, and which dependencies have such a version among their candidates.
  for (uint32_t marked = 0;;) {
    queue.for_each(
        r.dependency_list_count,
        [&](uint32_t l) {
          for (uint32_t i = prepared.lists[l]; lists[l] == 0 && i != prepared.lists[l + 1]; ++i)
            lists[l] = dependencies[prepared.entries[i].dependency];
        },
        1024);
    queue.exclusive_scan(
        r.versions,
        [&](uint32_t v) {
          versions[v] = lists[prepared.versions[v].list];
          return uint32_t(versions[v]);
        },
        [&](uint32_t v, uint32_t sum) { before[v] = sum; }, 0u, device::Sum{}, &before[r.versions]);
    if (before[r.versions] == marked) return versions;
    marked = before[r.versions];
    queue.for_each(r.dependency_count, [&](uint32_t d) {
      const PreparedDependency& p = prepared.dependencies[d];
      if (before[p.last] != before[p.first]) dependencies[d] = 1;
    });
  }
}

Impact find_impact(device::cpu::Queue& host, device::cuda::Queue* cuda, const ImpactTables& tables,
                   Progress* progress) {
  const Registry& r = tables.without();
  Impact out;
  std::vector<VersionId> newest(r.crates), roots;
  find_newest(host, r, newest.data());
  out.roots = r.crates;
  ManyResolved sides[2];
  {
    ManyRoots with(host, tables.with());
    const auto askers = find_askers(host, tables.with(), with.names().universe().prepared, tables.version());
    for (VersionId root : newest)
      if (askers[root] != 0 && root != tables.version()) roots.push_back(root);
    out.asked = uint32_t(roots.size());
    if (progress != nullptr) progress->all += roots.size();  // of the other side
    sides[0] = cuda != nullptr ? with.resolve(*cuda, roots, progress) : with.resolve(roots, progress);
  }
  if (progress != nullptr) progress->all -= roots.size();
  ManyRoots without(host, r);
  sides[1] = cuda != nullptr ? without.resolve(*cuda, roots, progress) : without.resolve(roots, progress);
  const bool yank = &tables.before() == &tables.with();
  const ManyResolved &before = sides[yank ? 0 : 1], &after = sides[yank ? 1 : 0];

  std::vector<uint32_t> offsets(r.crates + 1);
  newest_edges(host, r, newest.data(), {}, offsets.data(), nullptr);
  std::vector<uint32_t> targets(offsets.back()), dependents(r.crates), last(r.crates, kNone);
  newest_edges(host, r, newest.data(), {}, offsets.data(), targets.data());
  for (CrateId c = 0; c != r.crates; ++c)
    for (uint32_t e = offsets[c]; e != offsets[c + 1]; ++e)
      if (std::exchange(last[targets[e]], c) != c) ++dependents[targets[e]];

  const auto reason = [](const ManyResolved& side, uint32_t root) -> std::string {
    auto failure = std::lower_bound(side.failures.begin(), side.failures.end(), root,
                                    [](const auto& f, uint32_t i) { return f.first < i; });
    return failure != side.failures.end() && failure->first == root ? failure->second : "";
  };
  for (uint32_t i = 0; i != roots.size(); ++i) {
    const bool worked = before.results[i].outcome == Outcome::resolved,
               works = after.results[i].outcome == Outcome::resolved;
    if (worked == works && (!works || before.results[i].digest == after.results[i].digest)) continue;
    out.changes.push_back(
        {roots[i], worked, works, dependents[r.version_crates[roots[i]]], reason(worked ? after : before, i)});
  }
  std::stable_sort(out.changes.begin(), out.changes.end(),
                   [](const ImpactChange& a, const ImpactChange& b) { return a.dependents > b.dependents; });
  return out;
}

std::vector<ImpactMove> moves_of(const ImpactTables& tables, VersionId root, ResolverMemory& memory) {
  std::map<std::pair<CrateId, uint32_t>, ImpactMove> places;
  for (bool after : {false, true}) {
    Universe universe;
    universe.registry = after ? tables.after() : tables.before();
    universe.default_feature = find_string(universe.registry.strings, "default");
    auto resolution = resolve_version(Names(universe), root, memory);
    if (!resolution) return {};
    for (const auto& package : resolution->packages) {
      auto& move = places
                       .try_emplace({universe.crate_of(package.version), universe.compatible_of(package.version)},
                                    ImpactMove{kNone, kNone})
                       .first->second;
      (after ? move.to : move.from) = package.version;
    }
  }
  std::vector<ImpactMove> out;
  for (const auto& [place, move] : places)
    if (move.from != move.to) out.push_back(move);
  return out;
}

}  // namespace rustg::graph
