#include "graph/feature_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace rustg::graph {
namespace {

using Value = FeatureMap::Value;

Value parse_value(std::string_view text) {
  if (const size_t slash = text.find('/'); slash != text.npos) {
    std::string_view dependency = text.substr(0, slash);
    const bool weak = dependency.ends_with('?');
    if (weak) dependency.remove_suffix(1);
    return {dependency, text.substr(slash + 1), kNone,
            weak ? FeatureValue::weak_dependency_feature : FeatureValue::dependency_feature};
  }
  if (text.starts_with("dep:")) return {text.substr(4), {}, kNone, FeatureValue::dependency};
  return {text, {}, kNone, FeatureValue::feature};
}

std::string shown(const Value& v) {
  switch (v.kind) {
    case FeatureValue::feature: return std::string(v.name);
    case FeatureValue::dependency: return fmt::format("dep:{}", v.name);
    case FeatureValue::dependency_feature: return fmt::format("{}/{}", v.name, v.feature);
    case FeatureValue::weak_dependency_feature: return fmt::format("{}?/{}", v.name, v.feature);
  }
  return {};
}

// Of letters beyond ASCII all are taken, while cargo asks for XID_Start and XID_Continue.
std::optional<std::string> wrong_name(std::string_view name) {
  if (name.empty()) return "feature name cannot be empty";
  if (name.starts_with("dep:")) return fmt::format("feature named `{}` is not allowed to start with `dep:`", name);
  const auto is_word = [](unsigned char c) { return c >= 0x80 || std::isalnum(c) || c == '_'; };
  for (size_t i = 0; i != name.size(); ++i) {
    const char c = name[i];
    if (is_word(c) || (i != 0 && (c == '-' || c == '+' || c == '.'))) continue;
    return fmt::format("invalid character `{}` in feature name: `{}`", c, name);
  }
  return {};
}

}  // namespace

Result<FeatureMap> build_feature_map(std::vector<NamedFeature> features,
                                     const std::vector<NamedDependency>& dependencies) {
  std::stable_sort(features.begin(), features.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  FeatureMap map;
  std::unordered_set<std::string_view> explicitly_named;
  for (const NamedFeature& f : features) {
    if (map.entries.empty() || map.entries.back().name != f.name) map.entries.push_back({f.name, {}});
    for (std::string_view text : f.values) {
      map.entries.back().values.push_back(parse_value(text));
      if (const Value& v = map.entries.back().values.back(); v.kind == FeatureValue::dependency)
        explicitly_named.insert(v.name);
    }
  }
  const auto name_of = [](const FeatureMap::Entry& e) { return e.name; };
  const auto place = [&](std::string_view name) -> uint32_t {
    auto it = std::ranges::lower_bound(map.entries, name, {}, name_of);
    return it != map.entries.end() && it->name == name ? uint32_t(it - map.entries.begin()) : kNone;
  };
  std::vector<std::string_view> written;  // sorted
  for (const FeatureMap::Entry& e : map.entries) written.push_back(e.name);
  std::unordered_map<std::string_view, bool> optional;  // by name of a dependency: whether one of that name is
  for (const NamedDependency& d : dependencies) optional[d.name] |= d.optional;
  for (const auto& [name, is_optional] : optional)
    if (is_optional && !std::ranges::binary_search(written, name) && !explicitly_named.contains(name))
      map.entries.push_back({name, {{name, {}, kNone, FeatureValue::dependency}}});
  std::ranges::sort(map.entries, {}, name_of);

  std::unordered_set<std::string_view> used;
  for (FeatureMap::Entry& entry : map.entries) {
    if (auto wrong = wrong_name(entry.name)) return Error{*wrong};
    for (Value& v : entry.values) {
      const auto found = optional.find(v.name);
      const bool any = found != optional.end(), is_optional = any && found->second;
      const auto refuse = [&](std::string why) {
        return Error{fmt::format("feature `{}` includes `{}`{}", entry.name, shown(v), why)};
      };
      switch (v.kind) {
        case FeatureValue::feature:
          v.place = place(v.name);
          if (std::ranges::binary_search(written, v.name)) break;
          if (!any) return refuse(" which is neither a dependency nor another feature");
          if (!is_optional) return refuse(fmt::format(", but `{}` is not an optional dependency", v.name));
          if (v.place == kNone)
            return refuse(fmt::format(", but `{}` is an optional dependency without an implicit feature", v.name));
          break;
        case FeatureValue::dependency:
          if (!any) return refuse(fmt::format(", but `{}` is not listed as a dependency", v.name));
          if (!is_optional) return refuse(fmt::format(", but `{}` is not an optional dependency", v.name));
          break;
        case FeatureValue::dependency_feature:
        case FeatureValue::weak_dependency_feature:
          if (v.feature.find('/') != v.feature.npos)
            return Error{fmt::format("multiple slashes in feature `{}` (included by feature `{}`) are not allowed",
                                     shown(v), entry.name)};
          if (v.name.starts_with("dep:")) return refuse(" with both `dep:` and `/`");
          if (!any) return refuse(fmt::format(", but `{}` is not a dependency", v.name));
          if (v.kind == FeatureValue::weak_dependency_feature && !is_optional)
            return refuse(fmt::format(" with a `?`, but `{}` is not an optional dependency", v.name));
          break;
      }
      if (v.kind != FeatureValue::feature) used.insert(v.name);
    }
  }
  for (const NamedDependency& d : dependencies)
    if (optional[d.name] && !used.contains(d.name))
      return Error{fmt::format("optional dependency `{}` is not included in any feature", d.name)};
  return map;
}

}  // namespace rustg::graph
