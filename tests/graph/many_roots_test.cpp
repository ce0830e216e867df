// Resolutions of many roots at once against each of them alone, without what is prepared for many.
#include "graph/many_roots.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <numeric>

#include "graph/import.h"
#include "graph/index.h"
#include "graph/lookup.h"
#include "graph/resolve.h"

namespace rustg::graph {

namespace {

// Every version of a registry, yanked ones too.
void compare(const Registry& registry, const ManyRoots& many, const ManyResolved& resolved) {
  Universe plain;
  plain.registry = registry;
  plain.default_feature = find_string(registry.strings, "default");
  const Names names(plain);
  ResolverMemory memory;
  size_t failure = 0;
  for (VersionId v = 0; v != registry.versions; ++v) {
    SCOPED_TRACE(names.package(v));
    ResolverMemory untouched;
    auto alone = resolve_version(names, v, untouched);
    const RootResult& result = resolved.results[v];
    ASSERT_EQ(bool(alone), result.outcome == Outcome::resolved);
    if (!alone) {
      ASSERT_LT(failure, resolved.failures.size());
      EXPECT_EQ(resolved.failures[failure].first, v);
      EXPECT_EQ(resolved.failures[failure++].second, alone.error().message);
      continue;
    }
    uint64_t digest = 0;
    for (const auto& package : alone->packages) digest += digest_of(package.version);
    EXPECT_EQ(result.digest, digest);
    EXPECT_EQ(result.packages, alone->packages.size());
    // And with what is prepared the same in every detail.
    auto prepared = resolve_version(many.names(), v, memory);
    ASSERT_TRUE(prepared);
    EXPECT_EQ(prepared->steps, alone->steps);
    EXPECT_EQ(prepared->links, alone->links);
    ASSERT_EQ(prepared->packages.size(), alone->packages.size());
    for (size_t p = 0; p != alone->packages.size(); ++p) {
      EXPECT_EQ(prepared->packages[p].version, alone->packages[p].version);
      EXPECT_EQ(prepared->packages[p].features, alone->packages[p].features);
    }
  }
  EXPECT_EQ(failure, resolved.failures.size());
}

template <class Run>
void compare_all(Run run) {
  for (uint32_t seed = 0; seed != 20; ++seed) {
    const Tables tables =
        tables_of(seed < 10 ? random_index(seed, 20 + seed * 30) : random_solvable_index(seed, 20 + seed * 10));
    const Registry registry = tables.registry();
    std::vector<VersionId> roots(registry.versions);
    std::iota(roots.begin(), roots.end(), 0);
    device::cpu::Queue host(1 + int(seed % 3));
    ManyRoots many(host, registry);
    Progress progress;
    const ManyResolved resolved = run(many, roots, progress);
    EXPECT_EQ(progress.done, roots.size());
    compare(registry, many, resolved);
  }
}

TEST(GraphManyRoots, AreResolvedAsAlone) {
  compare_all([](ManyRoots& many, const std::vector<VersionId>& roots, Progress& progress) {
    return many.resolve(roots, &progress);
  });
}

std::string version_line(const char* name, const char* version, std::initializer_list<const char*> needs) {
  std::string deps;
  for (const char* need : needs)
    deps += fmt::format(
        R"({}{{"name":"{}","req":"*","features":[],"optional":false,"default_features":true,"target":null,"kind":"normal"}})",
        deps.empty() ? "" : ",", need);
  return fmt::format(R"({{"name":"{}","vers":"{}","deps":[{}],"features":{{}},"yanked":false}})", name, version, deps);
}

// What is activated for the sake of a message is not there for the resolution after it in the same memory.
TEST(GraphManyRoots, AFailureLeavesNothingBehind) {
  const Tables tables =
      tables_of({version_line("first", "1.0.0", {"choice"}), version_line("choice", "1.0.0", {"doomed"}),
                 version_line("choice", "1.1.0", {"doomed"}), version_line("doomed", "1.0.0", {"missing"}),
                 version_line("second", "1.0.0", {"doomed"})});
  const Registry registry = tables.registry();
  Universe universe;
  universe.registry = registry;
  universe.default_feature = find_string(registry.strings, "default");
  const Names names(universe);
  ResolverMemory used;
  for (const char* crate : {"first", "second", "first", "second"}) {
    ResolverMemory untouched;
    const VersionId root = find_version(registry, crate, "1.0.0");
    const auto expected = resolve_version(names, root, untouched), resolution = resolve_version(names, root, used);
    ASSERT_FALSE(expected);
    ASSERT_FALSE(resolution) << crate;
    EXPECT_EQ(resolution.error().message, expected.error().message);
  }
}

TEST(GraphManyRoots, AreResolvedAsAloneOnCuda) {
  auto queue = device::cuda::Queue::open();
  if (!queue) GTEST_SKIP() << queue.error().message;
  compare_all([&](ManyRoots& many, const std::vector<VersionId>& roots, Progress& progress) {
    return many.resolve(**queue, roots, &progress);
  });
}

}  // namespace

}  // namespace rustg::graph
