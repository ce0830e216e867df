#include "graph/local_workspace.h"

#include <fmt/format.h>
#include <glob.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>
#include <sstream>

namespace rustg::graph {

namespace fs = std::filesystem;

namespace {

class Loader {
 public:
  Result<LocalWorkspace> load(const fs::path& given) {
    std::error_code error;
    fs::path path = fs::canonical(given, error);
    if (error) return Error{fmt::format("manifest path `{}` does not exist", given.string())};
    RUSTG_LET(own, read_package_manifest(path));
    RUSTG_LET(root, find_root(path, own));
    out_.root = root.parent_path();
    RUSTG_LET(root_manifest, read_package_manifest(root));
    root_ = &root_manifest;
    if (!root_manifest.is_workspace) {
      RUSTG_TRY(add(root, true));
    } else {
      for (const std::string& pattern : root_manifest.members) RUSTG_TRY(add_members(pattern));
      if (root_manifest.is_package) RUSTG_TRY(add(root, true));
    }
    for (const auto& [source, patches] : root_manifest.patches)
      for (const ManifestDependency& d : patches)
        if (!d.path.empty()) RUSTG_TRY(add((out_.root / d.path / "Cargo.toml").lexically_normal(), false));
    // Path dependencies of members inside of a workspace's folder are members too.
    for (size_t i = 0; i < found_.size(); ++i) {
      const fs::path folder = found_[i].folder;
      for (const ManifestDependency& d : found_[i].manifest.dependencies) {
        if (d.path.empty()) continue;
        fs::path manifest = (folder / d.path / "Cargo.toml").lexically_normal();
        if (!fs::exists(manifest))
          return Error{fmt::format("failed to get `{}` as a dependency of package `{} v{}`: no `Cargo.toml` in `{}`",
                                   d.package, found_[i].manifest.name, to_string(found_[i].version),
                                   (folder / d.path).lexically_normal().string())};
        RUSTG_TRY(add(manifest,
                      is_member_[i] && root_manifest.is_workspace && is_inside(manifest) && !is_excluded(manifest)));
      }
    }
    for (bool member : {true, false})
      for (size_t i = 0; i != found_.size(); ++i)
        if (is_member_[i] == member) out_.packages.push_back(found_[i]);
    out_.members = uint32_t(std::count(is_member_.begin(), is_member_.end(), true));
    if (root_manifest.replaces)
      return Error{fmt::format("`[replace]` in `{}` is not read; `[patch]` does the same and is", root.string())};
    for (const auto& [source, list] : root_manifest.patches)
      for (const ManifestDependency& d : list) out_.wanted_patches.emplace_back(source, d);
    if (own.is_package) out_.current = member_in(path.parent_path());
    RUSTG_TRY(find_default_members(path == root, root_manifest));
    std::string resolver =
        root_manifest.workspace_resolver.empty() ? root_manifest.resolver : root_manifest.workspace_resolver;
    if (resolver.empty()) {
      std::string edition = root_manifest.inherits_edition ? root_manifest.workspace_edition : root_manifest.edition;
      resolver = !root_manifest.is_package ? "1" : edition == "2024" ? "3" : edition == "2021" ? "2" : "1";
    }
    if (resolver != "1" && resolver != "2" && resolver != "3")
      return Error{
          fmt::format("`resolver` setting `{}` is not valid, valid options are \"1\", \"2\" or \"3\"", resolver)};
    out_.resolver = uint32_t(resolver[0] - '0');
    out_.prefers_rust_version = out_.resolver == 3;
    for (uint32_t i = 0; i != out_.members; ++i)
      if (!out_.packages[i].manifest.rust_version.empty())
        out_.rust_versions.push_back(out_.packages[i].manifest.rust_version);
    return std::move(out_);
  }

 private:
  Result<fs::path> find_root(const fs::path& path, const PackageManifest& own) {
    if (own.is_workspace) return path;
    if (own.workspace_folder) return fs::weakly_canonical(path.parent_path() / *own.workspace_folder / "Cargo.toml");
    for (fs::path folder = path.parent_path(); folder.has_relative_path(); folder = folder.parent_path()) {
      fs::path above = folder.parent_path() / "Cargo.toml";
      if (!fs::exists(above)) continue;
      RUSTG_LET(manifest, read_package_manifest(above));
      if (!manifest.is_workspace) continue;
      for (const std::string& e : manifest.exclude)
        if (below(path, above.parent_path() / e)) return path;
      return above;
    }
    return path;
  }

  static bool below(const fs::path& path, const fs::path& folder) {
    fs::path relative = path.lexically_relative(folder.lexically_normal());
    return !relative.empty() && *relative.begin() != "..";
  }
  bool is_inside(const fs::path& manifest) const { return below(manifest, out_.root); }
  bool is_excluded(const fs::path& manifest) const {
    return std::any_of(root_->exclude.begin(), root_->exclude.end(),
                       [&](const std::string& e) { return below(manifest, out_.root / e); });
  }

  uint32_t member_in(const fs::path& folder) const {
    for (uint32_t i = 0; i != out_.members; ++i)
      if (out_.packages[i].folder == folder) return i;
    return kNone;
  }

  Status find_default_members(bool at_root, const PackageManifest& root) {
    if (at_root && root.default_members) {
      for (const std::string& pattern : *root.default_members)
        for (const fs::path& folder : folders_of(pattern)) {
          uint32_t member = member_in(fs::weakly_canonical(folder));
          if (member == kNone && !is_excluded(folder / "Cargo.toml"))
            return Error{
                fmt::format("package `{}` is listed in default-members but is not a member\nfor workspace at `{}`.",
                            folder.lexically_normal().string(), (out_.root / "Cargo.toml").string())};
          if (member != kNone) out_.default_members.push_back(member);
        }
    } else if (out_.current != kNone) {
      out_.default_members.push_back(out_.current);
    } else {
      for (uint32_t i = 0; i != out_.members; ++i) out_.default_members.push_back(i);
    }
    return ok();
  }

  std::vector<fs::path> folders_of(const std::string& pattern) const {
    std::string path = (out_.root / pattern).string();
    std::vector<fs::path> folders;
    if (pattern.find_first_of("*?[") == std::string::npos) {
      folders.push_back(path);
    } else {
      glob_t matches{};
      if (::glob(path.c_str(), 0, nullptr, &matches) == 0)
        for (size_t i = 0; i != matches.gl_pathc; ++i) folders.push_back(matches.gl_pathv[i]);
      ::globfree(&matches);
      std::erase_if(folders, [](const fs::path& p) { return !fs::exists(p / "Cargo.toml"); });
    }
    return folders;
  }

  Status add_members(const std::string& pattern) {
    for (const fs::path& folder : folders_of(pattern)) {
      fs::path manifest = (folder / "Cargo.toml").lexically_normal();
      if (!fs::exists(manifest))
        return Error{fmt::format("failed to load manifest for workspace member `{}`: failed to read `{}`",
                                 folder.string(), manifest.string())};
      if (!is_excluded(manifest)) RUSTG_TRY(add(manifest, true));
    }
    return ok();
  }

  Status add(const fs::path& path, bool member) {
    fs::path folder = fs::weakly_canonical(path).parent_path();
    for (size_t i = 0; i != found_.size(); ++i)
      if (found_[i].folder == folder) {
        is_member_[i] = is_member_[i] || member;
        return ok();
      }
    RUSTG_LET(manifest, read_package_manifest(path));
    if (!manifest.is_package)
      return Error{
          fmt::format("failed to parse manifest at `{}`: virtual manifests must be workspace roots", path.string())};
    inherit(manifest);
    if (!missing_.empty()) return Error{fmt::format("failed to parse manifest at `{}`: {}", path.string(), missing_)};
    LocalManifest package{std::move(manifest), folder, {}, {}, {}};
    auto version = parse_version(package.manifest.version);
    if (!version)
      return Error{fmt::format("failed to parse manifest at `{}`: {}", path.string(), version.error().message)};
    package.version = *version;
    found_.push_back(std::move(package));
    is_member_.push_back(member);
    return ok();
  }

  void inherit(PackageManifest& manifest) {
    if (manifest.inherits_version) manifest.version = root_->workspace_version;
    if (manifest.inherits_rust_version) manifest.rust_version = root_->workspace_rust_version;
    if (manifest.inherits_license) manifest.license = root_->workspace_license;
    if (manifest.inherits_repository) manifest.repository = root_->workspace_repository;
    for (ManifestDependency& d : manifest.dependencies) {
      if (!d.inherited) continue;
      auto found = root_->workspace_dependencies.find(d.name);
      if (found == root_->workspace_dependencies.end()) {
        missing_ = fmt::format(
            "error inheriting `{}` from workspace root manifest's `workspace.dependencies.{}`: `dependency.{}` was not "
            "found in `workspace.dependencies`",
            d.name, d.name, d.name);
        return;
      }
      const ManifestDependency& of = found->second;
      d.package = of.package;
      d.requirement = of.requirement;
      d.git = of.git;
      d.reference = of.reference;
      d.registry = of.registry;
      // Paths are the workspace's.
      if (!of.path.empty()) d.path = (out_.root / of.path).lexically_normal().string();
      d.features.insert(d.features.begin(), of.features.begin(), of.features.end());
      // A member can only turn default features on that the workspace turned off.
      d.default_features = of.default_features || d.own_default_features.value_or(false);
    }
  }

  LocalWorkspace out_;
  const PackageManifest* root_ = nullptr;
  std::vector<LocalManifest> found_;
  std::vector<bool> is_member_;
  std::string missing_;
};

}  // namespace

Result<PackageManifest> read_package_manifest(const fs::path& path) {
  std::ifstream file(path);
  if (!file) return Error{fmt::format("failed to read `{}`", path.string())};
  std::stringstream text;
  text << file.rdbuf();
  auto manifest = parse_package_manifest(text.str());
  if (!manifest)
    return Error{fmt::format("failed to parse manifest at `{}`: {}", path.string(), manifest.error().message)};
  return manifest;
}

Result<LocalWorkspace> load_workspace(const fs::path& manifest) { return Loader().load(manifest); }

uint64_t pack_rust_version(std::string_view text) {
  uint64_t packed = 0;
  const char *at = text.data(), *end = at + text.size();
  for (int part = 0; part != 3; ++part) {
    uint64_t number = 0;
    if (at != end) {
      auto [next, error] = std::from_chars(at, end, number);
      if (error != std::errc()) return 0;
      at = next;
      if (at != end && *at == '.')
        ++at;
      else
        at = end;
    }
    packed = packed << 21 | std::min<uint64_t>(number, (1u << 21) - 1);
  }
  return packed;
}

}  // namespace rustg::graph
