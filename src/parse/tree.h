// The tree that the parser makes: nodes in postorder, as a structure of arrays. docs/parse.md has the picture.
#pragma once
#include <cstdint>
#include <string_view>

#include "base/hd.h"
#include "device/memory.h"
#include "device/types.h"

namespace rustg::parse {

enum class NodeKind : uint8_t {
  none,
#define NODE(name) name,
#include "parse/node.def"
};
std::string_view name(NodeKind kind);

// What binary and assign nodes have as flags. An assignment by an operator has the operator's; a plain one has `none`.
enum class Operator : uint8_t {
  none,
  mul,
  div,
  rem,
  add,
  sub,
  shl,
  shr,
  bit_and,
  bit_xor,
  bit_or,
  eq,
  ne,
  lt,
  le,
  gt,
  ge,
  and_,
  or_
};

// Bits of the flags of other nodes.
constexpr uint8_t kInner = 1;                                           // attribute, doc
constexpr uint8_t kMut = 1, kRef = 2, kConst = 4, kRaw = 8, kPin = 16;  // binding, borrow, ref_type, pointer_type…
constexpr uint8_t kShorthand = 8;                                       // field_value, field_pattern
constexpr uint8_t kFrom = 1, kTo = 2, kInclusive = 4;                   // ranges
constexpr uint8_t kNegative = 1;  // a literal behind a minus, in patterns and generic arguments
// Which children are there, where their kinds do not tell.
constexpr uint8_t kTyped = 1, kValue = 2, kElse = 4;  // let_statement; kValue: items, field, const_param, arm, too
constexpr uint8_t kOfTrait = 1;                       // impl_item, qualified_self
constexpr uint8_t kPrefixed = 1;                      // use_group
constexpr uint8_t kTupleField = 1;                    // field_access, method_call, await: of x.0. m(), whose literal is `0.`
// Words before what the node stands for: items, fn_type, closure, async_block, field.
constexpr uint8_t kUnsafe = 4, kSafe = 8, kConstant = 16, kDefault = 32;  // kDefault: default or final
constexpr uint8_t kAsync = 1, kGen = 2, kExtern = 64;                     // functions; kAsync, kGen: closures and blocks, too
constexpr uint8_t kStatic = 4, kUse = 64, kMove = 128;                    // closures and blocks
constexpr uint8_t kNegativeImpl = 2;                                      // impl_item
constexpr uint8_t kAuto = 1;                                              // trait_item
constexpr uint8_t kMaybe = 1, kNot = 2;                                   // bound: ?T, !T; with kAsync as kAsyncBound
constexpr uint8_t kAsyncBound = 8, kMaybeConst = 32;                      // bound: async T; ~const T, [const] T

// Nodes by number. A node's descendants are the `sizes[n] - 1` nodes before it; its last child is n - 1, the child before child c is c - sizes[c].
// The nodes of a file are together and end with its `file` node.
struct TreeRef {
  uint8_t* kinds;  // NodeKind
  uint8_t* flags;
  uint32_t* tokens;  // the token that stands for the node
  uint32_t* sizes;   // nodes in its subtree, itself included
  uint32_t* files;   // of each file: its root; kNoNode if its brackets do not match
  const uint32_t* count;
  uint32_t capacity;

  RUSTG_HD NodeKind kind(uint32_t node) const { return NodeKind(kinds[node]); }
  RUSTG_HD uint32_t first(uint32_t node) const { return node + 1 - sizes[node]; }
};
constexpr uint32_t kNoNode = 0xffffffffu;

// The children of a node, from the last to the first.
class ChildrenBackward {
 public:
  RUSTG_HD ChildrenBackward(const TreeRef& tree, uint32_t node) : tree_(tree), next_(node), first_(tree.first(node)) {}
  RUSTG_HD bool done() const { return next_ == first_; }
  // The next one; valid while not done.
  RUSTG_HD uint32_t take() {
    uint32_t child = next_ - 1;
    next_ = tree_.first(child);
    return child;
  }

 private:
  const TreeRef& tree_;
  uint32_t next_, first_;
};

enum class ErrorKind : uint8_t {
#define PARSE_ERROR(name, code, message) name,
#include "parse/error.def"
};
struct Error {
  uint32_t token;
  ErrorKind kind;
};
// The message, with `found` as rustc describes that token; and its code, which may be empty.
std::string_view message(ErrorKind kind);
std::string_view code(ErrorKind kind);

}  // namespace rustg::parse
