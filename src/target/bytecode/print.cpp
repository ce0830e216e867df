#include <fmt/format.h>

#include "target/bytecode/format.h"

namespace rustg::bytecode {

std::string print(const Program& program, const ir::Program& names, ir::FunctionId function) {
  const FunctionEntry& entry = program.functions[function.value];
  const size_t end =
      function.value + 1 < program.functions.size() ? program.functions[function.value + 1].entry : program.code.size();
  const auto name_of = [&](size_t f) {
    const std::string& name = names.functions[f].name;
    return name.empty() ? fmt::format("#{}", f) : fmt::format("#{} {}", f, name);
  };
  std::string out =
      fmt::format("function {}: {} words, {} slots\n", name_of(function.value), end - entry.entry, entry.frame_slots);
  for (size_t at = entry.entry; at < end;) {
    const uint64_t* words = &program.code[at];
    const Op op = static_cast<Op>(static_cast<uint16_t>(words[0]));
    const Format& f = format(op);
    const size_t here = at - entry.entry;
    const auto half = [&](uint32_t k) { return static_cast<uint16_t>(words[k / 4] >> 16 * (k & 3)); };
    const auto pair = [&](uint32_t k) { return static_cast<uint32_t>(half(k) | half(k + 1) << 16); };
    out += fmt::format("{:6}  {:<20}", here, f.name);
    at += f.words;
    for (uint32_t k = 0; f.fields[k]; ++k) {
      switch (f.fields[k]) {
        case 'd': out += fmt::format(" s{} =", half(k + 1)); break;
        case 's': out += fmt::format(" s{}", half(k + 1)); break;
        case 'i': out += fmt::format(" {}", static_cast<int16_t>(half(k + 1))); break;
        case 'u': out += fmt::format(" +{}", half(k + 1)); break;
        case 'r': out += fmt::format(" -> {}", static_cast<int64_t>(here) + static_cast<int16_t>(half(k + 1))); break;
        case 'F': out += fmt::format(" frame +{}", half(k + 1)); break;
        case 'R': {
          const int64_t target = static_cast<int64_t>(here) + static_cast<int32_t>(pair(++k));
          if (op != Op::call) {
            out += fmt::format(" -> {}", target);
            break;
          }
          const uint64_t address = static_cast<uint64_t>(target + entry.entry);
          for (size_t callee = 0; callee < program.functions.size(); ++callee)
            if (program.functions[callee].entry == address) out += " " + name_of(callee);
          break;
        }
        case 'I': out += fmt::format(" {}", static_cast<int32_t>(pair(++k))); break;
        case 'U': out += fmt::format(" +{}", pair(++k)); break;
        case 'L':
          out += fmt::format(" {:#x}", words[1]);
          k += 3;
          break;
        default: break;
      }
    }
    if (op == Op::br_table)
      for (uint32_t n = pair(2); n > 0; --n)
        out += fmt::format(" -> {}", static_cast<int64_t>(here) + static_cast<int32_t>(program.code[at++]));
    out += '\n';
  }
  return out;
}

}  // namespace rustg::bytecode
