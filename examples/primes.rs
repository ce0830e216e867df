// Counts primes with a sieve, and finds large ones by the Miller-Rabin test: primes [LIMIT]
fn sieve(limit: usize) -> Vec<usize> {
    let mut composite = vec![false; limit + 1];
    let mut primes = Vec::new();
    for n in 2..=limit {
        if !composite[n] {
            primes.push(n);
            let first = n.checked_mul(n).unwrap_or(usize::MAX); // usize has 32 bits in wasm
            for multiple in (first..=limit).step_by(n) {
                composite[multiple] = true;
            }
        }
    }
    primes
}

fn power(base: u64, mut exponent: u64, modulus: u64) -> u64 {
    let (mut base, mut result, m) = (base as u128 % modulus as u128, 1u128, modulus as u128);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * base % m;
        }
        base = base * base % m;
        exponent >>= 1;
    }
    result as u64
}

// Exact for all 64-bit numbers with these bases.
fn is_prime(n: u64) -> bool {
    const BASES: [u64; 12] = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37];
    if n < 2 || BASES.contains(&n) {
        return n >= 2;
    }
    let shift = (n - 1).trailing_zeros();
    BASES.iter().all(|&base| {
        let mut x = power(base, (n - 1) >> shift, n);
        x == 1 || (0..shift).any(|_| {
            let minus_one = x == n - 1;
            x = power(x, 2, n);
            minus_one
        })
    })
}

fn main() {
    let limit: usize = std::env::args().nth(1).map_or(2_000_000, |n| n.parse().expect("LIMIT is a number"));
    let primes = sieve(limit);
    println!("{} primes up to {limit}, the last is {:?}", primes.len(), primes.last());
    let twins = primes.windows(2).filter(|pair| pair[1] - pair[0] == 2).count();
    println!("{twins} pairs of twins");
    let checked = primes.iter().rev().take(200).all(|&p| is_prime(p as u64));
    println!("Miller-Rabin agrees: {checked}");
    let large: Vec<u64> = (0..).map(|i| u64::MAX - i).filter(|&n| is_prime(n)).take(3).collect();
    println!("the largest 64-bit primes: {large:?}");
}
