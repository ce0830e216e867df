#include "driver/rust_toolchain.h"

#include <fmt/format.h>

#include <sstream>

#include "driver/compiler.h"

namespace rustg::driver {

namespace {

Result<graph::Platform> describe(const RustToolchain& toolchain, const std::string& name, bool is_host) {
  std::vector<std::string> command = {toolchain.rustc, "--print=cfg"};
  if (!is_host) command.insert(command.end(), {"--target", name});
  std::istringstream flags(environment_variable("RUSTFLAGS"));
  for (std::string flag; flags >> flag;) command.push_back(flag);
  std::string cfgs;
  auto exit_code = spawn(command, &cfgs);
  if (!exit_code) return exit_code.error();
  if (*exit_code != 0) return Error{fmt::format("{} does not know the target `{}`", toolchain.rustc, name)};
  return graph::make_platform(name, cfgs);
}

}  // namespace

Result<RustToolchain> find_toolchain() {
  RustToolchain out;
  out.rustc = environment_variable("RUSTC").empty() ? "rustc" : environment_variable("RUSTC");
  std::string text;
  auto exit_code = spawn({out.rustc, "-vV"}, &text);
  if (!exit_code) return exit_code.error();
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("host: ")) out.host = line.substr(6);
    if (line.starts_with("release: ")) out.version = line.substr(9);
  }
  if (*exit_code != 0 || out.host.empty()) return Error{fmt::format("{} -vV does not say what it is", out.rustc)};
  return out;
}

Result<graph::Platform> describe_host(const RustToolchain& toolchain) {
  return describe(toolchain, toolchain.host, true);
}

Result<graph::Platform> describe_target(const RustToolchain& toolchain, const std::string& target) {
  return describe(toolchain, target, false);
}

}  // namespace rustg::driver
