#include "runtime/cuda/session.h"

#include <algorithm>
#include <cstring>

#include "runtime/cuda/machine.h"

namespace rustg::runtime::cuda {
namespace {

constexpr uint64_t kBudget = 512ull << 20;  // of device memory: several sessions run side by side
constexpr uint64_t kStack = 1 << 20;
// Calls that compiled code must be able to nest. Its stack is set aside for every thread that the device can hold, in every process
// beside this one.
constexpr uint32_t kCalls = 210;

// What `program` has beyond `image`, as it is before any init function runs.
void append_new(const ir::Program& program, Image& image) {
  Image blank = blank_image(program);
  auto append = [](auto& to, auto& from) {
    for (size_t i = to.size(); i < from.size(); i++) to.push_back(std::move(from[i]));
  };
  append(image.memories, blank.memories);
  append(image.tables, blank.tables);
  append(image.globals, blank.globals);
  append(image.data_sizes, blank.data_sizes);
  append(image.element_sizes, blank.element_sizes);
  image.tables_grow = true;
}

}  // namespace

struct Session::Impl {
  Context context;
  Engine engine;
  const ir::Program* program = nullptr;
  RunOptions options;
  std::unique_ptr<Machine> machine;  // none until there is a program, and while the engine is not compiled
  Arena arena;                       // while there is no machine
  std::shared_ptr<Module> module;    // the interpreter's
  PinnedBuffer call;                 // a Call
  uint64_t call_slots = 0;

  explicit Impl(Context c) : context(std::move(c)) {}
  Status lay_out(Image image);
  void drop_machine() {
    if (machine != nullptr) arena = machine->release();
    machine.reset();
  }
};

Session::Session(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Session::~Session() = default;

Result<std::unique_ptr<Session>> Session::create(int device, Engine engine) {
  RUSTG_LET(context, Context::create(device));
  auto impl = std::make_unique<Impl>(std::move(context));
  impl->engine = engine;
  return std::unique_ptr<Session>(new Session(std::move(impl)));
}

Status Session::Impl::lay_out(Image image) {
  std::vector<ir::FunctionId> all;
  size_t widest = 1;
  for (uint32_t f = 0; f < program->functions.size(); f++) {
    all.push_back(ir::FunctionId{f});
    const ir::Signature& s = program->signatures[program->functions[f].signature.value];
    widest = std::max({widest, s.params.size(), s.results.size()});
  }
  EngineOptions engine_options{.program = program, .entries = all, .calls = kCalls};
  RUSTG_LET(loaded, load_engine(context, engine_options, engine, module));
  if (engine == Engine::bytecode) module = loaded.module;
  MachineOptions machine_options{.run = &options,
                                 .image = &image,
                                 .budget = kBudget,
                                 .on_record = [](uint32_t, uint32_t, std::span<const uint8_t>) {}};
  RUSTG_LET(made, Machine::create(context, std::move(loaded), machine_options, std::move(arena)));
  RUSTG_TRY(made->begin());
  machine = std::move(made);
  if (call_slots < widest) {
    call_slots = std::max<uint64_t>(widest, 64);
    RUSTG_LET(wider, PinnedBuffer::create(context.driver(), offsetof(Call, slots) + call_slots * 8, true));
    call = std::move(wider);
  }
  return ok();
}

Status Session::extend(const ir::Program& program, std::span<const HostFunctionPtr> host_functions) {
  Image image;
  if (impl_->machine != nullptr) {
    RUSTG_LET(kept, impl_->machine->read_image());
    image = std::move(kept);
  }
  append_new(program, image);
  impl_->program = &program;
  impl_->options.program = &program;
  impl_->options.stack_bytes = kStack;
  impl_->options.host_functions = host_functions;
  impl_->options.make_context = [](uint32_t) { return std::make_shared<int>(); };
  impl_->drop_machine();
  return impl_->lay_out(std::move(image));
}

void Session::restart() { impl_->drop_machine(); }

Result<abi::Outcome> Session::call(ir::FunctionId function, std::span<const uint64_t> args,
                                   std::span<uint64_t> results) {
  Call& call = *impl_->call.host<Call>();
  std::copy(args.begin(), args.end(), call.slots);
  RUSTG_TRY(impl_->machine->call(function.value, reinterpret_cast<uint64_t>(impl_->call.device<Call>())));
  std::copy_n(call.slots, results.size(), results.begin());
  return call.outcome;
}

Result<uint64_t> Session::global(ir::GlobalId global) {
  RUSTG_LET(image, impl_->machine->read_image(false));
  return image.globals[global.value];
}
Result<uint64_t> Session::table_size(ir::TableId table) {
  RUSTG_LET(image, impl_->machine->read_image(false));
  return uint64_t{image.tables[table.value].elements.size()};
}
Result<uint64_t> Session::memory_pages(ir::MemoryId memory) {
  RUSTG_LET(image, impl_->machine->read_image(false));
  return image.memories[memory.value].size / ir::kPageSize;
}

}  // namespace rustg::runtime::cuda
