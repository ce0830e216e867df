#include "wasm/wat.h"

#include <stdlib.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace rustg::wasm::testing {

bool has_wat2wasm() {
  static const bool found = std::system("wat2wasm --version > /dev/null 2>&1") == 0;
  return found;
}

std::vector<uint8_t> from_wat(const std::string& text) {
  std::string folder = (std::filesystem::temp_directory_path() / "rustg-wat-XXXXXX").string();
  if (!mkdtemp(folder.data())) return {};
  std::ofstream(folder + "/a.wat") << text;
  std::vector<uint8_t> bytes;
  const std::string command = "cd " + folder + " && wat2wasm --no-check --debug-names --enable-threads a.wat -o a.wasm";
  if (std::system(command.c_str()) == 0) {
    std::ifstream file(folder + "/a.wasm", std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(file), {});
  }
  std::filesystem::remove_all(folder);
  return bytes;
}

}  // namespace rustg::wasm::testing
