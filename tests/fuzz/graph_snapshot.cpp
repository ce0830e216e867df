// Any bytes are refused as a snapshot, and any tables, or they can be followed to the last number. Tables are tried without the file around
// them, since no fuzzer guesses a checksum: those that the input holds, and those of a small index with some bytes changed.
// So are compressed tables, with checksums put right: the input as what follows a header, and the small index with some bytes changed.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../graph/sealed_snapshot.h"
#include "graph/assemble.h"
#include "graph/index_line.h"
#include "graph/snapshot.h"
#include "graph/validate.h"

namespace {

using namespace rustg::graph;

// Copies of sections, of their exact sizes.
class Copies {
 public:
  Sections sections;
  void add(uint32_t table, const void* data, size_t bytes) {
    uint8_t* copy = memory_.emplace_back(std::make_unique<uint8_t[]>(bytes)).get();
    if (bytes != 0) std::memcpy(copy, data, bytes);
    sections.section[table] = {copy, bytes};
  }
  uint8_t* bytes(uint32_t table) { return memory_[table].get(); }

 private:
  std::vector<std::unique_ptr<uint8_t[]>> memory_;
};

// Everything there is to read, if it is let through.
bool follow(const Sections& sections) {
  if (validate(sections)) return false;
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
  return true;
}

// From memory of just their size.
rustg::Result<Registry> read(std::string_view bytes, Array<char>& memory) {
  Array<char> copy(bytes.size());
  if (!bytes.empty()) std::memcpy(copy.data(), bytes.data(), bytes.size());
  return read_snapshot(copy.data(), bytes.size(), "input", memory);
}

void seal_and_follow(std::string bytes) {
  seal_snapshot(bytes);
  Array<char> memory;
  // The registry is in `memory`, since what was sealed is compressed.
  if (auto r = read(bytes, memory); r && !follow(sections_of(*r))) __builtin_trap();
}

// After the header: sizes of three bytes for all tables, then of two bytes for all blocks, then blocks.
std::string body(const uint8_t* data, size_t size) {
  std::string out(sizeof(SnapshotHeader), '\0');
  uint64_t count = 0;
  for (uint32_t t = 0; t != kTables; ++t, data += 3, size -= 3) {
    const uint64_t bytes = data[0] | data[1] << 8 | data[2] << 16;
    const uint64_t wanted = bytes >> 16 == 0xff ? bytes << 40 : bytes;  // some far too large
    count += snapshot_blocks(wanted);
    out.append(reinterpret_cast<const char*>(&wanted), sizeof wanted);
  }
  for (; count != 0 && size >= 2; --count, data += 2, size -= 2) {
    const SnapshotBlock block{0, uint64_t(data[0] | data[1] << 8)};
    out.append(reinterpret_cast<const char*>(&block), sizeof block);
  }
  return out.append(reinterpret_cast<const char*>(data), size);
}

const Tables& small_index() {
  static const Tables tables = [] {
    const std::string_view lines[] = {
        R"-({"name":"a","vers":"1.0.0","deps":[],"features":{"f":["g"],"g":[]},"yanked":false,"links":"z"})-",
        R"-({"name":"a","vers":"1.2.0-b.1","deps":[],"features":{},"yanked":true,"rust_version":"1.70"})-",
        R"-({"name":"b","vers":"0.1.0","deps":[{"name":"a","req":">=1, <3","features":["f"],"optional":true,"default_features":false,)-"
        R"-("target":"cfg(unix)","kind":"normal"},{"name":"d","req":"*","features":[],"optional":false,"default_features":true,)-"
        R"-("target":null,"kind":"dev","package":"c"}],"features":{"default":["dep:a","a/f","a?/g"]},"yanked":false,"v":2})-",
        R"-({"name":"c","vers":"2.0.0+build","deps":[{"name":"b","req":"^0.1","features":["default"],"optional":false,)-"
        R"-("default_features":true,"target":"x86_64-unknown-linux-gnu","kind":"build"}],"features":{},"yanked":false})-",
    };
    std::vector<Part> parts(1);
    LineReader reader(parts[0]);
    uint64_t number = 0;
    for (const std::string_view line : lines) {
      const std::string padded = std::string(line) + std::string(LineReader::kPadding, ' ');
      if (reader.read(std::string_view(padded).substr(0, line.size()), number++)) std::abort();
    }
    return std::move(assemble(parts).tables);
  }();
  return tables;
}

const std::string& small_file() {
  static const std::string file = [] {
    const CompressedTables tables(sections_of(small_index().registry()));
    std::string out;
    for (const Section& part : tables.parts()) out.append(static_cast<const char*>(part.data), part.bytes);
    return out;
  }();
  return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Array<char> memory;
  (void)read({reinterpret_cast<const char*>(data), size}, memory);
  if (size >= 3 * kTables) seal_and_follow(body(data, size));
  // Changes: a table, a place in it, a byte.
  Copies changed;
  const Sections small = sections_of(small_index().registry());
  for (uint32_t t = 0; t != kTables; ++t) changed.add(t, small.section[t].data, small.section[t].bytes);
  for (size_t at = 0; at + 4 <= size && at < 64; at += 4) {
    const uint32_t table = data[at] % kTables, place = data[at + 1] | data[at + 2] << 8;
    if (const size_t bytes = changed.sections.section[table].bytes) changed.bytes(table)[place % bytes] = data[at + 3];
  }
  follow(changed.sections);
  // The same of the file: a place, a byte.
  std::string file = small_file();
  for (size_t at = 0; at + 3 <= size && at < 48; at += 3)
    file[sizeof(SnapshotHeader) + (data[at] | data[at + 1] << 8) % (file.size() - sizeof(SnapshotHeader))] =
        char(data[at + 2]);
  seal_and_follow(std::move(file));
  // The sizes of all tables, then the tables.
  if (size < 2 * kTables) return 0;
  Copies given;
  size_t at = 2 * kTables;
  for (uint32_t t = 0; t != kTables; ++t) {
    const size_t wanted = (data[2 * t] | data[2 * t + 1] << 8) * size_t(element_size(Table(t)));
    const size_t bytes = wanted < size - at ? wanted : size - at;
    given.add(t, data + at, bytes);
    at += bytes;
  }
  follow(given.sections);
  return 0;
}
