// The CPU device of runtime/engine.h: what an instance owns, and the hooks of operations.h.
#include "runtime/engine.h"

#include <algorithm>
#include <chrono>
#include <new>

#include "runtime/interpreter/interpreter.h"
#include "runtime/interpreter/pages.h"
#include "runtime/interpreter/waiters.h"
#include "target/bytecode/bytecode.h"

namespace rustg::runtime {

class Code {
 public:
  Code(const ir::Program& p, bytecode::Program b) : program(p), bytecode(std::move(b)), tables(bytecode.tables()) {}
  const ir::Program& program;
  const bytecode::Program bytecode;
  const bytecode::Tables tables;
};

Result<std::shared_ptr<const Code>> compile(const ir::Program& program, bool with_fuel) {
  RUSTG_LET(code, bytecode::compile(program, {.with_fuel = with_fuel, .sequences = interpreter::has_sequences()}));
  return std::make_shared<const Code>(program, std::move(code));
}

namespace {
constexpr uint32_t kMaxTableElements = 10'000'000;  // as in web engines
constexpr int64_t kFuelSlice = 1 << 20;             // between two looks at the clock
using Clock = std::chrono::steady_clock;
}  // namespace

struct Instance::Impl {
  abi::Instance state{};
  std::shared_ptr<const Code> code;
  InstanceOptions options;
  std::vector<HostFunctionPtr> host_functions;
  std::vector<bool> shared_memory;

  Pages stack;
  std::vector<Pages> memory_pages;  // of each memory
  std::vector<abi::Memory> more_memories;
  std::vector<abi::Table> tables;
  std::vector<std::vector<uint64_t>> table_elements;
  std::vector<uint64_t> globals;
  std::vector<abi::Segment> data, elements;

  int64_t fuel_left = 0;  // beyond what state.fuel holds
  Clock::time_point deadline = Clock::time_point::max();
  bool started = false;

  static Impl& of(abi::Instance& instance) { return *static_cast<Impl*>(instance.host); }

  // Take over everything of the program that the instance has not yet.
  Status adopt(std::shared_ptr<const Code> new_code, std::span<const HostFunctionPtr> new_host_functions);
  Status add_memory(const ir::Memory& memory);
  bool reserve(abi::Memory& memory, uint64_t bytes);
  uint32_t refuel();
  void refill();
};

Status Instance::Impl::add_memory(const ir::Memory& memory) {
  const uint64_t size = memory.min_pages * ir::kPageSize;
  const uint64_t limit = options.memory_limit / ir::kPageSize * ir::kPageSize;
  if (size > limit)
    return Error{"the program needs " + std::to_string(size) + " bytes of memory; the limit is " +
                 std::to_string(options.memory_limit)};
  abi::Memory out{nullptr, size, 0, std::min(memory.max_pages * ir::kPageSize, limit)};
  // All that it may ever grow to is reserved, so that it never moves; pages are committed when they are touched. Where address
  // space is short, what it needs now has to do.
  Pages pages(out.max);
  if (!pages.ok()) pages = Pages(size);
  if (!pages.ok()) return Error{"no memory for the " + std::to_string(size) + " bytes that the program needs"};
  out.base = pages.base();
  out.capacity = pages.size();
  if (memory_pages.empty())
    state.memory0 = out;
  else
    more_memories.push_back(out), state.more_memories = more_memories.data();
  memory_pages.push_back(std::move(pages));
  shared_memory.push_back(memory.shared);
  return ok();
}

bool Instance::Impl::reserve(abi::Memory& memory, uint64_t bytes) {
  const size_t index = &memory == &state.memory0 ? 0 : 1 + static_cast<size_t>(&memory - more_memories.data());
  if (shared_memory[index]) return false;  // others hold its address
  const uint64_t capacity = std::min(memory.max, std::max(bytes, memory.capacity + memory.capacity / 2));
  if (!memory_pages[index].grow(capacity) && !memory_pages[index].grow(bytes)) return false;
  memory.base = memory_pages[index].base();
  memory.capacity = memory_pages[index].size();
  return true;
}

Status Instance::Impl::adopt(std::shared_ptr<const Code> new_code,
                             std::span<const HostFunctionPtr> new_host_functions) {
  const ir::Program& program = new_code->program;
  if (new_host_functions.size() != program.host_functions.size())
    return Error{"the program imports " + std::to_string(program.host_functions.size()) + " host functions, " +
                 std::to_string(new_host_functions.size()) + " were given"};
  host_functions.assign(new_host_functions.begin(), new_host_functions.end());
  for (size_t i = memory_pages.size(); i < program.memories.size(); ++i) RUSTG_TRY(add_memory(program.memories[i]));
  for (size_t i = tables.size(); i < program.tables.size(); ++i) {
    const ir::Table& table = program.tables[i];
    if (table.min > kMaxTableElements)
      return Error{"a table of " + std::to_string(table.min) + " elements; " + std::to_string(kMaxTableElements) +
                   " is the most"};
    table_elements.emplace_back(table.min, 0);
    tables.push_back({table_elements[i].data(), table.min, table.min, std::min(table.max, kMaxTableElements), 0});
    state.tables = tables.data();
  }
  for (size_t i = globals.size(); i < program.globals.size(); ++i) {
    const ir::Global& global = program.globals[i];
    globals.push_back(ir::size_of(global.type) == 4 ? static_cast<uint32_t>(global.initial) : global.initial);
  }
  for (size_t i = data.size(); i < program.data.size(); ++i) data.push_back({nullptr, program.data[i].size()});
  for (size_t i = elements.size(); i < program.elements.size(); ++i)
    elements.push_back({nullptr, program.elements[i].size()});
  // The program's own tables may have moved when it grew.
  for (size_t i = 0; i < data.size(); ++i) data[i].items = program.data[i].data();
  for (size_t i = 0; i < elements.size(); ++i) elements[i].items = program.elements[i].data();
  code = std::move(new_code);
  state.globals = globals.data();
  state.data = data.data();
  state.elements = elements.data();
  state.function_signatures = code->bytecode.signatures.data();
  state.code = &code->tables;
  return ok();
}

void Instance::Impl::refill() {
  const int64_t slice = options.timeout_ns != 0 ? std::min(fuel_left, kFuelSlice) : fuel_left;
  fuel_left -= slice;
  state.fuel += slice;
}

uint32_t Instance::Impl::refuel() {
  if (Clock::now() >= deadline) return static_cast<uint32_t>(ir::Trap::timeout);
  if (fuel_left == 0) return static_cast<uint32_t>(ir::Trap::out_of_fuel);
  refill();
  return 0;
}

Result<std::unique_ptr<Instance>> Instance::create(std::shared_ptr<const Code> code, const InstanceOptions& options) {
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  abi::Instance& state = impl->state;
  state.index = options.index;
  state.depth_limit = UINT32_MAX;
  state.host = impl.get();
  impl->stack = Pages(options.stack_bytes);
  if (!impl->stack.ok()) return Error{"no memory for a stack of " + std::to_string(options.stack_bytes) + " bytes"};
  state.stack = reinterpret_cast<uint64_t*>(impl->stack.base());
  state.stack_end = state.stack + impl->stack.size() / 8;
  impl->fuel_left = options.fuel;
  impl->refill();
  RUSTG_TRY(impl->adopt(std::move(code), options.host_functions));
  return std::unique_ptr<Instance>(new Instance(std::move(impl)));
}

Instance::Instance(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Instance::~Instance() = default;

abi::Outcome Instance::call(ir::FunctionId function, std::span<const uint64_t> args, std::span<uint64_t> results) {
  Impl& impl = *impl_;
  if (impl.options.timeout_ns != 0 && !impl.started)
    impl.deadline = Clock::now() + std::chrono::nanoseconds(impl.options.timeout_ns);
  impl.started = true;
  const ir::Program& program = impl.code->program;
  const ir::Signature& signature = program.signatures[impl.code->bytecode.functions[function.value].signature];
  std::vector<uint64_t> slots(std::max(signature.params.size(), signature.results.size()));
  for (size_t i = 0; i < signature.params.size(); ++i)
    slots[i] = ir::size_of(signature.params[i]) == 4 ? static_cast<uint32_t>(args[i]) : args[i];
  interpreter::interpret(impl.state, impl.code->tables, function.value, slots.data());
  if (impl.state.outcome.trap == 0)
    std::copy_n(slots.begin(), std::min(results.size(), signature.results.size()), results.begin());
  return impl.state.outcome;
}

Status Instance::extend(std::shared_ptr<const Code> code, std::span<const HostFunctionPtr> host_functions) {
  return impl_->adopt(std::move(code), host_functions);
}

abi::Instance& Instance::state() { return impl_->state; }

namespace hooks {

uint32_t host_call(abi::Instance& instance, uint32_t host_function, uint64_t* args) {
  Instance::Impl& impl = Instance::Impl::of(instance);
  const HostResult result = impl.host_functions[host_function](impl.options.host_context,
                                                               {instance.memory0.base, instance.memory0.size}, args);
  instance.outcome.exit_code = result.exit_code;
  return static_cast<uint32_t>(result.trap);
}

bool reserve_memory(abi::Instance& instance, abi::Memory& memory, uint64_t bytes) {
  return Instance::Impl::of(instance).reserve(memory, bytes);
}

bool reserve_table(abi::Instance& instance, abi::Table& table, uint32_t elements) {
  Instance::Impl& impl = Instance::Impl::of(instance);
  std::vector<uint64_t>& store = impl.table_elements[static_cast<size_t>(&table - impl.tables.data())];
  store.resize(std::min(table.max, std::max(elements, table.capacity + table.capacity / 2)));
  table.elements = store.data();
  table.capacity = static_cast<uint32_t>(store.size());
  return true;
}

bool is_shared(abi::Instance& instance, uint32_t memory) { return Instance::Impl::of(instance).shared_memory[memory]; }
uint32_t wait(abi::Instance&, const uint8_t* at, uint64_t expected, int64_t timeout_ns, uint32_t width) {
  return waiters::wait(at, expected, timeout_ns, width);
}
uint32_t notify(abi::Instance&, const uint8_t* at, uint32_t count) { return waiters::notify(at, count); }
uint32_t refuel(abi::Instance& instance) { return Instance::Impl::of(instance).refuel(); }

}  // namespace hooks

}  // namespace rustg::runtime
