// Running programs from tests: what they print, how they end, how long they take.
#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rustg::testing {

struct Ran {
  int exit_code = -1;  // 128 + the signal if it was killed
  std::string out, err;
  double seconds = 0;
};

struct How {
  std::string input = {};                             // stdin
  std::filesystem::path folder = {};                  // empty: the current one
  std::map<std::string, std::string> variables = {};  // added to the environment; an empty value removes one
};

// The first part is looked for in PATH.
Ran run(const std::vector<std::string>& command, const How& how = {});
// The rustg that was built.
Ran rustg(std::vector<std::string> arguments, const How& how = {});
std::string rustg_path();

// A folder of its own for a test, gone afterwards.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  std::filesystem::path path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  std::filesystem::path write(const std::string& name, const std::string& content) const;
  // NAME.wasm from WebAssembly text, by wat2wasm.
  std::filesystem::path wasm(const std::string& name, const std::string& text) const;

 private:
  std::filesystem::path path_;
};

std::string read_file(const std::filesystem::path& path);
bool has_program(const std::string& name);
// Where tests may keep what is dear to make: inside the build folder.
std::filesystem::path kept_folder();
// Why Rust programs cannot be compiled for wasm32-wasip1 here; none if they can.
std::optional<std::string> no_rust();

}  // namespace rustg::testing

#define SKIP_WITHOUT(program) \
  if (!::rustg::testing::has_program(program)) GTEST_SKIP() << "no " << program << " on this machine"
#define SKIP_WITHOUT_RUST() \
  if (auto reason = ::rustg::testing::no_rust()) GTEST_SKIP() << *reason
