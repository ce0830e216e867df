// Items: what begins them, their qualifiers, bodies and ends.
#include <algorithm>
#include <array>

#include "parse/tail.h"
#include "parse/word.h"

namespace rustg::parse {

using source::Diagnostic;

namespace {

using Words = std::optional<Diagnostic>;

bool is_qualifier(const FileTokens& t, uint32_t p) {
  switch (t.kind(p)) {
    case Token::kw_const:
    case Token::kw_async:
    case Token::kw_unsafe:
    case Token::kw_extern:
    case Token::kw_gen: return true;
    default: return t.is_word(p, sym::safe) || t.is_word(p, lex::keyword_symbol(Token::kw_async));
  }
}

// What may stand behind a qualifier of a function.
const char* behind_qualifier(const FileTokens& t, uint32_t p) {
  switch (t.kind(p)) {
    case Token::kw_const: return "async extern fn safe unsafe";
    case Token::kw_unsafe: return "extern fn";
    case Token::kw_extern:
    case Token::str:
    case Token::raw_str: return "fn";
    default: return t.is_word(p, sym::safe) ? "extern fn" : "extern fn safe unsafe";
  }
}

int rank(const FileTokens& t, uint32_t p) {
  switch (t.kind(p)) {
    case Token::kw_const: return 1;
    case Token::kw_gen: return 3;
    case Token::kw_extern: return 5;
    case Token::kw_unsafe: return 4;
    default: return t.is_word(p, sym::safe) ? 4 : 2;
  }
}

// Qualifiers of a function in a wrong order, or with something between them: the first token out of order.
Words qualifiers(const Site& site) {
  const FileTokens& t = site.t;
  uint32_t p = site.at;
  while (p > 0 && (is_qualifier(t, p - 1) || ((t.is(p - 1, Token::str) || t.is(p - 1, Token::raw_str)) && p > 1 &&
                                              t.is(p - 2, Token::kw_extern))))
    --p;
  if (!is_qualifier(t, p)) return {};
  const bool abi = t.is(p, Token::kw_extern) && t.is(p + 1, Token::str);
  const uint32_t second = abi ? p + 2 : p + 1;
  if (abi && !t.is(second, Token::kw_fn) && !t.is(second + 1, Token::kw_fn)) return {};
  if (!is_qualifier(t, second) && !t.is(second, Token::kw_pub) && !t.is(second, Token::kw_fn)) return {};
  uint32_t before = p;
  for (int least = 0; is_qualifier(t, p) && rank(t, p) > least;) {
    least = rank(t, p);
    before = p++;
    if (t.is(before, Token::kw_extern) && t.is(p, Token::str)) before = p++;
  }
  if (t.is(p, Token::kw_fn)) return {};
  return site.expected(Expected(behind_qualifier(t, before)), p);
}

// The visibility that ends right before `p`: its first token; p if there is none.
uint32_t visibility_before(const FileTokens& t, uint32_t p) {
  if (p > 0 && t.is(p - 1, Token::kw_pub)) return p - 1;
  if (p > 0 && t.is(p - 1, Token::close_paren) && !t.match.empty()) {
    uint32_t open = t.match[p - 1];
    if (open > 0 && t.is(open - 1, Token::kw_pub)) return open - 1;
  }
  return p;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = char(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return out;
}

// A name stands where an item begins: a keyword is missing, or is written in the wrong case.
Words name_for_keyword(const Site& site) {
  const FileTokens& t = site.t;
  const uint32_t at = site.at, name = at - 1;
  const bool alone = at > 0 && t.is(name, Token::ident) && !(name > 1 && t.is(name - 1, Token::colon));
  if (!alone) return {};
  const uint32_t first = visibility_before(t, name);
  const bool is_pub = first != name;
  const std::string_view text = t.text(name);
  for (const char* word : {"import", "using", "include", "require"})
    if (text == word && t.is(at, Token::ident)) {
      Diagnostic d = plain("expected item, found " + t.describe(name), t.span(name));
      d.suggestions.push_back({"items are imported using the `use` keyword",
                               {{{t.span(name), "use"}}},
                               source::Applicability::machine_applicable,
                               source::SuggestionStyle::hide_code_inline});
      return d;
    }
  if (!is_pub && lower(text) == "pub" && (is_qualifier(t, at) || t.is(at, Token::kw_fn)))
    return site.expected(
        Expected(
            "# async auto .const default enum extern final fn gen impl macro_rules macro mod pub safe static struct "
            "trait .type unsafe use"),
        name);
  if (!is_pub) {
    constexpr std::array<std::string_view, 11> kKeywords = {"use", "fn",   "extern", "static", "trait", "const",
                                                            "mod", "type", "enum",   "struct", "macro"};
    const std::string small = lower(text);
    if (small != text && std::find(kKeywords.begin(), kKeywords.end(), small) != kKeywords.end()) {
      Diagnostic d = plain("keyword `" + small + "` is written in the wrong case", t.span(name));
      d.suggestions.push_back({"write it in lowercase",
                               {{{t.span(name), small}}},
                               source::Applicability::machine_applicable,
                               source::SuggestionStyle::show_always});
      return d;
    }
  }
  auto missing = [&](std::string_view what, std::string_view definition, std::string_view insert) {
    Diagnostic d = plain("missing " + std::string(what) + " for " + std::string(definition) + " definition",
                         site.span(first, name));
    if (!insert.empty())
      d.suggestions.push_back({"add `" + std::string(insert) + "` here to parse `" + std::string(text) + "` as " +
                                   (insert == "enum"         ? "an enum"
                                    : insert == "struct"     ? "a struct"
                                    : definition == "method" ? "a method"
                                                             : "a function"),
                               {{{{t.span(name).begin, t.span(name).begin}, std::string(insert) + " "}}},
                               source::Applicability::maybe_incorrect,
                               source::SuggestionStyle::show_always});
    return d;
  };
  uint32_t p = at;
  const bool generics = t.is(p, Token::lt);
  if (generics) {
    while (!t.is(p, Token::gt) && !t.is(p, Token::eof)) ++p;
    ++p;
  }
  if (t.is(p, Token::open_brace)) {
    if (t.is(p + 1, Token::close_brace)) return missing("`enum` or `struct`", "enum or struct", "");
    if (t.is_glued(p + 2, ":") || t.is_glued(p + 3, ":")) return missing("`struct`", "struct", "struct");
    return missing("`enum`", "enum", "enum");
  }
  if (t.is(p, Token::open_paren) && !t.match.empty()) {
    const uint32_t inside = p + 1, behind = t.match[p] + 1;
    bool self = false;
    for (uint32_t q = inside; q < std::min(inside + 4, behind) && !self; ++q) self = t.is(q, Token::kw_self_lower);
    if (t.is_glued(behind, "->") || t.is(behind, Token::open_brace))
      return self ? missing("`fn`", "method", "fn") : missing("`fn`", "function", "fn");
    if (is_pub && t.is(behind, Token::semi)) return missing("`struct`", "struct", "struct");
    Diagnostic d = missing("`fn` or `struct`", "function or struct", "");
    if (!generics)
      d.suggestions.push_back({"if you meant to call a macro, try",
                               {{{t.span(name), std::string(text) + "!"}}},
                               source::Applicability::maybe_incorrect,
                               source::SuggestionStyle::show_always});
    return d;
  }
  if (generics) return missing("`fn` or `struct`", "function or struct", "");
  return {};
}

// Nothing that begins an item.
Words no_item(const Site& site) {
  const FileTokens& t = site.t;
  const uint32_t at = site.at, first = visibility_before(t, at);
  if (auto d = qualifiers(site)) return d;
  if (t.is(at, Token::pound)) {
    const bool inner = t.is(at + 1, Token::bang);
    return site.expected(Expected(inner ? "[" : "! ["), inner ? at + 2 : at + 1);
  }
  if (first != at) {
    Diagnostic d = plain("visibility `" + std::string(t.map->text(t.span(first).begin, t.span(at - 1).end)) +
                             "` is not followed by an item",
                         site.span(first, at - 1), "the visibility");
    d.notes.push_back({source::Level::help, "you likely meant to define an item, e.g., `" +
                                                std::string(t.map->text(t.span(first).begin, t.span(at - 1).end)) +
                                                " fn foo() {}`"});
    return d;
  }
  if (at > 0 && (t.is_word(at - 1, sym::default_) || t.is(at - 1, Token::kw_final))) {
    const std::string word(t.text(at - 1));
    Diagnostic d = plain("`" + word + "` is not followed by an item", t.span(at - 1), "the `" + word + "` qualifier");
    d.notes.push_back({source::Level::note,
                       word == "default" ? "only `fn`, `const`, `type`, or `impl` items may be prefixed by `default`"
                                         : "only associated functions in traits may be prefixed by `final`"});
    return d;
  }
  // Attributes that nothing follows: the last of them is the place.
  if (at > 0 && (lex::is_doc(t.kind(at - 1)) || (t.is(at - 1, Token::close_bracket) && t.match[at - 1] > 0 &&
                                                 t.is(t.match[at - 1] - 1, Token::pound)))) {
    const bool doc = lex::is_doc(t.kind(at - 1));
    if (doc && site.place() != Place::module && site.is(Token::close_brace)) {
      Diagnostic d = plain("found a documentation comment that doesn't document anything", t.span(at - 1),
                           "this doc comment doesn't document anything", "E0584");
      d.notes.push_back({source::Level::help,
                         "doc comments must come before what they document, if a comment was intended use `//`"});
      return d;
    }
    const source::Span last = doc ? t.span(at - 1) : site.span(t.match[at - 1] - 1, at - 1);
    Diagnostic d = plain(doc ? "expected item after doc comment" : "expected item after attributes", last,
                         doc ? "this doc comment doesn't document anything" : "");
    if (site.is(Token::semi))
      d.suggestions.push_back({"consider removing this semicolon",
                               {{{t.span(at), ""}}},
                               source::Applicability::maybe_incorrect,
                               source::SuggestionStyle::show_always});
    return d;
  }
  if (t.is(at, Token::lt)) return identifier_expected(t, at);
  if (site.fault.kind == ErrorKind::non_item_in_list) {
    Diagnostic d = plain("non-item in item list", t.span(at), "non-item starts here");
    if (!site.fault.stack.empty()) d.spans.labels.push_back({t.span(site.fault.frame.token), "item list starts here"});
    return d;
  }
  Diagnostic d =
      plain("expected item, found " + t.describe(at), t.span(at), site.is(Token::semi) ? "" : "expected item");
  if (site.is(Token::semi))
    d.suggestions.push_back({"remove this semicolon",
                             {{{t.span(at), ""}}},
                             source::Applicability::machine_applicable,
                             source::SuggestionStyle::hide_code_inline});
  else
    d.notes.push_back(
        {source::Level::note,
         "for a full list of items that can appear in modules, see <https://doc.rust-lang.org/reference/items.html>"});
  return d;
}

const char* article_of(Token k) {
  switch (k) {
    case Token::kw_enum: return "an enum";
    case Token::kw_struct: return "a struct";
    case Token::kw_mod: return "a module";
    case Token::kw_static: return "a static item";
    case Token::kw_trait: return "a trait";
    case Token::kw_use: return "a `use` import";
    case Token::kw_macro: return "a macro definition";
    case Token::kw_extern: return "an extern crate";
    case Token::ident: return "an item macro invocation";
    default: return "an item";
  }
}

Words duplicate_where(const Site& site) {
  const FileTokens& t = site.t;
  const uint32_t first = site.trace.node_tokens[site.fault.place - 1];
  Diagnostic d = plain("cannot define duplicate `where` clauses on an item", t.span(site.at + 1));
  d.spans.labels = {{t.span(first), "previous `where` clause starts here"}, {t.span(site.at + 1), ""}};
  d.suggestions.push_back({"consider joining the two `where` clauses into one",
                           {{{{t.behind_previous(site.at).begin, t.span(site.at).end}, ","}}},
                           source::Applicability::machine_applicable,
                           source::SuggestionStyle::show_always});
  return d;
}

// What may go on behind a where clause that is not empty.
Expected behind_where(const Site& site) {
  if (site.t.is(site.at - 1, Token::comma)) return Expected("# lifetime type");
  return bound_continuation(site.trace, site.fault.place - 1).add(",");
}

// A place between a function's parameters and its body.
Words fn_body(const Site& site) {
  const FileTokens& t = site.t;
  const uint32_t at = site.at;
  if (t.is(at, Token::eq)) {
    uint32_t end = at;
    while (!t.is(end, Token::semi) && !t.is(end, Token::eof) && !t.is(end, Token::close_brace)) ++end;
    Diagnostic d = plain("function body cannot be `= expression;`", site.span(at, end));
    d.suggestions.push_back({"surround the expression with `{` and `}` instead of `=` and `;`",
                             {{{t.span(at), "{"}, {t.span(end), " }"}}},
                             source::Applicability::machine_applicable,
                             source::SuggestionStyle::show_always});
    return d;
  }
  const bool ret = site.fault.last == NodeKind::ret, where = site.fault.last == NodeKind::where_clause;
  if (!ret && !where && t.is_glued(at, ":") && !t.is(at + 1, Token::eof)) {
    Diagnostic d = plain("return types are denoted using `->`", t.span(at));
    d.suggestions.push_back({"use `->` instead",
                             {{{t.span(at), "->"}}},
                             source::Applicability::machine_applicable,
                             source::SuggestionStyle::show_always});
    return d;
  }
  if (where && t.is(at, Token::kw_where)) return duplicate_where(site);
  Expected e("{");
  const Place place = site.place();
  if (place == Place::trait || place == Place::foreign) e.add(";");
  if (where) {
    e.add(behind_where(site));
    const std::string_view bound = t.text(at - 1);
    const bool callable = bound == "Fn" || bound == "FnMut" || bound == "FnOnce";
    if (t.is_glued(at, "->") && !callable &&
        (t.is(at + 2, Token::ident) || t.is(at + 2, Token::open_paren) || t.is(at + 2, Token::and_) ||
         t.is(at + 2, Token::kw_impl) || t.is(at + 2, Token::kw_dyn) || t.is(at + 2, Token::kw_self_upper)))
      return plain("return type should be specified after the function parameters", t.span(at),
                   "provide the return type after the function parameters");
  } else if (ret) {
    e.add(type_continuation(site.trace, site.fault.place)).add("where");
  } else {
    e.add("-> where");
  }
  return site.expected(e);
}

Words block_expected(const Site& site) {
  const FileTokens& t = site.t;
  const uint32_t at = site.at;
  switch (site.state()) {
    case State::fn_ret:
    case State::fn_where: return fn_body(site);
    case State::enum_generics:
    case State::enum_where: {
      if (site.fault.last == NodeKind::where_clause) return site.expected(Expected("{").add(behind_where(site)));
      return site.expected(Expected(site.fault.last == NodeKind::generic_params ? "where {" : "< where {"));
    }
    case State::struct_generics:
    case State::struct_where: {
      const bool is_union = NodeKind(site.fault.frame.a) == NodeKind::union_item;
      if (site.fault.last == NodeKind::where_clause && t.is(at, Token::kw_where)) return duplicate_where(site);
      if (site.fault.last == NodeKind::where_clause)
        return plain(
            "expected `{` after " + std::string(is_union ? "union" : "struct") + " name, found " + t.describe(at),
            t.span(at), "expected `{` after " + std::string(is_union ? "union" : "struct") + " name");
      if (is_union)
        return plain("expected `where` or `{` after union name, found " + t.describe(at), t.span(at),
                     "expected `where` or `{` after union name");
      return plain("expected `where`, `{`, `(`, or `;` after struct name, found " + t.describe(at), t.span(at),
                   "expected `where`, `{`, `(`, or `;` after struct name");
    }
    case State::trait_generics:
    case State::trait_bounds:
    case State::trait_where:
    case State::impl_generics:
    case State::impl_first:
    case State::impl_second:
    case State::impl_where: {
      const bool trait = site.state() == State::trait_generics || site.state() == State::trait_bounds ||
                         site.state() == State::trait_where;
      if (site.is(Token::semi)) {
        Diagnostic d = plain("expected `{}`, found `;`", t.span(at));
        d.notes.push_back({source::Level::help, "try using `{}` instead"});
        return d;
      }
      const NodeKind last = site.fault.last;
      Expected e("{");
      if (last == NodeKind::where_clause) {
        if (t.is(at, Token::kw_where)) return duplicate_where(site);
        e.add(behind_where(site));
      } else if (trait) {
        e.add("where");
        if (last == NodeKind::bounds)
          e.add(bound_continuation(site.trace, site.fault.place)).add("=");
        else
          e.add(last == NodeKind::generic_params ? ": =" : ": < =");
      } else {
        const uint32_t type = first_token(site.trace, site.fault.place - 1);
        const bool first = type == 0 || !t.is(type - 1, Token::kw_for);
        if (first && t.is(at, Token::ident) && (t.is(at + 1, Token::ident) || t.is(at + 1, Token::kw_for)))
          return site.expected(Expected("! ( + :: < where {"), at + 1);  // a word for `for`, and a type behind it
        if (first && !site.is(Token::kw_for)) {
          // A type where `for` should be.
          const bool type = t.is(at, Token::ident) && (t.is(at + 1, Token::open_brace) ||
                                                       t.is(at + 1, Token::kw_where) || t.is(at + 1, Token::lt));
          if (type || t.is_glued(at, "..")) {
            Diagnostic d = plain("missing `for` in a trait impl", t.behind_previous(at));
            d.suggestions.push_back({"add `for` here",
                                     {{{t.behind_previous(at), " for "}}},
                                     source::Applicability::machine_applicable,
                                     source::SuggestionStyle::hide_code_inline});
            return d;
          }
        }
        e.add("where").add(type_continuation(site.trace, site.fault.place));
        if (first) e.add("for");
      }
      return site.expected(e);
    }
    case State::items:
      if (auto d = qualifiers(site)) return d;
      if (at > 0 && t.is(at - 1, Token::kw_extern))
        return site.expected(Expected(t.is(at, Token::ident) ? "crate {" : "crate {"));
      if (t.is(at - 1, Token::ident) && at > 1 && t.is(at - 2, Token::kw_mod)) return site.expected(Expected("; {"));
      return {};
    default: return {};
  }
}

// The semicolon behind an item without a body.
Words semi_expected(const Site& site) {
  const FileTokens& t = site.t;
  const uint32_t at = site.at;
  const NodeKind last = site.fault.last;
  switch (site.state()) {
    case State::use_item_end: {
      if (last == NodeKind::name || last == NodeKind::path) {
        if (t.is_glued(at, ":") && !t.is(at + 1, Token::semi)) {
          Diagnostic d = site.expected(Expected("::"));
          return d;
        }
        return site.expected(Expected(":: ; as"));
      }
      Diagnostic d = site.expected(Expected(";"));
      if (t.is(at - 1, Token::star)) d.note("the wildcard token must be last on the path");
      if (t.is(at - 1, Token::close_brace)) d.note("glob-like brace syntax must be last on the path");
      return d;
    }
    case State::items:
    case State::block_body: {
      if (t.is(at, Token::minus) && t.is(at - 1, Token::ident)) {  // extern crate a-b
        uint32_t first = at - 1, end = at;
        while (t.is(end, Token::minus) && t.is(end + 1, Token::ident)) end += 2;
        Diagnostic d = plain("crate name using dashes are not valid in `extern crate` statements",
                             site.span(first, end - 1), "dash-separated idents are not valid");
        source::Suggestion s{"if the original crate name uses dashes you need to use underscores in the code",
                             {{}},
                             source::Applicability::machine_applicable,
                             source::SuggestionStyle::show_always};
        for (uint32_t p = at; p < end; p += 2) s.alternatives[0].push_back({t.span(p), "_"});
        d.suggestions.push_back(s);
        return d;
      }
      return site.expected(Expected(t.is(at - 2, Token::kw_crate) ? "; as" : ";"));
    }
    case State::type_generics:
    case State::type_bounds:
    case State::type_where:
    case State::type_value:
    case State::type_end: {
      Expected e(";");
      if (last == NodeKind::where_clause) {
        if (!t.is(at - 1, Token::comma))
          return site.expected(e.add(behind_where(site)).add(site.state() == State::type_end ? "" : "="));
        return site.expected(e.add("# lifetime type = where"));
      }
      if (site.state() == State::type_end || site.state() == State::type_value)
        return site.expected(e.add("where").add(type_continuation(site.trace, site.fault.place)));
      if (last == NodeKind::bounds)
        return site.expected(e.add("= where").add(bound_continuation(site.trace, site.fault.place)));
      return site.expected(e.add(last == NodeKind::generic_params ? ": = where" : ": < = where"));
    }
    case State::const_type:
    case State::const_where:
    case State::const_init:
    case State::static_init: {
      if (last == NodeKind::where_clause || t.is_glued(at - 1, "=")) return {};
      const bool is_static = site.state() == State::static_init;
      return site.expected(
          Expected(is_static ? "; =" : "; = where").add(type_continuation(site.trace, site.fault.place)));
    }
    case State::alias_bounds:
    case State::alias_end:
      return site.expected(Expected("; where").add(bound_continuation(site.trace, site.fault.place)));
    default: return {};
  }
}

// Items that cannot be where they are.
Words out_of_place(const Site& site) {
  const FileTokens& t = site.t;
  const uint32_t at = site.at;
  const Place place = site.place();
  uint32_t end = at;
  while (!t.is(end, Token::semi) && !t.is(end, Token::open_brace) && !t.is(end, Token::eof)) ++end;
  if (t.is(end, Token::open_brace)) end = t.match[end];
  if (t.is(at, Token::kw_static) && place != Place::foreign)
    return plain("associated `static` items are not allowed", site.span(at, end));
  if (t.is(at, Token::kw_const) && place == Place::foreign) {
    Diagnostic d = plain("extern items cannot be `const`", t.span(at + 1));
    d.suggestions.push_back({"try using a static value",
                             {{{t.span(at), "static"}}},
                             source::Applicability::machine_applicable,
                             source::SuggestionStyle::show_always});
    d.notes.push_back(
        {source::Level::note, "for more information, visit https://doc.rust-lang.org/std/keyword.extern.html"});
    return d;
  }
  const char* what = nullptr;
  switch (t.kind(at)) {
    case Token::kw_struct: what = "struct"; break;
    case Token::kw_enum: what = "enum"; break;
    case Token::kw_trait: what = "trait"; break;
    case Token::kw_mod: what = "module"; break;
    case Token::kw_impl: what = "implementation"; break;
    case Token::kw_use: what = "`use` import"; break;
    case Token::kw_type: what = "type alias"; break;
    case Token::kw_macro: what = "macro definition"; break;
    case Token::kw_extern: what = t.is(at + 1, Token::kw_crate) ? "extern crate" : "extern block"; break;
    case Token::ident:
      what = t.is_word(at, sym::macro_rules) ? "macro definition" : t.is_word(at, sym::union_) ? "union" : nullptr;
      break;
    default: break;
  }
  if (what == nullptr) return {};
  Diagnostic d = plain(std::string(what) + " is not supported in " +
                           (place == Place::foreign ? "`extern` blocks" : "`trait`s or `impl`s"),
                       site.span(at, end));
  d.notes.push_back(
      {source::Level::help, "consider moving the " + std::string(what) + " out to a nearby module scope"});
  return d;
}

// #![…] behind what it cannot stand behind.
Words inner_attribute(const Site& site) {
  const FileTokens& t = site.t;
  const uint32_t at = site.at, close = t.is(at + 2, Token::open_bracket) ? t.match[at + 2] : at + 1;
  const source::Span span = site.span(at, close);
  Diagnostic d;
  if (at > 0 && lex::is_doc(t.kind(at - 1))) {
    d = plain("an inner attribute is not permitted following an outer doc comment", span,
              "not permitted following an outer doc comment");
    d.spans.labels.push_back({t.span(at - 1), "previous doc comment"});
  } else if (at > 0 && t.is(at - 1, Token::close_bracket) && t.match[at - 1] > 0 &&
             t.is(t.match[at - 1] - 1, Token::pound)) {
    d = plain("an inner attribute is not permitted following an outer attribute", span,
              "not permitted following an outer attribute");
    d.spans.labels.push_back({site.span(t.match[at - 1] - 1, at - 1), "previous outer attribute"});
  } else {
    d = plain("an inner attribute is not permitted in this context", span);
  }
  d.notes.push_back(
      {source::Level::note,
       "inner attributes, like `#![no_std]`, annotate the item enclosing them, and are usually found at the "
       "beginning of source files"});
  return d;
}

// Inside the brackets of an attribute.
bool in_attribute(const FileTokens& t, uint32_t at) {
  uint32_t p = at;
  while (p > 0 && (t.is(p - 1, Token::ident) || lex::is_keyword(t.kind(p - 1)) || t.is(p - 1, Token::colon) ||
                   lex::is_literal(t.kind(p - 1)) || t.is(p - 1, Token::eq) || t.is(p - 1, Token::close_paren)))
    p = t.is(p - 1, Token::close_paren) ? t.match[p - 1] : p - 1;
  return p > 1 && t.is(p - 1, Token::open_bracket) && (t.is(p - 2, Token::pound) || t.is(p - 2, Token::bang));
}

}  // namespace

Place Site::place() const {
  if (fault.frame.state == State::items) return Place(fault.frame.a);
  for (uint32_t n = 0; n != fault.stack.size(); ++n) {
    if (around(n) == State::items) return Place(fault.stack[fault.stack.size() - 1 - n].a);
    if (around(n) == State::block_body) return Place::statement;
  }
  return Place::module;
}

std::optional<Diagnostic> word_item(const Trace& trace, const Fault& fault) {
  const Site site{trace, fault};
  const FileTokens& t = site.t;
  const uint32_t at = site.at;
  switch (site.fault.kind) {
    case ErrorKind::expected_item:
    case ErrorKind::expected_item_after_attributes:
    case ErrorKind::expected_item_after_doc:
    case ErrorKind::non_item_in_list: return no_item(site);
    case ErrorKind::not_in_context: return out_of_place(site);
    case ErrorKind::inner_attribute: return inner_attribute(site);
    case ErrorKind::expected_keyword_fn: return qualifiers(site);
    case ErrorKind::expected_block: return block_expected(site);
    case ErrorKind::expected_semi: return semi_expected(site);
    case ErrorKind::unexpected_token:
      if (in_attribute(t, at)) {
        if (t.is(at - 1, Token::ident) || t.is(at - 1, Token::kw_self_lower))
          return site.expected(Expected("( :: = [ ] {"));
        return site.expected(Expected("]"));
      }
      if (t.is(at, Token::lt) && site.state() != State::item_end && at > 1 &&
          (t.is(at - 2, Token::kw_static) || t.is(at - 2, Token::kw_mut))) {
        uint32_t end = at;
        while (!t.is(end, Token::gt) && !t.is(end, Token::eof)) ++end;
        return plain("static items may not have generic parameters",
                     {t.span(at).begin, t.starts[end] + t.lengths[end]});
      }
      if (site.state() == State::item_end) {
        if (auto d = name_for_keyword(site)) return d;
        if (visibility_before(t, at - 1) != at - 1 && t.is(at - 1, Token::ident)) {
          Site before = site;
          before.at = at - 1;
          return no_item(before);
        }
        return site.expected(Expected("! ::"));
      }
      return {};
    case ErrorKind::default_not_here: {
      const uint32_t word = at - 1;
      if (visibility_before(t, at + 1) == at || t.is(at, Token::kw_pub)) return no_item(site);
      if (site.place() != Place::module && site.place() != Place::statement) return no_item(site);
      if (!t.is(at, Token::ident) &&
          (!lex::is_keyword(t.kind(at)) || !begins_item(t, at) || t.is(at, Token::kw_unsafe)))
        return no_item(site);
      if (t.is_word(at, sym::macro_rules)) {
        Diagnostic d = plain("a macro definition cannot be `" + std::string(t.text(word)) + "`", t.span(word),
                             "`default` because of this");
        d.notes.push_back({source::Level::note, "only associated `fn`, `const`, and `type` items can be `default`"});
        return d;
      }
      Diagnostic d = plain(std::string(article_of(t.kind(at))) + " cannot be `" + std::string(t.text(word)) + "`",
                           t.span(word), "`" + std::string(t.text(word)) + "` because of this");
      d.notes.push_back({source::Level::note, "only associated `fn`, `const`, and `type` items can be `default`"});
      return d;
    }
    case ErrorKind::expected_colon: {
      if (site.state() != State::const_generics && site.state() != State::static_type && site.state() != State::items &&
          site.state() != State::block_body)
        return {};
      const bool is_static = site.state() == State::items || site.state() == State::block_body;
      if (t.is_glued(at, "=") || t.is(at, Token::semi) || (!is_static && t.is(at, Token::kw_where))) {
        const bool mut = is_static && at > 1 && t.is(at - 2, Token::kw_mut);
        const std::string what = is_static ? (mut ? "static mut" : "static") : "const";
        Diagnostic d = plain("missing type for `" + what + "` item", t.behind_previous(at));
        d.suggestions.push_back({"provide a type for the item",
                                 {{{t.behind_previous(at), ": <type>"}}},
                                 source::Applicability::has_placeholders,
                                 source::SuggestionStyle::hide_code_inline});
        return d;
      }
      if (!is_static)
        if (Site s = site; t.is(at, Token::open_paren) && site.fault.last == NodeKind::name) {
          if (auto d = name_for_keyword(s)) return d;
        }
      return site.expected(Expected(is_static                                     ? ": ; ="
                                    : site.fault.last == NodeKind::generic_params ? ": ; = where"
                                                                                  : ": ; < = where"));
    }
    case ErrorKind::semi_after_macro: {
      // The arguments are what is wrong.
      uint32_t close = at - 1, open = t.match.empty() ? close : t.match[close];
      Diagnostic d = plain("macros that expand to items must be delimited with braces or followed by a semicolon",
                           site.span(open, close));
      d.suggestions.push_back({"change the delimiters to curly braces",
                               {{{t.span(open), "{"}, {t.span(close), "}"}}},
                               source::Applicability::maybe_incorrect,
                               source::SuggestionStyle::show_always});
      d.suggestions.push_back({"add a semicolon",
                               {{{t.behind_previous(at), ";"}}},
                               source::Applicability::maybe_incorrect,
                               source::SuggestionStyle::show_always});
      return d;
    }
    case ErrorKind::expected_paren:
      if (site.state() == State::fn_generics) {
        if (t.is(at, Token::kw_for)) {
          uint32_t fn = at;
          while (fn > 0 && !t.is(fn, Token::kw_fn)) --fn;
          Diagnostic d = plain("you might have meant to write `impl` instead of `fn`", t.span(fn));
          d.suggestions.push_back({"replace `fn` with `impl` here",
                                   {{{t.span(fn), "impl"}}},
                                   source::Applicability::machine_applicable,
                                   source::SuggestionStyle::show_always});
          return d;
        }
        if (t.is_glued(at, "::") && t.is(at + 2, Token::lt)) {
          Diagnostic d = plain("invalid path separator in function definition", t.span(at));
          d.suggestions.push_back({"remove invalid path separator",
                                   {{{t.span(at), ""}}},
                                   source::Applicability::machine_applicable,
                                   source::SuggestionStyle::show_always});
          return d;
        }
        Diagnostic d = plain("missing parameters for function definition", t.behind_previous(at));
        d.suggestions.push_back({"add a parameter list",
                                 {{{t.behind_previous(at), "()"}}},
                                 source::Applicability::unspecified,
                                 source::SuggestionStyle::hide_code_inline});
        return d;
      }
      break;
    case ErrorKind::expected_identifier: {
      if (site.state() == State::items || site.state() == State::block_body) {
        if (at > 0 && t.is(at - 1, Token::kw_const)) {
          if (t.is(at, Token::kw_mut)) {
            Diagnostic d = plain("const globals cannot be mutable", t.span(at), "cannot be mutable");
            d.suggestions.push_back({"you might want to declare a static instead",
                                     {{{t.span(at - 1), "static"}}},
                                     source::Applicability::maybe_incorrect,
                                     source::SuggestionStyle::show_always});
            return d;
          }
          if (t.is(at, Token::kw_let)) {
            Diagnostic d = plain("`const` and `let` are mutually exclusive", site.span(at - 1, at));
            d.suggestions.push_back({"remove `let`",
                                     {{{site.span(at - 1, at), "const"}}},
                                     source::Applicability::maybe_incorrect,
                                     source::SuggestionStyle::hide_code_inline});
            return d;
          }
        }
        if (at > 0 && t.is(at - 1, Token::kw_enum) && t.is(at, Token::kw_struct)) {
          Diagnostic d = plain("`enum` and `struct` are mutually exclusive", site.span(at - 1, at));
          d.suggestions.push_back({"replace `enum struct` with",
                                   {{{site.span(at - 1, at), "enum"}}},
                                   source::Applicability::machine_applicable,
                                   source::SuggestionStyle::hide_code_inline});
          return d;
        }
        if (auto d = qualifiers(site)) return d;
      }
      break;
    }
    default: break;
  }
  return {};
}

}  // namespace rustg::parse
