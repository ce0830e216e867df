// Tokens and trees as text for people, and as JSON for programs. docs/front_end.md describes the forms.
#pragma once
#include <cstdint>
#include <cstdio>
#include <vector>

#include "driver/check_options.h"
#include "parse/host_tree.h"
#include "source/source_map.h"

namespace rustg::driver {

// The only file of a batch, on the host.
struct ParsedFile {
  const source::SourceMap& map;
  std::vector<uint8_t> token_kinds;
  parse::HostTree tree;
  std::vector<uint32_t> match;  // of each bracket token the other one of its pair
};

void dump(const ParsedFile& file, DumpKind kind, std::FILE* to);

}  // namespace rustg::driver
