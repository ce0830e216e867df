// ptx_bench [--keep FOLDER] [--one] [--jit] [--careful] FILE.wasm…: what each program costs to emit, assemble and link for the GPU, without a cache.
//   --keep  write the units there    --one  all in one unit    --jit  nvJitLink instead of ptxas and nvlink    --careful  no trust_alignment
#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "base/clock.h"
#include "ir/passes.h"
#include "target/ptx/assemble.h"
#include "target/ptx/cubin.h"
#include "target/ptx/function.h"
#include "wasm/link.h"

using namespace rustg;

namespace {

struct Options {
  std::string keep;
  bool one = false, jit = false, careful = false;
};

Status measure(const std::string& path, const Options& options) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error{"cannot read it"};
  const std::vector<uint8_t> bytes((std::istreambuf_iterator<char>(in)), {});
  RUSTG_LET(module, wasm::decode(bytes));
  RUSTG_TRY(wasm::validate(module));
  ir::Program program;
  // Whatever the module imports, the host has.
  auto host = [&module](std::string_view from, std::string_view name) -> const wasm::FuncType* {
    for (const wasm::Import& i : module.imports)
      if (i.kind == wasm::ExternKind::function && i.module == from && i.name == name) return &module.type_of(i.index);
    return nullptr;
  };
  RUSTG_LET(imports, wasm::Linker(program, host).resolve(module));
  RUSTG_LET(linked, wasm::lower(module, imports, program));
  // A library is entered anywhere.
  std::vector<ir::FunctionId> entries = linked.functions;
  if (const wasm::Export* start = module.find_export("_start")) entries = {linked.functions[start->index]};
  ir::optimize(program, {.guards = true});

  RUSTG_LET(tools, options.jit ? ptx::find_jit_library() : ptx::find_toolchain());
  double at = base::now();
  auto units = ptx::emit(program, {.sm = 90,
                                   .version = tools.ptx_version,
                                   .entries = entries,
                                   .trust_alignment = !options.careful,
                                   .imprecise = !options.careful,
                                   .unit_bytes = options.one ? SIZE_MAX : ptx::kUnitBytes});
  const double emitted = base::now() - at;
  size_t text = 0;
  for (const ptx::Unit& u : units) {
    text += u.text.size();
    if (!options.keep.empty()) std::ofstream(options.keep + "/" + u.name + ".ptx") << u.text;
  }

  // What the runtime would bring.
  std::string runtime = units.back().text.substr(0, units.back().text.find(".extern"));
  for (uint32_t k = 0; k < ptx::kRuntimeCalls; ++k)
    runtime +=
        ".visible " + ptx::runtime_prototype(static_cast<ptx::RuntimeCall>(k)) + " { st.param.b32 [ret], 0; ret; }\n";
  runtime +=
      ".extern .func (.param .b32 trap) rustg_invoke(.param .b64 instance, .param .b32 function, .param .b64 slots);\n"
      ".visible .entry rustg_kernel(.param .u64 instance, .param .u64 slots) { .reg .b64 %i, %s; .reg .b32 %r;\n"
      "ld.param.b64 %i, [instance]; ld.param.b64 %s, [slots]; { .param .b64 a; .param .b32 b; .param .b64 c; .param "
      ".b32 r;\n"
      "st.param.b64 [a], %i; st.param.b32 [b], 0; st.param.b64 [c], %s; call (r), rustg_invoke, (a, b, c); "
      "ld.param.b32 %r, [r]; }\n"
      "st.global.b32 [%s], %r; ret; }\n";
  units.push_back({"runtime", runtime});
  at = base::now();
  RUSTG_LET(image, ptx::assemble(units, tools, {.cache_folder = ""}));
  const double assembled = base::now() - at;
  RUSTG_LET(code, ptx::read_functions(image.cubin));
  size_t sass = 0;
  for (const ptx::FunctionCode& f : code) sass += f.code_bytes / 16;
  const size_t slash = path.rfind('/');
  fmt::print("| {} | {} | {} | {:.2f} MB | {:.0f} ms | {:.2f} s | {} | {} B |\n",
             path.substr(slash == std::string::npos ? 0 : slash + 1), code.size(), units.size(),
             static_cast<double>(text) / 1e6, emitted * 1e3, assembled, sass, image.largest_frame);
  return ok();
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  int failures = 0;
  fmt::print(
      "| program | functions | units | PTX | emit | assemble and link | SASS instructions | largest frame "
      "|\n|---|---|---|---|---|---|---|---|\n");
  for (int k = 1; k < argc; ++k) {
    const std::string_view word = argv[k];
    if (word == "--keep" && k + 1 < argc) {
      options.keep = argv[++k];
    } else if (word == "--one") {
      options.one = true;
    } else if (word == "--careful") {
      options.careful = true;
    } else if (word == "--jit") {
      options.jit = true;
    } else if (auto status = measure(argv[k], options); !status) {
      fmt::print(stderr, "{}: {}\n", argv[k], status.error().message);
      ++failures;
    }
  }
  return failures != 0;
}
