//! The part of the unicode-properties crate that rustc_lexer uses.
pub const UNICODE_VERSION: (u64, u64, u64) = (17, 0, 0);

pub trait UnicodeEmoji {
    fn is_emoji_char(self) -> bool;
}
impl UnicodeEmoji for char {
    fn is_emoji_char(self) -> bool { unicode_ident::is_emoji(self) }
}
