// The text of what a resolution is about: packages and dependencies of a universe, local ones included, as cargo prints them.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "graph/universe.h"

namespace rustg::graph {

// Text that only local packages have.
struct LocalNames {
  std::vector<std::string> strings;   // by id, from registry.strings.count on
  std::vector<std::string> versions;  // of each local package: 0.1.0
  std::vector<std::string> places;    //   the folder it is in, or its source
};

class Names {
 public:
  explicit Names(const Universe& universe, const LocalNames* local = nullptr) : u_(universe), local_(local) {}
  const Universe& universe() const { return u_; }

  std::string_view string(StringId id) const {
    return id < u_.registry.strings.count ? u_.registry.strings[id]
                                          : std::string_view(local_->strings[id - u_.registry.strings.count]);
  }
  // kNone: nothing here has such a text.
  StringId find(std::string_view text) const;
  std::string_view name(VersionId version) const {
    return u_.is_local(version) ? string(u_.local(version).name)
                                : string(u_.registry.crate_names[u_.registry.version_crates[version]]);
  }
  std::string version(VersionId version) const;
  // serde v1.0.0; app v0.1.0 (/home/me/app)
  std::string package(VersionId version) const;
  // serde = "^1.0"
  std::string dependency(const Dependency& dependency) const;

 private:
  const Universe& u_;
  const LocalNames* local_;
};

// 1.2.3-pre+build
std::string version_text(const Registry& registry, Rank rank);

}  // namespace rustg::graph
