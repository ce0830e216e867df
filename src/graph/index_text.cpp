#include "graph/index_text.h"

#include <fmt/format.h>

#include "graph/lookup.h"
#include "graph/names.h"

namespace rustg::graph {

namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20)
      out += fmt::format("\\u{:04x}", int(c));
    else
      out += c;
  }
  return out + '"';
}

std::string dependency_text(const Registry& r, const Dependency& d, const IndexEdit* edit) {
  const std::string_view name = r.strings[d.name];
  std::string_view requirement = r.strings[r.requirements[d.requirement].text];
  if (edit != nullptr)
    for (const auto& [of, instead] : edit->requirements)
      if (is_named(r, d, of)) requirement = instead;
  std::string features;
  for (uint32_t f = r.feature_lists[d.features]; f != r.feature_lists[d.features + 1]; ++f)
    features += (features.empty() ? "" : ",") + quoted(r.strings[r.feature_list_names[f]]);
  static const char* const kinds[] = {"normal", "build", "dev"};
  std::string out = fmt::format(
      R"({{"name":{},"req":{},"features":[{}],"optional":{},"default_features":{},"kind":"{}")", quoted(name),
      quoted(requirement), features, d.optional(), d.default_features(), kinds[int(d.kind())]);
  if (d.crate != d.name) out += fmt::format(R"(,"package":{})", quoted(r.strings[d.crate]));
  if (d.platform != 0) out += fmt::format(R"(,"target":{})", quoted(r.strings[d.platform]));
  // Which one it is, the tables do not tell, and nothing asks for.
  if (d.flags & Dependency::kOtherRegistry) out += R"(,"registry":"https://elsewhere")";
  return out + "}";
}

std::string value_text(const Registry& r, const FeatureValue& value) {
  const std::string_view name = r.strings[value.name];
  switch (value.kind) {
    case FeatureValue::dependency: return quoted(fmt::format("dep:{}", name));
    case FeatureValue::dependency_feature: return quoted(fmt::format("{}/{}", name, r.strings[value.other]));
    case FeatureValue::weak_dependency_feature: return quoted(fmt::format("{}?/{}", name, r.strings[value.other]));
    default: return quoted(name);
  }
}

}  // namespace

bool is_named(const Registry& r, const Dependency& d, std::string_view name) {
  return r.strings[d.name] == name || r.strings[d.crate] == name;
}

std::string index_line(const Registry& r, VersionId version, const IndexEdit* edit) {
  std::string dependencies, features;
  const uint32_t* list = r.dependency_lists + r.version_dependencies[version];
  for (uint32_t i = list[0]; i != list[1]; ++i)
    dependencies += (dependencies.empty() ? "" : ",") + dependency_text(r, r.dependencies[r.dependency_ids[i]], edit);
  const uint32_t* table = r.feature_tables + r.version_features[version];
  for (uint32_t f = table[0]; f != table[1]; ++f) {
    std::string values;
    for (uint32_t v = 0; v != r.features[f].values; ++v)
      values += (v == 0 ? "" : ",") + value_text(r, r.feature_values[r.features[f].first_value + v]);
    features += fmt::format("{}{}:[{}]", features.empty() ? "" : ",", quoted(r.strings[r.features[f].name]), values);
  }
  std::string out =
      fmt::format(R"({{"name":{},"vers":{},"deps":[{}],"features":{{}},"features2":{{{}}},"v":2,"yanked":{})",
                  quoted(r.strings[r.crate_names[r.version_crates[version]]]),
                  quoted(edit != nullptr ? edit->version : version_text(r, r.version_ranks[version])), dependencies,
                  features, edit == nullptr && (r.version_flags[version] & Registry::kYanked) != 0);
  if (StringId links = r.version_links[version]; links != 0)
    out += fmt::format(R"(,"links":{})", quoted(r.strings[links]));
  if (uint64_t rust = r.version_rust[version]; rust != 0)
    out += fmt::format(R"(,"rust_version":"{}.{}.{}")", rust >> 42, rust >> 21 & 0x1fffff, rust & 0x1fffff);
  return out + "}";
}

}  // namespace rustg::graph
