// A cursor over bytes of a module: LEB128 numbers, names, value types (spec, section 5.2). The first error sticks: from
// then on every read gives 0 and the cursor is at its end, so that callers look at `failed` once an item, not once a
// byte.
#pragma once
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "wasm/module.h"

namespace rustg::wasm {

class Reader {
 public:
  // `offset` is where `bytes` begin in the file. `end_message` is the error of reading past the end.
  explicit Reader(std::span<const uint8_t> bytes, uint64_t offset = 0, const char* end_message = "unexpected end")
      : begin_(bytes.data()), at_(begin_), end_(begin_ + bytes.size()), offset_(offset), end_message_(end_message) {}

  bool at_end() const { return at_ == end_; }
  size_t left() const { return static_cast<size_t>(end_ - at_); }
  uint64_t offset() const { return offset_ + static_cast<uint64_t>(at_ - begin_); }  // in the file
  const uint8_t* position() const { return at_; }
  void skip_to(const uint8_t* position) { at_ = position; }  // one that was looked ahead to

  uint8_t byte() {
    if (at_ == end_) [[unlikely]]
      return static_cast<uint8_t>(fail(end_message_));
    return *at_++;
  }
  uint32_t u32() {
    if (at_ != end_ && *at_ < 0x80) [[likely]]
      return *at_++;
    return static_cast<uint32_t>(unsigned_leb(32));
  }
  int32_t s32() { return static_cast<int32_t>(signed_short(32)); }
  int64_t s33() { return signed_short(33); }
  int64_t s64() { return signed_short(64); }
  uint32_t bits32() { return fixed<uint32_t>(); }
  uint64_t bits64() { return fixed<uint64_t>(); }
  // The next `count` bytes.
  std::span<const uint8_t> bytes(uint64_t count) {
    if (count > left()) {
      fail("length out of bounds: " + std::to_string(count) + " bytes are announced, " + std::to_string(left()) +
           " are left");
      return {};
    }
    std::span<const uint8_t> result(at_, static_cast<size_t>(count));
    at_ += count;
    return result;
  }
  std::string_view name();  // a length and that many bytes of UTF-8
  ValType value_type();     // v128 is refused: no SIMD yet
  ValType ref_type();
  void zero_byte();  // of a memory index, before there were several

  bool failed() const { return failed_; }
  // The first one counts. Gives 0.
  uint64_t fail(std::string message) { return fail_at(offset(), std::move(message)); }
  uint64_t fail_at(uint64_t offset, std::string message);
  const Error& error() const { return error_; }

 private:
  int64_t signed_short(uint32_t bits) {
    if (at_ != end_ && *at_ < 0x80) [[likely]]
      return static_cast<int64_t>(static_cast<uint64_t>(*at_++) << 57) >> 57;
    return signed_leb(bits);
  }
  template <class T>
  T fixed() {
    if (left() < sizeof(T)) return static_cast<T>(fail(end_message_));
    T value;
    std::memcpy(&value, at_, sizeof(T));
    at_ += sizeof(T);
    return value;
  }
  uint64_t unsigned_leb(uint32_t bits);
  int64_t signed_leb(uint32_t bits);

  const uint8_t *begin_, *at_, *end_;
  uint64_t offset_;
  const char* end_message_;
  bool failed_ = false;
  Error error_;
};

// Whether `text` is well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);

// "0x7c", for messages.
std::string hex(uint64_t value);
// A name as it may stand in a message of one line: control characters as \0a, as in the text format.
std::string printable(std::string_view name);
// The one refusal of SIMD: `what` is "instruction 0xfd 12" or "type v128".
std::string simd_message(const std::string& what, uint64_t offset);

}  // namespace rustg::wasm
