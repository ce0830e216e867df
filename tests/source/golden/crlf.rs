fn main() {
    let a = "\q";
    let b = "one
 two \q";
}
