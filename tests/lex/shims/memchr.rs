//! The part of the memchr crate that rustc_lexer uses.
pub fn memchr(needle: u8, haystack: &[u8]) -> Option<usize> {
    // The standard library's search for a char is a memchr.
    unsafe { std::str::from_utf8_unchecked(haystack) }.find(needle as char)
}
