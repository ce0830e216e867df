//! The unicode-ident crate, from Debian's unicode-data instead of tables.
use std::sync::OnceLock;

pub const UNICODE_VERSION: (u8, u8, u8) = (15, 0, 0);

fn property(file: &str, name: &str) -> Vec<bool> {
    let mut set = vec![false; 0x110000];
    for line in std::fs::read_to_string(format!("/usr/share/unicode/{file}")).unwrap().lines() {
        let line = line.split('#').next().unwrap();
        let Some((range, property)) = line.split_once(';') else { continue };
        if property.trim() != name {
            continue;
        }
        let mut ends = range.trim().split("..").map(|s| usize::from_str_radix(s, 16).unwrap());
        let first = ends.next().unwrap();
        set[first..=ends.next().unwrap_or(first)].fill(true);
    }
    set
}

pub fn is_xid_start(c: char) -> bool {
    static SET: OnceLock<Vec<bool>> = OnceLock::new();
    if c.is_ascii() { c.is_ascii_alphabetic() } else { SET.get_or_init(|| property("DerivedCoreProperties.txt", "XID_Start"))[c as usize] }
}
pub fn is_xid_continue(c: char) -> bool {
    static SET: OnceLock<Vec<bool>> = OnceLock::new();
    if c.is_ascii() { c.is_ascii_alphanumeric() || c == '_' } else { SET.get_or_init(|| property("DerivedCoreProperties.txt", "XID_Continue"))[c as usize] }
}
pub fn is_emoji(c: char) -> bool {
    static SET: OnceLock<Vec<bool>> = OnceLock::new();
    SET.get_or_init(|| property("emoji/emoji-data.txt", "Emoji"))[c as usize]
}
