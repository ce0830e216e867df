#include "runtime/cuda/engine.h"

#include <algorithm>
#include <cstring>

#include "runtime/cuda/mailbox.h"
#include "target/bytecode/bytecode.h"
#include "target/ptx/assemble.h"

extern "C" const unsigned char rustg_interpreter_fatbin[], rustg_ptx_runtime_cubin[], rustg_ptx_runtime_cubin_end[];
extern "C" const char rustg_ptx_runtime_ptx[], rustg_ptx_runtime_ptx_end[];

namespace rustg::runtime::cuda {
namespace {

constexpr uint32_t kRuntimeSm = 90;  // that ptx_runtime.cubin is for; elsewhere its PTX is assembled with the program's
// Stack below the program's own frames: the kernel's, and the deepest of the runtime's calls.
constexpr uint64_t kRuntimeFrames = 4096;
constexpr uint64_t kMinStack = 16 << 10, kMaxStack = 256 << 10, kStackStep = 8 << 10;

uint64_t round_up(uint64_t n, uint64_t to) { return (n + to - 1) / to * to; }

Status find_kernels(const Driver& d, LoadedEngine& loaded) {
  RUSTG_LET(run, loaded.module->function("rustg_run"));
  RUSTG_LET(begin, loaded.module->function("rustg_begin"));
  RUSTG_LET(clock, loaded.module->function("rustg_clock"));
  loaded.run = run, loaded.begin = begin, loaded.clock = clock;
  int blocks = 0;
  RUSTG_CU(cuOccupancyMaxActiveBlocksPerMultiprocessor, &blocks, run, kWarp, 0);
  loaded.blocks_per_multiprocessor = static_cast<uint32_t>(blocks);
  return ok();
}

Status upload_bytecode(const Driver& d, const EngineOptions& options, LoadedEngine& loaded) {
  RUSTG_LET(program, bytecode::compile(*options.program, {}));
  uint64_t code_bytes = program.code.size() * sizeof(uint64_t);
  uint64_t entry_bytes = program.functions.size() * sizeof(bytecode::FunctionEntry);
  loaded.code_offset = code_bytes + entry_bytes;
  RUSTG_LET(code, DeviceBuffer::create(d, loaded.code_offset + sizeof(bytecode::Tables)));
  bytecode::Tables tables = program.tables();
  tables.code = reinterpret_cast<const uint64_t*>(code.address());
  tables.functions = reinterpret_cast<const bytecode::FunctionEntry*>(code.address() + code_bytes);
  RUSTG_TRY(code.write(0, program.code.data(), code_bytes));
  RUSTG_TRY(code.write(code_bytes, program.functions.data(), entry_bytes));
  RUSTG_TRY(code.write(loaded.code_offset, &tables, sizeof tables));
  loaded.code = std::move(code);
  return ok();
}

// The driver sets a stack aside, here and now, for every thread that the device can hold, whether it runs or not.
Status set_stack(const Context& context, const EngineOptions& options, uint32_t frame, LoadedEngine& loaded) {
  const Driver& d = context.driver();
  const DeviceLimits& limits = context.limits();
  uint64_t stack = options.stack_bytes;
  frame = std::max(frame, 16u);
  size_t now = 0;
  RUSTG_CU(cuCtxGetLimit, &now, CU_LIMIT_STACK_SIZE);
  if (stack == 0 && options.calls != 0) {
    // Setting it is slow: it stays as it is once it is large enough.
    stack = std::max<uint64_t>(std::min(round_up(uint64_t{options.calls} * frame, kStackStep), kMaxStack),
                               now - std::min(now, kRuntimeFrames));
  } else if (stack == 0) {
    RUSTG_LET(free, context.free_bytes());
    const uint64_t share = free / (options.few_instances ? 2 : 4);
    stack = std::clamp(share / limits.threads_per_multiprocessor / limits.multiprocessors, kMinStack, kMaxStack);
  }
  stack = stack / 16 * 16 + kRuntimeFrames;
  if (now != stack) RUSTG_CU(cuCtxSetLimit, CU_LIMIT_STACK_SIZE, stack);
  loaded.depth_limit = static_cast<uint32_t>((stack - kRuntimeFrames) / frame);
  return ok();
}

Status load_ptx(const Context& context, const EngineOptions& options, LoadedEngine& loaded) {
  const DeviceLimits& limits = context.limits();
  uint32_t sm = limits.compute_major * 10 + limits.compute_minor;
  // Looked for once: asking ptxas for its version starts a process.
  static const Result<ptx::Toolchain> found = ptx::find_toolchain();
  if (!found) return found.error();
  const ptx::Toolchain& tools = *found;
  std::vector<ptx::Unit> units = ptx::emit(*options.program, {.sm = sm,
                                                              .version = tools.ptx_version,
                                                              .entries = options.entries,
                                                              .trust_alignment = options.trust_alignment,
                                                              .imprecise = options.imprecise});
  std::vector<ptx::Object> objects;
  if (sm == kRuntimeSm) {
    objects.push_back({.name = "runtime", .bytes = {rustg_ptx_runtime_cubin, rustg_ptx_runtime_cubin_end}});
  } else {
    units.push_back({.name = "runtime", .text = {rustg_ptx_runtime_ptx, rustg_ptx_runtime_ptx_end}});
  }
  RUSTG_LET(image, ptx::assemble(units, tools, {.sm = sm, .objects = objects, .cached_only = options.cached_only}));
  RUSTG_TRY(set_stack(context, options, image.largest_frame, loaded));
  RUSTG_LET(module, Module::load(context.driver(), image.cubin.data()));
  loaded.module = std::make_shared<Module>(std::move(module));
  return ok();
}

Status load_interpreter(const Context& context, const EngineOptions& options, const std::shared_ptr<Module>& known,
                        LoadedEngine& loaded) {
  loaded.module = known;
  if (known == nullptr) {
    RUSTG_LET(module, Module::load(context.driver(), rustg_interpreter_fatbin));
    loaded.module = std::make_shared<Module>(std::move(module));
  }
  return upload_bytecode(context.driver(), options, loaded);
}

}  // namespace

Result<LoadedEngine> load_engine(const Context& context, const EngineOptions& options, Engine engine,
                                 const std::shared_ptr<Module>& interpreter) {
  LoadedEngine loaded;
  loaded.engine = engine;
  RUSTG_TRY(engine == Engine::ptx ? load_ptx(context, options, loaded)
                                  : load_interpreter(context, options, interpreter, loaded));
  RUSTG_TRY(find_kernels(context.driver(), loaded));
  return loaded;
}

}  // namespace rustg::runtime::cuda
