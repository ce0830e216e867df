#include "graph/foreign_sources.h"

#include <fmt/format.h>

#include <algorithm>

#include "graph/package_facts.h"

namespace rustg::graph {

namespace fs = std::filesystem;

namespace {

// What cargo takes for the same repository is the same text.
std::string canonical(std::string_view url) {
  std::string out(url.substr(0, url.find_first_of("?#")));
  while (out.ends_with('/')) out.pop_back();
  if (out.starts_with("https://github.com/"))
    for (char& c : out) c = char(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  if (out.ends_with(".git")) out.resize(out.size() - 4);
  return out;
}

std::string_view revision(std::string_view source) {
  const size_t hash = source.find('#');
  return hash == source.npos ? std::string_view() : source.substr(hash + 1);
}

std::optional<fs::path> checkout_of(std::string_view source) {
  const std::string url = canonical(source.substr(source.find('+') + 1));
  const std::string name = url.substr(url.rfind('/') + 1) + "-";
  const std::string_view wanted = revision(source);
  std::error_code error;
  for (const auto& repository : fs::directory_iterator(CargoConfig::cargo_home() / "git/checkouts", error)) {
    if (!repository.path().filename().string().starts_with(name)) continue;
    for (const auto& checkout : fs::directory_iterator(repository.path(), error)) {
      const std::string of = checkout.path().filename().string();
      if (of.size() >= 7 && wanted.starts_with(of)) return checkout.path();
    }
  }
  return std::nullopt;
}

// The Cargo.toml of a package, somewhere in a checkout.
std::optional<fs::path> find_manifest(const fs::path& folder, const std::string& name) {
  std::error_code error;
  std::vector<fs::path> found;
  for (auto at = fs::recursive_directory_iterator(folder, error); at != fs::recursive_directory_iterator();
       at.increment(error)) {
    const std::string file = at->path().filename().string();
    if (at->is_directory() && (file.starts_with('.') || file == "target")) at.disable_recursion_pending();
    if (file == "Cargo.toml") found.push_back(at->path());
  }
  std::sort(found.begin(), found.end(), [](const fs::path& a, const fs::path& b) {
    return std::pair(a.string().size(), a) < std::pair(b.string().size(), b);
  });
  for (const fs::path& path : found)
    if (auto manifest = read_package_manifest(path); manifest && manifest->is_package && manifest->name == name)
      return path;
  return std::nullopt;
}

bool is_there(const LocalWorkspace& workspace, const LockedPackage& package) {
  return std::any_of(workspace.packages.begin(), workspace.packages.end(), [&](const LocalManifest& p) {
    return p.manifest.name == package.name && p.version == package.version && p.source == package.source;
  });
}

// Adds a package of a checkout, and those it depends on by path.
Status add_checked_out(LocalWorkspace& workspace, const fs::path& manifest, const std::string& source) {
  RUSTG_LET(repository, load_workspace(manifest));
  std::vector<fs::path> folders = {fs::weakly_canonical(manifest).parent_path()};
  for (size_t i = 0; i != folders.size(); ++i) {
    const fs::path folder = folders[i];
    auto same = [&](const LocalManifest& p) { return p.folder == folder; };
    if (std::any_of(workspace.packages.begin(), workspace.packages.end(), same)) continue;
    auto found = std::find_if(repository.packages.begin(), repository.packages.end(), same);
    if (found == repository.packages.end()) continue;
    for (const ManifestDependency& d : found->manifest.dependencies)
      if (!d.path.empty() && d.kind != DependencyKind::dev) folders.push_back(fs::weakly_canonical(folder / d.path));
    found->source = source;
    workspace.packages.push_back(std::move(*found));
  }
  return ok();
}

bool is_compatible(const Version& a, const Version& b) {
  if (a.major != 0 || b.major != 0) return a.major == b.major;
  if (a.minor != 0 || b.minor != 0) return a.minor == b.minor;
  return a.patch == b.patch;
}

// Cargo keeps what is locked: a patch that came later, of another version, is not used until `cargo update`.
bool is_in_use(const LocalManifest& patch, const std::string& of, const LockFile* lock) {
  if (lock == nullptr) return true;
  bool other = false;
  for (const LockedPackage& p : lock->packages) {
    if (p.name != patch.manifest.name) continue;
    if (p.source == patch.source) return true;
    if (!p.source.empty() && is_source(of, p.source.substr(p.source.find('+') + 1)) &&
        is_compatible(p.version, patch.version))
      other = p.version != patch.version;
  }
  return !other;
}

}  // namespace

bool is_source(std::string_view key, std::string_view url) {
  auto registry = [](std::string_view text) {
    return text == "crates-io" || canonical(text) == "https://github.com/rust-lang/crates.io-index";
  };
  if (registry(key) || registry(url)) return registry(key) && registry(url);
  return canonical(key) == canonical(url);
}

bool is_git_source(std::string_view source, std::string_view url, std::string_view reference) {
  if (!source.starts_with("git+")) return false;
  source.remove_prefix(4);
  const size_t query = source.find('?');
  const std::string_view own =
      query == source.npos ? std::string_view() : source.substr(query + 1, source.find('#') - query - 1);
  return canonical(source) == canonical(url) && own == reference;
}

Status add_git_packages(LocalWorkspace& workspace, const LockFile* lock) {
  auto add = [&](const ManifestDependency& d) -> Status {
    if (d.git.empty() || lock == nullptr) return ok();
    for (const LockedPackage& p : lock->packages) {
      if (p.name != d.package || !is_git_source(p.source, d.git, d.reference) || is_there(workspace, p)) continue;
      auto checkout = checkout_of(p.source);
      auto manifest = checkout ? find_manifest(*checkout, p.name) : std::nullopt;
      if (manifest) RUSTG_TRY(add_checked_out(workspace, *manifest, p.source));
    }
    return ok();
  };
  for (const auto& [of, d] : workspace.wanted_patches) {
    RUSTG_TRY(add(d));
    for (uint32_t i = 0; i != workspace.packages.size(); ++i) {
      const LocalManifest& p = workspace.packages[i];
      if (p.manifest.name == d.package && (d.git.empty() ? p.folder == fs::weakly_canonical(workspace.root / d.path)
                                                         : is_git_source(p.source, d.git, d.reference)))
        workspace.patches.push_back({i, of, is_in_use(p, of, lock)});
    }
  }
  for (size_t i = 0; i != workspace.packages.size(); ++i)
    for (const ManifestDependency& d : std::vector(workspace.packages[i].manifest.dependencies)) RUSTG_TRY(add(d));
  return ok();
}

}  // namespace rustg::graph
