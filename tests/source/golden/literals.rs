fn main() {
    let suggested_inline = b"é";
    let no_digits = 0x;
    let several = 'ab';
    let quoted = 'a"b';
    let escaped = "\u{110000}";
    let brace = "\u41";
    let open = "\u{41";
    let range = "\xff";
    let suffix = 1_u8_;
    let tenth = 0b12;
}
