##"guard"## # # ## "x"
//> guarded_str invalid #1000 `##"guard"##`
//> pound `#`
//> pound `#`
//> guarded_str invalid #1001 `##`
//> str #1002 `"x"`
//> eof ``
