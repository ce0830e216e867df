#include "ir/print.h"

#include <fmt/format.h>

#include <iterator>

#include "ir/form.h"

namespace rustg::ir {
namespace {

constexpr const char* kTrapNames[] = {
#define RUSTG_TRAP(name, message) #name,
#include "ir/trap.def"
#undef RUSTG_TRAP
};

class Printer {
 public:
  explicit Printer(std::string& out) : out_(out) {}

  void program(const Program& p);
  void function(const Program& p, uint32_t index);
  void instruction(const Function& f, uint32_t i);

 private:
  template <class... Args>
  void put(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
  }
  template <class Items, class Put>
  void list(const Items& items, Put&& put_item) {
    bool first = true;
    for (const auto& item : items) {
      if (!first) out_ += ", ";
      first = false;
      put_item(item);
    }
  }
  void string(std::string_view bytes);
  void signature(const Signature& s);
  void values(const Function& f, uint32_t i, uint32_t from, const char* before);
  void args(std::span<const ValueId> values);
  void edge(const Function& f, uint32_t e);
  void memory(uint32_t m) { m == Access::kFlat ? put("flat") : put("mem{}", m); }

  std::string& out_;
};

void Printer::string(std::string_view bytes) {
  out_ += '"';
  for (unsigned char c : bytes) {
    if (c == '"' || c == '\\' || c < 0x20 || c >= 0x7f)
      put("\\{:02x}", c);
    else
      out_ += static_cast<char>(c);
  }
  out_ += '"';
}

void Printer::signature(const Signature& s) {
  auto types = [&](const std::vector<Type>& list_of) {
    out_ += '(';
    list(list_of, [&](Type t) { out_ += name(t); });
    out_ += ')';
  };
  types(s.params);
  out_ += " -> ";
  types(s.results);
  if (!s.tag.empty()) {
    out_ += " tag ";
    string({reinterpret_cast<const char*>(s.tag.data()), s.tag.size()});
  }
}

void Printer::args(std::span<const ValueId> values) {
  out_ += '(';
  list(values, [&](ValueId v) { put("v{}", v.value); });
  out_ += ')';
}

void Printer::edge(const Function& f, uint32_t e) {
  if (e >= f.edge_count() || e + 1 >= f.edge_begin.size() || f.edge_begin[e + 1] > f.operands.size() ||
      f.edge_begin[e] > f.edge_begin[e + 1]) {
    put("edge{}?", e);  // only in a broken function, whose message this line will be
    return;
  }
  put("block{}", f.edge_target[e].value);
  if (!f.edge_args(e).empty()) args(f.edge_args(e));
}

void Printer::values(const Function& f, uint32_t i, uint32_t from, const char* before) {
  for (uint32_t n = from; n < info(f.op[i]).values; ++n) {
    put("{}v{}", before, f.operand(i, n).value);
    before = ", ";
  }
}

void Printer::instruction(const Function& f, uint32_t i) {
  const Op op = f.op[i];
  const OpInfo& about = info(op);
  const bool many = about.by_signature && i + 1 < f.size() && f.op[i + 1] == Op::result;
  if (f.type[i] != Type::none || many) put("v{} = ", i);
  out_ += about.name;
  if (f.type[i] != Type::none) put(".{}", name(f.type[i]));
  const uint32_t aux = f.aux[i], imm = f.imm[i];
  const bool listed =
      !(about.by_signature || op == Op::ret) || static_cast<uint64_t>(f.a[i]) + f.b[i] <= f.operands.size();
  switch (form_of(op)) {
    case Form::plain: values(f, i, 0, " "); break;
    case Form::iconst:
      f.type[i] == Type::i32 ? put(" {}", static_cast<int32_t>(f.a[i]))
                             : put(" {}", static_cast<int64_t>(f.constant(i)));
      break;
    case Form::fconst: put(" 0x{:x}", f.constant(i)); break;
    case Form::access: {
      const Access access = Access::unpack(f.aux[i]);
      out_ += ' ';
      memory(access.memory);
      put(".{}{}[v{} + {}]", 8 * access.bytes(), access.is_signed ? "s" : "", f.a[i], imm);
      values(f, i, 1, ", ");
      if (access.unaligned) out_ += " unaligned";
      if (access.unchecked) out_ += " unchecked";
      break;
    }
    case Form::guard:
      out_ += ' ';
      memory(Access::unpack(f.aux[i]).memory);
      put("[v{} + {}]", f.a[i], imm);
      break;
    case Form::memory:
      out_ += ' ';
      memory(Access::unpack(f.aux[i]).memory);
      values(f, i, 0, ", ");
      break;
    case Form::memory_data:
      out_ += ' ';
      memory(Access::unpack(f.aux[i]).memory);
      put(", data{}", imm);
      values(f, i, 0, ", ");
      break;
    case Form::data: put(" data{}", imm); break;
    case Form::table: put(" table{}", imm), values(f, i, 0, ", "); break;
    case Form::table_table: put(" table{}, table{}", imm, aux), values(f, i, 0, ", "); break;
    case Form::table_element: put(" table{}, elem{}", aux, imm), values(f, i, 0, ", "); break;
    case Form::element: put(" elem{}", imm); break;
    case Form::global: put(" global{}", imm), values(f, i, 0, ", "); break;
    case Form::function: put(" fn{}", imm); break;
    case Form::call:
      put(" fn{}", imm);
      if (listed) args(f.call_args(i));
      break;
    case Form::call_indirect:
      put(" table{}[v{}] sig{}", aux, f.c[i], imm);
      if (listed) args(f.call_args(i));
      break;
    case Form::result: put(" v{}, {}", f.a[i], imm); break;
    case Form::fuel: put(" {}", imm); break;
    case Form::br:
      out_ += ' ';
      edge(f, imm);
      break;
    case Form::br_if:
      put(" v{}, ", f.a[i]);
      edge(f, imm);
      out_ += ", ";
      edge(f, imm + 1);
      break;
    case Form::br_table:
      put(" v{}, [", f.a[i]);
      for (uint32_t n = 0; n < f.b[i] && imm + n < f.edge_count(); ++n) {
        if (n != 0) out_ += ", ";
        edge(f, imm + n);
      }
      out_ += ']';
      break;
    case Form::ret:
      if (!listed || f.b[i] == 0) break;
      out_ += ' ';
      list(f.call_args(i), [&](ValueId v) { put("v{}", v.value); });
      break;
    case Form::trap: imm < std::size(kTrapNames) ? put(" {}", kTrapNames[imm]) : put(" {}", imm); break;
  }
  if (f.loc[i] != 0) put(" @{}", f.loc[i]);
}

void Printer::function(const Program& p, uint32_t index) {
  const Function& f = p.functions[index];
  put("function fn{} ", index);
  string(f.name);
  put(" sig{}", f.signature.value);
  if (p.is_host(FunctionId{index})) {
    put(" host{}\n", p.host[index]);
    return;
  }
  out_ += " {\n";
  size_t scope = 0;
  for (uint32_t k = 0; k < f.block_count(); ++k) {
    for (; scope < f.scopes.size() && f.scopes[scope].first.value <= k; ++scope)
      put("{} until block{}\n", f.scopes[scope].kind == Scope::Kind::loop ? "loop" : "scope",
          f.scopes[scope].end.value);
    put("block{}", k);
    uint32_t i = f.block_begin[k];
    const uint32_t end = f.block_begin[k + 1];
    if (i < end && f.op[i] == Op::param) {
      out_ += '(';
      for (bool first = true; i < end && f.op[i] == Op::param; ++i, first = false) {
        put("{}v{}: {}", first ? "" : ", ", i, name(f.type[i]));
        if (f.loc[i] != 0) put(" @{}", f.loc[i]);
      }
      out_ += ')';
    }
    out_ += ":\n";
    for (; i < end; ++i) {
      out_ += "  ";
      instruction(f, i);
      out_ += '\n';
    }
  }
  out_ += "}\n";
}

void Printer::program(const Program& p) {
  for (size_t i = 0; i < p.signatures.size(); ++i) {
    put("sig{} = ", i);
    signature(p.signatures[i]);
    out_ += '\n';
  }
  for (size_t i = 0; i < p.memories.size(); ++i)
    put("mem{} = {}..{}{}\n", i, p.memories[i].min_pages, p.memories[i].max_pages,
        p.memories[i].shared ? " shared" : "");
  for (size_t i = 0; i < p.tables.size(); ++i) put("table{} = {}..{}\n", i, p.tables[i].min, p.tables[i].max);
  for (size_t i = 0; i < p.globals.size(); ++i)
    put("global{} = {}{} 0x{:x}\n", i, p.globals[i].is_mutable ? "mut " : "", name(p.globals[i].type),
        p.globals[i].initial);
  for (size_t i = 0; i < p.data.size(); ++i) {
    put("data{} = ", i);
    string({reinterpret_cast<const char*>(p.data[i].data()), p.data[i].size()});
    out_ += '\n';
  }
  for (size_t i = 0; i < p.elements.size(); ++i) {
    put("elem{} = [", i);
    list(p.elements[i], [&](uint64_t ref) { ref == 0 ? put("null") : put("fn{}", ref - 1); });
    out_ += "]\n";
  }
  for (size_t i = 0; i < p.host_functions.size(); ++i) {
    put("host{} = ", i);
    string(p.host_functions[i].module);
    out_ += ' ';
    string(p.host_functions[i].name);
    out_ += '\n';
  }
  for (uint32_t i = 0; i < p.functions.size(); ++i) {
    out_ += '\n';
    function(p, i);
  }
}

}  // namespace

std::string print(const Program& program) {
  std::string out;
  Printer(out).program(program);
  return out;
}

std::string print(const Program& program, FunctionId function) {
  std::string out;
  Printer(out).function(program, function.value);
  return out;
}

std::string print_instruction(const Function& function, uint32_t instruction) {
  std::string out;
  Printer(out).instruction(function, instruction);
  return out;
}

}  // namespace rustg::ir
