let a = "s" "\"\\\n\x41\u{1F600}\
   continued" b"b\xff" c"c\xff" r"raw\" r#"a "quoted" b"# br##"x"#"## cr"c" 'c' '\'' '\u{41}' b'b' b'\\';
let s = "multi
line"suffix 'x'u8 1u8 1.0f32 0x1fu64 0b10_01 0o17 1_000 1. 1.5e-3 1e5 1E+5f64;
let r = 1..2 + 1.foo() + x.0.1 + 1.2.3 + 0.._ + 1.e3 + 2.0.max(1.) + 0x1e+5 - 0u8.x;
//> kw_let `let`
//> ident #1000 `a`
//> eq `=`
//> str #1001 `"s"`
//> str #1002 `"\"\\\n\x41\u{1F600}\\n   continued"`
//> byte_str #1003 `b"b\xff"`
//> c_str #1004 `c"c\xff"`
//> raw_str #1005 `r"raw\"`
//> raw_str #1006 `r#"a "quoted" b"#`
//> raw_byte_str #1007 `br##"x"#"##`
//> raw_c_str #1008 `cr"c"`
//> char #1009 `'c'`
//> char #1010 `'\''`
//> char #1011 `'\u{41}'`
//> byte #1012 `b'b'`
//> byte joint #1013 `b'\\'`
//> semi `;`
//> kw_let `let`
//> ident #1014 `s`
//> eq `=`
//> str suffix #1015 `"multi\nline"suffix`
//> char suffix #1016 `'x'u8`
//> integer suffix #1017 `1u8`
//> float suffix #1018 `1.0f32`
//> integer suffix #1019 `0x1fu64`
//> integer #1020 `0b10_01`
//> integer #1021 `0o17`
//> integer #1022 `1_000`
//> float #1023 `1.`
//> float #1024 `1.5e-3`
//> float #1025 `1e5`
//> float joint suffix #1026 `1E+5f64`
//> semi `;`
//> kw_let `let`
//> ident #1027 `r`
//> eq `=`
//> integer joint #1028 `1`
//> dot joint `.`
//> dot joint `.`
//> integer #1029 `2`
//> plus `+`
//> integer joint #1028 `1`
//> dot joint `.`
//> ident joint #1030 `foo`
//> open_paren joint `(`
//> close_paren `)`
//> plus `+`
//> ident joint #1031 `x`
//> dot joint `.`
//> float #1032 `0.1`
//> plus `+`
//> float joint #1033 `1.2`
//> dot joint `.`
//> integer #1034 `3`
//> plus `+`
//> integer joint #1035 `0`
//> dot joint `.`
//> dot joint `.`
//> kw_underscore `_`
//> plus `+`
//> integer joint #1028 `1`
//> dot joint `.`
//> ident #1036 `e3`
//> plus `+`
//> float joint #1037 `2.0`
//> dot joint `.`
//> ident joint #1038 `max`
//> open_paren joint `(`
//> float joint #1023 `1.`
//> close_paren `)`
//> plus `+`
//> integer joint #1039 `0x1e`
//> plus joint `+`
//> integer #1040 `5`
//> minus `-`
//> integer joint suffix #1041 `0u8`
//> dot joint `.`
//> ident joint #1031 `x`
//> semi `;`
//> eof ``
