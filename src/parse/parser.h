// The parser of one task: a loop over a stack of states, one small function a state, in bounded memory and without recursion. A state consumes
// tokens, emits nodes and pushes what comes next: first itself continued, then what it wants parsed. The grammar is rustc's; its functions
// are in item.h, generic.h, path.h, type.h, pattern.h, statement.h and expression.h.
#pragma once
#include <cstdint>

#include "base/hd.h"
#include "device/atomic.h"
#include "device/work_queue.h"
#include "lex/keyword.h"
#include "lex/token.h"
#include "parse/cuts.h"
#include "parse/stack_chunks.h"
#include "parse/tree.h"

namespace rustg::parse {

using Token = lex::TokenKind;
namespace sym = lex::sym;

// In a task's a: it is a file's; it begins at a cut of its list.
constexpr uint8_t kFileTask = 0x80, kContinued = 0x40;

// A list, or a part of one, that is parsed on its own.
struct Task {
  uint32_t token;  // the first: that of the file, the opening bracket, or a cut
  uint32_t place;  // of its first node
  uint32_t start;  // place of the list's first node
  uint32_t end;    // the eof or closing bracket that ends the list, or the cut at which another task goes on
  uint32_t first_cut, end_cut;  // cuts between token and end: where it is to be shared out
  State state;
  uint8_t a;
  uint16_t edition;
};

// A token's kind and its flag kJoint in one byte.
constexpr uint8_t kJointBit = 0x80, kKindBits = 0x7f;
static_assert(uint8_t(lex::kLastKeyword) <= kKindBits);
RUSTG_HD inline uint8_t with_joint(uint8_t kind, uint8_t flags) { return uint8_t(kind | (flags & lex::kJoint) << 7); }

// Tokens by number, as the parser looks at them.
struct Look {
  const uint8_t* kinds;  // with kJointBit
  const uint8_t* flags;
  const uint32_t* symbols;
  const uint32_t* match;  // of each bracket: the other one

  RUSTG_HD Token kind_at(uint32_t p) const { return Token(kinds[p] & kKindBits); }
  RUSTG_HD bool is_joint(uint32_t p) const { return (kinds[p] & kJointBit) != 0; }
  // The token at `p` and the one behind are one for rustc's lexer: `>` `=`.
  RUSTG_HD bool glued(uint32_t p, Token next) const { return is_joint(p) && kind_at(p + 1) == next; }
  RUSTG_HD bool pair_at(uint32_t p, Token first, Token second) const {
    return kinds[p] == (uint8_t(first) | kJointBit) && kind_at(p + 1) == second;
  }
  RUSTG_HD bool is_path_sep(uint32_t p) const { return pair_at(p, Token::colon, Token::colon); }
  // `=`, not `==` or `=>`.
  RUSTG_HD bool is_eq(uint32_t p) const {
    return kind_at(p) == Token::eq && !glued(p, Token::eq) && !glued(p, Token::gt);
  }
  // A word with a known symbol, not raw.
  RUSTG_HD bool is_word(uint32_t p, lex::SymbolId symbol) const {
    return kind_at(p) == Token::ident && symbols[p] == symbol && !(flags[p] & lex::kRaw);
  }
};

// What tasks read and where they write. There is a place for every token, and a token stands for one node at most. So a task needs no more
// places than tokens; the task that it is cut from leaves it as many, right where its nodes belong in postorder, and goes on behind them.
// Places left over have kind none.
struct Shared : Look {
  const uint8_t* bytes;
  const uint32_t* starts;
  const uint32_t* lengths;
  uint8_t* node_kinds;
  uint8_t* node_flags;
  uint32_t* node_tokens;
  uint32_t* node_starts;
  uint64_t* errors;  // token << 8 | ErrorKind
  uint32_t* error_count;
  uint32_t error_capacity;
  Cuts cuts;
  StackChunks chunks;
};

// Restrictions of an expression, rustc's.
constexpr uint8_t kNoStruct = 1, kStatement = 2, kAllowLet = 4, kLetChain = 8;  // kLetChain: let behind && too
// What may follow a type.
constexpr uint8_t kPlus = 1, kVariadic = 2;
// Where items stand.
enum class Place : uint8_t { module, trait, impl, foreign, statement };
// How a path's segments take arguments.
enum class PathStyle : uint8_t { expression, type, mod };

// Where `builtin #` stands.
enum class BuiltinPlace : uint8_t { expression, type, pattern, item };

// Pairs with their operator precedence; the higher binds tighter.
struct BinaryOperator {
  Operator op;
  uint8_t length;      // tokens
  uint8_t precedence;  // 0: no operator
};
constexpr uint8_t kAssignPrecedence = 2, kRangePrecedence = 4, kOrPrecedence = 5, kAndPrecedence = 6,
                  kComparePrecedence = 7, kCastPrecedence = 14;

// What an attribute is made of, or where it is wrong.
struct AttributeShape {
  bool ok;
  ErrorKind error;
  uint32_t value;   // the first token of a value that is more than a literal; 0: none
  uint32_t end;     // behind the value
  uint32_t behind;  // the first token behind the attribute, or where the error is
};

class Parser {
 public:
  // Of one task; it is given up behind the last.
  static constexpr uint32_t kMostErrors = 100;
  // Tokens between the beginnings of two tasks, so that ((((…)))) is not one for each bracket and their number is bounded.
  static constexpr uint32_t kTaskDistance = 64;
  // Frames kept free for the brackets between two such tasks.
  static constexpr uint32_t kSpareFrames = 320;
  // So many a step may push.
  static constexpr uint32_t kStepFrames = 16;

  // What is kept of a parser between two steps, if others step in between; its stack aside.
  struct Context {
    uint32_t pos, cursor, end, last_task, known, known_depth;
    uint32_t below;       // frames in chunks
    uint8_t depth, last, errors, flags;
    uint32_t token, start, state;  // of the frame that waits to be run: words 0 to 2 of a slot
  };
  static_assert(sizeof(Context) == 44);

  // stack: room for `frames`, or where code is small kStackSlots slots, and as many frames in chunks. cut: brackets with at least so many tokens become
  // tasks, all of them when the stack is nearly full, and lists of twice as many several tasks.
  RUSTG_HD Parser(const Shared& shared, device::Push<Task> push, Frame* stack, uint32_t frames, uint32_t cut)
      : s(shared), push_task(push), stack_(stack), frames_(frames - kStepFrames), cut_(cut) {}
  RUSTG_HD void run(const Task& task);
  // The same in steps. False: there is none left.
  RUSTG_HD bool begin(const Task& task, Context& context);
  RUSTG_HD bool step(uint32_t state, Context& context);
  // A list of so many tokens is cut into several tasks.
  RUSTG_HD static bool is_long(uint32_t size, uint32_t cut) { return size / 2 >= cut; }

 private:
  static constexpr uint32_t kNever = 0xffffffffu;
  friend class Tracer;  // trace.h: step by step, on the host
  const Shared& s;
  device::Push<Task> push_task;
  Frame* stack_;
  uint32_t frames_, cut_, depth_ = 0;  // depth_: of what lies in stack_
  uint32_t below_ = 0;                 // what else there is, in chunks
  uint32_t end_ = 0;            // where its list, or its part of the list, ends
  uint32_t stop_ = kNever;      // the same if there are parts behind it
  uint32_t last_task_ = 0;      // where the task pushed last begins, or this one
  uint32_t known_ = kNever, known_depth_ = 0;  // a token whose depth is known: brackets around it
  uint32_t pos = 0;     // the next token
  uint32_t cursor = 0;  // the place of the next node
  uint32_t errors_ = 0;
  bool in_list_ = false;  // the first token is the list's content, not its bracket
  lex::Edition edition = lex::Edition::e2015;
  NodeKind last = NodeKind::none;  // the node emitted last, also if another task emits it
  NodeKind waits_ = NodeKind::none;  // a node for the step's end
  uint8_t waiting_flags_ = 0;
  uint32_t waiting_token_ = 0, waiting_start_ = 0;
  bool goes_ = false;     // the state on top goes on what the last one began: no step of its own, and as deep as that may be
  bool failed_ = false;
  ErrorKind failure_{};     // why,
  uint32_t failed_at_ = 0;  // and at which token

  // Tokens.
  RUSTG_HD Token kind_at(uint32_t p) const { return s.kind_at(p); }
  RUSTG_HD bool is_joint(uint32_t p) const { return s.is_joint(p); }
  RUSTG_HD Token kind() const { return kind_at(pos); }
  // Lookahead does not leave the file: behind eof is eof.
  RUSTG_HD Token at(uint32_t n) const {
    uint32_t p = pos;
    for (uint32_t i = 0; i != n; ++i) p += kind_at(p) == Token::eof ? 0 : 1;
    return kind_at(p);
  }
  RUSTG_HD bool is(Token k) const { return kind() == k; }
  RUSTG_HD bool glued(uint32_t p, Token next) const { return s.glued(p, next); }
  RUSTG_HD bool pair(Token first, Token second) const { return pair_at(pos, first, second); }
  RUSTG_HD bool pair_at(uint32_t p, Token first, Token second) const { return s.pair_at(p, first, second); }
  RUSTG_HD bool is_path_sep(uint32_t p) const { return s.is_path_sep(p); }
  RUSTG_HD bool is_colon(uint32_t p) const { return kind_at(p) == Token::colon && !glued(p, Token::colon); }
  RUSTG_HD bool is_eq(uint32_t p) const { return s.is_eq(p); }
  RUSTG_HD bool is_bang(uint32_t p) const { return kind_at(p) == Token::bang && !glued(p, Token::eq); }
  RUSTG_HD bool is_dot_dot(uint32_t p) const { return pair_at(p, Token::dot, Token::dot); }
  RUSTG_HD bool is_dot3(uint32_t p) const { return is_dot_dot(p) && glued(p + 1, Token::dot); }
  RUSTG_HD bool is_dot_dot_eq(uint32_t p) const { return is_dot_dot(p) && glued(p + 1, Token::eq); }
  RUSTG_HD bool is_arrow(uint32_t p) const { return pair_at(p, Token::minus, Token::gt); }
  RUSTG_HD bool is_word(uint32_t p, lex::SymbolId symbol) const { return s.is_word(p, symbol); }
  // A keyword even in editions in which it is an identifier.
  RUSTG_HD bool is_keyword(uint32_t p, Token k) const {
    return kind_at(p) == k || is_word(p, lex::keyword_symbol(k));
  }
  RUSTG_HD static bool is_open(Token k) {
    return k == Token::open_paren || k == Token::open_brace || k == Token::open_bracket;
  }
  RUSTG_HD static bool is_close(Token k) {
    return k == Token::close_paren || k == Token::close_brace || k == Token::close_bracket;
  }
  RUSTG_HD static bool is_path_keyword(Token k) {
    return k == Token::kw_self_lower || k == Token::kw_self_upper || k == Token::kw_super || k == Token::kw_crate;
  }
  RUSTG_HD static bool is_path_segment(Token k) { return k == Token::ident || is_path_keyword(k); }
  // A path may begin here; `<` begins a qualified one.
  RUSTG_HD bool at_path() const {
    Token k = kind();
    return is_path_segment(k) || (k == Token::colon && is_path_sep(pos)) ||
           (k == Token::lt && !glued(pos, Token::minus) && !glued(pos, Token::eq));
  }
  RUSTG_HD static bool is_literal(Token k) { return lex::is_literal(k) || k == Token::kw_true || k == Token::kw_false; }
  RUSTG_HD static bool is_string(Token k) { return k == Token::str || k == Token::raw_str; }

  RUSTG_HD void bump(uint32_t n = 1) { pos += n; }
  RUSTG_HD bool eat(Token k) {
    if (!is(k)) return false;
    ++pos;
    return true;
  }

  // Nodes.
  RUSTG_HD void emit(NodeKind kind, uint32_t token, uint32_t start, uint8_t flags = 0) {
    s.node_kinds[cursor] = uint8_t(kind);
    s.node_flags[cursor] = flags;
    s.node_tokens[cursor] = token;
    s.node_starts[cursor] = start;
    ++cursor;
    last = kind;
  }
  RUSTG_HD void leaf(NodeKind kind, uint8_t flags = 0) {  // of the next token, which it consumes
    emit(kind, pos, cursor, flags);
    ++pos;
  }

  // emit() and leaf() as the last thing that a step does with nodes and the stack; where code has to be small, they wait for the step's end.
  RUSTG_HD void finish(NodeKind kind, uint32_t token, uint32_t start, uint8_t flags = 0) {
    if constexpr (base::kSmallCode)
      waits_ = kind, waiting_flags_ = flags, waiting_token_ = token, waiting_start_ = start;
    else
      emit(kind, token, start, flags);
  }
  RUSTG_HD void finish_leaf(NodeKind kind, uint8_t flags = 0) {
    finish(kind, pos, cursor, flags);
    ++pos;
  }

  // The stack. A step begins with room for kStepFrames; what pushes in a loop asks for more.
  RUSTG_HD void push(const Frame& frame) {
    if constexpr (base::kSmallCode) {  // one access
      slots()[depth_++] = {frame.token, frame.start, uint32_t(frame.state) | uint32_t(frame.a) << 8 | uint32_t(frame.b) << 16, 0};
    } else {
      stack_[depth_++] = frame;
    }
  }
  RUSTG_HD Frame frame(uint32_t i) const {
    if constexpr (base::kSmallCode) return frame_of(slots()[i]);
    return stack_[i];
  }
  RUSTG_HD Frame pop() { return frame(--depth_); }
  // The frame on top, which waits, becomes one of this token.
  RUSTG_HD void set_token(uint32_t token) {
    if constexpr (base::kSmallCode)
      slots()[depth_ - 1].token = token;
    else
      stack_[depth_ - 1].token = token;
  }
  RUSTG_HD StackSlot* slots() const { return reinterpret_cast<StackSlot*>(stack_); }
  RUSTG_HD static Frame frame_of(const StackSlot& slot) {
    return {slot.token, slot.start, State(slot.state & 0xff), uint8_t(slot.state >> 8), uint16_t(slot.state >> 16)};
  }
  RUSTG_HD uint32_t depth() const { return base::kSmallCode ? depth_ + below_ : depth_; }
  // known: no need to ask whether the state may be so deep.
  RUSTG_HD bool has_room(bool known = false) {
    const bool allowed = known || depth() + kStepFrames <= frames_;
    if constexpr (base::kSmallCode) {
      if (allowed && depth_ + kStepFrames <= kStackFrames) return true;
      if (allowed && StackChunks::spill(s.chunks, slots(), depth_, below_ == 0)) {
        depth_ -= kChunkFrames;
        below_ += kChunkFrames;
        return true;
      }
    } else if (allowed) {
      return true;
    }
    fail(ErrorKind::too_deep);
    return false;
  }
  // Frames come back from chunks when fewer than so many are left, so that a state sees those that it looks at.
  RUSTG_HD void refill(uint32_t fewer) {
    if constexpr (base::kSmallCode) {
      if (below_ == 0 || depth_ >= fewer) return;
      StackChunks::refill(s.chunks, slots(), depth_);
      depth_ += kChunkFrames;
      below_ -= kChunkFrames;
    }
  }
  // Come back to `state` with f's content.
  RUSTG_HD void then(State state, Frame f) {
    f.state = state;
    push(f);
  }
  RUSTG_HD void enter(State state, uint8_t a = 0, uint16_t b = 0) { push({pos, cursor, state, a, b}); }
  RUSTG_HD Frame here(uint8_t a = 0, uint16_t b = 0) const { return {pos, cursor, State::items, a, b}; }
  // The list in the bracket that begins here.
  RUSTG_HD void enter_list(State state, uint8_t a, NodeKind kind) { enter_list(state, a, kind, cursor); }
  RUSTG_HD void enter_list(State state, uint8_t a, NodeKind kind, uint32_t start) {
    go_list({pos, start, State::list, a, uint16_t(uint8_t(state) | uint8_t(kind) << 8)});
  }
  // Leave the bracket that begins here to other tasks, which begin in `state` and will emit `kind` at last. False: it is too small.
  RUSTG_HD bool cut(State state, uint8_t a, NodeKind kind, uint32_t start) {
    uint32_t close = s.match[pos], size = close - pos;
    Task task{pos, cursor, start, close, 0, 0, state, a, uint16_t(edition)};
    if (!is_long(size, cut_) || !find_cuts(task)) {
      if (pos - last_task_ < kTaskDistance || (size < cut_ && depth() + kSpareFrames < frames_)) return false;
    }
    if (!push_task(task)) return false;
    last_task_ = pos;
    // As many places as tokens behind the bracket, which may stand for a node of this task; those that wait in front go on waiting.
    cursor += size;
    pos = close + 1;
    last = kind;
    return true;
  }
  // task.h
  RUSTG_HD uint32_t depth_of(uint32_t token);
  RUSTG_HD bool find_cuts(Task& task);
  RUSTG_HD bool suits(State state, uint32_t cut) const;
  RUSTG_HD uint32_t share(const Task& task);

  // Errors. note() goes on; fail() gives up what is being parsed, up to the list of statements, items or arms around it.
  RUSTG_HD void note(ErrorKind kind, uint32_t token) {
    record(s.errors, s.error_count, s.error_capacity, token, kind);
    ++errors_;
  }
  RUSTG_HD_APART static void record(uint64_t* errors, uint32_t* count, uint32_t capacity, uint32_t token,
                                    ErrorKind kind) {
    uint32_t place = device::atomic_add(count, 1u);
    if (place < capacity) errors[place] = uint64_t(token) << 8 | uint8_t(kind);
  }
  RUSTG_HD void note(ErrorKind kind) { note(kind, pos); }
  // It is written down at the end of the step.
  RUSTG_HD void fail(ErrorKind kind) {
    if (failed_) return;
    failed_ = true;
    failure_ = kind;
    failed_at_ = pos;
  }
  RUSTG_HD bool expect(Token k, ErrorKind kind) {
    if (eat(k)) return true;
    fail(kind);
    return false;
  }
  // A lifetime or label that is a keyword: 'self. 'static and '_ are lifetimes, not labels.
  RUSTG_HD bool is_keyword_lifetime(bool label) const {
    uint32_t length = s.lengths[pos] - 1;
    if ((s.flags[pos] & lex::kRaw) || length > lex::kLongestKeyword) return false;
    lex::SymbolId symbol = s.symbols[pos];
    if (symbol == sym::static_lifetime || symbol == sym::underscore_lifetime) return label;
    uint64_t word = 0;
    for (uint32_t i = 0; i < length; ++i) word |= uint64_t(s.bytes[s.starts[pos] + 1 + i]) << 8 * i;
    return lex::keyword(word, edition) != Token::ident;
  }
  RUSTG_HD void lifetime(NodeKind kind = NodeKind::lifetime) {
    if (is_keyword_lifetime(kind == NodeKind::label))
      note(kind == NodeKind::label ? ErrorKind::keyword_label : ErrorKind::keyword_lifetime);
    leaf(kind);
  }
  RUSTG_HD bool identifier() {  // into a name node
    if (is(Token::ident)) {
      leaf(NodeKind::name);
      return true;
    }
    fail(ErrorKind::expected_identifier);
    return false;
  }
  // Between elements of a bracketed list: true if another one may follow, false at the closing bracket, which it consumes, or at an error.
  RUSTG_HD bool comma_or(Token close) {
    if (eat(Token::comma)) {
      if (!is(close)) return true;
      bump();
      return false;
    }
    if (!eat(close)) fail(ErrorKind::expected_list_end);
    return false;
  }
  RUSTG_HD void begin(const Task& task);
  RUSTG_HD void step() { step(pop()); }
  RUSTG_HD void step(Frame f);
  RUSTG_HD bool save(Context& context);
  RUSTG_HD void recover();
  RUSTG_HD void leave_groups(uint32_t open);

  // Attributes (attribute.h).
  RUSTG_HD bool at_attribute() const { return is(Token::pound) || lex::is_doc(kind()); }
  RUSTG_HD void outer_attributes();
  RUSTG_HD void inner_attributes();
  RUSTG_HD void attribute(bool inner, bool& later);
  RUSTG_HD AttributeShape attribute_shape(uint32_t p) const { return shape_of(s, p); }
  RUSTG_HD static AttributeShape shape_of(Look look, uint32_t p);
  RUSTG_HD bool token_tree();

  // builtin.h
  RUSTG_HD bool builtin_fields(uint32_t first);
  // item.h
  RUSTG_HD void item(Place place);
  RUSTG_HD bool visibility(bool before_type);
  RUSTG_HD bool at_fn() const { return is(Token::kw_fn) || is_fn(s, pos); }
  RUSTG_HD static bool is_fn(Look look, uint32_t p);
  RUSTG_HD bool at_impl(uint32_t p) const;
  RUSTG_HD bool at_trait() const;
  RUSTG_HD bool at_unsafe_extern_block() const;
  RUSTG_HD bool item_keyword(Place place, Frame f, bool has_visibility, bool has_default);
  RUSTG_HD void abi();
  RUSTG_HD bool fn_qualifiers(Frame& f);
  RUSTG_HD bool params(bool names);
  RUSTG_HD void param(uint8_t a);
  RUSTG_HD void item_list(Frame f, Place place);
  RUSTG_HD void bounds_of(State next, Frame f);
  RUSTG_HD void generics_of(State next, Frame f);
  RUSTG_HD void where_of(State next, Frame f);
  RUSTG_HD void variant();
  RUSTG_HD void record_field();
  RUSTG_HD void tuple_field();
  RUSTG_HD bool at_statement_item() const;
  // generic.h
  RUSTG_HD void generic_param();
  RUSTG_HD void bound();
  RUSTG_HD bool at_bound() const;
  RUSTG_HD bool choose_generics(uint32_t p) const;
  RUSTG_HD void binder(State next, Frame f);
  // path.h
  RUSTG_HD void generic_argument();
  // type.h
  RUSTG_HD bool at_dyn() const;
  RUSTG_HD bool at_type() const;
  RUSTG_HD void return_type();
  // pattern.h
  RUSTG_HD void range_pattern_from(Frame f);
  RUSTG_HD bool at_range_end(uint32_t p) const;
  RUSTG_HD void field_pattern();
  // statement.h
  RUSTG_HD void statement(Frame list);
  RUSTG_HD void block(bool inner = true);
  // expression.h
  RUSTG_HD BinaryOperator binary_operator() const;
  RUSTG_HD bool at_expression() const;
  RUSTG_HD bool is_complete(uint8_t restrictions) const { return (restrictions & kStatement) && is_block_like(last); }
  RUSTG_HD static bool is_block_like(NodeKind k) {
    switch (k) {
      case NodeKind::if_:
      case NodeKind::match_:
      case NodeKind::block:
      case NodeKind::while_:
      case NodeKind::loop:
      case NodeKind::for_:
      case NodeKind::try_block:
      case NodeKind::const_block:
      case NodeKind::unsafe_block:
      case NodeKind::labeled: return true;
      default: return false;
    }
  }
  RUSTG_HD void expr(uint8_t restrictions = 0, uint8_t least = 0) { enter(State::expression, restrictions, least); }
  RUSTG_HD void condition() { expr(kNoStruct | kAllowLet | (edition >= lex::Edition::e2024 ? kLetChain : 0)); }
  RUSTG_HD void bottom(uint8_t restrictions);
  RUSTG_HD void closure(Frame f);
  RUSTG_HD bool at_closure() const;
  RUSTG_HD bool at_block_keyword(uint32_t p, Token k) const;
  RUSTG_HD void field_value();
  RUSTG_HD void arm();
  RUSTG_HD void jump(NodeKind kind, uint8_t restrictions);

#define STATE(name) RUSTG_HD void name(Frame f);
#include "parse/state.def"
  // go_name(f): go on in that state with f at once; where code has to be small, by way of the stack.
#define STATE(name)                  \
  RUSTG_HD void go_##name(Frame f) { \
    if constexpr (base::kSmallCode)  \
      then(State::name, f), goes_ = true; \
    else                             \
      name(f);                       \
  }
#include "parse/state.def"
};

}  // namespace rustg::parse
