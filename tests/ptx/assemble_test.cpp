// From units to a linked image, with ptxas and nvlink and with nvJitLink.
#include "target/ptx/assemble.h"

#include <fmt/format.h>

#include <algorithm>

#include "ir/parse.h"
#include "ptx/support.h"
#include "target/ptx/cubin.h"

namespace {

using namespace rustg;

constexpr const char* kProgram = R"(
sig0 = (i32) -> (i32)
mem0 = 1..2
function fn0 "twice" sig0 {
block0(v0: i32):
  v1 = load.i32 mem0.32[v0 + 0]
  v2 = iadd.i32 v1, v1
  ret v2
}
function fn1 "entry" sig0 {
block0(v0: i32):
  v1 = call.i32 fn0(v0)
  v2 = call.i32 fn0(v1)
  ret v2
}
)";

std::vector<ptx::Unit> units_of(uint32_t version, size_t unit_bytes = 1) {
  auto program = ir::parse(kProgram);
  EXPECT_TRUE(program) << program.error().message;
  const ir::FunctionId entries[] = {ir::FunctionId{1}};
  auto units = ptx::emit(*program, {.sm = 90, .version = version, .entries = entries, .unit_bytes = unit_bytes});
  units.push_back(ptx::testing::stub_runtime(version));
  return units;
}

void expect_image(const ptx::Assembled& image) {
  auto functions = ptx::read_functions(image.cubin);
  ASSERT_TRUE(functions) << functions.error().message;
  std::vector<std::string> names;
  for (const auto& f : *functions) {
    names.push_back(f.name);
    if (f.name == "f_1") {
      EXPECT_GT(f.code_bytes, 0u);
      EXPECT_EQ(f.frame_bytes, image.largest_frame);  // it keeps registers over its calls, f_0 none
    }
  }
  std::ranges::sort(names);
  for (const char* name : {"f_0", "f_1", "rustg_invoke", "rustg_kernel", "rustg_unwind"})
    EXPECT_TRUE(std::ranges::binary_search(names, name)) << name;
}

TEST(Assemble, UnitsAreCutBySize) {
  EXPECT_EQ(units_of(80).size(), 4u);  // f_0, f_1, entry and the stubs
  EXPECT_EQ(units_of(80, 100000).size(), 3u);
}

TEST(Assemble, ColdThenCached) {
  RUSTG_NEEDS_PTXAS(tools);
  ptx::testing::Folder folder;
  const auto units = units_of(tools.ptx_version);
  uint32_t calls = 0, last = 0;
  ptx::AssembleOptions options{.cache_folder = folder.path};
  options.progress = [&](uint32_t done, uint32_t total) {
    ++calls, last = done;
    EXPECT_LE(done, total);
  };
  auto cold = ptx::assemble(units, tools, options);
  ASSERT_TRUE(cold) << cold.error().message;
  EXPECT_EQ(cold->units_cached, 0u);
  EXPECT_GE(calls, 4u);
  EXPECT_EQ(last, 4u);
  expect_image(*cold);

  auto warm = ptx::assemble(units, tools, options);
  ASSERT_TRUE(warm);
  EXPECT_TRUE(warm->image_cached);
  EXPECT_EQ(warm->cubin, cold->cubin);
  EXPECT_EQ(warm->largest_frame, cold->largest_frame);

  // One unit changes: the others are still there.
  auto changed = units;
  changed[0].text += "// other\n";
  auto partly = ptx::assemble(changed, tools, options);
  ASSERT_TRUE(partly);
  EXPECT_FALSE(partly->image_cached);
  EXPECT_EQ(partly->units_cached, 3u);

  // Damage everything: it is made again.
  for (const auto& entry : std::filesystem::directory_iterator(folder.path)) {
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(40);
    file.put('x');
  }
  auto again = ptx::assemble(units, tools, options);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->units_cached, 0u);
  EXPECT_EQ(again->cubin, cold->cubin);
}

// Each function's tables fit in the constants that a kernel can have, those of both do not.
TEST(Assemble, LinksLargeBranchTables) {
  RUSTG_NEEDS_PTXAS(tools);
  constexpr uint32_t kTargets = 16, kEntries = 12'000;
  std::string text = "sig0 = (i32) -> (i32)\nmem0 = 1..2\n";
  for (uint32_t f = 0; f < 2; ++f) {
    text += fmt::format("function fn{} \"table {}\" sig0 {{\n", f, f);
    for (uint32_t b = kTargets; b >= 1; --b) text += fmt::format("scope until block{}\n", b);
    text += "block0(v0: i32):\n  br_table v0, [block1";
    for (uint32_t k = 1; k < kEntries; ++k) text += fmt::format(", block{}", 1 + (k * 2654435761u >> 28));
    text += "]\n";
    for (uint32_t b = 1; b <= kTargets; ++b)
      text += fmt::format("block{}:\n  v{} = iconst.i32 {}\n  v{} = imul.i32 v0, v{}\n  ret v{}\n", b, 2 * b - 1, 3 * b,
                          2 * b, 2 * b - 1, 2 * b);
    text += "}\n";
  }
  auto program = ir::parse(text);
  ASSERT_TRUE(program) << program.error().message;
  const ir::FunctionId entries[] = {ir::FunctionId{0}, ir::FunctionId{1}};
  auto units = ptx::emit(*program, {.sm = 90, .version = tools.ptx_version, .entries = entries});
  units.push_back(ptx::testing::stub_runtime(tools.ptx_version));
  auto image = ptx::assemble(units, tools, {.cache_folder = ""});
  EXPECT_TRUE(image) << image.error().message;
}

TEST(Assemble, LinksObjectsIn) {
  RUSTG_NEEDS_PTXAS(tools);
  auto units = units_of(tools.ptx_version);
  ptx::testing::Folder folder;
  const std::string source = folder.path / "stub.ptx", object = folder.path / "stub.cubin";
  std::ofstream(source) << units.back().text;
  ASSERT_TRUE(ptx::run_process({tools.ptxas, "-c", "-arch=sm_90", source, "-o", object}, std::chrono::seconds(60)));
  std::ifstream in(object, std::ios::binary);
  const std::vector<uint8_t> bytes((std::istreambuf_iterator<char>(in)), {});
  units.pop_back();
  const ptx::Object objects[] = {{"stub", bytes}};
  auto image = ptx::assemble(units, tools, {.objects = objects, .cache_folder = ""});
  ASSERT_TRUE(image) << image.error().message;
  expect_image(*image);
}

TEST(Assemble, ErrorsNameTheUnit) {
  RUSTG_NEEDS_PTXAS(tools);
  auto units = units_of(tools.ptx_version);
  units[1].text += "nonsense\n";
  auto image = ptx::assemble(units, tools, {.cache_folder = ""});
  ASSERT_FALSE(image);
  EXPECT_TRUE(image.error().message.starts_with("internal error: assembling PTX unit 'functions_1'"))
      << image.error().message;

  units = units_of(tools.ptx_version);
  units.pop_back();
  units.push_back({"kernel", units[0].text.substr(0, units[0].text.find("64\n") + 3) +
                                 ".extern .func missing();\n.visible .entry k() { call missing; ret; }\n"});
  image = ptx::assemble(units, tools, {.cache_folder = ""});
  ASSERT_FALSE(image);
  EXPECT_NE(image.error().message.find("linking the PTX units"), std::string::npos) << image.error().message;
}

TEST(Assemble, WithTheLibrary) {
  const auto tools = ptx::find_jit_library();
  if (!tools) GTEST_SKIP() << tools.error().message;
  auto units = units_of(tools->ptx_version);
  auto image = ptx::assemble(units, *tools, {.cache_folder = ""});
  ASSERT_TRUE(image) << image.error().message;
  expect_image(*image);
  units[1].text += "nonsense\n";
  image = ptx::assemble(units, *tools, {.cache_folder = ""});
  ASSERT_FALSE(image);
  EXPECT_TRUE(image.error().message.starts_with("internal error: ")) << image.error().message;
}

TEST(Cubin, BadBytesAreAnError) {
  std::vector<uint8_t> bytes(200, 0);
  EXPECT_FALSE(ptx::read_functions(bytes));
  EXPECT_FALSE(ptx::read_functions({}));
  const char elf[] =
      "\x7f"
      "ELF\x02";
  std::copy(elf, elf + 5, bytes.begin());
  std::fill(bytes.begin() + 0x28, bytes.end(), 0xff);  // sections far outside
  EXPECT_FALSE(ptx::read_functions(bytes));
}

}  // namespace
