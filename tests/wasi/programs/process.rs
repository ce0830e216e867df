// exits with 134
// Arguments, environment, stdin, clocks, sleeping, randomness.
use std::collections::HashMap;
use std::io::{self, BufRead, Read, Write};
use std::time::{Duration, Instant, SystemTime};

fn main() {
    println!("{:?}", std::env::args().collect::<Vec<_>>());
    println!("{:?} {:?}", std::env::var("A"), std::env::var("MISSING"));
    let mut all: Vec<_> = std::env::vars().collect();
    all.sort();
    println!("{all:?}");
    let mut first = String::new();
    io::stdin().lock().read_line(&mut first).unwrap();
    let mut rest = String::new();
    io::stdin().read_to_string(&mut rest).unwrap();
    println!("{first:?} {} {:?}", rest.len(), rest.lines().last());
    let begin = Instant::now();
    std::thread::sleep(Duration::from_millis(30));
    let slept = begin.elapsed();
    println!("slept {}", slept >= Duration::from_millis(30) && slept < Duration::from_secs(5));
    println!("{}", SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs() > 1_700_000_000);
    std::thread::yield_now();
    let map: HashMap<u32, u32> = (0..1000).map(|i| (i, i * i)).collect();
    println!("{}", map.values().map(|&v| v as u64).sum::<u64>());
    print!("no newline at the end");
    io::stdout().flush().unwrap();
    io::stdout().write_all(&vec![b'x'; 200_000]).unwrap();
    panic!("and out");
}
