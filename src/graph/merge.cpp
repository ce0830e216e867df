#include "graph/merge.h"

#include <oneapi/tbb/parallel_invoke.h>

#include <algorithm>
#include <cstring>
#include <unordered_map>

#include "graph/assemble.h"
#include "graph/lookup.h"
#include "graph/parallel.h"

namespace rustg::graph {
namespace {

using Bytes = std::vector<uint8_t>;
using Words = std::vector<uint32_t>;

// How the items of two sorted tables are numbered in the table of both. Equal items are one; items of old that nothing uses any more fall out.
struct Numbering {
  uint32_t old_count = 0;
  Words match;                 // by item of changes: the equal item of old, or kNone
  Words position;              //   the first item of old that is not before it
  Words all_old, all_changes;  // place among all, used or not: for comparing
  Bytes used;                  // by item of old
  Words old, changes;          // the new number; kNone: none
  Words sources;               // by new number: item of old, or old_count + item of changes

  Numbering(uint32_t old_items, uint32_t changed_items)
      : old_count(old_items), match(changed_items, kNone), position(changed_items), used(old_items) {}

  // Once match and position are known. Items of changes are in their order, so positions rise.
  void place() {
    all_old.resize(old_count);
    all_changes.resize(match.size());
    uint32_t at = 0, i = 0;
    for (uint32_t c = 0; c != match.size(); ++c) {
      for (; i != position[c]; ++i) all_old[i] = at++;
      if (match[c] == kNone) all_changes[c] = at++;
    }
    for (; i != old_count; ++i) all_old[i] = at++;
    for (uint32_t c = 0; c != match.size(); ++c)
      if (match[c] != kNone) all_changes[c] = all_old[match[c]], used[match[c]] = 1;
  }
  // Once it is known what is used.
  void number() {
    old.assign(old_count, kNone);
    changes.resize(match.size());
    sources.reserve(old_count + match.size());
    uint32_t i = 0;
    const auto take_until = [&](uint32_t end) {
      for (; i != end; ++i)
        if (used[i]) {
          old[i] = uint32_t(sources.size());
          sources.push_back(i);
        }
    };
    for (uint32_t c = 0; c != match.size(); ++c) {
      take_until(position[c]);
      if (match[c] != kNone) continue;
      changes[c] = uint32_t(sources.size());
      sources.push_back(old_count + c);
    }
    take_until(old_count);
    for (uint32_t c = 0; c != match.size(); ++c)
      if (match[c] != kNone) changes[c] = old[match[c]];
  }
  uint32_t count() const { return uint32_t(sources.size()); }
};

// Lists numbered by the first version that has them, from lists of old and (behind them) of changes.
struct FirstUse {
  Words match;   // by list of changes: the equal list of old, or kNone
  Words number;  // by list
  Words sources;
  FirstUse(uint32_t old_lists, uint32_t changed_lists)
      : match(changed_lists, kNone), number(old_lists + changed_lists, kNone) {}
  uint32_t use(uint32_t list) {
    uint32_t& n = number[list];
    if (n == kNone) {
      n = uint32_t(sources.size());
      sources.push_back(list);
    }
    return n;
  }
};

class Merge {
 public:
  Merge(const Registry& old, const std::vector<CrateId>& removed, const Registry& changes)
      : o(old),
        c(changes),
        removed_(removed),
        strings_(o.strings.count, c.strings.count),
        semver_(o.semver.count, c.semver.count),
        requirements_(o.requirement_count, c.requirement_count),
        feature_lists_(o.feature_list_count, c.feature_list_count),
        dependencies_(o.dependency_count, c.dependency_count),
        lists_(o.dependency_list_count, c.dependency_list_count),
        tables_(o.feature_table_count, c.feature_table_count) {}

  Tables run() {
    match_strings();
    match_semver();
    match_requirements();
    match_feature_lists();
    match_dependencies();
    tbb::parallel_invoke([&] { match_lists(); }, [&] { match_tables(); });
    order_crates();
    fill_versions();
    mark();
    tbb::parallel_invoke([&] { strings_.number(), semver_.number(), requirements_.number(), feature_lists_.number(); },
                         [&] { dependencies_.number(); });
    tbb::parallel_invoke([&] { fill_strings(), fill_semver(), fill_requirements(), fill_feature_lists(); },
                         [&] { fill_lists(); });
    fill_named();
    fill_dependencies();
    fill_tables();
    return std::move(t);
  }

 private:
  // --- What of the changes is in old, and where the rest goes.

  void match_strings() {
    for (StringId s = 0; s != c.strings.count; ++s) {
      const std::string_view text = c.strings[s];
      const uint32_t at = partition_point(o.strings.count, [&](uint32_t i) { return o.strings[i] < text; });
      strings_.position[s] = at;
      if (at != o.strings.count && o.strings[at] == text) strings_.match[s] = at;
    }
    strings_.place();
  }
  void match_semver() {
    for (Rank r = 0; r != c.semver.count; ++r) {
      const Version v = version_of(c.strings, c.semver, r);
      const Rank at = find_rank(o.strings, o.semver, v);
      semver_.position[r] = at;
      if (at != o.semver.count && version_of(o.strings, o.semver, at) == v) semver_.match[r] = at;
    }
    semver_.place();
  }
  void match_requirements() {
    for (uint32_t r = 0; r != c.requirement_count; ++r) {
      const uint32_t text = strings_.all_changes[c.requirements[r].text];
      const auto text_of = [&](uint32_t i) { return strings_.all_old[o.requirements[i].text]; };
      const uint32_t at = partition_point(o.requirement_count, [&](uint32_t i) { return text_of(i) < text; });
      requirements_.position[r] = at;
      if (at != o.requirement_count && text_of(at) == text) requirements_.match[r] = at;
    }
    requirements_.place();
  }
  void match_feature_lists() {
    for (uint32_t l = 0; l != c.feature_list_count; ++l) {
      Words list;
      for (uint32_t i = c.feature_lists[l]; i != c.feature_lists[l + 1]; ++i)
        list.push_back(strings_.all_changes[c.feature_list_names[i]]);
      const auto compare = [&](uint32_t i) {
        return std::lexicographical_compare_three_way(
            o.feature_list_names + o.feature_lists[i], o.feature_list_names + o.feature_lists[i + 1], list.begin(),
            list.end(), [&](StringId a, uint32_t b) { return strings_.all_old[a] <=> b; });
      };
      const uint32_t at = partition_point(o.feature_list_count, [&](uint32_t i) { return compare(i) < 0; });
      feature_lists_.position[l] = at;
      if (at != o.feature_list_count && compare(at) == 0) feature_lists_.match[l] = at;
    }
    feature_lists_.place();
  }
  void match_dependencies() {
    const auto numbered = [](Dependency d, const Words& strings, const Words& requirements, const Words& lists) {
      d.crate = strings[d.crate];
      d.name = strings[d.name];
      d.platform = strings[d.platform];
      d.requirement = requirements[d.requirement];
      d.features = lists[d.features];
      return d;
    };
    for (uint32_t i = 0; i != c.dependency_count; ++i) {
      const Dependency d =
          numbered(c.dependencies[i], strings_.all_changes, requirements_.all_changes, feature_lists_.all_changes);
      const auto of_old = [&](uint32_t k) {
        return numbered(o.dependencies[k], strings_.all_old, requirements_.all_old, feature_lists_.all_old);
      };
      const uint32_t at = partition_point(o.dependency_count, [&](uint32_t k) { return is_before(of_old(k), d); });
      dependencies_.position[i] = at;
      if (at != o.dependency_count && !is_before(d, of_old(at))) dependencies_.match[i] = at;
    }
    dependencies_.place();
  }

  // Lists of old are not in an order that can be searched: all are looked at, for those that are as long and begin alike.
  void match_lists() {
    std::unordered_multimap<uint64_t, uint32_t> wanted;
    std::vector<Words> content(c.dependency_list_count);
    const auto key = [](uint32_t size, uint32_t first) { return uint64_t(size) << 32 | first; };
    uint32_t longest = 0;
    for (uint32_t l = 0; l != c.dependency_list_count; ++l) {
      for (uint32_t i = c.dependency_lists[l]; i != c.dependency_lists[l + 1]; ++i)
        content[l].push_back(dependencies_.match[c.dependency_ids[i]]);
      if (std::find(content[l].begin(), content[l].end(), kNone) != content[l].end()) continue;
      wanted.insert({key(uint32_t(content[l].size()), content[l].empty() ? 0 : content[l][0]), l});
      longest = std::max(longest, uint32_t(content[l].size()));
    }
    // First a filter that fits into a cache line or two.
    std::vector<bool> filter(1 << 16);
    const auto place = [](uint64_t k) { return k * 0x9e3779b97f4a7c15u >> 48; };
    for (auto [k, l] : wanted) filter[place(k)] = true;
    for (uint32_t i = 0; i != o.dependency_list_count; ++i) {
      const uint32_t begin = o.dependency_lists[i], size = o.dependency_lists[i + 1] - begin;
      if (size > longest) continue;
      const uint64_t k = key(size, size == 0 ? 0 : o.dependency_ids[begin]);
      if (!filter[place(k)]) continue;
      for (auto [it, end] = wanted.equal_range(k); it != end; ++it)
        if (std::equal(content[it->second].begin(), content[it->second].end(), o.dependency_ids + begin))
          lists_.match[it->second] = i;
    }
  }

  void match_tables() {
    std::unordered_multimap<uint64_t, uint32_t> wanted;
    const auto key = [](uint32_t size, StringId first) { return uint64_t(size) << 32 | first; };
    for (uint32_t i = 0; i != c.feature_table_count; ++i) {
      const uint32_t begin = c.feature_tables[i], size = c.feature_tables[i + 1] - begin;
      wanted.insert({key(size, size == 0 ? 0 : strings_.match[c.features[begin].name]), i});
    }
    for (uint32_t i = 0; i != o.feature_table_count; ++i) {
      const uint32_t begin = o.feature_tables[i], size = o.feature_tables[i + 1] - begin;
      for (auto [it, end] = wanted.equal_range(key(size, size == 0 ? 0 : o.features[begin].name)); it != end; ++it)
        if (same_table(i, it->second)) tables_.match[it->second] = i;
    }
  }
  bool same_table(uint32_t old, uint32_t changed) const {
    const Feature *a = o.features + o.feature_tables[old], *b = c.features + c.feature_tables[changed];
    const uint32_t count = c.feature_tables[changed + 1] - c.feature_tables[changed];
    for (uint32_t f = 0; f != count; ++f) {
      if (a[f].name != strings_.match[b[f].name] || a[f].values != b[f].values) return false;
      for (uint32_t v = 0; v != a[f].values; ++v) {
        const FeatureValue &x = o.feature_values[a[f].first_value + v], &y = c.feature_values[b[f].first_value + v];
        if (x.kind != y.kind || x.name != strings_.match[y.name] ||
            x.other != (has_feature_name(y) ? strings_.match[y.other] : y.other))
          return false;
      }
    }
    return true;
  }
  static bool has_feature_name(const FeatureValue& v) {
    return v.kind == FeatureValue::dependency_feature || v.kind == FeatureValue::weak_dependency_feature;
  }

  // --- Crates and versions, in their new order.

  // Crates that stay together: of old, or (`changed`) of changes.
  struct Run {
    bool changed;
    CrateId first, last;
  };
  void order_crates() {
    size_t next_removed = 0;
    CrateId at = 0;
    const auto keep_until = [&](CrateId end) {
      while (at != end) {
        const CrateId stop = next_removed == removed_.size() ? end : std::min(end, removed_[next_removed]);
        if (stop != at) runs_.push_back({false, at, stop});
        at = stop;
        if (next_removed != removed_.size() && removed_[next_removed] == at && at != end) ++at, ++next_removed;
      }
    };
    for (CrateId k = 0; k != c.crates; ++k) {
      const uint32_t name = strings_.all_changes[c.crate_names[k]];
      keep_until(partition_point(o.crates, [&](CrateId i) { return strings_.all_old[o.crate_names[i]] < name; }));
      if (!runs_.empty() && runs_.back().changed)
        ++runs_.back().last;
      else
        runs_.push_back({true, k, k + 1});
    }
    keep_until(o.crates);
  }

  void fill_versions() {
    uint32_t crates = 0, versions = 0;
    for (const Run& r : runs_) {
      const Registry& from = r.changed ? c : o;
      crates += r.last - r.first;
      versions += from.crate_versions[r.last] - from.crate_versions[r.first];
    }
    t.crate_names = Array<StringId>(crates);
    t.crate_versions = Array<uint32_t>(crates + 1);
    t.crate_hashes = Array<CrateHash>(crates);
    t.version_ranks = Array<Rank>(versions);
    t.version_crates = Array<CrateId>(versions);
    t.version_flags = Array<uint8_t>(versions);
    t.version_links = Array<StringId>(versions);
    t.version_rust = Array<uint64_t>(versions);
    t.version_dependencies = Array<uint32_t>(versions);
    t.version_features = Array<uint32_t>(versions);
    t.version_checksums = Array<uint8_t>(has_checksums() ? 32 * size_t(versions) : 0);
    uint32_t crate = 0, version = 0;
    // Numbers of old and changes stay in crate_names, version_ranks and version_links until fill_named().
    for (const Run& r : runs_) {
      const Registry& from = r.changed ? c : o;
      const uint32_t first = from.crate_versions[r.first], count = from.crate_versions[r.last] - first;
      std::copy_n(from.crate_names + r.first, r.last - r.first, t.crate_names.data() + crate);
      std::copy_n(from.crate_hashes + r.first, r.last - r.first, t.crate_hashes.data() + crate);
      std::copy_n(from.version_ranks + first, count, t.version_ranks.data() + version);
      std::copy_n(from.version_flags + first, count, t.version_flags.data() + version);
      std::copy_n(from.version_links + first, count, t.version_links.data() + version);
      std::copy_n(from.version_rust + first, count, t.version_rust.data() + version);
      if (t.version_checksums.size() != 0) {
        uint8_t* to = t.version_checksums.data() + 32 * size_t(version);
        if (from.version_checksums != nullptr)
          std::memcpy(to, from.version_checksums + 32 * size_t(first), 32 * size_t(count));
        else
          std::memset(to, 0, 32 * size_t(count));
      }
      for (CrateId k = r.first; k != r.last; ++k, ++crate) {
        t.crate_versions[crate] = version + from.crate_versions[k] - first;
        std::fill_n(t.version_crates.data() + t.crate_versions[crate],
                    from.crate_versions[k + 1] - from.crate_versions[k], crate);
      }
      for (uint32_t i = 0; i != count; ++i) {
        uint32_t list = from.version_dependencies[first + i], table = from.version_features[first + i];
        if (r.changed) {
          list = lists_.match[list] != kNone ? lists_.match[list] : o.dependency_list_count + list;
          table = tables_.match[table] != kNone ? tables_.match[table] : o.feature_table_count + table;
        }
        t.version_dependencies[version + i] = lists_.use(list);
        t.version_features[version + i] = tables_.use(table);
      }
      version += count;
    }
    t.crate_versions[crate] = version;
  }
  // A checksum that the index does not give is all zeros; without any there is no table.
  bool has_checksums() const {
    if (c.version_checksums != nullptr) return true;
    if (o.version_checksums == nullptr) return false;
    for (const Run& r : runs_) {
      if (r.changed) continue;
      const uint8_t* begin = o.version_checksums + 32 * size_t(o.crate_versions[r.first]);
      const uint8_t* end = o.version_checksums + 32 * size_t(o.crate_versions[r.last]);
      if (std::find_if(begin, end, [](uint8_t b) { return b != 0; }) != end) return true;
    }
    return false;
  }

  // --- What of old is still used.

  void mark() {
    Bytes strings_of_tables(o.strings.count);
    tbb::parallel_invoke(
        [&] {
          for (uint32_t list : lists_.sources) {
            if (list >= o.dependency_list_count) continue;
            for (uint32_t i = o.dependency_lists[list]; i != o.dependency_lists[list + 1]; ++i)
              dependencies_.used[o.dependency_ids[i]] = 1;
          }
          for (uint32_t i = 0; i != o.dependency_count; ++i) {
            if (!dependencies_.used[i]) continue;
            const Dependency& d = o.dependencies[i];
            strings_.used[d.crate] = strings_.used[d.name] = strings_.used[d.platform] = 1;
            requirements_.used[d.requirement] = 1;
            feature_lists_.used[d.features] = 1;
          }
          for (uint32_t i = 0; i != o.requirement_count; ++i)
            if (requirements_.used[i]) strings_.used[o.requirements[i].text] = 1;
          for (uint32_t l = 0; l != o.feature_list_count; ++l)
            if (feature_lists_.used[l])
              for (uint32_t i = o.feature_lists[l]; i != o.feature_lists[l + 1]; ++i)
                strings_.used[o.feature_list_names[i]] = 1;
        },
        [&] {
          Bytes& used = strings_of_tables;
          for (uint32_t table : tables_.sources) {
            if (table >= o.feature_table_count) continue;
            for (uint32_t f = o.feature_tables[table]; f != o.feature_tables[table + 1]; ++f) {
              const Feature& feature = o.features[f];
              used[feature.name] = 1;
              for (uint32_t v = 0; v != feature.values; ++v) {
                const FeatureValue& value = o.feature_values[feature.first_value + v];
                used[value.name] = 1;
                if (has_feature_name(value)) used[value.other] = 1;
              }
            }
          }
          if (!used.empty()) used[0] = 1;
          for (const Run& r : runs_) {
            if (r.changed) continue;
            for (CrateId k = r.first; k != r.last; ++k) used[o.crate_names[k]] = 1;
            for (uint32_t v = o.crate_versions[r.first]; v != o.crate_versions[r.last]; ++v) {
              used[o.version_links[v]] = 1;
              semver_.used[o.version_ranks[v]] = 1;
            }
          }
          for (Rank r = 0; r != o.semver.count; ++r)
            if (semver_.used[r]) used[o.semver.pre[r]] = used[o.semver.build[r]] = 1;
        });
    for (StringId s = 0; s != o.strings.count; ++s) strings_.used[s] |= strings_of_tables[s];
  }

  // --- The tables.

  void fill_strings() {
    const uint32_t count = strings_.count();
    t.string_offsets = Array<uint32_t>(count + 1);
    size_t size = 0;
    const auto source = [&](uint32_t i, const Strings*& from) {
      const uint32_t s = strings_.sources[i];
      from = s < o.strings.count ? &o.strings : &c.strings;
      return s < o.strings.count ? s : s - o.strings.count;
    };
    const Strings* from;
    for (uint32_t i = 0; i != count; ++i) {
      const uint32_t s = source(i, from);
      t.string_offsets[i] = uint32_t(size);
      size += from->offsets[s + 1] - from->offsets[s];
    }
    t.string_offsets[count] = uint32_t(size);
    t.string_bytes = Array<char>(size);
    // Neighbours are copied together.
    for (uint32_t i = 0; i != count;) {
      uint32_t end = i + 1;
      while (end != count && strings_.sources[end] == strings_.sources[end - 1] + 1 &&
             strings_.sources[end] != o.strings.count)
        ++end;
      const uint32_t s = source(i, from);
      std::memcpy(t.string_bytes.data() + t.string_offsets[i], from->bytes + from->offsets[s],
                  t.string_offsets[end] - t.string_offsets[i]);
      i = end;
    }
    text_ = {t.string_offsets.data(), t.string_bytes.data(), count};
  }

  void fill_semver() {
    const uint32_t count = semver_.count();
    t.majors = Array<uint64_t>(count);
    t.minors = Array<uint64_t>(count);
    t.patches = Array<uint64_t>(count);
    t.pre = Array<StringId>(count);
    t.build = Array<StringId>(count);
    t.compatible = Array<uint32_t>(count);
    for (Rank r = 0; r != count; ++r) {
      const bool old = semver_.sources[r] < o.semver.count;
      const SemverTable& from = old ? o.semver : c.semver;
      const Words& strings = old ? strings_.old : strings_.changes;
      const Rank s = old ? semver_.sources[r] : semver_.sources[r] - o.semver.count;
      t.majors[r] = from.majors[s];
      t.minors[r] = from.minors[s];
      t.patches[r] = from.patches[s];
      t.pre[r] = strings[from.pre[s]];
      t.build[r] = strings[from.build[s]];
    }
    ranking_ = {t.majors.data(), t.minors.data(), t.patches.data(),   t.pre.data(),
                t.build.data(),  count,           t.compatible.data()};
    number_compatible(ranking_, t.compatible.data());
  }

  void fill_requirements() {
    // Where a rank of old is now, unless a new version came to stand just before it: then its text has to say on which side.
    Words moved(o.semver.count + 1);
    std::vector<bool> split(o.semver.count + 1);
    uint32_t at = 0, next = 0;
    for (uint32_t r = 0; r <= o.semver.count; ++r) {
      for (; next != c.semver.count && semver_.position[next] == r; ++next)
        if (semver_.match[next] == kNone) ++at, split[r] = true;
      moved[r] = at;
      if (r != o.semver.count && semver_.used[r]) ++at;
    }
    std::vector<Window> windows;
    windows.reserve(o.window_count + c.window_count);
    t.requirements = Array<Requirement>(requirements_.count());
    for (uint32_t i = 0; i != requirements_.count(); ++i) {
      const uint32_t s = requirements_.sources[i];
      const bool old = s < o.requirement_count;
      Requirement r = old ? o.requirements[s] : c.requirements[s - o.requirement_count];
      const StringId text = old ? strings_.old[r.text] : strings_.changes[r.text];
      bool again = !old || split[r.low] || split[r.high];
      if (!again)
        for (uint32_t w = r.first_window; w != r.first_window + r.windows; ++w)
          again |= split[o.windows[w].low] || split[o.windows[w].high];
      if (again) {
        r = compile(text_, ranking_, *parse_requirement(text_[text]), windows);
      } else {
        const uint32_t first = uint32_t(windows.size());
        for (uint32_t w = r.first_window; w != r.first_window + r.windows; ++w)
          windows.push_back({moved[o.windows[w].low], moved[o.windows[w].high]});
        r = {text, moved[r.low], moved[r.high], first, r.windows};
      }
      r.text = text;
      t.requirements[i] = r;
    }
    t.windows = Array<Window>(windows.size());
    std::copy(windows.begin(), windows.end(), t.windows.begin());
  }

  void fill_feature_lists() {
    const uint32_t count = feature_lists_.count();
    Words offsets, names;
    for (uint32_t i = 0; i != count; ++i) {
      const uint32_t s = feature_lists_.sources[i];
      const bool old = s < o.feature_list_count;
      const Registry& from = old ? o : c;
      const Words& strings = old ? strings_.old : strings_.changes;
      const uint32_t l = old ? s : s - o.feature_list_count;
      offsets.push_back(uint32_t(names.size()));
      for (uint32_t k = from.feature_lists[l]; k != from.feature_lists[l + 1]; ++k)
        names.push_back(strings[from.feature_list_names[k]]);
    }
    offsets.push_back(uint32_t(names.size()));
    t.feature_lists = Array<uint32_t>(offsets.size());
    std::copy(offsets.begin(), offsets.end(), t.feature_lists.begin());
    t.feature_list_names = Array<StringId>(names.size());
    std::copy(names.begin(), names.end(), t.feature_list_names.begin());
  }

  void fill_lists() {
    const size_t count = lists_.sources.size();
    t.dependency_lists = Array<uint32_t>(count + 1);
    uint32_t size = 0;
    const auto list_of = [&](size_t i, bool& old) {
      const uint32_t s = lists_.sources[i];
      old = s < o.dependency_list_count;
      const Registry& from = old ? o : c;
      const uint32_t l = old ? s : s - o.dependency_list_count;
      return std::pair(from.dependency_ids + from.dependency_lists[l],
                       from.dependency_lists[l + 1] - from.dependency_lists[l]);
    };
    bool old;
    for (size_t i = 0; i != count; ++i) {
      t.dependency_lists[i] = size;
      size += list_of(i, old).second;
    }
    t.dependency_lists[count] = size;
    t.dependency_ids = Array<uint32_t>(size);
    for_each(count, [&](size_t i) {
      bool of_old;
      const auto [ids, length] = list_of(i, of_old);
      const Words& number = of_old ? dependencies_.old : dependencies_.changes;
      uint32_t* to = t.dependency_ids.data() + t.dependency_lists[i];
      for (uint32_t k = 0; k != length; ++k) to[k] = number[ids[k]];
    });
  }

  // What fill_versions() left in the numbers of old and changes.
  void fill_named() {
    crate_of_.assign(text_.count, kNone);
    uint32_t crate = 0;
    for (const Run& r : runs_) {
      const Words& strings = r.changed ? strings_.changes : strings_.old;
      const Words& ranks = r.changed ? semver_.changes : semver_.old;
      const uint32_t first = t.crate_versions[crate];
      for (CrateId k = r.first; k != r.last; ++k, ++crate) {
        t.crate_names[crate] = strings[t.crate_names[crate]];
        crate_of_[t.crate_names[crate]] = crate;
      }
      for_each(t.crate_versions[crate] - first, [&](size_t i) {
        t.version_ranks[first + i] = ranks[t.version_ranks[first + i]];
        t.version_links[first + i] = strings[t.version_links[first + i]];
      });
    }
  }

  void fill_dependencies() {
    t.dependencies = Array<Dependency>(dependencies_.count());
    for_each(dependencies_.count(), [&](size_t i) {
      const uint32_t s = dependencies_.sources[i];
      const bool old = s < o.dependency_count;
      const Words& strings = old ? strings_.old : strings_.changes;
      Dependency d = old ? o.dependencies[s] : c.dependencies[s - o.dependency_count];
      d.crate = strings[d.crate];
      d.name = strings[d.name];
      d.platform = strings[d.platform];
      d.requirement = (old ? requirements_.old : requirements_.changes)[d.requirement];
      d.features = (old ? feature_lists_.old : feature_lists_.changes)[d.features];
      d.target_crate = d.flags & Dependency::kOtherRegistry ? kNone : crate_of_[d.crate];
      t.dependencies[i] = d;
    });
  }

  void fill_tables() {
    const size_t count = tables_.sources.size();
    t.feature_tables = Array<uint32_t>(count + 1);
    Words first_values(count);
    uint32_t features = 0, values = 0;
    const auto table_of = [&](size_t i, const Registry*& from) {
      const uint32_t s = tables_.sources[i];
      from = s < o.feature_table_count ? &o : &c;
      return s < o.feature_table_count ? s : s - o.feature_table_count;
    };
    for (size_t i = 0; i != count; ++i) {
      const Registry* from;
      const uint32_t table = table_of(i, from);
      t.feature_tables[i] = features;
      first_values[i] = values;
      features += from->feature_tables[table + 1] - from->feature_tables[table];
      for (uint32_t f = from->feature_tables[table]; f != from->feature_tables[table + 1]; ++f)
        values += from->features[f].values;
    }
    t.feature_tables[count] = features;
    t.features = Array<Feature>(features);
    t.feature_values = Array<FeatureValue>(values);
    for_each(count, [&](size_t i) {
      const Registry* from;
      const uint32_t table = table_of(i, from);
      const Words& strings = from == &o ? strings_.old : strings_.changes;
      uint32_t to = t.feature_tables[i], value = first_values[i];
      for (uint32_t f = from->feature_tables[table]; f != from->feature_tables[table + 1]; ++f, ++to) {
        const Feature& feature = from->features[f];
        t.features[to] = {strings[feature.name], value, feature.values};
        for (uint32_t v = 0; v != feature.values; ++v) {
          FeatureValue x = from->feature_values[feature.first_value + v];
          x.name = strings[x.name];
          if (has_feature_name(x)) x.other = strings[x.other];
          t.feature_values[value++] = x;
        }
      }
    });
  }

  const Registry &o, &c;
  const std::vector<CrateId>& removed_;
  Numbering strings_, semver_, requirements_, feature_lists_, dependencies_;
  FirstUse lists_, tables_;
  std::vector<Run> runs_;
  Words crate_of_;
  Strings text_;
  SemverTable ranking_;
  Tables t;
};

}  // namespace

Tables merge(const Registry& old, const std::vector<CrateId>& removed, const Registry& changes) {
  return Merge(old, removed, changes).run();
}

}  // namespace rustg::graph
