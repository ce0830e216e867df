#include "graph/tables.h"

#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <new>

namespace rustg::graph {

std::string_view name_of(Table table) {
  static constexpr std::string_view kNames[] = {
#define RUSTG_TABLE(name, element, member, count) #name,
#include "graph/registry.def"
  };
  return kNames[uint32_t(table)];
}

uint32_t element_size(Table table) {
  static constexpr uint32_t kSizes[] = {
#define RUSTG_TABLE(name, element, member, count) sizeof(element),
#include "graph/registry.def"
  };
  return kSizes[uint32_t(table)];
}

Sections sections_of(const Registry& r) {
  Sections out;
#define RUSTG_TABLE(name, element, member, count) out[Table::name] = {r.member, sizeof(element) * size_t(count)};
#include "graph/registry.def"
  return out;
}

Registry registry_of(const Sections& sections) {
  Registry r;
#define RUSTG_TABLE(name, element, member, count) r.member = static_cast<const element*>(sections[Table::name].data);
#include "graph/registry.def"
  const auto count = [&](Table t) { return uint32_t(sections[t].bytes / element_size(t)); };
  r.strings.count = count(Table::string_offsets) - 1;
  r.semver.count = count(Table::majors);
  r.crates = count(Table::crate_names);
  r.versions = count(Table::version_ranks);
  r.dependency_list_count = count(Table::dependency_lists) - 1;
  r.dependency_count = count(Table::dependencies);
  r.requirement_count = count(Table::requirements);
  r.window_count = count(Table::windows);
  r.feature_list_count = count(Table::feature_lists) - 1;
  r.feature_table_count = count(Table::feature_tables) - 1;
  r.feature_value_count = count(Table::feature_values);
  if (sections[Table::version_checksums].bytes == 0) r.version_checksums = nullptr;
  return r;
}

void* allocate(size_t bytes) {
  constexpr size_t kHugePage = 2 << 20;
  void* data;
  if (bytes < 2 * kHugePage) {
    data = std::malloc(bytes == 0 ? 1 : bytes);
  } else {
    bytes = (bytes + kHugePage - 1) / kHugePage * kHugePage;
    data = std::aligned_alloc(kHugePage, bytes);
#ifdef MADV_HUGEPAGE
    if (data != nullptr) ::madvise(data, bytes, MADV_HUGEPAGE);
#endif
  }
  if (data == nullptr) throw std::bad_alloc();
  return data;
}

bool equal(const Registry& a, const Registry& b) {
  const Sections x = sections_of(a), y = sections_of(b);
  for (uint32_t t = 0; t != kTables; ++t) {
    const Section &s = x.section[t], &o = y.section[t];
    if (s.bytes != o.bytes || (s.bytes != 0 && std::memcmp(s.data, o.data, s.bytes) != 0)) return false;
  }
  return true;
}

Registry Tables::registry() const {
  Sections sections;
#define RUSTG_TABLE(name, element, member, count) sections[Table::name] = {name.data(), name.size() * sizeof(element)};
#include "graph/registry.def"
  return registry_of(sections);
}

}  // namespace rustg::graph
