// The loop over states, and what happens after an error.
#pragma once
#include "parse/parser.h"

namespace rustg::parse {

RUSTG_HD inline void Parser::begin(const Task& task) {
  pos = begin_ = task.token;
  cursor = task.place;
  edition = lex::Edition(task.edition);
  bool file = task.a & kFileTask;
  push({pos, cursor, task.state, uint8_t(task.a & ~kFileTask), uint16_t(file ? 1 : 0)});
}

// Inlined: the loop over states is the parser's innermost.
[[gnu::always_inline]] RUSTG_HD inline void Parser::step() {
  Frame f = stack_[--depth_];
  switch (f.state) {
#define STATE(name) \
  case State::name: \
    name(f);        \
    break;
#include "parse/state.def"
  }
  if (failed_) recover();
}

RUSTG_HD inline void Parser::run(const Task& task) {
  begin(task);
  while (depth_ != 0) step();
}

// The next token may lie in a bracket inside the list that begins behind `open`: go to that bracket's end.
RUSTG_HD inline void Parser::leave_groups(uint32_t begin) {
  for (uint32_t p = begin; p < pos;) {
    if (is_open(Token(s.kinds[p]))) {
      uint32_t close = s.match[p];
      if (close >= pos) {
        pos = close + 1;
        return;
      }
      p = close + 1;
    } else {
      ++p;
    }
  }
}

// Back to the list of statements, items or arms around the error, and there to where the next one may begin.
RUSTG_HD inline void Parser::recover() {
  failed_ = false;
  while (depth_ != 0) {
    Frame& f = stack_[depth_ - 1];
    bool statements = f.state == State::block_body, items = f.state == State::items, arms = f.state == State::arms_next;
    if (!statements && !items && !arms) {
      --depth_;
      // What is wrong in an attribute's value concerns nothing around it.
      if (f.state == State::attribute_return) return attribute_return(f);
      continue;
    }
    bool file = items && f.b == 3;
    uint32_t open = f.token;
    leave_groups(file ? open : open + 1);
    if (errors_ > kMostErrors) {
      if (file)
        while (!is(Token::eof)) ++pos;
      else
        pos = s.match[open];
      return;
    }
    for (bool first = true;; first = false) {
      Token k = kind();
      if (k == Token::eof || k == Token::close_brace) return;
      if (k == Token::semi) {
        if (!arms) {
          bump();
          return;
        }
      }
      if (arms && k == Token::comma) {
        bump();
        return;
      }
      if (!first && !arms) {
        switch (k) {
          case Token::kw_fn:
          case Token::kw_struct:
          case Token::kw_enum:
          case Token::kw_mod:
          case Token::kw_trait:
          case Token::kw_impl:
          case Token::kw_pub:
          case Token::kw_use:
          case Token::kw_let:
          case Token::kw_static: return;
          default: break;
        }
      }
      if (is_open(k)) {
        bool brace = k == Token::open_brace;
        pos = s.match[pos] + 1;
        if (brace && !arms) return;
      } else {
        bump();
      }
    }
  }
}

}  // namespace rustg::parse
