// Corners of the grammar, with the verdict that rustc 1.96's parser gives in edition 2024.
#include <gtest/gtest.h>

#include <string>

#include "parse/batch.h"

namespace {

using namespace rustg;

void expect(bool accepted, std::initializer_list<const char*> sources) {
  for (const char* text : sources) {
    source::SourceMap map(lex::known_words());
    ASSERT_TRUE(map.add("input.rs", text, 3).ok());
    parse::test::Result result = parse::test::parse_on_cpu(map);
    EXPECT_EQ(result.errors.empty(), accepted) << text << "\n" << parse::test::error_text(result, map);
    auto wrong = parse::validate(result.tree, parse::test::broken_files(result, map));
    EXPECT_TRUE(wrong.empty()) << text << "\n" << wrong[0];
  }
}

TEST(ParseGrammar, ValuesOfAttributesAreExpressions) {
  expect(true, {"#[a = -1] fn f() {}", "#[a = 1 + 1] fn f() {}", "#[a = b::c!(1)] fn f() {}",
                "#[a = if x {1} else {2}] fn f() {}", "#[a = #[b] 1] fn f() {}", "fn f() { m!(#[a = $x] 1) }",
                "#![a = b!{}] #![c = &d] /** e */ fn f() {}",
                "#[unsafe(a = {let x = 1; x})] fn f() { #![a = -1] #[b = c!()] let x = 1; #[d = !e] x }",
                "#[doc = concat!(\"a\", b!())] #[c] /// d\nstruct S { #[e = &b] x: u8, #[f = -g] #[h = i!()] y: u8 }"});
  expect(false, {"#[a = !] fn f() {}", "#[a = $x] fn f() {}", "#[a = b c] fn f() {}", "#[a = m![1] 1] fn f() {}",
                 "#[a = 1, 2] fn f() {}", "#[a = #[b = $] 1] fn f() {}", "#[unsafe(a = -)] fn f() {}",
                 "#[unsafe(a = b) c] fn f() {}", "#[a = match x { 1 => , }] fn f() {}",
                 "#![u = || { static d = || 1; }]", "#![a = b!()] #![c = -] fn f() {}"});
}

TEST(ParseGrammar, AnErrorInAnAttributeHidesNoOther) {
  source::SourceMap map(lex::known_words());
  ASSERT_TRUE(
      map.add("input.rs", "#[a = b + ] fn f() { let; }\n#[c = -] struct S { x: u8 }\nfn h() { #[d = ,] i(); let; }", 3)
          .ok());
  parse::test::Result result = parse::test::parse_on_cpu(map);
  EXPECT_EQ(result.errors.size(), 5u) << parse::test::error_text(result, map);
}

// The list that is given up has a waiting value below it.
TEST(ParseGrammar, ManyErrorsBehindAnAttributeWithAValue) {
  std::string semis(200, ';');
  for (const std::string& text : {"#![a = b]" + semis, "fn f() { #![a = b]" + semis + "let; }", "mod m { #![a = b]" + semis + "}",
                                  "#![a = -]" + semis + " mod m { #![a = b]" + semis + "}"})
    expect(false, {text.c_str()});
}

TEST(ParseGrammar, Builtin) {
  expect(true, {"fn f() { builtin # offset_of(S, f); }", "fn f() { builtin # offset_of(S, f.a.0.1); }",
                "fn f() { builtin # offset_of(S, 0. 1.2); }", "fn f() { builtin # offset_of(S, 0.1,); }",
                "fn f() { builtin # wrap_binder(1, u8); builtin # unwrap_binder(a + b).c }",
                "fn f() { let builtin # deref(x) = y; match a { builtin # deref(Some(b) | c) => 1 } }",
                "fn f() { let x = builtin # type_ascribe(1, u8); }"});
  expect(false, {"fn f() { builtin # offset_of(S); }", "fn f() { builtin # offset_of(S, ); }",
                 "fn f() { builtin # offset_of(S, f, g); }", "fn f() { builtin # offset_of(S, f.); }",
                 "fn f() { builtin # offset_of(S, f..); }", "fn f() { builtin # offset_of(S, f()); }",
                 "fn f() { builtin # offset_of(S, a::b); }", "fn f() { builtin # offset_of(S, +1); }",
                 "fn f() { builtin # offset_of(S, 1.); }", "fn f() { builtin # offset_of(S, 0.0.1.); }",
                 "fn f() { builtin # offset_of(S, 1_u8); }", "fn f() { builtin # type_ascribe(1); }",
                 "fn f() { builtin # foo(x); }", "builtin # global_asm();"});
}

TEST(ParseGrammar, Generics) {
  expect(true, {"type T = impl use<Self>;", "type T = impl use<'a, T,>;", "struct A<const N: i32 = MAX>;",
                "struct A<const N: i32 = Self>;", "struct A<const N: i32 = unsafe {1}>;",
                "struct A<const N: i32 = const {1}>;", "struct S { a: Vec<foo:A> }", "struct S { a: Vec<foo<X>:A> }",
                "fn f<T: X<m(..): Send>>() {}", "fn f<'r#gen>() {}", "fn f() { Self::<A: B> }",
                "type T = use<'a>;", "type T = ?Sized;"});
  expect(false, {"type T = impl use<self>;", "type T = impl use<1>;", "type T = impl use<T: A>;",
                 "type T = impl use<a::b>;", "type T = impl use<_>;", "struct A<const N: i32 = i32::MAX>;",
                 "struct A<const N: i32 = A<3>>;", "struct A<const N: i32 = m!()>;", "struct A<const N: i32 = _>;",
                 "struct A<const N: i32 = <A>::B>;", "struct S { a: Vec<foo::bar:A> }",
                 "struct S { a: Vec<foo::bar<X>: A> }", "type X = Vec<&T: A>;", "type X = Vec<(A): A>;",
                 "fn f<T>() where T::method(..) -> (): Send {}", "fn f<'self>() {}", "fn f<'gen>() {}"});
}

TEST(ParseGrammar, BehindACallIsNoStructLiteral) {
  expect(true, {"fn f() { let x = S {}.a(); }", "fn f() { let x = m!().a + S {}; }", "fn f() { let x = f()!= 1; }"});
  expect(false, {"fn f() { let x = f() {}; }", "fn f() { a + f() {}; }", "fn f() { let x = a[0] {}; }",
                 "fn f() { let x = f()!(); }", "fn f() { let x = a.b() {}; }", "fn f() { let x = S {} {}; }"});
}

TEST(ParseGrammar, DocCommentsBeforeExpressions) {
  expect(true, {"fn f() { x + /// d\n y; x = /// d\n y; !/// d\n y }", "fn f() { let z = #[a] /// d\n y; }",
                "fn f() { x[/// d\n y]; g(/// d\n y, /** d */ z); [y; /// d\n 2]; (/// d\n y); [/// d\n y]; }",
                "fn f() { if /// d\n y {} while /// d\n y {} for x in /// d\n y {} match /// d\n y { _ => /// d\n 1 } }",
                "fn f() { |x| /// d\n y }", "fn f() { A { x: /// d\n y } }", "const A: u8 = #[a = b] /// d\n 1 + /// e\n 2;"});
  expect(false, {"fn f() { return /// d\n y }", "fn f() { .. /// d\n y }", "fn f() { x + /// d\n }"});
}

TEST(ParseGrammar, ExpressionsThatMayBeLeftOut) {
  expect(true, {"fn f() { return <<= 1; }", "fn f() { loop { break <<= 1; } }", "fn f() { yield <<= 1; }",
                "fn f() { return <a>::b; }", "fn f() { return <<a as b>::c as d>::e; }", "fn f() { return || _ = 1; }"});
  expect(false, {"fn f() { return _; }", "fn f() { return become g(); }", "fn f() { loop { break _; } }", "fn f() { (1.. _) }",
                 "fn f() { 1.. become g(); }", "fn f() { .. _ = 1; }", "fn f() { yield _; }", "fn f() { do yeet _; }",
                 "fn f() { .. <<= 1; }", "fn f() { .. <- 1; }", "fn f() { return <- 1; }"});
}

TEST(ParseGrammar, ClosuresThatBeginStatements) {
  expect(true, {"fn f() { a(static async || {}); }", "fn f() { static || {}; }", "fn f() { static move || {}; }",
                "fn f() { const static || {}; }"});
  expect(false, {"fn f() { static async || {}; }", "fn f() { static gen || {}; }", "fn f() { const async || {}; }"});
}

}  // namespace
