// Decoding, from bytes written by hand.
#include <gtest/gtest.h>

#include <string>

#include "wasm/instruction.h"
#include "wasm/module.h"

namespace rustg::wasm {
namespace {

using Bytes = std::vector<uint8_t>;

Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}
Bytes text(std::string_view characters) { return {characters.begin(), characters.end()}; }
const Bytes kHeader = {0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00};
Bytes section(uint8_t id, const Bytes& content) { return Bytes{id, static_cast<uint8_t>(content.size())} + content; }
Bytes named(const char* name) { return Bytes{static_cast<uint8_t>(std::string_view(name).size())} + text(name); }

std::string error_of(const Bytes& bytes) {
  const auto module = decode(bytes);
  return module ? "" : module.error().message;
}
void expect_error(const Bytes& bytes, const std::string& start, uint64_t offset) {
  const auto module = decode(bytes);
  ASSERT_FALSE(module) << "accepted; expected: " << start;
  EXPECT_TRUE(module.error().message.starts_with(start)) << module.error().message << "\nexpected: " << start;
  EXPECT_EQ(module.error().offset, offset) << start;
}

TEST(Decode, WhatIsNoModuleIsToldByName) {
  expect_error({}, "unexpected end: the file is empty", 0);
  expect_error({0, 0x61}, "unexpected end: the file ends within its magic number", 2);
  expect_error({0, 0x61, 0x73, 0x6d, 1}, "unexpected end: the file ends within its version", 5);
  expect_error({0, 0x61, 0x73, 0x6d, 2, 0, 0, 0}, "unknown binary version: expected 01 00 00 00, found 02 00 00 00", 4);
  expect_error({0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0},
               "is a WebAssembly component; rustg runs core modules (wasm32-wasip1)", 4);
  expect_error(text("\x7f"
                    "ELF\x02\x01\x01"),
               "magic header not detected: this is an ELF file", 0);
  expect_error(text("!<arch>\n"), "magic header not detected: this is an archive", 0);
  expect_error(text("(module)"), "magic header not detected: this is WebAssembly's text format", 0);
  expect_error(text("fn main() {}\n"), "magic header not detected: this is a text file", 0);
  expect_error(text(std::string(511, 'x') + "ü and so on"), "magic header not detected: this is a text file", 0);
  expect_error({0xde, 0xad, 0xbe, 0xef}, "magic header not detected: expected 00 61 73 6d, found de ad be ef", 0);
}

TEST(Decode, Sections) {
  EXPECT_EQ(error_of(kHeader), "");
  expect_error(kHeader + Bytes{13, 0}, "malformed section id 13: exceptions", 8);
  expect_error(kHeader + Bytes{99, 0}, "malformed section id 99", 8);
  expect_error(kHeader + Bytes{1, 5, 0}, "length out of bounds: 5 bytes are announced, 1 are left", 10);
  expect_error(kHeader + Bytes{1, 2, 0, 0}, "section size mismatch: the type section has 2 bytes", 11);
  expect_error(kHeader + Bytes{3, 1, 0, 1, 1, 0}, "unexpected content after last section: the type section comes after",
               11);
  expect_error(kHeader + Bytes{1, 1, 0, 1, 1, 0}, "unexpected content after last section: the type section comes twice",
               11);
  expect_error(kHeader + section(1, {1, 0x60, 0, 0}) + section(3, {1, 0}),
               "function and code section have inconsistent lengths: 1 functions, 0 bodies", 18);
  expect_error(kHeader + Bytes{12, 1, 1}, "data count and data section have inconsistent lengths: 1 announced, 0 found",
               11);
}

TEST(Decode, Numbers) {
  const auto memory = [](const Bytes& min) { return kHeader + section(5, Bytes{1, 0} + min); };
  EXPECT_EQ(error_of(memory({0x80, 0x80, 0x80, 0x80, 0x00})), "");
  EXPECT_EQ(decode(memory({0xff, 0xff, 0xff, 0xff, 0x0f}))->memories[0].min, 0xffffffffu);
  expect_error(memory({0xff, 0xff, 0xff, 0xff, 0x1f}), "integer too large", 12);
  expect_error(memory({0x80, 0x80, 0x80, 0x80, 0x80, 0x00}), "integer representation too long", 12);
  expect_error(memory({0x80}), "unexpected end of section or function", 13);

  const auto global = [](const Bytes& bytes) {
    return kHeader + section(6, Bytes{1, 0x7e, 0, 0x42} + bytes + Bytes{0x0b});
  };
  const auto value = [&](const Bytes& bytes) {
    return static_cast<int64_t>(decode(global(bytes))->globals[0].init.bits);
  };
  EXPECT_EQ(value({0x7f}), -1);
  EXPECT_EQ(value({0xc0, 0xbb, 0x78}), -123456);
  EXPECT_EQ(value({0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f}), INT64_MIN);
  EXPECT_EQ(value({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00}), INT64_MAX);
  expect_error(global({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}), "integer too large", 14);
}

TEST(Decode, NamesOfFunctions) {
  const Bytes one = section(1, {1, 0x60, 0, 0}) + section(3, {2, 0, 0}) + section(7, Bytes{1, 1, 'e', 0, 0});
  const Bytes code = section(10, {2, 2, 0, 0x0b, 2, 0, 0x0b});
  // Named by the section; by the export where it has none.
  const Bytes good = kHeader + one + code + section(0, named("name") + Bytes{1, 4, 1, 1, 1, 'g'});
  const auto module = decode(good);
  ASSERT_TRUE(module);
  EXPECT_EQ(module->function_names, (std::vector<std::string_view>{"e", "g"}));
  // A malformed one is no error and names nothing; neither does an index beyond the functions.
  for (const Bytes& bad : {Bytes{1, 4, 1, 1, 9, 'g'}, Bytes{1, 200}, Bytes{1, 4, 2, 1, 1, 'g'},
                           Bytes{1, 4, 1, 1, 1, 0xff}, Bytes{1, 4, 1, 7, 1, 'g'}, Bytes{0x80}}) {
    const Bytes bytes = kHeader + one + code + section(0, named("name") + bad);
    const auto damaged = decode(bytes);
    ASSERT_TRUE(damaged);
    EXPECT_EQ(damaged->function_names, (std::vector<std::string_view>{"e", ""}));
  }
  // Custom sections stand anywhere; their own names must be names.
  EXPECT_EQ(error_of(kHeader + section(0, named("x")) + one + section(0, named("x")) + code), "");
  expect_error(kHeader + section(0, {1, 0xff}), "malformed UTF-8 encoding", 11);
}

TEST(Decode, SimdIsRefusedByName) {
  const std::string message =
      "SIMD (type v128 at offset 0xd) is not supported yet; compile with -Ctarget-feature=-simd128";
  expect_error(kHeader + section(1, {1, 0x60, 1, 0x7b, 0}), message, 13);
}

TEST(Decode, ListsAreAsLongAsTheInputAtMost) {
  // A million functions announced, none there: an error, and no memory taken for them.
  expect_error(kHeader + Bytes{3, 3, 0xc0, 0x84, 0x3d}, "unexpected end of section or function", 13);
  expect_error(kHeader + Bytes{3, 4, 0x80, 0x80, 0x80, 0x01}, "too many functions: 2097152, the limit is 1000000", 10);
}

TEST(Opcodes, EncodingsAreUnique) {
  for (size_t i = 0; i < kOpcodeCount; ++i)
    for (size_t k = i + 1; k < kOpcodeCount; ++k)
      EXPECT_FALSE(kOpcodes[i].prefix == kOpcodes[k].prefix && kOpcodes[i].code == kOpcodes[k].code)
          << kOpcodes[i].mnemonic << ", " << kOpcodes[k].mnemonic;
}

TEST(Utf8, OnlyWellFormed) {
  for (const char* good : {"", "a", "ü", "€", "𝄞", "\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(is_utf8(good)) << good;
  for (const char* bad : {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
                          "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xc3", "\xe2\x82", "\xff"})
    EXPECT_FALSE(is_utf8(bad));
}

}  // namespace
}  // namespace rustg::wasm
