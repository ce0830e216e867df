//! The tokens of files by rustc's own lexer (the crate rustc_lexer), as rustc_parse takes them from it in an edition: trivia left out, what
//! an edition does not know split up.
//!
//!     rustc_tokens EDITION KINDS <PATHS            per file: a hash over (kind, start, length) of its tokens, and their number
//!     rustc_tokens EDITION KINDS --dump PATH       one line a token: kind, start, length
//!     rustc_tokens EDITION KINDS --time REPEAT <PATHS   bytes and seconds of the bare lexer over all files
//!
//! KINDS: the names of rustg's kinds with commas, in order.
use rustc_lexer::*;
use std::collections::HashMap;
use std::io::BufRead;

fn keywords(edition: u32) -> Vec<&'static str> {
    let mut all = "_ as break const continue crate else enum extern false fn for if impl in let loop match mod move mut pub ref return self \
        Self static struct super trait true type unsafe use where while abstract become box do final macro override priv typeof unsized \
        virtual yield"
        .split(' ')
        .filter(|w| !w.is_empty())
        .collect::<Vec<_>>();
    if edition >= 2018 {
        all.extend(["async", "await", "dyn", "try"]);
    }
    if edition >= 2024 {
        all.push("gen");
    }
    all
}

fn word(keywords: &[&'static str], text: &str) -> String {
    if !keywords.contains(&text) {
        return "ident".into();
    }
    match text {
        "_" => "kw_underscore".into(),
        "self" => "kw_self_lower".into(),
        "Self" => "kw_self_upper".into(),
        _ => format!("kw_{text}"),
    }
}

include!(concat!(env!("RUSTG_RANGES"), "/unicode_array.rs")); // rustc's own UNICODE_ARRAY

fn is_confusable(text: &str) -> bool {
    let mut chars = text.chars();
    let first = chars.next();
    chars.next().is_none() && UNICODE_ARRAY.iter().any(|&(c, _, _)| Some(c) == first)
}
/// What rustc goes on with instead.
fn meant(text: &str) -> Option<&'static str> {
    let c = text.chars().next().unwrap();
    let &(_, _, ascii) = UNICODE_ARRAY.iter().find(|row| row.0 == c)?;
    Some(match ascii {
        "_" => "kw_underscore",
        "-" => "minus",
        "," => "comma",
        ";" => "semi",
        ":" => "colon",
        "!" => "bang",
        "?" => "question",
        "." => "dot",
        "(" => "open_paren",
        ")" => "close_paren",
        "[" => "open_bracket",
        "]" => "close_bracket",
        "{" => "open_brace",
        "}" => "close_brace",
        "*" => "star",
        "/" => "slash",
        "&" => "and",
        "+" => "plus",
        "<" => "lt",
        "=" | "==" => "eq",
        ">" => "gt",
        _ => return None,
    })
}

/// kind, start, length
fn tokens(source: &str, edition: u32, mut found: impl FnMut(&str, usize, usize)) {
    let words = keywords(edition);
    let source = source.replace("\r\n", "\n");
    let source = source.strip_prefix('\u{feff}').unwrap_or(&source);
    let mut pos = strip_shebang(source).unwrap_or(0);
    let mut cursor = Cursor::new(&source[pos..], FrontmatterAllowed::Yes);
    loop {
        let token = cursor.advance_token();
        let (start, mut len) = (pos, token.len as usize);
        pos += len;
        let mut reset = |len: &mut usize, to: usize, pos: &mut usize| {
            *len = to;
            *pos = start + to;
            cursor = Cursor::new(&source[*pos..], FrontmatterAllowed::No);
        };
        let kind: &str = match token.kind {
            TokenKind::Eof => {
                found("eof", pos, 0);
                return;
            }
            TokenKind::LineComment { doc_style: None }
            | TokenKind::BlockComment { doc_style: None, .. }
            | TokenKind::Frontmatter { .. }
            | TokenKind::Whitespace => continue,
            TokenKind::LineComment { doc_style: Some(DocStyle::Outer) } => "outer_line_doc",
            TokenKind::LineComment { doc_style: Some(DocStyle::Inner) } => "inner_line_doc",
            TokenKind::BlockComment { doc_style: Some(DocStyle::Outer), .. } => "outer_block_doc",
            TokenKind::BlockComment { doc_style: Some(DocStyle::Inner), .. } => "inner_block_doc",
            TokenKind::Ident | TokenKind::UnknownPrefix => &word(&words, &source[start..pos]),
            TokenKind::Unknown | TokenKind::InvalidIdent if is_confusable(&source[start..pos]) || token.kind == TokenKind::Unknown => {
                if source[..start].ends_with(&source[start..pos]) {
                    continue;
                }
                match meant(&source[start..pos]) {
                    Some(kind) => kind,
                    None => continue,
                }
            }
            TokenKind::Unknown | TokenKind::InvalidIdent | TokenKind::RawIdent => "ident",
            TokenKind::Lifetime { .. } | TokenKind::UnknownPrefixLifetime => "lifetime",
            TokenKind::RawLifetime => {
                if edition < 2021 {
                    reset(&mut len, 2, &mut pos);
                }
                "lifetime"
            }
            TokenKind::GuardedStrPrefix => {
                if edition < 2024 {
                    reset(&mut len, 1, &mut pos);
                    "pound"
                } else {
                    let mut other = Cursor::new(&source[start..], FrontmatterAllowed::No);
                    if let Some(guarded) = other.guarded_double_quoted_string() {
                        reset(&mut len, guarded.token_len as usize, &mut pos);
                    }
                    "guarded_str"
                }
            }
            TokenKind::Literal { kind, .. } => match kind {
                LiteralKind::Int { .. } => "integer",
                LiteralKind::Float { .. } => "float",
                LiteralKind::Char { .. } => "char",
                LiteralKind::Byte { .. } => "byte",
                LiteralKind::Str { .. } => "str",
                LiteralKind::ByteStr { .. } => "byte_str",
                LiteralKind::CStr { .. } if edition < 2021 => {
                    reset(&mut len, 1, &mut pos);
                    "ident"
                }
                LiteralKind::RawCStr { .. } if edition < 2021 => {
                    reset(&mut len, 2, &mut pos);
                    "ident"
                }
                LiteralKind::CStr { .. } => "c_str",
                LiteralKind::RawStr { .. } => "raw_str",
                LiteralKind::RawByteStr { .. } => "raw_byte_str",
                LiteralKind::RawCStr { .. } => "raw_c_str",
            },
            TokenKind::Semi => "semi",
            TokenKind::Comma => "comma",
            TokenKind::Dot => "dot",
            TokenKind::OpenParen => "open_paren",
            TokenKind::CloseParen => "close_paren",
            TokenKind::OpenBrace => "open_brace",
            TokenKind::CloseBrace => "close_brace",
            TokenKind::OpenBracket => "open_bracket",
            TokenKind::CloseBracket => "close_bracket",
            TokenKind::At => "at",
            TokenKind::Pound => "pound",
            TokenKind::Tilde => "tilde",
            TokenKind::Question => "question",
            TokenKind::Colon => "colon",
            TokenKind::Dollar => "dollar",
            TokenKind::Eq => "eq",
            TokenKind::Bang => "bang",
            TokenKind::Lt => "lt",
            TokenKind::Gt => "gt",
            TokenKind::Minus => "minus",
            TokenKind::And => "and",
            TokenKind::Or => "or",
            TokenKind::Plus => "plus",
            TokenKind::Star => "star",
            TokenKind::Slash => "slash",
            TokenKind::Caret => "caret",
            TokenKind::Percent => "percent",
        };
        found(kind, start, len);
    }
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let edition: u32 = args[1].parse().unwrap();
    let kinds: HashMap<&str, u64> = args[2].split(',').enumerate().map(|(i, k)| (k, i as u64)).collect();
    if args.len() > 4 && args[3] == "--dump" {
        tokens(&std::fs::read_to_string(&args[4]).unwrap(), edition, |kind, start, len| println!("{kind} {start} {len}"));
        return;
    }
    let paths: Vec<String> = std::io::stdin().lock().lines().map(|l| l.unwrap()).collect();
    if args.len() > 4 && args[3] == "--time" {
        let texts: Vec<String> = paths.iter().filter_map(|p| std::fs::read_to_string(p).ok()).collect();
        let bytes: usize = texts.iter().map(|t| t.len()).sum();
        for _ in 0..args[4].parse::<u32>().unwrap() {
            let begin = std::time::Instant::now();
            let mut count = 0usize;
            for text in &texts {
                count += tokenize(text, FrontmatterAllowed::Yes).map(|t| t.len as usize & 1).count();
            }
            println!("{bytes} {} {count}", begin.elapsed().as_secs_f64());
        }
        return;
    }
    for path in paths {
        let Ok(source) = std::fs::read_to_string(&path) else {
            println!("unreadable");
            continue;
        };
        let (mut hash, mut count) = (0u64, 0u64);
        tokens(&source, edition, |kind, start, len| {
            for value in [kinds[kind], start as u64, len as u64] {
                hash = (hash ^ value).wrapping_mul(0x9e3779b97f4a7c15);
                hash ^= hash >> 29;
            }
            count += 1;
        });
        println!("{hash} {count}");
    }
}
