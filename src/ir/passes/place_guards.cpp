// What is certain to be accessed, found from the end back, decides how far a check reaches; what has been checked, found from the
// entry on down the dominator tree, decides who needs none. After Gupta, Optimizing Array Bound Checks Using Flow Analysis (1993).
//
// Addresses are root + offset, the root any value, the offset from additions of constants to it; [lo, hi) over a root are the bytes
// from root + lo, wrapped to 32 bits, on for hi - lo, not wrapped. Why one check may stand for accesses at other offsets of the
// root: let size < 2^32 - 65536 at all times (a maximum below 65536 pages), and an access to [a, …) and one to [b, …) be certain,
// a < b < a + 65536. The check of [a, hi) passes: then root + a + (hi - a) <= size, nothing on the way wraps, both are in bounds. It
// fails: if root + b is no wrap of root + a + (b - a), the access that reaches hi is out of bounds; if it is, root + a is above
// size, and the access there is. Either way what was certain to trap traps.
#include <algorithm>

#include "ir/analysis.h"
#include "ir/passes.h"
#include "ir/passes/edit.h"
#include "ir/passes/upper_bounds.h"

namespace rustg::ir {
namespace {

constexpr int64_t kMaxSpan = kPageSize;
// Facts carried over a block's border: what is beyond is forgotten, so that the pass stays linear.
constexpr size_t kMaxFacts = 64;

struct Interval {
  int64_t lo = 0, hi = 0;  // none if equal
  bool empty() const { return lo >= hi; }
  bool contains(Interval x) const { return lo <= x.lo && x.hi <= hi; }
};
// The bytes will be, or have been, found in bounds.
struct Fact {
  uint32_t root;
  Interval bytes;
};

// Both together, if one check can stand for both (see above); else `x` alone.
Interval joined(Interval x, Interval y) {
  if (x.empty()) return y;
  const Interval both{std::min(x.lo, y.lo), std::max(x.hi, y.hi)};
  return x.lo == y.lo || both.hi - both.lo <= kMaxSpan ? both : x;
}

class GuardPlacing {
 public:
  GuardPlacing(Function& f, const Program& p, GuardOptions options)
      : f_(f),
        p_(p),
        options_(options),
        flow_(f),
        block_of_(blocks_of(f)),
        bounds_(upper_bounds(f)),
        root_(f.size()),
        offset_(f.size(), 0),
        memory_(f.size(), kNoMemory),
        reach_(f.size()),
        entered_(f.block_count()),
        known_(f.size()),
        edit_(f) {}

  GuardCounts run() {
    find_roots();
    for (uint32_t k = f_.block_count(); k-- != 0;) look_ahead(k);
    check();
    if (!edit_.empty()) edit_.apply();
    return counts_;
  }

 private:
  static constexpr uint16_t kNoMemory = 0xffff;

  bool is_access(uint32_t i) const { return f_.op[i] == Op::load || f_.op[i] == Op::store; }
  Access access_of(uint32_t i) const { return Access::unpack(f_.aux[i]); }
  uint64_t extent_of(uint32_t i) const { return static_cast<uint64_t>(f_.imm[i]) + access_of(i).bytes(); }
  uint32_t root_of(uint32_t i) const { return root_[f_.a[i]]; }
  Interval bytes_of(uint32_t i) const {
    const int64_t lo = offset_[f_.a[i]];
    return {lo, lo + static_cast<int64_t>(extent_of(i))};
  }
  // A root is nearly always of addresses into one memory; facts about it are about the memory it is first used with.
  bool has_facts(uint32_t i) const {
    return is_access(i) && memory_[root_of(i)] == access_of(i).memory && access_of(i).memory != Access::kFlat;
  }
  // Whether a trap behind this instruction must not come before it.
  bool is_barrier(uint32_t i) const {
    const OpInfo& about = info(f_.op[i]);
    if (f_.op[i] == Op::load || f_.op[i] == Op::guard) return false;
    if (f_.op[i] == Op::store || f_.op[i] == Op::global_set) return !options_.imprecise;
    return about.writes || about.may_trap;
  }
  // Whatever the address is, it is below the memory's smallest size.
  bool is_in_bounds(uint32_t i) const {
    const Access access = access_of(i);
    if (access.memory == Access::kFlat) return false;
    return bounds_[f_.a[i]] + extent_of(i) <= p_.memories[access.memory].min_pages * kPageSize;
  }
  Interval shifted(Interval x, int64_t by) const { return {x.lo + by, x.hi + by}; }

  void find_roots();
  void look_ahead(uint32_t k);
  void expect_at_end(uint32_t k);
  void check();
  void check_access(uint32_t i);
  void check_before_loop(uint32_t k);
  void check_frame(uint32_t i);
  void enter_join(uint32_t k);
  void insert_guard(uint32_t before, uint32_t base, uint32_t root, int64_t extent);
  uint32_t address_of(uint32_t before, uint32_t root, int64_t offset);
  void know(uint32_t root, Interval bytes) {
    undo_.push_back({root, known_[root]});
    known_[root] = joined(known_[root], bytes);
  }
  void undo(size_t to) {
    for (; undo_.size() > to; undo_.pop_back()) known_[undo_.back().root] = undo_.back().bytes;
  }

  Function& f_;
  const Program& p_;
  const GuardOptions options_;
  const ControlFlow flow_;
  const std::vector<uint32_t> block_of_;
  const std::vector<uint64_t> bounds_;
  std::vector<uint32_t> root_;  // per value: it is root_ + offset_
  std::vector<int64_t> offset_;
  std::vector<uint16_t> memory_;            // per root: the memory that facts about it are about
  std::vector<Interval> reach_;             // per access: the bytes that are certain to be needed from here on
  std::vector<std::vector<Fact>> entered_;  // per block: what is certain to be needed from its beginning on; by root
  std::vector<Interval> known_;             // per root: what is known at the place looked at
  std::vector<Fact> undo_;                  // what known_ was before
  std::vector<Fact> all_, next_;            // scratch
  Edit edit_;
  GuardCounts counts_;
};

void GuardPlacing::find_roots() {
  // Without the maximum the argument above does not hold: then every value is its own root.
  const bool below_4g =
      std::all_of(p_.memories.begin(), p_.memories.end(), [](const Memory& m) { return m.max_pages < 65536; });
  for (uint32_t v = 0; v < f_.size(); ++v) {
    root_[v] = v;
    if (!below_4g || f_.type[v] != Type::i32 || (f_.op[v] != Op::iadd && f_.op[v] != Op::isub)) continue;
    const uint32_t a = f_.a[v], b = f_.b[v];
    if (f_.op[b] != Op::iconst) continue;
    const auto constant = static_cast<int32_t>(f_.a[b]);
    const int64_t offset = offset_[a] + (f_.op[v] == Op::iadd ? constant : -static_cast<int64_t>(constant));
    if (offset < INT32_MIN || offset > INT32_MAX) continue;
    root_[v] = root_[a];
    offset_[v] = offset;
  }
  for (uint32_t i = 0; i < f_.size(); ++i)
    if (is_access(i) && memory_[root_of(i)] == kNoMemory) memory_[root_of(i)] = access_of(i).memory;
}

// Leaves in all_ what every way on from the end of block k needs. Nothing is expected of a way back: the loop might never end.
void GuardPlacing::expect_at_end(uint32_t k) {
  all_.clear();
  const auto [first, count] = f_.edges(f_.block_begin[k + 1] - 1);
  for (uint32_t e = first; e < first + count; ++e) {
    const uint32_t target = f_.edge_target[e].value;
    if (target <= k) return all_.clear();
    next_.clear();
    for (Fact fact : entered_[target]) {
      const uint32_t def = block_of_[fact.root];
      if (def == target) {  // one of its parameters: it is what this edge gives
        const uint32_t given = f_.edge_args(e)[fact.root - f_.block_begin[target]].value;
        const uint32_t root = root_[given];
        if (memory_[root] == kNoMemory) memory_[root] = memory_[fact.root];
        if (memory_[root] != memory_[fact.root]) continue;
        fact = {root, shifted(fact.bytes, offset_[given])};
      } else if (def > k || !flow_.dominates(def, k)) {
        continue;
      }
      next_.push_back(fact);
    }
    std::stable_sort(next_.begin(), next_.end(), [](const Fact& x, const Fact& y) { return x.root < y.root; });
    size_t kept = 0;
    for (const Fact& fact : next_)
      if (kept != 0 && next_[kept - 1].root == fact.root)
        next_[kept - 1].bytes = joined(next_[kept - 1].bytes, fact.bytes);
      else
        next_[kept++] = fact;
    next_.resize(kept);
    if (e == first) {
      all_.swap(next_);
      continue;
    }
    kept = 0;
    for (size_t x = 0, y = 0; x < all_.size() && y < next_.size();) {
      if (all_[x].root != next_[y].root) {
        ++(all_[x].root < next_[y].root ? x : y);
        continue;
      }
      // What both ways find in bounds. Where it is not, neither way is free of a trap.
      const Interval common{std::max(all_[x].bytes.lo, next_[y].bytes.lo),
                            std::min(all_[x].bytes.hi, next_[y].bytes.hi)};
      if (!common.empty()) all_[kept++] = {all_[x].root, common};
      ++x, ++y;
    }
    all_.resize(kept);
  }
}

void GuardPlacing::look_ahead(uint32_t k) {
  expect_at_end(k);
  for (const Fact& fact : all_) know(fact.root, fact.bytes);
  for (uint32_t i = f_.block_begin[k + 1]; i-- > f_.block_begin[k];) {
    if (is_barrier(i)) undo(0);
    if (!has_facts(i) || access_of(i).unchecked || is_in_bounds(i)) continue;
    know(root_of(i), bytes_of(i));
    reach_[i] = known_[root_of(i)];
  }
  // undo_ names every root with a fact, perhaps more than once.
  auto& facts = entered_[k];
  for (const Fact& was : undo_) {
    const uint32_t root = was.root;
    if (!known_[root].empty() && (block_of_[root] != k || f_.op[root] == Op::param))
      facts.push_back({root, known_[root]});
    known_[root] = {};
  }
  undo_.clear();
  std::sort(facts.begin(), facts.end(), [](const Fact& x, const Fact& y) { return x.root < y.root; });
  if (facts.size() > kMaxFacts) facts.resize(kMaxFacts);
}

void GuardPlacing::check() {
  // Preorder of the dominator tree; leaving a subtree takes back what was known in it.
  std::vector<uint32_t> preorder(f_.block_count());
  for (uint32_t k = 0; k < f_.block_count(); ++k) preorder[flow_.order(k)] = k;
  struct Open {
    uint32_t block;
    size_t undo;
  };
  std::vector<Open> open;
  for (uint32_t k : preorder) {
    while (!open.empty() && !flow_.dominates(open.back().block, k)) {
      undo(open.back().undo);
      open.pop_back();
    }
    open.push_back({k, undo_.size()});
    enter_join(k);
    for (uint32_t i = f_.block_begin[k]; i < f_.block_begin[k + 1]; ++i) {
      if (is_access(i)) check_access(i);
      if (f_.op[i] == Op::global_set) check_frame(i);
      if (f_.op[i] == Op::guard && memory_[root_of(i)] == access_of(i).memory)  // of an earlier run of this pass
        know(root_of(i), {offset_[f_.a[i]], offset_[f_.a[i]] + f_.imm[i]});
    }
    check_before_loop(k);
  }
}

// Of a parameter is known what is known of all that comes in for it, at the block that dominates them.
void GuardPlacing::enter_join(uint32_t k) {
  if (k == 0 || flow_.is_loop_header(k)) return;
  const uint32_t begin = f_.block_begin[k];
  for (uint32_t i = begin; f_.op[i] == Op::param; ++i) {
    if (memory_[i] == kNoMemory) continue;
    Interval common{INT64_MIN, INT64_MAX};
    for (uint32_t e : flow_.edges_into(k)) {
      const uint32_t given = f_.edge_args(e)[i - begin].value;
      if (memory_[root_[given]] != memory_[i]) common = {};
      const Interval is = shifted(known_[root_[given]], -offset_[given]);
      common = {std::max(common.lo, is.lo), std::min(common.hi, is.hi)};
      if (common.empty()) break;
    }
    if (!common.empty()) know(i, common);
  }
}

void GuardPlacing::insert_guard(uint32_t before, uint32_t base, uint32_t root, int64_t extent) {
  const Access access{.memory = memory_[root]};
  edit_.insert(
      {.before = before, .op = Op::guard, .aux = access.pack(), .a = base, .imm = static_cast<uint32_t>(extent)});
  ++counts_.guards;
}

// A value that is root + offset.
uint32_t GuardPlacing::address_of(uint32_t before, uint32_t root, int64_t offset) {
  if (offset == 0) return root;
  const ValueId by =
      edit_.insert({.before = before, .op = Op::iconst, .type = Type::i32, .a = static_cast<uint32_t>(offset)});
  return edit_.insert({.before = before, .op = Op::iadd, .type = Type::i32, .a = root, .b = by.value}).value;
}

void GuardPlacing::check_access(uint32_t i) {
  ++counts_.accesses;
  Access access = access_of(i);
  access.unchecked = true;
  const uint32_t base = f_.a[i], root = root_of(i);
  const Interval own = bytes_of(i);
  if (access_of(i).unchecked) return;
  if (is_in_bounds(i)) {
    f_.aux[i] = access.pack();
    return;
  }
  if (!has_facts(i)) {
    ++counts_.checked;
    return;
  }
  if (known_[root].contains(own)) {
    f_.aux[i] = access.pack();
    return;
  }
  // Its own check where that leaves nothing to gain, or where a guard's offset of 32 bits does not suffice.
  const Interval want = reach_[i];
  if (!want.contains(own) || own.contains(want) || joined(known_[root], own).contains(want) ||
      want.hi - want.lo > UINT32_MAX) {
    ++counts_.checked;
    know(root, own);
    return;
  }
  if (want.lo == own.lo || known_[root].contains({want.lo, own.lo}))
    insert_guard(i, base, root, want.hi - own.lo);
  else
    insert_guard(i, address_of(i, root, want.lo), root, want.hi - want.lo);
  know(root, want);
  f_.aux[i] = access.pack();
}

// At the end of a block from which a loop alone is entered: what each turn of the loop is certain to check of an address that stays
// the same is checked here, once.
void GuardPlacing::check_before_loop(uint32_t k) {
  const uint32_t end = f_.block_begin[k + 1] - 1;
  if (f_.op[end] != Op::br) return;
  const uint32_t header = f_.edge_target[f_.imm[end]].value;
  if (header <= k || !flow_.is_loop_header(header) || flow_.idom(header) != k) return;
  for (const Fact& fact : entered_[header]) {
    const Interval want = fact.bytes;
    if (block_of_[fact.root] == header || known_[fact.root].contains(want) || want.hi - want.lo > UINT32_MAX) continue;
    insert_guard(end, address_of(end, fact.root, want.lo), fact.root, want.hi - want.lo);
    know(fact.root, want);
  }
}

// The stack pointer moves down: here a frame begins, up to where it was. Checking it whole traps early only when the stack has run
// over: its top never is above the memory's end (shadow_stack_pointer), so the check fails if going down has wrapped.
void GuardPlacing::check_frame(uint32_t i) {
  const uint32_t frame = f_.a[i], top = root_[frame];
  const int64_t size = -offset_[frame];
  if (!options_.imprecise || f_.imm[i] != options_.stack_pointer.value || f_.op[top] != Op::global_get ||
      f_.imm[top] != f_.imm[i] || memory_[top] != 0 || size <= 0 || size > kMaxSpan)
    return;
  if (known_[top].contains({-size, 0}) || f_.op[i + 1] == Op::guard) return;
  insert_guard(i + 1, frame, top, size);
  know(top, {-size, 0});
}

}  // namespace

GuardCounts place_guards(Function& f, const Program& program, GuardOptions options) {
  return GuardPlacing(f, program, options).run();
}

}  // namespace rustg::ir
