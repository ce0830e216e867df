#include "ir/parse.h"

#include <fmt/format.h>

#include <charconv>
#include <unordered_map>

#include "ir/form.h"

namespace rustg::ir {
namespace {

struct ParseError {
  std::string message;
};

const std::unordered_map<std::string_view, Op>& ops() {
  static const auto* table = [] {
    auto* t = new std::unordered_map<std::string_view, Op>;
    for (uint32_t i = 0; i < kOpCount; ++i) t->emplace(info(static_cast<Op>(i)).name, static_cast<Op>(i));
    return t;
  }();
  return *table;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}
  Program program();

 private:
  // Characters and words.
  [[noreturn]] void fail(std::string message, size_t at) const {
    size_t line = 1, start = 0;
    for (size_t i = 0; i < at && i < text_.size(); ++i)
      if (text_[i] == '\n') ++line, start = i + 1;
    throw ParseError{fmt::format("{}:{}: {}", line, at - start + 1, message)};
  }
  [[noreturn]] void fail(std::string message) const { fail(std::move(message), at_); }
  void skip() {
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == ';')
        while (at_ + 1 < text_.size() && text_[at_ + 1] != '\n') ++at_;
      else if (text_[at_] != ' ' && text_[at_] != '\n' && text_[at_] != '\t' && text_[at_] != '\r')
        break;
    }
  }
  bool at_end() { return skip(), at_ == text_.size(); }
  bool accept(std::string_view token) {
    skip();
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }
  void expect(std::string_view token) {
    if (!accept(token)) fail(fmt::format("expected `{}`", token));
  }
  static bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }
  std::string_view peek_word() {
    skip();
    size_t end = at_;
    while (end < text_.size() && is_word(text_[end])) ++end;
    return text_.substr(at_, end - at_);
  }
  bool accept_word(std::string_view word) {
    if (peek_word() != word) return false;
    at_ += word.size();
    return true;
  }
  uint64_t number(uint64_t limit) {
    skip();
    const size_t start = at_;
    const bool minus = at_ < text_.size() && text_[at_] == '-';
    at_ += minus;
    const bool hex = text_.substr(at_).starts_with("0x");
    if (hex) at_ += 2;
    uint64_t value = 0;
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value, hex ? 16 : 10);
    if (error == std::errc::invalid_argument) fail("expected a number", start);
    at_ = end - text_.data();
    // A negative number must fit as a signed one of the same width.
    const uint64_t magnitude_limit = minus ? limit / 2 + 1 : limit;
    if (error != std::errc{} || value > magnitude_limit)
      fail(fmt::format("the number is above {}", magnitude_limit), start);
    return minus ? (0 - value) & limit : value;
  }
  uint32_t number32() { return static_cast<uint32_t>(number(0xffffffff)); }
  // `prefix` with a number directly behind it, such as mem0.
  uint32_t numbered(std::string_view prefix, uint64_t limit = 0xffffffff) {
    skip();
    const size_t start = at_;
    if (!text_.substr(at_).starts_with(prefix) || at_ + prefix.size() >= text_.size() ||
        text_[at_ + prefix.size()] < '0' || text_[at_ + prefix.size()] > '9')
      fail(fmt::format("expected `{}` and its number", prefix), start);
    at_ += prefix.size();
    return static_cast<uint32_t>(number(limit));
  }
  std::string string();
  Type type();
  Signature signature();
  void in_sequence(std::string_view prefix, size_t count) {
    skip();
    const size_t start = at_;
    if (numbered(prefix) != count)
      fail(fmt::format("expected `{}{}`: they are numbered in order", prefix, count), start);
  }

  // Functions.
  void function(Program& p);
  void block(Function& f);
  void instruction(Function& f);
  void append(Function& f, Op op, Type type);
  ValueId value() {
    skip();
    const size_t start = at_;
    const uint32_t name = numbered("v");
    const auto found = values_.find(name);
    if (found == values_.end()) fail(fmt::format("v{} is not defined above", name), start);
    return ValueId{found->second};
  }
  void define(uint32_t name, size_t start, const Function& f) {
    if (!values_.emplace(name, f.size()).second) fail(fmt::format("v{} is defined twice", name), start);
  }
  void set_operand(Function& f, uint32_t n, ValueId v) { (n == 0 ? f.a : n == 1 ? f.b : f.c).back() = v.value; }
  void operands(Function& f, uint32_t from, bool comma) {
    for (uint32_t n = from; n < info(f.op.back()).values; ++n, comma = true) {
      if (comma) expect(",");
      set_operand(f, n, value());
    }
  }
  uint32_t memory() { return accept_word("flat") ? Access::kFlat : numbered("mem", Access::kFlat - 1); }
  void call_arguments(Function& f, std::string_view close);
  void edge(Function& f);
  void access(Function& f);

  std::string_view text_;
  size_t at_ = 0;
  std::unordered_map<uint32_t, uint32_t> values_;
  std::vector<ValueId> edge_operands_;
  std::vector<std::pair<uint32_t, size_t>> targets_;  // of edges and scopes, with where they are named
};

std::string Parser::string() {
  expect("\"");
  std::string out;
  auto hex = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
  for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
    if (text_[at_] == '\n') fail("the string does not end on its line");
    if (text_[at_] != '\\') {
      out += text_[at_];
      continue;
    }
    if (at_ + 2 >= text_.size() || hex(text_[at_ + 1]) < 0 || hex(text_[at_ + 2]) < 0)
      fail("expected two hexadecimal digits after `\\`");
    out += static_cast<char>(hex(text_[at_ + 1]) * 16 + hex(text_[at_ + 2]));
    at_ += 2;
  }
  if (at_ == text_.size()) fail("the string does not end");
  ++at_;
  return out;
}

Type Parser::type() {
  const std::string_view word = peek_word();
  for (Type t : {Type::i32, Type::i64, Type::f32, Type::f64, Type::ref})
    if (word == name(t)) {
      at_ += word.size();
      return t;
    }
  fail("expected a type: i32, i64, f32, f64 or ref");
}

Signature Parser::signature() {
  Signature s;
  auto types = [&](std::vector<Type>& list) {
    expect("(");
    if (accept(")")) return;
    do list.push_back(type());
    while (accept(","));
    expect(")");
  };
  types(s.params);
  expect("->");
  types(s.results);
  if (accept_word("tag")) {
    const std::string tag = string();
    s.tag.assign(tag.begin(), tag.end());
  }
  return s;
}

Program Parser::program() {
  Program p;
  while (!at_end()) {
    const std::string_view word = peek_word();
    if (word.starts_with("sig")) {
      in_sequence("sig", p.signatures.size());
      expect("=");
      p.signatures.push_back(signature());
    } else if (word.starts_with("mem")) {
      in_sequence("mem", p.memories.size());
      expect("=");
      Memory m{};
      m.min_pages = number(~0ull);
      expect("..");
      m.max_pages = number(~0ull);
      m.shared = accept_word("shared");
      p.memories.push_back(m);
    } else if (word.starts_with("table")) {
      in_sequence("table", p.tables.size());
      expect("=");
      Table t{};
      t.min = number32();
      expect("..");
      t.max = number32();
      p.tables.push_back(t);
    } else if (word.starts_with("global")) {
      in_sequence("global", p.globals.size());
      expect("=");
      Global g{};
      g.is_mutable = accept_word("mut");
      g.type = type();
      g.initial = number(~0ull);
      p.globals.push_back(g);
    } else if (word.starts_with("data")) {
      in_sequence("data", p.data.size());
      expect("=");
      const std::string bytes = string();
      p.data.emplace_back(bytes.begin(), bytes.end());
    } else if (word.starts_with("elem")) {
      in_sequence("elem", p.elements.size());
      expect("=");
      expect("[");
      auto& refs = p.elements.emplace_back();
      if (accept("]")) continue;
      do refs.push_back(accept_word("null") ? 0 : static_cast<uint64_t>(numbered("fn")) + 1);
      while (accept(","));
      expect("]");
    } else if (word.starts_with("host")) {
      in_sequence("host", p.host_functions.size());
      expect("=");
      std::string module = string();
      p.host_functions.push_back({std::move(module), string()});
    } else if (accept_word("function")) {
      function(p);
    } else {
      fail("expected sig, mem, table, global, data, elem, host or function");
    }
  }
  return p;
}

void Parser::function(Program& p) {
  in_sequence("fn", p.functions.size());
  Function& f = p.functions.emplace_back();
  f.name = string();
  f.signature = SignatureId{numbered("sig")};
  if (peek_word().starts_with("host")) {
    p.host.push_back(numbered("host"));
    return;
  }
  p.host.push_back(FunctionId::kNone);
  expect("{");
  values_.clear();
  edge_operands_.clear();
  targets_.clear();
  while (!accept("}")) {
    const bool loop = accept_word("loop");
    if (loop || accept_word("scope")) {
      expect("until");
      targets_.emplace_back(0, (skip(), at_));
      const BlockId end{numbered("block")};
      const BlockId first{f.block_begin.size()};
      f.scopes.push_back({loop ? Scope::Kind::loop : Scope::Kind::block, first, end});
      targets_.back().first = end.value == 0 ? 0 : end.value - 1;  // a scope may end where the function does
    } else {
      block(f);
    }
  }
  f.block_begin.push_back(f.size());
  for (const auto& [target, at] : targets_)
    if (target >= f.block_count()) fail("there is no such block in the function", at);
  // Calls' and returns' operands come first, then the edges', which must be one after another.
  const auto calls = static_cast<uint32_t>(f.operands.size());
  f.edge_begin.push_back(static_cast<uint32_t>(edge_operands_.size()));
  for (uint32_t& begin : f.edge_begin) begin += calls;
  f.operands.insert(f.operands.end(), edge_operands_.begin(), edge_operands_.end());
}

void Parser::block(Function& f) {
  in_sequence("block", f.block_begin.size());
  f.block_begin.push_back(f.size());
  if (accept("(")) {
    do {
      skip();
      const size_t start = at_;
      const uint32_t name = numbered("v");
      expect(":");
      define(name, start, f);
      append(f, Op::param, type());
      if (accept("@")) f.loc.back() = number32();
    } while (accept(","));
    expect(")");
  }
  expect(":");
  for (;;) {
    const std::string_view word = peek_word();
    if (word.empty() || word.starts_with("block") || word == "loop" || word == "scope") return;
    instruction(f);
  }
}

void Parser::append(Function& f, Op op, Type type) {
  f.op.push_back(op);
  f.type.push_back(type);
  f.aux.push_back(0);
  f.a.push_back(0);
  f.b.push_back(0);
  f.c.push_back(0);
  f.imm.push_back(0);
  f.loc.push_back(0);
}

void Parser::instruction(Function& f) {
  skip();
  const size_t start = at_;
  std::string_view word = peek_word();
  uint32_t name = 0;
  bool defines = false;
  if (word.size() > 1 && word[0] == 'v' && word[1] >= '0' && word[1] <= '9') {
    name = numbered("v");
    defines = true;
    expect("=");
    word = peek_word();
  }
  const auto found = ops().find(word);
  if (found == ops().end())
    fail(word.empty() ? "expected an operation" : fmt::format("there is no operation `{}`", word));
  const Op op = found->second;
  at_ += word.size();
  append(f, op, accept(".") ? type() : Type::none);
  if (f.type.back() != Type::none && !defines) fail("the result has no name", start);

  switch (form_of(op)) {
    case Form::plain: operands(f, 0, false); break;
    case Form::iconst:
    case Form::fconst: {
      const uint64_t bits = number(size_of(f.type.back()) == 4 ? 0xffffffff : ~0ull);
      f.a.back() = static_cast<uint32_t>(bits);
      f.b.back() = static_cast<uint32_t>(bits >> 32);
      break;
    }
    case Form::access: access(f); break;
    case Form::guard:
      f.aux.back() = memory_aux(memory());
      expect("[");
      f.a.back() = value().value;
      expect("+");
      f.imm.back() = number32();
      expect("]");
      break;
    case Form::memory:
      f.aux.back() = memory_aux(memory());
      operands(f, 0, true);
      break;
    case Form::memory_data:
      f.aux.back() = memory_aux(memory());
      expect(",");
      f.imm.back() = numbered("data");
      operands(f, 0, true);
      break;
    case Form::data: f.imm.back() = numbered("data"); break;
    case Form::table:
      f.imm.back() = numbered("table");
      operands(f, 0, true);
      break;
    case Form::table_table:
      f.imm.back() = numbered("table");
      expect(",");
      f.aux.back() = static_cast<uint16_t>(numbered("table", 0xffff));
      operands(f, 0, true);
      break;
    case Form::table_element:
      f.aux.back() = static_cast<uint16_t>(numbered("table", 0xffff));
      expect(",");
      f.imm.back() = numbered("elem");
      operands(f, 0, true);
      break;
    case Form::element: f.imm.back() = numbered("elem"); break;
    case Form::global:
      f.imm.back() = numbered("global");
      operands(f, 0, true);
      break;
    case Form::function: f.imm.back() = numbered("fn"); break;
    case Form::call:
      f.imm.back() = numbered("fn");
      call_arguments(f, ")");
      break;
    case Form::call_indirect:
      f.aux.back() = static_cast<uint16_t>(numbered("table", 0xffff));
      expect("[");
      f.c.back() = value().value;
      expect("]");
      f.imm.back() = numbered("sig");
      call_arguments(f, ")");
      break;
    case Form::result:
      f.a.back() = value().value;
      expect(",");
      f.imm.back() = number32();
      break;
    case Form::fuel: f.imm.back() = number32(); break;
    case Form::br:
      f.imm.back() = f.edge_count();
      edge(f);
      break;
    case Form::br_if:
      f.a.back() = value().value;
      f.imm.back() = f.edge_count();
      expect(",");
      edge(f);
      expect(",");
      edge(f);
      break;
    case Form::br_table:
      f.a.back() = value().value;
      f.imm.back() = f.edge_count();
      expect(",");
      expect("[");
      do edge(f);
      while (accept(","));
      expect("]");
      f.b.back() = f.edge_count() - f.imm.back();
      break;
    case Form::ret: call_arguments(f, ""); break;
    case Form::trap: {
      const std::string_view trap = peek_word();
      f.imm.back() = ~0u;
#define RUSTG_TRAP(name, message) \
  if (trap == #name) f.imm.back() = static_cast<uint32_t>(Trap::name);
#include "ir/trap.def"
#undef RUSTG_TRAP
      if (f.imm.back() == ~0u) fail(fmt::format("there is no trap `{}`", trap));
      at_ += trap.size();
      break;
    }
  }
  if (accept("@")) f.loc.back() = number32();
  if (defines) {
    // The name is bound to the instruction just appended.
    if (!values_.emplace(name, f.size() - 1).second) fail(fmt::format("v{} is defined twice", name), start);
  }
}

void Parser::access(Function& f) {
  Access access;
  access.memory = memory();
  expect(".");
  const size_t start = at_;
  const uint64_t bits = number(64);
  if (bits != 8 && bits != 16 && bits != 32 && bits != 64) fail("an access is 8, 16, 32 or 64 bits wide", start);
  access.width_log2 = bits == 8 ? 0 : bits == 16 ? 1 : bits == 32 ? 2 : 3;
  access.is_signed = accept_word("s");
  expect("[");
  f.a.back() = value().value;
  expect("+");
  f.imm.back() = number32();
  expect("]");
  operands(f, 1, true);
  access.unaligned = accept_word("unaligned");
  access.unchecked = accept_word("unchecked");
  f.aux.back() = access.pack();
}

// Of a call, in parentheses; of a `ret` (no `close`), as many values as stand there.
void Parser::call_arguments(Function& f, std::string_view close) {
  f.a.back() = static_cast<uint32_t>(f.operands.size());
  if (!close.empty()) expect("(");
  const std::string_view word = peek_word();
  if (word.size() > 1 && word[0] == 'v') {
    do f.operands.push_back(value());
    while (accept(","));
  }
  if (!close.empty()) expect(close);
  f.b.back() = static_cast<uint32_t>(f.operands.size()) - f.a.back();
}

void Parser::edge(Function& f) {
  skip();
  targets_.emplace_back(0, at_);
  const uint32_t target = numbered("block");
  targets_.back().first = target;
  f.edge_target.push_back(BlockId{target});
  f.edge_begin.push_back(static_cast<uint32_t>(edge_operands_.size()));
  if (!accept("(")) return;
  do edge_operands_.push_back(value());
  while (accept(","));
  expect(")");
}

}  // namespace

Result<Program> parse(std::string_view text) {
  try {
    return Parser(text).program();
  } catch (ParseError& error) {
    return Error{std::move(error.message)};
  }
}

}  // namespace rustg::ir
