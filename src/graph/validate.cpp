#include "graph/validate.h"

#include <fmt/format.h>
#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/parallel_reduce.h>

#include <algorithm>
#include <functional>

namespace rustg::graph {
namespace {

constexpr size_t kGrain = 1 << 16;

// Whether `good` holds for all. No way out of the inner loop, so that compilers make vectors of it.
template <class F>
bool all_of(size_t count, F good) {
  return tbb::parallel_reduce(
      tbb::blocked_range<size_t>(0, count, kGrain), true,
      [&](const tbb::blocked_range<size_t>& range, bool all) {
        uint32_t wrong = 0;
        for (size_t i = range.begin(); i != range.end(); ++i) wrong += !good(i);
        return all && wrong == 0;
      },
      std::logical_and<>());
}

class Validation {
 public:
  explicit Validation(const Sections& sections) : s_(sections) {}

  std::optional<std::string> run() {
    for (uint32_t t = 0; t != kTables; ++t)
      if (s_.section[t].bytes % element_size(Table(t)) != 0 || count(Table(t)) > kNone)
        return fmt::format("{} has a size that cannot be", name_of(Table(t)));
    for (Table t : {Table::string_offsets, Table::crate_versions, Table::dependency_lists, Table::feature_lists,
                    Table::feature_tables})
      if (count(t) == 0) return fmt::format("{} is empty", name_of(t));
    r = registry_of(s_);
    sizes();
    if (wrong_) return wrong_;
    offsets(Table::string_offsets, r.strings.offsets, r.strings.count, count(Table::string_bytes));
    offsets(Table::crate_versions, r.crate_versions, r.crates, r.versions);
    offsets(Table::dependency_lists, r.dependency_lists, r.dependency_list_count, count(Table::dependency_ids));
    offsets(Table::feature_lists, r.feature_lists, r.feature_list_count, count(Table::feature_list_names));
    offsets(Table::feature_tables, r.feature_tables, r.feature_table_count, count(Table::features));
    if (wrong_) return wrong_;
    if (r.strings.count == 0 || r.strings.offsets[1] != 0) return "the first string is not the empty one";
    numbers();
    records();
    return wrong_;
  }

 private:
  size_t count(Table t) const { return s_[t].bytes / element_size(t); }
  void check(bool good, Table t) {
    if (!good && !wrong_) wrong_ = fmt::format("{} points outside of its table", name_of(t));
  }
  void same_size(Table t, size_t wanted) {
    if (count(t) != wanted && !wrong_)
      wrong_ = fmt::format("{} has {} entries instead of {}", name_of(t), count(t), wanted);
  }
  void sizes() {
    for (Table t : {Table::minors, Table::patches, Table::pre, Table::build, Table::compatible})
      same_size(t, r.semver.count);
    same_size(Table::crate_versions, size_t(r.crates) + 1);
    same_size(Table::crate_hashes, r.crates);
    for (Table t : {Table::version_crates, Table::version_flags, Table::version_links, Table::version_rust,
                    Table::version_dependencies, Table::version_features})
      same_size(t, r.versions);
    if (count(Table::version_checksums) != 0) same_size(Table::version_checksums, 32 * size_t(r.versions));
  }
  void offsets(Table t, const uint32_t* values, size_t lists, size_t size) {
    check(
        values[0] == 0 && values[lists] == size && all_of(lists, [&](size_t i) { return values[i] <= values[i + 1]; }),
        t);
  }
  void below(Table t, const uint32_t* values, uint32_t end) {
    check(all_of(count(t), [&](size_t i) { return values[i] < end; }), t);
  }
  void numbers() {
    const uint32_t strings = r.strings.count;
    below(Table::pre, r.semver.pre, strings);
    below(Table::build, r.semver.build, strings);
    below(Table::crate_names, r.crate_names, strings);
    below(Table::version_ranks, r.version_ranks, r.semver.count);
    below(Table::version_crates, r.version_crates, r.crates);
    below(Table::version_links, r.version_links, strings);
    below(Table::version_dependencies, r.version_dependencies, r.dependency_list_count);
    below(Table::version_features, r.version_features, r.feature_table_count);
    below(Table::dependency_ids, r.dependency_ids, r.dependency_count);
    below(Table::feature_list_names, r.feature_list_names, strings);
  }
  void records() {
    const uint32_t strings = r.strings.count;
    check(all_of(r.dependency_count,
                 [&](size_t i) {
                   const Dependency& d = r.dependencies[i];
                   return (d.crate < strings) & (d.name < strings) & (d.platform < strings) &
                          (d.requirement < r.requirement_count) & (d.features < r.feature_list_count) &
                          ((d.target_crate < r.crates) | (d.target_crate == kNone));
                 }),
          Table::dependencies);
    check(all_of(r.requirement_count,
                 [&](size_t i) {
                   const Requirement& q = r.requirements[i];
                   return q.text < strings && q.low <= r.semver.count && q.high <= r.semver.count &&
                          uint64_t(q.first_window) + q.windows <= r.window_count;
                 }),
          Table::requirements);
    check(all_of(r.window_count,
                 [&](size_t i) { return r.windows[i].low <= r.semver.count && r.windows[i].high <= r.semver.count; }),
          Table::windows);
    check(all_of(count(Table::features),
                 [&](size_t i) {
                   const Feature& f = r.features[i];
                   return (f.name < strings) & (uint64_t(f.first_value) + f.values <= r.feature_value_count);
                 }),
          Table::features);
    if (wrong_) return;
    check(all_of(r.feature_table_count, [&](size_t i) { return values_fit(uint32_t(i)); }), Table::feature_values);
  }
  bool values_fit(uint32_t table) const {
    const uint32_t begin = r.feature_tables[table], end = r.feature_tables[table + 1];
    for (uint32_t f = begin; f != end; ++f)
      for (uint32_t v = 0; v != r.features[f].values; ++v) {
        const FeatureValue& value = r.feature_values[r.features[f].first_value + v];
        if (value.name >= r.strings.count) return false;
        switch (value.kind) {
          case FeatureValue::feature:
            if (value.other >= end - begin && value.other != kNone) return false;
            break;
          case FeatureValue::dependency: break;
          case FeatureValue::dependency_feature:
          case FeatureValue::weak_dependency_feature:
            if (value.other >= r.strings.count) return false;
            break;
          default: return false;
        }
      }
    return true;
  }

  const Sections& s_;
  Registry r;
  std::optional<std::string> wrong_;
};

}  // namespace

std::optional<std::string> validate(const Sections& sections) { return Validation(sections).run(); }

}  // namespace rustg::graph
