#include "graph/part.h"

#include <cstring>

namespace rustg::graph {

void HashIndex::grow() {
  std::vector<Slot> old(slots_.size() * 2, Slot{0, 0, kNone});
  old.swap(slots_);
  for (const Slot& s : old) {
    if (s.value == kNone) continue;
    size_t at = s.low & mask();
    while (slots_[at].value != kNone) at = (at + 1) & mask();
    slots_[at] = s;
  }
}

void DigestMap::insert(XXH128_hash_t digest, size_t slot, uint32_t value) {
  slots_[slot] = {digest.low64, digest.high64, value};
  if (++used_ * 4 < slots_.size() * 3) return;
  std::vector<Slot> old(slots_.size() * 2, Slot{0, 0, kNone});
  old.swap(slots_);
  for (const Slot& s : old) {
    if (s.value == kNone) continue;
    size_t at;
    find({s.low, s.high}, at);
    slots_[at] = s;
  }
}

uint32_t TextSet::intern(std::string_view text) {
  const uint32_t fresh = size();
  const uint32_t id = index_.find_or_insert(XXH3_64bits(text.data(), text.size()), fresh,
                                            [&](uint32_t other) { return (*this)[other] == text; });
  if (id == fresh) {
    bytes_.insert(bytes_.end(), text.begin(), text.end());
    offsets_.push_back(bytes_.size());
  }
  return id;
}

uint32_t ListSet::intern(std::span<const uint32_t> words) {
  const uint32_t fresh = size();
  const uint32_t id = index_.find_or_insert(XXH3_64bits(words.data(), words.size_bytes()), fresh, [&](uint32_t other) {
    const auto list = (*this)[other];
    return list.size() == words.size() &&
           (words.empty() || std::memcmp(list.data(), words.data(), words.size_bytes()) == 0);
  });
  if (id == fresh) {
    words_.insert(words_.end(), words.begin(), words.end());
    offsets_.push_back(words_.size());
  }
  return id;
}

}  // namespace rustg::graph
