#include "driver/graph_tree.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "driver/compiler.h"
#include "driver/graph_source.h"
#include "driver/graph_tree_text.h"
#include "driver/report.h"
#include "driver/rust_toolchain.h"
#include "graph/narrow.h"
#include "graph/package_spec.h"
#include "graph/selection.h"

namespace rustg::driver {

using namespace rustg::graph;
namespace fs = std::filesystem;

namespace {

// The newest version of a crate that a requirement is of, as the only dependency of a package.
Result<Workspace> resolve_crate(const GraphOptions& options) {
  auto snapshot = Snapshot::open(options.source);
  if (!snapshot) return snapshot.error();
  const Registry& r = snapshot->registry();
  RUSTG_LET(chosen, find_version(r, options.tree.package));
  const std::string name = options.tree.package.substr(0, options.tree.package.find('@'));
  const TreeOptions& tree = options.tree;
  LocalWorkspace local;
  LocalManifest& root = local.packages.emplace_back();
  local.members = 1;
  local.resolver = 2;
  root.manifest.name = "of-" + name;
  ManifestDependency& dependency = root.manifest.dependencies.emplace_back();
  dependency.name = dependency.package = name;
  dependency.requirement = "=" + version_text(r, r.version_ranks[chosen]).substr(0, std::string::npos);
  dependency.requirement->resize(std::min(dependency.requirement->find('+'), dependency.requirement->size()));
  dependency.default_features = !tree.no_default_features;
  for (const std::string& list : tree.features)
    for (size_t begin = 0; begin < list.size();) {
      const size_t end = std::min(list.find_first_of(", ", begin), list.size());
      if (end != begin) dependency.features.push_back(list.substr(begin, end - begin));
      begin = end + 1;
    }
  if (tree.all_features) {
    Universe u;
    u.registry = r;
    uint32_t count;
    const Feature* features = u.features_of(chosen, count);
    for (uint32_t f = 0; f != count; ++f) dependency.features.emplace_back(r.strings[features[f].name]);
  }
  auto universe = LocalUniverse::make(r, local);
  if (!universe) return universe.error();
  ResolverMemory memory;
  auto resolution = resolve_workspace(**universe, local, nullptr, memory);
  if (!resolution) return resolution.error();
  return Workspace{std::move(*snapshot), std::move(local), std::move(*universe), std::move(*resolution), {}};
}

// That crate, with what was asked for of it.
Result<Selection> select_crate(const ResolvedPackages& packages, const TreeOptions& options) {
  Selection out;
  const ResolvedPackage& root = packages.packages[packages.members[0]];
  const uint32_t crate = root.groups[0].to;
  const Dependency& dependency = packages.dependency(root.groups[0].dependencies[0]);
  FeatureRequest request{{}, options.all_features, !options.no_default_features};
  if (!options.all_features) {
    const Slice list = packages.universe().feature_list(dependency.features);
    for (uint32_t i = 0; i != list.size; ++i) request.features.push_back({list.data[i], kNone, FeatureValue::feature});
  }
  out.roots = {crate};
  out.requests.emplace_back(crate, std::move(request));
  return out;
}

Result<Platforms> find_platforms(const Names& names, const TreeOptions& options) {
  if (options.rules.all_targets) return Platforms(names, Platform{"host", {}}, {});
  auto toolchain = find_toolchain();
  if (!toolchain)
    return Error{fmt::format(
        "{}; rustc tells what dependencies of a target are about (--target all shows those of every target)",
        toolchain.error().message)};
  RUSTG_LET(host, describe_host(*toolchain));
  std::vector<Platform> targets;
  for (const std::string& name : options.targets) {
    RUSTG_LET(target, describe_target(*toolchain, name));
    targets.push_back(std::move(target));
  }
  return Platforms(names, std::move(host), std::move(targets));
}

bool draws_ascii(const TreeOptions& options) {
  if (!options.charset.empty()) return options.charset == "ascii";
  if (::isatty(1) == 0) return false;
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"})
    if (std::string value = environment_variable(name); !value.empty())
      return value.find("UTF-8") == value.npos && value.find("utf8") == value.npos;
  return true;
}

Status print_tree(const GraphOptions& all) {
  const TreeOptions& options = all.tree;
  const bool of_crate = !options.package.empty();
  auto workspace = of_crate ? resolve_crate(all) : resolve_manifest(all.source, all.registry, {});
  if (!workspace) return workspace.error();
  const fs::path folder = of_crate ? fs::current_path() : workspace->local.root;
  ResolvedPackages packages = resolved_packages(*workspace->universe, workspace->local, workspace->resolution,
                                                PackageSources(CargoConfig(folder)));
  if (packages.unknown != 0)
    fmt::print(stderr,
               "warning: of {} of {} packages there is no Cargo.toml on this machine to tell whether they are "
               "procedural macros; they are taken for libraries\n",
               packages.unknown, packages.packages.size());
  RUSTG_LET(selection, of_crate ? select_crate(packages, options)
                                : select(packages, workspace->local,
                                         {options.packages, options.exclude, options.workspace, options.features,
                                          options.all_features, options.no_default_features}));
  for (const std::string& warning : selection.warnings) fmt::print(stderr, "warning: {}\n", warning);
  narrow(packages, selection.requests);
  RUSTG_LET(platforms, find_platforms(*packages.names, options));
  RUSTG_LET(pattern, TreePattern::parse(options.format));

  FeatureResolver features(
      packages,
      feature_rules(workspace->local.resolver, options.rules.has(TreeEdgeKind::dev), options.rules.all_targets),
      platforms);
  for (const auto& [package, request] : selection.requests) features.activate(package, request);
  PackageTree tree(packages, features, platforms, options.rules);
  for (const auto& [package, request] : selection.requests) tree.add(package, request);
  tree.finish();

  std::vector<uint32_t> roots = selection.roots;
  std::vector<PackageSpec> specs = selection.specs;
  if (!options.invert.empty()) {
    roots.clear();
    specs.clear();
    for (const std::string& text : options.invert) {
      RUSTG_LET(spec, PackageSpec::parse(text));
      specs.push_back(std::move(spec));
    }
  }
  for (const PackageSpec& spec : specs) {
    RUSTG_LET(found, spec.query(packages));
    roots.push_back(found);
  }
  std::vector<bool> pruned(packages.packages.size());
  for (const std::string& text : options.prune) {
    RUSTG_LET(spec, PackageSpec::parse(text));
    RUSTG_LET(found, spec.query(packages));
    (void)found;
    for (uint32_t i = 0; i != pruned.size(); ++i) pruned[i] = pruned[i] || spec.matches(packages.packages[i]);
  }
  roots = tree.nodes_of(roots);
  if (options.duplicates) {
    tree.keep_reachable(roots);
    roots = tree.duplicates();
  }
  if (!options.invert.empty() || options.duplicates) tree.invert();

  const TreeText text{packages, tree, pattern, options, std::move(pruned), draws_ascii(options)};
  if (options.json) {
    std::fputs(tree_json(text, platforms, roots).c_str(), stdout);
  } else if (roots.empty()) {
    fmt::print(stderr,
               "warning: nothing to print.\n\nTo find dependencies that require specific target platforms, try to use "
               "option `--target all` first, and then narrow your search scope accordingly.\n");
  } else {
    std::fputs(tree_text(text, roots).c_str(), stdout);
  }
  return ok();
}

}  // namespace

int graph_tree(const GraphOptions& options) {
  auto status = print_tree(options);
  return status ? 0 : report_error(status.error().message);
}

}  // namespace rustg::driver
