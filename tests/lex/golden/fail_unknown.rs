a ` b \ 🦀 c🦀 ； — x
let a＝1；；； b ➖ 2 ➖➖ x＿ ＿ （c） “d” ‘e’ ⩵ f ； ；
//> ident #1000 `a`
//> ident #1001 `b`
//> ident unicode #1002 `🦀`
//> ident unicode #1003 `c🦀`
//> semi invalid `；`
//> minus invalid `—`
//> ident #1004 `x`
//> kw_let `let`
//> ident joint #1000 `a`
//> eq joint invalid `＝`
//> integer joint #1005 `1`
//> semi invalid `；`
//> ident #1001 `b`
//> minus invalid `➖`
//> integer #1006 `2`
//> ident unicode #1007 `➖➖`
//> ident unicode #1008 `x＿`
//> kw_underscore invalid `＿`
//> open_paren joint invalid `（`
//> ident joint #1009 `c`
//> close_paren invalid `）`
//> ident #1010 `d`
//> ident #1011 `e`
//> eq invalid `⩵`
//> ident #1012 `f`
//> semi invalid `；`
//> semi invalid `；`
//> eof ``
