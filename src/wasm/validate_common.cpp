// The fast path of validation: runs of common instructions with everything in order. It never fails and never half-does: an
// instruction that is rare, long, wrong or in unreachable code is left where it is for the general path.
#include <array>
#include <cstring>

#include "wasm/validate_body.h"

namespace rustg::wasm::detail {

namespace {

enum class Shape : uint8_t { other, plain, access, constant, local_get, local_set, local_tee, block, end, br, br_if };

// What an instruction without prefix does to the two topmost operand types, read as one 16-bit number.
struct Common {
  Shape shape = Shape::other;
  uint8_t operands = 0, results = 0;
  ValType result = ValType::i32;
  uint16_t types = 0, mask = 0;
  uint8_t align = 0;
};

constexpr std::array<Common, 256> kCommon = [] {
  std::array<Common, 256> table{};
  for (const OpcodeInfo& row : kOpcodes) {
    if (row.prefix != 0 || row.special || row.operand_count > 2) continue;
    Common& entry = table[row.code];
    switch (row.immediate) {
      case Immediate::none: entry.shape = Shape::plain; break;
      case Immediate::memory_access: entry.shape = Shape::access; break;
      case Immediate::i32:
      case Immediate::i64: entry.shape = Shape::constant; break;
      default: continue;
    }
    entry.operands = row.operand_count;
    entry.results = row.result_count;
    entry.result = row.result;
    entry.align = row.align;
    for (uint32_t i = 0; i < row.operand_count; ++i) {
      // Little-endian: the topmost operand is the high byte.
      const uint32_t shift = i + 1 == row.operand_count ? 8 : 0;
      entry.types |= static_cast<uint16_t>(static_cast<uint32_t>(row.operands[i]) << shift);
      entry.mask |= static_cast<uint16_t>(0xffu << shift);
    }
  }
  table[info(Opcode::local_get).code].shape = Shape::local_get;
  table[info(Opcode::local_set).code].shape = Shape::local_set;
  table[info(Opcode::local_tee).code].shape = Shape::local_tee;
  table[info(Opcode::block).code].shape = Shape::block;
  table[info(Opcode::loop).code].shape = Shape::block;
  table[info(Opcode::end).code].shape = Shape::end;
  table[info(Opcode::br).code].shape = Shape::br;
  table[info(Opcode::br_if).code].shape = Shape::br_if;
  return table;
}();

constexpr uint8_t kEmptyBlock = 0x40;

// Bytes that an instruction may take here: an opcode, an alignment, a number of up to 4 bytes.
constexpr ptrdiff_t kLongest = 6;

// A number of at most 4 bytes is neither too long nor too large. `at` is moved behind it; false if it is longer.
inline bool skip_number(const uint8_t*& at) {
  if (at[0] < 0x80) {
    at += 1;
  } else if (at[1] < 0x80) {
    at += 2;
  } else if (at[2] < 0x80) {
    at += 3;
  } else if (at[3] < 0x80) {
    at += 4;
  } else {
    return false;
  }
  return true;
}

}  // namespace

void BodyValidator::run_common() {
  const uint8_t* at = reader_.position();
  const uint8_t* const end = at + reader_.left();
  ValType* const base = operands_.data();
  ValType *top = base + top_, *floor = base + floor_;
  const ValType* const limit = base + operands_.size();
  const ValType* const locals = locals_.data();
  const size_t local_count = locals_.size();
  const bool has_memory = !module_.memories.empty();

  while (end - at >= kLongest && top != limit) {
    const Common& common = kCommon[*at];
    uint32_t index = 0;
    switch (common.shape) {
      case Shape::other: goto done;
      case Shape::access: {
        const uint8_t* next = at + 2;
        if (!has_memory || at[1] > common.align || !skip_number(next)) goto done;
        uint16_t types;
        std::memcpy(&types, top - 2, 2);
        if (top - floor < common.operands || (types & common.mask) != common.types) goto done;
        at = next;
        break;
      }
      case Shape::plain: {
        uint16_t types;
        std::memcpy(&types, top - 2, 2);
        if (top - floor < common.operands || (types & common.mask) != common.types) goto done;
        ++at;
        break;
      }
      case Shape::constant: {
        const uint8_t* next = at + 1;
        if (!skip_number(next)) goto done;
        at = next;
        break;
      }
      case Shape::local_get:
      case Shape::local_set:
      case Shape::local_tee: {
        const uint8_t* next = at + 2;
        index = at[1];
        if (index >= 0x80) {
          if (at[2] >= 0x80) goto done;
          index = (index & 0x7f) | static_cast<uint32_t>(at[2]) << 7;
          ++next;
        }
        if (index >= local_count) goto done;
        if (common.shape == Shape::local_get) {
          *top++ = locals[index];
        } else {
          if (top == floor || top[-1] != locals[index]) goto done;
          top -= common.shape == Shape::local_set;
        }
        at = next;
        continue;
      }
      // Blocks and branches that carry no values.
      case Shape::block:
        if (at[1] != kEmptyBlock) goto done;
        frames_.push_back({static_cast<Opcode>(kByCode<0>[*at]), false, static_cast<uint32_t>(top - base), {}, {}});
        floor = top;
        at += 2;
        continue;
      case Shape::end: {
        const Frame& frame = frames_.back();
        if (top != floor || !frame.results.empty() || !frame.params.empty() || frames_.size() == 1) goto done;
        frames_.pop_back();
        floor = base + frames_.back().height;
        ++at;
        continue;
      }
      case Shape::br:
      case Shape::br_if:
        if (at[1] >= 0x80 || at[1] >= frames_.size() || !frames_[frames_.size() - 1 - at[1]].label_types().empty())
          goto done;
        if (common.shape == Shape::br) {
          top = floor;
          frames_.back().unreachable = true;
        } else {
          if (top == floor || top[-1] != ValType::i32) goto done;
          --top;
        }
        at += 2;
        continue;
    }
    top -= common.operands;
    *top = common.result;
    top += common.results;
  }
done:
  floor_ = static_cast<uint32_t>(floor - base);
  top_ = static_cast<uint32_t>(top - base);
  reader_.skip_to(at);
}

}  // namespace rustg::wasm::detail
