// Versions and requirements against the semver crate: a table of its answers, and where the crate is at hand, 400,000 random questions.
#include "graph/semver.h"

#include <gtest/gtest.h>

#include <random>

#include "graph/oracle.h"

namespace rustg::graph {
namespace {

std::string version_verdict(std::string_view text) {
  auto v = parse_version(text);
  return v ? "ok " + to_string(*v) : v.error().message;
}
std::string requirement_verdict(std::string_view text) {
  auto r = parse_requirement(text);
  return r ? "ok" : r.error().message;
}

// Matching as the compiled tables do it.
bool within(const Bounds& b, const Version& v) {
  if (v < b.low || (b.high && v >= *b.high)) return false;
  if (v.pre.empty()) return true;
  for (const Version& t : b.triples)
    if (t.major == v.major && t.minor == v.minor && t.patch == v.patch) return true;
  return false;
}

TEST(Semver, Versions) {
  const char* const cases[][2] = {
      {"1.2.3", "ok 1.2.3"},
      {"1.2.3-alpha.1+b.01", "ok 1.2.3-alpha.1+b.01"},
      {"18446744073709551615.0.0", "ok 18446744073709551615.0.0"},
      {"", "empty string, expected a semver version"},
      {"1", "unexpected end of input while parsing major version number"},
      {"1.2", "unexpected end of input while parsing minor version number"},
      {"1.2.3-", "empty identifier segment in pre-release identifier"},
      {"a.b.c", "unexpected character 'a' while parsing major version number"},
      {"1.2.3 abc", "unexpected character ' ' after patch version number"},
      {"1.2.3-01", "invalid leading zero in pre-release identifier"},
      {"1.2.3++", "empty identifier segment in build metadata"},
      {"07", "invalid leading zero in major version number"},
      {"111111111111111111111.0.0", "value of major version number exceeds u64::MAX"},
      {"8", "unexpected end of input while parsing major version number"},
      {"1.2.3é", "unexpected character 'é' after patch version number"},
  };
  for (auto [text, verdict] : cases) EXPECT_EQ(version_verdict(text), verdict) << text;
  EXPECT_EQ(version_verdict(std::string_view("8\0", 2)), "unexpected character '\\0' after major version number");
}

TEST(Semver, Requirements) {
  const char* const cases[][2] = {
      {"", "unexpected end of input while parsing major version number"},
      {" * ", "ok"},
      {"*.1", "unexpected character after wildcard in version req"},
      {">= >= 0.0.2", "unexpected character '>' while parsing major version number"},
      {"1.2.3 - 2.3.4", "expected comma after patch version number, found '-'"},
      {"1, *", "wildcard req (*) must be the only comparator in the version req"},
      {"*, 1", "wildcard req (*) must be the only comparator in the version req"},
      {"> 0.1.0,", "unexpected end of input while parsing major version number"},
      {"1.*.1", "unexpected character after wildcard in version req"},
      {"1.x.x", "ok"},
      {"~1.2.3-a+b , <2", "ok"},
  };
  for (auto [text, verdict] : cases) EXPECT_EQ(requirement_verdict(text), verdict) << text;
  std::string many = "1";
  for (int i = 1; i != 32; ++i) many += ",1";
  EXPECT_EQ(requirement_verdict(many), "ok");
  EXPECT_EQ(requirement_verdict(many + ",1"), "excessive number of version comparators");
}

TEST(Semver, OrderIsThatOfTheSpecification) {
  const char* const rising[] = {"0.0.0-0",     "0.0.0",         "1.0.0-0",
                                "1.0.0-1",     "1.0.0-9",       "1.0.0-10",
                                "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta",
                                "1.0.0-beta",  "1.0.0-beta+1",  "1.0.0",
                                "1.0.0+0",     "1.0.0+00",      "1.0.0+1",
                                "1.0.0+01",    "1.0.0+2",       "1.0.0+a",
                                "1.0.1",       "1.1.0",         "2.0.0"};
  for (size_t i = 0; i != std::size(rising); ++i)
    for (size_t j = 0; j != std::size(rising); ++j)
      EXPECT_EQ(*parse_version(rising[i]) <=> *parse_version(rising[j]), i <=> j) << rising[i] << ' ' << rising[j];
}

TEST(Semver, BoundsSayWhatMatchesSays) {
  // Every shape of requirement against every version around it.
  std::vector<std::string> numbers = {"0", "1", "2"}, pres = {"", "-0", "-a", "-a.0", "-b"};
  std::vector<Version> versions;
  std::vector<std::string> comparators;
  for (auto& a : numbers)
    for (auto& b : numbers)
      for (auto& c : numbers)
        for (auto& p : pres)
          for (const char* build : {"", "+x"}) versions.push_back(*parse_version(a + "." + b + "." + c + p + build));
  for (const char* op : {"", "=", ">", ">=", "<", "<=", "~", "^"})
    for (auto& a : {"0", "1"}) {
      for (const char* tail : {"", ".*", ".0", ".1", ".1.*"}) comparators.push_back(std::string(op) + a + tail);
      for (const char* tail : {".0.0", ".0.1", ".1.0", ".1.1"})
        for (auto& p : pres) comparators.push_back(std::string(op) + a + tail + p);
    }
  std::mt19937 random(1);
  std::vector<std::string> texts = comparators;
  for (int i = 0; i != 3000; ++i)
    texts.push_back(comparators[random() % comparators.size()] + ", " + comparators[random() % comparators.size()]);
  texts.push_back("*");
  for (const char* top :
       {">18446744073709551615", ">1.18446744073709551615.18446744073709551615", "^18446744073709551615.1"})
    texts.push_back(top);
  for (const std::string& text : texts) {
    auto req = parse_requirement(text);
    ASSERT_TRUE(req) << text;
    const Bounds b = bounds(*req);
    for (const Version& v : versions) ASSERT_EQ(within(b, v), matches(*req, v)) << text << ' ' << to_string(v);
  }
}

// Texts that are nearly versions or requirements.
struct Random {
  std::mt19937 engine{7};
  uint32_t below(uint32_t n) { return engine() % n; }
  bool one_in(uint32_t n) { return below(n) == 0; }
  std::string number() {
    static const char* const odd[] = {"00", "01", "18446744073709551615", "18446744073709551616", "",
                                      "x",  "*",  "99999999999"};
    return one_in(60) ? odd[below(8)] : std::to_string(below(one_in(4) ? 20 : 3));
  }
  std::string identifiers(bool build) {
    static const char* const parts[] = {"0", "1", "2",  "10", "a",  "alpha", "beta", "rc1",
                                        "A", "-", "1a", "00", "01", "x-y",   ""};
    std::string out = parts[below(one_in(12) || build ? 15 : 11)];
    while (one_in(3)) out += std::string(".") + parts[below(one_in(12) || build ? 15 : 11)];
    return out;
  }
  std::string noise(std::string text) {
    static const char letters[] = "019.-+*xX,<>=~^ a_'\"\\\t/é";
    if (one_in(12) && !text.empty()) {
      const size_t at = below(uint32_t(text.size()));
      const char c = letters[below(sizeof letters - 3)];  // ASCII
      if (c != '\t') text[at] = c;
    }
    if (one_in(40)) text.insert(below(uint32_t(text.size()) + 1), "é");
    return text;
  }
  std::string version() {
    std::string v = number() + "." + number() + "." + number();
    if (one_in(3)) v += "-" + identifiers(false);
    if (one_in(6)) v += "+" + identifiers(true);
    return v;
  }
  std::string requirement() {
    static const char* const ops[] = {"", "", "^", "=", ">", ">=", "<", "<=", "~", "> ", " ^"};
    std::string r;
    do {
      if (!r.empty()) r += one_in(2) ? ", " : ",";
      r += ops[below(11)] + number();
      if (!one_in(5)) r += "." + number();
      if (!one_in(4)) r += "." + number();
      if (one_in(4)) r += "-" + identifiers(false);
      if (one_in(12)) r += "+" + identifiers(true);
      if (one_in(12)) r += ".*";
    } while (one_in(3));
    return r;
  }
};

TEST(Semver, SaysWhatTheCrateSays) {
  Random random;
  std::vector<std::string> questions, own;
  std::vector<std::string> versions, requirements;
  for (int i = 0; i != 100'000; ++i) {
    std::string v = random.noise(random.version()), r = random.noise(random.requirement());
    questions.push_back("V\t" + v);
    own.push_back(version_verdict(v));
    if (own.back().starts_with("ok ")) versions.push_back(v);
    questions.push_back("R\t" + r);
    own.push_back(requirement_verdict(r));
    if (own.back() == "ok") requirements.push_back(r);
  }
  ASSERT_GT(versions.size(), 30'000u);
  ASSERT_GT(requirements.size(), 30'000u);
  const auto any = [&](const std::vector<std::string>& list) { return list[random.below(uint32_t(list.size()))]; };
  uint32_t matching = 0;
  for (int i = 0; i != 100'000; ++i) {
    std::string a = any(versions), b = any(versions), r = any(requirements);
    const Version x = *parse_version(a), y = *parse_version(b);
    questions.push_back("C\t" + a + "\t" + b);
    own.push_back(x < y ? "<" : x > y ? ">" : "=");
    questions.push_back("M\t" + r + "\t" + a);
    const VersionReq req = *parse_requirement(r);
    own.push_back(matches(req, x) ? "true" : "false");
    matching += matches(req, x);
    ASSERT_EQ(within(bounds(req), x), matches(req, x)) << r << ' ' << a;
  }
  ASSERT_GT(matching, 5'000u);
  std::string why;
  const auto answers = ask_semver(questions, why);
  if (!answers) GTEST_SKIP() << why;
  ASSERT_EQ(answers->size(), own.size());
  for (size_t i = 0; i != own.size(); ++i) ASSERT_EQ(own[i], (*answers)[i]) << questions[i];
}

}  // namespace
}  // namespace rustg::graph
