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
  const auto number = [&](size_t n) { return build.iconst(Type::i32, n); };
  for (size_t i = 0; i < module.elements.size(); ++i) {
    const Element& element = module.elements[i];
    const auto segment = static_cast<uint32_t>(map.first_element + i);
    if (element.mode == Element::Mode::passive) continue;
    build.set_loc(static_cast<uint32_t>(element.offset.offset));
    if (element.mode == Element::Mode::active)
      build.op3(Op::table_init, Type::none, number(offset_of(element.offset)), number(0), number(element.init.size()),
                segment, static_cast<uint16_t>(map.linked.tables[element.table].value));
    build.op0(Op::elem_drop, Type::none, segment);
  }
  for (size_t i = 0; i < module.data.size(); ++i) {
    const Data& data = module.data[i];
    const auto segment = static_cast<uint32_t>(map.first_data + i);
    if (data.mode == Data::Mode::passive) continue;
    build.set_loc(static_cast<uint32_t>(data.offset.offset));
    const ir::Access access{.width_log2 = 0, .memory = map.linked.memories[data.memory].value};
    build.op3(Op::memory_init, Type::none, number(offset_of(data.offset)), number(0), number(data.bytes.size()),
              segment, access.pack());
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
