// Spec, section 4.5.4 "Instantiation": each active element segment is copied and dropped, in order, declarative ones are
// dropped, then each active data segment; then the start function. Globals have their values in the program already.
#include "wasm/lower_init.h"

namespace rustg::wasm {

using ir::Op;
using ir::Type;

ir::FunctionId lower_init(const ModuleMap& map, const std::function<uint32_t(const ConstExpr&)>& offset_of,
                          ir::Program& program) {
  const Module& module = map.module;
  ir::FunctionBuilder build;
  build.switch_to(build.new_block());
  // A whole segment into a table or memory, and nothing is left of it.
  const auto copy = [&](Op op, uint32_t to, size_t count, uint32_t segment, uint16_t aux) {
    const ir::ValueId destination = build.iconst(Type::i32, to), source = build.iconst(Type::i32, 0),
                      length = build.iconst(Type::i32, count);
    build.op3(op, Type::none, destination, source, length, segment, aux);
  };
  for (size_t i = 0; i < module.elements.size(); ++i) {
    const Element& element = module.elements[i];
    const auto segment = static_cast<uint32_t>(map.first_element + i);
    if (element.mode == Element::Mode::passive) continue;
    build.set_loc(static_cast<uint32_t>(element.offset.offset));
    if (element.mode == Element::Mode::active)
      copy(Op::table_init, offset_of(element.offset), element.init.size(), segment,
           static_cast<uint16_t>(map.linked.tables[element.table].value));
    build.op0(Op::elem_drop, Type::none, segment);
  }
  for (size_t i = 0; i < module.data.size(); ++i) {
    const Data& data = module.data[i];
    const auto segment = static_cast<uint32_t>(map.first_data + i);
    if (data.mode == Data::Mode::passive) continue;
    build.set_loc(static_cast<uint32_t>(data.offset.offset));
    copy(Op::memory_init, offset_of(data.offset), data.bytes.size(), segment,
         ir::Access{.memory = map.linked.memories[data.memory].value}.pack());
    build.op0(Op::data_drop, Type::none, segment);
  }
  if (module.start != 0xffffffffu) build.call(map.linked.functions[module.start], Type::none, {});
  if (build.instruction_count() == 0) return {};
  build.ret({});
  program.functions.push_back(build.finish("[module initialization]", program.intern({})));
  program.host.push_back(ir::FunctionId::kNone);
  return ir::FunctionId{program.functions.size() - 1};
}

}  // namespace rustg::wasm
