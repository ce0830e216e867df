// What `rustg graph` was asked for.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "driver/graph_tree_options.h"
#include "graph/snapshot.h"

namespace CLI {
class App;
}

namespace rustg::driver {

struct GraphOptions {
  enum class Action { none, import, stats, order, cycles, path, why, dependents, resolve, draw, tree, impact };
  Action action = Action::none;
  std::string index;     // import
  std::string snapshot;  // import writes it, stats reads it
  bool update = false;   // import: read only what is new since the snapshot that is there
  // import: the snapshot's form; otherwise that of the one that is updated, or mapped
  std::optional<graph::SnapshotForm> form;
  bool stats = false;  // import: then say what stats says
  bool json = false;
  // What a question is asked of: a Cargo.toml or its folder, or a snapshot; empty: the default one.
  std::string source;
  std::string registry;            // what a Cargo.toml is resolved with; empty: the default snapshot
  std::vector<std::string> names;  // the packages that path, why and rdeps are about
  bool dev = false, no_optional = false;
  bool list = false;  // everything, where there is much
  bool all = false;   // resolve: every crate
  bool locked = false, fresh = false;
  std::string output;       // resolve: the lock file; draw: the picture
  std::string title;        // draw: of the picture; empty: the source's name
  bool transitive = false;  // draw: also dependencies that follow from others
  TreeOptions tree;
  bool yank = false, publish = false;     // impact: what is done to the version
  std::vector<std::string> requirements;  // impact: DEP=REQ of the one that is published
  bool cuda = false;
  uint32_t jobs = 0;  // CPU threads; 0: one a core
};

// The subcommands of `graph`, and what was chosen once they are parsed.
void define_graph(CLI::App& app, GraphOptions& options);
Status finish_graph(const CLI::App& app, GraphOptions& options);
// Of the subcommand that was asked about, or of all of `graph`.
std::string graph_usage(const CLI::App& app, const CLI::App*& chosen);

}  // namespace rustg::driver
