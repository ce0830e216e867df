// What is certain to be accessed, found from the end back, decides how far a check reaches; what has been checked, found from the
// entry on down the dominator tree, decides who needs none. After Gupta, Optimizing Array Bound Checks Using Flow Analysis (1993).
#include <algorithm>

#include "ir/analysis.h"
#include "ir/passes.h"
#include "ir/passes/edit.h"
#include "ir/passes/upper_bounds.h"

namespace rustg::ir {
namespace {

// The bytes from `base` up to `extent` will be, or have been, found in bounds.
struct Fact {
  uint32_t base;  // the address: a value
  uint64_t extent;
};
// Facts carried over a block's border: what is beyond is forgotten, so that the pass stays linear.
constexpr size_t kMaxFacts = 64;

class GuardPlacing {
 public:
  GuardPlacing(Function& f, const Program& p, GuardOptions options)
      : f_(f),
        p_(p),
        imprecise_(options.imprecise),
        flow_(f),
        block_of_(blocks_of(f)),
        bounds_(upper_bounds(f)),
        memory_(f.size(), kNoMemory),
        reach_(f.size(), 0),
        entered_(f.block_count()),
        extent_(f.size(), 0),
        edit_(f) {}

  GuardCounts run() {
    for (uint32_t i = 0; i < f_.size(); ++i)
      if (is_access(i) && memory_[f_.a[i]] == kNoMemory) memory_[f_.a[i]] = access_of(i).memory;
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
  // An address is nearly always one into one memory; facts about it are about the memory it is first used with.
  bool has_facts(uint32_t i) const {
    return is_access(i) && memory_[f_.a[i]] == access_of(i).memory && memory_[f_.a[i]] != Access::kFlat;
  }
  // Whether a trap behind this instruction must not come before it.
  bool is_barrier(uint32_t i) const {
    const OpInfo& about = info(f_.op[i]);
    if (f_.op[i] == Op::load || f_.op[i] == Op::guard) return false;
    if (f_.op[i] == Op::store || f_.op[i] == Op::global_set) return !imprecise_;
    return about.writes || about.may_trap;
  }
  // Whatever the address is, it is below the memory's smallest size.
  bool is_in_bounds(uint32_t i) const {
    const Access access = access_of(i);
    if (access.memory == Access::kFlat) return false;
    return bounds_[f_.a[i]] + extent_of(i) <= p_.memories[access.memory].min_pages * kPageSize;
  }

  void look_ahead(uint32_t k);
  void expect_at_end(uint32_t k);
  void check();
  void check_access(uint32_t i);
  void check_before_loop(uint32_t k);
  bool is_proven(uint32_t base, uint64_t extent) const;
  void prove(uint32_t base, uint64_t extent) {
    undo_.push_back({base, extent_[base]});
    extent_[base] = std::max(extent_[base], extent);
  }
  void undo(size_t to) {
    for (; undo_.size() > to; undo_.pop_back()) extent_[undo_.back().base] = undo_.back().extent;
  }

  Function& f_;
  const Program& p_;
  const bool imprecise_;
  const ControlFlow flow_;
  const std::vector<uint32_t> block_of_;
  const std::vector<uint64_t> bounds_;
  std::vector<uint16_t> memory_;  // per value: the memory that facts about it as an address are about
  std::vector<uint64_t> reach_;   // per access: the extent over its base that is certain to be needed from here on
  std::vector<std::vector<Fact>> entered_;  // per block: what is certain to be needed from its beginning on; by base
  std::vector<uint64_t> extent_;            // per value: what is known at the place looked at
  std::vector<Fact> undo_;                  // what extent_ was before
  std::vector<Fact> all_, next_;            // scratch
  Edit edit_;
  GuardCounts counts_;
};

// Leaves in all_ what every way on from the end of block k needs. Nothing is expected of a way back: the loop might never end.
void GuardPlacing::expect_at_end(uint32_t k) {
  all_.clear();
  const auto [first, count] = f_.edges(f_.block_begin[k + 1] - 1);
  for (uint32_t e = first; e < first + count; ++e) {
    const uint32_t target = f_.edge_target[e].value;
    if (target <= k) return all_.clear();
    next_.clear();
    for (Fact fact : entered_[target]) {
      const uint32_t def = block_of_[fact.base];
      if (def == target) {  // one of its parameters: it is what this edge gives
        const uint32_t given = f_.edge_args(e)[fact.base - f_.block_begin[target]].value;
        if (memory_[given] == kNoMemory) memory_[given] = memory_[fact.base];
        if (memory_[given] != memory_[fact.base]) continue;
        fact.base = given;
      } else if (def > k || !flow_.dominates(def, k)) {
        continue;
      }
      next_.push_back(fact);
    }
    // By base, and of two facts about the same base the larger.
    std::sort(next_.begin(), next_.end(),
              [](Fact x, Fact y) { return x.base != y.base ? x.base < y.base : x.extent > y.extent; });
    next_.erase(std::unique(next_.begin(), next_.end(), [](Fact x, Fact y) { return x.base == y.base; }), next_.end());
    if (e == first) {
      all_.swap(next_);
      continue;
    }
    size_t kept = 0;
    for (size_t x = 0, y = 0; x < all_.size() && y < next_.size();) {
      if (all_[x].base < next_[y].base)
        ++x;
      else if (next_[y].base < all_[x].base)
        ++y;
      else
        all_[kept++] = {all_[x].base, std::min(all_[x].extent, next_[y++].extent)}, ++x;
    }
    all_.resize(kept);
  }
}

void GuardPlacing::look_ahead(uint32_t k) {
  expect_at_end(k);
  for (Fact fact : all_) prove(fact.base, fact.extent);
  for (uint32_t i = f_.block_begin[k + 1]; i-- > f_.block_begin[k];) {
    if (is_barrier(i)) undo(0);
    if (!has_facts(i) || is_in_bounds(i)) continue;
    prove(f_.a[i], extent_of(i));
    reach_[i] = extent_[f_.a[i]];
  }
  // undo_ names every base with a fact, perhaps more than once.
  auto& facts = entered_[k];
  for (Fact was : undo_) {
    const uint32_t base = was.base;
    if (extent_[base] != 0 && (block_of_[base] != k || f_.op[base] == Op::param))
      facts.push_back({base, extent_[base]});
    extent_[base] = 0;
  }
  undo_.clear();
  std::sort(facts.begin(), facts.end(), [](Fact x, Fact y) { return x.base < y.base; });
  if (facts.size() > kMaxFacts) facts.resize(kMaxFacts);
}

void GuardPlacing::check() {
  // Preorder of the dominator tree; leaving a subtree takes back what was proven in it.
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
    for (uint32_t i = f_.block_begin[k]; i < f_.block_begin[k + 1]; ++i)
      if (is_access(i)) check_access(i);
    check_before_loop(k);
  }
}

bool GuardPlacing::is_proven(uint32_t base, uint64_t extent) const {
  if (extent_[base] >= extent) return true;
  // root + constant: what is proven of the root reaches over it; then the sum cannot have wrapped either.
  if (f_.op[base] != Op::iadd || f_.type[base] != Type::i32 || f_.op[f_.b[base]] != Op::iconst) return false;
  const uint32_t root = f_.a[base];
  return memory_[root] == memory_[base] && extent_[root] >= f_.a[f_.b[base]] + extent;
}

void GuardPlacing::check_access(uint32_t i) {
  ++counts_.accesses;
  Access access = access_of(i);
  access.unchecked = true;
  const uint32_t base = f_.a[i];
  const uint64_t own = extent_of(i);
  if (is_in_bounds(i)) {
    f_.aux[i] = access.pack();
    return;
  }
  if (!has_facts(i)) {
    ++counts_.checked;
    return;
  }
  if (is_proven(base, own)) {
    f_.aux[i] = access.pack();
    return;
  }
  // The guard's offset has 32 bits; where more is needed the access checks for itself.
  if (reach_[i] > own && reach_[i] <= 0xffffffff) {
    edit_.insert(
        {i, Op::guard, Access{.memory = access.memory}.pack(), ValueId{base}, static_cast<uint32_t>(reach_[i])});
    ++counts_.guards;
    prove(base, reach_[i]);
    f_.aux[i] = access.pack();
  } else {
    ++counts_.checked;
    prove(base, own);
  }
}

// At the end of a block from which a loop alone is entered: what each turn of the loop is certain to check of an address that stays
// the same is checked here, once.
void GuardPlacing::check_before_loop(uint32_t k) {
  const uint32_t end = f_.block_begin[k + 1] - 1;
  if (f_.op[end] != Op::br) return;
  const uint32_t header = f_.edge_target[f_.imm[end]].value;
  if (header <= k || !flow_.is_loop_header(header) || flow_.idom(header) != k) return;
  for (Fact fact : entered_[header]) {
    if (block_of_[fact.base] == header || fact.extent > 0xffffffff || is_proven(fact.base, fact.extent)) continue;
    const Access access{.memory = memory_[fact.base]};
    edit_.insert({end, Op::guard, access.pack(), ValueId{fact.base}, static_cast<uint32_t>(fact.extent)});
    ++counts_.guards;
    prove(fact.base, fact.extent);
  }
}

}  // namespace

GuardCounts place_guards(Function& f, const Program& program, GuardOptions options) {
  return GuardPlacing(f, program, options).run();
}

}  // namespace rustg::ir
