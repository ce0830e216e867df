// Names in normalization form C: against Unicode's own test file (Debian's unicode-data), and names and character classes against rustc.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "lex/scan.h"
#include "lex/spelling.h"

namespace rustg::lex {
namespace {

void put(std::string& out, uint32_t c) {
  uint32_t bytes = encode_utf8(c);
  do out += char(bytes);
  while ((bytes >>= 8) != 0);
}
std::string utf8(std::initializer_list<uint32_t> codes) {
  std::string out;
  for (uint32_t c : codes) put(out, c);
  return out;
}
// Padded, as texts are.
struct Padded {
  explicit Padded(std::string_view text)
      : bytes(std::string(text) + std::string(16, '\n')), size(uint32_t(text.size())) {}
  const uint8_t* data() const { return reinterpret_cast<const uint8_t*>(bytes.data()); }
  std::string bytes;
  uint32_t size;
};
std::string nfc_of(std::string_view text) {
  const Padded padded(text);
  std::string out;
  for (Nfc n(padded.data(), padded.data() + padded.size); !n.done(); n.next()) put(out, n.get());
  return out;
}
uint64_t hash(std::string_view text) {
  const Padded padded(text);
  return Spelling::hash(padded.data(), padded.size);
}
bool equal(std::string_view a, std::string_view b) {
  const Padded p(a), q(b);
  return Spelling::equal(p.data(), p.size, q.data(), q.size);
}

std::string output_of(const std::string& command) {
  std::string out;
  FILE* pipe = popen(command.c_str(), "r");
  std::array<char, 1 << 16> part;
  for (size_t n; (n = fread(part.data(), 1, part.size(), pipe)) != 0;) out.append(part.data(), n);
  return pclose(pipe) == -1 ? std::string() : out;
}

TEST(Nfc, UnicodesOwnTests) {
  const std::string file = output_of("bzcat /usr/share/unicode/NormalizationTest.txt.bz2 2>/dev/null");
  if (file.empty()) GTEST_SKIP() << "needs the package unicode-data";
  std::istringstream in(file);
  uint32_t lines = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#' || line[0] == '@') continue;
    std::istringstream columns(line);
    std::string forms[5];
    for (auto& form : forms) {
      std::string column;
      std::getline(columns, column, ';');
      std::istringstream codes(column);
      for (uint32_t c; codes >> std::hex >> c;) put(form, c);
    }
    ++lines;
    for (int i = 0; i < 5; ++i) EXPECT_EQ(nfc_of(forms[i]), forms[i < 3 ? 1 : 3]) << line;
  }
  EXPECT_GT(lines, 18000u);
}

// Marks in any number and order: each class keeps its order, and time is linear.
TEST(Nfc, ManyMarks) {
  const uint32_t marks[] = {0x334, 0x327, 0x316, 0x301, 0x308,
                            0x315, 0x35c, 0x345, 0x5b0, 0x3099};  // of ten classes but for two of one
  std::mt19937 random(1);
  std::vector<uint32_t> run;
  for (int i = 0; i < 300000; ++i) run.push_back(marks[random() % std::size(marks)]);
  std::string text = "x", sorted = "x";
  for (uint32_t c : run) put(text, c);
  std::stable_sort(run.begin(), run.end(),
                   [](uint32_t a, uint32_t b) { return nfc::combining_order(a) < nfc::combining_order(b); });
  for (uint32_t c : run) put(sorted, c);
  // x takes in a diaeresis or nothing.
  const size_t first =
      std::find_if(run.begin(), run.end(), [](uint32_t c) { return c == 0x301 || c == 0x308; }) - run.begin();
  if (run[first] == 0x308) {
    sorted = utf8({0x1e8d});
    for (size_t i = 0; i < run.size(); ++i) {
      if (i != first) put(sorted, run[i]);
    }
  }
  EXPECT_TRUE(nfc_of(text) == sorted);
  EXPECT_EQ(hash(text), hash(sorted));
}

// A name hashes as its NFC does, of any length.
TEST(Spelling, HashesAndCompares) {
  std::mt19937 random(2);
  for (uint32_t length : {1, 2, 3, 7, 8, 9, 15, 16, 17, 100, 340, 341, 342, 343, 400, 1000, 5000}) {
    for (int round = 0; round < 20; ++round) {
      std::string name = "n", normal = "n", other = "n";
      for (uint32_t i = 0; i < length; ++i) {
        const uint32_t kind = random() % 4;
        name += kind == 0   ? utf8({'e', 0x301})
                : kind == 1 ? utf8({0x212a})
                : kind == 2 ? utf8({0x1100, 0x1161, 0x11a8})
                            : "y";
        normal += kind == 0 ? utf8({0xe9}) : kind == 1 ? "K" : kind == 2 ? utf8({0xac01}) : "y";
        other += kind == 0 ? utf8({0xe9}) : kind == 1 ? "K" : kind == 2 ? utf8({0xac00}) : "y";
      }
      EXPECT_EQ(nfc_of(name), normal);
      const Padded plain(normal);
      EXPECT_EQ(hash(name), device::hash_bytes(plain.data(), plain.size)) << normal;
      EXPECT_TRUE(equal(name, normal) && equal(normal, name) && equal(name, name));
      EXPECT_EQ(equal(name, other), normal == other);
    }
  }
  EXPECT_TRUE(equal(utf8({'\'', 'e', 0x301}), utf8({'\'', 0xe9})));
  EXPECT_TRUE(equal("'r#x", "'x"));
  EXPECT_EQ(hash("'r#x"), hash("'x"));
  EXPECT_FALSE(equal("'r#x", "'y"));
}

// The rustc whose Unicode ours is; empty: none.
std::string rustc() {
  for (const char* program : {"/usr/bin/rustc", "rustc"}) {
    if (output_of(std::string(program) + " --version 2>/dev/null").starts_with("rustc 1.96."))
      return std::string("RUSTC_BOOTSTRAP=1 ") + program;
  }
  return {};
}
bool is_scalar(uint32_t c) { return c < 0xd800 || c > 0xdfff; }

// rustc prints a crate with its names in NFC.
TEST(RustcNames, AreOurs) {
  const std::string program = rustc(), path = RUSTG_BINARY_DIR "/lex_names.rs";
  if (program.empty()) GTEST_SKIP() << "needs rustc 1.96";
  std::vector<std::string> names;
  std::vector<uint32_t> unusual;
  for (uint32_t c = 0xa0; c < 0x110000; ++c) {
    if (!is_scalar(c) || !(unicode_class(c) & kXidContinue)) continue;
    names.push_back("x" + utf8({c}));
    if (unicode_class(c) & kXidStart) names.push_back(utf8({c, 'x'}));
    if (unicode_class(c) & kMayNeedNfc ||
        (nfc_of(utf8({c})) == utf8({c}) && nfc::lower_bound(nfc_host::kDecomposed, 2081, c) < 2081 &&
         nfc_host::kDecomposed[nfc::lower_bound(nfc_host::kDecomposed, 2081, c)] == c))
      unusual.push_back(c);
  }
  std::mt19937 random(3);
  for (int round = 0; round < 100000; ++round) {
    std::string name = "x";  // as no keyword begins
    for (uint32_t n = 1 + random() % 7; n != 0; --n)
      put(name, random() % 8 == 0 ? 'a' + random() % 26 : unusual[random() % unusual.size()]);
    names.push_back(name);
  }
  {
    std::ofstream out(path);
    for (const auto& name : names) out << "const " << name << ": u8 = 0;\n";
  }
  std::istringstream in(output_of(program + " --edition 2021 -Zunpretty=normal " + path + " 2>&1"));
  uint32_t different = 0;
  for (const auto& name : names) {
    std::string line;
    std::getline(in, line);
    if (line != "const " + nfc_of(name) + ": u8 = 0;" && ++different <= 20) ADD_FAILURE() << name << "\n" << line;
  }
  EXPECT_EQ(different, 0u);
  EXPECT_GT(names.size(), 300000u);
}

// What begins no name, and what goes on with none, at both ends of each range of such characters: rustc says of every one of them that it begins no token.
TEST(RustcNames, EndWhereOursDo) {
  const std::string program = rustc(), path = RUSTG_BINARY_DIR "/lex_no_names.rs";
  if (program.empty()) GTEST_SKIP() << "needs rustc 1.96";
  std::vector<uint32_t> unknown;
  std::ofstream out(path);
  for (uint32_t bit : {kXidStart, kXidContinue}) {
    auto is_in = [&](uint32_t c) { return c >= 0x110000 || !is_scalar(c) || (unicode_class(c) & (bit | kEmoji)) != 0; };
    for (uint32_t c = 0xa1; c < 0x110000; ++c) {
      if (is_in(c) || is_unicode_whitespace(c) || !(is_in(c - 1) || is_in(c + 1))) continue;
      unknown.push_back(c);
      out << "m!{" << (bit == kXidStart ? " " : "x") << utf8({c}) << "}\n";
    }
  }
  out.close();
  const std::string said =
      output_of(program + " --edition 2021 -Zparse-crate-root-only --error-format short " + path + " 2>&1");
  std::vector<uint32_t> found;
  for (size_t at = 0; (at = said.find("unknown start of token: \\u{", at)) != std::string::npos; at += 20)
    found.push_back(uint32_t(std::stoul(said.substr(at + 27), nullptr, 16)));
  EXPECT_TRUE(found == unknown) << found.size() << " of " << unknown.size();
  EXPECT_GT(unknown.size(), 2000u);
}

}  // namespace
}  // namespace rustg::lex
