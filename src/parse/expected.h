// "expected one of `,`, `>`, or an operator, found `x`".
#pragma once
#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "parse/trace.h"

namespace rustg::parse {

// What might have stood in a place. Written as words with spaces between: tokens as they are, and `operator`, `identifier`, `lifetime`, `type`, `path`,
// `literal`, `const` (a const expression) and `generic-open` for what has a name; a keyword that is one of these is written with a `.` before it.
class Expected {
 public:
  Expected() = default;
  Expected(const char* words) { add(std::string_view(words)); }
  Expected& add(std::string_view words);
  Expected& add(const char* words) { return add(std::string_view(words)); }
  Expected& add(const Expected& other) {
    names_.insert(other.names_.begin(), other.names_.end());
    return *this;
  }
  // The name as messages have it, with its quotes.
  bool has(std::string_view name) const { return names_.contains(std::string(name)); }
  bool empty() const { return names_.empty(); }
  size_t size() const { return names_.size(); }
  // The last so many, in order.
  std::vector<std::string_view> last(size_t count) const {
    std::vector<std::string_view> all(names_.begin(), names_.end());
    return {all.end() - std::ptrdiff_t(std::min(count, all.size())), all.end()};
  }
  // "`a`, `b`, or `c`"
  std::string list() const;

 private:
  std::set<std::string> names_;  // in the order of rustc's lists, too
};

// What could still belong to what was parsed last, which ends right before `place`: behind the type `A`, a `::` or `<`. `plus`: bounds may follow with +.
Expected type_continuation(const Trace& trace, uint32_t place, bool plus = true);
Expected bound_continuation(const Trace& trace, uint32_t place, bool plus = true);
Expected pattern_continuation(const Trace& trace, uint32_t place);

// An error at a token where one of `expected` should be.
source::Diagnostic expected_one_of(const FileTokens& tokens, uint32_t token, const Expected& expected);

}  // namespace rustg::parse
