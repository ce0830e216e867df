fn main() {
    let a = rb"x";
    let b = foo"x";
    let c = 'hello world';
}
