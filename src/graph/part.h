// What one thread has read of an index: its own tables, with numbers of its own, in which equal things are stored once. assemble.h puts the
// parts of all threads together.
#pragma once
#include <xxhash.h>

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "graph/registry.h"
#include "graph/semver.h"

namespace rustg::graph {

// Open addressing from hashes to numbers; whether the thing is really the same one is for the caller to say.
class HashIndex {
 public:
  // The number for which `same` holds, or `fresh`, which is then put in.
  template <class Same>
  uint32_t find_or_insert(uint64_t hash, uint32_t fresh, Same same) {
    if (used_ * 4 >= slots_.size() * 3) grow();
    const uint32_t tag = uint32_t(hash >> 32);
    for (size_t at = hash & mask();; at = (at + 1) & mask()) {
      Slot& slot = slots_[at];
      if (slot.value == kNone) {
        slot = {tag, uint32_t(hash), fresh};
        ++used_;
        return fresh;
      }
      if (slot.tag == tag && slot.low == uint32_t(hash) && same(slot.value)) return slot.value;
    }
  }

 private:
  struct Slot {
    uint32_t tag, low, value;
  };
  size_t mask() const { return slots_.size() - 1; }
  void grow();
  std::vector<Slot> slots_ = std::vector<Slot>(1024, Slot{0, 0, kNone});
  size_t used_ = 0;
};

// From 128-bit digests to numbers. A digest stands for what it was made of: with a seed that nobody knows, no two will be equal.
class DigestMap {
 public:
  // kNone if it is not there; then `slot` is where insert() puts it.
  uint32_t find(XXH128_hash_t digest, size_t& slot) const {
    for (slot = digest.low64 & (slots_.size() - 1);; slot = (slot + 1) & (slots_.size() - 1)) {
      const Slot& s = slots_[slot];
      if (s.value == kNone || (s.low == digest.low64 && s.high == digest.high64)) return s.value;
    }
  }
  void insert(XXH128_hash_t digest, size_t slot, uint32_t value);

 private:
  struct Slot {
    uint64_t low, high;
    uint32_t value;
  };
  std::vector<Slot> slots_ = std::vector<Slot>(1024, Slot{0, 0, kNone});
  size_t used_ = 0;
};

// Texts by number.
class TextSet {
 public:
  TextSet() { bytes_.reserve(64); }  // also the empty text is somewhere
  uint32_t intern(std::string_view text);
  std::string_view operator[](uint32_t id) const {
    return {bytes_.data() + offsets_[id], offsets_[id + 1] - offsets_[id]};
  }
  uint32_t size() const { return uint32_t(offsets_.size() - 1); }

 private:
  std::vector<char> bytes_;
  std::vector<size_t> offsets_{0};
  HashIndex index_;
};

// Lists of words by number.
class ListSet {
 public:
  uint32_t intern(std::span<const uint32_t> words);
  std::span<const uint32_t> operator[](uint32_t id) const {
    return {words_.data() + offsets_[id], offsets_[id + 1] - offsets_[id]};
  }
  // For rewriting in place; nothing can be interned from then on.
  std::span<uint32_t> mutable_list(uint32_t id) {
    return {words_.data() + offsets_[id], offsets_[id + 1] - offsets_[id]};
  }
  uint32_t size() const { return uint32_t(offsets_.size() - 1); }

 private:
  std::vector<uint32_t> words_;
  std::vector<size_t> offsets_{0};
  HashIndex index_;
};

struct Part {
  TextSet strings;  // 0: the empty text
  TextSet version_texts;
  std::vector<Version> versions_semver;  // by number of their text
  std::vector<uint32_t> pre, build;      //   strings

  // Dependencies as words: crate, name, requirement (a string), features (of feature_lists), platform, flags.
  static constexpr uint32_t kDependencyWords = 6;
  ListSet dependencies;
  ListSet dependency_lists;
  ListSet feature_lists;  // of strings, as the index has them
  // Feature tables as words: number of features; of each: name, number of values; of each value: name, other, kind.
  ListSet feature_tables;

  struct PartVersion {
    uint32_t crate, semver, dependencies, features, links, checksum;  // checksum: index, or kNone
    uint64_t rust;
    uint64_t sequence;  // its place in the index
    uint8_t flags;
  };
  std::vector<PartVersion> versions;
  struct Checksum {
    uint8_t bytes[32];
  };
  std::vector<Checksum> checksums;
  // Of lines that come one after another.
  struct CrateLines {
    uint32_t crate;
    CrateHash hash;
  };
  std::vector<CrateLines> crate_lines;

  Part() { strings.intern(""); }
};

}  // namespace rustg::graph
