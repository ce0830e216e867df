// The function that instantiates a module: it runs once for every instance, before anything else.
#pragma once
#include <functional>

#include "wasm/lower_function.h"

namespace rustg::wasm {

// Appended to `program`; none if there is nothing to do. `offset_of` evaluates the offset of an active segment.
ir::FunctionId lower_init(const ModuleMap& map, const std::function<uint32_t(const ConstExpr&)>& offset_of,
                          ir::Program& program);

}  // namespace rustg::wasm
