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
  import->add_flag("--stats", options.stats, "Say what is in it");
  import->add_option("-j,--jobs", options.jobs, "CPU threads (default: one a core)")->option_text("N");
  define_format(*import, options);
  CLI::App* stats = app.add_subcommand("stats", "Say what is in a snapshot, and what it weighs");
  stats->add_option("FILE", options.snapshot, "A snapshot that import made")->required();
  define_format(*stats, options);
}

Status finish_graph(const CLI::App& app, GraphOptions& options) {
  if (app.got_subcommand("import"))
    options.action = GraphOptions::Action::import;
  else if (app.got_subcommand("stats"))
    options.action = GraphOptions::Action::stats;
  else
    return Error{"graph: what about it? See rustg graph --help"};
  return ok();
}

std::string graph_usage(const CLI::App& app, const CLI::App*& chosen) {
  chosen = &app;
  for (const CLI::App* sub : app.get_subcommands()) chosen = sub;
  if (chosen->get_name() == "import") return "rustg graph import [OPTIONS] INDEX -o FILE";
  if (chosen->get_name() == "stats") return "rustg graph stats [OPTIONS] FILE";
  return "rustg graph COMMAND ...";
}

}  // namespace rustg::driver
