#include "graph/oracle.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace rustg::graph {
namespace {

bool compile(const std::string& crate, const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  return std::system(
             fmt::format("cd '{0}' && rustc -O --edition 2021 --cap-lints allow --crate-type rlib --crate-name semver "
                         "--cfg 'feature=\"std\"' '{1}/src/lib.rs' 2>&1 && "
                         "rustc -O --edition 2021 --extern semver=libsemver.rlib -o oracle "
                         "'{2}/tests/graph/semver_oracle.rs' 2>&1",
                         folder.string(), crate, RUSTG_SOURCE_DIR)
                 .c_str()) == 0;
}

}  // namespace

std::optional<std::vector<std::string>> ask_semver(const std::vector<std::string>& questions, std::string& why) {
  const char* crate = std::getenv("RUSTG_SEMVER_CRATE");
  if (!crate) {
    why = "RUSTG_SEMVER_CRATE does not name the semver crate's sources";
    return {};
  }
  const std::filesystem::path folder =
      std::filesystem::path(RUSTG_BINARY_DIR) / fmt::format("semver_oracle.{}", static_cast<long>(::getpid()));
  std::optional<std::vector<std::string>> answers;
  if (!compile(crate, folder)) {
    why = "rustc does not compile the semver crate";
  } else {
    {
      std::ofstream in(folder / "questions");
      for (const std::string& q : questions) in << q << '\n';
    }
    if (std::system(fmt::format("cd '{}' && ./oracle <questions >answers", folder.string()).c_str()) == 0) {
      answers.emplace();
      std::ifstream out(folder / "answers");
      for (std::string line; std::getline(out, line);) answers->push_back(line);
    } else {
      why = "the program on the semver crate fails";
    }
  }
  std::filesystem::remove_all(folder);
  return answers;
}

}  // namespace rustg::graph
