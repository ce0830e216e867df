#include "graph/assemble.h"

#include <oneapi/tbb/parallel_sort.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>

#include "graph/lookup.h"
#include "graph/parallel.h"

namespace rustg::graph {
namespace {

using Bytes = std::vector<uint8_t>;
using Words = std::vector<uint32_t>;

// A thing of a part.
struct Place {
  uint32_t part, id;
};

class Assembly {
 public:
  explicit Assembly(std::vector<Part>& parts) : parts_(parts), strings_(parts.size()), ranks_(parts.size()) {}

  Assembled run() {
    order_strings();
    order_semver();
    order_versions();
    mark();
    number_strings();
    number_semver();
    number_requirements();
    number_feature_lists();
    number_dependencies();
    number_lists([](Part& p) -> ListSet& { return p.dependency_lists; }, used_lists_, &Part::PartVersion::dependencies,
                 [&](uint32_t part, std::span<uint32_t> list) {
                   for (uint32_t& id : list) id = dependencies_[part][id];
                 },
                 t().version_dependencies, t().dependency_lists, t().dependency_ids);
    number_lists([](Part& p) -> ListSet& { return p.feature_tables; }, used_tables_, &Part::PartVersion::features,
                 [&](uint32_t part, std::span<uint32_t> list) { number_feature_table(part, list); },
                 t().version_features, feature_table_words_, feature_words_);
    spread_feature_tables();
    fill_crates();
    fill_versions();
    return std::move(out_);
  }

 private:
  Tables& t() { return out_.tables; }
  uint32_t part_count() const { return uint32_t(parts_.size()); }

  // --- Orders of all that there is, used or not.

  void order_strings() {
    struct Key {
      uint64_t front;  // the first bytes, the first one highest
      const char* text;
      uint32_t size, part, id;
    };
    size_t count = 0;
    for (Part& p : parts_) count += p.strings.size();
    std::vector<Key> keys(count);
    size_t at = 0;
    for (uint32_t p = 0; p != part_count(); ++p) {
      const TextSet& set = parts_[p].strings;
      strings_[p].resize(set.size());
      for (uint32_t i = 0; i != set.size(); ++i) {
        const std::string_view text = set[i];
        uint64_t front = 0;
        std::memcpy(&front, text.data(), std::min<size_t>(8, text.size()));
        keys[at++] = {std::endian::native == std::endian::little ? __builtin_bswap64(front) : front, text.data(),
                      uint32_t(text.size()), p, i};
      }
    }
    const auto text = [](const Key& k) { return std::string_view(k.text, k.size); };
    tbb::parallel_sort(keys.begin(), keys.end(), [&](const Key& a, const Key& b) {
      return a.front != b.front ? a.front < b.front : text(a) < text(b);
    });
    string_places_.reserve(count);
    for (const Key& k : keys) {
      if (string_places_.empty() || text(k) != string(uint32_t(string_places_.size() - 1)))
        string_places_.push_back({k.part, k.id});
      strings_[k.part][k.id] = uint32_t(string_places_.size() - 1);
    }
  }
  std::string_view string(uint32_t order) const {
    const Place place = string_places_[order];
    return parts_[place.part].strings[place.id];
  }

  void order_semver() {
    std::vector<Place> all;
    for (uint32_t p = 0; p != part_count(); ++p) {
      ranks_[p].assign(parts_[p].versions_semver.size(), kNone);
      for (uint32_t i = 0; i != ranks_[p].size(); ++i)
        if (parts_[p].pre[i] != kNone) all.push_back({p, i});
    }
    const auto version = [&](Place place) -> const Version& { return parts_[place.part].versions_semver[place.id]; };
    tbb::parallel_sort(all.begin(), all.end(), [&](Place a, Place b) { return version(a) < version(b); });
    for (Place place : all) {
      if (semver_places_.empty() || version(place) != version(semver_places_.back())) semver_places_.push_back(place);
      ranks_[place.part][place.id] = uint32_t(semver_places_.size() - 1);
    }
  }

  struct Entry {
    uint32_t crate, rank;  // by the orders above
    uint64_t sequence;
    uint32_t part, index;
  };
  void order_versions() {
    size_t count = 0;
    for (Part& p : parts_) count += p.versions.size();
    entries_.reserve(count);
    for (uint32_t p = 0; p != part_count(); ++p)
      for (uint32_t i = 0; i != parts_[p].versions.size(); ++i) {
        const Part::PartVersion& v = parts_[p].versions[i];
        entries_.push_back({strings_[p][v.crate], ranks_[p][v.semver], v.sequence, p, i});
      }
    tbb::parallel_sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
      if (a.crate != b.crate) return a.crate < b.crate;
      return a.rank != b.rank ? a.rank < b.rank : a.sequence < b.sequence;
    });
    const auto last = std::unique(entries_.begin(), entries_.end(), [&](const Entry& a, const Entry& b) {
      const bool same = a.crate == b.crate && a.rank == b.rank;
      if (same) out_.repeated.push_back(b.sequence);
      return same;
    });
    entries_.erase(last, entries_.end());
  }
  const Part::PartVersion& version_of(const Entry& e) const { return parts_[e.part].versions[e.index]; }

  // --- What the versions use.

  void mark() {
    const auto sized = [&](auto size) {
      std::vector<Bytes> out;
      for (Part& p : parts_) out.emplace_back(size(p));
      return out;
    };
    used_lists_ = sized([](Part& p) { return p.dependency_lists.size(); });
    used_tables_ = sized([](Part& p) { return p.feature_tables.size(); });
    used_dependencies_ = sized([](Part& p) { return p.dependencies.size(); });
    used_feature_lists_ = sized([](Part& p) { return p.feature_lists.size(); });
    used_strings_.resize(string_places_.size());
    used_strings_[0] = 1;  // the empty text
    used_requirements_.resize(string_places_.size());
    used_semver_.resize(semver_places_.size());
    for (const Entry& e : entries_) {
      const Part::PartVersion& v = version_of(e);
      used_lists_[e.part][v.dependencies] = 1;
      used_tables_[e.part][v.features] = 1;
      used_semver_[e.rank] = 1;
      use(e.part, v.crate);
      use(e.part, v.links);
    }
    for (uint32_t r = 0; r != used_semver_.size(); ++r) {
      if (!used_semver_[r]) continue;
      const Place place = semver_places_[r];
      use(place.part, parts_[place.part].pre[place.id]);
      use(place.part, parts_[place.part].build[place.id]);
    }
    for (uint32_t p = 0; p != part_count(); ++p) {
      const Part& part = parts_[p];
      for (uint32_t i = 0; i != part.dependency_lists.size(); ++i)
        if (used_lists_[p][i])
          for (uint32_t d : part.dependency_lists[i]) used_dependencies_[p][d] = 1;
      for (uint32_t i = 0; i != part.dependencies.size(); ++i) {
        if (!used_dependencies_[p][i]) continue;
        const auto d = part.dependencies[i];
        for (uint32_t field : {0, 1, 2, 4}) use(p, d[field]);
        used_requirements_[strings_[p][d[2]]] = 1;
        used_feature_lists_[p][d[3]] = 1;
      }
      for (uint32_t i = 0; i != part.feature_lists.size(); ++i)
        if (used_feature_lists_[p][i])
          for (uint32_t s : part.feature_lists[i]) use(p, s);
      for (uint32_t i = 0; i != part.feature_tables.size(); ++i)
        if (used_tables_[p][i]) for_each_name(part.feature_tables[i], [&](uint32_t s) { use(p, s); });
    }
  }
  void use(uint32_t part, uint32_t string) { used_strings_[strings_[part][string]] = 1; }

  // Every word of a feature table that is a string.
  template <class Word, class F>
  static void for_each_name(std::span<Word> table, F f) {
    size_t at = 1;
    for (uint32_t i = 0; i != table[0]; ++i) {
      f(table[at]);
      const uint32_t values = table[at + 1];
      at += 2;
      for (uint32_t v = 0; v != values; ++v, at += 3) {
        f(table[at]);
        if (has_feature_name(table[at + 2])) f(table[at + 1]);
      }
    }
  }
  static bool has_feature_name(uint32_t kind) {
    return kind == FeatureValue::dependency_feature || kind == FeatureValue::weak_dependency_feature;
  }

  // --- The tables.

  void number_strings() {
    Words number(string_places_.size(), kNone);
    size_t bytes = 0;
    uint32_t count = 0;
    for (uint32_t i = 0; i != number.size(); ++i)
      if (used_strings_[i]) {
        number[i] = count++;
        bytes += string(i).size();
      }
    t().string_offsets = Array<uint32_t>(count + 1);
    t().string_bytes = Array<char>(bytes);
    uint32_t at = 0;
    for (uint32_t i = 0; i != number.size(); ++i)
      if (used_strings_[i]) {
        t().string_offsets[number[i]] = at;
        const std::string_view text = string(i);
        std::memcpy(t().string_bytes.data() + at, text.data(), text.size());
        at += uint32_t(text.size());
      }
    t().string_offsets[count] = at;
    view_ = {t().string_offsets.data(), t().string_bytes.data(), count};
    for (Words& map : strings_)
      for (uint32_t& id : map) id = number[id];
    for (Entry& e : entries_) e.crate = number[e.crate];
    for (uint32_t i = 0; i != number.size(); ++i)
      if (used_requirements_[i]) requirement_texts_.push_back(number[i]);
  }

  void number_semver() {
    Words number(semver_places_.size(), kNone);
    uint32_t count = 0;
    for (uint32_t i = 0; i != number.size(); ++i)
      if (used_semver_[i]) number[i] = count++;
    t().majors = Array<uint64_t>(count);
    t().minors = Array<uint64_t>(count);
    t().patches = Array<uint64_t>(count);
    t().pre = Array<StringId>(count);
    t().build = Array<StringId>(count);
    t().compatible = Array<uint32_t>(count);
    for (uint32_t i = 0; i != number.size(); ++i) {
      if (!used_semver_[i]) continue;
      const Place place = semver_places_[i];
      const Part& part = parts_[place.part];
      const Version& v = part.versions_semver[place.id];
      const uint32_t r = number[i];
      t().majors[r] = v.major;
      t().minors[r] = v.minor;
      t().patches[r] = v.patch;
      t().pre[r] = strings_[place.part][part.pre[place.id]];
      t().build[r] = strings_[place.part][part.build[place.id]];
    }
    semver_ = {t().majors.data(),    t().minors.data(), t().patches.data(), t().pre.data(), t().build.data(), count,
               t().compatible.data()};
    number_compatible(semver_, t().compatible.data());
    for (Entry& e : entries_) e.rank = number[e.rank];
  }

  void number_requirements() {
    const uint32_t count = uint32_t(requirement_texts_.size());
    t().requirements = Array<Requirement>(count);
    requirement_of_.assign(view_.count, kNone);
    std::vector<Window> windows;
    for (uint32_t i = 0; i != count; ++i) {
      const StringId text = requirement_texts_[i];
      requirement_of_[text] = i;
      t().requirements[i] = compile(view_, semver_, *parse_requirement(view_[text]), windows);
      t().requirements[i].text = text;
    }
    t().windows = Array<Window>(windows.size());
    std::copy(windows.begin(), windows.end(), t().windows.begin());
  }

  void number_feature_lists() {
    std::vector<Words> lists;
    std::vector<Place> places;
    for (uint32_t p = 0; p != part_count(); ++p)
      for (uint32_t i = 0; i != parts_[p].feature_lists.size(); ++i) {
        if (!used_feature_lists_[p][i]) continue;
        Words& list = lists.emplace_back();
        for (uint32_t s : parts_[p].feature_lists[i]) list.push_back(strings_[p][s]);
        std::sort(list.begin(), list.end());
        list.erase(std::unique(list.begin(), list.end()), list.end());
        places.push_back({p, i});
      }
    Words order(lists.size());
    std::iota(order.begin(), order.end(), 0);
    tbb::parallel_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return lists[a] < lists[b]; });
    for (Part& p : parts_) feature_lists_.emplace_back(p.feature_lists.size(), kNone);
    Words offsets, names;
    const Words* last = nullptr;
    for (uint32_t i : order) {
      if (last == nullptr || *last != lists[i]) {
        offsets.push_back(uint32_t(names.size()));
        names.insert(names.end(), lists[i].begin(), lists[i].end());
        last = &lists[i];
      }
      feature_lists_[places[i].part][places[i].id] = uint32_t(offsets.size() - 1);
    }
    offsets.push_back(uint32_t(names.size()));
    t().feature_lists = Array<uint32_t>(offsets.size());
    std::copy(offsets.begin(), offsets.end(), t().feature_lists.begin());
    t().feature_list_names = Array<StringId>(names.size());
    std::copy(names.begin(), names.end(), t().feature_list_names.begin());
  }

  void number_dependencies() {
    struct Key {
      Dependency record;
      Place place;
    };
    // Crates by name, which their dependencies' targets are.
    crate_of_.assign(view_.count, kNone);
    for (const Entry& e : entries_)
      if (crate_of_[e.crate] == kNone) crate_of_[e.crate] = crates_++;
    size_t count = 0;
    for (const Bytes& used : used_dependencies_) count += size_t(std::count(used.begin(), used.end(), 1));
    std::vector<Key> keys;
    keys.reserve(count);
    for (uint32_t p = 0; p != part_count(); ++p)
      for (uint32_t i = 0; i != parts_[p].dependencies.size(); ++i) {
        if (!used_dependencies_[p][i]) continue;
        const auto d = parts_[p].dependencies[i];
        const Words& strings = strings_[p];
        Dependency record{};
        record.crate = strings[d[0]];
        record.name = strings[d[1]];
        record.requirement = requirement_of_[strings[d[2]]];
        record.features = feature_lists_[p][d[3]];
        record.platform = strings[d[4]];
        record.flags = uint8_t(d[5]);
        record.target_crate = record.flags & Dependency::kOtherRegistry ? kNone : crate_of_[record.crate];
        keys.push_back({record, {p, i}});
      }
    tbb::parallel_sort(keys.begin(), keys.end(),
                       [](const Key& a, const Key& b) { return is_before(a.record, b.record); });
    for (Part& p : parts_) dependencies_.emplace_back(p.dependencies.size(), kNone);
    uint32_t distinct = 0;
    const Key* last = nullptr;
    for (const Key& k : keys) {
      distinct += last == nullptr || is_before(last->record, k.record);
      dependencies_[k.place.part][k.place.id] = distinct - 1;
      last = &k;
    }
    t().dependencies = Array<Dependency>(distinct);
    for_each(keys.size(), [&](size_t i) {
      const Place place = keys[i].place;
      if (i == 0 || is_before(keys[i - 1].record, keys[i].record))
        t().dependencies[dependencies_[place.part][place.id]] = keys[i].record;
    });
  }

  void number_feature_table(uint32_t part, std::span<uint32_t> table) {
    for_each_name(table, [&](uint32_t& s) { s = strings_[part][s]; });
  }

  // Lists that versions have, numbered in the order of the versions: `field` of version i is then in numbers[i].
  template <class Get, class Rewrite>
  void number_lists(Get get, const std::vector<Bytes>& used, uint32_t Part::PartVersion::*field, Rewrite rewrite,
                    Array<uint32_t>& numbers, Array<uint32_t>& offsets, Array<uint32_t>& words) {
    std::vector<std::vector<uint64_t>> hashes;
    std::vector<Words> number;
    for (uint32_t p = 0; p != part_count(); ++p) {
      ListSet& lists = get(parts_[p]);
      auto& hash = hashes.emplace_back(lists.size());
      number.emplace_back(lists.size(), kNone);
      for_each(lists.size(), [&](size_t i) {
        if (!used[p][i]) return;
        const auto list = lists.mutable_list(uint32_t(i));
        rewrite(p, list);
        hash[i] = XXH3_64bits(list.data(), list.size_bytes());
      });
    }
    HashIndex index;
    std::vector<Place> order;
    std::vector<uint32_t> ends;
    numbers = Array<uint32_t>(entries_.size());
    uint32_t size = 0;
    for (size_t i = 0; i != entries_.size(); ++i) {
      const Entry& e = entries_[i];
      const uint32_t id = version_of(e).*field;
      uint32_t& n = number[e.part][id];
      if (n == kNone) {
        const auto list = get(parts_[e.part])[id];
        const uint32_t fresh = uint32_t(order.size());
        n = index.find_or_insert(hashes[e.part][id], fresh, [&](uint32_t other) {
          const auto o = get(parts_[order[other].part])[order[other].id];
          return o.size() == list.size() && std::equal(o.begin(), o.end(), list.begin());
        });
        if (n == fresh) {
          order.push_back({e.part, id});
          size += uint32_t(list.size());
          ends.push_back(size);
        }
      }
      numbers[i] = n;
    }
    offsets = Array<uint32_t>(order.size() + 1);
    offsets[0] = 0;
    words = Array<uint32_t>(size);
    for_each(order.size(), [&](size_t i) {
      const auto list = get(parts_[order[i].part])[order[i].id];
      offsets[i + 1] = ends[i];
      std::copy(list.begin(), list.end(), words.data() + ends[i] - list.size());
    });
  }

  // From words to Feature and FeatureValue.
  void spread_feature_tables() {
    const size_t tables = feature_table_words_.size() - 1;
    uint32_t features = 0, values = 0;
    t().feature_tables = Array<uint32_t>(tables + 1);
    Words first_values(tables);
    for (size_t i = 0; i != tables; ++i) {
      const uint32_t begin = feature_table_words_[i], size = feature_table_words_[i + 1] - begin;
      t().feature_tables[i] = features;
      first_values[i] = values;
      features += feature_words_[begin];
      values += (size - 1 - 2 * feature_words_[begin]) / 3;
    }
    t().feature_tables[tables] = features;
    t().features = Array<Feature>(features);
    t().feature_values = Array<FeatureValue>(values);
    for_each(tables, [&](size_t i) {
      const uint32_t* word = feature_words_.data() + feature_table_words_[i] + 1;
      uint32_t value = first_values[i];
      for (uint32_t f = t().feature_tables[i]; f != t().feature_tables[i + 1]; ++f) {
        t().features[f] = {word[0], value, word[1]};
        const uint32_t* v = word + 2;
        for (word = v + 3 * word[1]; v != word; v += 3) t().feature_values[value++] = {v[0], v[1], v[2]};
      }
    });
  }

  void fill_crates() {
    t().crate_names = Array<StringId>(crates_);
    t().crate_versions = Array<uint32_t>(crates_ + 1);
    t().crate_hashes = Array<CrateHash>(crates_);
    uint32_t c = 0;
    for (uint32_t i = 0; i != entries_.size(); ++i) {
      if (i != 0 && entries_[i].crate == entries_[i - 1].crate) continue;
      t().crate_names[c] = entries_[i].crate;
      t().crate_hashes[c] = {0, 0};
      t().crate_versions[c++] = i;
    }
    t().crate_versions[c] = uint32_t(entries_.size());
    for (uint32_t p = 0; p != part_count(); ++p)
      for (const Part::CrateLines& lines : parts_[p].crate_lines) {
        // A crate whose lines were all left out has no place.
        const uint32_t string = strings_[p][lines.crate];
        const CrateId crate = string == kNone ? kNone : crate_of_[string];
        if (crate == kNone) continue;
        t().crate_hashes[crate].low += lines.hash.low;
        t().crate_hashes[crate].high += lines.hash.high;
      }
  }

  void fill_versions() {
    const size_t count = entries_.size();
    const bool checksums =
        std::any_of(entries_.begin(), entries_.end(), [&](const Entry& e) { return version_of(e).checksum != kNone; });
    t().version_ranks = Array<Rank>(count);
    t().version_crates = Array<CrateId>(count);
    t().version_flags = Array<uint8_t>(count);
    t().version_links = Array<StringId>(count);
    t().version_rust = Array<uint64_t>(count);
    t().version_checksums = Array<uint8_t>(checksums ? 32 * count : 0);
    for_each(count, [&](size_t i) {
      const Entry& e = entries_[i];
      const Part::PartVersion& v = version_of(e);
      t().version_ranks[i] = e.rank;
      t().version_crates[i] = crate_of_[e.crate];
      t().version_flags[i] = v.flags;
      t().version_links[i] = strings_[e.part][v.links];
      t().version_rust[i] = v.rust;
      if (!checksums) return;
      uint8_t* bytes = t().version_checksums.data() + 32 * i;
      if (v.checksum == kNone)
        std::memset(bytes, 0, 32);
      else
        std::memcpy(bytes, parts_[e.part].checksums[v.checksum].bytes, 32);
    });
  }

  std::vector<Part>& parts_;
  Assembled out_;
  // By part and number in it: first the order among all there is, then the number in the table; kNone: not used.
  std::vector<Words> strings_, ranks_, feature_lists_, dependencies_;
  std::vector<Place> string_places_, semver_places_;
  std::vector<Entry> entries_;  // in the order of the table of versions
  std::vector<Bytes> used_lists_, used_tables_, used_dependencies_, used_feature_lists_;
  Bytes used_strings_, used_requirements_, used_semver_;
  Strings view_;
  SemverTable semver_;
  Words requirement_texts_, requirement_of_, crate_of_;
  uint32_t crates_ = 0;
  Array<uint32_t> feature_table_words_, feature_words_;
};

}  // namespace

bool is_before(const Dependency& a, const Dependency& b) {
  if (a.crate != b.crate) return a.crate < b.crate;
  if (a.name != b.name) return a.name < b.name;
  if (a.requirement != b.requirement) return a.requirement < b.requirement;
  if (a.platform != b.platform) return a.platform < b.platform;
  if (a.features != b.features) return a.features < b.features;
  return a.flags < b.flags;
}

void number_compatible(const SemverTable& semver, uint32_t* out) {
  for (Rank r = 0; r != semver.count; ++r) {
    const auto same = [&](const uint64_t* numbers) { return numbers[r] == numbers[r - 1]; };
    const bool major = r != 0 && same(semver.majors), minor = major && same(semver.minors);
    const bool compatible = semver.majors[r] != 0   ? major
                            : semver.minors[r] != 0 ? minor
                                                    : minor && same(semver.patches);
    out[r] = r == 0 ? 0 : out[r - 1] + !compatible;
  }
}

Assembled assemble(std::vector<Part>& parts) { return Assembly(parts).run(); }

}  // namespace rustg::graph
