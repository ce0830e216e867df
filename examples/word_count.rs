// The most frequent words of a file: word_count [FILE [HOW_MANY]]
use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let path = args.next().unwrap_or_else(|| "examples/sample.txt".to_string());
    let how_many: usize = args.next().map_or(Ok(10), |n| n.parse())?;

    let mut words: HashMap<String, usize> = HashMap::new();
    let mut lines = 0;
    for line in BufReader::new(File::open(&path)?).lines() {
        lines += 1;
        for word in line?.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
            *words.entry(word.to_lowercase()).or_default() += 1;
        }
    }

    let mut by_count: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for (word, count) in &words {
        by_count.entry(*count).or_default().push(word);
    }
    let ranked = by_count.into_iter().rev().flat_map(|(count, mut same)| {
        same.sort();
        same.into_iter().map(move |word| (count, word))
    });
    for (count, word) in ranked.take(how_many) {
        println!("{count:5}  {word}");
    }
    println!("{lines} lines, {} words, {} different", words.values().sum::<usize>(), words.len());
    Ok(())
}
