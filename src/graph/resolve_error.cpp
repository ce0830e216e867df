#include "graph/resolve_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace rustg::graph {

namespace {

enum class Reason : uint8_t { semver, links, missing_feature };  // in cargo's order
struct Conflict {
  uint32_t activation;
  Reason reason;
  StringId text;  // of links and missing_feature
};

class Describer {
 public:
  Describer(const Names& names, const Workspace& workspace, const Resolver& resolver)
      : names_(names), u_(names.universe()), w_(workspace), resolver_(resolver) {}

  std::string conflict(const Failure& failure) const {
    const Dependency& dependency = u_.dependency(failure.dependency);
    std::vector<VersionId> candidates;
    for (Candidates all(u_, dependency);;) {
      VersionId version = all.take();
      if (version == kNone) break;
      candidates.push_back(version);
    }
    return candidates.empty() ? no_candidate(failure, dependency) : no_choice(failure, dependency, candidates);
  }

 private:
  bool less(uint32_t a, uint32_t b) const {
    VersionId x = w_.activations[a].version, y = w_.activations[b].version;
    if (auto order = names_.name(x).compare(names_.name(y)); order != 0) return order < 0;
    return x < y;
  }

  // package `a v1`
  //     ... which satisfies dependency `a = "^1"` of package `b v2`
  // along a shortest way to a root; of equally short ones the first by the packages on it.
  std::string path(uint32_t activation) const {
    struct Step {
      uint32_t activation;
      size_t below;  // step
      Edge edge;     // to the activation below
    };
    std::vector<Step> steps = {{activation, 0, {}}};
    std::vector<bool> seen(resolver_.activations());
    seen[activation] = true;
    size_t at = 0;
    for (;; ++at) {
      std::vector<Edge> up;
      for (uint32_t i = 0; i != resolver_.edges(); ++i)
        if (const Edge e = resolver_.edge(i); e.child == steps[at].activation) up.push_back(e);
      if (up.empty() || at + 1 == resolver_.activations()) break;
      std::stable_sort(up.begin(), up.end(), [&](const Edge& x, const Edge& y) { return less(x.parent, y.parent); });
      for (const Edge& e : up) {
        if (seen[e.parent]) continue;
        seen[e.parent] = true;
        steps.push_back({e.parent, at, e});
      }
      if (at + 1 == steps.size()) break;
    }
    std::string text;
    for (; at != 0; at = steps[at].below) {
      const Dependency& dependency = u_.dependency(steps[at].edge.dependency);
      const bool local = u_.is_local_crate(dependency.target_crate);
      text = fmt::format("\n    ... which satisfies {} `{}` of package `{}`", local ? "path dependency" : "dependency",
                         local ? std::string(names_.string(dependency.name)) : names_.dependency(dependency),
                         names_.package(w_.activations[steps[at].activation].version)) +
             text;
    }
    return fmt::format("package `{}`", names_.package(w_.activations[activation].version)) + text;
  }

  std::string no_choice(const Failure& failure, const Dependency& dependency,
                        const std::vector<VersionId>& candidates) const {
    std::string_view name = names_.string(dependency.crate);
    std::string text =
        fmt::format("failed to select a version for `{}`.\n    ... required by {}", name, path(failure.parent));
    text += fmt::format("\nversions that meet the requirements `{}` are: ",
                        names_.string(u_.requirement(dependency.requirement).text));
    for (size_t i = 0; i != candidates.size(); ++i) text += (i == 0 ? "" : ", ") + names_.version(candidates[i]);

    std::vector<Conflict> conflicts;
    auto add = [&](Conflict conflict) {
      for (const Conflict& c : conflicts)
        if (c.activation == conflict.activation) return;  // the first reason stands
      conflicts.push_back(conflict);
    };
    for (VersionId version : candidates) {
      uint32_t there = resolver_.occupant(version);
      if (there != kNone && w_.activations[there].version != version) {
        add({there, Reason::semver, kNone});
        continue;
      }
      StringId links = u_.links_of(version);
      uint32_t holder = links == 0 ? kNone : resolver_.holder_of(links);
      if (holder != kNone && w_.activations[holder].version != version)
        add({holder, Reason::links, links});
      else if (failure.feature != kNone)
        add({failure.parent, Reason::missing_feature, failure.feature});
    }
    std::sort(conflicts.begin(), conflicts.end(),
              [&](const Conflict& a, const Conflict& b) { return less(b.activation, a.activation); });
    bool semver = false;
    for (const Conflict& c : conflicts) {
      switch (c.reason) {
        case Reason::semver: semver = true; break;
        case Reason::links: {
          std::string_view links = names_.string(c.text);
          text += fmt::format(
              "\n\npackage `{}` links to the native library `{}`, but it conflicts with a previous package which links "
              "to `{}` as well:\n{}"
              "\nnote: only one package in the dependency graph may specify the same links value to ensure that only "
              "one copy of a native library is linked in the final binary"
              "\nfor more information, see https://doc.rust-lang.org/cargo/reference/resolver.html#links"
              "\nhelp: try to adjust your dependencies so that only one package uses the `links = \"{}\"` value",
              name, links, links, path(c.activation), links);
          break;
        }
        case Reason::missing_feature: text += missing_feature(c, name, candidates.back()); break;
      }
    }
    if (semver) {
      text += "\n\nall possible versions conflict with previously selected packages";
      for (const Conflict& c : conflicts)
        if (c.reason == Reason::semver) text += "\n\n  previously selected " + path(c.activation);
    }
    return text + fmt::format("\n\nfailed to select a version for `{}` which could resolve this conflict", name);
  }

  std::string missing_feature(const Conflict& c, std::string_view name, VersionId candidate) const {
    std::string text =
        fmt::format("\n\npackage `{}` depends on `{}` with feature `{}` but `{}` does not have that feature.\n",
                    names_.name(w_.activations[c.activation].version), name, names_.string(c.text), name);
    bool optional = false, required = false;
    Slice list = u_.dependencies_of(candidate);
    for (uint32_t i = 0; i != list.size; ++i) {
      const Dependency& d = u_.dependency(list.data[i]);
      if (d.name == c.text) (d.optional() ? optional : required) = true;
    }
    if (optional)
      return text +
             "note: an optional dependency with that name exists, but that dependency uses the \"dep:\" syntax in the "
             "features table, so it does not have an implicit feature with that name.\n";
    if (required)
      return text +
             "note: a required dependency with that name exists, but only optional dependencies can be used as "
             "features.\n";
    uint32_t count;
    const Feature* features = u_.features_of(candidate, count);
    if (count == 0) return text;
    text += "help: available features: ";
    for (uint32_t f = 0; f != count; ++f) text += (f == 0 ? "" : ", ") + std::string(names_.string(features[f].name));
    return text + "\n";
  }

  std::string no_candidate(const Failure& failure, const Dependency& dependency) const {
    std::string text, hint;
    const Registry& r = u_.registry;
    std::vector<VersionId> yanked, others;
    if (dependency.target_crate != kNone && !u_.is_local_crate(dependency.target_crate))
      for (VersionId v = r.crate_versions[dependency.target_crate]; v != r.crate_versions[dependency.target_crate + 1];
           ++v) {
        if (!(r.version_flags[v] & Registry::kYanked))
          others.push_back(v);
        else if (u_.matches(dependency.requirement, r.version_ranks[v]))
          yanked.push_back(v);
      }
    if (!yanked.empty()) {
      text = fmt::format("failed to select a version for the requirement `{}`\n", names_.dependency(dependency));
      for (VersionId v : yanked) text += fmt::format("  version {} is yanked\n", names_.version(v));
    } else if (!others.empty()) {
      text = fmt::format(
          "failed to select a version for the requirement `{}`\ncandidate versions found which didn't match: ",
          names_.dependency(dependency));
      std::reverse(others.begin(), others.end());
      for (size_t i = 0; i != std::min<size_t>(3, others.size()); ++i)
        text += (i == 0 ? "" : ", ") + names_.version(others[i]);
      text += others.size() > 3 ? ", ...\n" : "\n";
      for (VersionId v : others)
        if (r.semver.pre[r.version_ranks[v]] != 0) {
          hint = fmt::format(
              "\nhelp: if you are looking for the prerelease package it needs to be specified explicitly\n    {} = {{ "
              "version = \"{}\" }}",
              names_.name(v), names_.version(v));
          break;
        }
    } else {
      text = fmt::format("no matching package named `{}` found\n", names_.string(dependency.crate));
    }
    return text + "location searched: crates.io index\nrequired by " + path(failure.parent) + hint;
  }

  const Names& names_;
  const Universe& u_;
  const Workspace& w_;
  const Resolver& resolver_;
};

}  // namespace

std::string describe(const Names& names, const Workspace& workspace, const Resolver& resolver, Outcome outcome) {
  const Failure& failure = resolver.failure();
  switch (outcome) {
    case Outcome::conflict: return Describer(names, workspace, resolver).conflict(failure);
    case Outcome::feature_cycle:
      return fmt::format("cyclic feature dependency: feature `{}` depends on itself", names.string(failure.feature));
    case Outcome::missing_feature:
      return fmt::format("a package of the workspace does not have the feature `{}`", names.string(failure.feature));
    case Outcome::too_long: return "the dependencies conflict in too many ways: no end is in sight";
    case Outcome::resolved:
    case Outcome::too_small: break;
  }
  return "";
}

}  // namespace rustg::graph
