// Direct and indirect calls.
#include "wasm/lower_function.h"

namespace rustg::wasm {

void FunctionLowering::call(uint32_t function) {
  const FuncType& type = map_->module.type_of(function);
  const size_t args = type.params.size();
  const ValueId call = build_.call(map_->linked.functions[function], call_type(type), top(args));
  drop(args);
  push_results(call, type);
}

void FunctionLowering::call_indirect(uint32_t type_index, uint32_t table) {
  const FuncType& type = map_->module.types[type_index];
  const size_t args = type.params.size();
  const ValueId index = pop();
  const ValueId call =
      build_.call_indirect(map_->signatures[type_index], map_->linked.tables[table], call_type(type), index, top(args));
  drop(args);
  push_results(call, type);
}

void FunctionLowering::push_results(ValueId call, const FuncType& type) {
  if (type.results.size() == 1) return push(call);
  for (uint32_t i = 0; i < type.results.size(); ++i) push(build_.result(call, ir_type(type.results[i]), i));
}

}  // namespace rustg::wasm
