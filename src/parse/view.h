// The tree by names: what a node's children are, made from view.def. `FnItem fn(tree, node); if (fn.body() != kNoNode) …`
// A view is two words and looks children up when asked, from the last one backwards: O(children). Its constructor does not look at the
// node's kind; of a tree with errors, what is absent is kNoNode although it should be there.
#pragma once
#include <cstdint>

#include "base/hd.h"
#include "parse/tree.h"

namespace rustg::parse {

// Some of a node's children, next to each other: those whose last one is before `end`, down to `begin`.
class Nodes {
 public:
  RUSTG_HD Nodes(const TreeRef& tree, uint32_t begin, uint32_t end) : tree_(&tree), begin_(begin), end_(end) {}
  RUSTG_HD bool empty() const { return begin_ == end_; }
  RUSTG_HD uint32_t count() const {
    uint32_t n = 0;
    for (uint32_t next = end_; next != begin_; next = tree_->first(next - 1)) ++n;
    return n;
  }
  // From the last to the first.
  class Iterator {
   public:
    RUSTG_HD Iterator(const TreeRef* tree, uint32_t next) : tree_(tree), next_(next) {}
    RUSTG_HD uint32_t operator*() const { return next_ - 1; }
    RUSTG_HD Iterator& operator++() {
      next_ = tree_->first(next_ - 1);
      return *this;
    }
    RUSTG_HD bool operator!=(const Iterator& other) const { return next_ != other.next_; }

   private:
    const TreeRef* tree_;
    uint32_t next_;
  };
  RUSTG_HD Iterator begin() const { return {tree_, end_}; }
  RUSTG_HD Iterator end() const { return {tree_, begin_}; }

 private:
  const TreeRef* tree_;
  uint32_t begin_, end_;
};

namespace sets {

// A kind is the set of itself.
#define NODE(name)                                                                       \
  struct name {                                                                          \
    RUSTG_HD static constexpr bool has(NodeKind kind) { return kind == NodeKind::name; } \
  };
#include "parse/node.def"

RUSTG_HD constexpr bool among(NodeKind kind, NodeKind first, NodeKind last) { return kind >= first && kind <= last; }
template <class... Sets>
struct Union {
  RUSTG_HD static constexpr bool has(NodeKind kind) { return (Sets::has(kind) || ...); }
};

using Attribute = Union<attribute, doc>;
using PathSegment = Union<name, generic>;
using Path = Union<name, generic, path>;
using PathPrefix = Union<Path, path_root, qualified_self>;
using UsePath = Union<Path, path_root>;
using UseTree = Union<Path, use_rename, use_glob, use_group>;
using Item = Union<use_item, fn_item, extern_crate, extern_block, static_item, const_item, const_block_item, mod_item,
                   type_item, enum_item, struct_item, union_item, trait_item, trait_alias, impl_item, macro_rules,
                   macro_item, macro_call, builtin, delegation>;
struct Type {
  RUSTG_HD static constexpr bool has(NodeKind kind) {
    return among(kind, NodeKind::tuple_type, NodeKind::unsafe_binder) || Path::has(kind) ||
           Union<macro_call, builtin, bound, paren_bound, captures, variadic>::has(kind);
  }
};
struct Pattern {
  RUSTG_HD static constexpr bool has(NodeKind kind) {
    return among(kind, NodeKind::binding, NodeKind::guard_pattern) || Path::has(kind) ||
           Union<literal, macro_call, builtin, const_block>::has(kind);
  }
};
struct Expression {
  RUSTG_HD static constexpr bool has(NodeKind kind) {
    return (among(kind, NodeKind::literal, NodeKind::underscore) &&
            !Union<arguments, field_value, base, label, closure_params, else_, match_arms, arm, guard>::has(kind)) ||
           Path::has(kind) || Union<block, attributed, macro_call, builtin>::has(kind);
  }
};
using PatternOrAttribute = Union<Pattern, Attribute>;
struct Statement {
  RUSTG_HD static constexpr bool has(NodeKind kind) {
    return Expression::has(kind) || Item::has(kind) ||
           Union<let_statement, expr_statement, empty, Attribute>::has(kind);
  }
};
using Bound = Union<Path, lifetime, bound, paren_bound, captures>;
using TypeOrBound = Union<Type, Bound>;
using TypeOrLifetime = Union<Type, lifetime>;
using ObjectBound = Union<Bound, paren_type>;
using ImplType = Union<Type, rest>;
using Fields = Union<record_fields, tuple_fields>;
using ParamOrType = Union<param, self_param, variadic, Type, Attribute>;
using ParamOrPattern = Union<param, Pattern, Attribute>;
using GenericParam = Union<lifetime_param, type_param, const_param, Attribute>;
using ConstArgument = Union<Type, literal, block, const_block, unsafe_block>;
using GenericArgument = Union<ConstArgument, lifetime, assoc_type>;
using PathArguments = Union<generic_args, paren_args>;
using ParenArgument = Union<Type, rest>;
using AssocValue = Union<ConstArgument, Bound>;
using PatternField = Union<field_pattern, rest>;
using LiteralField = Union<field_value, base>;
using FieldName = Union<name, literal>;
using ArmPart = Union<arm, Pattern, guard, Attribute>;
using BuiltinArgument = Union<Expression, Type, Pattern>;
using DelegationPart = Union<visibility, PathPrefix, generic_params, Type, token_tree, block, rest, where_clause>;

}  // namespace sets

namespace detail {

enum class Times : uint8_t { one, opt, opt_if, any, more };
template <Times T, class S, uint8_t B = 0>
struct Slot {
  static constexpr Times times = T;
  static constexpr uint8_t bit = B;
  using Set = S;
};
template <class... Slots>
struct List {};

// Gives the children of a node to its slots from the last one on; stops behind slot `Wanted`, of those still there. Wanted == none: matches all.
struct Match {
  uint32_t begin, end;  // of the slot wanted: between them
  bool ok;              // what must be there is
};
constexpr uint32_t kAllSlots = 0xffffffffu;

template <uint32_t Wanted, class... Reversed>
struct Matcher {
  RUSTG_HD static Match run(const TreeRef&, uint32_t next, uint32_t first, uint8_t, bool ok) {
    return {next, next, ok && next == first};
  }
};
template <class... Slots>
struct FirstSet {
  struct Set {
    RUSTG_HD static constexpr bool has(NodeKind) { return false; }
  };
  RUSTG_HD static constexpr bool waits(uint8_t) { return false; }
};
template <class S, class... Slots>
struct FirstSet<S, Slots...> {
  using Set = typename S::Set;
  // It is there, and stands before any number of what it could be one of.
  RUSTG_HD static constexpr bool waits(uint8_t flags) { return S::times == Times::opt_if && (flags & S::bit); }
};
template <uint32_t Wanted, class S, class... Reversed>
struct Matcher<Wanted, S, Reversed...> {
  RUSTG_HD static Match run(const TreeRef& tree, uint32_t next, uint32_t first, uint8_t flags, bool ok) {
    const uint32_t end = next;
    if constexpr (S::times == Times::any || S::times == Times::more) {
      while (next != first && S::Set::has(tree.kind(next - 1))) {
        uint32_t before = tree.first(next - 1);
        if (FirstSet<Reversed...>::waits(flags) && before == first) break;
        if constexpr (S::times == Times::more) {
          if (before == first) break;
          NodeKind kind = tree.kind(before - 1);
          if (!S::Set::has(kind) && !FirstSet<Reversed...>::Set::has(kind)) break;
        }
        next = before;
      }
    } else {
      bool there = next != first && S::Set::has(tree.kind(next - 1));
      if constexpr (S::times == Times::opt_if) {
        if (!(flags & S::bit))
          there = false;
        else
          ok = ok && there;
      } else if constexpr (S::times == Times::one) {
        ok = ok && there;
      }
      if (there) next = tree.first(next - 1);
    }
    if constexpr (Wanted == sizeof...(Reversed)) {
      return {next, end, ok};
    } else {
      return Matcher<Wanted, Reversed...>::run(tree, next, first, flags, ok);
    }
  }
};

template <uint32_t Wanted, class Slots, class... Reversed>
struct Reverse;
template <uint32_t Wanted, class... Reversed>
struct Reverse<Wanted, List<>, Reversed...> {
  using type = Matcher<Wanted, Reversed...>;
};
template <uint32_t Wanted, class S, class... Slots, class... Reversed>
struct Reverse<Wanted, List<S, Slots...>, Reversed...> {
  using type = typename Reverse<Wanted, List<Slots...>, S, Reversed...>::type;
};

template <class Slots, uint32_t Wanted>
RUSTG_HD Match match(const TreeRef& tree, uint32_t node) {
  return Reverse<Wanted, Slots>::type::run(tree, node, tree.first(node), tree.flags[node], true);
}

template <class... Slots>
struct Skip;
template <class Head, class... Slots>
struct Skip<Head, Slots...> {
  using type = List<Slots...>;
};

// Numbers of the slots, and their types.
#define VIEW(Type, kind) \
  struct Type##Slot {    \
    enum : uint32_t {
#define ONE(name, set) name,
#define OPT(name, set) name,
#define OPT_IF(name, set, bit) name,
#define ANY(name, set) name,
#define MORE(name, set) name,
#define END(Type) \
  kCount          \
  }               \
  ;               \
  }               \
  ;
#include "parse/view.def"

#define VIEW(Type, kind) using Type##Slots = Skip < void
#define ONE(name, set) , Slot<Times::one, sets::set>
#define OPT(name, set) , Slot<Times::opt, sets::set>
#define OPT_IF(name, set, bit) , Slot<Times::opt_if, sets::set, bit>
#define ANY(name, set) , Slot<Times::any, sets::set>
#define MORE(name, set) , Slot<Times::more, sets::set>
#define END(Type) > ::type;
#include "parse/view.def"

}  // namespace detail

class NodeView {
 public:
  RUSTG_HD NodeView(const TreeRef& tree, uint32_t node) : tree_(&tree), node_(node) {}
  RUSTG_HD uint32_t node() const { return node_; }
  RUSTG_HD uint32_t token() const { return tree_->tokens[node_]; }
  RUSTG_HD uint8_t flags() const { return tree_->flags[node_]; }

 protected:
  template <class Slots, uint32_t Wanted>
  RUSTG_HD uint32_t one() const {
    detail::Match m = detail::match<Slots, Wanted>(*tree_, node_);
    return m.begin == m.end ? kNoNode : m.end - 1;
  }
  template <class Slots, uint32_t Wanted>
  RUSTG_HD Nodes many() const {
    detail::Match m = detail::match<Slots, Wanted>(*tree_, node_);
    return {*tree_, m.begin, m.end};
  }

 private:
  const TreeRef* tree_;
  uint32_t node_;
};

#define VIEW(Type, kind)                              \
  class Type : public NodeView {                      \
    using Slots = detail::Type##Slots;                \
    using Number = detail::Type##Slot;                \
                                                      \
   public:                                            \
    static constexpr NodeKind kKind = NodeKind::kind; \
    using NodeView::NodeView;
#define ONE(name, set) \
  RUSTG_HD uint32_t name() const { return one<Slots, Number::name>(); }
#define OPT(name, set) ONE(name, set)
#define OPT_IF(name, set, bit) ONE(name, set)
#define ANY(name, set) \
  RUSTG_HD Nodes name() const { return many<Slots, Number::name>(); }
#define MORE(name, set) ANY(name, set)
#define END(Type) \
  }               \
  ;
#include "parse/view.def"

// Whether a node's children are those that its kind has in view.def, no more and no less.
RUSTG_HD inline bool matches_view(const TreeRef& tree, uint32_t node) {
  switch (tree.kind(node)) {
    case NodeKind::none: return false;
#define VIEW(Type, kind) \
  case NodeKind::kind:   \
    return detail::match<detail::Type##Slots, detail::kAllSlots>(tree, node).ok;
#include "parse/view.def"
  }
  return false;
}

}  // namespace rustg::parse
