#include "wasm/reader.h"

#include <fmt/format.h>

#include "wasm/instruction.h"

namespace rustg::wasm {

uint64_t Reader::fail_at(uint64_t offset, std::string message) {
  if (!failed_) {
    failed_ = true;
    error_ = {std::move(message), offset};
    at_ = end_;
  }
  return 0;
}

uint64_t Reader::unsigned_leb(uint32_t bits) {
  const uint64_t start = offset();
  uint64_t value = 0;
  for (uint32_t shift = 0;; shift += 7) {
    if (at_ == end_) return fail(end_message_);
    const uint8_t byte = *at_++;
    const uint32_t room = bits - shift;
    if (room <= 7 && byte & 0x80) return fail_at(start, "integer representation too long");
    if (room < 7 && byte >> room) return fail_at(start, "integer too large");
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (!(byte & 0x80)) return value;
  }
}

int64_t Reader::signed_leb(uint32_t bits) {
  const uint64_t start = offset();
  uint64_t value = 0;
  for (uint32_t shift = 0;; shift += 7) {
    if (at_ == end_) return static_cast<int64_t>(fail(end_message_));
    const uint8_t byte = *at_++;
    const uint32_t room = bits - shift;
    if (room <= 7 && byte & 0x80) return static_cast<int64_t>(fail_at(start, "integer representation too long"));
    if (room < 7) {
      // The bits beyond the number's width repeat its sign.
      const uint8_t beyond = static_cast<uint8_t>(0x7f & (0x7f << (room - 1)));
      if ((byte & beyond) != 0 && (byte & beyond) != beyond)
        return static_cast<int64_t>(fail_at(start, "integer too large"));
    }
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (!(byte & 0x80)) {
      const uint32_t used = shift + 7;
      return used >= 64 ? static_cast<int64_t>(value) : static_cast<int64_t>(value << (64 - used)) >> (64 - used);
    }
  }
}

std::string_view Reader::name() {
  const uint32_t length = u32();
  const uint64_t start = offset();
  const auto text_bytes = bytes(length);
  const std::string_view text(reinterpret_cast<const char*>(text_bytes.data()), text_bytes.size());
  if (!is_utf8(text)) {
    fail_at(start, "malformed UTF-8 encoding");
    return {};
  }
  return text;
}

ValType Reader::value_type() {
  const uint64_t at = offset();
  const auto type = static_cast<ValType>(byte());
  if (failed_) return ValType::i32;
  if (!is_value_type(type)) fail_at(at, "malformed value type: found " + hex(static_cast<uint8_t>(type)));
  if (type == ValType::v128) fail_at(at, simd_message("type v128", at));
  return type;
}

ValType Reader::ref_type() {
  const uint64_t at = offset();
  const auto type = static_cast<ValType>(byte());
  if (failed_) return ValType::funcref;
  if (type != ValType::funcref && type != ValType::externref)
    fail_at(at, "malformed reference type: expected funcref or externref, found " + hex(static_cast<uint8_t>(type)));
  return type;
}

void Reader::zero_byte() {
  const uint64_t at = offset();
  const uint8_t value = byte();
  if (value != 0) fail_at(at, "zero byte expected, found " + hex(value));
}

bool is_utf8(std::string_view text) {
  const auto* at = reinterpret_cast<const uint8_t*>(text.data());
  const uint8_t* const end = at + text.size();
  const auto tail = [&](uint8_t low, uint8_t high) { return at != end && *at >= low && *at <= high && ++at; };
  while (at != end) {
    const uint8_t lead = *at++;
    if (lead < 0x80) continue;
    if (lead >= 0xc2 && lead <= 0xdf) {
      if (!tail(0x80, 0xbf)) return false;
    } else if (lead >= 0xe0 && lead <= 0xef) {
      if (!tail(lead == 0xe0 ? 0xa0 : 0x80, lead == 0xed ? 0x9f : 0xbf) || !tail(0x80, 0xbf)) return false;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
      if (!tail(lead == 0xf0 ? 0x90 : 0x80, lead == 0xf4 ? 0x8f : 0xbf) || !tail(0x80, 0xbf) || !tail(0x80, 0xbf))
        return false;
    } else {
      return false;
    }
  }
  return true;
}

std::string hex(uint64_t value) { return fmt::format("{:#04x}", value); }

std::string printable(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (static_cast<uint8_t>(c) < 0x20 || c == 0x7f) {
      out += fmt::format("\\{:02x}", static_cast<uint8_t>(c));
    } else {
      out += c;
    }
  }
  return out;
}

std::string simd_message(const std::string& what, uint64_t offset) {
  return fmt::format("SIMD ({} at offset {:#x}) is not supported yet; compile with -Ctarget-feature=-simd128", what,
                     offset);
}

uint16_t prefixed_opcode(Reader& reader, uint64_t offset, uint8_t prefix) {
  if (reader.failed()) return kNoOpcode;
  if (prefix < 0xfc || prefix == 0xff) {
    reader.fail_at(offset, "illegal opcode " + hex(prefix));
    return kNoOpcode;
  }
  const uint32_t code = reader.u32();
  if (reader.failed()) return kNoOpcode;
  if (prefix == 0xfd) {
    reader.fail_at(offset, simd_message(fmt::format("instruction 0xfd {}", code), offset));
    return kNoOpcode;
  }
  const uint16_t opcode = code > 0xff ? kNoOpcode : prefix == 0xfc ? kByCode<0xfc>[code] : kByCode<0xfe>[code];
  if (opcode == kNoOpcode) reader.fail_at(offset, fmt::format("illegal opcode {} {}", hex(prefix), code));
  return opcode;
}

}  // namespace rustg::wasm
