// SHA-256 (FIPS 180-4) of a file, or of a million letters `a` a few times over: sha256 [FILE]
const K: [u32; 64] = constants();

// The first 32 bits of the fractional parts of the cube roots of the first 64 primes, found at compile time.
const fn constants() -> [u32; 64] {
    let mut k = [0; 64];
    let (mut found, mut candidate) = (0, 2u64);
    while found < 64 {
        let mut divisor = 2;
        while divisor * divisor <= candidate && candidate % divisor != 0 {
            divisor += 1;
        }
        if divisor * divisor > candidate {
            let (target, mut low, mut high) = ((candidate as u128) << 96, 0u128, 1u128 << 36);
            while high - low > 1 {
                let middle = (low + high) / 2;
                if middle * middle * middle <= target { low = middle } else { high = middle }
            }
            k[found] = low as u32;
            found += 1;
        }
        candidate += 1;
    }
    k
}

struct Sha256 {
    state: [u32; 8],
    block: Vec<u8>,
    length: u64,
}

impl Sha256 {
    fn new() -> Self {
        let state = [
            0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
        ];
        Sha256 { state, block: Vec::with_capacity(64), length: 0 }
    }

    fn update(&mut self, mut bytes: &[u8]) {
        self.length += bytes.len() as u64;
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(64 - self.block.len()));
            self.block.extend_from_slice(now);
            bytes = later;
            if self.block.len() == 64 {
                self.compress();
                self.block.clear();
            }
        }
    }

    fn compress(&mut self) {
        let mut w = [0u32; 64];
        for (word, bytes) in w.iter_mut().zip(self.block.chunks(4)) {
            *word = u32::from_be_bytes(bytes.try_into().unwrap());
        }
        for i in 16..64 {
            let s0 = w[i - 15].rotate_right(7) ^ w[i - 15].rotate_right(18) ^ (w[i - 15] >> 3);
            let s1 = w[i - 2].rotate_right(17) ^ w[i - 2].rotate_right(19) ^ (w[i - 2] >> 10);
            w[i] = w[i - 16].wrapping_add(s0).wrapping_add(w[i - 7]).wrapping_add(s1);
        }
        let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = self.state;
        for i in 0..64 {
            let s1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
            let choice = (e & f) ^ (!e & g);
            let t1 = h.wrapping_add(s1).wrapping_add(choice).wrapping_add(K[i]).wrapping_add(w[i]);
            let s0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
            let majority = (a & b) ^ (a & c) ^ (b & c);
            (h, g, f, e, d, c, b, a) = (g, f, e, d.wrapping_add(t1), c, b, a, t1.wrapping_add(s0.wrapping_add(majority)));
        }
        for (state, value) in self.state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
            *state = state.wrapping_add(value);
        }
    }

    fn finish(mut self) -> String {
        let bits = self.length * 8;
        let zeros = (119 - self.length % 64) % 64;
        self.update(&[0x80]);
        self.update(&vec![0; zeros as usize]);
        self.update(&bits.to_be_bytes());
        self.state.iter().map(|word| format!("{word:08x}")).collect()
    }
}

fn sha256(bytes: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(bytes);
    hash.finish()
}

fn main() {
    if let Some(path) = std::env::args().nth(1) {
        let bytes = std::fs::read(&path).expect("cannot read the file");
        println!("{}  {path}", sha256(&bytes));
        return;
    }
    println!("{}  \"\"", sha256(b""));
    println!("{}  \"abc\"", sha256(b"abc"));
    let letters = vec![b'a'; 1_000_000];
    let mut hash = Sha256::new();
    for _ in 0..10 {
        hash.update(&letters);
    }
    println!("{}  ten million times \"a\"", hash.finish());
}
