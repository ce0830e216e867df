// Block ends: branches with their arguments, tables, returns and traps.
#include "target/ptx/function.h"

namespace rustg::ptx {
namespace {
constexpr uint32_t kCompareUpTo = 4;  // entries of a branch table
}

void FunctionEmitter::trap_if(const Operand& p, Trap trap, bool negated) {
  traps_ |= 1u << static_cast<uint32_t>(trap);
  line(negated ? "@!" : "@", p, " bra $T", static_cast<uint32_t>(trap), ';');
}

bool FunctionEmitter::has_moves(uint32_t edge) {
  uint32_t param = f_.block_begin[f_.edge_target[edge].value];
  for (ir::ValueId v : f_.edge_args(edge)) {
    if (needed_[param] && v.value != param) return true;
    ++param;
  }
  return false;
}

// The parallel assignment of an edge's arguments to its target's parameters: a move is made once no other still reads its
// destination; what is left are cycles, which a temporary opens.
void FunctionEmitter::moves(uint32_t edge) {
  struct Move {
    Operand to, from;
  };
  std::vector<Move> pending;
  uint32_t param = f_.block_begin[f_.edge_target[edge].value];
  for (ir::ValueId v : f_.edge_args(edge)) {
    if (needed_[param] && v.value != param) {
      const bool exact = ir::is_float(f_.type[param]) && !arithmetic_[param];
      const Operand from = exact ? bits(v.value) : any(v.value);
      if (from != reg(param)) pending.push_back({reg(param), from});
    }
    ++param;
  }
  auto move = [&](const Operand& to, const Operand& from) {
    line(to.kind == Operand::Kind::r ? "mov.b32 " : "mov.b64 ", to, ", ", from, ';');
  };
  while (!pending.empty()) {
    bool progress = false;
    for (size_t k = 0; k < pending.size();) {
      bool read = false;
      for (size_t n = 0; n < pending.size(); ++n) read |= n != k && pending[n].from == pending[k].to;
      if (read) {
        ++k;
        continue;
      }
      move(pending[k].to, pending[k].from);
      pending.erase(pending.begin() + static_cast<ptrdiff_t>(k));
      progress = true;
    }
    if (progress) continue;
    const Operand held = pending[0].to.kind == Operand::Kind::r ? new_r() : new_l(), freed = pending[0].to;
    move(held, freed);
    for (Move& m : pending)
      if (m.from == freed) m.from = held;
  }
}

void FunctionEmitter::branch(uint32_t edge, uint32_t next) {
  moves(edge);
  const uint32_t target = f_.edge_target[edge].value;
  if (target != next) line("bra $B", target, ';');
}

void FunctionEmitter::terminator(uint32_t i, uint32_t block) {
  switch (f_.op[i]) {
    case Op::br: return branch(f_.imm[i], block + 1);
    case Op::br_if: return branch_if(i, block + 1);
    case Op::br_table: return branch_table(i);
    case Op::ret: return return_values(i);
    case Op::trap: traps_ |= 1u << f_.imm[i]; return line("bra $T", f_.imm[i], ';');
    default: return;
  }
}

void FunctionEmitter::branch_if(uint32_t i, uint32_t next) {
  const uint32_t yes = f_.imm[i], no = yes + 1;
  const Condition c = condition(f_.a[i]);
  const char *if_yes = c.negated ? "@!" : "@", *if_no = c.negated ? "@" : "@!";
  if (!has_moves(yes) && (f_.edge_target[yes].value != next || has_moves(no))) {
    line(if_yes, c.p, " bra $B", f_.edge_target[yes].value, ';');
    return branch(no, next);
  }
  if (!has_moves(no)) {
    line(if_no, c.p, " bra $B", f_.edge_target[no].value, ';');
    return branch(yes, next);
  }
  const uint32_t label = new_label();
  line(if_no, c.p, " bra $E", label, ';');
  branch(yes, ir::BlockId::kNone);
  line("$E", label, ':');
  branch(no, next);
}

void FunctionEmitter::branch_table(uint32_t i) {
  const uint32_t first = f_.imm[i], count = f_.b[i];
  std::vector<Stub> stubs;
  // An index past the end takes the last edge, the default.
  Operand index = reg(f_.a[i]);
  if (count > kCompareUpTo) {
    index = new_r();
    line("min.u32 ", index, ", ", reg(f_.a[i]), ", ", count - 1, ';');
  }
  branch_among(index, 0, first, count, stubs);
  for (const Stub& s : stubs) {
    line("$E", s.label, ':');
    branch(s.edge, ir::BlockId::kNone);
  }
}

// To edge first + index - from, index < from + count. Few are compared one by one; ptxas fails on tables of many thousands, so those
// are halved first.
void FunctionEmitter::branch_among(const Operand& index, uint32_t from, uint32_t first, uint32_t count,
                                   std::vector<Stub>& stubs) {
  constexpr uint32_t kTableUpTo = 256;
  auto target = [&](uint32_t edge) -> std::string {
    if (!has_moves(edge)) return "$B" + std::to_string(f_.edge_target[edge].value);
    stubs.push_back({new_label(), edge});
    return "$E" + std::to_string(stubs.back().label);
  };
  if (count <= kCompareUpTo) {
    for (uint32_t k = 0; k + 1 < count; ++k) {
      const Operand p = new_p();
      line("setp.eq.s32 ", p, ", ", index, ", ", from + k, ';');
      line("@", p, " bra ", target(first + k), ';');
    }
    return line("bra ", target(first + count - 1), ';');
  }
  const uint32_t label = new_label();
  if (count > kTableUpTo) {
    const uint32_t half = count / 2;
    const Operand p = new_p();
    line("setp.ge.u32 ", p, ", ", index, ", ", from + half, ';');
    line("@", p, " bra $H", label, ';');
    branch_among(index, from, first, half, stubs);
    line("$H", label, ':');
    return branch_among(index, from + half, first + half, count - half, stubs);
  }
  Operand at = index;
  if (from != 0) {
    at = new_r();
    line("sub.u32 ", at, ", ", index, ", ", from, ';');
  }
  Text& text = *out_;
  text.put("$S"), text.put(label), text.put(": .branchtargets ");
  for (uint32_t k = 0; k < count; ++k) {
    if (k) text.put(k % 16 ? ", " : ",\n");
    text.put(target(first + k));
  }
  text.line(";");
  line("brx.idx ", at, ", $S", label, ';');
}

void FunctionEmitter::return_values(uint32_t i) {
  uint32_t k = 0;
  for (ir::ValueId v : f_.call_args(i)) {
    const Operand from = bits(v.value);
    line(results_[k].kind == Operand::Kind::r ? "mov.b32 " : "mov.b64 ", results_[k], ", ", from, ';');
    ++k;
  }
  line("mov.b32 %st, 0;");
  line("bra $RET;");
}

}  // namespace rustg::ptx
