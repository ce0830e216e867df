// Numbers the lines of its standard input and sums up the numbers in them, line by line as they come.
use std::io::{self, BufRead, Write};

fn main() -> io::Result<()> {
    let (mut number, mut sum, mut bytes) = (0u64, 0i64, 0usize);
    let stdout = io::stdout();
    for line in io::stdin().lock().lines() {
        let line = line?;
        number += 1;
        bytes += line.len() + 1;
        sum += line.split_whitespace().filter_map(|word| word.parse::<i64>().ok()).sum::<i64>();
        writeln!(stdout.lock(), "{number:4}  {line}")?;
    }
    println!("{number} lines, {bytes} bytes, sum {sum}");
    Ok(())
}
