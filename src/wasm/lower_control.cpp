// Blocks, loops, ifs, branches and select.
#include "wasm/lower_function.h"

namespace rustg::wasm {

using ir::Op;
using ir::Type;

namespace {
// The result of a block type that is a single value type.
std::span<const ValType> single(ValType type) {
  static constexpr ValType kTypes[] = {ValType::i32, ValType::i64,     ValType::f32,
                                       ValType::f64, ValType::funcref, ValType::externref};
  for (const ValType& t : kTypes)
    if (t == type) return {&t, 1};
  return {};
}
}  // namespace

void FunctionLowering::open(Construct kind, const Instruction& in) {
  const ValueId condition = kind == Construct::if_ ? pop() : ValueId{};
  Label label{kind, next_construct_++, 0, {}, {}, {}, {}, kNone, static_cast<uint32_t>(saved_.size()), {}};
  if (in.index == kBlockValue) {
    label.results = single(in.type);
  } else if (in.index != kBlockEmpty) {
    label.params = map_->module.types[in.index].params;
    label.results = map_->module.types[in.index].results;
  }
  label.height = static_cast<uint32_t>(stack_.size() - label.params.size());
  if (liveness_.is_branched_to(label.number)) label.target = build_.new_block();

  switch (kind) {
    case Construct::block: build_.open_scope(ir::Scope::Kind::block); break;
    case Construct::loop: {
      if (!label.target.is_some()) break;
      add_edge(label, build_.br(label.target));
      build_.open_scope(ir::Scope::Kind::loop);
      build_.switch_to(label.target);
      label.first_param = ValueId{build_.instruction_count()};
      for (size_t i = 0; i < label.params.size(); ++i)
        stack_[label.height + i] = build_.param(label.target, ir_type(label.params[i]));
      for (uint32_t local : liveness_.joined(label.number))
        locals_[local] = build_.param(label.target, ir_type(local_types_[local]));
      break;
    }
    case Construct::if_: {
      saved_.insert(saved_.end(), stack_.begin() + label.height, stack_.end());
      for (uint32_t local : liveness_.restored(label.number)) saved_.push_back(locals_[local]);
      build_.open_scope(ir::Scope::Kind::block);  // to the join
      const BlockId then = build_.new_block();
      if (liveness_.has_else(label.number)) {
        build_.open_scope(ir::Scope::Kind::block);  // to the else
        label.otherwise = build_.new_block();
        build_.br_if(condition, then, label.otherwise);
      } else {
        const ir::EdgeId edge = build_.br_if(condition, then, label.target);
        add_edge(label, ir::EdgeId{edge.value + 1});
      }
      build_.switch_to(then);
      break;
    }
    case Construct::else_: break;
  }
  labels_.push_back(label);
}

void FunctionLowering::else_() {
  Label& label = labels_.back();
  if (reachable_) add_edge(label, build_.br(label.target));
  label.kind = Construct::else_;
  reachable_ = true;
  build_.close_scope();
  build_.switch_to(label.otherwise);
  const ValueId* saved = saved_.data() + label.saved;
  stack_.resize(label.height);
  for (size_t i = 0; i < label.params.size(); ++i) push(*saved++);
  for (uint32_t local : liveness_.restored(label.number)) locals_[local] = *saved++;
}

void FunctionLowering::end() {
  Label& label = labels_.back();
  if (label.kind == Construct::loop) {
    if (label.target.is_some()) {
      build_.close_scope();
      simplify_header(label);
    }
  } else {
    join(label);
  }
  saved_.resize(label.saved);
  labels_.pop_back();
  if (labels_.empty() && reachable_) build_.ret(stack_);
}

// The block where everything that leaves the construct forward comes together.
void FunctionLowering::join(Label& label) {
  if (label.edges == kNone) {
    build_.close_scope();
    return;
  }
  if (reachable_) add_edge(label, build_.br(label.target));
  build_.close_scope();
  build_.switch_to(label.target);
  reachable_ = true;
  stack_.resize(label.height);
  const auto joined = liveness_.joined(label.number);
  const size_t values = label.results.size();
  for (size_t column = 0; column < values + joined.size(); ++column) {
    ValueId value = build_.resolve(columns_[edges_[label.edges].columns + column]);
    bool agree = true;
    for (uint32_t e = edges_[label.edges].next; e != kNone && agree; e = edges_[e].next)
      agree = build_.resolve(columns_[edges_[e].columns + column]) == value;
    if (!agree) {
      value = build_.param(label.target, build_.type_of(value));
      for (uint32_t e = label.edges; e != kNone; e = edges_[e].next)
        build_.add_argument(edges_[e].id, columns_[edges_[e].columns + column]);
    }
    if (column < values)
      push(value);
    else
      locals_[joined[column - values]] = value;
  }
}

// A header's parameter that all edges give itself or one other value is that value.
void FunctionLowering::simplify_header(const Label& label) {
  const size_t count = label.params.size() + liveness_.joined(label.number).size();
  ValueId param = label.first_param;
  for (size_t column = 0; column < count; ++column, ++param.value) {
    ValueId only;
    bool trivial = true;
    for (uint32_t e = label.edges; e != kNone && trivial; e = edges_[e].next) {
      const ValueId value = build_.resolve(columns_[edges_[e].columns + column]);
      if (value == param) continue;
      trivial = !only.is_some() || value == only;
      only = value;
    }
    if (trivial) build_.replace(param, only);
  }
}

uint32_t FunctionLowering::save_columns(const Label& label) {
  const auto at = static_cast<uint32_t>(columns_.size());
  const auto values = top(branch_types(label).size());
  columns_.insert(columns_.end(), values.begin(), values.end());
  for (uint32_t local : liveness_.joined(label.number)) columns_.push_back(locals_[local]);
  return at;
}

void FunctionLowering::add_edge(Label& label, ir::EdgeId id) {
  const uint32_t columns = save_columns(label);
  edges_.push_back({id, columns, label.edges});
  label.edges = static_cast<uint32_t>(edges_.size() - 1);
  if (label.kind == Construct::loop)
    for (size_t i = columns; i < columns_.size(); ++i) build_.add_argument(id, columns_[i]);
}

void FunctionLowering::br(uint32_t depth) {
  Label& label = labels_[labels_.size() - 1 - depth];
  if (&label == &labels_.front()) return return_();
  add_edge(label, build_.br(label.target));
  reachable_ = false;
}

void FunctionLowering::br_if(uint32_t depth) {
  Label& label = labels_[labels_.size() - 1 - depth];
  const ValueId condition = pop();
  const BlockId next = build_.new_block();
  add_edge(label, build_.br_if(condition, label.target, next));
  build_.switch_to(next);
}

void FunctionLowering::br_table(uint32_t count) {
  const ValueId index = pop();
  depths_.clear();
  targets_.clear();
  for (uint32_t i = 0; i <= count; ++i) {
    depths_.push_back(reader_->u32());
    targets_.push_back(labels_[labels_.size() - 1 - depths_.back()].target);
  }
  const ir::EdgeId first = build_.br_table(index, targets_);
  // A long table with many columns comes to more than the memory there is: `lower` gives up once it is too many.
  for (uint32_t i = 0; i <= count && columns_.size() <= kMaxValues; ++i)
    add_edge(labels_[labels_.size() - 1 - depths_[i]], ir::EdgeId{first.value + i});
  reachable_ = false;
}

void FunctionLowering::return_() {
  build_.ret(top(labels_.front().results.size()));
  reachable_ = false;
}

void FunctionLowering::unreachable() {
  build_.trap(ir::Trap::unreachable);
  reachable_ = false;
}

void FunctionLowering::select() {
  const ValueId condition = pop(), otherwise = pop(), then = pop();
  push(build_.op3(Op::select, build_.type_of(then), then, otherwise, condition));
}

}  // namespace rustg::wasm
