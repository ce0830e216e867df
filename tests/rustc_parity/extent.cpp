// Where nodes begin and end, by tokens.
#include <algorithm>

#include "rustc_parity/ast.h"

namespace rustg::parity {

using parse::kNoNode;
using parse::NodeKind;

uint32_t Extent::first_child(uint32_t node) const {
  for (uint32_t child : p.tree.children(node))
    if (!parse::sets::Attribute::has(tree.kind(child))) return child;
  return kNoNode;
}

uint32_t Extent::first(uint32_t node) const {
  uint32_t token = tree.tokens[node], child = first_child(node);
  uint32_t least = child == kNoNode ? token : std::min(token, first(child));
  // Words before it that no node stands for.
  auto back_over = [&](auto... words) {
    while (least != 0 && ((kind(least - 1) == words) || ...)) --least;
    return least;
  };
  switch (tree.kind(node)) {
    case NodeKind::item_list:
    case NodeKind::token_tree:
    case NodeKind::block:
    case NodeKind::arguments:
    case NodeKind::array:
    case NodeKind::paren:
    case NodeKind::tuple:
    case NodeKind::match_arms: return p.match[token];
    case NodeKind::fn_item:
    case NodeKind::fn_type:
    case NodeKind::static_item:
    case NodeKind::impl_item:
    case NodeKind::trait_item:
    case NodeKind::trait_alias:
    case NodeKind::extern_block:
    case NodeKind::mod_item:
    case NodeKind::const_item:
    case NodeKind::type_item:
      while (least != 0) {
        Token k = kind(least - 1);
        bool word = k == Token::kw_const || k == Token::kw_async || k == Token::kw_unsafe || k == Token::kw_extern ||
                    k == Token::kw_gen || k == Token::kw_final ||
                    (k == Token::ident && (is_word(least - 1, "safe") || is_word(least - 1, "default") ||
                                           is_word(least - 1, "auto") || is_word(least - 1, "async")));
        bool raw =
            tree.kind(node) == NodeKind::fn_type && k == Token::kw_const && least > 1 && is(least - 2, Token::star);
        if (!word || raw) break;
        --least;
      }
      return least;
    case NodeKind::self_param:
      if (token != 0 && is(least - 1, Token::kw_mut)) --least;
      if (least > 1 && is(least - 1, Token::kw_const)) --least;
      if (is(least - 1, Token::ident) && is_word(least - 1, "pin")) --least;
      if (is(least - 1, Token::lifetime)) --least;
      if ((tree.flags[node] & parse::kRef) && is(least - 1, Token::and_)) --least;
      return least;
    case NodeKind::builtin: return token - 1;
    case NodeKind::field: return back_over(Token::kw_unsafe);
    case NodeKind::qualified_self: return least - 1;
    case NodeKind::binding:
      if (tree.flags[node] == 0) return least;
      while (is(least - 1, Token::kw_mut) || is(least - 1, Token::kw_ref) || is(least - 1, Token::kw_const) ||
             (is(least - 1, Token::ident) && is_word(least - 1, "pin")))
        --least;
      return least;
    case NodeKind::field_pattern:
      if (!(tree.flags[node] & parse::kShorthand)) return least;
      return back_over(Token::kw_mut, Token::kw_ref, Token::kw_box);
    case NodeKind::literal: return tree.flags[node] & parse::kNegative ? token - 1 : token;
    case NodeKind::repeat: {
      uint32_t open = first(child);
      // Attributes of the first element stand before it.
      for (uint32_t n = tree.first(node); n <= child; ++n) open = std::min(open, tree.tokens[n]);
      while (!is(open, Token::open_bracket) || p.match[open] < token) --open;
      return open;
    }
    case NodeKind::closure:
      return back_over(Token::kw_move, Token::kw_use, Token::kw_async, Token::kw_gen, Token::kw_static,
                       Token::kw_const);
    case NodeKind::attributed: return first(child);
    case NodeKind::tuple_field: return child == kNoNode ? token : first(child);
    case NodeKind::where_clause: return token;
    default: return least;
  }
}

uint32_t Extent::last(uint32_t node) const {
  uint32_t token = tree.tokens[node];
  uint32_t child = tree.sizes[node] > 1 ? node - 1 : kNoNode;
  uint32_t most = child == kNoNode ? token : std::max(token, last(child));
  auto through = [&](Token k) { return is(most + 1, k) ? most + 1 : most; };
  // The `>` of a list that begins with `<`.
  auto list_end = [&] {
    uint32_t end = most + 1;
    if (is(end, Token::comma)) ++end;
    return end;
  };
  uint8_t flags = tree.flags[node];
  switch (tree.kind(node)) {
    case NodeKind::attribute: return p.match[token + (flags & parse::kInner ? 2 : 1)];
    case NodeKind::visibility: return child == kNoNode ? token : p.match[token + 1];
    case NodeKind::fn_item:
    case NodeKind::use_item:
    case NodeKind::extern_crate:
    case NodeKind::static_item:
    case NodeKind::const_item:
    case NodeKind::type_item:
    case NodeKind::trait_alias:
    case NodeKind::mod_item:
    case NodeKind::struct_item:
    case NodeKind::let_statement:
      if (tree.kind(node) == NodeKind::type_item || tree.kind(node) == NodeKind::const_item) {
        while (!is(most, Token::semi)) ++most;  // an empty where clause
        return most;
      }
      if (tree.kind(node) == NodeKind::fn_item && tree.kind(child) == NodeKind::block) return most;
      if (tree.kind(node) == NodeKind::struct_item && tree.kind(child) == NodeKind::record_fields) return most;
      if (is(most + 1, Token::comma)) ++most;  // of a where clause
      return through(Token::semi);
    case NodeKind::use_group:
    case NodeKind::params:
    case NodeKind::variants:
    case NodeKind::record_fields:
    case NodeKind::tuple_fields:
    case NodeKind::paren_bound:
    case NodeKind::paren_args:
    case NodeKind::tuple_type:
    case NodeKind::paren_type:
    case NodeKind::array_type:
    case NodeKind::slice_type:
    case NodeKind::paren_pattern:
    case NodeKind::tuple_pattern:
    case NodeKind::slice_pattern:
    case NodeKind::tuple_struct:
    case NodeKind::struct_pattern:
    case NodeKind::index:
    case NodeKind::struct_literal: return p.match[token];
    case NodeKind::dyn_type:
    case NodeKind::impl_type:
    case NodeKind::object_type: return through(Token::plus);
    case NodeKind::typeof_type: return p.match[token + 1];
    case NodeKind::variadic: return token + 2;
    case NodeKind::tuple_field: return last(child);
    case NodeKind::field_access: return most;
    case NodeKind::generic_params:
    case NodeKind::generic_args: return list_end();
    case NodeKind::where_clause: return through(Token::comma);
    case NodeKind::path_root:
    case NodeKind::base:
    case NodeKind::rest:
    case NodeKind::range:
    case NodeKind::range_pattern: return std::max(most, token + (flags & parse::kInclusive ? 2 : 1));
    case NodeKind::await: return token + (flags & parse::kTupleField ? 2 : 1);
    case NodeKind::postfix_keyword: return token + 1;
    case NodeKind::repeat: return most + 1;
    case NodeKind::yeet: return std::max(most, token + 1);
    case NodeKind::arm: return flags & parse::kValue ? most : last(child);
    case NodeKind::closure_params: return token;
    default: return most;
  }
}

}  // namespace rustg::parity
