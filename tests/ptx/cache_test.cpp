#include "target/ptx/cache.h"

#include "ptx/support.h"

namespace {

using namespace rustg;
namespace fs = std::filesystem;

std::vector<uint8_t> bytes(size_t n, uint8_t value) { return std::vector<uint8_t>(n, value); }

TEST(Cache, GivesBackWhatWasPut) {
  ptx::testing::Folder folder;
  const ptx::Cache cache(folder.path / "new" / "folder");
  EXPECT_FALSE(cache.get("a"));
  cache.put("a", bytes(1000, 7));
  cache.put("b", {});
  EXPECT_EQ(cache.get("a"), bytes(1000, 7));
  EXPECT_EQ(cache.get("b"), bytes(0, 0));
  EXPECT_FALSE(cache.get("c"));
}

TEST(Cache, ADamagedEntryIsNone) {
  ptx::testing::Folder folder;
  const ptx::Cache cache(folder.path);
  cache.put("a", bytes(100, 7));
  const fs::path entry = fs::directory_iterator(folder.path)->path();
  const auto size = static_cast<std::streamoff>(fs::file_size(entry));
  for (std::streamoff at = 0; at < size; ++at) {
    std::fstream file(entry, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(at);
    const char was = static_cast<char>(file.get());
    file.seekp(at);
    file.put(static_cast<char>(was ^ 0x20));
    file.close();
    EXPECT_FALSE(cache.get("a")) << at;
    file.open(entry, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(at);
    file.put(was);
  }
  EXPECT_TRUE(cache.get("a"));
  for (auto cut : {size - 1, std::streamoff{32}, std::streamoff{31}, std::streamoff{0}}) {
    fs::resize_file(entry, static_cast<uintmax_t>(cut));
    EXPECT_FALSE(cache.get("a")) << cut;
  }
  cache.put("a", bytes(100, 7));
  EXPECT_TRUE(cache.get("a"));
}

TEST(Cache, PruneKeepsWhatWasUsedLast) {
  ptx::testing::Folder folder;
  const ptx::Cache cache(folder.path, 2500);
  const auto now = fs::file_time_type::clock::now();
  for (int k = 0; k < 4; ++k) {
    cache.put(std::to_string(k), bytes(1000, 1));
    fs::last_write_time(folder.path / (std::to_string(k) + ".cubin"), now - std::chrono::hours(10 - k));
  }
  EXPECT_TRUE(cache.get("0"));  // now the last used
  cache.prune();
  EXPECT_TRUE(cache.get("0"));
  EXPECT_FALSE(cache.get("1"));
  EXPECT_FALSE(cache.get("2"));
  EXPECT_TRUE(cache.get("3"));
}

TEST(Cache, NoFolderNoCache) {
  const ptx::Cache none("");
  none.put("a", bytes(1, 1));
  EXPECT_FALSE(none.get("a"));
  const ptx::Cache forbidden("/proc/nowhere");
  forbidden.put("a", bytes(1, 1));
  EXPECT_FALSE(forbidden.get("a"));
}

TEST(Cache, KeysKeepPiecesApart) {
  ptx::Key ab_c, a_bc;
  ab_c.add("ab"), ab_c.add("c");
  a_bc.add("a"), a_bc.add("bc");
  EXPECT_NE(ab_c.hex(), a_bc.hex());
  EXPECT_EQ(ab_c.hex().size(), 32u);
}

}  // namespace
