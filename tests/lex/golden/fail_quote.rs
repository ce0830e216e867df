''' 'a
//> char invalid #1000 `'''`
//> lifetime #1001 `'a`
//> eof ``
