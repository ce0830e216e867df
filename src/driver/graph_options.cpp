#include "driver/graph_options.h"

#include <CLI/CLI.hpp>

namespace rustg::driver {
namespace {

void define_format(CLI::App& app, GraphOptions& options) {
  app.add_option_function<std::string>(
         "--format", [&options](const std::string& format) { options.json = format == "json"; },
         "How to say it: human or json")
      ->check(CLI::IsMember({"human", "json"}))
      ->option_text("FORMAT");
}

void define_device(CLI::App& app, GraphOptions& options) {
  app.add_option_function<std::string>(
         "--device", [&options](const std::string& device) { options.cuda = device == "cuda" || device == "gpu"; },
         "Where to compute: cpu (the default) or cuda")
      ->check(CLI::IsMember({"cpu", "cuda", "gpu"}))
      ->option_text("DEVICE");
  app.add_option("-j,--jobs", options.jobs, "CPU threads (default: one a core)")->option_text("N");
}

// A question: the packages it is about, then what it is asked of.
CLI::App* define_query(CLI::App& app, const char* name, const char* what, std::initializer_list<const char*> packages,
                       GraphOptions& options) {
  CLI::App* query = app.add_subcommand(name, what);
  options.names.resize(2);
  size_t i = 0;
  for (const char* package : packages)
    query->add_option(package, options.names[i++], "NAME or NAME@VERSION")->required();
  query->add_option(
      "SOURCE", options.source,
      "A Cargo.toml, whose workspace is resolved, or a snapshot, of which the newest versions are looked at "
      "(default: that of --registry, $RUSTG_REGISTRY, or crates.rgraph in the cache)");
  query->add_option("--registry", options.registry, "The snapshot that a Cargo.toml is resolved with")
      ->option_text("FILE");
  query->add_flag("--dev", options.dev, "Dev-dependencies too");
  query->add_flag("--no-optional", options.no_optional, "Leave out what only a feature turns on (of a snapshot)");
  define_format(*query, options);
  return query;
}

constexpr struct {
  const char* name;
  GraphOptions::Action action;
  const char* usage;
} kActions[] = {
    {"import", GraphOptions::Action::import, "rustg graph import [OPTIONS] INDEX -o FILE"},
    {"stats", GraphOptions::Action::stats, "rustg graph stats [OPTIONS] FILE"},
    {"order", GraphOptions::Action::order, "rustg graph order [OPTIONS] [SOURCE]"},
    {"cycles", GraphOptions::Action::cycles, "rustg graph cycles [OPTIONS] [SOURCE]"},
    {"path", GraphOptions::Action::path, "rustg graph path [OPTIONS] A B [SOURCE]"},
    {"why", GraphOptions::Action::why, "rustg graph why [OPTIONS] A B [SOURCE]"},
    {"rdeps", GraphOptions::Action::dependents, "rustg graph rdeps [OPTIONS] NAME[@REQ] [SOURCE]"},
    {"resolve", GraphOptions::Action::resolve, "rustg graph resolve [OPTIONS] [SOURCE]"},
    {"draw", GraphOptions::Action::draw, "rustg graph draw [OPTIONS] [SOURCE [NAME[@REQ]]] -o FILE"},
    {"impact", GraphOptions::Action::impact,
     "rustg graph impact [OPTIONS] NAME@VERSION --yank | --publish [DEP=REQ...]"},
    {"tree", GraphOptions::Action::tree, "rustg graph tree [OPTIONS] [SOURCE [NAME[@REQ]]]"},
};

}  // namespace

void define_graph(CLI::App& app, GraphOptions& options) {
  app.require_subcommand(0, 1);
  CLI::App* import = app.add_subcommand("import", "Make a snapshot of a registry's index");
  import
      ->add_option("INDEX", options.index,
                   "A file of JSON lines (.zst too), a checkout of a git index, or cargo's cache of a sparse one")
      ->required();
  import->add_option("-o,--output", options.snapshot, "The snapshot")->required()->option_text("FILE");
  import->add_flag("--update", options.update,
                   "Parse only crates that are not as they are in the snapshot that is there");
  CLI::Option* compress = import
                              ->add_flag_callback(
                                  "--compress", [&options] { options.form = graph::SnapshotForm::compressed; },
                                  "Make the snapshot under a third as large (LZ4); it takes longer to open")
                              ->option_text(" ");
  import
      ->add_flag_callback(
          "--no-compress", [&options] { options.form = graph::SnapshotForm::mapped; },
          "Make one that is used as it is in the file (the default, unless --update finds a compressed one)")
      ->excludes(compress)
      ->option_text(" ");
  import->add_flag("--stats", options.stats, "Say what is in it");
  import->add_option("-j,--jobs", options.jobs, "CPU threads (default: one a core)")->option_text("N");
  define_format(*import, options);
  CLI::App* stats = app.add_subcommand("stats", "Say what is in a snapshot, and what it weighs");
  stats->add_option("FILE", options.snapshot, "A snapshot that import made")->required();
  define_format(*stats, options);
  for (CLI::App* ordered :
       {define_query(app, "order", "Say in which order packages can be built, level by level", {}, options),
        define_query(app, "cycles", "Show packages that need each other", {}, options)})
    define_device(*ordered, options);
  app.get_subcommand("order")->add_flag("--list", options.list,
                                        "Every crate of a snapshot, not only how many a level has");
  define_query(app, "path", "Show a shortest way from package A to package B", {"A", "B"}, options);
  define_query(app, "why", "Show a shortest way from package A to package B, and what each step asks for", {"A", "B"}, options);
  define_query(app, "rdeps", "Show who depends on a package; with @REQ, who would take such a version", {"NAME"},
               options);
  CLI::App* resolve =
      app.add_subcommand("resolve", "Make a workspace's Cargo.lock, or resolve every crate of a snapshot");
  resolve->add_option("SOURCE", options.source, "A Cargo.toml (default: the one here); with --all a snapshot");
  resolve
      ->add_option("--registry", options.registry,
                   "The snapshot to choose versions from (default: $RUSTG_REGISTRY, or crates.rgraph in the cache)")
      ->option_text("FILE");
  resolve
      ->add_option("-o,--output", options.output,
                   "The lock file (default: Cargo.lock beside the workspace's Cargo.toml; - for stdout)")
      ->option_text("FILE");
  resolve->add_flag("--locked", options.locked, "Fail if Cargo.lock is not there, or is not what it should be");
  resolve->add_flag("--fresh", options.fresh, "Do not keep the versions of the Cargo.lock that is there");
  resolve->add_flag("--all", options.all, "Resolve the newest version of every crate");
  resolve->add_flag("--list", options.list, "With --all: what cannot be resolved, and why");
  define_format(*resolve, options);
  define_device(*resolve, options);
  CLI::App* draw = app.add_subcommand("draw", "Draw a workspace, a crate with all that it needs, or a whole registry");
  draw->add_option("SOURCE", options.source,
                   "A Cargo.toml, whose workspace is resolved (default: the one here), or a snapshot");
  draw->add_option("NAME", options.names[0],
                   "Of a snapshot: only this crate and what it needs, as NAME or NAME@REQUIREMENT");
  draw->add_option("-o,--output", options.output,
                   "The picture: its name ends in .svg, .dot or .html (a page to look around in)")
      ->required()
      ->option_text("FILE");
  draw->add_option("--registry", options.registry, "The snapshot that a Cargo.toml is resolved with")
      ->option_text("FILE");
  draw->add_option("--title", options.title, "What stands above it (default: the name of what is drawn)")
      ->option_text("TEXT");
  draw->add_flag("--dev", options.dev, "Dev-dependencies too");
  draw->add_flag("--no-optional", options.no_optional, "Leave out what only a feature turns on (of a whole snapshot)");
  draw->add_flag("--transitive", options.transitive, "Draw dependencies that follow from others too, faintly");
  CLI::App* tree = app.add_subcommand("tree", "Show what packages depend on, as `cargo tree` does");
  tree->add_option("SOURCE", options.source,
                   "A Cargo.toml (default: the one here), or a snapshot and a crate of it");
  tree->add_option("--registry", options.registry, "The snapshot to choose versions from")->option_text("FILE");
  define_tree(*tree, options.tree);
  CLI::App* impact = app.add_subcommand(
      "impact", "Say which crates' resolutions change, through a whole registry, if a version is yanked or published");
  impact->add_option("NAME", options.names[0], "The version, as NAME@VERSION")->required();
  CLI::Option* yank = impact->add_flag("--yank", options.yank, "It can no longer be chosen")->option_text(" ");
  impact
      ->add_flag("--publish", options.publish,
                 "It can be chosen, and has the manifest of the newest version before it")
      ->excludes(yank)
      ->option_text(" ");
  impact->add_option("DEP=REQ", options.requirements,
                     "With --publish: what it requires of a dependency instead of what that manifest says");
  impact
      ->add_option("--registry", options.registry,
                   "The snapshot to choose versions from (default: $RUSTG_REGISTRY, or crates.rgraph in the cache)")
      ->option_text("FILE");
  impact->add_flag("--list", options.list, "Every crate that changes, with all of the reason");
  define_format(*impact, options);
  define_device(*impact, options);
}

Status finish_graph(const CLI::App& app, GraphOptions& options) {
  for (const auto& action : kActions)
    if (app.got_subcommand(action.name)) options.action = action.action;
  if (options.action == GraphOptions::Action::none) return Error{"graph: what about it? See rustg graph --help"};
  if (options.source.empty() && ((options.action == GraphOptions::Action::resolve && !options.all) ||
                                 options.action == GraphOptions::Action::draw))
    options.source = "Cargo.toml";
  if (options.action == GraphOptions::Action::impact && !options.yank && !options.publish)
    return Error{"impact: of what? --yank or --publish"};
  if (options.action == GraphOptions::Action::impact && options.yank && !options.requirements.empty())
    return Error{"a version that is yanked keeps its requirements: DEP=REQ is for --publish"};
  if (options.action == GraphOptions::Action::tree) {
    if (options.source.empty()) options.source = "Cargo.toml";
    return finish_tree(options.tree);
  }
  return ok();
}

std::string graph_usage(const CLI::App& app, const CLI::App*& chosen) {
  chosen = &app;
  for (const CLI::App* sub : app.get_subcommands()) chosen = sub;
  for (const auto& action : kActions)
    if (chosen->get_name() == action.name) return action.usage;
  return "rustg graph COMMAND ...";
}

}  // namespace rustg::driver
