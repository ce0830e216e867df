// Validation, from text: which modules are valid, and what is said of the others.
#include <gtest/gtest.h>

#include "wasm/module.h"
#include "wasm/wat.h"

namespace rustg::wasm {
namespace {

class Validate : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!testing::has_wat2wasm()) GTEST_SKIP() << "no wat2wasm (Debian package wabt)";
  }
};

// "" if the module is valid.
std::string error_of(const std::string& text) {
  const auto bytes = testing::from_wat(text);
  if (bytes.empty()) return "wat2wasm refused the text";
  const auto module = decode(bytes);
  if (!module) return module.error().message;
  const Status status = validate(*module);
  return status ? "" : status.error().message;
}
// Of a function (param i32 i64) in a module with a memory, a table and a mutable global.
std::string body_error(const std::string& body, const std::string& result = "") {
  return error_of(
      "(module (memory 1) (table $t 4 funcref) (table $e 4 externref) (global $g (mut i32) (i32.const 0)) "
      "(global $c i32 (i32.const 0)) (type $v (func)) (func $two (result i32 i64) unreachable) "
      "(func $f (param i32 i64) " +
      (result.empty() ? "" : "(result " + result + ") ") + body + "))");
}

TEST_F(Validate, AcceptsWhatIsValid) {
  for (const char* body : {"",
                           "nop",
                           "(drop (i32.const 1))",
                           "unreachable",
                           "(local f64) (local.set 2 (f64.const 1))",
                           "(block (result i32) (br 0 (i32.const 1))) drop",
                           "(loop (br_if 0 (i32.const 0)))",
                           "(if (local.get 0) (then (return)) (else (nop)))",
                           "unreachable i32.add drop",
                           "unreachable select drop",
                           "(br 0) drop drop drop",
                           "call $two i64.eqz drop drop",
                           "i32.const 1 (block (param i32) (result i32)) drop",
                           "(br_table 0 0 0 (local.get 0))",
                           "(block (result i32) (block (result f32) (unreachable) (br_table 0 1 1 (i32.const 1))) drop "
                           "(i32.const 0)) drop",
                           "(drop (select (result externref) (ref.null extern) (ref.null extern) (i32.const 1)))",
                           "(table.set $t (i32.const 0) (ref.null func))",
                           "(call_indirect $t (type $v) (i32.const 0))",
                           "(drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))",
                           "atomic.fence",
                           "(memory.fill (i32.const 0) (i32.const 0) (i32.const 0))",
                           "(drop (i32.trunc_sat_f64_s (f64.const 1)))",
                           "(local.tee 0 (i32.const 1)) (i32.store offset=300 align=2 (i32.const 70000)) "})
    EXPECT_EQ(body_error(body), "") << body;
  EXPECT_EQ(body_error("local.get 0 local.get 1", "i32 i64"), "");
}

TEST_F(Validate, SaysWhatIsWrongInABody) {
  const std::pair<const char*, const char*> cases[] = {
      {"(i32.add (i32.const 1) (f64.const 1)) drop", "type mismatch: expected i32, found f64"},
      {"i32.const 1 i32.add drop", "type mismatch: expected i32, found nothing"},
      {"drop", "type mismatch: expected a value, found nothing"},
      {"i32.const 1", "type mismatch: expected no more values at the end of the block, found 1"},
      {"(block (result i32)) drop", "type mismatch: expected i32, found nothing"},
      {"(block (drop (i32.const 1)) drop)", "type mismatch: expected a value, found nothing"},
      {"i32.const 1 (block drop)", "type mismatch: expected a value, found nothing"},
      {"unreachable f32.const 1 i32.eqz drop", "type mismatch: expected i32, found f32"},
      {"(if (result i32) (local.get 0) (then (i32.const 1))) drop", "type mismatch: an if without an else"},
      {"local.get 1 br_if 0", "type mismatch: expected i32, found i64"},
      {"(local.get 2) drop", "unknown local 2"},
      {"(local.set 0 (i64.const 1))", "type mismatch: expected i32, found i64"},
      {"(call 99)", "unknown function 99"},
      {"(br 1)", "unknown label 1"},
      {"(block (result i32) (block (br_table 0 1 (i32.const 0))) (i32.const 1)) drop",
       "type mismatch: labels of a br_table take 0 and 1 values"},
      {"(global.set $c (i32.const 1))", "global is immutable: global 1"},
      {"(drop (global.get 7))", "unknown global 7"},
      {"(drop (i32.load align=8 (i32.const 0)))", "alignment must not be larger than natural: 4 bytes, found 2^3"},
      {"(drop (select (ref.null func) (ref.null func) (i32.const 1)))", "type mismatch: select without a type"},
      {"(drop (select (i32.const 1) (f32.const 1) (i32.const 1)))", "type mismatch: select of i32 and f32"},
      {"(drop (ref.func $two))", "undeclared function reference: function 0"},
      {"(drop (ref.is_null (i32.const 0)))", "type mismatch: expected a reference, found i32"},
      {"(call_indirect $e (type $v) (i32.const 0))", "type mismatch: call_indirect needs a table of funcref"},
      {"(table.copy $t $e (i32.const 0) (i32.const 0) (i32.const 0))",
       "type mismatch: expected funcref, found a table"},
      {"(table.set $t (i32.const 0) (ref.null extern))", "type mismatch: expected funcref, found externref"},
      {"(table.set 5 (i32.const 0) (ref.null func))", "unknown table 5"},
      {"(elem.drop 3)", "unknown elem segment 3"},
      {"(data.drop 3)", "data count section required"},
  };
  for (const auto& [body, message] : cases) {
    const std::string found = body_error(body);
    EXPECT_TRUE(found.starts_with(message)) << body << "\n  says: " << found << "\n  expected: " << message;
    EXPECT_TRUE(found.ends_with(", in function 1 f")) << found;
  }
  EXPECT_TRUE(error_of("(module (func (drop (i32.load (i32.const 0)))))").starts_with("unknown memory 0"));
}

TEST_F(Validate, SaysWhatIsWrongBetweenSections) {
  const std::pair<const char*, const char*> cases[] = {
      {"(module (memory 1) (memory 1))", "multiple memories: expected at most 1, found 2"},
      {"(module (memory 65537))", "memory size must be at most 65536 pages (4GiB), found 65537"},
      {"(module (memory 2 1))", "size minimum must not be greater than maximum, found 2 and 1"},
      {"(module (table 2 1 funcref))", "size minimum must not be greater than maximum, found 2 and 1"},
      {"(module (func) (export \"a\" (func 0)) (export \"a\" (func 0)))", "duplicate export name \"a\""},
      {"(module (func) (export \"\\0a\" (func 0)) (export \"\\0a\" (func 0)))", "duplicate export name \"\\0a\""},
      {"(module (export \"a\" (func 0)))", "unknown function 0"},
      {"(module (func (param i32)) (start 0))", "start function 0 must take nothing"},
      {"(module (global i32 (i64.const 1)))", "type mismatch: expected i32, found i64"},
      {"(module (global i32 (global.get 0)))", "unknown global 0"},
      {"(module (import \"a\" \"b\" (global (mut i32))) (global i32 (global.get 0)))",
       "constant expression required: global 0 is mutable"},
      {"(module (global i32 (i32.add (i32.const 1) (i32.const 1))))", "type mismatch"},
      {"(module (global i32 (i32.clz (i32.const 1))))", "constant expression required, found i32.clz"},
      {"(module (data (i32.const 0) \"a\"))", "unknown memory 0"},
      {"(module (data \"a\") (func (data.drop 0) (data.drop 1)))", "unknown data segment 1"},
      {"(module (func) (elem (i32.const 0) 0))", "unknown table 0"},
      {"(module (table 1 externref) (func) (elem (i32.const 0) func 0))", "type mismatch: expected externref"},
  };
  for (const auto& [text, message] : cases) {
    const std::string found = error_of(text);
    EXPECT_TRUE(found.starts_with(message)) << text << "\n  says: " << found << "\n  expected: " << message;
  }
  EXPECT_EQ(error_of("(module (memory 1 2 shared) (table 1 funcref) (table 1 externref))"), "");
}

TEST_F(Validate, FindsTheFirstBadFunctionOfMany) {
  // Enough bytes that the bodies go to several threads.
  const std::string good = "(func (param i32) " + [] {
    std::string body;
    for (int i = 0; i < 300; ++i) body += "(local.set 0 (i32.add (local.get 0) (i32.const 1000)))";
    return body;
  }() + ")";
  std::string text = "(module ";
  for (int i = 0; i < 400; ++i) {
    if (i == 250 || i == 350) text += "(func $bad_" + std::to_string(i) + " drop)";
    text += good;
  }
  EXPECT_EQ(error_of(text + ")"), "type mismatch: expected a value, found nothing, in function 250 bad_250");
}

TEST(ValidateBytes, DeepNestingTakesNoStack) {
  constexpr size_t kDepth = 1'000'000;
  std::vector<uint8_t> bytes = {0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x04,
                                0x01, 0x60, 0x00, 0x00, 0x03, 0x02, 0x01, 0x00, 0x0a};
  const auto number = [&](size_t value) {
    for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<uint8_t>((value >> (7 * i) & 0x7f) | (i < 3 ? 0x80 : 0)));
  };
  const size_t body = 1 + kDepth * 3 + 1;
  number(1 + 4 + body);
  bytes.push_back(1);
  number(body);
  bytes.push_back(0);
  for (size_t i = 0; i < kDepth; ++i) bytes.insert(bytes.end(), {0x02, 0x40});
  bytes.insert(bytes.end(), kDepth + 1, 0x0b);
  const auto module = decode(bytes);
  ASSERT_TRUE(module) << module.error().message;
  EXPECT_TRUE(validate(*module));
}

TEST(ValidateBytes, ALongNumberOfLocalsTakesNoMemory) {
  const std::vector<uint8_t> bytes = {0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x04,
                                      0x01, 0x60, 0x00, 0x00, 0x03, 0x02, 0x01, 0x00, 0x0a, 0x0a,
                                      0x01, 0x08, 0x01, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x7f, 0x0b};
  const auto module = decode(bytes);
  ASSERT_TRUE(module) << module.error().message;
  const Status status = validate(*module);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message, "too many locals: 4294967295, the limit is 50000, in function 0");
  EXPECT_EQ(status.error().offset, 23u);
}

}  // namespace
}  // namespace rustg::wasm
