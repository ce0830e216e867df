// Where long lists may be cut, found from the tokens alone. A cut is where an element of the list ends whatever stands before; what is not sure is
// no cut. (In what is not Rust it may be one nevertheless: parsers have to end at it all the same.)
#pragma once
#include "parse/brackets.pass.h"
#include "parse/cuts.h"

namespace rustg::parse {

namespace detail {

// Behind `}`: it can only begin another item or statement.
RUSTG_HD inline bool begins_statement(const uint8_t* kinds, uint32_t i) {
  switch (Token(kinds[i])) {
    case Token::kw_fn:
    case Token::kw_pub:
    case Token::kw_struct:
    case Token::kw_enum:
    case Token::kw_trait:
    case Token::kw_mod:
    case Token::kw_use:
    case Token::kw_static:
    case Token::kw_const:
    case Token::kw_type:
    case Token::kw_extern:
    case Token::kw_unsafe:
    case Token::kw_impl:
    case Token::kw_let:
    case Token::kw_async:
    case Token::kw_if:
    case Token::kw_match:
    case Token::kw_while:
    case Token::kw_loop:
    case Token::kw_return:
    case Token::pound: return true;
    case Token::ident: return Token(kinds[i + 1]) == Token::bang;
    default: return lex::is_doc(Token(kinds[i]));
  }
}

// A comma at i ends the arm of a match: from it back to the `=>` there is nothing that could make it the comma of something else.
RUSTG_HD inline bool ends_arm(const uint8_t* kinds, const uint32_t* match, uint32_t i) {
  for (uint32_t n = 0; n != 12; ++n) {
    if (i < 2) return false;
    uint8_t k = kinds[--i];
    if (closes(k)) {
      uint32_t open = match[i];
      if (open >= i) return false;
      i = open;
      continue;
    }
    switch (Token(k)) {
      case Token::gt: return Token(kinds[i - 1]) == Token::eq;
      case Token::lt:
      case Token::or_:
      case Token::comma:
      case Token::semi:
      case Token::eof: return false;
      default:
        if (opens(k)) return false;
    }
  }
  return false;
}

struct RunCut {
  uint32_t depth, token;
  uint8_t kind;
};

// Goes through the run's own level only: over brackets that close within it, and no further than to one that does not.
RUSTG_HD inline RunCut cut_run(const uint8_t* kinds, const uint32_t* match, uint32_t begin, uint32_t end, uint32_t depth) {
  uint32_t arm = kNobody, statement = kNobody, comma = kNobody;
  bool angle = false;
  for (uint32_t i = begin; i < end; ++i) {
    Token k = Token(kinds[i]);
    if (k == Token::eof) break;
    if (closes(uint8_t(k))) {
      --depth;
      arm = statement = comma = kNobody;
      angle = false;
      continue;
    }
    Token before = i == 0 ? Token::eof : Token(kinds[i - 1]);
    if (before == Token::semi) {
      if (statement == kNobody) statement = i;
    } else if (before == Token::comma) {
      if (arm == kNobody && ends_arm(kinds, match, i - 1)) arm = i;
    } else if (before == Token::close_brace && k != Token::comma && k != Token::dot && k != Token::question) {
      uint32_t open = match[i - 1];
      if (arm == kNobody && open >= 2 && open < i && Token(kinds[open - 1]) == Token::gt && Token(kinds[open - 2]) == Token::eq)
        arm = i;
      if (statement == kNobody && begins_statement(kinds, i)) statement = i;
    }
    if (k == Token::comma) {
      if (comma == kNobody && !angle) comma = i;
    } else if (k == Token::lt || k == Token::or_) {
      angle = true;
    } else if (opens(uint8_t(k))) {
      uint32_t close = match[i];
      if (close <= i || close >= end) break;
      i = close;
    }
  }
  uint8_t flag = angle ? kAngle : 0;
  if (arm != kNobody) return {depth, arm, uint8_t(flag | uint8_t(CutKind::arm))};
  if (statement != kNobody) return {depth, statement, uint8_t(flag | uint8_t(CutKind::statement))};
  if (comma != kNobody) return {depth, comma, uint8_t(flag | uint8_t(CutKind::comma))};
  return {depth, begin, flag};
}

}  // namespace detail

// wanted: of each run, whether its cut will be asked for; null: all are.
template <class Queue>
void find_cuts(Queue& queue, const lex::Tokens<Queue>& tokens, Tree<Queue>& tree, const uint8_t* wanted) {
  using namespace detail;
  const uint8_t* token_kinds = tokens.ref().kinds;
  const uint32_t *match = tree.match_.data(), *run_depths = tree.depths_.data();
  uint32_t *depths = tree.cut_depths_.data(), *cuts = tree.cut_tokens_.data(), *angles = tree.cut_angles_.data();
  uint8_t* kinds = tree.cut_kinds_.data();
  device::Count count = tokens.count();
  const uint32_t runs = tree.runs();
  queue.for_each(
      runs,
      [=] RUSTG_HD(uint32_t run) {
        uint32_t begin = run * kRun, all = count.get(), end = all - begin < kRun ? all : begin + kRun;
        RunCut cut{kDeepestList, begin, 0};
        if (begin < all && (wanted == nullptr || wanted[run])) cut = cut_run(token_kinds, match, begin, end, run_depths[run]);
        depths[run] = cut.depth < kDeepestList ? cut.depth : kDeepestList;
        cuts[run] = cut.token;
        kinds[run] = cut.kind;
      },
      64);
  queue.radix_sort(device::Count(runs), depths, cuts, 0, 12);
  queue.exclusive_scan(
      runs, [=] RUSTG_HD(uint32_t i) { return uint32_t(kinds[cuts[i] / kRun] >> 7); },
      [=] RUSTG_HD(uint32_t i, uint32_t n) { angles[i] = n; }, 0u, device::Sum{});
}

}  // namespace rustg::parse
