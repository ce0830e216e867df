#include "graph/lookup.h"

#include <algorithm>

#include "graph/parallel.h"

namespace rustg::graph {
namespace {

bool is_before(const Strings& strings, const SemverTable& t, Rank rank, const Version& v) {
  if (t.majors[rank] != v.major) return t.majors[rank] < v.major;
  if (t.minors[rank] != v.minor) return t.minors[rank] < v.minor;
  if (t.patches[rank] != v.patch) return t.patches[rank] < v.patch;
  if (auto order = compare_identifiers(strings[t.pre[rank]], v.pre); order != 0) return order < 0;
  return compare_identifiers(strings[t.build[rank]], v.build, true) < 0;
}

}  // namespace

StringId find_string(const Strings& strings, std::string_view text) {
  const uint32_t at = partition_point(strings.count, [&](uint32_t i) { return strings[i] < text; });
  return at != strings.count && strings[at] == text ? at : kNone;
}

CrateId find_crate(const Registry& registry, std::string_view name) {
  const uint32_t at =
      partition_point(registry.crates, [&](uint32_t i) { return registry.strings[registry.crate_names[i]] < name; });
  return at != registry.crates && registry.strings[registry.crate_names[at]] == name ? at : kNone;
}

Rank find_rank(const Strings& strings, const SemverTable& semver, const Version& version) {
  return partition_point(semver.count, [&](uint32_t i) { return is_before(strings, semver, i, version); });
}

Version version_of(const Strings& strings, const SemverTable& semver, Rank rank) {
  return {semver.majors[rank], semver.minors[rank], semver.patches[rank], std::string(strings[semver.pre[rank]]),
          std::string(strings[semver.build[rank]])};
}

Requirement compile(const Strings& strings, const SemverTable& semver, const VersionReq& requirement,
                    std::vector<Window>& windows) {
  const Bounds b = bounds(requirement);
  Requirement out{};
  out.low = find_rank(strings, semver, b.low);
  out.high = b.high ? find_rank(strings, semver, *b.high) : semver.count;
  out.first_window = uint32_t(windows.size());
  for (Version triple : b.triples) {
    const Rank release = find_rank(strings, semver, triple);
    triple.pre = std::string("0");  // the first pre-release that there can be
    windows.push_back({find_rank(strings, semver, triple), release});
  }
  out.windows = uint32_t(windows.size()) - out.first_window;
  return out;
}

}  // namespace rustg::graph
