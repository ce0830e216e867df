// One test a file of the specification's suite and of our own, on the CPU's engine.
#include <gtest/gtest.h>

#include <fstream>

#include "spec/data.h"
#include "spec/runner.h"
#include "wasm/instruction.h"

namespace rustg::spec {
namespace {

std::string why_no_specification, why_no_own;

void expect_all_pass(const Suite& suite) {
  // As it was lowered, and after all passes, those that the CPU has no need of too.
  const std::optional<ir::Options> passes[] = {std::nullopt,
                                               ir::Options{.guards = true, .imprecise = false, .fuel = true}};
  for (const auto& options : passes) {
    SCOPED_TRACE(options ? "after the passes" : "without passes");
    auto result = run_file(suite.json, make_cpu_engine, options);
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_GT(result->modules + result->passed + result->skipped_text, 0u);
    for (const Failure& failure : result->failures)
      ADD_FAILURE() << suite.name << ".wast:" << failure.line << ": " << failure.message;
  }
}

std::string test_name(const testing::TestParamInfo<Suite>& info) {
  std::string name = info.param.name;
  for (char& c : name)
    if (!isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
}

class Specification : public testing::TestWithParam<Suite> {};
TEST_P(Specification, Passes) { expect_all_pass(GetParam()); }
INSTANTIATE_TEST_SUITE_P(Core, Specification, testing::ValuesIn(specification_suites(why_no_specification)), test_name);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Specification);
TEST(SpecificationData, IsThere) {
  if (!why_no_specification.empty()) GTEST_SKIP() << why_no_specification;
  EXPECT_GT(specification_suites(why_no_specification).size(), 80u);
}

class Own : public testing::TestWithParam<Suite> {};
TEST_P(Own, Passes) { expect_all_pass(GetParam()); }
INSTANTIATE_TEST_SUITE_P(Every, Own, testing::ValuesIn(own_suites(why_no_own)), test_name);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Own);

// Our own files use every instruction that there is.
TEST(OwnData, NamesEveryInstruction) {
  const auto suites = own_suites(why_no_own);
  if (!why_no_own.empty()) GTEST_SKIP() << why_no_own;
  std::vector<bool> seen(wasm::kOpcodeCount);
  for (const Suite& suite : suites)
    for (const auto& entry : std::filesystem::directory_iterator(suite.json.parent_path())) {
      if (entry.path().extension() != ".wasm") continue;
      std::ifstream file(entry.path(), std::ios::binary);
      const std::vector<uint8_t> bytes(std::istreambuf_iterator<char>(file), {});
      auto module = wasm::decode(bytes);
      ASSERT_TRUE(module) << module.error().message;
      for (const wasm::Body& body : module->bodies) {
        wasm::Reader reader(body.bytes, body.offset);
        for (uint32_t groups = reader.u32(); groups != 0; --groups) reader.u32(), reader.value_type();
        wasm::Instruction in;
        while (!reader.at_end() && wasm::read_instruction(reader, in)) {
          seen[static_cast<size_t>(in.opcode)] = true;
          if (in.opcode == wasm::Opcode::br_table)
            for (uint32_t i = 0; i <= in.index; ++i) reader.u32();
          if (in.opcode == wasm::Opcode::select_typed) reader.bytes(in.index);
        }
      }
    }
  for (size_t i = 0; i < seen.size(); ++i) EXPECT_TRUE(seen[i]) << wasm::kOpcodes[i].mnemonic;
}

}  // namespace
}  // namespace rustg::spec
