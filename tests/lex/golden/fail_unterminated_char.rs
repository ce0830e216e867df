x '\
y
//> ident #1000 `x`
//> char invalid #1001 `'\\ny`
//> eof ``
