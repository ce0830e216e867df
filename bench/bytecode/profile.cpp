// bytecode_profile FILE.wasm EXPORT ARGUMENT: which instructions run most, and which pairs follow each other: what to fuse next.
// bytecode_profile FILE.wasm EXPORT ARGUMENT --code: every instruction that ran, in the order of the code: its word, opcode, fields,
// length, the first half that reads what the one before it wrote (or 0), how often it ran and how often it went on to the one behind it. Without an export: all the code, as if it ran once.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>

namespace {
uint64_t counts[65536];
std::map<uint32_t, uint64_t> pairs;
uint16_t before;
struct Row {
  uint16_t op = 0;
  uint64_t ran = 0, fell = 0;
};
std::map<const uint64_t*, Row> rows;
std::pair<const uint64_t* const, Row>* last = nullptr;
void count(const uint64_t* pc, uint64_t word);
}  // namespace
#define RUSTG_ON_DISPATCH(word) count(pc, word)
#include "bytecode/program.h"
#include "runtime/interpreter/interpreter.h"
#include "target/bytecode/format.h"

namespace rustg::runtime::interpreter {
// In place of dispatch.cpp's.
uint32_t interpret(abi::Instance& instance, const bytecode::Tables& tables, uint32_t function,
                   uint64_t* args_and_results) {
  return interpret_with(interpret_switch, instance, tables, function, args_and_results);
}
bool has_sequences() { return false; }
}  // namespace rustg::runtime::interpreter

using namespace rustg;

namespace {
void count(const uint64_t* pc, uint64_t word) {
  const uint16_t op = static_cast<uint16_t>(word);
  ++counts[op];
  ++pairs[static_cast<uint32_t>(before) << 16 | op];
  before = op;
  if (last != nullptr && pc == last->first + bytecode::kFormats[last->second.op].words) ++last->second.fell;
  last = &*rows.try_emplace(pc, Row{op}).first;
  ++last->second.ran;
}
// The code as it is, each instruction once.
void count_code(const bytecode::Program& program) {
  for (size_t at = bytecode::kHaltWord + 1; at < program.code.size();) {
    const uint64_t word = program.code[at];
    count(&program.code[at], word);
    at += bytecode::kFormats[static_cast<uint16_t>(word)].words;
    if (static_cast<bytecode::Op>(static_cast<uint16_t>(word)) == bytecode::Op::br_table) at += word >> 32;
  }
}
void print_rows() {
  if (rows.empty()) return;
  const uint64_t* before_pc = nullptr;
  for (const auto& [pc, row] : rows) {
    const bytecode::Format& f = bytecode::kFormats[row.op];
    const bool adjacent = before_pc != nullptr && before_pc + bytecode::format_at(before_pc).words == pc;
    fmt::print("{} {} \"{}\" {} {} {} {}\n", pc - rows.begin()->first, f.name, f.fields, f.words,
               adjacent ? bytecode::taken_over(before_pc, pc) : 0, row.ran, row.fell);
    before_pc = pc;
  }
}
}  // namespace

int main(int argc, char** argv) {
  bench::Loaded loaded;
  if (argc < 2 || argc == 3 || !loaded.open(argv[1])) return 1;
  if (argc == 2) {
    auto code = bytecode::compile(loaded.program, {});
    if (!code) return 1;
    count_code(*code);
    print_rows();
    return 0;
  }
  uint64_t result = 0;
  loaded.call(argv[2], std::stoull(argv[3]), result);
  if (argc > 4) {
    print_rows();
    return 0;
  }
  const auto name = [](uint32_t op) { return bytecode::kFormats[op].name; };
  std::vector<std::pair<uint64_t, std::string>> ops, both;
  uint64_t total = 0;
  for (uint32_t op = 0; op < bytecode::kOpCount; ++op) {
    total += counts[op];
    if (counts[op] != 0) ops.push_back({counts[op], name(op)});
  }
  for (const auto& [pair, n] : pairs) both.push_back({n, fmt::format("{}  {}", name(pair >> 16), name(pair & 0xffff))});
  for (auto* list : {&ops, &both}) {
    std::sort(list->rbegin(), list->rend());
    if (list->size() > 30) list->resize(30);
    for (const auto& [n, text] : *list) fmt::print("{:6.2f} %  {}\n", 100.0 * n / total, text);
    fmt::print("\n");
  }
  fmt::print("{} instructions\n", total);
  return 0;
}
