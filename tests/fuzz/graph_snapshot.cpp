// Any bytes are refused as a snapshot, and any tables, or they can be followed to the last number. Tables are tried without the file around
// them, since no fuzzer guesses a checksum.
#include <cstdint>
#include <cstring>
#include <memory>

#include "graph/snapshot.h"
#include "graph/validate.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rustg::graph;
  auto copy = std::make_unique<uint64_t[]>(size / 8 + 1);
  std::memcpy(copy.get(), data, size);
  (void)read_snapshot(copy.get(), size, "input");
  // The sizes of all tables, then the tables.
  if (size < 2 * kTables) return 0;
  Sections sections;
  std::unique_ptr<uint64_t[]> memory[kTables];
  size_t at = 2 * kTables;
  for (uint32_t t = 0; t != kTables; ++t) {
    const size_t wanted = (data[2 * t] | data[2 * t + 1] << 8) * size_t(element_size(Table(t)));
    const size_t bytes = wanted < size - at ? wanted : size - at;
    memory[t] = std::make_unique<uint64_t[]>(bytes / 8 + 1);
    std::memcpy(memory[t].get(), data + at, bytes);
    at += bytes;
    sections.section[t] = {memory[t].get(), bytes};
  }
  if (validate(sections)) return 0;
  // Follow everything.
  const Registry r = registry_of(sections);
  uint64_t sum = 0;
  const auto text = [&](StringId s) {
    for (char c : r.strings[s]) sum += uint8_t(c);
  };
  for (CrateId c = 0; c != r.crates; ++c) text(r.crate_names[c]);
  for (VersionId v = 0; v != r.versions; ++v) {
    sum += r.semver.majors[r.version_ranks[v]];
    text(r.semver.pre[r.version_ranks[v]]);
    text(r.crate_names[r.version_crates[v]]);
    const uint32_t list = r.version_dependencies[v], table = r.version_features[v];
    for (uint32_t i = r.dependency_lists[list]; i != r.dependency_lists[list + 1]; ++i) {
      const Dependency& d = r.dependencies[r.dependency_ids[i]];
      text(d.name);
      sum += r.matches(d.requirement, r.version_ranks[v]);
      for (uint32_t f = r.feature_lists[d.features]; f != r.feature_lists[d.features + 1]; ++f)
        text(r.feature_list_names[f]);
    }
    for (uint32_t f = r.feature_tables[table]; f != r.feature_tables[table + 1]; ++f)
      for (uint32_t k = 0; k != r.features[f].values; ++k) {
        const FeatureValue& value = r.feature_values[r.features[f].first_value + k];
        text(value.name);
        if (value.kind == FeatureValue::feature && value.other != kNone)
          text(r.features[r.feature_tables[table] + value.other].name);
      }
  }
  [[maybe_unused]] static volatile uint64_t sink;
  sink = sum;
  return 0;
}
