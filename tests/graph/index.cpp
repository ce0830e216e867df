#include "graph/index.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <random>

#include "graph/index_files.h"
#include "graph/lookup.h"

namespace rustg::graph {

TemporaryFolder::TemporaryFolder() {
  static int number = 0;
  path_ = std::filesystem::temp_directory_path() / fmt::format("rustg-graph-{}-{}", ::getpid(), number++);
  std::filesystem::create_directories(path_);
}

std::string TemporaryFolder::file(const std::string& name, std::string_view content) const {
  const auto path = path_ / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << content;
  return path.string();
}

std::optional<std::string> real_index(const std::string& name) {
  const char* folder = std::getenv("RUSTG_CRATES_IO");
  if (!folder || !std::filesystem::exists(std::filesystem::path(folder) / name)) return {};
  return (std::filesystem::path(folder) / name).string();
}

std::vector<std::string> lines_of(const std::string& path) {
  std::vector<std::string> out;
  FileBlocks blocks;
  Block block;
  if (!blocks.open(path)) return out;
  for (;;) {
    auto more = blocks.next(block);
    if (!more || !*more) return out;
    for_each_line({block.bytes.get(), block.size}, [&](std::string_view line, uint64_t) { out.emplace_back(line); });
  }
}

Tables tables_of(const std::vector<std::string>& lines) {
  TemporaryFolder folder;
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  auto imported = import_index(folder.file("index.jsonl", text), {1});
  EXPECT_TRUE(imported);
  return std::move(imported->tables);
}

VersionId find_version(const Registry& r, std::string_view crate, std::string_view version) {
  const CrateId c = find_crate(r, crate);
  auto v = parse_version(version);
  if (c == kNone || !v) return kNone;
  const Rank rank = find_rank(r.strings, r.semver, *v);
  for (VersionId i = r.crate_versions[c]; i != r.crate_versions[c + 1]; ++i)
    if (r.version_ranks[i] == rank && version_of(r.strings, r.semver, rank) == *v) return i;
  return kNone;
}

std::vector<std::string> random_index(uint32_t seed, uint32_t crates) {
  std::mt19937 random(seed);
  const auto below = [&](uint32_t n) { return uint32_t(random() % n); };
  const auto crate = [&](uint32_t i) { return fmt::format("{}{}", i % 3 ? "k" : "K-", i); };
  const auto version = [&] {
    std::string v = fmt::format("{}.{}.{}", below(3), below(4), below(5));
    if (below(6) == 0) v += fmt::format("-{}.{}", below(2) ? "alpha" : "rc", below(3));
    if (below(9) == 0) v += fmt::format("+build{}", below(3));
    return v;
  };
  static const char* const ops[] = {"^", "~", "=", ">=", "", "<"};
  std::vector<std::string> lines;
  for (uint32_t i = 0; i != crates; ++i) {
    for (uint32_t k = below(6); k != uint32_t(-1); --k) {
      std::string deps, features;
      for (uint32_t d = below(5); d != 0; --d) {
        const uint32_t target = below(crates + 3);
        const bool optional = below(3) == 0, renamed = below(6) == 0;
        const char* kind = optional || below(3) ? "normal" : below(2) ? "dev" : "build";
        deps += fmt::format(
            R"({}{{"name":"{}","req":"{}{}","kind":"{}","optional":{},"default_features":{},"features":[{}])",
            deps.empty() ? "" : ",", renamed ? "other" + std::to_string(d) : crate(target), ops[below(6)], version(),
            kind, optional, below(4) != 0, below(3) ? "" : fmt::format(R"("f{}","")", below(3)));
        if (renamed) deps += fmt::format(R"(,"package":"{}")", crate(target));
        deps += below(5) ? "}" : R"J(,"target":"cfg(unix)"})J";
        if (optional && below(2))
          features += fmt::format(R"("with{}":["dep:{}"],)", d, renamed ? "other" + std::to_string(d) : crate(target));
      }
      for (uint32_t f = below(3); f != 0; --f) features += fmt::format(R"("f{}":[{}],)", f, f == 2 ? "\"f1\"" : "");
      if (below(12) == 0) features += R"("broken":["nothing"],)";
      if (!features.empty()) features.pop_back();
      std::string line = fmt::format(R"({{"name":"{}","vers":"{}","deps":[{}],"features":{{{}}},"yanked":{})", crate(i),
                                     version(), deps, features, below(8) == 0);
      if (below(4) == 0) line += fmt::format(R"(,"rust_version":"1.{}")", 40 + below(50));
      if (below(9) == 0) line += fmt::format(R"(,"links":"lib{}")", below(4));
      if (below(30) == 0) line += R"(,"v":3)";
      lines.push_back(line + "}");
    }
  }
  return lines;
}

std::vector<std::string> random_solvable_index(uint32_t seed, uint32_t crates) {
  std::mt19937 random(seed);
  const auto below = [&](uint32_t n) { return uint32_t(random() % n); };
  static const char* const versions[] = {"1.0.0", "1.1.0", "1.2.0", "1.2.1", "2.0.0", "2.1.0", "2.1.3-rc.1", "3.0.0"};
  static const char* const requirements[] = {"^1", "^1.1", "*", ">=1.1", ">=1, <3", "^2", "~1.2", "<2", "=1.2.0"};
  std::vector<std::string> lines;
  for (uint32_t i = 0; i != crates; ++i)
    for (uint32_t v = below(2); v < 8; v += 1 + below(2)) {
      std::string deps, features = R"("f":[])";
      for (uint32_t d = below(4); d != 0; --d) {
        const uint32_t target = below(crates);
        const bool optional = below(4) == 0;
        deps += fmt::format(
            R"({}{{"name":"c{}","req":"{}","kind":"{}","optional":{},"default_features":{},"features":[{}]}})",
            deps.empty() ? "" : ",", target, requirements[below(below(3) ? 5 : 9)], below(6) ? "normal" : "build",
            optional, below(4) != 0, below(4) ? "" : R"("f")");
        if (optional && features.find(fmt::format("\"g{}\"", target)) == std::string::npos)
          features += fmt::format(R"(,"g{0}":["dep:c{0}","c{0}?/f"])", target);
        if (optional && below(2) && features.find("default") == std::string::npos)
          features += fmt::format(R"(,"default":["g{}"])", target);
      }
      lines.push_back(fmt::format(R"({{"name":"c{}","vers":"{}","deps":[{}],"features":{{{}}},"yanked":{}{}}})", i,
                                  versions[v], deps, features, below(8) == 0,
                                  below(20) == 0 ? fmt::format(R"(,"links":"l{}")", below(4)) : ""));
    }
  return lines;
}

}  // namespace rustg::graph
