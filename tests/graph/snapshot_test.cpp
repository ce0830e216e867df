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
#include "graph/sealed_snapshot.h"

namespace rustg::graph {
namespace {

std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string without_name(const std::string& message) { return message.substr(message.find(": ") + 2); }

// Why bytes are refused; "": they are not. In memory of just their size, which sanitizers watch.
std::string refusal_in_memory(const std::string& bytes, Sections* sections = nullptr) {
  Array<char> copy(bytes.size()), memory;
  std::memcpy(copy.data(), bytes.data(), bytes.size());
  auto read = read_snapshot(copy.data(), bytes.size(), "bytes", memory);
  if (!read) return without_name(read.error().message);
  if (sections != nullptr) {  // as offsets into `bytes`
    *sections = sections_of(*read);
    for (Section& s : sections->section)
      s.data = reinterpret_cast<const void*>(static_cast<const char*>(s.data) - copy.data());
  }
  return "";
}

class SnapshotTest : public testing::TestWithParam<SnapshotForm> {
 protected:
  void SetUp() override {
    std::string text;
    for (const std::string& line : random_index(5, 400)) text += line + "\n";
    auto imported = import_index(folder.file("index.jsonl", text), {2});
    ASSERT_TRUE(imported);
    tables = std::move(imported->tables);
    path = (folder.path() / "crates.rgraph").string();
    ASSERT_TRUE(write_snapshot(tables.registry(), path, GetParam()));
  }
  std::string refusal(const std::string& bytes) {
    auto opened = Snapshot::open(folder.file("changed", bytes));
    return opened ? "" : without_name(opened.error().message);
  }
  TemporaryFolder folder;
  Tables tables;
  std::string path;
};

TEST_P(SnapshotTest, HoldsTheTables) {
  auto opened = Snapshot::open(path);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_TRUE(equal(tables.registry(), opened->registry()));
  EXPECT_EQ(opened->form(), GetParam());
  EXPECT_EQ(opened->file_bytes(), std::filesystem::file_size(path));
  const Snapshot moved = std::move(*opened);
  EXPECT_TRUE(equal(tables.registry(), moved.registry()));
  opened = Snapshot::open(path);
  // Written again, it is the same file.
  ASSERT_TRUE(write_snapshot(opened->registry(), path + "2", GetParam()));
  EXPECT_EQ(slurp(path), slurp(path + "2"));
  // Over itself, while it is mapped.
  ASSERT_TRUE(write_snapshot(opened->registry(), path, GetParam()));
  EXPECT_TRUE(equal(tables.registry(), opened->registry()));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 3);
}

TEST_P(SnapshotTest, WhatIsNoneIsRefused) {
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
  EXPECT_EQ(refusal(newer), "the snapshot has version 9, and this rustg knows up to 2");
  std::string turned = good;
  std::swap(turned[12], turned[15]);
  std::swap(turned[13], turned[14]);
  EXPECT_EQ(refusal(turned), "the snapshot was written on a machine with the other byte order; import the index here");
  std::string form = good;
  form[36] ^= 1;
  EXPECT_EQ(refusal(form), "the snapshot is corrupted: it has a form that its version has not");
  form[36] = 2;
  EXPECT_EQ(refusal(form), "the snapshot is corrupted: it has a form that its version has not");
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

TEST_P(SnapshotTest, EveryChangedByteAndEveryCutIsFound) {
  const Tables few = tables_of(random_index(6, 40));
  ASSERT_TRUE(write_snapshot(few.registry(), path, GetParam()));
  std::string bytes = slurp(path);
  Sections sections;
  ASSERT_EQ(refusal_in_memory(bytes, &sections), "");
  // Bytes between the sections of a mapped one are nobody's. A compressed one has none.
  std::vector<bool> used(bytes.size(), true);
  if (GetParam() == SnapshotForm::mapped) {
    size_t end = 48 + kTables * 24;
    for (const Section& s : sections.section) {
      if (s.bytes == 0) continue;
      const size_t begin = reinterpret_cast<size_t>(s.data);
      ASSERT_LT(begin - end, 64u);
      std::fill(used.begin() + long(end), used.begin() + long(begin), false);
      end = begin + s.bytes;
    }
    std::fill(used.begin() + long(end), used.end(), false);
  }
  size_t unused = 0;
  for (size_t i = 0; i != bytes.size(); ++i) {
    const char was = bytes[i];
    bytes[i] ^= char(1 << i % 8);
    if (used[i])
      EXPECT_NE(refusal_in_memory(bytes), "") << "byte " << i;
    else
      ++unused;
    bytes[i] = was;
    EXPECT_NE(refusal_in_memory(bytes.substr(0, i)), "") << i << " bytes";
  }
  EXPECT_LT(unused, 64u * (kTables + 1));
  EXPECT_NE(refusal_in_memory(bytes + '\0'), "");
}

// Checksums that fit do not make numbers that point nowhere right.
TEST_P(SnapshotTest, NumbersThatPointNowhereAreFound) {
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
    ASSERT_TRUE(write_snapshot(registry_of(sections), path + "bad", GetParam())) << name_of(Table(t));
    section.data = data;
    auto opened = Snapshot::open(path + "bad");
    ASSERT_FALSE(opened) << name_of(Table(t));
    EXPECT_NE(opened.error().message.find(std::string(name_of(Table(t))) + " "), std::string::npos)
        << opened.error().message;
  }
}

INSTANTIATE_TEST_SUITE_P(Forms, SnapshotTest, testing::Values(SnapshotForm::mapped, SnapshotForm::compressed),
                         [](const auto& info) { return info.param == SnapshotForm::mapped ? "Mapped" : "Compressed"; });

// Checksums that fit do not make sizes that lie right, nor what is not LZ4.
class SealedSnapshot : public testing::Test {
 protected:
  static constexpr size_t kSizes = sizeof(SnapshotHeader), kBlocks = kSizes + 8 * kTables;
  void SetUp() override {
    const Tables tables = tables_of(random_index(7, 100));
    const CompressedTables compressed(sections_of(tables.registry()));
    for (const Section& part : compressed.parts())
      good.append(static_cast<const char*>(part.data), part.bytes);
    for (uint32_t t = 0; t != kTables; ++t) count += snapshot_blocks(number(kSizes + 8 * t));
  }
  uint64_t number(size_t at) const {
    uint64_t out;
    std::memcpy(&out, good.data() + at, 8);
    return out;
  }
  static std::string with(std::string bytes, size_t at, uint64_t value) {
    std::memcpy(bytes.data() + at, &value, 8);
    return bytes;
  }
  static std::string sealed(std::string bytes) {
    seal_snapshot(bytes);
    return refusal_in_memory(bytes);
  }
  std::string good;
  size_t count = 0;
};

TEST_F(SealedSnapshot, IsRefused) {
  EXPECT_EQ(sealed(good), "");
  // string_offsets is the first table, string_bytes the second; both have one block here.
  ASSERT_EQ(snapshot_blocks(number(kSizes)), 1u);
  ASSERT_EQ(snapshot_blocks(number(kSizes + 8)), 1u);
  const uint64_t first = number(kBlocks + 8), second = number(kBlocks + 16 + 8);
  EXPECT_EQ(sealed(with(good, kSizes, ~uint64_t(0))),
            "the snapshot is corrupted: string_offsets is larger than the file can hold");
  EXPECT_EQ(sealed(with(good, kSizes, 255 * good.size())),
            "the snapshot is corrupted: string_offsets has a block of a size that cannot be");
  EXPECT_EQ(sealed(with(good, kSizes, number(kSizes) + 4)),
            "the snapshot is corrupted: string_offsets has a block that is not LZ4");
  EXPECT_EQ(sealed(with(good, kSizes, number(kSizes) - 4)),
            "the snapshot is corrupted: string_offsets has a block that is not LZ4");
  EXPECT_EQ(sealed(with(good, kBlocks + 8, ~uint64_t(0))),
            "the snapshot is corrupted: string_offsets is outside of the file");
  EXPECT_EQ(sealed(with(good, kBlocks + 8, 0)),
            "the snapshot is corrupted: string_offsets has a block of a size that cannot be");
  EXPECT_EQ(sealed(with(good, kBlocks + 8, first - 1)), "the snapshot is corrupted: 1 bytes belong to no block");
  // One byte of the first block is the second's.
  EXPECT_EQ(sealed(with(with(good, kBlocks + 8, first - 1), kBlocks + 16 + 8, second + 1)),
            "the snapshot is corrupted: string_offsets has a block that is not LZ4");
  std::string large = good + std::string(4 << 20, 'x');
  EXPECT_EQ(sealed(with(large, kBlocks + 8, 3 << 20)),
            "the snapshot is corrupted: string_offsets has a block of a size that cannot be");
  EXPECT_EQ(sealed(good + "x"), "the snapshot is corrupted: 1 bytes belong to no block");
  EXPECT_EQ(sealed(good.substr(0, kBlocks + 16 * count - 1)),
            "the snapshot is truncated: its table of blocks is not whole");
  EXPECT_EQ(sealed(with(good, kBlocks + 16 * count, 0x0102030405060708)),
            "the snapshot is corrupted: string_offsets has a block that is not LZ4");
}

// Damaged at random, also beyond what the checksums would let through: refused or right, and never outside of the bytes.
TEST_F(SealedSnapshot, DamagedAtRandomNeverLeavesItsBytes) {
  std::mt19937 random(2);
  uint32_t refused = 0;
  for (int i = 0; i != 20000; ++i) {
    std::string bad = good;
    for (uint32_t k = random() % 4 + 1; k != 0; --k)
      bad[kSizes + random() % (i % 2 == 0 ? kBlocks + 16 * count - kSizes : good.size() - kSizes)] = char(random());
    if (i % 3 == 0) bad.resize(random() % bad.size());
    refused += !sealed(bad).empty();
  }
  EXPECT_GT(refused, 15000u);
}

TEST(RealSnapshot, OpensFast) {
  const auto index = real_index("crates-io-2025-09-28.jsonl.zst");
  if (!index) GTEST_SKIP() << "RUSTG_CRATES_IO names no folder with crates-io-2025-09-28.jsonl.zst";
  TemporaryFolder folder;
  const std::string path = (folder.path() / "crates.rgraph").string();
  auto imported = import_index(*index, {});
  ASSERT_TRUE(imported);
  uint64_t mapped_bytes = 0;
  // Processor time of all threads: other work on the machine does not count. A mapped one is open in 100 ms on one core alone, a compressed one on
  // two.
  for (auto [form, limit] : {std::pair(SnapshotForm::mapped, 0.1), std::pair(SnapshotForm::compressed, 0.2)}) {
    ASSERT_TRUE(write_snapshot(imported->tables.registry(), path, form));
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
    EXPECT_LT(best, limit);
    const uint64_t bytes = std::filesystem::file_size(path);
    if (form == SnapshotForm::mapped)
      mapped_bytes = bytes;
    else
      EXPECT_LT(bytes, mapped_bytes / 3);
  }
}

}  // namespace
}  // namespace rustg::graph
