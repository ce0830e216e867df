#include "graph/names.h"

#include <fmt/format.h>

#include <algorithm>

#include "graph/lookup.h"

namespace rustg::graph {

std::string version_text(const Registry& registry, Rank rank) {
  const SemverTable& s = registry.semver;
  std::string text = fmt::format("{}.{}.{}", s.majors[rank], s.minors[rank], s.patches[rank]);
  if (s.pre[rank] != 0) text += fmt::format("-{}", registry.strings[s.pre[rank]]);
  if (s.build[rank] != 0) text += fmt::format("+{}", registry.strings[s.build[rank]]);
  return text;
}

StringId Names::find(std::string_view text) const {
  if (StringId id = find_string(u_.registry.strings, text); id != kNone || local_ == nullptr) return id;
  auto found = std::find(local_->strings.begin(), local_->strings.end(), text);
  return found == local_->strings.end() ? kNone
                                        : u_.registry.strings.count + StringId(found - local_->strings.begin());
}

std::string Names::version(VersionId version) const {
  return u_.is_local(version) ? local_->versions[version - u_.registry.versions]
                              : version_text(u_.registry, u_.registry.version_ranks[version]);
}

std::string Names::package(VersionId id) const {
  std::string text = fmt::format("{} v{}", name(id), version(id));
  if (u_.is_local(id) && !local_->places[id - u_.registry.versions].empty())
    text += fmt::format(" ({})", local_->places[id - u_.registry.versions]);
  return text;
}

std::string Names::dependency(const Dependency& dependency) const {
  return fmt::format("{} = \"{}\"", string(dependency.crate), string(u_.requirement(dependency.requirement).text));
}

}  // namespace rustg::graph
