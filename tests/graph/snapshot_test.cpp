#include "graph/snapshot.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstring>
#include <ctime>
#include <fstream>
#include <random>

#include "graph/import.h"
#include "graph/index.h"

namespace rustg::graph {
namespace {

std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class SnapshotTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string text;
    for (const std::string& line : random_index(5, 400)) text += line + "\n";
    auto imported = import_index(folder.file("index.jsonl", text), {2});
    ASSERT_TRUE(imported);
    tables = std::move(imported->tables);
    path = (folder.path() / "crates.rgraph").string();
    ASSERT_TRUE(write_snapshot(tables.registry(), path));
  }
  std::string refusal(const std::string& bytes) {
    auto opened = Snapshot::open(folder.file("changed", bytes));
    return opened ? "" : opened.error().message.substr(opened.error().message.find(": ") + 2);
  }
  TemporaryFolder folder;
  Tables tables;
  std::string path;
};

TEST_F(SnapshotTest, HoldsTheTables) {
  auto opened = Snapshot::open(path);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_TRUE(equal(tables.registry(), opened->registry()));
  // Written again, it is the same file.
  ASSERT_TRUE(write_snapshot(opened->registry(), path + "2"));
  EXPECT_EQ(slurp(path), slurp(path + "2"));
  // Over itself, while it is mapped.
  ASSERT_TRUE(write_snapshot(opened->registry(), path));
  EXPECT_TRUE(equal(tables.registry(), opened->registry()));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 3);
}

TEST_F(SnapshotTest, WhatIsNoneIsRefused) {
  const std::string good = slurp(path);
  EXPECT_EQ(refusal(good), "");
  EXPECT_EQ(refusal(""), "not a snapshot of a registry; `rustg graph import` makes one");
  EXPECT_EQ(refusal("rust"), "not a snapshot of a registry; `rustg graph import` makes one");
  EXPECT_EQ(refusal(std::string(1000, 'x')), "not a snapshot of a registry; `rustg graph import` makes one");
  EXPECT_EQ(refusal(good.substr(0, 20)), "the snapshot is truncated");
  EXPECT_EQ(refusal(good.substr(0, good.size() / 2)),
            fmt::format("the snapshot is truncated: {} of {} bytes", good.size() / 2, good.size()));
  EXPECT_EQ(refusal(good + "x"), "the snapshot is corrupted: 1 bytes too long");
  std::string newer = good;
  newer[8] = 9;
  EXPECT_EQ(refusal(newer), "the snapshot has version 9, and this rustg knows up to 1");
  std::string turned = good;
  std::swap(turned[12], turned[15]);
  std::swap(turned[13], turned[14]);
  EXPECT_EQ(refusal(turned), "the snapshot was written on a machine with the other byte order; import the index here");
  std::string other = good;
  other[16] ^= 1;
  EXPECT_EQ(refusal(other), "the snapshot was written by another rustg; import the index again");
  EXPECT_FALSE(Snapshot::open(folder.path().string()));
  auto gone = Snapshot::open(path + ".gone");
  ASSERT_FALSE(gone);
  EXPECT_TRUE(gone.error().message.ends_with("No such file or directory"));
  auto nowhere = write_snapshot(tables.registry(), (folder.path() / "no" / "folder").string());
  EXPECT_FALSE(nowhere);
}

TEST_F(SnapshotTest, EveryChangedByteIsFound) {
  const std::string good = slurp(path);
  // Bytes between sections are nobody's.
  const Sections sections = sections_of(tables.registry());
  std::mt19937 random(1);
  uint32_t found = 0, tried = 0;
  for (int i = 0; i != 400; ++i) {
    std::string bad = good;
    bad[random() % good.size()] ^= char(1 << random() % 8);
    ++tried;
    found += !refusal(bad).empty();
  }
  size_t used = 0;
  for (const Section& s : sections.section) used += s.bytes;
  EXPECT_GT(found, tried * (used - 2000) / good.size() - 40);
  EXPECT_GT(found, tried * 95 / 100);
}

// Checksums that fit do not make numbers that point nowhere right.
TEST_F(SnapshotTest, NumbersThatPointNowhereAreFound) {
  Sections sections = sections_of(tables.registry());
  for (uint32_t t = 0; t != kTables; ++t) {
    switch (Table(t)) {
      case Table::string_bytes:
      case Table::majors:
      case Table::minors:
      case Table::patches:
      case Table::compatible:
      case Table::crate_hashes:
      case Table::version_flags:
      case Table::version_rust:
      case Table::version_checksums: continue;  // not numbers of anything
      default: break;
    }
    Section& section = sections.section[t];
    ASSERT_GT(section.bytes, 0u) << name_of(Table(t));
    std::vector<char> copy(static_cast<const char*>(section.data),
                           static_cast<const char*>(section.data) + section.bytes);
    const uint32_t far = 0x7fffffff;
    std::memcpy(copy.data() + copy.size() / 2 / element_size(Table(t)) * element_size(Table(t)), &far, 4);
    const void* data = std::exchange(section.data, copy.data());
    ASSERT_TRUE(write_snapshot(registry_of(sections), path + "bad")) << name_of(Table(t));
    section.data = data;
    auto opened = Snapshot::open(path + "bad");
    ASSERT_FALSE(opened) << name_of(Table(t));
    EXPECT_NE(opened.error().message.find(std::string(name_of(Table(t))) + " "), std::string::npos)
        << opened.error().message;
  }
}

TEST(RealSnapshot, OpensFast) {
  const auto index = real_index("crates-io-2025-09-28.jsonl.zst");
  if (!index) GTEST_SKIP() << "RUSTG_CRATES_IO names no folder with crates-io-2025-09-28.jsonl.zst";
  TemporaryFolder folder;
  const std::string path = (folder.path() / "crates.rgraph").string();
  auto imported = import_index(*index, {});
  ASSERT_TRUE(imported);
  ASSERT_TRUE(write_snapshot(imported->tables.registry(), path));
  // Processor time of all threads: other work on the machine does not count. On one core alone it would be the time that passes.
  double best = 1e9;
  for (int i = 0; i != 10; ++i) {
    const std::clock_t start = std::clock();
    auto opened = Snapshot::open(path);
    best = std::min(best, double(std::clock() - start) / CLOCKS_PER_SEC);
    ASSERT_TRUE(opened) << opened.error().message;
    if (i == 0) {
      EXPECT_TRUE(equal(imported->tables.registry(), opened->registry()));
    }
  }
  EXPECT_LT(best, 0.1);
}

}  // namespace
}  // namespace rustg::graph
