// PTX text and the operands in it.
#pragma once
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

namespace rustg::ptx {

// A register or an immediate; register families: %r 32 bits, %l 64 bits, %p predicates.
struct Operand {
  enum class Kind : uint8_t { r, l, p, integer, f32, f64 } kind;
  uint64_t value;  // register number, signed integer, or the bits of a float
  bool operator==(const Operand&) const = default;
  constexpr bool is_register() const { return kind <= Kind::p; }
};

class Text {
 public:
  // One line of the pieces given.
  template <class... Pieces>
  void line(const Pieces&... pieces) {
    (put(pieces), ...);
    out_ += '\n';
  }
  void put(std::string_view s) { out_ += s; }
  void put(char c) { out_ += c; }
  void put(int32_t v) { number(v, 10); }
  void put(uint32_t v) { number(v, 10); }
  void put(int64_t v) { number(v, 10); }
  void put(uint64_t v) { number(v, 10); }
  void put(const Operand& o) {
    switch (o.kind) {
      case Operand::Kind::r: out_ += "%r", number(o.value, 10); break;
      case Operand::Kind::l: out_ += "%l", number(o.value, 10); break;
      case Operand::Kind::p: out_ += "%p", number(o.value, 10); break;
      case Operand::Kind::integer: number(static_cast<int64_t>(o.value), 10); break;
      case Operand::Kind::f32: out_ += "0f", hex(o.value, 8); break;
      case Operand::Kind::f64: out_ += "0d", hex(o.value, 16); break;
    }
  }
  void clear() { out_.clear(); }
  std::string& str() { return out_; }
  std::string take() { return std::move(out_); }

 private:
  template <class T>
  void number(T v, int base) {
    char buffer[24];
    auto end = std::to_chars(buffer, buffer + sizeof buffer, v, base).ptr;
    out_.append(buffer, end);
  }
  void hex(uint64_t v, int digits) {
    for (int d = digits - 1; d >= 0; --d) out_ += "0123456789ABCDEF"[v >> (4 * d) & 15];
  }
  std::string out_;
};

}  // namespace rustg::ptx
