fn a() { let = 1; f(1 2); b }
struct S { x }
fn c() { if S { x: 1 } == y {} }
impl X { fn ok() {} let x = 1; fn d() -> {} }
fn e() { a < b < c; }
//> 1:14: expected pattern, found `=`
//> 1:23: expected one of `,` or a closing delimiter, found `2`
//> 2:14: expected `:`, found `}`
//> 4:21: non-item in item list
//> 4:42: expected type, found `{`
//> 5:16: comparison operators cannot be chained
