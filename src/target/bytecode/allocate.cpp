// Values → slots.
//
// Live ranges are exact, block by block: from every use that is not in the block of the definition we walk up the predecessors
// (path exploration; Boissinot et al., "Computing Liveness Sets for SSA-Form Programs", 2011). Then each block parameter is put
// into one class with the arguments its edges give it, innermost loops first, as far as their ranges do not meet: such an edge
// needs no move. Classes get slots in one linear scan over where they begin and end; a function's parameters have theirs already.
#include <algorithm>
#include <queue>

#include "target/bytecode/function.h"

namespace rustg::bytecode {

namespace {

class Allocator {
 public:
  explicit Allocator(FunctionState& state) : s_(state), fn_(*state.fn) {}

  void run() {
    number();
    ranges();
    coalesce();
    assign();
  }

 private:
  static constexpr uint32_t kFixed = 0x40000000u;
  struct Use {
    uint32_t block, end, next;
  };
  struct Class {
    uint32_t begin = 0, count = 0;  // in pool_
  };

  // Block k starts at position entry(k), before its first instruction; instruction i of it is at entry + 2 + 2 (i - begin).
  uint32_t entry(uint32_t block) const { return 2 * (s_.inst_begin[block] + block); }
  uint32_t end(uint32_t block) const { return entry(block + 1); }

  void number() {
    const uint32_t n = s_.value_count;
    def_block_.assign(n, kNone);
    def_.assign(n, 0);
    last_.assign(n, 0);
    head_.assign(n, kNone);
    uses_.clear();
    for (uint32_t b = 0; b < fn_.block_count(); ++b) {
      for (uint32_t i = fn_.block_begin[b]; i < fn_.block_begin[b + 1] && fn_.op[i] == ir::Op::param; ++i)
        if (s_.needed[i]) define(i, b, entry(b));
      uint32_t position = entry(b) + 2;
      for (uint32_t i = s_.inst_begin[b]; i < s_.inst_begin[b + 1]; ++i, position += 2) {
        const Inst& inst = s_.insts[i];
        const Format& f = format(inst.op);
        if (f.dest != 0 && inst.f[f.dest - 1] < kOutgoing) define(inst.f[f.dest - 1], b, position + 1);
      }
    }
    for (uint32_t b = 0; b < fn_.block_count(); ++b) {
      uint32_t position = entry(b) + 2;
      for (uint32_t i = s_.inst_begin[b]; i < s_.inst_begin[b + 1]; ++i, position += 2) {
        const Inst& inst = s_.insts[i];
        for (uint32_t reads = format(inst.op).reads, k = 0; reads != 0; reads >>= 1, ++k)
          if (reads & 1) use(inst.f[k], b, position + 1);
      }
      // The terminator also passes values on, after its own reads.
      const uint32_t t = fn_.block_begin[b + 1] - 1;
      const auto [first, count] = fn_.edges(t);
      for (uint32_t e = first; e < first + count; ++e)
        for (const ir::ValueId v : fn_.edge_args(e)) use(s_.resolve(v.value), b, position);
      if (fn_.op[t] == ir::Op::ret)
        for (const ir::ValueId v : fn_.call_args(t)) use(s_.resolve(v.value), b, position);
    }
  }

  void define(Value v, uint32_t block, uint32_t position) {
    def_block_[v] = block;
    def_[v] = position;
    last_[v] = position + 1;
  }
  void use(Value v, uint32_t block, uint32_t end) {
    if (v >= kOutgoing || def_block_[v] == kNone) return;  // a constant on an edge
    if (def_block_[v] == block) {
      last_[v] = std::max(last_[v], end);
      return;
    }
    uses_.push_back({block, end, head_[v]});
    head_[v] = static_cast<uint32_t>(uses_.size() - 1);
  }

  void ranges() {
    const uint32_t n = s_.value_count, blocks = fn_.block_count();
    pool_.clear();
    classes_.assign(n, {});
    mark_.assign(blocks, kNone);
    until_.resize(blocks);
    for (Value v = 0; v < n; ++v) {
      if (def_block_[v] == kNone) continue;
      const uint32_t begin = static_cast<uint32_t>(pool_.size());
      touched_.clear();
      uint32_t last = last_[v];
      for (uint32_t u = head_[v]; u != kNone; u = uses_[u].next) {
        const uint32_t block = uses_[u].block;
        if (mark_[block] == v) {
          until_[block] = std::max(until_[block], uses_[u].end);
          continue;
        }
        mark_[block] = v;
        until_[block] = uses_[u].end;
        touched_.push_back(block);
        work_.push_back(block);
        while (!work_.empty()) {
          const uint32_t at = work_.back();
          work_.pop_back();
          for (uint32_t p = s_.pred_begin[at]; p < s_.pred_begin[at + 1]; ++p) {
            const uint32_t pred = s_.preds[p];
            if (pred == def_block_[v]) {
              last = end(pred);
            } else {
              if (mark_[pred] != v) {
                mark_[pred] = v;
                touched_.push_back(pred);
                work_.push_back(pred);
              }
              until_[pred] = end(pred);
            }
          }
        }
      }
      std::sort(touched_.begin(), touched_.end());
      pool_.push_back({def_[v], last});
      for (const uint32_t block : touched_) {
        if (pool_.back().end == entry(block))
          pool_.back().end = until_[block];
        else
          pool_.push_back({entry(block), until_[block]});
      }
      classes_[v] = {begin, static_cast<uint32_t>(pool_.size()) - begin};
    }
  }

  uint32_t find(uint32_t v) {
    while (parent_[v] != v) v = parent_[v] = parent_[parent_[v]];
    return v;
  }

  // Join the classes of two values if their ranges never meet.
  void join(Value a, Value b) {
    a = find(a), b = find(b);
    if (a == b || (fixed_[a] != 0 && fixed_[b] != 0)) return;
    const Class x = classes_[a], y = classes_[b];
    uint32_t i = 0, k = 0;
    while (i < x.count && k < y.count) {
      const Range &p = pool_[x.begin + i], &q = pool_[y.begin + k];
      if (p.start < q.end && q.start < p.end) return;
      if (p.end <= q.end)
        ++i;
      else
        ++k;
    }
    const uint32_t begin = static_cast<uint32_t>(pool_.size());
    pool_.resize(begin + x.count + y.count);
    std::merge(pool_.begin() + x.begin, pool_.begin() + x.begin + x.count, pool_.begin() + y.begin,
               pool_.begin() + y.begin + y.count, pool_.begin() + begin,
               [](const Range& p, const Range& q) { return p.start < q.start; });
    parent_[b] = a;
    fixed_[a] |= fixed_[b];
    classes_[a] = {begin, x.count + y.count};
  }

  void coalesce() {
    const uint32_t n = s_.value_count, blocks = fn_.block_count();
    parent_.resize(n);
    for (uint32_t v = 0; v < n; ++v) parent_[v] = v;
    fixed_.assign(n, 0);
    for (uint32_t p = 0; p < fn_.param_count(0); ++p) fixed_[p] = 1 + p;
    uint32_t deepest = 0;
    for (uint32_t b = 0; b < blocks; ++b) deepest = std::max(deepest, s_.loop_depth[b]);
    for (uint32_t depth = deepest + 1; depth-- > 0;) {
      for (uint32_t b = 0; b < blocks; ++b) {
        if (s_.loop_depth[b] != depth) continue;
        const auto [first, count] = fn_.edges(fn_.block_begin[b + 1] - 1);
        for (uint32_t e = first; e < first + count; ++e) {
          uint32_t param = fn_.block_begin[fn_.edge_target[e].value];
          for (const ir::ValueId v : fn_.edge_args(e)) {
            const Value arg = s_.resolve(v.value);
            if (def_block_[arg] != kNone && def_block_[param] != kNone && s_.outgoing[arg] == 0) join(param, arg);
            ++param;
          }
        }
      }
    }
  }

  void assign() {
    const uint32_t n = s_.value_count, params = fn_.param_count(0);
    s_.slot.assign(n, kNone);
    order_.clear();
    for (Value v = 0; v < n; ++v) {
      if (def_block_[v] == kNone || find(v) != v) continue;
      order_.push_back(v);
    }
    const auto start = [&](Value v) { return pool_[classes_[v].begin].start; };
    const auto finish = [&](Value v) { return pool_[classes_[v].begin + classes_[v].count - 1].end; };
    std::sort(order_.begin(), order_.end(), [&](Value a, Value b) {
      return start(a) != start(b) ? start(a) < start(b) : (fixed_[a] != 0) > (fixed_[b] != 0);
    });
    // Slots in use by when they become free; free slots by number, so that frames stay small.
    using Active = std::pair<uint32_t, uint32_t>;
    std::priority_queue<Active, std::vector<Active>, std::greater<>> active;
    std::priority_queue<uint32_t, std::vector<uint32_t>, std::greater<>> free;
    uint32_t next = 1 + params;
    std::vector<uint8_t> taken(params + 1, 0);
    for (const Value v : order_)
      if (fixed_[v] != 0) taken[fixed_[v]] = 1;
    for (uint32_t p = 1; p <= params; ++p)
      if (!taken[p]) free.push(p);
    for (const Value v : order_) {
      while (!active.empty() && active.top().first <= start(v)) {
        free.push(active.top().second);
        active.pop();
      }
      uint32_t slot = fixed_[v];
      if (slot == 0 && free.empty()) {
        slot = next++;
      } else if (slot == 0) {
        slot = free.top();
        free.pop();
      }
      s_.slot[v] = slot;
      active.push({finish(v), slot});
    }
    for (Value v = 0; v < n; ++v)
      if (def_block_[v] != kNone) s_.slot[v] = s_.slot[find(v)];
    // Values made in a callee's frame; the instructions name them by value where they are read.
    for (Value v = 0; v < fn_.size(); ++v)
      if (s_.outgoing[v] != 0) s_.slot[v] = kOutgoing + s_.outgoing[v];
    s_.frame_base = next;
  }

  FunctionState& s_;
  const ir::Function& fn_;
  std::vector<uint32_t> def_block_, def_, last_, head_, mark_, until_, touched_, work_, parent_, fixed_, order_;
  std::vector<Use> uses_;
  std::vector<Range> pool_;
  std::vector<Class> classes_;
};

}  // namespace

void allocate(FunctionState& state) { Allocator(state).run(); }

}  // namespace rustg::bytecode
