#include "source/explain.h"

#include <algorithm>
#include <iterator>

namespace rustg::source {

namespace {

struct Explanation {
  std::string_view code, text;
};
// In the order of the codes.
constexpr Explanation kExplanations[] = {
#include "explain_texts.inc"
};

}  // namespace

std::optional<std::string_view> explain(std::string_view code) {
  auto found = std::lower_bound(std::begin(kExplanations), std::end(kExplanations), code,
                                [](const Explanation& e, std::string_view wanted) { return e.code < wanted; });
  if (found == std::end(kExplanations) || found->code != code) return std::nullopt;
  return found->text;
}

}  // namespace rustg::source
