a ` b \ 🦀 c🦀 ； — x
//> ident #1000 `a`
//> ident #1001 `b`
//> ident unicode #1002 `🦀`
//> ident unicode #1003 `c🦀`
//> ident #1004 `x`
//> eof ``
