r##~ x r"a
//> raw_str invalid #1000 `r##~`
//> ident #1001 `x`
//> raw_str invalid #1002 `r"a\n`
//> eof ``
