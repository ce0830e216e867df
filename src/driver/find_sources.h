// Which .rs files a command is about: files, and all below folders, with the edition of the Cargo package that each belongs to.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "driver/trouble.h"
#include "source/source_map.h"

namespace rustg::driver {

struct FoundSources {
  std::vector<source::SourceFile> files;  // each once: by path, in the order of the paths asked for
  std::vector<Trouble> troubles;
  uint32_t left_out = 0;  // files of packages whose edition is not known
};

// paths: files are taken as they are; below a folder all that end in .rs, but hidden folders and a package's `target`. A symbolic link to a folder
// is followed unless that folder has been gone through already.
// edition: of all files; none: of a folder's files what the Cargo.toml says that they belong to, of others 2015.
FoundSources find_sources(const std::vector<std::string>& paths, std::optional<uint8_t> edition, int threads);

}  // namespace rustg::driver
