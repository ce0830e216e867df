// Which columns of an operation its printed form shows, and how: shared by printer and parser so that they cannot
// disagree.
#pragma once
#include "ir/function.h"

namespace rustg::ir {

enum class Form : uint8_t {
  plain,          // v2 = iadd.i32 v0, v1
  iconst,         // v0 = iconst.i32 -5
  fconst,         // v0 = fconst.f64 0x3ff0000000000000
  access,         // v2 = load.i32 mem0.8s[v1 + 16] unaligned unchecked   store flat.64[v1 + 0], v2
  guard,          // guard mem0[v1 + 64]
  memory,         // memory_fill mem0, v0, v1, v2
  memory_data,    // memory_init mem0, data1, v0, v1, v2
  data,           // data_drop data1
  table,          // v1 = table_get.ref table0, v0
  table_table,    // table_copy table0, table1, v0, v1, v2
  table_element,  // table_init table0, elem1, v0, v1, v2
  element,        // elem_drop elem1
  global,         // v0 = global_get.i32 global0   global_set global0, v1
  function,       // v0 = ref_func.ref fn3
  call,           // v3 = call.i32 fn3(v1, v2)
  call_indirect,  // v4 = call_indirect.i32 table0[v3] sig2(v1, v2)
  result,         // v5 = result.i32 v4, 0
  fuel,           // fuel 12
  br,             // br block1(v0)
  br_if,          // br_if v0, block1(v1), block2
  br_table,       // br_table v0, [block1(v1), block2]
  ret,            // ret v0, v1
  trap,           // trap unreachable
};

constexpr Form form_of(Op op) {
  switch (op) {
    case Op::iconst: return Form::iconst;
    case Op::fconst: return Form::fconst;
    case Op::ref_func: return Form::function;
    case Op::load:
    case Op::store:
    case Op::atomic_load:
    case Op::atomic_store:
    case Op::atomic_rmw_add:
    case Op::atomic_rmw_sub:
    case Op::atomic_rmw_and:
    case Op::atomic_rmw_or:
    case Op::atomic_rmw_xor:
    case Op::atomic_rmw_xchg:
    case Op::atomic_cmpxchg:
    case Op::atomic_wait:
    case Op::atomic_notify: return Form::access;
    case Op::guard: return Form::guard;
    case Op::memory_size:
    case Op::memory_grow:
    case Op::memory_fill:
    case Op::memory_copy: return Form::memory;
    case Op::memory_init: return Form::memory_data;
    case Op::data_drop: return Form::data;
    case Op::table_get:
    case Op::table_set:
    case Op::table_size:
    case Op::table_grow:
    case Op::table_fill: return Form::table;
    case Op::table_copy: return Form::table_table;
    case Op::table_init: return Form::table_element;
    case Op::elem_drop: return Form::element;
    case Op::global_get:
    case Op::global_set: return Form::global;
    case Op::call: return Form::call;
    case Op::call_indirect: return Form::call_indirect;
    case Op::result: return Form::result;
    case Op::fuel: return Form::fuel;
    case Op::br: return Form::br;
    case Op::br_if: return Form::br_if;
    case Op::br_table: return Form::br_table;
    case Op::ret: return Form::ret;
    case Op::trap: return Form::trap;
    default: return Form::plain;
  }
}

// Operations that name a memory but no width have this in `aux`.
constexpr uint16_t memory_aux(uint32_t memory) { return Access{.memory = memory}.pack(); }

}  // namespace rustg::ir
