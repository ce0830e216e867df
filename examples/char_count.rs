// Counts how often each character occurs in a file: char_count [FILE]
use std::collections::HashMap;
use std::{env, fs, process};

fn main() {
    let path = env::args().nth(1).unwrap_or_else(|| "examples/sample.txt".to_string());
    let text = fs::read_to_string(&path).unwrap_or_else(|error| {
        eprintln!("char_count: {path}: {error}");
        process::exit(1);
    });

    let mut counts: HashMap<char, usize> = HashMap::new();
    for c in text.chars() {
        *counts.entry(c).or_insert(0) += 1;
    }

    let mut counts: Vec<(char, usize)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    for (c, count) in &counts {
        println!("{count:6}  {c:?}");
    }
    println!("{:6}  characters, {} different", text.chars().count(), counts.len());
}
