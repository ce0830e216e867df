fn main() { let a = ("\q", '\q', "\u{}", 0b, 1e+); let b = '\n\n'; }
