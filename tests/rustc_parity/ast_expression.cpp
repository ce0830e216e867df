// Expressions, blocks and statements.
#include "rustc_parity/ast_printer.h"

namespace rustg::parity {

// Where rustc begins an expression made by an operator: with the attributes of its first operand.
uint32_t Printer::start(uint32_t node) const {
  switch (kind_of(node)) {
    case NodeKind::attributed: return begin_of(std::min(tree.tokens[node], tree.tokens[tree.first(node)]));
    case NodeKind::binary: return start(Binary(tree, node).left());
    case NodeKind::assign: return start(Assign(tree, node).left());
    case NodeKind::cast: return start(Cast(tree, node).value());
    case NodeKind::range:
      if (Range(tree, node).from() != kNoNode) return start(Range(tree, node).from());
      break;
    default: break;
  }
  return begin_of(first(node));
}

static const char* name_of(NodeKind kind) {
  switch (kind) {
    case NodeKind::unary: return "Unary";
    case NodeKind::borrow: return "AddrOf";
    case NodeKind::binary: return "Binary";
    case NodeKind::range: return "Range";
    case NodeKind::cast: return "Cast";
    case NodeKind::try_: return "Try";
    case NodeKind::method_call: return "MethodCall";
    case NodeKind::call: return "Call";
    case NodeKind::field_access: return "Field";
    case NodeKind::await: return "Await";
    case NodeKind::index: return "Index";
    case NodeKind::array: return "Array";
    case NodeKind::repeat: return "Repeat";
    case NodeKind::paren: return "Paren";
    case NodeKind::tuple: return "Tup";
    case NodeKind::struct_literal: return "Struct";
    case NodeKind::closure: return "Closure";
    case NodeKind::if_: return "If";
    case NodeKind::while_: return "While";
    case NodeKind::loop: return "Loop";
    case NodeKind::for_: return "ForLoop";
    case NodeKind::match_: return "Match";
    case NodeKind::let: return "Let";
    case NodeKind::block:
    case NodeKind::unsafe_block: return "Block";
    case NodeKind::const_block: return "ConstBlock";
    case NodeKind::async_block: return "Gen";
    case NodeKind::try_block: return "TryBlock";
    case NodeKind::return_: return "Ret";
    case NodeKind::break_: return "Break";
    case NodeKind::continue_: return "Continue";
    case NodeKind::yield: return "Yield";
    case NodeKind::yeet: return "Yeet";
    case NodeKind::become: return "Become";
    case NodeKind::underscore: return "Underscore";
    case NodeKind::literal: return "Lit";
    case NodeKind::macro_call: return "MacCall";
    default: return "Path";
  }
}

// label: what it is labeled with, which rustc has in its span.
void Printer::expression(uint32_t node, const Waiting& waiting, uint32_t label) {
  NodeKind kind = kind_of(node);
  if (kind == NodeKind::attributed) {
    Attributed v(tree, node);
    Waiting all = waiting;
    for (uint32_t n : forward(v.attributes())) all.push_back(n);
    if (lex::is_doc(Extent::kind(tree.tokens[node]))) all.push_back(node);
    return expression(v.expression(), all, label);
  }
  if (kind == NodeKind::labeled) return expression(Labeled(tree, node).loop(), waiting, Labeled(tree, node).label());
  uint32_t begin = label == kNoNode ? start(node) : begin_of(tree.tokens[label]), end = end_of(last(node));
  if (kind == NodeKind::literal && (tree.flags[node] & kNegative)) {
    return open_at("Expr::Unary", begin, end, [&] { line("Expr::Lit", begin_of(tree.tokens[node]), end); });
  }
  std::string name = name_of(kind);
  if (kind == NodeKind::assign) name = tree.flags[node] ? "AssignOp" : "Assign";
  if (kind == NodeKind::postfix_keyword) name = is(tree.tokens[node] + 1, Token::kw_use) ? "Use" : "Yield";
  open_at("Expr::" + name, begin, end, [&] {
    attributes(waiting);
    expression_parts(node);
  });
}

// x.0.1 and `x.0. y` are one node, and one expression a field for rustc: those inside of the last, as far as the text `end`.
void Printer::tuple_fields(uint32_t object, uint32_t end, const char* kind) {
  open_at(kind, start(object), end, [&] { expression(object); });
}

void Printer::expression_parts(uint32_t node) {
  auto one = [&](uint32_t n) { expression(n); };
  auto list = [&](const Nodes& all) { nodes(all, one); };
  auto inside = [&](uint32_t object, uint32_t literal) {
    uint32_t begin = begin_of(tree.tokens[literal]), end = end_of(tree.tokens[literal]);
    size_t dot = p.map.text(begin, end).find('.');
    dot == std::string_view::npos ? expression(object) : tuple_fields(object, begin + uint32_t(dot), "Expr::Field");
  };
  switch (kind_of(node)) {
    case NodeKind::literal:
    case NodeKind::underscore:
    case NodeKind::continue_: return;
    case NodeKind::macro_call: {
      MacroCall v(tree, node);
      return attributes(v.attributes()), path(v.path());
    }
    case NodeKind::unary: return one(Unary(tree, node).operand());
    case NodeKind::borrow: return one(Borrow(tree, node).operand());
    case NodeKind::binary: return one(Binary(tree, node).left()), one(Binary(tree, node).right());
    case NodeKind::assign: return one(Assign(tree, node).left()), one(Assign(tree, node).right());
    case NodeKind::range: return some(Range(tree, node).from(), one), some(Range(tree, node).to(), one);
    case NodeKind::cast: return one(Cast(tree, node).value()), type(Cast(tree, node).type());
    case NodeKind::try_: return one(Try(tree, node).value());
    case NodeKind::postfix_keyword: return one(PostfixKeyword(tree, node).value());
    case NodeKind::field_access: {
      FieldAccess v(tree, node);
      return kind_of(v.field()) == NodeKind::literal ? inside(v.object(), v.field()) : one(v.object());
    }
    case NodeKind::await: {
      Await v(tree, node);
      return v.field() != kNoNode ? inside(v.future(), v.field()) : one(v.future());
    }
    case NodeKind::method_call: {
      MethodCall v(tree, node);
      v.field() != kNoNode ? inside(v.receiver(), v.field()) : one(v.receiver());
      segments(v.method());
      return list(Arguments(tree, v.arguments()).values());
    }
    case NodeKind::call:
      return one(Call(tree, node).callee()), list(Arguments(tree, Call(tree, node).arguments()).values());
    case NodeKind::index: return one(Index(tree, node).object()), one(Index(tree, node).index());
    case NodeKind::array: return list(Array(tree, node).values());
    case NodeKind::repeat: return one(Repeat(tree, node).value()), one(Repeat(tree, node).length());
    case NodeKind::paren: return one(Paren(tree, node).value());
    case NodeKind::tuple: return list(Tuple(tree, node).values());
    case NodeKind::struct_literal: {
      StructLiteral v(tree, node);
      qualified_path(v.path());
      return nodes(v.fields(), [&](uint32_t n) { field_value(n); });
    }
    case NodeKind::closure: {
      Closure v(tree, node);
      some(v.binder(), [&](uint32_t n) { generics(ForBinder(tree, n).generics()); });
      elements(ClosureParams(tree, v.params()).elements(), [&](uint32_t n, const Waiting& waiting) {
        if (kind_of(n) == NodeKind::param) return param(n, waiting);
        uint32_t begin = waiting.empty() ? begin_of(first(n)) : begin_of(tree.tokens[waiting[0]]);
        open_at("Param", begin, end_of(last(n)), [&] {
          attributes(waiting), pattern(n);
          leaf("Ty::Infer", n);
        });
      });
      return ret(v.ret()), one(v.body());
    }
    case NodeKind::if_: {
      If v(tree, node);
      one(v.condition()), block(v.then());
      return some(v.otherwise(), [&](uint32_t n) { expression(Else(tree, n).body()); });
    }
    case NodeKind::while_: return one(While(tree, node).condition()), block(While(tree, node).body());
    case NodeKind::loop: return block(Loop(tree, node).body());
    case NodeKind::for_:
      return pattern(For(tree, node).pattern()), one(For(tree, node).iterable()), block(For(tree, node).body());
    case NodeKind::match_: return one(Match(tree, node).subject()), arms(Match(tree, node).arms());
    case NodeKind::let: return pattern(Let(tree, node).pattern()), one(Let(tree, node).value());
    case NodeKind::block: return block(node);
    case NodeKind::unsafe_block: return block(UnsafeBlock(tree, node).body(), node);
    case NodeKind::const_block: return one(ConstBlock(tree, node).body());
    case NodeKind::async_block: return block(AsyncBlock(tree, node).body());
    case NodeKind::try_block:
      some(TryBlock(tree, node).type(), [&](uint32_t n) { type(n); });
      return block(TryBlock(tree, node).body());
    case NodeKind::return_: return some(Return(tree, node).value(), one);
    case NodeKind::break_: return some(Break(tree, node).value(), one);
    case NodeKind::yield: return some(Yield(tree, node).value(), one);
    case NodeKind::yeet: return some(Yeet(tree, node).value(), one);
    case NodeKind::become: return one(Become(tree, node).value());
    default: return qualified_path(node);
  }
}

void Printer::field_value(uint32_t node) {
  if (kind_of(node) == NodeKind::base) return some(Base(tree, node).value(), [&](uint32_t n) { expression(n); });
  open("ExprField", node, [&] {
    FieldValue v(tree, node);
    attributes(v.attributes());
    if (v.value() != kNoNode) return expression(v.value());
    open("Expr::Path", node, [&] { leaf("Path", node); });
  });
}

void Printer::arms(uint32_t node) {
  elements(MatchArms(tree, node).arms(), [&](uint32_t n, const Waiting& waiting) {
    if (kind_of(n) == NodeKind::guard) return;
    if (kind_of(n) != NodeKind::arm) {
      for (uint32_t a : waiting) attribute(a);
      return;
    }
    Arm v(tree, n);
    Waiting inner;
    attributes(waiting);
    open("Arm", n, [&] {
      attributes(v.attributes()), pattern(v.pattern());
      some(v.guard(), [&](uint32_t g) { expression(Guard(tree, g).condition()); });
      some(v.body(), [&](uint32_t b) { expression(b); });
    });
  });
}

// around: unsafe { }, which for rustc is the block.
void Printer::block(uint32_t node, uint32_t around) {
  std::vector<uint32_t> inner, rest;
  for (uint32_t n : forward(Block(tree, node).statements())) {
    bool attribute_of_block = rest.empty() && sets::Attribute::has(kind_of(n)) && (tree.flags[n] & kInner);
    (attribute_of_block ? inner : rest).push_back(n);
  }
  attributes(inner);
  open("Block", around == kNoNode ? node : around, [&] {
    Waiting waiting;
    for (uint32_t n : rest) {
      if (sets::Attribute::has(kind_of(n))) {
        waiting.push_back(n);
      } else {
        statement(n, waiting);
        waiting.clear();
      }
    }
  });
}

void Printer::statement(uint32_t node, const Waiting& waiting) {
  NodeKind k = kind_of(node);
  auto macro = [&](uint32_t call, uint32_t end) {
    open_at("Stmt::MacCall", begin_of(first(call)), end_of(end), [&] {
      MacroCall v(tree, call);
      attributes(waiting), attributes(v.attributes()), path(v.path());
    });
  };
  if (k == NodeKind::let_statement) {
    return open("Stmt::Let", node, [&] {
      LetStatement v(tree, node);
      attributes(waiting), attributes(v.attributes()), pattern(v.pattern());
      some(v.type(), [&](uint32_t n) { type(n); });
      some(v.value(), [&](uint32_t n) { expression(n); });
      some(v.otherwise(), [&](uint32_t n) { block(n); });
    });
  }
  if (k == NodeKind::empty) return leaf("Stmt::Empty", node);
  if (k == NodeKind::macro_call) {
    if (is(last(node), Token::close_brace)) return macro(node, last(node));
  } else if (sets::Item::has(k)) {
    uint32_t end = last(node);
    if (k == NodeKind::macro_rules && !is(end, Token::close_brace)) ++end;
    return open_at("Stmt::Item", begin_of(first(node)), end_of(end), [&] { item(node); });
  }
  uint32_t inner = node;
  bool semi = k == NodeKind::expr_statement;
  if (semi) {
    inner = ExprStatement(tree, node).expression();
    if (kind_of(inner) == NodeKind::macro_call) return macro(inner, last(node));
  }
  uint32_t begin = kind_of(inner) == NodeKind::range ? start(inner) : begin_of(first(inner));
  open_at(semi ? "Stmt::Semi" : "Stmt::Expr", begin, end_of(last(node)), [&] {
    Waiting all = waiting;
    if (semi)
      for (uint32_t n : forward(ExprStatement(tree, node).attributes())) all.push_back(n);
    expression(inner, all);
  });
}

}  // namespace rustg::parity
