#include "wasm/lower_function.h"

namespace rustg::wasm {

using ir::Type;

Result<ir::Function> FunctionLowering::lower(const ModuleMap& map, uint32_t function) {
  const Module& module = map.module;
  const uint32_t index = module.imported_functions + function;
  const Body& body = module.bodies[function];
  map_ = &map;
  Reader reader(body.bytes, body.offset);
  reader_ = &reader;
  RUSTG_TRY(begin(body, module.type_of(index), reader));
  Instruction in;
  while (!labels_.empty() && read_instruction(reader, in)) {
    build_.set_loc(static_cast<uint32_t>(in.offset));
    instruction(in);
    if (build_.instruction_count() + columns_.size() > kMaxValues) {
      build_ = {};
      return Error{"function too large: it needs more than " + std::to_string(kMaxValues) + " values", body.offset};
    }
  }
  std::string name(index < module.function_names.size() ? module.function_names[index] : std::string_view());
  return build_.finish(std::move(name), map.signatures[module.functions[index]]);
}

Status FunctionLowering::begin(const Body& body, const FuncType& type, Reader& reader) {
  stack_.clear();
  columns_.clear();
  saved_.clear();
  labels_.clear();
  edges_.clear();
  skipped_ = 0;
  reachable_ = true;
  local_types_.assign(type.params.begin(), type.params.end());
  for (uint32_t groups = reader.u32(); groups != 0; --groups) {
    const uint32_t count = reader.u32();
    local_types_.insert(local_types_.end(), count, reader.value_type());
  }
  const auto instructions = body.bytes.subspan(reader.offset() - body.offset);
  const auto count = static_cast<uint32_t>(local_types_.size());
  if (auto status = liveness_.analyze(instructions, count); !status) return Error{status.error().message, body.offset};

  const BlockId entry = build_.new_block();
  build_.switch_to(entry);
  build_.set_loc(static_cast<uint32_t>(reader.offset()));
  locals_.assign(count, ValueId{});
  const auto params = static_cast<uint32_t>(type.params.size());
  for (uint32_t i = 0; i < params; ++i) locals_[i] = build_.param(entry, ir_type(type.params[i]));
  // Other locals begin as zero; one constant a type, for those that somebody reads so.
  ValueId zeros[6];
  for (uint32_t i = params; i < count; ++i) {
    if (!liveness_.is_live_at_entry(i)) continue;
    const Type t = ir_type(local_types_[i]);
    ValueId& zero = zeros[static_cast<size_t>(t)];
    if (!zero.is_some())
      zero = t == Type::ref ? build_.op0(ir::Op::ref_null, t) : is_int(t) ? build_.iconst(t, 0) : build_.fconst(t, 0);
    locals_[i] = zero;
  }
  // The body is a block whose label is the return.
  next_construct_ = 1;
  const BlockId target = liveness_.is_branched_to(0) ? build_.new_block() : BlockId{};
  build_.open_scope(ir::Scope::Kind::block);
  labels_.push_back({Construct::block, 0, 0, {}, type.results, target, {}, kNone, 0, {}});
  return ok();
}

void FunctionLowering::instruction(const Instruction& in) {
  if (!reachable_) {
    // Only what opens and closes constructs matters.
    switch (in.opcode) {
      case Opcode::block:
      case Opcode::loop:
      case Opcode::if_: ++skipped_; return;
      case Opcode::else_:
        if (skipped_ == 0) else_();
        return;
      case Opcode::end:
        if (skipped_ == 0)
          end();
        else
          --skipped_;
        return;
      case Opcode::br_table:
        for (uint32_t i = 0; i <= in.index; ++i) reader_->u32();
        return;
      case Opcode::select_typed: reader_->bytes(in.index); return;
      default: return;
    }
  }
  switch (in.opcode) {
    case Opcode::nop: return;
    case Opcode::unreachable: return unreachable();
    case Opcode::block: return open(Construct::block, in);
    case Opcode::loop: return open(Construct::loop, in);
    case Opcode::if_: return open(Construct::if_, in);
    case Opcode::else_: return else_();
    case Opcode::end: return end();
    case Opcode::br: return br(in.index);
    case Opcode::br_if: return br_if(in.index);
    case Opcode::br_table: return br_table(in.index);
    case Opcode::return_: return return_();
    case Opcode::call: return call(in.index);
    case Opcode::call_indirect: return call_indirect(in.index, in.second);
    case Opcode::drop: return drop(1);
    case Opcode::select: return select();
    case Opcode::select_typed: reader_->bytes(in.index); return select();
    case Opcode::local_get: return push(locals_[in.index]);
    case Opcode::local_set: locals_[in.index] = pop(); return;
    case Opcode::local_tee: locals_[in.index] = stack_.back(); return;
    case Opcode::global_get:
    case Opcode::global_set: return global(in);
    case Opcode::ref_null:
    case Opcode::ref_is_null:
    case Opcode::ref_func: return reference(in);
    case Opcode::i32_const:
    case Opcode::i64_const:
    case Opcode::f32_const:
    case Opcode::f64_const: return constant(in);
    default: break;
  }
  switch (info(in.opcode).immediate) {
    case Immediate::none: return numeric(in.opcode);
    case Immediate::memory_access:
      if (info(in.opcode).prefix != 0) return atomic(in);
      return info(in.opcode).result_count != 0 ? load(in) : store(in);
    case Immediate::fence: return atomic(in);
    case Immediate::memory:
    case Immediate::memory_memory:
    case Immediate::data_memory:
    case Immediate::data: return memory(in);
    default: return table(in);
  }
}

}  // namespace rustg::wasm
