x "abc
def
//> ident #1000 `x`
//> str invalid #1001 `"abc\ndef\n`
//> eof ``
