// edition: 2018
c"not a C string" cr#"nor this"# k#x f"prefix" 'r#split ##"guard"# async gen z'a b#c
//> ident joint #1000 `c`
//> str #1001 `"not a C string"`
//> ident joint #1002 `cr`
//> pound joint `#`
//> str joint #1003 `"nor this"`
//> pound `#`
//> ident joint #1004 `k`
//> pound joint `#`
//> ident #1005 `x`
//> ident joint #1006 `f`
//> str #1007 `"prefix"`
//> lifetime joint #1008 `'r`
//> pound joint `#`
//> ident #1009 `split`
//> pound joint `#`
//> pound joint `#`
//> str joint #1010 `"guard"`
//> pound `#`
//> kw_async `async`
//> ident #52 `gen`
//> ident joint #1011 `z`
//> lifetime #1012 `'a`
//> ident joint #1013 `b`
//> pound joint `#`
//> ident #1000 `c`
//> eof ``
