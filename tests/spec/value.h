// Values as wast2json writes them ({"type": "f32", "value": "nan:canonical"}), and value slots.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace rustg::spec {

struct Expected {
  enum class Kind : uint8_t { bits, canonical_nan, arithmetic_nan, any_reference } kind = Kind::bits;
  bool narrow = false;  // 32 bits: the slot's low half counts
  bool is_double = false;
  uint64_t bits = 0;
};

// `value` is empty where a reference of whatever value is meant. `ref.extern n` is the host reference n + 1.
Result<Expected> parse_value(std::string_view type, std::string_view value);
bool matches(const Expected& expected, uint64_t slot);
std::string describe(const Expected& expected);
std::string describe_slot(const Expected& like, uint64_t slot);

}  // namespace rustg::spec
