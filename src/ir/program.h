// A linked program: everything that one instance runs. Functions, memories, tables, globals and segments are numbered
// program-wide, whichever module they came from.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "ir/function.h"

namespace rustg::ir {

constexpr uint64_t kPageSize = 65536;

struct Signature {
  std::vector<Type> params, results;
  // Source types can be finer than IR types (two kinds of reference share Type::ref); equal signatures have equal tags.
  std::vector<uint8_t> tag;
  bool operator==(const Signature&) const = default;
};

// A function that the host implements, named as the program asked for it.
struct HostFunction {
  std::string module, name;
};

struct Memory {
  uint64_t min_pages, max_pages;  // max_pages <= 65536 in a 32-bit space
  bool shared = false;
};
struct Table {
  uint32_t min, max;
};
struct Global {
  Type type;
  bool is_mutable;
  uint64_t initial = 0;  // bits, before the init functions run; references: see abi/instance.h
};

struct Program {
  std::vector<Signature> signatures;  // interned: equal ones have equal ids
  // Every function: host functions too; those have no body and an entry in `host`.
  std::vector<Function> functions;
  std::vector<uint32_t> host;  // per function: index into host_functions, or Id::kNone
  std::vector<HostFunction> host_functions;
  std::vector<Memory> memories;
  std::vector<Table> tables;
  std::vector<Global> globals;
  std::vector<std::vector<uint8_t>> data;       // segments, read by memory_init
  std::vector<std::vector<uint64_t>> elements;  // segments of references, read by table_init

  SignatureId intern(Signature signature);
  bool is_host(FunctionId f) const { return host[f.value] != FunctionId::kNone; }
};

}  // namespace rustg::ir
