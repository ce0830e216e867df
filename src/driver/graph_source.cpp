#include "driver/graph_source.h"

#include <fmt/format.h>

#include <filesystem>

#include "base/clock.h"
#include "driver/compiler.h"
#include "driver/rust_toolchain.h"
#include "graph/foreign_sources.h"
#include "graph/lookup.h"
#include "graph/package_facts.h"
#include "graph/semver.h"

namespace rustg::driver {

namespace fs = std::filesystem;
using namespace rustg::graph;

namespace {

// As cargo's configuration and the toolchain have it.
void choose_rust_version(LocalWorkspace& local) {
  std::string rule = environment_variable("CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS");
  if (rule.empty())
    if (auto value = CargoConfig(local.root).find({"resolver", "incompatible-rust-versions"})) rule = value->text;
  if (!rule.empty()) local.prefers_rust_version = rule == "fallback";
  if (!local.prefers_rust_version || !local.rust_versions.empty()) return;
  if (auto toolchain = find_toolchain()) local.toolchain = toolchain->version;
}

}  // namespace

Result<Snapshot> open_snapshot(const std::string& given) {
  if (!given.empty()) return Snapshot::open(given);
  std::string path = environment_variable("RUSTG_REGISTRY");
  if (path.empty()) path = (cache_folder() / "crates.rgraph").string();
  if (!fs::exists(path))
    return Error{fmt::format("there is no registry: make one with `rustg graph import INDEX -o {}`, or name one", path)};
  return Snapshot::open(path);
}

Result<Workspace> resolve_manifest(const std::string& manifest, const std::string& registry, LockUse use) {
  auto snapshot = open_snapshot(registry);
  if (!snapshot) return snapshot.error();
  RUSTG_LET(local, load_workspace(manifest));
  std::optional<LockFile> previous;
  fs::path lock = local.root / "Cargo.lock";
  if (use.keep) {
    if (auto text = read_file(lock)) {
      auto read = read_lock_file(*text);
      if (!read) return Error{fmt::format("{}: {}", lock.string(), read.error().message)};
      previous = std::move(*read);
    } else if (use.locked) {
      return Error{
          fmt::format("cannot create the lock file {} because --locked was passed to prevent this", lock.string())};
    }
  }
  RUSTG_TRY(add_git_packages(local, previous ? &*previous : nullptr));
  const uint32_t unknown = previous ? add_locked_packages(local, *previous, snapshot->registry()) : 0;
  choose_rust_version(local);
  auto universe = LocalUniverse::make(snapshot->registry(), local);
  if (!universe) return universe.error();
  Workspace out{std::move(*snapshot), std::move(local), std::move(*universe), {}, {}};
  const double start = base::now();
  if (unknown != 0) {
    RUSTG_LET(resolution, resolution_of_lock(*out.universe, out.local, *previous));
    out.resolution = std::move(resolution);
    out.lock = std::move(previous);
  } else {
    if (std::string why = describe_unknown(*out.universe, out.local); !why.empty()) return Error{why};
    ResolverMemory memory;
    RUSTG_LET(resolution, resolve_workspace(*out.universe, out.local, previous ? &*previous : nullptr, memory));
    out.resolution = std::move(resolution);
  }
  out.seconds = base::now() - start;
  return out;
}

Result<VersionId> find_version(const Registry& r, const std::string& text) {
  const size_t at = text.find('@');
  const std::string name = text.substr(0, at);
  RUSTG_LET(requirement, parse_requirement(at == std::string::npos ? "*" : text.substr(at + 1)));
  const CrateId crate = find_crate(r, name);
  if (crate == kNone) return Error{fmt::format("there is no crate `{}` in the registry", name)};
  VersionId chosen = kNone;
  for (VersionId v = r.crate_versions[crate]; v != r.crate_versions[crate + 1]; ++v)
    if (!(r.version_flags[v] & Registry::kYanked) &&
        matches(requirement, version_of(r.strings, r.semver, r.version_ranks[v])))
      chosen = v;
  if (chosen == kNone && at == std::string::npos) {
    chosen = r.crate_versions[crate + 1] - 1;
    for (VersionId v = r.crate_versions[crate]; v != r.crate_versions[crate + 1]; ++v)
      if (!(r.version_flags[v] & Registry::kYanked)) chosen = v;
  }
  if (chosen == kNone) return Error{fmt::format("no version of `{}` matches `{}`", name, text.substr(at + 1))};
  return chosen;
}

Result<std::unique_ptr<GraphSource>> GraphSource::open(const std::string& path, const std::string& registry,
                                                       EdgeKinds kinds) {
  auto out = std::make_unique<GraphSource>();
  fs::path manifest = fs::is_directory(path) ? fs::path(path) / "Cargo.toml" : fs::path(path);
  if (manifest.filename() == "Cargo.toml" || manifest.extension() == ".toml") {
    auto workspace = resolve_manifest(manifest.string(), registry, {});
    if (!workspace) return workspace.error();
    out->workspace_.emplace(std::move(*workspace));
    out->names_ = &out->workspace_->universe->names();
    out->graph_ = resolution_graph(out->workspace_->universe->universe(), out->workspace_->resolution, kinds);
    return out;
  }
  auto snapshot = open_snapshot(path.empty() ? registry : path);
  if (!snapshot) return snapshot.error();
  out->snapshot_.emplace(std::move(*snapshot));
  out->universe_.registry = out->snapshot_->registry();
  out->own_names_.emplace(out->universe_);
  out->names_ = &*out->own_names_;
  out->graph_ = newest_graph(out->universe_.registry, kinds);
  return out;
}

Result<std::vector<uint32_t>> GraphSource::find(const std::string& text) const {
  size_t at = text.find('@');
  std::string name = text.substr(0, at), version = at == std::string::npos ? "" : text.substr(at + 1);
  std::vector<uint32_t> found;
  if (is_registry()) {
    if (CrateId crate = find_crate(universe_.registry, name); crate != kNone) found.push_back(crate);
  } else {
    for (uint32_t v = 0; v != graph_.nodes(); ++v)
      if (names().name(graph_.versions[v]) == name) found.push_back(v);
  }
  if (!version.empty())
    std::erase_if(found, [&](uint32_t v) { return names().version(graph_.versions[v]) != version; });
  if (found.empty()) return Error{fmt::format("there is no package `{}` in the graph", text)};
  return found;
}

}  // namespace rustg::driver
