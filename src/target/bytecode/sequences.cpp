// The last step for the CPU: runs of instructions that sequences.def lists become one dispatch each. Only the opcode of a run's first
// instruction changes, so branches may still go to the others; every one of those begins the best run from there on itself. The
// cover with the fewest dispatches to the end of the straight line is found from its end to its beginning.
#include <initializer_list>

#include "target/bytecode/function.h"

namespace rustg::bytecode {

namespace {

// An operation of a sequence; half `taken_over` reads what the one before it writes (0: no matter).
struct Part {
  uint16_t op;
  uint8_t taken_over = 0;
  constexpr Part(Op o, uint32_t half = 0) : op(static_cast<uint16_t>(o)), taken_over(static_cast<uint8_t>(half)) {}
};
template <uint32_t kHalf, Op kOp>
constexpr Part from{kOp, kHalf};

// A tree of all sequences: (node, part) → node, in an open hash table. Node 0 is the root.
class Sequences {
 public:
  struct Node {
    uint64_t key = 0;  // 0 in an empty cell
    uint32_t number = 0;
    uint16_t op = 0;  // the sequence that ends here, or 0: `halt` is none
  };
  Sequences() {
    using enum Op;
    constexpr size_t kParts = 0
#define RUSTG_SEQUENCE(name, fields, ...) +std::initializer_list<Part>{__VA_ARGS__}.size()
#include "target/bytecode/sequences.def"
#undef RUSTG_SEQUENCE
        ;
    static_assert(2 * kParts < kCells);
#define RUSTG_SEQUENCE(name, fields, ...) insert(Op::name, {__VA_ARGS__});
#include "target/bytecode/sequences.def"
#undef RUSTG_SEQUENCE
  }
  const Node* step(uint32_t node, Part part) const {
    const Node& found = cells_[place(key(node, part))];
    return found.key == 0 ? nullptr : &found;
  }

 private:
  static constexpr uint32_t kBits = 14, kCells = 1 << kBits;
  static uint64_t key(uint32_t node, Part part) {
    return (uint64_t{node} << 24 | uint64_t{part.taken_over} << 16 | part.op) + 1;
  }
  size_t place(uint64_t key) const {
    size_t at = key * 0x9e3779b97f4a7c15u >> (64 - kBits);
    while (cells_[at].key != 0 && cells_[at].key != key) at = (at + 1) % kCells;
    return at;
  }
  void insert(Op sequence, std::initializer_list<Part> parts) {
    Node* node = nullptr;
    for (const Part part : parts) {
      const uint64_t wanted = key(node == nullptr ? 0 : node->number, part);
      node = &cells_[place(wanted)];
      if (node->key == 0) *node = {wanted, ++nodes_, 0};
    }
    node->op = static_cast<uint16_t>(sequence);
  }
  uint32_t nodes_ = 0;
  std::vector<Node> cells_ = std::vector<Node>(kCells);
};

bool never_falls_through(uint16_t op) {
  using enum Op;
  const Op o = static_cast<Op>(op);
  return o == jump || o == mov_jump || o == ret || o == ret1 || o == br_table || o == trap;
}

}  // namespace

void join_sequences(std::vector<uint64_t>& words) {
  static const Sequences sequences;
  std::vector<uint32_t> begins;
  for (size_t at = 0; at < words.size();) {
    begins.push_back(static_cast<uint32_t>(at));
    const uint32_t op = static_cast<uint16_t>(words[at]);
    at += kFormats[op].words;
    if (op == static_cast<uint32_t>(Op::br_table)) at += words[begins.back()] >> 32;
  }
  const size_t count = begins.size();
  std::vector<Part> parts;
  for (size_t k = 0; k < count; ++k) {
    const uint64_t* at = &words[begins[k]];
    const uint32_t half = k == 0 ? 0 : taken_over(&words[begins[k - 1]], at);
    parts.push_back({static_cast<Op>(static_cast<uint16_t>(*at)), half});
  }
  std::vector<uint32_t> dispatches(count + 1, 0);
  for (size_t k = count; k-- > 0;) {
    dispatches[k] = 1 + (never_falls_through(parts[k].op) ? 0 : dispatches[k + 1]);
    uint32_t node = 0;
    for (size_t end = k; end < count; ++end) {
      // A value is handed on if there is a sequence that does; else it is read from its slot, which is right in any case.
      const Op op = static_cast<Op>(parts[end].op);
      const Sequences::Node* next = end == k ? nullptr : sequences.step(node, parts[end]);
      if (next == nullptr) next = sequences.step(node, op);
      if (next == nullptr) break;
      node = next->number;
      const uint32_t total = 1 + (never_falls_through(parts[end].op) ? 0 : dispatches[end + 1]);
      if (next->op == 0 || total > dispatches[k]) continue;
      dispatches[k] = total;
      words[begins[k]] = (words[begins[k]] & ~uint64_t{0xffff}) | next->op;
    }
  }
}

}  // namespace rustg::bytecode
