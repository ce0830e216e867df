// Every module of the specification's tests: accepted, or refused where they say so.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

#include "wasm/module.h"
#include "wasm/spec_corpus.h"

namespace rustg::wasm {
namespace {

using testing::SpecCommand;
using testing::SpecFile;

Status check(std::span<const uint8_t> bytes) {
  RUSTG_LET(module, decode(bytes));
  return validate(module);
}

// The threads proposal's tests are older than reference types, which allow several tables.
bool outdated(const SpecFile& file, const SpecCommand& command) {
  return file.name.starts_with("proposals_threads_") && command.text == "multiple tables";
}

TEST(Spec, EveryModuleIsAcceptedOrRefused) {
  std::string reason;
  const auto& files = testing::spec_corpus(reason);
  if (files.empty()) GTEST_SKIP() << reason;
  size_t accepted = 0, refused = 0, agreed = 0, simd = 0, skipped = 0;
  std::map<std::pair<std::string, std::string>, size_t> differences;
  for (const SpecFile& file : files) {
    size_t wrong = 0;
    for (const SpecCommand& command : file.commands) {
      if (outdated(file, command)) {
        ++skipped;
        continue;
      }
      const bool must_fail = command.type == "assert_malformed" || command.type == "assert_invalid";
      const Status status = check(command.bytes);
      const std::string message = status ? "" : status.error().message;
      if (message.starts_with("SIMD (")) {
        EXPECT_TRUE(file.name.starts_with("simd_")) << command.name << ": " << message;
        ++simd;
      } else if (must_fail) {
        if (status) {
          ++wrong;
          ADD_FAILURE() << command.name << " (line " << command.line << ") is accepted; expected: " << command.text;
          continue;
        }
        EXPECT_TRUE(status.error().offset.value_or(0) <= command.bytes.size()) << command.name;
        ++refused;
        if (message.starts_with(command.text)) {
          ++agreed;
        } else {
          ++differences[{command.text, message.substr(0, message.find_first_of(":,"))}];
        }
      } else if (!status) {
        ++wrong;
        ADD_FAILURE() << command.name << " (line " << command.line << ") is refused: " << message;
      } else {
        ++accepted;
      }
    }
    if (wrong != 0) fmt::print("{}: {} of {} wrong\n", file.name, wrong, file.commands.size());
  }
  fmt::print(
      "{} files: {} modules accepted, {} refused ({:.1f} % with the specification's words), {} SIMD, {} outdated\n",
      files.size(), accepted, refused, 100.0 * static_cast<double>(agreed) / static_cast<double>(refused), simd,
      skipped);
  for (const auto& [texts, count] : differences)
    fmt::print("  {:4} expected \"{}\", said \"{}\"\n", count, texts.first, texts.second);
  EXPECT_GT(accepted, 1000u);
  EXPECT_GT(refused, 2000u);
}

}  // namespace
}  // namespace rustg::wasm
