fn main() {
    let path = r##"one"#;
}
