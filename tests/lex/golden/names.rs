fn r#fn<'a, 'static, '_, 'r#raw>(r: r#type, b: br, c: cr) -> Self { self.async.await; gen _x _ crate été 变量 }
union auto macro_rules! default yeet try dyn r#try 'label: loop { break 'label; }
a==b&&c||!d <<= >>= => -> :: ..= ... <- @ ~ ? $x #[x] #![y] a > = b;
let é = é + r#é + K + K + 'é'; 'é: 'é: "é" "é" ẋ̣ ẋ̣ 각 각 1é;
'r#a 'r#static 'r#é 'r#é 'raw
//> kw_fn `fn`
//> ident joint raw #10 `r#fn`
//> lt joint `<`
//> lifetime joint #1000 `'a`
//> comma `,`
//> lifetime joint #53 `'static`
//> comma `,`
//> lifetime joint #54 `'_`
//> comma `,`
//> lifetime joint raw #1032 `'r#raw`
//> gt joint `>`
//> open_paren joint `(`
//> ident joint #1002 `r`
//> colon `:`
//> ident joint raw #31 `r#type`
//> comma `,`
//> ident joint #1003 `b`
//> colon `:`
//> ident joint #1004 `br`
//> comma `,`
//> ident joint #1005 `c`
//> colon `:`
//> ident joint #1006 `cr`
//> close_paren `)`
//> minus joint `-`
//> gt `>`
//> kw_self_upper `Self`
//> open_brace `{`
//> kw_self_lower joint `self`
//> dot joint `.`
//> kw_async joint `async`
//> dot joint `.`
//> kw_await joint `await`
//> semi `;`
//> kw_gen `gen`
//> ident #1007 `_x`
//> kw_underscore `_`
//> kw_crate `crate`
//> ident unicode #1008 `été`
//> ident unicode #1009 `变量`
//> close_brace `}`
//> ident #65 `union`
//> ident #55 `auto`
//> ident joint #61 `macro_rules`
//> bang `!`
//> ident #60 `default`
//> ident #66 `yeet`
//> kw_try `try`
//> kw_dyn `dyn`
//> ident raw #51 `r#try`
//> lifetime joint #1010 `'label`
//> colon `:`
//> kw_loop `loop`
//> open_brace `{`
//> kw_break `break`
//> lifetime joint #1010 `'label`
//> semi `;`
//> close_brace `}`
//> ident joint #1011 `a`
//> eq joint `=`
//> eq joint `=`
//> ident joint #1003 `b`
//> and joint `&`
//> and joint `&`
//> ident joint #1005 `c`
//> or joint `|`
//> or joint `|`
//> bang joint `!`
//> ident #1012 `d`
//> lt joint `<`
//> lt joint `<`
//> eq `=`
//> gt joint `>`
//> gt joint `>`
//> eq `=`
//> eq joint `=`
//> gt `>`
//> minus joint `-`
//> gt `>`
//> colon joint `:`
//> colon `:`
//> dot joint `.`
//> dot joint `.`
//> eq `=`
//> dot joint `.`
//> dot joint `.`
//> dot `.`
//> lt joint `<`
//> minus `-`
//> at `@`
//> tilde `~`
//> question `?`
//> dollar joint `$`
//> ident #1013 `x`
//> pound joint `#`
//> open_bracket joint `[`
//> ident joint #1013 `x`
//> close_bracket `]`
//> pound joint `#`
//> bang joint `!`
//> open_bracket joint `[`
//> ident joint #1014 `y`
//> close_bracket `]`
//> ident #1011 `a`
//> gt `>`
//> eq `=`
//> ident joint #1003 `b`
//> semi `;`
//> kw_let `let`
//> ident unicode #1016 `é`
//> eq `=`
//> ident unicode #1016 `é`
//> plus `+`
//> ident raw unicode #1016 `r#é`
//> plus `+`
//> ident unicode #1018 `K`
//> plus `+`
//> ident #1018 `K`
//> plus `+`
//> char joint #1019 `'é'`
//> semi `;`
//> lifetime joint unicode #1021 `'é`
//> colon `:`
//> lifetime joint unicode #1021 `'é`
//> colon `:`
//> str #1022 `"é"`
//> str #1023 `"é"`
//> ident unicode #1033 `ẋ̣`
//> ident unicode #1033 `ẋ̣`
//> ident unicode #1027 `각`
//> ident unicode #1027 `각`
//> integer joint suffix #1028 `1é`
//> semi `;`
//> lifetime raw #1000 `'r#a`
//> lifetime raw #53 `'r#static`
//> lifetime raw unicode #1021 `'r#é`
//> lifetime raw unicode #1021 `'r#é`
//> lifetime #1032 `'raw`
//> eof ``
