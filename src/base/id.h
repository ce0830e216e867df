// Typed 32-bit ids: an index into one particular table, which the compiler will not let stand in for another's.
#pragma once
#include <compare>
#include <cstdint>
#include <functional>

namespace rustg {

template <class Tag>
struct Id {
  static constexpr uint32_t kNone = 0xffffffffu;
  uint32_t value = kNone;

  constexpr Id() = default;
  constexpr explicit Id(uint32_t v) : value(v) {}
  constexpr explicit Id(size_t v) : value(static_cast<uint32_t>(v)) {}
  constexpr explicit Id(int v) : value(static_cast<uint32_t>(v)) {}
  constexpr bool is_some() const { return value != kNone; }
  constexpr auto operator<=>(const Id&) const = default;
};

}  // namespace rustg

template <class Tag>
struct std::hash<rustg::Id<Tag>> {
  size_t operator()(rustg::Id<Tag> id) const noexcept { return id.value; }
};
