// Instructions → words. Moves along edges are made in parallel: ordered so that nothing is overwritten before it is read, with a
// scratch slot to break cycles. An edge that needs moves and is taken by a branch gets them in a stub behind the function.
#include <algorithm>

#include "target/bytecode/function.h"

namespace rustg::bytecode {

namespace {

class Emitter {
 public:
  Emitter(FunctionState& state, FunctionCode& out) : s_(state), fn_(*state.fn), out_(out) {}

  void run() {
    out_.words.clear();
    out_.calls.clear();
    out_.error.clear();
    // The scratch slot must not be one that `ret` leaves results in.
    const uint32_t results = static_cast<uint32_t>(s_.program->signatures[fn_.signature.value].results.size());
    scratch_ = std::max(s_.frame_base, 1 + results);
    base_ = scratch_ + 1;
    const uint64_t frame = uint64_t{base_} + s_.outgoing_cells;
    if (frame > 0xffff) {
      out_.error = "needs " + std::to_string(frame) + " slots of its frame; there are 65535";
      return;
    }
    out_.frame_slots = static_cast<uint32_t>(frame);
    choose_reach();
    const uint32_t blocks = fn_.block_count();
    labels_.assign(blocks, kNone);
    for (block_ = 0; block_ < blocks; ++block_) {
      labels_[block_] = here();
      const uint32_t last = s_.inst_begin[block_ + 1] - 1;
      for (uint32_t i = s_.inst_begin[block_]; i < last; ++i) {
        const Inst& inst = s_.insts[i];
        if (inst.op == Op::mov)
          move(slot(inst.f[0]), slot(inst.f[1]));
        else
          put(inst);
      }
      terminator(s_.insts[last]);
    }
    // Stubs can be behind all blocks only: no block falls through to one.
    for (uint32_t k = 0; k < stubs_.size(); ++k) {
      const uint32_t at = here();
      moves(stubs_[k]);
      stub_labels_.push_back(at);
      jump_to(fn_.edge_target[stubs_[k]].value);
    }
    for (const Patch& p : patches_) {
      const uint32_t target = p.target < kOutgoing ? labels_[p.target] : stub_labels_[p.target - kOutgoing];
      const int64_t relative = int64_t{target} - p.from;
      uint64_t& word = out_.words[p.word];
      if (p.bits == 16)
        word |= static_cast<uint64_t>(static_cast<uint16_t>(relative)) << p.shift;
      else
        word |= static_cast<uint64_t>(static_cast<uint32_t>(relative)) << p.shift;
    }
  }

 private:
  struct Patch {
    uint32_t word, from, target;
    uint8_t shift, bits;
  };
  struct Move {
    uint32_t to, from;
  };

  uint32_t here() {
    flush();
    return static_cast<uint32_t>(out_.words.size());
  }
  uint32_t slot(Value v) const {
    uint32_t n = v < kOutgoing ? s_.slot[v] : v;
    return n < kOutgoing ? n : base_ + (n - kOutgoing);
  }

  // Branches hold 16 bits of distance; a function that may be longer than they reach branches around jumps.
  void choose_reach() {
    uint64_t words = 2;
    for (const Inst& inst : s_.insts) words += format(inst.op).words + (inst.op == Op::br_table ? inst.f[1] : 0);
    words += 2 * fn_.operands.size() + 4 * fn_.edge_count();
    far_ = words > 32000;
  }

  // Write an instruction's words; returns where.
  uint32_t put(const Inst& inst) {
    flush();
    const Format& f = format(inst.op);
    const uint32_t at = static_cast<uint32_t>(out_.words.size());
    uint64_t words[3] = {static_cast<uint64_t>(inst.op), 0, 0};
    for (uint32_t k = 0; f.fields[k]; ++k) {
      const uint32_t half = k + 1, shift = 16 * (half & 3);
      uint64_t value = inst.f[k];
      switch (f.fields[k]) {
        case '-': continue;
        case 's':
        case 'd': value = slot(inst.f[k]); break;
        case 'F': value = base_; break;
        case 'i':
        case 'u':
        case 'r': value &= 0xffff; break;
        case 'L':
          value |= static_cast<uint64_t>(inst.f[k + 1]) << 32;
          k += 3;
          break;
        default: ++k; break;  // II, UU, RR: 32 bits
      }
      words[half / 4] |= value << shift;
    }
    out_.words.insert(out_.words.end(), words, words + f.words);
    if (inst.op == Op::call) out_.calls.push_back(at);
    return at;
  }

  // Moves are gathered, so that two or three go in one instruction.
  void move(uint32_t to, uint32_t from) {
    if (to == from) return;
    gathered_.push_back({to, from});
    if (gathered_.size() == 3) flush();
  }
  void flush() {
    if (gathered_.empty()) return;
    constexpr Op kMoves[] = {Op::mov, Op::mov2, Op::mov3};
    uint64_t words[2] = {static_cast<uint64_t>(kMoves[gathered_.size() - 1]), 0};
    constexpr uint32_t kHalves[][2] = {{1, 2}, {4, 5}, {6, 7}};
    for (uint32_t k = 0; k < gathered_.size(); ++k) {
      const auto [to, from] = kHalves[k];
      words[to / 4] |= static_cast<uint64_t>(gathered_[k].to) << 16 * (to & 3);
      words[from / 4] |= static_cast<uint64_t>(gathered_[k].from) << 16 * (from & 3);
    }
    out_.words.push_back(words[0]);
    if (gathered_.size() > 1) out_.words.push_back(words[1]);
    gathered_.clear();
  }

  void constant(uint32_t to, uint64_t bits) {
    flush();
    out_.words.push_back(static_cast<uint64_t>(fits16(static_cast<int64_t>(bits)) ? Op::const16 : Op::const64) |
                         uint64_t{to} << 16 | (fits16(static_cast<int64_t>(bits)) ? bits << 48 >> 16 : 0));
    if (!fits16(static_cast<int64_t>(bits))) out_.words.push_back(bits);
  }

  // to[k] = value args[k], all at once.
  template <class To>
  void parallel(std::span<const ir::ValueId> args, To to) {
    list_.clear();
    constants_.clear();
    for (uint32_t k = 0; k < args.size(); ++k) {
      const Value v = s_.resolve(args[k].value);
      const uint32_t target = to(k);
      if (target == kNone) continue;
      if (s_.is_const(v))
        constants_.push_back({target, s_.constant(v)});
      else if (slot(v) != target)
        list_.push_back({target, slot(v)});
    }
    // A move whose target nobody still reads can go; when there is none, all that is left are cycles.
    while (!list_.empty()) {
      bool progress = false;
      for (uint32_t k = 0; k < list_.size();) {
        const bool blocked =
            std::any_of(list_.begin(), list_.end(), [&](const Move& m) { return m.from == list_[k].to; });
        if (blocked) {
          ++k;
          continue;
        }
        move(list_[k].to, list_[k].from);
        list_.erase(list_.begin() + k);
        progress = true;
      }
      if (progress || list_.empty()) continue;
      move(scratch_, list_[0].from);
      const uint32_t saved = list_[0].from;
      for (Move& m : list_)
        if (m.from == saved) m.from = scratch_;
    }
    for (const auto& [target, bits] : constants_) constant(target, bits);
  }

  void moves(uint32_t edge) {
    const uint32_t first = fn_.block_begin[fn_.edge_target[edge].value];
    parallel(fn_.edge_args(edge), [&](uint32_t k) { return s_.needed[first + k] ? slot(first + k) : kNone; });
  }
  bool has_moves(uint32_t edge) const {
    const uint32_t first = fn_.block_begin[fn_.edge_target[edge].value];
    uint32_t k = first;
    for (const ir::ValueId v : fn_.edge_args(edge)) {
      const Value arg = s_.resolve(v.value);
      if (s_.needed[k] && (s_.is_const(arg) || slot(arg) != slot(k))) return true;
      ++k;
    }
    return false;
  }

  bool is_next(uint32_t edge) const { return fn_.edge_target[edge].value == block_ + 1; }

  void jump_to(uint32_t block) {
    // The last move and the jump are one instruction where the distance is sure to fit.
    if (!far_ && gathered_.size() == 1) {
      const Move m = gathered_[0];
      gathered_.clear();
      const uint32_t at = here();
      out_.words.push_back(static_cast<uint64_t>(Op::mov_jump) | uint64_t{m.to} << 16 | uint64_t{m.from} << 32);
      patches_.push_back({at, at, block, 48, 16});
      return;
    }
    const uint32_t at = here();
    out_.words.push_back(static_cast<uint64_t>(Op::jump));
    patches_.push_back({at, at, block, 32, 32});
  }
  // Where a branch along `edge` goes: its block, or a stub with its moves.
  uint32_t target_of(uint32_t edge) {
    if (!has_moves(edge)) return fn_.edge_target[edge].value;
    stubs_.push_back(edge);
    return kOutgoing + static_cast<uint32_t>(stubs_.size() - 1);
  }
  void branch_to(Inst inst, uint32_t target) {
    const Format& f = format(inst.op);
    bool long_form = false;  // some have 32 bits for the distance
    for (const char* field = f.fields; *field; ++field) long_form |= *field == 'R';
    if (far_ && !long_form) {
      inst.op = inverse(inst.op);
      const uint32_t at = put(inst);
      out_.words[at] |= (uint64_t{f.words} + 1) << 48;
      const uint32_t jump = here();
      out_.words.push_back(static_cast<uint64_t>(Op::jump));
      patches_.push_back({jump, jump, target, 32, 32});
      return;
    }
    const uint32_t at = put(inst);
    if (long_form)
      patches_.push_back({at + 1, at, target, 32, 32});
    else
      patches_.push_back({at, at, target, 48, 16});
  }

  static Op inverse(Op op);

  void terminator(const Inst& inst) {
    const ir::Op kind = fn_.op[inst.ir];
    const auto [first, count] = fn_.edges(inst.ir);
    switch (kind) {
      case ir::Op::br:
        moves(first);
        if (!is_next(first)) jump_to(fn_.edge_target[first].value);
        return;
      case ir::Op::br_if: {
        // Fall through on the edge that leads to the next block, else on the one that needs moves.
        uint32_t taken = first, other = first + 1;
        Inst branch = inst;
        if (is_next(taken) || (!is_next(other) && has_moves(taken) && !has_moves(other)) ||
            (is_next(other) && has_moves(taken) && !has_moves(other) &&
             fn_.edge_target[taken] != fn_.edge_target[other])) {
          std::swap(taken, other);
          branch.op = inverse(branch.op);
        }
        branch_to(branch, target_of(taken));
        moves(other);
        if (!is_next(other)) jump_to(fn_.edge_target[other].value);
        return;
      }
      case ir::Op::br_table: {
        const uint32_t at = put(inst);
        for (uint32_t e = first; e < first + count; ++e) {
          patches_.push_back({here(), at, target_of(e), 0, 32});
          out_.words.push_back(0);
        }
        return;
      }
      case ir::Op::ret:
        if (inst.op == Op::ret) parallel(fn_.call_args(inst.ir), [](uint32_t k) { return 1 + k; });
        put(inst);
        return;
      default: put(inst); return;
    }
  }

  FunctionState& s_;
  const ir::Function& fn_;
  FunctionCode& out_;
  uint32_t scratch_ = 0, base_ = 0, block_ = 0;
  bool far_ = false;
  std::vector<uint32_t> labels_, stub_labels_, stubs_;
  std::vector<Patch> patches_;
  std::vector<Move> gathered_, list_;
  std::vector<std::pair<uint32_t, uint64_t>> constants_;
};

Op Emitter::inverse(Op op) {
  const auto at = [](Op o) { return static_cast<uint32_t>(o); };
  if (op == Op::br_if) return Op::br_ifz;
  if (op == Op::br_ifz) return Op::br_if;
  // Within each family in the order of its list: eq ne lts ltu les leu gts gtu ges geu.
  constexpr Op kFamilies[] = {Op::br_i32_eq_s,   Op::br_i32_eq_i,   Op::br_i64_eq_s,   Op::br_i64_eq_i,
                              Op::step_i32_eq_s, Op::step_i32_eq_i, Op::step_i64_eq_s, Op::step_i64_eq_i,
                              Op::br_i32_eq_l,   Op::br_i64_eq_l};
  constexpr uint32_t kNegated[] = {1, 0, 8, 9, 6, 7, 4, 5, 2, 3};
  for (const Op base : kFamilies)
    if (op >= base && at(op) < at(base) + 10) return static_cast<Op>(at(base) + kNegated[at(op) - at(base)]);
  for (const Op base : {Op::br_load8u_eq_s, Op::br_load32_eq_s}) {
    const uint32_t n = at(op) - at(base);
    if (op >= base && n < 20) return static_cast<Op>(at(base) + 2 * kNegated[n / 2] + (n & 1));
  }
  constexpr uint32_t kNegatedFloat[] = {1, 0, 4, 5, 2, 3};
  for (const Op base : {Op::br_f32_eq_s, Op::br_f64_eq_s})
    if (op >= base && at(op) < at(base) + 6) return static_cast<Op>(at(base) + kNegatedFloat[at(op) - at(base)]);
  return op;
}

}  // namespace

void emit(FunctionState& state, FunctionCode& out) { Emitter(state, out).run(); }

}  // namespace rustg::bytecode
