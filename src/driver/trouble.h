// What is wrong with a file as a whole, or with one that holds no Rust: it cannot be read, or a Cargo.toml is broken.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "graph/manifest.h"
#include "source/diagnostic.h"
#include "source/source_map.h"

namespace rustg::driver {

struct Trouble {
  std::string message;
  // Where, if there is a place: the text of that file to show (valid UTF-8), an offset into it, and what to say there.
  struct Place {
    std::string path, text;
    uint32_t offset = 0;
    std::string label = {};
  };
  std::optional<Place> place = {};

  // As a diagnostic; its place is in a file that is added to `map` for it.
  source::Diagnostic diagnostic(source::SourceMap& map) const;
};

// A file that SourceMap could not take. Where it is not UTF-8, its bytes show the place.
Trouble unreadable(const std::string& path, const source::Problem& problem, const std::string& bytes);
// "couldn't read `path`: …" for an errno.
Trouble unreadable(const std::string& path, int error);
Trouble bad_manifest(const std::string& path, const std::string& text, const graph::ManifestError& error);

// All of a file, or an errno.
int read_whole(const std::string& path, std::string& content);

}  // namespace rustg::driver
