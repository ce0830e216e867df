#include "runtime/cuda/engine.h"

#include <cstring>

#include "runtime/cuda/mailbox.h"
#include "target/bytecode/bytecode.h"

extern "C" const unsigned char rustg_interpreter_fatbin[];

namespace rustg::runtime::cuda {
namespace {

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
  RUSTG_LET(program, bytecode::compile(*options.program, {.with_fuel = options.with_fuel}));
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

}  // namespace

Result<LoadedEngine> load_engine(const Context& context, const EngineOptions& options, Engine engine,
                                 const std::shared_ptr<Module>& interpreter) {
  const Driver& d = context.driver();
  LoadedEngine loaded;
  loaded.engine = engine;
  if (engine == Engine::ptx) return Error{"the PTX engine is not there yet"};
  loaded.module = interpreter;
  if (interpreter == nullptr) {
    RUSTG_LET(module, Module::load(d, rustg_interpreter_fatbin));
    loaded.module = std::make_shared<Module>(std::move(module));
  }
  RUSTG_TRY(find_kernels(d, loaded));
  RUSTG_TRY(upload_bytecode(d, options, loaded));
  return loaded;
}

}  // namespace rustg::runtime::cuda
