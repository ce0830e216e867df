// Items, wherever they stand: files, modules, traits, impls, extern blocks, statements. The larger ones are in item_fn.h and item_data.h.
#pragma once
#include "parse/parser.h"

namespace rustg::parse {

// In an item's f.b, above its flags.
constexpr uint16_t kWhereBefore = 0x100, kSupertraits = 0x200;

// f.a: Place; f.b: 0 at `{`, 1 at a file's begin, 2 behind `{`, 3 in a file.
RUSTG_HD_INLINE void Parser::items(Frame f) {
  if (f.b < 2) {
    if (f.b == 0) bump();
    inner_attributes();
    f.b += 2;
  }
  if (f.b == 2 && is(Token::close_brace)) {
    finish(NodeKind::item_list, pos, f.start);
    return bump();
  }
  if (is(Token::eof))
    return finish(NodeKind::file, pos, f.start);  // a file's: it is not consumed, but stands for the root
  push(f);
  item(Place(f.a));
}

// An item of its own list.
RUSTG_HD_INLINE void Parser::item(Place place) {
  Frame f = here();
  outer_attributes();
  if (failed_) return;
  if (cursor != f.start && (is(Token::close_brace) || is(Token::eof))) {
    return fail(lex::is_doc(kind_at(pos - 1)) ? ErrorKind::expected_item_after_doc
                                                     : ErrorKind::expected_item_after_attributes);
  }
  f.a = uint8_t(place);
  go_item_word(f);
}

// Behind an item's attributes; f.a: Place.
RUSTG_HD_INLINE void Parser::item_word(Frame f) {
  const Place place = Place(f.a);
  f.a = 0;
  bool visible = visibility(false);
  bool is_default =
      is_word(pos, sym::default_) && (at(1) == Token::ident || (lex::is_keyword(at(1)) && at(1) != Token::kw_as));
  is_default |= place != Place::statement && is(Token::kw_final) && lex::is_keyword(at(1));
  if (is_default) bump();
  if (failed_ || item_keyword(place, f, visible, is_default)) return;
  if (failed_) return;
  if (place == Place::statement) return fail(ErrorKind::expected_item);
  // A macro call.
  if (at_path() && !is(Token::lt) && !is_default) {
    if (visible) note(ErrorKind::macro_visibility, f.token);
    then(State::item_end, f);
    return enter(State::path, uint8_t(PathStyle::mod));
  }
  fail(place == Place::module ? ErrorKind::expected_item : ErrorKind::non_item_in_list);
}

// Behind the path of a macro call that is an item.
RUSTG_HD_INLINE void Parser::item_end(Frame f) {
  if (!is_bang(pos)) return fail(ErrorKind::unexpected_token);
  f.token = pos;
  bump();
  bool brace = is(Token::open_brace);
  if (!token_tree()) return;
  emit(NodeKind::macro_call, f.token, f.start);
  if (!brace && !eat(Token::semi)) {
    note(ErrorKind::semi_after_macro);
  }
}

// [pub [(…)]]; before_type: of a tuple's field, where pub (T) is a type in parentheses.
RUSTG_HD_INLINE bool Parser::visibility(bool before_type) {
  if (!is(Token::kw_pub)) return false;
  Frame f = here();
  bump();
  if (is(Token::open_paren)) {
    Token inner = at(1), next = at(2);
    if (inner == Token::kw_in) {
      // pub(in a::b): a path without arguments, of a bounded number of states.
      uint32_t close = s.match[pos];
      bump(2);
      uint32_t start = cursor;
      uint32_t join = 0;
      if (is_path_sep(pos)) emit(NodeKind::path_root, pos, start), join = pos + 1, bump(2);
      while (is_path_segment(kind())) {
        leaf(NodeKind::name);
        if (join) emit(NodeKind::path, join, start);
        if (!is_path_sep(pos)) break;
        join = pos + 1;
        bump(2);
      }
      if (pos != close) {
        fail(ErrorKind::expected_identifier);
        return true;
      }
      bump();
    } else if (next == Token::close_paren &&
               (inner == Token::kw_crate || inner == Token::kw_self_lower || inner == Token::kw_super)) {
      bump();
      leaf(NodeKind::name);
      bump();
    } else if (!before_type) {
      note(ErrorKind::expected_identifier);
      pos = s.match[pos] + 1;
    }
  }
  emit(NodeKind::visibility, f.token, f.start);
  return true;
}

RUSTG_HD_INLINE bool Parser::at_unsafe_extern_block() const {
  if (!is(Token::kw_unsafe) || at(1) != Token::kw_extern) return false;
  return at(is_string(at(2)) ? 3 : 2) == Token::open_brace;
}

RUSTG_HD_INLINE bool Parser::at_impl(uint32_t p) const {
  for (int i = 0; i < 3; ++i, ++p) {
    Token k = kind_at(p);
    if (k == Token::kw_impl) return true;
    if (k != Token::kw_const && k != Token::kw_unsafe) return false;
  }
  return false;
}

RUSTG_HD_INLINE bool Parser::at_trait() const {
  uint32_t p = pos;
  if (kind_at(p) == Token::kw_const) ++p;
  if (kind_at(p) == Token::kw_unsafe) ++p;
  if (is_word(p, sym::auto_)) ++p;
  if (kind_at(p) == Token::kw_impl && kind_at(p + 1) == Token::open_paren) {
    Token k = kind_at(p + 2);
    if (k != Token::kw_in && !((k == Token::kw_crate || k == Token::kw_self_lower || k == Token::kw_super) &&
                               kind_at(p + 3) == Token::close_paren))
      return false;
    p = s.match[p + 1] + 1;
  }
  return kind_at(p) == Token::kw_trait;
}

// What begins an item in a block, macro calls excepted.
RUSTG_HD_INLINE bool Parser::at_statement_item() const {
  Token next = at(1);
  switch (kind()) {
    case Token::kw_fn:
    case Token::kw_struct:
    case Token::kw_enum:
    case Token::kw_mod:
    case Token::kw_trait:
    case Token::kw_type:
    case Token::kw_pub:
    case Token::kw_macro:
    case Token::kw_extern: return true;
    case Token::kw_impl: return true;
    case Token::kw_use: {
      uint32_t n = next == Token::kw_move || next == Token::kw_async ? 2 : 1;
      return at(n) != Token::or_;
    }
    case Token::kw_const:
      if (next == Token::open_brace) return false;
      // Not a closure: const |…|, const move. Of `const async` rustc makes an item whatever follows.
      if (next == Token::or_ || next == Token::kw_move || next == Token::kw_use || next == Token::kw_static)
        return false;
      return next != Token::kw_for;
    case Token::kw_static:
      // Before `async` and `gen` rustc sees an item, though a closure could follow.
      return next == Token::ident || next == Token::kw_mut || next == Token::kw_underscore || next == Token::kw_async ||
             next == Token::kw_gen;
    case Token::kw_unsafe:
      return at_fn() || at_trait() || at_impl(pos) || at_unsafe_extern_block() || next == Token::kw_mod ||
             next == Token::kw_static || next == Token::kw_extern;
    case Token::kw_async:
    case Token::kw_gen: return at_fn();
    case Token::ident:
      if (s.flags[pos] & lex::kRaw) return false;
      if (is_word(pos, sym::union_)) return next == Token::ident;
      if (is_word(pos, sym::macro_rules)) return next == Token::bang && at(2) == Token::ident;
      if (is_word(pos, sym::auto_)) return at_trait();
      if (is_word(pos, sym::safe)) return at_fn() || next == Token::kw_static;
      if (is_word(pos, sym::reuse)) return is_path_segment(next) || next == Token::lt || at_impl(pos + 1);
      if (is_word(pos, sym::default_))
        return lex::is_keyword(next) && next != Token::kw_as &&
               (at_impl(pos + 1) || next == Token::kw_fn || next == Token::kw_const || next == Token::kw_unsafe ||
                next == Token::kw_type || next == Token::kw_async);
      if (is_word(pos, lex::keyword_symbol(Token::kw_async))) return at_fn();
      return false;
    default: return false;
  }
}

// An item that begins with a keyword: false if there is none here. f.start: of its first attribute or visibility.
RUSTG_HD_INLINE bool Parser::item_keyword(Place place, Frame f, bool has_visibility, bool has_default) {
  bool assoc = place == Place::trait || place == Place::impl || place == Place::foreign;
again:  // behind unsafe or safe
  Token k = kind();
  f.token = pos;
  f.a = uint8_t(place);
  if (has_default) f.b = kDefault;
  if (has_default &&
      !(at_fn() || at_impl(pos) || k == Token::kw_const || k == Token::kw_type || is_word(pos, sym::reuse)))
    note(ErrorKind::default_not_here);
  auto only = [&](bool allowed) {
    if (!allowed) note(ErrorKind::not_in_context);
  };
  if (k == Token::kw_use && !(at(1) == Token::or_)) {
    only(!assoc);
    bump();
    then(State::use_item_end, f);
    enter(State::use_tree);
    return true;
  }
  if (at_fn()) {
    if (!fn_qualifiers(f)) return true;
    f.token = pos;
    bump();
    if (!identifier()) return true;
    generics_of(State::fn_generics, f);
    return true;
  }
  switch (k) {
    case Token::kw_extern:
      only(!assoc);
      bump();
      if (eat(Token::kw_crate)) {
        if (is(Token::kw_self_lower))
          leaf(NodeKind::name);
        else if (!is(Token::ident))
          return fail(ErrorKind::expected_identifier), true;
        else {
          leaf(NodeKind::name);
          if (is(Token::minus)) return fail(ErrorKind::expected_semi), true;
        }
        if (is(Token::kw_as)) {
          Frame rename = here();
          bump();
          if (!is(Token::ident) && !is(Token::kw_underscore)) return fail(ErrorKind::expected_identifier), true;
          leaf(NodeKind::name);
          emit(NodeKind::rename, rename.token, rename.start);
        }
        if (expect(Token::semi, ErrorKind::expected_semi)) finish(NodeKind::extern_crate, f.token, f.start);
        return true;
      }
      abi();
      f.a = uint8_t(NodeKind::extern_block);
      item_list(f, Place::foreign);
      return true;
    case Token::kw_unsafe:
      if (at_unsafe_extern_block()) {
        only(!assoc);
        bump();
        f.b = kUnsafe;
        f.token = pos;
        bump();
        abi();
        f.a = uint8_t(NodeKind::extern_block);
        item_list(f, Place::foreign);
        return true;
      }
      if (at(1) == Token::kw_static) {
        bump();
        f.b |= kUnsafe;
        goto again;
      }
      if (at(1) == Token::kw_mod) {
        bump();
        f.b |= kUnsafe;
        goto again;
      }
      break;
    case Token::kw_static:
      if (at(1) == Token::or_ || at(1) == Token::kw_move) break;
      only(!assoc || place == Place::foreign);
      bump();
      if (eat(Token::kw_mut)) f.b |= kMut;
      if (!identifier()) return true;
      if (is(Token::lt)) return note(ErrorKind::unexpected_token), fail(ErrorKind::expected_colon), true;
      static_type(f);
      return true;
    default: break;
  }
  if (at_trait()) {
    only(!assoc);
    f.b = 0;
    if (eat(Token::kw_const)) f.b |= kConstant;
    if (eat(Token::kw_unsafe)) f.b |= kUnsafe;
    if (is_word(pos, sym::auto_)) f.b |= kAuto, bump();
    if (eat(Token::kw_impl)) pos = s.match[pos] + 1;
    f.token = pos;
    bump();
    if (!identifier()) return true;
    generics_of(State::trait_generics, f);
    return true;
  }
  if (at_impl(pos)) {
    only(!assoc);
    if (eat(Token::kw_const)) f.b |= kConstant;
    if (eat(Token::kw_unsafe)) f.b |= kUnsafe;
    f.token = pos;
    f.a = 0;
    if (!eat(Token::kw_impl)) return fail(ErrorKind::expected_item), true;
    if (choose_generics(pos)) {
      generics_of(State::impl_generics, f);
    } else {
      go_impl_generics(f);
    }
    return true;
  }
  switch (k) {
    case Token::kw_const: {
      only(place != Place::foreign);
      bump();
      if (is(Token::open_brace) && place == Place::module) {
        push({f.token, f.start, State::block_wrap, uint8_t(NodeKind::const_block_item), 0});
        block(false);
        return true;
      }
      if (is(Token::kw_mut)) note(ErrorKind::expected_identifier), bump();
      if (is(Token::kw_underscore))
        leaf(NodeKind::name);
      else if (!identifier())
        return true;
      generics_of(State::const_generics, f);
      return true;
    }
    case Token::kw_mod:
      only(!assoc);
      bump();
      if (!identifier()) return true;
      if (is(Token::semi)) {
        bump();
        emit(NodeKind::mod_item, f.token, f.start);
        return true;
      }
      f.a = uint8_t(NodeKind::mod_item);
      item_list(f, Place::module);
      return true;
    case Token::kw_type:
      bump();
      if (eat(Token::kw_const)) {
        if (is(Token::kw_underscore))
          leaf(NodeKind::name);
        else if (!identifier())
          return true;
        generics_of(State::const_generics, f);
        return true;
      }
      if (!identifier()) return true;
      generics_of(State::type_generics, f);
      return true;
    case Token::kw_enum:
      only(!assoc);
      bump();
      if (!identifier()) return true;
      generics_of(State::enum_generics, f);
      return true;
    case Token::kw_struct:
      only(!assoc);
      bump();
      if (!identifier()) return true;
      f.a = uint8_t(NodeKind::struct_item);
      generics_of(State::struct_generics, f);
      return true;
    case Token::kw_macro: {
      only(!assoc);
      bump();
      if (!identifier()) return true;
      // macro m { … } or macro m(…) { … }
      if (!is(Token::open_brace) && !is(Token::open_paren)) return fail(ErrorKind::expected_bracket), true;
      bool params = is(Token::open_paren);
      token_tree();
      if (params) {
        if (!is(Token::open_brace)) return fail(ErrorKind::expected_block), true;
        token_tree();
      }
      emit(NodeKind::macro_item, f.token, f.start);
      return true;
    }
    case Token::ident: break;
    default: return false;
  }
  if (is_word(pos, sym::safe) && at(1) == Token::kw_static) {
    bump();
    f.b |= kSafe;
    goto again;
  }
  if (is_word(pos, sym::union_) && at(1) == Token::ident) {
    only(!assoc);
    bump();
    identifier();
    f.a = uint8_t(NodeKind::union_item);
    generics_of(State::struct_generics, f);
    return true;
  }
  if (is_word(pos, sym::builtin) && at(1) == Token::pound) {
    go_builtin(here(uint8_t(BuiltinPlace::item)));
    return true;
  }
  if (is_word(pos, sym::macro_rules) && is_bang(pos + 1) && at(2) == Token::ident) {
    only(!assoc);
    bump(2);
    leaf(NodeKind::name);
    bool brace = is(Token::open_brace);
    if (!token_tree()) return true;
    emit(NodeKind::macro_rules, f.token, f.start);
    if (!brace && !eat(Token::semi)) note(ErrorKind::semi_after_macro);
    if (has_visibility) note(ErrorKind::not_in_context, f.token);
    return true;
  }
  if (is_word(pos, sym::reuse) && (is_path_segment(at(1)) || at(1) == Token::lt || at_impl(pos + 1))) {
    only(place != Place::foreign);
    bump();
    if (at_impl(pos)) {
      f.a = 2;
      eat(Token::kw_const);
      eat(Token::kw_unsafe);
      bump();
      f.b = 0;
      if (choose_generics(pos))
        generics_of(State::impl_generics, f);
      else
        go_impl_generics(f);
      return true;
    }
    then(State::delegation_path, f);
    enter(State::path, uint8_t(PathStyle::expression));
    return true;
  }
  return false;
}

// f.a: the kind of the item that the list ends.
RUSTG_HD_INLINE void Parser::item_list(Frame f, Place place) {
  if (!is(Token::open_brace)) return fail(ErrorKind::expected_block);
  push({f.token, f.start, State::group_wrap, f.a, f.b});
  enter_list(State::items, uint8_t(place), NodeKind::item_list);
}

RUSTG_HD_INLINE void Parser::generics_of(State next, Frame f) {
  then(next, f);
  if (!is(Token::lt)) return;
  enter(State::generic_params_next);
  bump();
}
RUSTG_HD_INLINE void Parser::bounds_of(State next, Frame f) {
  then(next, f);
  push({pos, cursor, State::bounds_wrap, uint8_t(NodeKind::bounds), 0});
  bump();
  enter(State::bounds_list);
}
RUSTG_HD_INLINE void Parser::where_of(State next, Frame f) {
  then(next, f);
  if (!is(Token::kw_where)) return;
  if (choose_generics(pos + 1)) note(ErrorKind::where_generics, pos + 1);
  enter(State::where_next);
  bump();
}

// use …
RUSTG_HD_INLINE void Parser::use_item_end(Frame f) {
  if (expect(Token::semi, ErrorKind::expected_semi)) finish(NodeKind::use_item, f.token, f.start);
}
RUSTG_HD_INLINE void Parser::use_tree(Frame f) {
  f.start = cursor;
  if (is(Token::star) || is(Token::open_brace)) return use_tree_path(f);
  if (is_path_sep(pos) && (at(2) == Token::star || at(2) == Token::open_brace)) {
    emit(NodeKind::path_root, pos, cursor);
    return use_tree_path(f);
  }
  then(State::use_tree_path, f);
  enter(State::path, uint8_t(PathStyle::mod));
}
RUSTG_HD_INLINE void Parser::use_tree_path(Frame f) {
  if (is_path_sep(pos)) bump(2);
  if (is(Token::star)) {
    finish(NodeKind::use_glob, pos, f.start);
    return bump();
  }
  if (is(Token::open_brace)) {
    push({pos, f.start, State::use_group_next, 0, uint16_t(cursor != f.start ? kPrefixed : 0)});
    return bump();
  }
  if (is(Token::kw_as)) {
    uint32_t token = pos;
    bump();
    if (!is(Token::ident) && !is(Token::kw_underscore)) return fail(ErrorKind::expected_identifier);
    leaf(NodeKind::name);
    emit(NodeKind::use_rename, token, f.start);
  }
}
RUSTG_HD_INLINE void Parser::use_group_next(Frame f) {
  if (f.a && !is(Token::close_brace) && !eat(Token::comma)) return fail(ErrorKind::expected_list_end);
  if (eat(Token::close_brace)) return finish(NodeKind::use_group, f.token, f.start, uint8_t(f.b));
  f.a = 1;
  then(State::use_group_next, f);
  enter(State::use_tree);
}

// static NAME
RUSTG_HD_INLINE void Parser::static_type(Frame f) {
  if (!is_colon(pos)) {
    note(ErrorKind::expected_colon);
    return static_init(f);
  }
  bump();
  then(State::static_init, f);
  enter(State::type, kPlus);
}
RUSTG_HD_INLINE void Parser::static_init(Frame f) {
  f.a = uint8_t(NodeKind::static_item);
  if (!is(Token::eq)) return const_end(f);
  bump();
  f.b |= kValue;
  then(State::const_end, f);
  expr();
}
RUSTG_HD_INLINE void Parser::const_generics(Frame f) {
  f.a = uint8_t(NodeKind::const_item);
  if (!is_colon(pos)) {
    note(ErrorKind::expected_colon);
    return const_type(f);
  }
  bump();
  if (is(Token::eq) || is(Token::semi) || is(Token::kw_where)) {
    note(ErrorKind::expected_type);
    return const_type(f);
  }
  then(State::const_type, f);
  enter(State::type, kPlus);
}
RUSTG_HD_INLINE void Parser::const_type(Frame f) {
  if (is(Token::kw_where)) f.b |= kWhereBefore;
  where_of(State::const_where, f);
}
RUSTG_HD_INLINE void Parser::const_where(Frame f) {
  if (!is(Token::eq)) return const_init(f);
  if (f.b & kWhereBefore) note(ErrorKind::where_before);
  bump();
  f.b |= kValue;
  then(State::const_init, f);
  expr();
}
RUSTG_HD_INLINE void Parser::const_init(Frame f) { where_of(State::const_end, f); }
// f.a: the item's kind.
RUSTG_HD_INLINE void Parser::const_end(Frame f) {
  if (expect(Token::semi, ErrorKind::expected_semi)) finish(NodeKind(f.a), f.token, f.start, uint8_t(f.b));
}

// type Name
RUSTG_HD_INLINE void Parser::type_generics(Frame f) {
  if (is_colon(pos)) return bounds_of(State::type_bounds, f);
  type_bounds(f);
}
RUSTG_HD_INLINE void Parser::type_bounds(Frame f) { where_of(State::type_where, f); }
RUSTG_HD_INLINE void Parser::type_where(Frame f) {
  if (!is(Token::eq)) return type_value(f);
  bump();
  f.b |= kValue;
  then(State::type_value, f);
  enter(State::type, kPlus);
}
RUSTG_HD_INLINE void Parser::type_value(Frame f) { where_of(State::type_end, f); }
RUSTG_HD_INLINE void Parser::type_end(Frame f) {
  if (expect(Token::semi, ErrorKind::expected_semi)) finish(NodeKind::type_item, f.token, f.start, uint8_t(f.b));
}

// trait Name
RUSTG_HD_INLINE void Parser::trait_generics(Frame f) {
  if (is_colon(pos)) {
    f.b |= kSupertraits;
    return bounds_of(State::trait_bounds, f);
  }
  trait_bounds(f);
}
RUSTG_HD_INLINE void Parser::trait_bounds(Frame f) {
  if (is(Token::eq)) {
    if (f.b & kSupertraits) note(ErrorKind::unexpected_token);
    return bounds_of(State::alias_bounds, f);
  }
  where_of(State::trait_where, f);
}
RUSTG_HD_INLINE void Parser::trait_where(Frame f) {
  f.a = uint8_t(NodeKind::trait_item);
  item_list(f, Place::trait);
}
RUSTG_HD_INLINE void Parser::alias_bounds(Frame f) { where_of(State::alias_end, f); }
RUSTG_HD_INLINE void Parser::alias_end(Frame f) {
  if (expect(Token::semi, ErrorKind::expected_semi)) finish(NodeKind::trait_alias, f.token, f.start, uint8_t(f.b));
}

// impl; f.a: 2 for `reuse impl`; f.b: what only impls of traits can be.
RUSTG_HD_INLINE void Parser::impl_generics(Frame f) {
  if (eat(Token::kw_const)) f.b |= kConstant;
  if (is(Token::kw_async)) note(ErrorKind::unexpected_token), bump();
  if (is(Token::bang) && (is_path_segment(at(1)) || at(1) == Token::lt || at(1) == Token::colon ||
                          at(1) == Token::kw_for || at(1) == Token::open_paren))
    f.b |= kNegativeImpl, bump();
  if (is(Token::kw_for) && at(1) != Token::lt) return fail(ErrorKind::expected_type);
  then(State::impl_first, f);
  enter(State::type, kPlus);
}
RUSTG_HD_INLINE void Parser::impl_first(Frame f) {
  if (eat(Token::kw_for)) {
    f.b |= kOfTrait;
    // What stands before must be a path.
    if (last != NodeKind::name && last != NodeKind::path && last != NodeKind::generic && last != NodeKind::macro_call)
      note(ErrorKind::expected_bound);
    if (is_dot_dot(pos)) {
      emit(NodeKind::rest, pos, cursor);
      bump(2);
      return impl_second(f);
    }
    then(State::impl_second, f);
    return enter(State::type, kPlus);
  }
  if (at_type() || is_dot_dot(pos)) return fail(ErrorKind::expected_block);
  if (f.a == 2) note(ErrorKind::not_in_context, f.token);  // only trait impls can be reused
  if (f.b & kUnsafe) note(ErrorKind::inherent_unsafe, f.token);
  if (f.b & (kNegativeImpl | kDefault)) note(ErrorKind::inherent_modifier, f.token);
  impl_second(f);
}
RUSTG_HD_INLINE void Parser::impl_second(Frame f) { where_of(State::impl_where, f); }
RUSTG_HD_INLINE void Parser::impl_where(Frame f) {
  if (f.a == 2) {
    if (eat(Token::semi)) return finish(NodeKind::delegation, f.token, f.start);
    push({f.token, f.start, State::group_wrap, uint8_t(NodeKind::delegation), 0});
    return block(false);
  }
  f.a = uint8_t(NodeKind::impl_item);
  item_list(f, Place::impl);
}

// reuse path
RUSTG_HD_INLINE void Parser::delegation_path(Frame f) {
  if (is_path_sep(pos)) {
    bump(2);
    if (eat(Token::star)) {
    } else if (is(Token::open_brace)) {
      token_tree();
    } else {
      return fail(ErrorKind::expected_identifier);
    }
  }
  if (eat(Token::kw_as) && !identifier()) return;
  delegation_rename(f);
}
RUSTG_HD_INLINE void Parser::delegation_rename(Frame f) {
  if (is(Token::open_brace)) {
    push({f.token, f.start, State::group_wrap, uint8_t(NodeKind::delegation), 0});
    return block(false);
  }
  if (expect(Token::semi, ErrorKind::expected_semi)) finish(NodeKind::delegation, f.token, f.start);
}

}  // namespace rustg::parse
