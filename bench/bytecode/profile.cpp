// bytecode_profile FILE.wasm EXPORT ARGUMENT: which instructions run most, and which pairs follow each other: what to fuse next.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>

namespace {
uint64_t counts[65536];
std::map<uint32_t, uint64_t> pairs;
uint16_t before;
void count(uint64_t word) {
  const uint16_t op = static_cast<uint16_t>(word);
  ++counts[op];
  ++pairs[static_cast<uint32_t>(before) << 16 | op];
  before = op;
}
}  // namespace
#define RUSTG_ON_DISPATCH(word) count(word)
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

int main(int argc, char** argv) {
  bench::Loaded loaded;
  if (argc < 4 || !loaded.open(argv[1])) return 1;
  uint64_t result = 0;
  loaded.call(argv[2], std::stoull(argv[3]), result);
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
