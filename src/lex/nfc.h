// Normalization form C of a text, code point by code point, on every device: without memory of its own, however many marks follow one another.
// Rust compares names in this form. Tables by tools/lex_unicode_tables.mjs.
#pragma once
#include <cstdint>

#include "base/hd.h"
#include "lex/unicode.h"

namespace rustg::lex {

namespace nfc_host {
#define RUSTG_TABLE(type, name, size) inline constexpr type name[size]
#include "lex/nfc_tables.inc"
#undef RUSTG_TABLE
}  // namespace nfc_host
#if defined(__CUDACC__)
namespace nfc_device {
#  define RUSTG_TABLE(type, name, size) static __device__ const type name[size]
#  include "lex/nfc_tables.inc"
#  undef RUSTG_TABLE
}  // namespace nfc_device
#endif

namespace nfc {
#if defined(__CUDA_ARCH__)
#  define RUSTG_NFC_TABLES using namespace nfc_device
#else
#  define RUSTG_NFC_TABLES using namespace nfc_host
#endif

// Hangul syllables are computed: 19 leading consonants, 21 vowels, 27 trailing consonants or none.
constexpr uint32_t kSyllables = 0xac00, kLeading = 0x1100, kVowels = 0x1161, kTrailing = 0x11a7;
constexpr uint32_t kLeadingCount = 19, kVowelCount = 21, kTrailingCount = 28,
                   kSyllableCount = kLeadingCount * kVowelCount * kTrailingCount;

// The first of `count` values that is not below `value`.
RUSTG_HD inline uint32_t lower_bound(const uint32_t* values, uint32_t count, uint32_t value) {
  uint32_t low = 0;
  while (low < count) {
    const uint32_t middle = low + (count - low) / 2;
    if (values[middle] < value)
      low = middle + 1;
    else
      count = middle;
  }
  return low;
}

// Where marks with this combining class go among others; 0: it has none.
RUSTG_HD inline uint32_t combining_order(uint32_t c) {
  RUSTG_NFC_TABLES;
  constexpr uint32_t kCount = sizeof kCombiningLast / sizeof *kCombiningLast;
  if (c < kCombiningFirst[0]) return 0;
  const uint32_t at = lower_bound(kCombiningLast, kCount, c);
  return at < kCount && kCombiningFirst[at] <= c ? kCombiningOrder[at] : 0;
}

constexpr uint32_t kNone = 0xffffffffu;

// What a and b make together; kNone: they stay two.
RUSTG_HD inline uint32_t compose(uint32_t a, uint32_t b) {
  RUSTG_NFC_TABLES;
  if (b < kCombiningFirst[0]) return kNone;
  if (a - kLeading < kLeadingCount && b - kVowels < kVowelCount)
    return kSyllables + ((a - kLeading) * kVowelCount + (b - kVowels)) * kTrailingCount;
  if (a - kSyllables < kSyllableCount && (a - kSyllables) % kTrailingCount == 0 &&
      b - kTrailing - 1 < kTrailingCount - 1)
    return a + (b - kTrailing);
  constexpr uint32_t kCount = sizeof kComposed / sizeof *kComposed;
  for (uint32_t at = lower_bound(kComposeFirst, kCount, a); at < kCount && kComposeFirst[at] == a; ++at) {
    if (kComposeSecond[at] == b) return kComposed[at];
  }
  return kNone;
}

// The code points that a text decomposes into, in its order.
class Parts {
 public:
  RUSTG_HD Parts(const uint8_t* begin, const uint8_t* end) : p_(begin), end_(end) { load(); }
  RUSTG_HD bool done() const { return count_ == 0; }
  RUSTG_HD uint32_t get() const {
    RUSTG_NFC_TABLES;
    if (table_ != kNone) return kDecomposedText[table_ + part_];
    if (count_ == 1) return code_;
    const uint32_t s = code_ - kSyllables;
    if (part_ == 0) return kLeading + s / (kVowelCount * kTrailingCount);
    if (part_ == 1) return kVowels + s / kTrailingCount % kVowelCount;
    return kTrailing + s % kTrailingCount;
  }
  RUSTG_HD void next() {
    if (++part_ < count_) return;
    p_ += utf8_length(*p_);
    load();
  }

 private:
  RUSTG_HD_APART void load() {
    RUSTG_NFC_TABLES;
    part_ = 0;
    count_ = p_ < end_ ? 1 : 0;
    table_ = kNone;
    if (count_ == 0) return;
    code_ = decode_utf8(p_);
    if (code_ < kDecomposed[0]) return;
    if (code_ - kSyllables < kSyllableCount) {
      count_ = (code_ - kSyllables) % kTrailingCount == 0 ? 2 : 3;
      return;
    }
    constexpr uint32_t kCount = sizeof kDecomposed / sizeof *kDecomposed;
    const uint32_t at = lower_bound(kDecomposed, kCount, code_);
    if (at == kCount || kDecomposed[at] != code_) return;
    table_ = kDecomposedBegin[at];
    count_ = kDecomposedBegin[at + 1] - table_;
  }

  const uint8_t *p_, *end_;
  uint32_t code_ = 0, part_ = 0, count_ = 0;  // a code point, and which of its parts
  uint32_t table_ = kNone;                    // where its parts are
};

// The marks that follow one another from a place on, in the order of their classes: the run is gone through once for each class that occurs in it.
class Marks {
 public:
  RUSTG_HD explicit Marks(const Parts& begin) : begin_(begin), at_(begin) { settle(); }
  RUSTG_HD bool done() const { return order_ == kNone; }
  RUSTG_HD uint32_t get() const { return at_.get(); }
  RUSTG_HD uint32_t order() const { return order_; }
  RUSTG_HD uint32_t place() const { return place_; }  // in the text's order, from 0
  RUSTG_HD void next() {
    at_.next(), ++place_;
    settle();
  }

 private:
  // To the next mark of this class, or the first one of the next class.
  RUSTG_HD_APART void settle() {
    while (true) {
      for (; !at_.done(); at_.next(), ++place_) {
        const uint32_t order = combining_order(at_.get());
        if (order == 0) break;
        if (order == order_) return;
        if (order > order_ && order < following_) following_ = order;
      }
      order_ = following_;
      if (order_ == kNone) return;
      following_ = kNone;
      at_ = begin_;
      place_ = 0;
    }
  }

  Parts begin_, at_;
  uint32_t place_ = 0, order_ = 0, following_ = kNone;
};

}  // namespace nfc

class Nfc {
 public:
  RUSTG_HD Nfc(const uint8_t* begin, const uint8_t* end) : behind_(begin, end), marks_(behind_) { combine(); }
  RUSTG_HD bool done() const { return starter_ == nfc::kNone && marks_.done(); }
  RUSTG_HD uint32_t get() const { return starter_ != nfc::kNone ? starter_ : marks_.get(); }
  RUSTG_HD void next() {
    if (starter_ != nfc::kNone)
      starter_ = nfc::kNone;
    else
      marks_.next();
    skip_taken();
    if (marks_.done()) combine();
  }

 private:
  // No code point has more parts than four, so no more than three marks are taken into what comes before them.
  static constexpr uint32_t kMostTaken = 3;

  // The next starter with all that it takes in; what follows it are marks.
  RUSTG_HD_APART void combine() {
    taken_count_ = 0;
    if (behind_.done()) return;
    if (nfc::combining_order(behind_.get()) == 0) starter_ = behind_.get(), behind_.next();
    while (true) {
      taken_count_ = 0;
      marks_ = nfc::Marks(behind_);
      uint32_t left = 0;  // marks that stay, or the class of the last of them
      for (nfc::Marks m = marks_; !m.done() && starter_ != nfc::kNone; m.next()) {
        const uint32_t both = m.order() == left ? nfc::kNone : nfc::compose(starter_, m.get());
        if (both == nfc::kNone)
          left = m.order();
        else
          starter_ = both, taken_[taken_count_++] = m.place();
      }
      while (!behind_.done() && nfc::combining_order(behind_.get()) != 0) behind_.next();
      if (left != 0 || behind_.done() || starter_ == nfc::kNone) break;
      const uint32_t both = nfc::compose(starter_, behind_.get());
      if (both == nfc::kNone) break;
      starter_ = both, behind_.next();
    }
    skip_taken();
  }
  RUSTG_HD bool is_taken(uint32_t place) const {
    for (uint32_t i = 0; i < taken_count_; ++i) {
      if (taken_[i] == place) return true;
    }
    return false;
  }
  RUSTG_HD void skip_taken() {
    while (!marks_.done() && is_taken(marks_.place())) marks_.next();
  }

  nfc::Parts behind_;  // the marks
  nfc::Marks marks_;
  uint32_t starter_ = nfc::kNone;
  uint32_t taken_[kMostTaken] = {}, taken_count_ = 0;
};

// The UTF-8 of a code point, the first byte lowest.
RUSTG_HD inline uint32_t encode_utf8(uint32_t c) {
  if (c < 0x80) return c;
  const uint32_t last = 0x80 | (c & 0x3f), third = 0x80 | (c >> 6 & 0x3f), second = 0x80 | (c >> 12 & 0x3f);
  if (c < 0x800) return (0xc0 | c >> 6) | last << 8;
  if (c < 0x10000) return (0xe0 | c >> 12) | third << 8 | last << 16;
  return (0xf0 | c >> 18) | second << 8 | third << 16 | last << 24;
}

}  // namespace rustg::lex
