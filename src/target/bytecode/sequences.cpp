// The last step for the CPU: neighbours that run often become one instruction (RUSTG_SEQUENCE_FIRST in opcodes.def). A dispatch costs
// about four cycles there, whatever is done between two of them. Only opcodes change, so branches may still go to the second of
// two, and every instruction joins with the one behind it, also if it is itself the second of a sequence.
#include <array>

#include "target/bytecode/function.h"

namespace rustg::bytecode {

namespace {

constexpr uint8_t kNot = 0xff;
struct Places {
  std::array<uint8_t, kOpCount> first{}, second{};
  uint32_t seconds = 0;
};
constexpr Places kPlaces = [] {
  Places p;
  p.first.fill(kNot);
  p.second.fill(kNot);
  uint8_t n = 0;
#define RUSTG_PLACE(name, fields) p.first[static_cast<uint32_t>(Op::name)] = n++;
  RUSTG_SEQUENCE_FIRST(RUSTG_PLACE)
#undef RUSTG_PLACE
  n = 0;
#define RUSTG_PLACE(unused, name) p.second[static_cast<uint32_t>(Op::name)] = n++;
  RUSTG_SEQUENCE_SECOND(RUSTG_PLACE, )
#undef RUSTG_PLACE
  p.seconds = n;
  return p;
}();
constexpr uint32_t kFirstSequence = static_cast<uint32_t>(Op::mov__mov);

}  // namespace

void join_sequences(std::vector<uint64_t>& words) {
  for (size_t at = 0; at < words.size();) {
    const uint32_t op = static_cast<uint16_t>(words[at]);
    size_t next = at + kFormats[op].words;
    if (op == static_cast<uint32_t>(Op::br_table)) next += words[at] >> 32;
    if (next < words.size() && kPlaces.first[op] != kNot) {
      const uint32_t second = kPlaces.second[static_cast<uint16_t>(words[next])];
      if (second != kNot)
        words[at] = (words[at] & ~uint64_t{0xffff}) | (kFirstSequence + kPlaces.first[op] * kPlaces.seconds + second);
    }
    at = next;
  }
}

}  // namespace rustg::bytecode
