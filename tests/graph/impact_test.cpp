// What changes if a version is yanked or published, against resolving every crate twice, each alone.
#include "graph/impact.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "graph/import.h"
#include "graph/index.h"
#include "graph/index_text.h"
#include "graph/lookup.h"
#include "graph/newest.h"

namespace rustg::graph {

namespace {

std::vector<std::string> lines_of(const Registry& r) {
  std::vector<std::string> lines;
  for (VersionId v = 0; v != r.versions; ++v) lines.push_back(index_line(r, v));
  return lines;
}

// The versions chosen, by name; "" and the reason if there are none.
std::string resolution_of(const Registry& registry, VersionId root, ResolverMemory& memory) {
  Universe universe;
  universe.registry = registry;
  universe.default_feature = find_string(registry.strings, "default");
  const Names names(universe);
  auto resolution = resolve_version(names, root, memory);
  if (!resolution) return "";
  std::vector<std::string> packages;
  for (const auto& p : resolution->packages) packages.push_back(names.package(p.version));
  std::sort(packages.begin(), packages.end());
  return fmt::format("{}", fmt::join(packages, " "));
}

std::vector<VersionId> newest_of(const Registry& registry) {
  device::cpu::Queue queue(1);
  std::vector<VersionId> newest(registry.crates);
  find_newest(queue, registry, newest.data());
  return newest;
}

// `before` and `after` are tables of their own; what they change for each crate is what `impact` says.
void compare(const Registry& before, const Registry& after, const ImpactTables& tables, const Impact& impact) {
  ResolverMemory memory;
  const auto newest = newest_of(tables.without());
  const auto chosen_before = newest_of(before), chosen_after = newest_of(after);
  size_t changes = 0;
  for (CrateId c = 0; c != tables.with().crates; ++c) {
    if (newest[c] == tables.version()) continue;
    const auto root_in = [&](const Registry& r) {
      for (VersionId v = r.crate_versions[c]; v != r.crate_versions[c + 1]; ++v)
        if (version_text(r, r.version_ranks[v]) == version_text(tables.with(), tables.with().version_ranks[newest[c]]))
          return v;
      return kNone;
    };
    const std::string was = resolution_of(before, root_in(before), memory),
                      is = resolution_of(after, root_in(after), memory);
    auto change = std::find_if(impact.changes.begin(), impact.changes.end(),
                               [&](const ImpactChange& i) { return i.root == newest[c]; });
    ASSERT_EQ(was != is, change != impact.changes.end()) << was << "\n" << is;
    if (was == is) continue;
    ++changes;
    EXPECT_EQ(change->worked, !was.empty());
    EXPECT_EQ(change->works, !is.empty());
    EXPECT_EQ(change->reason.empty(), !was.empty() && !is.empty());
    const auto moves = moves_of(tables, newest[c], memory);
    EXPECT_EQ(moves.empty(), was.empty() || is.empty());
  }
  EXPECT_EQ(changes, impact.changes.size());
}

TEST(GraphImpact, LinesGiveTheSameTables) {
  for (uint32_t seed = 0; seed != 6; ++seed) {
    const Tables first = tables_of(random_index(seed, 80));
    const auto lines = lines_of(first.registry());
    const Tables second = tables_of(lines);
    EXPECT_EQ(lines_of(second.registry()), lines);
    EXPECT_EQ(second.registry().dependency_count, first.registry().dependency_count);
    EXPECT_EQ(second.registry().feature_value_count, first.registry().feature_value_count);
    EXPECT_EQ(second.registry().requirement_count, first.registry().requirement_count);
  }
}

TEST(GraphImpact, OfYankIsWhatResolvingAllSays) {
  uint32_t changes = 0;
  for (uint32_t seed = 0; seed != 5; ++seed) {
    const Tables tables = tables_of(random_solvable_index(seed, 60));
    const Registry r = tables.registry();
    auto lines = lines_of(r);
    device::cpu::Queue queue(2);
    for (VersionId v = seed; v < r.versions; v += 9) {
      if (r.version_flags[v] & Registry::kYanked) continue;
      const std::string name(r.strings[r.crate_names[r.version_crates[v]]]),
          version = version_text(r, r.version_ranks[v]);
      SCOPED_TRACE(fmt::format("seed {} {} {}", seed, name, version));
      auto impact = ImpactTables::make(r, {name, version, true, {}});
      ASSERT_TRUE(impact) << impact.error().message;
      auto after = lines;
      const size_t at = after[v].find("\"yanked\":false");
      ASSERT_NE(at, std::string::npos);
      after[v].replace(at, 14, "\"yanked\":true");
      const Impact found = find_impact(queue, nullptr, **impact, nullptr);
      changes += uint32_t(found.changes.size());
      compare(r, tables_of(after).registry(), **impact, found);
    }
  }
  EXPECT_GT(changes, 100u);
}

TEST(GraphImpact, OfPublishIsWhatResolvingAllSays) {
  uint32_t changes = 0;
  for (uint32_t seed = 0; seed != 5; ++seed) {
    const Tables tables = tables_of(random_solvable_index(seed, 60));
    const Registry r = tables.registry();
    device::cpu::Queue queue(2);
    for (CrateId c = seed; c < r.crates; c += 4) {
      const std::string name(r.strings[r.crate_names[c]]);
      SCOPED_TRACE(fmt::format("seed {} {}", seed, name));
      ImpactQuestion question{name, c % 2 ? "2.7.0" : "1.9.0", false, {}};
      auto impact = ImpactTables::make(r, question);
      if (!impact) continue;  // there is none before it
      // The newest before it, now with another requirement.
      const Registry& with = (*impact)->with();
      const uint32_t* list = with.dependency_lists + with.version_dependencies[(*impact)->manifest()];
      if (list[0] != list[1]) {
        const auto name_of_first = with.strings[with.dependencies[with.dependency_ids[list[0]]].name];
        question.requirements.emplace_back(std::string(name_of_first), ">=1.0.1");
        impact = ImpactTables::make(r, question);
        ASSERT_TRUE(impact) << impact.error().message;
        EXPECT_NE(index_line((*impact)->with(), (*impact)->version()).find("\"req\":\">=1.0.1\""), std::string::npos);
      }
      auto after = lines_of(r);
      after.push_back(index_line((*impact)->with(), (*impact)->version()));
      const Impact found = find_impact(queue, nullptr, **impact, nullptr);
      changes += uint32_t(found.changes.size());
      compare(r, tables_of(after).registry(), **impact, found);
    }
  }
  EXPECT_GT(changes, 20u);
}

TEST(GraphImpact, SaysWhatIsWrong) {
  const Tables tables = tables_of(
      {R"({"name":"a","vers":"1.0.0","deps":[{"name":"b","req":"^1","features":[],"optional":false,"default_features":true,"kind":"normal"}],"features":{},"yanked":false})",
       R"({"name":"b","vers":"1.0.0","deps":[],"features":{},"yanked":true})"});
  const auto error = [&](ImpactQuestion question) {
    auto made = ImpactTables::make(tables.registry(), question);
    return made ? "" : made.error().message;
  };
  EXPECT_EQ(error({"c", "1.0.0", true, {}}), "there is no crate `c` in the registry");
  EXPECT_EQ(error({"a", "1.0.1", true, {}}), "there is no version 1.0.1 of `a`");
  EXPECT_EQ(error({"b", "1.0.0", true, {}}), "b v1.0.0 is yanked already");
  EXPECT_EQ(error({"a", "1.0.0", false, {}}), "a v1.0.0 has been published already");
  EXPECT_EQ(error({"a", "0.9.0", false, {}}), "there is no version of `a` before 0.9.0 whose manifest it could have");
  EXPECT_EQ(error({"a", "1.1.0", false, {{"x", "1"}}}), "a v1.0.0 has no dependency `x`");
  EXPECT_EQ(error({"a", "1.1.0", false, {{"b", "^^"}}}).substr(0, 6), "b=^^: ");
  EXPECT_EQ(error({"a", "1.1.0", false, {{"b", "*"}}}), "");
}

}  // namespace

}  // namespace rustg::graph
