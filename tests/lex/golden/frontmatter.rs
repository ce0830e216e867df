#!/usr/bin/env rustg

---cargo
[dependencies]
" unclosed '
---
fn main() {}
//> kw_fn `fn`
//> ident joint #1000 `main`
//> open_paren joint `(`
//> close_paren `)`
//> open_brace joint `{`
//> close_brace `}`
//> eof ``
