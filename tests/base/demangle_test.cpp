#include "base/demangle.h"

#include <gtest/gtest.h>

namespace rustg {
namespace {

TEST(Demangle, Legacy) {
  EXPECT_EQ(demangle("_ZN1a4main17hf21d01ea6c6aa901E"), "a::main");
  EXPECT_EQ(demangle("ZN1a4main17hf21d01ea6c6aa901E"), "a::main");
  EXPECT_EQ(demangle("_ZN42_$LT$$RF$T$u20$as$u20$core..fmt..Debug$GT$3fmt17h9ceda19970267a29E"),
            "<&T as core::fmt::Debug>::fmt");
  EXPECT_EQ(demangle("_ZN3std2rt10lang_start28_$u7b$$u7b$closure$u7d$$u7d$17h755410bba8d2fa33E"),
            "std::rt::lang_start::{{closure}}");
  EXPECT_EQ(
      demangle("_ZN9hashbrown3raw21RawTable$LT$T$C$A$GT$14reserve_rehash17h7153a891a0e576deE.llvm.6371867692747262429"),
      "hashbrown::raw::RawTable<T,A>::reserve_rehash");
  EXPECT_EQ(demangle("_ZN4core3ops8function6FnOnce40call_once$u7b$$u7b$vtable.shim$u7d$$u7d$17hccf94632e430bd1bE"),
            "core::ops::function::FnOnce::call_once{{vtable.shim}}");
  EXPECT_EQ(demangle("_ZN3foo3barE"), "foo::bar");
  EXPECT_EQ(demangle("_ZN3foo17h05af221e174051e9E.cold"), "foo.cold");
  EXPECT_EQ(demangle("_ZN3foo17h05af221e174051e9E.cold.1"), "foo.cold.1");
}

TEST(Demangle, OtherNamesStayAsTheyAre) {
  for (const char* name : {"",
                           "main",
                           "_start",
                           "__wasm_call_ctors",
                           "_Z",
                           "_ZN",
                           "_ZNE",
                           "_ZN3fooEx y",
                           "_ZN9fooE",
                           "_ZN99999999999999999999999999fooE",
                           "_ZN3foo",
                           "_R",
                           "_RNvC",
                           "R",
                           "Result",
                           "_ZN-1fooE",
                           "_RNvCs_3foo",
                           "_RB_",
                           "_RNvB_1a",
                           "_RC3fo\xff",
                           "Repeat"})
    EXPECT_EQ(demangle(name), name);
}

TEST(Demangle, V0) {
  EXPECT_EQ(demangle("_RNvCsdrcVig15qaX_1a4main"), "a::main");
  EXPECT_EQ(demangle("_RNCINvNtCs65odhARDMYf_3std2rt10lang_startuE0CsdrcVig15qaX_1a"),
            "std::rt::lang_start::<()>::{closure#0}");
  EXPECT_EQ(demangle("_RNSNvYNCINvNtCs65odhARDMYf_3std2rt10lang_startuE0INtNtNtCshetwn31oUMr_"
                     "4core3ops8function6FnOnceuE9call_once6vtableCsdrcVig15qaX_1a"),
            "<std::rt::lang_start<()>::{closure#0} as core::ops::function::FnOnce<()>>::call_once::{shim:vtable#0}");
  EXPECT_EQ(demangle("_RNvXs1g_NtCshetwn31oUMr_4core3fmtRcNtB6_5Debug3fmtCsdrcVig15qaX_1a"),
            "<&char as core::fmt::Debug>::fmt");
  // From RFC 2603.
  EXPECT_EQ(demangle("_RNvNtCs1234_7mycrate3foo3bar"), "mycrate::foo::bar");
  EXPECT_EQ(demangle("_RNqCs4fqI2P2rA04_11utf8_identsu30____7hkackfecea1cbdathfdh9hlq6y"),
            "utf8_idents::საჭმელად_გემრიელი_სადილი");
}

TEST(Demangle, WorkIsBounded) {
  // Every T has two references to the one before it: 2^60 elements if they were all written out.
  std::string symbol = "_RINvC1a1f";
  std::string last = "h";
  for (int i = 0; i < 60; ++i) {
    const size_t at = symbol.size() - 2;
    symbol += "T" + last;
    symbol += last + "E";
    std::string digits;
    static constexpr char kDigits[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t number = at - 1;
    do {
      digits.insert(digits.begin(), kDigits[number % 62]);
      number /= 62;
    } while (number != 0);
    last = "B" + digits + "_";
  }
  symbol += "E";
  EXPECT_EQ(demangle(symbol), symbol);
  std::string deep = "_RINvC1a1f" + std::string(100000, 'R') + "hE";
  EXPECT_EQ(demangle(deep), deep);
  deep = "_R" + std::string(30000, 'M');
  EXPECT_EQ(demangle(deep), deep);
}

}  // namespace
}  // namespace rustg
