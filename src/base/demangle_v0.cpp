// The v0 mangling: a recursive descent over the grammar of RFC 2603. Depth, output and work are bounded, since back references
// let a short symbol stand for an enormous name; a symbol beyond the bounds counts as malformed.
#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "base/demangle.h"

namespace rustg::detail {

namespace {

constexpr uint32_t kMaxDepth = 200;
constexpr size_t kMaxOutput = 1 << 16;
constexpr uint32_t kMaxSteps = 1 << 14;
constexpr size_t kMaxInput = 1 << 15;
constexpr size_t kMaxPunycode = 256;

struct Identifier {
  std::string_view text;      // the ASCII characters
  std::string_view punycode;  // where the others go
  uint64_t disambiguator = 0;
  bool empty() const { return text.empty() && punycode.empty(); }
};

const char* basic_type(char tag) {
  switch (tag) {
    case 'a': return "i8";
    case 'b': return "bool";
    case 'c': return "char";
    case 'd': return "f64";
    case 'e': return "str";
    case 'f': return "f32";
    case 'h': return "u8";
    case 'i': return "isize";
    case 'j': return "usize";
    case 'l': return "i32";
    case 'm': return "u32";
    case 'n': return "i128";
    case 'o': return "u128";
    case 'p': return "_";
    case 's': return "i16";
    case 't': return "u16";
    case 'u': return "()";
    case 'v': return "...";
    case 'x': return "i64";
    case 'y': return "u64";
    case 'z': return "!";
    default: return nullptr;
  }
}

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// RFC 3492, with digits a-z, 0-9. The text is small: an insertion costs its length.
bool append_punycode(std::string& out, const Identifier& name) {
  if (name.text.size() + name.punycode.size() > kMaxPunycode) return false;
  std::vector<uint32_t> characters(name.text.begin(), name.text.end());
  uint64_t n = 0x80, i = 0, bias = 72;
  bool first = true;
  for (size_t at = 0; at < name.punycode.size();) {
    uint64_t delta = 0, weight = 1;
    for (uint64_t k = 36;; k += 36) {
      if (at == name.punycode.size()) return false;
      const char c = name.punycode[at++];
      if (!is_lower(c) && !is_digit(c)) return false;
      const uint64_t digit = static_cast<uint64_t>(is_lower(c) ? c - 'a' : c - '0' + 26);
      const uint64_t threshold = k <= bias ? 1 : std::min<uint64_t>(k - bias, 26);
      delta += digit * weight;
      if (delta > 0xffffffff) return false;
      if (digit < threshold) break;
      weight *= 36 - threshold;
      if (weight > 0xffffffff) return false;
    }
    const uint64_t length = characters.size() + 1;
    i += delta;
    n += i / length;
    i %= length;
    if (n > 0x10ffff || (n >= 0xd800 && n < 0xe000)) return false;
    characters.insert(characters.begin() + static_cast<ptrdiff_t>(i), static_cast<uint32_t>(n));
    ++i;
    delta = first ? delta / 700 : delta / 2;
    first = false;
    delta += delta / length;
    uint64_t k = 0;
    for (; delta > 455; k += 36) delta /= 35;
    bias = k + 36 * delta / (delta + 38);
  }
  for (const uint32_t c : characters) append_utf8(out, c);
  return true;
}

class Demangler {
 public:
  explicit Demangler(std::string_view text) : text_(text) {}

  std::optional<std::string> run() {
    if (text_.empty() || text_.size() > kMaxInput || !is_upper(text_[0])) return std::nullopt;
    if (!std::all_of(text_.begin(), text_.end(), [](char c) { return c > ' ' && c < 0x7f; })) return std::nullopt;
    path(true);
    // The crate that instantiated it: parsed, not shown.
    if (!failed_ && at_ < text_.size()) {
      ++silent_;
      path(false);
      --silent_;
    }
    if (failed_ || at_ != text_.size()) return std::nullopt;
    return std::move(out_);
  }

 private:
  // One grammar rule at a time: it counts the depth and the work.
  class Rule {
   public:
    explicit Rule(Demangler& demangler) : demangler_(demangler) {
      if (++demangler_.depth_ > kMaxDepth || ++demangler_.steps_ > kMaxSteps) demangler_.fail();
    }
    ~Rule() { --demangler_.depth_; }
    Rule(const Rule&) = delete;
    Rule& operator=(const Rule&) = delete;

   private:
    Demangler& demangler_;
  };

  void fail() { failed_ = true; }
  char peek() const { return failed_ || at_ == text_.size() ? '\0' : text_[at_]; }
  bool eat(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  char next() {
    const char c = peek();
    if (c == '\0') {
      fail();
    } else {
      ++at_;
    }
    return c;
  }
  void print(std::string_view text) {
    if (silent_ || failed_) return;
    out_ += text;
    if (out_.size() > kMaxOutput) fail();
  }

  // `_` is 0, else digits of base 62 and `_`, plus one.
  uint64_t base_62() {
    if (eat('_')) return 0;
    uint64_t value = 0;
    for (;;) {
      const char c = next();
      if (failed_) return 0;
      if (c == '_') break;
      uint64_t digit = 0;
      if (is_digit(c)) {
        digit = static_cast<uint64_t>(c - '0');
      } else if (is_lower(c)) {
        digit = static_cast<uint64_t>(c - 'a') + 10;
      } else if (is_upper(c)) {
        digit = static_cast<uint64_t>(c - 'A') + 36;
      } else {
        fail();
      }
      if (__builtin_mul_overflow(value, 62u, &value) || __builtin_add_overflow(value, digit, &value)) fail();
    }
    if (__builtin_add_overflow(value, 1u, &value)) fail();
    return value;
  }
  uint64_t optional_base_62(char tag) {
    if (!eat(tag)) return 0;
    const uint64_t value = base_62();
    if (value == UINT64_MAX) fail();
    return value + 1;
  }
  uint64_t disambiguator() { return optional_base_62('s'); }

  Identifier identifier() {
    Identifier name;
    name.disambiguator = disambiguator();
    const bool punycode = eat('u');
    if (!is_digit(peek())) {
      fail();
      return name;
    }
    size_t length = static_cast<size_t>(next() - '0');
    // A leading zero is a whole number.
    while (length != 0 && is_digit(peek())) {
      length = length * 10 + static_cast<size_t>(next() - '0');
      if (length > text_.size()) fail();
    }
    eat('_');  // before names that begin with a digit or an underscore
    if (failed_ || length > text_.size() - at_) {
      fail();
      return name;
    }
    name.text = text_.substr(at_, length);
    at_ += length;
    if (!punycode) return name;
    const size_t split = name.text.rfind('_');
    name.punycode = split == std::string_view::npos ? name.text : name.text.substr(split + 1);
    name.text = split == std::string_view::npos ? std::string_view{} : name.text.substr(0, split);
    if (name.punycode.empty()) fail();
    return name;
  }
  void print(const Identifier& name) {
    if (silent_ || failed_) return;
    if (name.punycode.empty()) return print(name.text);
    if (!append_punycode(out_, name) || out_.size() > kMaxOutput) fail();
  }

  // Continue at an earlier place for the while of `rule`. What is not shown need not be read again.
  template <class F>
  void back_reference(F rule) {
    const size_t start = at_ - 1;
    const uint64_t target = base_62();
    if (failed_ || target >= start) return fail();
    if (silent_) return;
    const size_t resume = at_;
    at_ = static_cast<size_t>(target);
    rule();
    at_ = resume;
  }

  // In an expression generic arguments follow `::`. `open`: leave the closing `>` to the caller; true if it has to.
  bool path(bool in_value, bool open = false) {
    const Rule rule(*this);
    if (failed_) return false;
    switch (next()) {
      case 'C': print(identifier()); return false;
      case 'N': {
        const char space = next();
        if (!is_lower(space) && !is_upper(space)) {
          fail();
          return false;
        }
        path(in_value);
        const Identifier name = identifier();
        if (is_upper(space)) {
          print(space == 'C' ? "::{closure" : space == 'S' ? "::{shim" : std::string("::{") + space);
          if (!name.empty()) {
            print(":");
            print(name);
          }
          print("#" + std::to_string(name.disambiguator) + "}");
        } else if (!name.empty()) {
          print("::");
          print(name);
        }
        return false;
      }
      case 'M': impl_path(); return self_type(false);
      case 'X': impl_path(); return self_type(true);
      case 'Y': return self_type(true);
      case 'I':
        path(in_value);
        print(in_value ? "::<" : "<");
        list([&] { generic_argument(); });
        if (open) return true;
        print(">");
        return false;
      case 'B': {
        bool left_open = false;
        back_reference([&] { left_open = path(in_value, open); });
        return left_open;
      }
      default: fail(); return false;
    }
  }
  void impl_path() {
    disambiguator();
    ++silent_;
    path(false);
    --silent_;
  }
  bool self_type(bool has_trait) {
    print("<");
    type();
    if (has_trait) {
      print(" as ");
      path(false);
    }
    print(">");
    return false;
  }

  // Items up to an E, commas between them. Their number.
  template <class F>
  size_t list(F item, std::string_view separator = ", ") {
    size_t count = 0;
    for (; !failed_ && !eat('E'); ++count) {
      if (count != 0) print(separator);
      item();
    }
    return count;
  }

  void generic_argument() {
    if (eat('L')) {
      lifetime(base_62());
    } else if (eat('K')) {
      constant(false);
    } else {
      type();
    }
  }

  // Index 0 is '_; else it counts from the innermost binder.
  void lifetime(uint64_t index) {
    if (index == 0) return print("'_");
    if (index > bound_lifetimes_) return fail();
    const uint64_t depth = bound_lifetimes_ - index;
    if (depth < 26) return print({'\'', static_cast<char>('a' + depth)});
    print("'_" + std::to_string(depth));
  }
  void print(std::initializer_list<char> characters) { print(std::string_view(characters.begin(), characters.size())); }

  template <class F>
  void binder(F rule) {
    const uint64_t bound = optional_base_62('G');
    if (bound > kMaxSteps) return fail();
    if (bound != 0) {
      print("for<");
      for (uint64_t i = 0; i < bound && !failed_; ++i) {
        if (i != 0) print(", ");
        ++bound_lifetimes_;
        lifetime(1);
        if (++steps_ > kMaxSteps) fail();
      }
      print("> ");
    }
    rule();
    bound_lifetimes_ -= std::min(bound, bound_lifetimes_);
  }

  void type() {
    const Rule rule(*this);
    if (failed_) return;
    const char tag = next();
    if (const char* basic = basic_type(tag)) return print(basic);
    switch (tag) {
      case 'R':
      case 'Q':
        print("&");
        if (eat('L')) {
          if (const uint64_t index = base_62(); index != 0) {
            lifetime(index);
            print(" ");
          }
        }
        if (tag == 'Q') print("mut ");
        return type();
      case 'P': print("*const "); return type();
      case 'O': print("*mut "); return type();
      case 'A':
      case 'S':
        print("[");
        type();
        if (tag == 'A') {
          print("; ");
          constant(true);
        }
        return print("]");
      case 'T': {
        print("(");
        if (list([&] { type(); }) == 1) print(",");
        return print(")");
      }
      case 'F': return binder([&] { function_type(); });
      case 'D':
        print("dyn ");
        binder([&] { list([&] { dyn_trait(); }, " + "); });
        if (!eat('L')) return fail();
        if (const uint64_t index = base_62(); index != 0) {
          print(" + ");
          lifetime(index);
        }
        return;
      case 'B': return back_reference([&] { type(); });
      default:
        if (failed_) return;
        --at_;
        path(false);
    }
  }

  void function_type() {
    if (eat('U')) print("unsafe ");
    if (eat('K')) {
      print("extern \"");
      if (eat('C')) {
        print("C");
      } else {
        const Identifier abi = identifier();
        if (abi.text.empty() || !abi.punycode.empty()) return fail();
        std::string text(abi.text);
        std::replace(text.begin(), text.end(), '_', '-');
        print(text);
      }
      print("\" ");
    }
    print("fn(");
    list([&] { type(); });
    print(")");
    if (eat('u')) return;  // -> ()
    print(" -> ");
    type();
  }

  void dyn_trait() {
    bool open = path(false, true);
    while (eat('p')) {
      print(open ? ", " : "<");
      open = true;
      print(identifier());
      print(" = ");
      type();
    }
    if (open) print(">");
  }

  // Hexadecimal digits up to `_`.
  std::string_view hex_digits() {
    const size_t start = at_;
    while (is_digit(peek()) || (peek() >= 'a' && peek() <= 'f')) ++at_;
    const size_t end = at_;
    if (!eat('_')) fail();
    return failed_ ? std::string_view{} : text_.substr(start, end - start);
  }
  static bool to_u64(std::string_view digits, uint64_t& value) {
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
    if (digits.size() > 16) return false;
    value = 0;
    for (const char c : digits) value = value * 16 + static_cast<uint64_t>(is_digit(c) ? c - '0' : c - 'a' + 10);
    return true;
  }
  void unsigned_constant() {
    const std::string_view digits = hex_digits();
    uint64_t value = 0;
    if (digits.empty()) {
      fail();
    } else if (to_u64(digits, value)) {
      print(std::to_string(value));
    } else {
      print("0x");
      print(digits);
    }
  }

  // `in_value`: where an expression is expected, so that compound constants need no braces.
  void constant(bool in_value) {
    const Rule rule(*this);
    if (failed_) return;
    const char tag = next();
    const bool braces = !in_value && (tag == 'e' || tag == 'R' || tag == 'Q' || tag == 'A' || tag == 'T' || tag == 'V');
    const bool bare_string = (tag == 'R' || tag == 'Q') && peek() == 'e';
    if (braces && !(bare_string && tag == 'R')) print("{");
    switch (tag) {
      case 'p': print("_"); break;
      case 'h':
      case 't':
      case 'm':
      case 'y':
      case 'o':
      case 'j': unsigned_constant(); break;
      case 'a':
      case 's':
      case 'l':
      case 'x':
      case 'n':
      case 'i':
        if (eat('n')) print("-");
        unsigned_constant();
        break;
      case 'b': {
        uint64_t value = 2;
        if (!to_u64(hex_digits(), value) || value > 1) return fail();
        print(value ? "true" : "false");
        break;
      }
      case 'c': {
        uint64_t value = 0;
        if (!to_u64(hex_digits(), value) || value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) return fail();
        print("'");
        print_character(static_cast<uint32_t>(value), '\'');
        print("'");
        break;
      }
      case 'e':
        print("*");
        string();
        break;
      case 'R':
      case 'Q':
        // A literal is a reference already.
        if (tag == 'R' && eat('e')) {
          string();
        } else {
          print(tag == 'R' ? "&" : "&mut ");
          constant(true);
        }
        break;
      case 'A':
        print("[");
        list([&] { constant(true); });
        print("]");
        break;
      case 'T':
        print("(");
        if (list([&] { constant(true); }) == 1) print(",");
        print(")");
        break;
      case 'V': adt(); break;
      case 'B': return back_reference([&] { constant(in_value); });
      default: return fail();
    }
    if (braces && !(bare_string && tag == 'R')) print("}");
  }
  void adt() {
    path(true);
    switch (next()) {
      case 'U': return;
      case 'T':
        print("(");
        list([&] { constant(true); });
        return print(")");
      case 'S':
        print(" { ");
        list([&] {
          print(identifier());
          print(": ");
          constant(true);
        });
        return print(" }");
      default: return fail();
    }
  }
  void string() {
    const std::string_view digits = hex_digits();
    if (failed_ || digits.size() % 2 != 0) return fail();
    print("\"");
    for (size_t i = 0; i < digits.size() && !failed_;) {
      // UTF-8, two digits a byte.
      const auto byte = [&] {
        uint64_t value = 0;
        if (i + 2 > digits.size()) return fail(), 0u;
        to_u64(digits.substr(i, 2), value);
        i += 2;
        return static_cast<uint32_t>(value);
      };
      uint32_t c = byte();
      const int tails = c < 0x80 ? 0 : c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
      if (c >= 0x80 && (c < 0xc2 || c > 0xf4)) return fail();
      if (tails != 0) c &= 0x3fu >> tails;
      for (int k = 0; k < tails; ++k) {
        const uint32_t tail = byte();
        if ((tail & 0xc0) != 0x80) return fail();
        c = c << 6 | (tail & 0x3f);
      }
      if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) return fail();
      print_character(c, '"');
    }
    print("\"");
  }
  void print_character(uint32_t c, char quote) {
    if (silent_ || failed_) return;
    switch (c) {
      case 0: return print("\\0");
      case '\t': return print("\\t");
      case '\n': return print("\\n");
      case '\r': return print("\\r");
      case '\\': return print("\\\\");
      default: break;
    }
    if (c == static_cast<uint32_t>(quote)) return print({'\\', quote});
    if (c < 0x20 || (c >= 0x7f && c < 0xa0)) {
      static constexpr char kDigits[] = "0123456789abcdef";
      print("\\u{");
      if (c >= 16) print({kDigits[c >> 4]});
      print({kDigits[c & 15]});
      return print("}");
    }
    append_utf8(out_, c);
  }

  std::string_view text_;
  size_t at_ = 0;
  std::string out_;
  uint64_t bound_lifetimes_ = 0;
  uint32_t depth_ = 0, steps_ = 0, silent_ = 0;
  bool failed_ = false;
};

}  // namespace

std::optional<std::string> demangle_v0(std::string_view mangled) { return Demangler(mangled).run(); }

}  // namespace rustg::detail
