fn a() { let = 1; f(1 2); b }
struct S { x }
fn c() { if S { x: 1 } == y {} }
impl X { fn ok() {} let x = 1; fn d() -> {} }
fn e() { a < b < c; }
type F = const fn(); type G = async fn();
trait T { fn raw(*mut self); fn plain(*self); }
impl S<const N: usize> {}
//> 1:14: expected pattern, found `=`
//> 1:23: expected one of `,` or a closing delimiter, found `2`
//> 2:14: expected `:`, found `}`
//> 4:21: non-item in item list
//> 4:42: expected type, found `{`
//> 5:16: comparison operators cannot be chained
//> 6:10: an `fn` pointer type cannot be `const`
//> 6:31: an `fn` pointer type cannot be `async`
//> 7:23: cannot pass `self` by raw pointer
//> 7:40: cannot pass `self` by raw pointer
//> 8:8: unexpected `const` parameter declaration
