#include "runtime/cuda/machine.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <ctime>

#include "runtime/wasi/bind.h"

namespace rustg::runtime::cuda {
namespace {

constexpr uint64_t kRoomForTables = 4096;  // bytes a table may grow in place before it moves to the pool

uint64_t round_up(uint64_t n, uint64_t to) { return (n + to - 1) / to * to; }

// Arrays gathered for one upload. Addresses are known once the device memory is: `at` gives offsets until then.
class Blob {
 public:
  template <class T>
  uint64_t add(const T* items, uint64_t count) {
    uint64_t at = round_up(bytes_.size(), 256);
    bytes_.resize(at + count * sizeof(T));
    if (count != 0) std::memcpy(bytes_.data() + at, items, count * sizeof(T));
    return at;
  }
  template <class T>
  uint64_t add(const std::vector<T>& items) {
    return add(items.data(), items.size());
  }
  template <class T>
  T* items(uint64_t at) {
    return reinterpret_cast<T*>(bytes_.data() + at);
  }
  const std::vector<uint8_t>& bytes() const { return bytes_; }

 private:
  std::vector<uint8_t> bytes_;
};

template <class T>
T* device_pointer(uint64_t address) {
  return reinterpret_cast<T*>(address);
}

// Make `buffer` hold so many bytes.
Status at_least(const Driver& d, DeviceBuffer& buffer, uint64_t bytes) {
  if (buffer.bytes() >= bytes) return ok();
  buffer = DeviceBuffer();
  RUSTG_LET(made, DeviceBuffer::create(d, bytes));
  buffer = std::move(made);
  return ok();
}

int64_t host_clock(clockid_t id) {
  timespec t;
  clock_gettime(id, &t);
  return static_cast<int64_t>(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}

}  // namespace

Result<std::unique_ptr<Machine>> Machine::create(const Context& context, LoadedEngine engine,
                                                 const MachineOptions& options, Arena arena) {
  std::unique_ptr<Machine> machine(new Machine(context, std::move(engine), std::move(arena)));
  const Driver& d = context.driver();
  RUSTG_CU(cuStreamCreate, &machine->stream_, CU_STREAM_NON_BLOCKING);
  RUSTG_TRY(machine->lay_out(options));
  return machine;
}

Machine::~Machine() {
  service_.reset();
  if (stream_ != nullptr) context_.driver().cuStreamDestroy(stream_);
}

Status Machine::lay_out(const MachineOptions& options) {
  const Driver& d = context_.driver();
  const RunOptions& run = *options.run;
  const ir::Program& program = *run.program;
  const Image& image = *options.image;

  for (const Image::Memory& m : image.memories) shared_.push_back(m.shared);
  // The state block of a lane.
  uint64_t state = sizeof(abi::Instance) + round_up(sizeof(Lane), 16);
  auto place = [&](uint64_t bytes) {
    uint64_t at = state;
    state = round_up(state + bytes, 16);
    return static_cast<uint32_t>(at);
  };
  launch_.globals_offset = place(image.globals.size() * 8);
  launch_.memories_offset = place(image.memories.size() * sizeof(abi::Memory));
  launch_.tables_offset = place(image.tables.size() * sizeof(abi::Table));
  launch_.data_offset = place(image.data_sizes.size() * sizeof(abi::Segment));
  launch_.elements_offset = place(image.element_sizes.size() * sizeof(abi::Segment));
  std::vector<TableImage> tables;
  for (const Image::Table& t : image.tables) {
    uint64_t size = t.elements.size(), room = size;
    if (t.written && image.tables_grow && options.spare_room)
      room = std::min<uint64_t>(t.max, size + kRoomForTables / 8);
    tables.push_back({.elements = nullptr,
                      .size = static_cast<uint32_t>(size),
                      .max = t.max,
                      .capacity = static_cast<uint32_t>(room),
                      .offset = t.written ? place(room * 8) : 0});
  }

  // What fits. Other processes may take memory between the question and the allocation: then ask for less.
  const DeviceLimits& limits = context_.limits();
  Needs needs{.instances = run.instances,
              .resident_warps = uint64_t{engine_.blocks_per_multiprocessor} * limits.multiprocessors,
              .state_bytes = state,
              .start_bytes = image.start_bytes(),
              .max_bytes = std::min(image.max_bytes(), std::max(run.memory_limit, image.start_bytes())),
              .tables_grow = image.tables_grow,
              .stack_bytes = run.stack_bytes,
              .has_stack = engine_.engine == Engine::bytecode};
  uint64_t slots_bytes = 0, pool_at = 0;
  for (uint32_t attempt = 0;; attempt++) {
    needs.budget = options.budget;
    if (arena_.memory.bytes() == 0 || options.budget == 0) {
      RUSTG_LET(free, context_.free_bytes());
      uint64_t usable = free - free / 16;
      needs.budget = options.budget != 0 ? std::min(options.budget, usable) : usable;
    }
    for (uint32_t i = 0; i < attempt; i++) needs.budget = needs.budget / 4 * 3;
    RUSTG_LET(plan, make_plan(needs));
    plan_ = plan;
    slots_bytes = round_up(needs.start_bytes, kPoolUnit) + plan.slack_bytes;
    pool_at = round_up(plan.lanes * (plan.state_stride + plan.stack_stride), kPoolUnit) + plan.lanes * slots_bytes;
    uint64_t pool_words = (1 + kPoolClasses + 2) * 8 + plan.pool_bytes / kPoolUnit;
    auto memory = at_least(d, arena_.memory, pool_at + plan.pool_bytes + pool_words + kPoolUnit);
    if (memory) break;
    if (attempt == 4) return memory.error();
  }
  uint64_t base = round_up(arena_.memory.address(), 256);
  launch_.states = device_pointer<uint8_t>(base);
  launch_.state_stride = plan_.state_stride;
  launch_.stacks = device_pointer<uint8_t>(base + plan_.lanes * plan_.state_stride);
  launch_.stack_stride = plan_.stack_stride;
  launch_.slots = device_pointer<uint8_t>(base + pool_at - plan_.lanes * slots_bytes);
  launch_.slot_stride = slots_bytes;
  uint64_t words = base + pool_at + plan_.pool_bytes;
  launch_.pool = {.base = device_pointer<uint8_t>(base + pool_at),
                  .units = plan_.pool_bytes / kPoolUnit,
                  .bump = device_pointer<uint64_t>(words),
                  .lists = device_pointer<uint64_t>(words + 8),
                  .classes = device_pointer<uint8_t>(words + (1 + kPoolClasses + 2) * 8)};
  launch_.next = device_pointer<uint32_t>(words + (1 + kPoolClasses) * 8);
  launch_.ring.head = device_pointer<uint64_t>(words + (1 + kPoolClasses + 1) * 8);
  RUSTG_CU(cuMemsetD8, words, 0, (1 + kPoolClasses + 2) * 8);
  RUSTG_CU(cuMemsetD8, base, 0, plan_.lanes * plan_.state_stride);

  RUSTG_TRY(pin(options));

  // What all lanes read.
  Blob blob;
  std::vector<uint64_t> page_at, content_at, table_at, data_at, element_at;
  for (const Image::Memory& m : image.memories)
    page_at.push_back(blob.add(m.pages)), content_at.push_back(blob.add(m.contents));
  for (const Image::Table& t : image.tables) table_at.push_back(blob.add(t.elements));
  for (const auto& segment : program.data) data_at.push_back(blob.add(segment));
  for (const auto& segment : program.elements) element_at.push_back(blob.add(segment));
  uint64_t globals_at = blob.add(image.globals);
  std::vector<uint32_t> entries, signatures;
  for (ir::FunctionId f : run.entries) entries.push_back(f.value);
  for (const ir::Function& f : program.functions) signatures.push_back(f.signature.value);
  uint64_t entries_at = blob.add(entries), signatures_at = blob.add(signatures);
  std::vector<uint8_t> wasi_numbers, params(program.host_functions.size());
  for (const ir::HostFunction& h : program.host_functions) {
    auto binding = wasi::find(h.module, h.name);
    wasi_numbers.push_back(binding ? static_cast<uint8_t>(binding->function) : kNotWasi);
  }
  for (uint32_t f = 0; f < program.functions.size(); f++) {
    if (!program.is_host(ir::FunctionId{f})) continue;
    const ir::Signature& signature = program.signatures[program.functions[f].signature.value];
    if (signature.params.size() > kHostSlots || signature.results.size() > 1)
      return Error{fmt::format("the host function {} has too many parameters or results for the GPU",
                               program.host_functions[program.host[f]].name)};
    params[program.host[f]] = static_cast<uint8_t>(signature.params.size());
  }
  uint64_t wasi_at = blob.add(wasi_numbers), params_at = blob.add(params);
  uint64_t args_at = blob.add(run.args.bytes, run.args.length);
  uint64_t environment_at = blob.add(run.environment.bytes, run.environment.length);

  uint64_t memories_at = blob.add(std::vector<MemoryImage>(image.memories.size()));
  uint64_t tables_at = blob.add(tables);
  uint64_t data_segments_at = blob.add(std::vector<abi::Segment>(program.data.size()));
  uint64_t element_segments_at = blob.add(std::vector<abi::Segment>(program.elements.size()));
  uint64_t launch_at = blob.add(std::vector<Launch>(1));

  RUSTG_TRY(at_least(d, arena_.image, blob.bytes().size()));
  uint64_t at = arena_.image.address();
  uint64_t slot_offset = 0;
  for (uint32_t i = 0; i < image.memories.size(); i++) {
    const Image::Memory& m = image.memories[i];
    uint64_t capacity = m.size + (i == 0 ? plan_.slack_bytes : 0);
    blob.items<MemoryImage>(memories_at)[i] = {.pages = device_pointer<const uint32_t>(at + page_at[i]),
                                               .contents = device_pointer<const uint8_t>(at + content_at[i]),
                                               .size = m.size,
                                               .max = m.max,
                                               .slot_offset = slot_offset,
                                               .slot_capacity = capacity,
                                               .shared = m.shared,
                                               .unused = 0};
    slot_offset += capacity;
  }
  for (uint32_t i = 0; i < tables.size(); i++)
    blob.items<TableImage>(tables_at)[i].elements = device_pointer<uint64_t>(at + table_at[i]);
  for (uint32_t i = 0; i < program.data.size(); i++)
    blob.items<abi::Segment>(data_segments_at)[i] = {device_pointer<const void>(at + data_at[i]), image.data_sizes[i]};
  for (uint32_t i = 0; i < program.elements.size(); i++)
    blob.items<abi::Segment>(element_segments_at)[i] = {device_pointer<const void>(at + element_at[i]),
                                                        image.element_sizes[i]};

  launch_.first = run.first;
  launch_.count = run.instances;
  launch_.lanes_per_warp = plan_.lanes_per_warp;
  launch_.entries = device_pointer<const uint32_t>(at + entries_at);
  launch_.entry_count = static_cast<uint32_t>(entries.size());
  launch_.globals = device_pointer<const uint64_t>(at + globals_at);
  launch_.memories = device_pointer<const MemoryImage>(at + memories_at);
  launch_.tables = device_pointer<const TableImage>(at + tables_at);
  launch_.data = device_pointer<const abi::Segment>(at + data_segments_at);
  launch_.elements = device_pointer<const abi::Segment>(at + element_segments_at);
  launch_.global_count = static_cast<uint32_t>(image.globals.size());
  launch_.memory_count = static_cast<uint32_t>(image.memories.size());
  launch_.table_count = static_cast<uint32_t>(tables.size());
  launch_.data_count = static_cast<uint32_t>(program.data.size());
  launch_.element_count = static_cast<uint32_t>(program.elements.size());
  launch_.function_signatures = device_pointer<const uint32_t>(at + signatures_at);
  launch_.code = device_pointer<const void>(engine_.code.address() + engine_.code_offset);
  launch_.fuel = run.fuel;
  launch_.timeout_ns = run.timeout_ns;
  launch_.memory_limit = run.memory_limit;
  launch_.depth_limit = engine_.depth_limit;
  launch_.wasi = device_pointer<const uint8_t>(at + wasi_at);
  launch_.host_params = device_pointer<const uint8_t>(at + params_at);
  launch_.args = run.args;
  launch_.args.bytes = device_pointer<const char>(at + args_at);
  launch_.environment = run.environment;
  launch_.environment.bytes = device_pointer<const char>(at + environment_at);
  launch_.direct = run.print_on_device ? 6 : 0;
  launch_.closed_world = run.closed_world;
  if (getrandom(&launch_.key, sizeof launch_.key, 0) != static_cast<ssize_t>(sizeof launch_.key))
    return Error{"the system's random generator is not available"};
  if (!program.host_functions.empty()) RUSTG_TRY(measure_clock());
  std::memcpy(blob.items<Launch>(launch_at), &launch_, sizeof launch_);
  launch_address_ = at + launch_at;
  return arena_.image.write(0, blob.bytes().data(), blob.bytes().size());
}

Status Machine::pin(const MachineOptions& options) {
  const Driver& d = context_.driver();
  const RunOptions& run = *options.run;
  // Control, tail, doorbells, requests, replies, ring; each on lines of its own.
  uint64_t warps = (plan_.lanes + kWarp - 1) / kWarp, lane_words = warps * kWarp * 4;
  uint64_t doorbells_at = 256, requests_at = doorbells_at + round_up(warps * 4, 256),
           replies_at = requests_at + round_up(lane_words, 256), ring_at = replies_at + round_up(lane_words, 256);
  if (arena_.words.bytes() < ring_at + plan_.ring_bytes) {
    RUSTG_LET(words, PinnedBuffer::create(d, ring_at + plan_.ring_bytes, true));
    arena_.words = std::move(words);
  } else {
    std::memset(arena_.words.host<uint8_t>(), 0, arena_.words.bytes());
  }
  uint64_t stride = sizeof(Mailbox) + plan_.payload;
  if (arena_.boxes.bytes() < plan_.lanes * stride) {
    RUSTG_LET(boxes, PinnedBuffer::create(d, plan_.lanes * stride, false));
    arena_.boxes = std::move(boxes);
  }

  auto mail = [&](uint8_t* word, uint8_t* box) {
    return Mailboxes{.boxes = box,
                     .stride = stride,
                     .payload = plan_.payload,
                     .doorbells = reinterpret_cast<uint32_t*>(word + doorbells_at),
                     .requests = reinterpret_cast<uint32_t*>(word + requests_at),
                     .replies = reinterpret_cast<uint32_t*>(word + replies_at),
                     .control = reinterpret_cast<const Control*>(word)};
  };
  uint8_t *host = arena_.words.host<uint8_t>(), *device = arena_.words.device<uint8_t>();
  launch_.control = reinterpret_cast<const Control*>(device);
  launch_.mail = mail(device, arena_.boxes.device<uint8_t>());
  launch_.ring = {.bytes = device + ring_at,
                  .capacity = plan_.ring_bytes,
                  .head = launch_.ring.head,
                  .tail = reinterpret_cast<const uint64_t*>(device + 128),
                  .control = launch_.control};
  ServiceMemory memory{.control = reinterpret_cast<Control*>(host),
                       .tail = reinterpret_cast<uint64_t*>(host + 128),
                       .ring = host + ring_at,
                       .ring_bytes = plan_.ring_bytes,
                       .mail = mail(host, arena_.boxes.host<uint8_t>()),
                       .lanes = plan_.lanes};
  service_ = std::make_unique<Service>(memory, ServiceHandlers{.host_functions = run.host_functions,
                                                               .make_context = run.make_context,
                                                               .on_record = options.on_record});
  return ok();
}

Status Machine::measure_clock() {
  const Driver& d = context_.driver();
  // A word of the pinned memory that nothing uses yet.
  uint64_t* answer = arena_.words.host<uint64_t>() + 24;
  uint64_t address = reinterpret_cast<uint64_t>(arena_.words.device<uint64_t>() + 24);
  void* parameters[] = {&address};
  int64_t best = INT64_MAX;
  for (int i = 0; i < 3; i++) {
    int64_t before = host_clock(CLOCK_MONOTONIC);
    RUSTG_CU(cuLaunchKernel, engine_.clock, 1, 1, 1, 1, 1, 1, 0, stream_, parameters, nullptr);
    RUSTG_CU(cuStreamSynchronize, stream_);
    int64_t after = host_clock(CLOCK_MONOTONIC);
    if (after - before >= best) continue;
    best = after - before;
    launch_.monotonic_offset = before + (after - before) / 2 - static_cast<int64_t>(*answer);
  }
  launch_.realtime_offset = launch_.monotonic_offset + host_clock(CLOCK_REALTIME) - host_clock(CLOCK_MONOTONIC);
  return ok();
}

Status Machine::launch(CUfunction f, uint32_t blocks, void** parameters, bool threads) {
  const Driver& d = context_.driver();
  if (threads) service_->start();
  CUresult code = d.cuLaunchKernel(f, blocks, 1, 1, kWarp, 1, 1, 0, stream_, parameters, nullptr);
  const char* what = "cuLaunchKernel";
  auto rest = std::chrono::microseconds(5);
  while (code == CUDA_SUCCESS) {
    what = "the kernel";
    code = d.cuStreamQuery(stream_);
    if (code != CUDA_ERROR_NOT_READY) break;
    code = CUDA_SUCCESS;
    service_->heartbeat();
    if (threads) {
      std::this_thread::sleep_for(rest);
      rest = std::min(rest * 2, std::chrono::microseconds(500));
    } else {
      service_->step();
    }
  }
  if (code != CUDA_SUCCESS) service_->abort(static_cast<uint32_t>(ir::Trap::host));
  if (threads) {
    service_->stop();
  } else {
    service_->step();
  }
  if (code != CUDA_SUCCESS) return driver_error(d, what, code);
  return ok();
}

Status Machine::run_all() {
  uint32_t function = 0;
  uint64_t call = 0;
  void* parameters[] = {&launch_address_, &function, &call};
  RUSTG_TRY(launch(engine_.run, plan_.blocks, parameters, true));
  uint64_t head = 0;
  RUSTG_TRY(
      arena_.memory.read(reinterpret_cast<uint64_t>(launch_.ring.head) - arena_.memory.address(), &head, sizeof head));
  if (head != service_->drained()) return Error{"output was lost: instances stopped in the middle of writing"};
  return ok();
}

Status Machine::begin() {
  void* parameters[] = {&launch_address_};
  return launch(engine_.begin, 1, parameters, false);
}

Status Machine::call(uint32_t function, uint64_t device_call) {
  void* parameters[] = {&launch_address_, &function, &device_call};
  return launch(engine_.run, 1, parameters, false);
}

Result<abi::Instance> Machine::instance() const {
  abi::Instance instance;
  RUSTG_TRY(arena_.memory.read(reinterpret_cast<uint64_t>(launch_.states) - arena_.memory.address(), &instance,
                               sizeof instance));
  return instance;
}

Result<Image> Machine::read_image(bool bytes) const {
  const Driver& d = context_.driver();
  RUSTG_LET(state, instance());
  auto read = [&](auto& to, const void* from) -> Status {
    if (!to.empty()) RUSTG_CU(cuMemcpyDtoH, to.data(), reinterpret_cast<CUdeviceptr>(from), to.size() * sizeof(to[0]));
    return ok();
  };
  Image image;
  std::vector<abi::Memory> memories(launch_.memory_count > 1 ? launch_.memory_count - 1 : 0);
  RUSTG_TRY(read(memories, state.more_memories));
  if (launch_.memory_count != 0) memories.insert(memories.begin(), state.memory0);
  for (uint32_t i = 0; i < memories.size(); i++) {
    std::vector<uint8_t> content(bytes ? memories[i].size : 0);
    RUSTG_TRY(read(content, memories[i].base));
    image.memories.push_back(image_of(bytes ? content.data() : nullptr, memories[i].size, memories[i].max, shared_[i]));
  }
  std::vector<abi::Table> tables(launch_.table_count);
  RUSTG_TRY(read(tables, state.tables));
  for (const abi::Table& t : tables) {
    Image::Table table{.elements = std::vector<uint64_t>(t.size), .max = t.max, .written = true};
    RUSTG_TRY(read(table.elements, t.elements));
    image.tables.push_back(std::move(table));
  }
  image.globals.resize(launch_.global_count);
  RUSTG_TRY(read(image.globals, state.globals));
  std::vector<abi::Segment> data(launch_.data_count), elements(launch_.element_count);
  RUSTG_TRY(read(data, state.data));
  RUSTG_TRY(read(elements, state.elements));
  for (const abi::Segment& s : data) image.data_sizes.push_back(s.size);
  for (const abi::Segment& s : elements) image.element_sizes.push_back(s.size);
  image.tables_grow = true;
  return image;
}

}  // namespace rustg::runtime::cuda
