// What could still belong to a type, bound or pattern that ends where an error is.
#include "parse/expected.h"

namespace rustg::parse {

namespace {

NodeKind node(const Trace& trace, uint32_t place) {
  return place == 0 || place > trace.node_kinds.size() ? NodeKind::none : NodeKind(trace.node_kinds[place - 1]);
}

// Behind a path; macros: it may be a macro's.
Expected path_continuation(const Trace& trace, uint32_t place, bool plus, bool macros) {
  Expected e("::");
  if (plus) e.add("+");
  if (macros) e.add("!");
  if (node(trace, place) == NodeKind::path) --place;  // its last segment
  if (node(trace, place) != NodeKind::generic) return e.add("( <");
  switch (node(trace, place - 1)) {
    case NodeKind::paren_args: return e.add("->");
    case NodeKind::ret: return type_continuation(trace, place - 1, false);
    default: return e;
  }
}

}  // namespace

Expected type_continuation(const Trace& trace, uint32_t place, bool plus) {
  switch (node(trace, place)) {
    case NodeKind::name:
    case NodeKind::path:
    case NodeKind::generic: return path_continuation(trace, place, plus, true);
    case NodeKind::ref_type:
    case NodeKind::pointer_type: return type_continuation(trace, place - 1, false);
    case NodeKind::ret:
    case NodeKind::param:
    case NodeKind::field:
    case NodeKind::tuple_field: return type_continuation(trace, place - 1, plus);
    case NodeKind::fn_type:
      if (node(trace, place - 1) == NodeKind::ret) return type_continuation(trace, place - 2, false);
      return Expected("->");
    case NodeKind::impl_type:
    case NodeKind::dyn_type:
    case NodeKind::object_type: return bound_continuation(trace, place - 1, plus);
    default: return {};
  }
}

Expected bound_continuation(const Trace& trace, uint32_t place, bool plus) {
  switch (node(trace, place)) {
    case NodeKind::name:
    case NodeKind::path:
    case NodeKind::generic: return path_continuation(trace, place, plus, false);
    case NodeKind::bound:
    case NodeKind::bounds:
    case NodeKind::where_predicate: return bound_continuation(trace, place - 1, plus);
    case NodeKind::lifetime:
    case NodeKind::paren_bound: return plus ? Expected("+") : Expected();
    default: return {};
  }
}

Expected pattern_continuation(const Trace& trace, uint32_t place) {
  switch (node(trace, place)) {
    case NodeKind::binding: {
      // `x @ pattern` ends in the pattern.
      const uint32_t first = trace.node_starts[place - 1];
      return first + 1 == place ? Expected("@") : pattern_continuation(trace, place - 1);
    }
    case NodeKind::literal: return Expected("... ..= ..");
    case NodeKind::path:
    case NodeKind::generic:
      return Expected("( ... ..= .. :: {").add(trace.node_kinds[place - 1] == uint8_t(NodeKind::path) ? "!" : "");
    case NodeKind::range_pattern:
      if (node(trace, place - 1) == NodeKind::name || node(trace, place - 1) == NodeKind::path) return Expected("::");
      return {};
    case NodeKind::ref_pattern:
    case NodeKind::box_pattern: return pattern_continuation(trace, place - 1);
    default: return {};
  }
}

}  // namespace rustg::parse
