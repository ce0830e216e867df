#include "graph/semver.h"

#include <fmt/format.h>

#include <algorithm>

namespace rustg::graph {
namespace {

// Where in a version the reader is, as messages name it.
constexpr const char* kParts[] = {"major version number", "minor version number", "patch version number",
                                  "pre-release identifier", "build metadata"};
enum Part { kMajor, kMinor, kPatch, kPre, kBuild };

// More is refused, as the semver crate does.
constexpr size_t kMaxComparators = 32;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_wildcard(char c) { return c == '*' || c == 'x' || c == 'X'; }
bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); }

// Reads from the front of a text. The first mistake stays in `error`, and everything after it fails.
struct Reader {
  std::string_view text;
  size_t at = 0;
  std::optional<Error> error = {};

  bool end() const { return at == text.size(); }
  char peek() const { return end() ? '\0' : text[at]; }
  bool take(char c) {
    if (end() || text[at] != c) return false;
    ++at;
    return true;
  }
  bool take_wildcard() {
    if (end() || !is_wildcard(text[at])) return false;
    ++at;
    return true;
  }
  void skip_spaces() {
    while (peek() == ' ') ++at;
  }
  bool fail(std::string message) {
    if (!error) error = Error{std::move(message), at};
    return false;
  }

  // The next character in quotes, escaped where Rust's Debug of a char does.
  std::string quoted() const {
    const unsigned char c = text[at];
    switch (c) {
      case 0: return "'\\0'";
      case '\t': return "'\\t'";
      case '\r': return "'\\r'";
      case '\n': return "'\\n'";
      case '\'': return "'\\''";
      case '\\': return "'\\\\'";
    }
    if (c < 0x20 || c == 0x7f) return fmt::format("'\\u{{{:x}}}'", c);
    size_t size = 1;
    while (c >= 0xc0 && at + size < text.size() && (text[at + size] & 0xc0) == 0x80) ++size;
    return fmt::format("'{}'", text.substr(at, size));
  }

  bool number(Part part, uint64_t& value) {
    const size_t begin = at;
    value = 0;
    for (; is_digit(peek()); ++at) {
      if (value == 0 && at != begin) return fail(fmt::format("invalid leading zero in {}", kParts[part]));
      if (__builtin_mul_overflow(value, uint64_t(10), &value) ||
          __builtin_add_overflow(value, uint64_t(text[at] - '0'), &value))
        return fail(fmt::format("value of {} exceeds u64::MAX", kParts[part]));
    }
    if (at != begin) return true;
    if (end()) return fail(fmt::format("unexpected end of input while parsing {}", kParts[part]));
    return fail(fmt::format("unexpected character {} while parsing {}", quoted(), kParts[part]));
  }

  bool dot(Part part) {
    if (take('.')) return true;
    if (end()) return fail(fmt::format("unexpected end of input while parsing {}", kParts[part]));
    return fail(fmt::format("unexpected character {} after {}", quoted(), kParts[part]));
  }

  // Identifiers with dots between them, at least one.
  bool identifiers(Part part, std::string& out) {
    const size_t begin = at;
    for (;;) {
      const size_t segment = at;
      bool digits = true;
      for (; !end(); ++at) {
        const char c = text[at];
        if (is_digit(c)) continue;
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-')) break;
        digits = false;
      }
      if (at == segment) return fail(fmt::format("empty identifier segment in {}", kParts[part]));
      if (part == kPre && digits && at - segment > 1 && text[segment] == '0')
        return fail(fmt::format("invalid leading zero in {}", kParts[part]));
      if (!take('.')) break;
    }
    out = text.substr(begin, at - begin);
    return true;
  }

  // One comparator and the spaces behind it. `part` becomes the last part it has.
  bool comparator(Comparator& out, Part& part) {
    bool caret_by_default = false;
    if (take('='))
      out.op = Op::exact;
    else if (take('>'))
      out.op = take('=') ? Op::greater_eq : Op::greater;
    else if (take('<'))
      out.op = take('=') ? Op::less_eq : Op::less;
    else if (take('~'))
      out.op = Op::tilde;
    else {
      caret_by_default = !take('^');
      out.op = Op::caret;
    }
    skip_spaces();
    part = kMajor;
    if (!number(kMajor, out.major)) return false;
    bool minor_wildcard = false;
    if (take('.')) {
      part = kMinor;
      if (take_wildcard()) {
        minor_wildcard = true;
        if (caret_by_default) out.op = Op::wildcard;
      } else if (uint64_t value; number(kMinor, value)) {
        out.minor = value;
      } else {
        return false;
      }
      if (take('.')) {
        part = kPatch;
        if (take_wildcard()) {
          if (caret_by_default) out.op = Op::wildcard;
        } else if (minor_wildcard) {
          return fail("unexpected character after wildcard in version req");
        } else if (uint64_t value; number(kPatch, value)) {
          out.patch = value;
        } else {
          return false;
        }
      }
    }
    if (out.patch && take('-')) {
      part = kPre;
      if (!identifiers(kPre, out.pre)) return false;
    }
    if (out.patch && take('+')) {
      part = kBuild;
      std::string ignored;  // build metadata never takes part in matching
      if (!identifiers(kBuild, ignored)) return false;
    }
    skip_spaces();
    return true;
  }
};

std::strong_ordering compare_texts(std::string_view a, std::string_view b) { return a.compare(b) <=> 0; }

std::string_view without_zeros(std::string_view digits) {
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits;
}

std::strong_ordering compare_segments(std::string_view a, std::string_view b, bool build) {
  const bool a_number = all_digits(a), b_number = all_digits(b);
  if (a_number != b_number) return a_number ? std::strong_ordering::less : std::strong_ordering::greater;
  if (!a_number) return compare_texts(a, b);
  // By value, of any length; build metadata may have leading zeros, of which fewer come first.
  const std::string_view x = build ? without_zeros(a) : a, y = build ? without_zeros(b) : b;
  if (auto order = x.size() <=> y.size(); order != 0) return order;
  if (auto order = compare_texts(x, y); order != 0) return order;
  return a.size() <=> b.size();
}

bool matches_exact(const Comparator& c, const Version& v) {
  return v.major == c.major && (!c.minor || v.minor == *c.minor) && (!c.patch || v.patch == *c.patch) && v.pre == c.pre;
}

// Where the version stands against the comparator; parts that the comparator lacks are equal.
std::strong_ordering compare(const Version& v, const Comparator& c) {
  if (v.major != c.major) return v.major <=> c.major;
  if (!c.minor) return std::strong_ordering::equal;
  if (v.minor != *c.minor) return v.minor <=> *c.minor;
  if (!c.patch) return std::strong_ordering::equal;
  if (v.patch != *c.patch) return v.patch <=> *c.patch;
  return compare_identifiers(v.pre, c.pre);
}

bool matches(const Comparator& c, const Version& v) {
  switch (c.op) {
    case Op::exact:
    case Op::wildcard: return matches_exact(c, v);
    case Op::greater: return compare(v, c) > 0;
    case Op::greater_eq: return matches_exact(c, v) || compare(v, c) > 0;
    case Op::less: return compare(v, c) < 0;
    case Op::less_eq: return matches_exact(c, v) || compare(v, c) < 0;
    case Op::tilde:
      if (v.major != c.major || (c.minor && v.minor != *c.minor)) return false;
      if (c.patch && v.patch != *c.patch) return v.patch > *c.patch;
      return compare_identifiers(v.pre, c.pre) >= 0;
    case Op::caret:
      if (v.major != c.major) return false;
      if (!c.minor) return true;
      if (c.major == 0 && v.minor != *c.minor) return false;
      if (!c.patch) return v.minor >= *c.minor;
      if (c.major == 0 && *c.minor == 0 && v.patch != *c.patch) return false;
      return compare(v, c) >= 0;
  }
  return false;
}

// Whether the comparator names a pre-release of the version's triple.
bool names_pre(const Comparator& c, const Version& v) {
  return !c.pre.empty() && c.major == v.major && c.minor == v.minor && c.patch == v.patch;
}

// The first version (a pre-release) behind all that begin with the comparator's first `parts` numbers. None: there is no larger number.
std::optional<Version> after(uint64_t major, uint64_t minor, uint64_t patch, int parts) {
  Version v{major, minor, patch, "0", ""};
  if (parts == 3) {
    if (++v.patch != 0) return v;
    parts = 2;
  }
  v.patch = 0;
  if (parts == 2) {
    if (++v.minor != 0) return v;
  }
  v.minor = 0;
  if (++v.major != 0) return v;
  return {};
}

struct Interval {
  std::optional<Version> low;  // none: behind every version
  std::optional<Version> high;
};

Interval interval(const Comparator& c) {
  const int parts = c.patch ? 3 : c.minor ? 2 : 1;
  const uint64_t minor = c.minor.value_or(0), patch = c.patch.value_or(0);
  const Version first{c.major, minor, patch, c.pre, ""};                   // releases: from here
  const Version any{c.major, minor, patch, parts == 3 ? c.pre : "0", ""};  // with the pre-releases of a partial version
  const std::optional<Version> behind =
      c.pre.empty() ? after(c.major, minor, patch, parts) : Version{c.major, minor, patch, c.pre + ".0", ""};
  switch (c.op) {
    case Op::exact:
    case Op::wildcard: return {first, behind};
    case Op::greater: return {behind, {}};
    case Op::greater_eq: return {first, {}};
    case Op::less: return {Version{0, 0, 0, "0", ""}, any};
    case Op::less_eq: return {Version{0, 0, 0, "0", ""}, behind};
    case Op::tilde: return {first, after(c.major, minor, patch, std::min(parts, 2))};
    case Op::caret: {
      const int fixed = c.major > 0 || parts == 1 ? 1 : minor > 0 || parts == 2 ? 2 : 3;
      return {any, after(c.major, minor, patch, fixed)};
    }
  }
  return {};
}

// Whether no pre-release of this triple matches whatever its place: a comparator without a patch number compares no pre-releases
// where it compares for equality.
bool refuses_pre(const Comparator& c, const Version& triple) {
  if (c.patch) return false;
  switch (c.op) {
    case Op::exact:
    case Op::wildcard:
    case Op::tilde: return true;
    case Op::greater_eq:
    case Op::less_eq: return c.major == triple.major && (!c.minor || *c.minor == triple.minor);
    default: return false;
  }
}

}  // namespace

std::strong_ordering compare_identifiers(std::string_view a, std::string_view b, bool build) {
  if (a == b) return std::strong_ordering::equal;
  // A release is behind its pre-releases; no build metadata is before any.
  if (a.empty() || b.empty()) return a.empty() == build ? std::strong_ordering::less : std::strong_ordering::greater;
  for (;;) {
    const size_t i = a.find('.'), j = b.find('.');
    if (auto order = compare_segments(a.substr(0, i), b.substr(0, j), build); order != 0) return order;
    if (i == a.npos || j == b.npos) return (i != a.npos) <=> (j != b.npos);
    a.remove_prefix(i + 1);
    b.remove_prefix(j + 1);
  }
}

std::strong_ordering Version::operator<=>(const Version& other) const {
  if (auto order = major <=> other.major; order != 0) return order;
  if (auto order = minor <=> other.minor; order != 0) return order;
  if (auto order = patch <=> other.patch; order != 0) return order;
  if (auto order = compare_identifiers(pre, other.pre); order != 0) return order;
  return compare_identifiers(build, other.build, true);
}

Result<Version> parse_version(std::string_view text) {
  if (text.empty()) return Error{"empty string, expected a semver version", 0};
  Reader in{text};
  Version v;
  Part last = kPatch;
  bool good = in.number(kMajor, v.major) && in.dot(kMajor) && in.number(kMinor, v.minor) && in.dot(kMinor) &&
              in.number(kPatch, v.patch);
  if (good && in.take('-')) {
    last = kPre;
    good = in.identifiers(kPre, v.pre);
  }
  if (good && in.take('+')) {
    last = kBuild;
    good = in.identifiers(kBuild, v.build);
  }
  if (good && !in.end()) in.fail(fmt::format("unexpected character {} after {}", in.quoted(), kParts[last]));
  if (in.error) return *in.error;
  return v;
}

std::string to_string(const Version& v) {
  return fmt::format("{}.{}.{}{}{}{}{}", v.major, v.minor, v.patch, v.pre.empty() ? "" : "-", v.pre,
                     v.build.empty() ? "" : "+", v.build);
}

Result<VersionReq> parse_requirement(std::string_view text) {
  Reader in{text};
  VersionReq req;
  in.skip_spaces();
  if (const char c = in.peek(); in.take_wildcard()) {
    in.skip_spaces();
    if (in.end()) return req;
    if (in.peek() == ',')
      in.fail(fmt::format("wildcard req ({}) must be the only comparator in the version req", c));
    else
      in.fail("unexpected character after wildcard in version req");
    return *in.error;
  }
  for (;;) {
    const size_t begin = in.at;
    Comparator c{};
    Part part;
    if (!in.comparator(c, part)) {
      // A lone wildcard among comparators has a message of its own.
      Reader again{text, begin};
      if (const char w = again.peek(); again.take_wildcard()) {
        again.skip_spaces();
        if (again.end() || again.peek() == ',')
          again.fail(fmt::format("wildcard req ({}) must be the only comparator in the version req", w));
        if (again.error) return *again.error;
      }
      return *in.error;
    }
    req.comparators.push_back(std::move(c));
    if (in.end()) return req;
    if (in.peek() != ',') {
      in.fail(fmt::format("expected comma after {}, found {}", kParts[part], in.quoted()));
      return *in.error;
    }
    in.take(',');
    in.skip_spaces();
    if (req.comparators.size() == kMaxComparators) {
      in.fail("excessive number of version comparators");
      return *in.error;
    }
  }
}

bool matches(const VersionReq& requirement, const Version& version) {
  const auto& all = requirement.comparators;
  if (!std::all_of(all.begin(), all.end(), [&](const Comparator& c) { return matches(c, version); })) return false;
  return version.pre.empty() ||
         std::any_of(all.begin(), all.end(), [&](const Comparator& c) { return names_pre(c, version); });
}

Bounds bounds(const VersionReq& requirement) {
  const auto& all = requirement.comparators;
  Bounds out{Version{0, 0, 0, "0", ""}, {}, {}};
  for (const Comparator& c : all) {
    Interval i = interval(c);
    if (!i.low) return {out.low, out.low, {}};
    if (*i.low > out.low) out.low = *i.low;
    if (i.high && (!out.high || *i.high < *out.high)) out.high = i.high;
  }
  for (const Comparator& c : all) {
    if (c.pre.empty()) continue;
    Version triple{c.major, *c.minor, *c.patch, "", ""};
    if (std::none_of(all.begin(), all.end(), [&](const Comparator& o) { return refuses_pre(o, triple); }))
      out.triples.push_back(std::move(triple));
  }
  std::sort(out.triples.begin(), out.triples.end());
  out.triples.erase(std::unique(out.triples.begin(), out.triples.end()), out.triples.end());
  return out;
}

std::string to_string(const VersionReq& requirement) {
  if (requirement.comparators.empty()) return "*";
  constexpr const char* kOps[] = {"=", ">", ">=", "<", "<=", "~", "^", ""};
  std::string text;
  for (const Comparator& c : requirement.comparators) {
    if (!text.empty()) text += ", ";
    text += kOps[int(c.op)] + std::to_string(c.major);
    if (c.minor) text += '.' + std::to_string(*c.minor);
    if (c.patch) text += '.' + std::to_string(*c.patch);
    if (c.op == Op::wildcard) text += ".*";
    if (!c.pre.empty()) text += '-' + c.pre;
  }
  return text;
}

}  // namespace rustg::graph
