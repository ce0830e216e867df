k#x f"prefix" 'k#x z'a' 'ab' '' 1x_ 0b12 0x 1e+ "\q" b"é" c"\0" 'r#a'
//> ident joint invalid #1000 `k`
//> pound joint `#`
//> ident #1001 `x`
//> ident joint invalid #1002 `f`
//> str #1003 `"prefix"`
//> lifetime joint invalid #1004 `'k`
//> pound joint `#`
//> ident #1001 `x`
//> ident joint invalid #1005 `z`
//> char #1006 `'a'`
//> char invalid #1007 `'ab'`
//> char invalid #1008 `''`
//> integer suffix #1009 `1x_`
//> integer invalid #1010 `0b12`
//> integer invalid #1011 `0x`
//> float invalid #1012 `1e+`
//> str invalid #1013 `"\q"`
//> byte_str invalid #1014 `b"é"`
//> c_str invalid #1015 `c"\0"`
//> lifetime joint raw invalid #1018 `'r#a`
//> char invalid #1017 `'`
//> eof ``
