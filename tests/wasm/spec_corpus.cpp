#include "wasm/spec_corpus.h"

#include <simdjson.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace rustg::wasm::testing {

namespace fs = std::filesystem;

namespace {

// RUSTG_SPEC_DATA: the archive, or a folder that holds it or its unpacked contents.
fs::path find_archive() {
  const char* given = std::getenv("RUSTG_SPEC_DATA");
  const fs::path place = given ? fs::path(given) : fs::path(RUSTG_SOURCE_DIR) / "../shared/data";
  return fs::is_directory(place) ? place / "wasm-spec-2022-11-09.tar.zst" : place;
}

std::vector<uint8_t> read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

SpecFile read_spec_file(const fs::path& folder) {
  SpecFile file{folder.filename(), {}};
  simdjson::dom::parser parser;
  simdjson::dom::element document;
  if (parser.load(folder / "t.json").get(document)) return file;
  for (const auto command : document["commands"].get_array()) {
    std::string_view path, type, module_type, text;
    uint64_t line = 0;
    if (command["filename"].get(path) || command["type"].get(type)) continue;
    if (!command["module_type"].get(module_type) && module_type == "text") continue;
    if (command["text"].get(text)) text = {};
    if (command["line"].get(line)) line = 0;
    file.commands.push_back({std::string(type), std::string(text), file.name + "/" + std::string(path),
                             static_cast<uint32_t>(line), read_file(folder / path)});
  }
  return file;
}

std::vector<SpecFile> load(std::string& reason) {
  const fs::path archive = find_archive();
  if (!fs::exists(archive)) {
    reason = "no specification tests at " + archive.string() + "; set RUSTG_SPEC_DATA";
    return {};
  }
  std::string folder = (fs::temp_directory_path() / "rustg-spec-XXXXXX").string();
  if (!mkdtemp(folder.data())) {
    reason = "no temporary folder to unpack the specification tests";
    return {};
  }
  std::vector<SpecFile> files;
  if (std::system(("tar --zstd -xf '" + archive.string() + "' -C '" + folder + "'").c_str()) == 0) {
    for (const auto& entry : fs::directory_iterator(folder))
      if (entry.is_directory()) files.push_back(read_spec_file(entry.path()));
    std::sort(files.begin(), files.end(), [](const SpecFile& a, const SpecFile& b) { return a.name < b.name; });
  } else {
    reason = "tar cannot unpack " + archive.string() + " (is zstd installed?)";
  }
  fs::remove_all(folder);
  return files;
}

}  // namespace

const std::vector<SpecFile>& spec_corpus(std::string& reason) {
  static std::string why;
  static const std::vector<SpecFile> files = load(why);
  reason = why;
  return files;
}

}  // namespace rustg::wasm::testing
