// What the linker says of imports that it cannot bind. That it judges as the specification does, the spec tests check.
#include "wasm/link.h"

#include <gtest/gtest.h>

#include "wasm/wat.h"

namespace rustg::wasm {
namespace {

const FuncType* host_type(std::string_view module, std::string_view name) {
  static const FuncType exit{{ValType::i32}, {}};
  return module == "host" && name == "exit" ? &exit : nullptr;
}

// The error of linking a module with this import against the host above; "" if there is none.
std::string error_of(const std::string& import, ir::Program& program) {
  const auto bytes = testing::from_wat("(module " + import + ")");
  const auto module = decode(bytes);
  if (!module) return module.error().message;
  const auto imports = Linker(program, host_type).resolve(*module);
  return imports ? "" : imports.error().message;
}

class Link : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!testing::has_wat2wasm()) GTEST_SKIP() << "no wat2wasm (Debian package wabt)";
  }
};

TEST_F(Link, SaysWhatIsMissing) {
  ir::Program program;
  EXPECT_EQ(error_of("(import \"env\" \"frob\" (func (param i32 f64) (result i64)))", program),
            "unknown import: function \"frob\" of module \"env\" (i32, f64) -> (i64) is not provided by rustg");
  EXPECT_EQ(error_of("(import \"env\" \"memory\" (memory 1))", program),
            "unknown import: memory \"memory\" of module \"env\" is not provided by rustg");
  EXPECT_EQ(error_of("(import \"host\" \"exit\" (func (param i64)))", program),
            "incompatible import type: function \"exit\" of module \"host\" is imported as (i64) -> (), but it is "
            "(i32) -> ()");
  // What failed has left nothing behind.
  EXPECT_TRUE(program.functions.empty());
  EXPECT_TRUE(program.host_functions.empty());
}

TEST_F(Link, AddsHostFunctionsOnce) {
  ir::Program program;
  EXPECT_EQ(
      error_of("(import \"host\" \"exit\" (func (param i32))) (import \"host\" \"exit\" (func (param i32)))", program),
      "");
  ASSERT_EQ(program.host_functions.size(), 1u);
  EXPECT_EQ(program.host_functions[0].module + "." + program.host_functions[0].name, "host.exit");
  EXPECT_EQ(program.host, std::vector<uint32_t>{0});
}

TEST_F(Link, ComparesWithTheSizeOfNow) {
  ir::Program program;
  const auto bytes = testing::from_wat("(module (import \"m\" \"memory\" (memory 3 9)))");
  const auto module = decode(bytes);
  ASSERT_TRUE(module);
  uint64_t pages = 2;
  Linker linker(program, {}, [&](ExternKind, uint32_t) { return pages; });
  linker.define("m", "memory", {.kind = ExternKind::memory, .memory = {.min = 1, .max = 9, .has_max = true}});
  const auto small = linker.resolve(*module);
  ASSERT_FALSE(small);
  EXPECT_EQ(small.error().message,
            "incompatible import type: memory \"memory\" of module \"m\" is imported as 3..9, but it is 2..9");
  pages = 3;
  EXPECT_TRUE(linker.resolve(*module));
}

}  // namespace
}  // namespace rustg::wasm
