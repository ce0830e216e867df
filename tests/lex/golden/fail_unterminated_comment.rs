x /* a /* b */
y
//> ident #1000 `x`
//> eof ``
