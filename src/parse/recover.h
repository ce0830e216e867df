// What happens after an error.
#pragma once
#include "parse/parser.h"

namespace rustg::parse {

// The next token may lie in a bracket inside the list that begins behind `open`: go to that bracket's end.
RUSTG_HD_INLINE void Parser::leave_groups(uint32_t begin) {
  for (uint32_t p = begin; p < pos;) {
    if (is_open(kind_at(p))) {
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
RUSTG_HD_INLINE void Parser::recover() {
  failed_ = false;
  while (depth_ != 0) {
    refill(3);
    const Frame f = frame(depth_ - 1);
    bool statements = f.state == State::block_body, items = f.state == State::items, arms = f.state == State::arms_next;
    if (!statements && !items && !arms) {
      --depth_;
      // What is wrong in an attribute's value concerns nothing around it.
      if (f.state == State::attribute_return) return attribute_return(f);
      continue;
    }
    // The task's own list, below which values of inner attributes may wait.
    bool own = depth_ == 1 || (depth_ == 2 && frame(0).state == State::attribute_values);
    uint32_t open = f.token;
    leave_groups(own && in_list_ ? open : open + 1);
    if (own && pos >= stop_) return;
    if (errors_ > kMostErrors) {
      pos = own ? end_ : s.match[open];
      return;
    }
    for (bool first = true;; first = false) {
      Token k = kind();
      if (k == Token::eof || k == Token::close_brace || (own && pos >= stop_)) return;
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
