#include "target/ptx/emit.h"

#include <oneapi/tbb/parallel_for.h>

#include <algorithm>

#include "target/ptx/function.h"

namespace rustg::ptx {
namespace {

std::string header(const Options& options) {
  Text text;
  text.line(".version ", options.version / 10, '.', options.version % 10);
  text.line(".target sm_", options.sm);
  text.line(".address_size 64");
  return text.take();
}

const ir::Signature& signature_of(const ir::Program& program, ir::FunctionId f) {
  return program.signatures[program.functions[f.value].signature.value];
}
std::string symbol(uint32_t function) { return "f_" + std::to_string(function); }

constexpr std::string_view kUnwind =
    ".func (.param .b32 ret) rustg_unwind(.param .b64 instance, .param .b32 status, .param .b32 caller)";

// Record the function that `status` names as the next frame; the status its caller (its number << 8) goes on with.
void unwind(Text& text) {
  const auto outcome = static_cast<uint32_t>(offsetof(abi::Instance, outcome));
  const uint32_t count = outcome + offsetof(abi::Outcome, frame_count), depth = outcome + offsetof(abi::Outcome, depth);
  const uint32_t functions = outcome + offsetof(abi::Outcome, functions);
  text.line(".visible ", kUnwind);
  text.line("{");
  text.line(".reg .b64 %inst, %at; .reg .b32 %st, %caller, %n, %f; .reg .pred %full;");
  text.line("ld.param.b64 %inst, [instance];");
  text.line("ld.param.b32 %st, [status];");
  text.line("ld.param.b32 %caller, [caller];");
  text.line("ld.global.b32 %n, [%inst+", depth, "];");
  text.line("add.u32 %n, %n, 1;");
  text.line("st.global.b32 [%inst+", depth, "], %n;");
  text.line("ld.global.b32 %n, [%inst+", count, "];");
  text.line("setp.ge.u32 %full, %n, ", abi::kBacktraceFrames, ';');
  text.line("@%full bra $FULL;");
  text.line("shr.u32 %f, %st, 8;");
  text.line("mad.wide.u32 %at, %n, 4, %inst;");
  text.line("st.global.b32 [%at+", functions, "], %f;");
  text.line("add.u32 %n, %n, 1;");
  text.line("st.global.b32 [%inst+", count, "], %n;");
  text.line("$FULL:");
  text.line("and.b32 %st, %st, 255;");
  text.line("or.b32 %st, %st, %caller;");
  text.line("st.param.b32 [ret], %st;");
  text.line("ret;");
  text.line("}");
}

// The code address of every function that a reference can name, by number; 0 for the others.
void function_table(const ir::Program& program, const Facts& facts, Text& text) {
  const size_t n = std::max<size_t>(program.functions.size(), 1);
  text.put(".visible .global .align 8 .u64 rustg_functions["), text.put(uint64_t{n}), text.put("] = {");
  for (uint32_t f = 0; f < n; ++f) {
    if (f) text.put(f % 16 ? ", " : ",\n");
    if (f < program.functions.size() && facts.address_taken[f])
      text.put(symbol(f));
    else
      text.put('0');
  }
  text.line("};");
}

void invoke(const ir::Program& program, const Options& options, Text& text) {
  const auto outcome = static_cast<uint32_t>(offsetof(abi::Instance, outcome));
  text.line(
      ".visible .func (.param .b32 trap) rustg_invoke(.param .b64 instance, .param .b32 function, .param .b64 slots)");
  text.line("{");
  size_t temporaries = 1;
  for (ir::FunctionId e : options.entries) temporaries = std::max(temporaries, signature_of(program, e).results.size());
  text.line(".reg .b64 %inst, %slots, %l<", uint64_t{temporaries}, ">; .reg .b32 %f, %depth, %st, %r<",
            uint64_t{temporaries}, ">; .reg .pred %p;");
  text.line("ld.param.b64 %inst, [instance];");
  text.line("ld.param.b32 %f, [function];");
  text.line("ld.param.b64 %slots, [slots];");
  text.line("st.global.b32 [%inst+", outcome + static_cast<uint32_t>(offsetof(abi::Outcome, frame_count)), "], 0;");
  text.line("st.global.b32 [%inst+", outcome + static_cast<uint32_t>(offsetof(abi::Outcome, depth)), "], 0;");
  text.line("ld.global.b32 %depth, [%inst+", static_cast<uint32_t>(offsetof(abi::Instance, depth_limit)), "];");
  for (ir::FunctionId e : options.entries) {
    text.line("setp.eq.s32 %p, %f, ", e.value, ';');
    text.line("@%p bra $E", e.value, ';');
  }
  text.line("mov.b32 %st, ", static_cast<uint32_t>(ir::Trap::unreachable), ';');
  text.line("bra.uni $RET;");
  for (ir::FunctionId e : options.entries) {
    const ir::Signature& signature = signature_of(program, e);
    const ReturnLayout layout(signature.results);
    text.line("$E", e.value, ':');
    text.line("{");
    text.line(".param .align ", layout.align, " .b8 q[", layout.size, "]; .param .b64 a; .param .b32 b;");
    text.line("st.param.b64 [a], %inst;");
    text.line("st.param.b32 [b], %depth;");
    auto temporary = [](ir::Type type) { return ir::size_of(type) == 4 ? "%r" : "%l"; };
    for (uint32_t k = 0; k < signature.params.size(); ++k) {
      const auto type = bits_type(signature.params[k]);
      const char* t = temporary(signature.params[k]);
      text.line("ld.", type, ' ', t, "0, [%slots+", 8 * k, "];");
      text.line(".param .", type, " q", k, "; st.param.", type, " [q", k, "], ", t, "0;");
    }
    text.put("call (q), "), text.put(symbol(e.value)), text.put(", (a, b");
    for (uint32_t k = 0; k < signature.params.size(); ++k) text.put(", q"), text.put(k);
    text.line(");");
    // All of what the call returns is read in its own basic block, as the ABI asks, also when it means nothing.
    text.line("ld.param.b32 %st, [q];");
    for (uint32_t k = 0; k < signature.results.size(); ++k)
      text.line("ld.param.", bits_type(signature.results[k]), ' ', temporary(signature.results[k]), k, ", [q+",
                layout.offsets[k], "];");
    text.line("}");
    text.line("setp.ne.s32 %p, %st, 0;");
    text.line("@%p bra $FAILED;");
    for (uint32_t k = 0; k < signature.results.size(); ++k)
      text.line("st.", bits_type(signature.results[k]), " [%slots+", 8 * k, "], ", temporary(signature.results[k]), k,
                ';');
    text.line("bra.uni $RET;");
  }
  text.line("$FAILED:");
  text.line("{");
  text.line(".param .b64 q0; .param .b32 q1; .param .b32 q2; .param .b32 q;");
  text.line("st.param.b64 [q0], %inst;");
  text.line("st.param.b32 [q1], %st;");
  text.line("st.param.b32 [q2], 0;");
  text.line("call.uni (q), rustg_unwind, (q0, q1, q2);");
  text.line("ld.param.b32 %st, [q];");
  text.line("}");
  text.line("$RET:");
  text.line("st.param.b32 [trap], %st;");
  text.line("ret;");
  text.line("}");
}

// A unit of the functions [first, last) of `order`: declarations of all they name, then their bodies.
Unit function_unit(const Context& context, std::span<const uint32_t> members,
                   const std::vector<EmittedFunction>& emitted, uint32_t index) {
  std::vector<uint32_t> named;
  bool table = false, unwinds = false;
  uint32_t runtime_calls = 0;
  size_t bytes = 0;
  for (uint32_t f : members) {
    for (ir::FunctionId callee : emitted[f].callees) named.push_back(callee.value);
    table |= emitted[f].uses_table;
    unwinds |= emitted[f].uses_unwind;
    runtime_calls |= emitted[f].runtime_calls;
    bytes += emitted[f].text.size();
  }
  std::ranges::sort(named);
  named.erase(std::unique(named.begin(), named.end()), named.end());
  Text text;
  text.put(header(context.options));
  for (uint32_t f : named) {
    const bool here = std::ranges::binary_search(members, f);
    text.line(here ? ".visible " : ".extern ", prototype(signature_of(context.program, ir::FunctionId{f}), symbol(f)),
              ';');
  }
  for (uint32_t k = 0; k < kRuntimeCalls; ++k)
    if (runtime_calls >> k & 1) text.line(".extern ", runtime_prototype(static_cast<RuntimeCall>(k)), ';');
  if (unwinds) text.line(".extern ", kUnwind, ';');
  if (table)
    text.line(".extern .global .align 8 .u64 rustg_functions[",
              uint64_t{std::max<size_t>(context.program.functions.size(), 1)}, "];");
  text.str().reserve(text.str().size() + bytes);
  for (uint32_t f : members) text.put(emitted[f].text);
  return {"functions_" + std::to_string(index), text.take()};
}

Unit entry_unit(const Context& context) {
  Text text;
  text.put(header(context.options));
  std::vector<bool> named = context.facts.address_taken;
  for (ir::FunctionId e : context.options.entries) named[e.value] = true;
  for (uint32_t f = 0; f < named.size(); ++f)
    if (named[f]) text.line(".extern ", prototype(signature_of(context.program, ir::FunctionId{f}), symbol(f)), ';');
  unwind(text);
  function_table(context.program, context.facts, text);
  invoke(context.program, context.options, text);
  return {"entry", text.take()};
}

}  // namespace

std::vector<Unit> emit(const ir::Program& program, const Options& options) {
  const Facts facts(program, options);
  const Context context{program, options, facts};
  const auto n = static_cast<uint32_t>(program.functions.size());
  std::vector<EmittedFunction> emitted(n);
  tbb::parallel_for(uint32_t{0}, n, [&](uint32_t f) {
    if (facts.reachable[f]) emitted[f] = FunctionEmitter(context, ir::FunctionId{f}).emit();
  });

  std::vector<uint32_t> members;
  std::vector<std::pair<size_t, size_t>> cuts;  // ranges of `members`
  size_t bytes = 0, first = 0;
  for (uint32_t f = 0; f < n; ++f) {
    if (!facts.reachable[f]) continue;
    if (bytes && bytes + emitted[f].text.size() > options.unit_bytes) {
      cuts.push_back({first, members.size()});
      first = members.size(), bytes = 0;
    }
    members.push_back(f);
    bytes += emitted[f].text.size();
  }
  if (first < members.size()) cuts.push_back({first, members.size()});
  std::vector<Unit> units(cuts.size() + 1);
  tbb::parallel_for(size_t{0}, cuts.size(), [&](size_t k) {
    const std::span<const uint32_t> part(members.data() + cuts[k].first, members.data() + cuts[k].second);
    units[k] = function_unit(context, part, emitted, static_cast<uint32_t>(k));
  });
  units.back() = entry_unit(context);
  return units;
}

}  // namespace rustg::ptx
