// The runtime beside PTX code: a relocatable unit, linked with the units that target/ptx makes of a program.
#include "runtime/cuda/kernels.cuh"

extern "C" __device__ uint32_t rustg_invoke(rustg::abi::Instance* instance, uint32_t function, uint64_t* slots);

namespace rustg::runtime::cuda {
__device__ __noinline__ uint32_t engine_invoke(abi::Instance& instance, uint32_t function, uint64_t* slots) {
  return rustg_invoke(&instance, function, slots);
}
}  // namespace rustg::runtime::cuda

// The calls of runtime_calls.def, under the names that compiled code knows.
namespace ops = rustg::runtime::operations;
using Instance = rustg::abi::Instance;
#define RUSTG_CALL extern "C" __device__ uint32_t
RUSTG_CALL rustg_host_call(Instance* i, uint32_t function, uint64_t* args) {
  return ops::host_call(*i, function, args);
}
RUSTG_CALL rustg_memory_grow(Instance* i, uint32_t memory, uint32_t pages) {
  return ops::memory_grow(*i, memory, pages);
}
RUSTG_CALL rustg_memory_fill(Instance* i, uint32_t memory, uint32_t at, uint32_t byte, uint32_t n) {
  return ops::memory_fill(*i, memory, at, byte, n);
}
RUSTG_CALL rustg_memory_copy(Instance* i, uint32_t memory, uint32_t to, uint32_t from, uint32_t n) {
  return ops::memory_copy(*i, memory, to, from, n);
}
RUSTG_CALL rustg_memory_init(Instance* i, uint32_t memory, uint32_t segment, uint32_t to, uint32_t from, uint32_t n) {
  return ops::memory_init(*i, memory, segment, to, from, n);
}
RUSTG_CALL rustg_data_drop(Instance* i, uint32_t segment) { return ops::data_drop(*i, segment); }
RUSTG_CALL rustg_table_get(Instance* i, uint32_t table, uint32_t at, uint64_t* out) {
  return ops::table_get(*i, table, at, out);
}
RUSTG_CALL rustg_table_set(Instance* i, uint32_t table, uint32_t at, uint64_t reference) {
  return ops::table_set(*i, table, at, reference);
}
RUSTG_CALL rustg_table_grow(Instance* i, uint32_t table, uint64_t reference, uint32_t n) {
  return ops::table_grow(*i, table, reference, n);
}
RUSTG_CALL rustg_table_fill(Instance* i, uint32_t table, uint32_t at, uint64_t reference, uint32_t n) {
  return ops::table_fill(*i, table, at, reference, n);
}
RUSTG_CALL rustg_table_copy(Instance* i, uint32_t to_table, uint32_t from_table, uint32_t to, uint32_t from,
                            uint32_t n) {
  return ops::table_copy(*i, to_table, from_table, to, from, n);
}
RUSTG_CALL rustg_table_init(Instance* i, uint32_t table, uint32_t segment, uint32_t to, uint32_t from, uint32_t n) {
  return ops::table_init(*i, table, segment, to, from, n);
}
RUSTG_CALL rustg_elem_drop(Instance* i, uint32_t segment) { return ops::elem_drop(*i, segment); }
RUSTG_CALL rustg_atomic_wait(Instance* i, uint32_t memory, uint32_t address, uint64_t offset, uint64_t expected,
                             uint64_t timeout_ns, uint32_t width, uint64_t* out) {
  return ops::atomic_wait(*i, memory, address, offset, expected, timeout_ns, width, out);
}
RUSTG_CALL rustg_atomic_notify(Instance* i, uint32_t memory, uint32_t address, uint64_t offset, uint32_t count,
                               uint64_t* out) {
  return ops::atomic_notify(*i, memory, address, offset, count, out);
}
RUSTG_CALL rustg_refuel(Instance* i) { return ops::refuel(*i); }
