// The last step for the CPU: runs of instructions that sequences.def lists become one dispatch each. Only the opcode of a run's first
// instruction changes, so branches may still go to the others; every one of those begins the best run from there on itself. The
// cover with the fewest dispatches to the end of the straight line is found from its end to its beginning.
#include <algorithm>
#include <array>

#include "target/bytecode/function.h"

namespace rustg::bytecode {

namespace {

// A tree of all sequences: (node, opcode) → node, in an open hash table. Node 0 is the root.
class Sequences {
 public:
  struct Node {
    uint64_t key = 0;  // parent << 16 | opcode, + 1; 0 in an empty cell
    uint32_t number = 0;
    uint16_t op = 0;  // the sequence that ends here, or 0: `halt` is none
  };
  Sequences() {
    uint32_t nodes = 1;
#define RUSTG_SEQUENCE(name, fields, ...) insert(nodes, Op::name, {__VA_ARGS__});
    using enum Op;
#include "target/bytecode/sequences.def"
#undef RUSTG_SEQUENCE
  }
  const Node* step(uint32_t node, uint16_t op) const {
    const Node& found = cells_[place(key(node, op))];
    return found.key == 0 ? nullptr : &found;
  }

 private:
  static constexpr uint32_t kCells = 1 << 13;
  static uint64_t key(uint32_t node, uint16_t op) { return (uint64_t{node} << 16 | op) + 1; }
  size_t place(uint64_t key) const {
    size_t at = key * 0x9e3779b97f4a7c15u >> 51;
    while (cells_[at].key != 0 && cells_[at].key != key) at = (at + 1) % kCells;
    return at;
  }
  void insert(uint32_t& nodes, Op sequence, std::initializer_list<Op> ops) {
    Node* node = nullptr;
    for (const Op op : ops) {
      const uint64_t wanted = key(node == nullptr ? 0 : node->number, static_cast<uint16_t>(op));
      node = &cells_[place(wanted)];
      if (node->key == 0) *node = {wanted, nodes++, 0};
    }
    node->op = static_cast<uint16_t>(sequence);
  }
  std::array<Node, kCells> cells_{};
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
  std::vector<uint16_t> ops(count);
  std::vector<uint32_t> dispatches(count + 1, 0);
  for (size_t k = 0; k < count; ++k) ops[k] = static_cast<uint16_t>(words[begins[k]]);
  for (size_t k = count; k-- > 0;) {
    dispatches[k] = 1 + (never_falls_through(ops[k]) ? 0 : dispatches[k + 1]);
    uint32_t node = 0;
    for (size_t end = k; end < count;) {
      const Sequences::Node* next = sequences.step(node, ops[end++]);
      if (next == nullptr) break;
      node = next->number;
      const uint32_t total = 1 + (never_falls_through(ops[end - 1]) ? 0 : dispatches[end]);
      if (next->op == 0 || total > dispatches[k]) continue;
      dispatches[k] = total;
      words[begins[k]] = (words[begins[k]] & ~uint64_t{0xffff}) | next->op;
    }
  }
}

}  // namespace rustg::bytecode
