#include "graph/package_manifest.h"

#include <fmt/format.h>

#include "graph/toml.h"

namespace rustg::graph {

namespace {

class Reader {
 public:
  Result<PackageManifest> read(std::string_view text) {
    toml::parse_result parsed = toml::parse(text);
    if (!parsed)
      return Error{fmt::format("line {}: {}", parsed.error().source().begin.line,
                               std::string_view(parsed.error().description()))};
    const toml::table& root = parsed.table();
    if (const toml::table* p = table(root, root.contains("package") ? "package" : "project")) package(*p);
    if (const toml::table* w = table(root, "workspace")) workspace(*w);
    if (const toml::table* l = table(root, "lib")) library(*l);
    if (!out_.is_package && !out_.is_workspace)
      fail(root, "manifest is missing either a `[package]` or a `[workspace]`");
    dependencies(root, "");
    if (const toml::table* targets = table(root, "target"))
      for (const auto& [platform, node] : *targets)
        if (const toml::table* t = node.as_table()) dependencies(*t, platform.str());
    if (const toml::table* features = table(root, "features"))
      for (const auto& [name, node] : *features) out_.features[std::string(name.str())] = texts(node, "features");
    if (const toml::table* patch = table(root, "patch"))
      for (const auto& [source, node] : *patch)
        if (const toml::table* t = node.as_table())
          for (const auto& [name, dependency] : *t)
            out_.patches[std::string(source.str())].push_back(one(name.str(), dependency, DependencyKind::normal, ""));
    if (const toml::table* replace = table(root, "replace")) out_.replaces = !replace->empty();
    if (!error_.empty()) return Error{error_};
    return std::move(out_);
  }

 private:
  void fail(const toml::node& at, std::string message) {
    if (!error_.empty()) return;
    auto line = at.source().begin.line;
    error_ = line == 0 ? std::move(message) : fmt::format("line {}: {}", line, message);
  }
  const toml::table* table(const toml::table& in, std::string_view name) {
    const toml::node* node = in.get(name);
    if (node == nullptr) return nullptr;
    if (!node->is_table()) fail(*node, fmt::format("`{}` is not a table", name));
    return node->as_table();
  }
  std::string text(const toml::node& node, std::string_view name) {
    if (const auto* string = node.as_string()) return string->get();
    fail(node, fmt::format("invalid type: expected a string for `{}`", name));
    return {};
  }
  std::string text_at(const toml::table& in, std::string_view name) {
    const toml::node* node = in.get(name);
    return node == nullptr ? std::string() : text(*node, name);
  }
  std::vector<std::string> texts(const toml::node& node, std::string_view name) {
    std::vector<std::string> list;
    const toml::array* array = node.as_array();
    if (array == nullptr) {
      fail(node, fmt::format("invalid type: expected a sequence for `{}`", name));
      return list;
    }
    for (const toml::node& element : *array) list.push_back(text(element, name));
    return list;
  }
  std::vector<std::string> texts_at(const toml::table& in, std::string_view name) {
    const toml::node* node = in.get(name);
    return node == nullptr ? std::vector<std::string>() : texts(*node, name);
  }
  // A field that may be `{ workspace = true }`.
  bool inherited(const toml::table& in, std::string_view name) {
    const toml::node* node = in.get(name);
    const toml::table* t = node == nullptr ? nullptr : node->as_table();
    return t != nullptr && (*t)["workspace"].value_or(false);
  }

  void package(const toml::table& p) {
    out_.is_package = true;
    out_.name = text_at(p, "name");
    if (out_.name.empty()) fail(p, "missing field `name`");
    out_.inherits_version = inherited(p, "version");
    if (!out_.inherits_version && p.contains("version")) out_.version = text_at(p, "version");
    out_.inherits_rust_version = inherited(p, "rust-version");
    if (!out_.inherits_rust_version) out_.rust_version = text_at(p, "rust-version");
    out_.inherits_edition = inherited(p, "edition");
    if (!out_.inherits_edition) out_.edition = text_at(p, "edition");
    out_.inherits_license = inherited(p, "license");
    if (!out_.inherits_license) out_.license = text_at(p, "license");
    out_.inherits_repository = inherited(p, "repository");
    if (!out_.inherits_repository) out_.repository = text_at(p, "repository");
    out_.links = text_at(p, "links");
    out_.resolver = text_at(p, "resolver");
    if (p.contains("workspace")) out_.workspace_folder = text_at(p, "workspace");
  }

  void library(const toml::table& l) {
    out_.library = text_at(l, "name");
    for (const char* key : {"proc-macro", "proc_macro"}) out_.proc_macro = out_.proc_macro || l[key].value_or(false);
    for (const char* key : {"crate-type", "crate_type"})
      if (const toml::node* types = l.get(key))
        for (const std::string& type : texts(*types, key)) out_.proc_macro = out_.proc_macro || type == "proc-macro";
  }

  void workspace(const toml::table& w) {
    out_.is_workspace = true;
    out_.members = texts_at(w, "members");
    out_.exclude = texts_at(w, "exclude");
    if (w.contains("default-members")) out_.default_members = texts_at(w, "default-members");
    out_.workspace_resolver = text_at(w, "resolver");
    if (const toml::table* p = table(w, "package")) {
      out_.workspace_version = text_at(*p, "version");
      out_.workspace_rust_version = text_at(*p, "rust-version");
      out_.workspace_edition = text_at(*p, "edition");
      out_.workspace_license = text_at(*p, "license");
      out_.workspace_repository = text_at(*p, "repository");
    }
    if (const toml::table* list = table(w, "dependencies"))
      for (const auto& [name, node] : *list)
        out_.workspace_dependencies[std::string(name.str())] = one(name.str(), node, DependencyKind::normal, "");
  }

  void dependencies(const toml::table& in, std::string_view platform) {
    struct Kind {
      const char *name, *old_name;
      DependencyKind kind;
    };
    constexpr Kind normal{"dependencies", nullptr, DependencyKind::normal},
        dev{"dev-dependencies", "dev_dependencies", DependencyKind::dev},
        build{"build-dependencies", "build_dependencies", DependencyKind::build};
    // Cargo's order, which differs by place.
    const Kind whole[] = {normal, dev, build}, of_target[] = {normal, build, dev};
    for (const Kind& kind : platform.empty() ? whole : of_target) {
      const toml::table* list = table(in, kind.name);
      if (list == nullptr && kind.old_name != nullptr) list = table(in, kind.old_name);
      if (list == nullptr) continue;
      for (const auto& [name, node] : *list) out_.dependencies.push_back(one(name.str(), node, kind.kind, platform));
    }
  }

  ManifestDependency one(std::string_view name, const toml::node& node, DependencyKind kind,
                         std::string_view platform) {
    ManifestDependency d;
    d.name = d.package = std::string(name);
    d.kind = kind;
    d.platform = std::string(platform);
    if (const auto* requirement = node.as_string()) {
      d.requirement = requirement->get();
      return d;
    }
    const toml::table* t = node.as_table();
    if (t == nullptr) {
      fail(node, fmt::format("invalid type: expected a version string like \"0.9.8\" or a detailed dependency like {{ "
                             "version = \"0.9.8\" }} for `{}`",
                             name));
      return d;
    }
    if (t->contains("version")) d.requirement = text_at(*t, "version");
    if (t->contains("package")) d.package = text_at(*t, "package");
    d.optional = (*t)["optional"].value_or(false);
    for (const char* key : {"default-features", "default_features"})
      if (auto value = (*t)[key].value<bool>()) d.own_default_features = value;
    d.default_features = d.own_default_features.value_or(true);
    d.inherited = (*t)["workspace"].value_or(false);
    d.features = texts_at(*t, "features");
    d.path = text_at(*t, "path");
    d.git = text_at(*t, "git");
    for (const char* key : {"branch", "tag", "rev"})
      if (t->contains(key)) d.reference = fmt::format("{}={}", key, text_at(*t, key));
    d.registry = text_at(*t, "registry");
    if (!d.inherited && !d.requirement && d.path.empty() && d.git.empty())
      fail(node, fmt::format("dependency ({}) specified without providing a local path, Git repository, version, or "
                             "workspace dependency to use",
                             name));
    return d;
  }

  PackageManifest out_;
  std::string error_;
};

}  // namespace

Result<PackageManifest> parse_package_manifest(std::string_view text) { return Reader().read(text); }

}  // namespace rustg::graph
