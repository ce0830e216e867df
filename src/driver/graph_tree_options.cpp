#include "driver/graph_tree_options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

namespace rustg::driver {
namespace {

using graph::TreeEdgeKind;

void define_list(CLI::App& app, const char* name, std::vector<std::string>& list, const char* what, const char* value) {
  app.add_option(name, list, what)->allow_extra_args(false)->option_text(value);
}

Status finish_edges(TreeOptions& options) {
  bool* on = options.rules.edges;
  auto set = [&](TreeEdgeKind kind, bool value) { on[size_t(kind)] = value; };
  std::vector<std::string> kinds;
  for (const std::string& kind : options.edges)
    if (kind == "no-proc-macro")
      options.rules.no_proc_macro = true;
    else
      kinds.push_back(kind);
  if (kinds.empty()) kinds = {"normal", "build", "dev"};
  const bool without =
      std::any_of(kinds.begin(), kinds.end(), [](const std::string& kind) { return kind.starts_with("no-"); });
  const bool all = without || (kinds.size() == 1 && kinds[0] == "features");
  for (TreeEdgeKind kind : {TreeEdgeKind::normal, TreeEdgeKind::build, TreeEdgeKind::dev}) set(kind, all);
  for (const std::string& kind : kinds) {
    const bool value = !kind.starts_with("no-");
    const std::string name = value ? kind : kind.substr(3);
    if (without && value && name != "features")
      return Error{fmt::format(
          "`{}` dependency kind cannot be mixed with \"no-normal\", \"no-build\", or \"no-dev\" dependency kinds",
          kind)};
    if (name == "normal" || name == "all") set(TreeEdgeKind::normal, value);
    if (name == "build" || name == "all") set(TreeEdgeKind::build, value);
    if (name == "dev" || name == "all") set(TreeEdgeKind::dev, value);
    if (name == "features" || name == "all") set(TreeEdgeKind::feature, value);
  }
  return ok();
}

}  // namespace

void define_tree(CLI::App& app, TreeOptions& options) {
  app.add_option("PACKAGE", options.package, "Of a snapshot: NAME or NAME@REQUIREMENT");
  app.add_option("-e,--edges", options.edges, "Kinds of dependencies to show, with commas: all, normal, build, dev, features, no-normal, no-build, no-dev, "
                 "no-proc-macro")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember(
          {"all", "normal", "build", "dev", "features", "no-normal", "no-build", "no-dev", "no-proc-macro"}))
      ->option_text("KINDS");
  app.add_option("-i,--invert", options.invert, "Show who depends on this package")
      ->expected(0, 1)
      ->take_all()
      ->option_text("SPEC");
  define_list(app, "--prune", options.prune, "Do not show this package", "SPEC");
  app.add_option("--depth", options.depth, "How deep to show it, or `workspace`: only members")->option_text("DEPTH");
  app.add_option("--prefix", options.prefix, "What lines begin with: indent, depth or none")
      ->check(CLI::IsMember({"depth", "indent", "none"}))
      ->option_text("PREFIX");
  app.add_flag("--no-dedupe", options.no_dedupe, "Show again what was shown");
  app.add_flag("-d,--duplicates", options.duplicates, "Only packages there are several versions of (implies -i)");
  app.add_option("--charset", options.charset, "Characters to draw with: utf8 or ascii")
      ->check(CLI::IsMember({"utf8", "ascii"}))
      ->option_text("CHARSET");
  app.add_option("-f,--format", options.format,
                 "How to say it: human, json, or cargo's pattern for a package, of {p} {f} {l} {r} {lib}")
      ->option_text("FORMAT");
  define_list(app, "-p,--package", options.packages, "The package to begin with", "SPEC");
  CLI::Option* workspace = app.add_flag("--workspace", options.workspace, "All members");
  app.add_option("--exclude", options.exclude, "But not this one")
      ->allow_extra_args(false)
      ->needs(workspace)
      ->option_text("SPEC");
  app.add_option("-F,--features", options.features, "Features to turn on")
      ->allow_extra_args(false)
      ->option_text("FEATURES");
  app.add_flag("--all-features", options.all_features, "Turn all features on");
  app.add_flag("--no-default-features", options.no_default_features, "Do not turn `default` on");
  define_list(app, "--target", options.targets, "The target that is built for, or `all` (default: the host)", "TRIPLE");
}

Status finish_tree(TreeOptions& options) {
  RUSTG_TRY(finish_edges(options));
  options.rules.all_targets = options.targets.size() == 1 && options.targets[0] == "all";
  if (options.rules.has(TreeEdgeKind::feature) && options.duplicates)
    return Error{"the `-e features` flag does not support `--duplicates`"};
  options.members_only = options.depth == "workspace";
  if (!options.depth.empty() && !options.members_only) {
    auto [end, error] =
        std::from_chars(options.depth.data(), options.depth.data() + options.depth.size(), options.max_depth);
    if (error != std::errc() || *end != 0)
      return Error{
          fmt::format("supported values for --depth are non-negative integers and `workspace`, but `{}` is unknown",
                      options.depth)};
  }
  options.json = options.format == "json";
  if (options.json || options.format == "human") options.format = "{p}";
  // `-i` alone is about the packages of -p, as it was with older cargos.
  for (const std::string& spec : std::vector(std::move(options.invert))) {
    if (!spec.empty()) {
      options.invert.push_back(spec);
    } else if (options.packages.empty()) {
      return Error{"a package name is required for `-i` but none was supplied"};
    } else {
      options.invert.insert(options.invert.end(), options.packages.begin(), options.packages.end());
    }
  }
  return ok();
}

}  // namespace rustg::driver
