#include "driver/inspect.h"

#include <fmt/format.h>

#include <cstdio>

#include "driver/load.h"
#include "driver/report.h"
#include "ir/passes.h"
#include "ir/print.h"
#include "target/bytecode/bytecode.h"
#include "target/ptx/emit.h"

namespace rustg::driver {
namespace {

std::string summary(const Loaded& loaded) {
  const ir::Program& program = loaded.program;
  uint64_t data = 0;
  for (const auto& segment : program.data) data += segment.size();
  std::string text =
      fmt::format("{} bytes, {} imports, {} exports\n", loaded.file_bytes, loaded.imports, loaded.exports);
  text += fmt::format("{} functions, {} globals, {} tables, {} bytes of data\n",
                      program.functions.size() - program.host_functions.size(), program.globals.size(),
                      program.tables.size(), data);
  for (const ir::Memory& memory : program.memories)
    text += fmt::format("memory of {} to {} pages of 64 KiB{}\n", memory.min_pages, memory.max_pages,
                        memory.shared ? ", shared" : "");
  for (const ir::HostFunction& function : program.host_functions)
    text += fmt::format("calls {} {}\n", function.module, function.name);
  return text;
}

}  // namespace

int inspect(const InspectOptions& options) {
  auto loaded = load(options.file, options.rustc_args);
  if (!loaded) return report_error(loaded.error().message);
  if (auto* refused = std::get_if<CompilerRefused>(&*loaded)) return refused->exit_code;
  Loaded& program = *std::get<std::unique_ptr<Loaded>>(*loaded);
  std::string text;
  switch (options.kind) {
    case InspectKind::summary: text = summary(program); break;
    case InspectKind::ir:
      ir::optimize(program.program, {});
      text = ir::print(program.program);
      break;
    case InspectKind::bytecode: {
      ir::optimize(program.program, {});
      auto code = bytecode::compile(program.program, {});
      if (!code) return report_error(options.file + ": " + code.error().message);
      for (uint32_t f = 0; f < program.program.functions.size(); f++)
        text += bytecode::print(*code, program.program, ir::FunctionId(f));
      break;
    }
    case InspectKind::ptx: {
      ir::optimize(program.program, {.guards = true});
      std::vector<ir::FunctionId> entries;
      if (program.start.is_some()) entries.push_back(program.start);
      for (const ptx::Unit& unit : ptx::emit(program.program, {.entries = entries}))
        text += fmt::format("// unit {}\n{}\n", unit.name, unit.text);
      break;
    }
  }
  std::fwrite(text.data(), 1, text.size(), stdout);
  return 0;
}

}  // namespace rustg::driver
