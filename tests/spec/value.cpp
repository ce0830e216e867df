#include "spec/value.h"

#include <fmt/format.h>

#include <charconv>

namespace rustg::spec {

Result<Expected> parse_value(std::string_view type, std::string_view value) {
  Expected e;
  e.narrow = type == "i32" || type == "f32";
  e.is_double = type == "f64";
  const bool is_reference = type == "funcref" || type == "externref";
  if (!is_reference && !e.narrow && !e.is_double && type != "i64")
    return Error{fmt::format("a value of type {} is not supported", type)};
  if (value == "nan:canonical" || value == "nan:arithmetic") {
    e.kind = value == "nan:canonical" ? Expected::Kind::canonical_nan : Expected::Kind::arithmetic_nan;
    return e;
  }
  if (is_reference && value.empty()) {
    e.kind = Expected::Kind::any_reference;
    return e;
  }
  if (is_reference && value == "null") return e;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), e.bits);
  if (error != std::errc() || end != value.data() + value.size())
    return Error{fmt::format("malformed value \"{}\"", value)};
  if (is_reference) ++e.bits;
  return e;
}

bool matches(const Expected& expected, uint64_t slot) {
  if (expected.narrow) slot &= 0xffffffffu;
  const uint64_t quiet = expected.is_double ? 0x7ff8000000000000u : 0x7fc00000u;
  const uint64_t sign = expected.is_double ? uint64_t{1} << 63 : 0x80000000u;
  switch (expected.kind) {
    case Expected::Kind::bits: return slot == expected.bits;
    case Expected::Kind::canonical_nan: return (slot & ~sign) == quiet;
    case Expected::Kind::arithmetic_nan: return (slot & quiet) == quiet;
    case Expected::Kind::any_reference: return slot != 0;
  }
  return false;
}

std::string describe(const Expected& expected) {
  switch (expected.kind) {
    case Expected::Kind::bits: return describe_slot(expected, expected.bits);
    case Expected::Kind::canonical_nan: return "nan:canonical";
    case Expected::Kind::arithmetic_nan: return "nan:arithmetic";
    case Expected::Kind::any_reference: return "a reference";
  }
  return "?";
}

std::string describe_slot(const Expected& like, uint64_t slot) {
  return like.narrow ? fmt::format("{:#010x}", slot & 0xffffffffu) : fmt::format("{:#018x}", slot);
}

}  // namespace rustg::spec
