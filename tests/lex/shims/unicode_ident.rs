//! The unicode-ident crate, with ranges that build_rustc_tokens had from node instead of tables.
use std::sync::OnceLock;

pub const UNICODE_VERSION: (u8, u8, u8) = (17, 0, 0);

fn property(ranges: &str) -> Vec<bool> {
    let mut set = vec![false; 0x110000];
    for line in ranges.lines() {
        let (first, last) = line.split_once(' ').unwrap();
        set[first.parse().unwrap()..=last.parse().unwrap()].fill(true);
    }
    set
}

pub fn is_xid_start(c: char) -> bool {
    static SET: OnceLock<Vec<bool>> = OnceLock::new();
    if c.is_ascii() { c.is_ascii_alphabetic() } else { SET.get_or_init(|| property(include_str!(concat!(env!("RUSTG_RANGES"), "/XID_Start"))))[c as usize] }
}
pub fn is_xid_continue(c: char) -> bool {
    static SET: OnceLock<Vec<bool>> = OnceLock::new();
    if c.is_ascii() { c.is_ascii_alphanumeric() || c == '_' } else { SET.get_or_init(|| property(include_str!(concat!(env!("RUSTG_RANGES"), "/XID_Continue"))))[c as usize] }
}
pub fn is_emoji(c: char) -> bool {
    static SET: OnceLock<Vec<bool>> = OnceLock::new();
    SET.get_or_init(|| property(include_str!(concat!(env!("RUSTG_RANGES"), "/Emoji"))))[c as usize]
}
