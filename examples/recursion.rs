// Functions that call themselves, and each other: recursion [N]
fn fibonacci(n: u32) -> u64 {
    if n < 2 { n.into() } else { fibonacci(n - 1) + fibonacci(n - 2) }
}

fn ackermann(m: u64, n: u64) -> u64 {
    match (m, n) {
        (0, n) => n + 1,
        (m, 0) => ackermann(m - 1, 1),
        (m, n) => ackermann(m - 1, ackermann(m, n - 1)),
    }
}

fn hanoi(disks: u32, pegs: &mut [Vec<u32>; 3], from: usize, to: usize) -> u64 {
    if disks == 0 {
        return 0;
    }
    let other = 3 - from - to;
    let before = hanoi(disks - 1, pegs, from, other);
    let disk = pegs[from].pop().expect("a disk to move");
    assert!(pegs[to].last().is_none_or(|top| *top > disk), "a larger disk on a smaller one");
    pegs[to].push(disk);
    before + 1 + hanoi(disks - 1, pegs, other, to)
}

fn is_even(n: u32) -> bool { n == 0 || is_odd(n - 1) }
fn is_odd(n: u32) -> bool { n != 0 && is_even(n - 1) }

fn permutations(items: &mut Vec<char>, from: usize, visit: &mut dyn FnMut(&[char])) {
    if from == items.len() {
        return visit(items);
    }
    for i in from..items.len() {
        items.swap(from, i);
        permutations(items, from + 1, visit);
        items.swap(from, i);
    }
}

fn main() {
    let n: u32 = std::env::args().nth(1).map_or(30, |n| n.parse().expect("N is a number"));
    println!("fibonacci({n}) = {}", fibonacci(n));
    println!("ackermann(2, 300) = {}, ackermann(3, 7) = {}", ackermann(2, 300), ackermann(3, 7));
    let mut pegs = [(1..=16).rev().collect(), vec![], vec![]];
    println!("hanoi(16) takes {} moves", hanoi(16, &mut pegs, 0, 2));
    assert!(pegs[0].is_empty() && pegs[2].len() == 16);
    println!("1001 is {}", if is_even(1001) { "even" } else { "odd" });
    let (mut seen, mut last) = (0, String::new());
    permutations(&mut "abcdefgh".chars().collect(), 0, &mut |p| {
        seen += 1;
        last = p.iter().collect();
    });
    println!("{seen} permutations of abcdefgh, the last one visited {last}");
}
