// rustc --target wasm32-wasip1 -Cpanic=abort -Clink-arg=--no-entry -Clink-arg=-lc --crate-type=cdylib -O kernels.rs (RUSTC_BOOTSTRAP=1)
#![feature(core_intrinsics)]
#![allow(internal_features, static_mut_refs)]
#![no_std]
#![no_main]
extern crate alloc;
use core::hint::black_box;
#[panic_handler] fn p(_: &core::panic::PanicInfo) -> ! { loop {} }
struct Bump; static mut NEXT: usize = 0;
unsafe impl core::alloc::GlobalAlloc for Bump {
  unsafe fn alloc(&self, l: core::alloc::Layout) -> *mut u8 { 
     static mut HEAP: [u8; 64<<20] = [0; 64<<20];
     let s = (NEXT + l.align()-1) & !(l.align()-1); NEXT = s + l.size(); (&raw mut HEAP as *mut u8).add(s) }
  unsafe fn dealloc(&self, _: *mut u8, _: core::alloc::Layout) {}
}
#[global_allocator] static A: Bump = Bump;
use alloc::vec::Vec; use alloc::collections::BTreeMap;
fn reset() { unsafe { NEXT = 0 } }
#[inline(never)] fn fibr(n: u32) -> u32 { if n < 2 { n } else { fibr(n-1) + fibr(n-2) } }
#[no_mangle] pub extern "C" fn fib(n: u32) -> u32 { fibr(black_box(n)) }
const K: [u32; 64] = [0x428a2f98,0x71374491,0xb5c0fbcf,0xe9b5dba5,0x3956c25b,0x59f111f1,0x923f82a4,0xab1c5ed5,0xd807aa98,0x12835b01,0x243185be,0x550c7dc3,0x72be5d74,0x80deb1fe,0x9bdc06a7,0xc19bf174,0xe49b69c1,0xefbe4786,0x0fc19dc6,0x240ca1cc,0x2de92c6f,0x4a7484aa,0x5cb0a9dc,0x76f988da,0x983e5152,0xa831c66d,0xb00327c8,0xbf597fc7,0xc6e00bf3,0xd5a79147,0x06ca6351,0x14292967,0x27b70a85,0x2e1b2138,0x4d2c6dfc,0x53380d13,0x650a7354,0x766a0abb,0x81c2c92e,0x92722c85,0xa2bfe8a1,0xa81a664b,0xc24b8b70,0xc76c51a3,0xd192e819,0xd6990624,0xf40e3585,0x106aa070,0x19a4c116,0x1e376c08,0x2748774c,0x34b0bcb5,0x391c0cb3,0x4ed8aa4a,0x5b9cca4f,0x682e6ff3,0x748f82ee,0x78a5636f,0x84c87814,0x8cc70208,0x90befffa,0xa4506ceb,0xbef9a3f7,0xc67178f2];
#[no_mangle] pub extern "C" fn sha256(n: u32) -> u32 {
  let mut h: [u32; 8] = [0x6a09e667,0xbb67ae85,0x3c6ef372,0xa54ff53a,0x510e527f,0x9b05688c,0x1f83d9ab,0x5be0cd19];
  let mut block = [0u8; 64];
  for i in 0..n {
    for (j, b) in block.iter_mut().enumerate() { *b = (i as u8).wrapping_add(j as u8); }
    let mut w = [0u32; 64];
    for t in 0..16 { w[t] = u32::from_be_bytes([block[4*t], block[4*t+1], block[4*t+2], block[4*t+3]]); }
    for t in 16..64 {
      let s0 = w[t-15].rotate_right(7) ^ w[t-15].rotate_right(18) ^ (w[t-15] >> 3);
      let s1 = w[t-2].rotate_right(17) ^ w[t-2].rotate_right(19) ^ (w[t-2] >> 10);
      w[t] = w[t-16].wrapping_add(s0).wrapping_add(w[t-7]).wrapping_add(s1);
    }
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut hh] = h;
    for t in 0..64 {
      let s1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
      let ch = (e & f) ^ (!e & g);
      let t1 = hh.wrapping_add(s1).wrapping_add(ch).wrapping_add(K[t]).wrapping_add(w[t]);
      let s0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
      let maj = (a & b) ^ (a & c) ^ (b & c);
      let t2 = s0.wrapping_add(maj);
      hh = g; g = f; f = e; e = d.wrapping_add(t1); d = c; c = b; b = a; a = t1.wrapping_add(t2);
    }
    for (x, y) in h.iter_mut().zip([a,b,c,d,e,f,g,hh]) { *x = x.wrapping_add(y); }
  }
  h[0]
}
#[derive(Clone, Copy)] struct Body { p: [f64; 3], v: [f64; 3], m: f64 }
#[no_mangle] pub extern "C" fn nbody(n: u32) -> u32 {
  let mut bodies = [
   Body{p:[0.0,0.0,0.0],v:[0.0,0.0,0.0],m:39.47841760435743},
   Body{p:[4.84143144246472090,-1.16032004402742839,-0.103622044471123109],v:[0.606326392995832,2.81198684491626,-0.02521836165988763],m:0.03769367487038949},
   Body{p:[8.34336671824457987,4.12479856412430479,-0.403523417114321381],v:[-1.0107743461787924,1.8256623712304119,0.008415761376584154],m:0.011286326131968767},
   Body{p:[12.8943695621391310,-15.1111514016986312,-0.223307578892655734],v:[1.0827910064415354,0.8687130181696082,-0.010832637401363636],m:0.0017237240570597112},
   Body{p:[15.3796971148509165,-25.9193146099879641,0.179258772950371181],v:[0.979090732243898,0.5946989986476762,-0.034755955504078104],m:0.0020336868699246304}];
  let dt = 0.01;
  for _ in 0..n {
    for i in 0..5 { for j in i+1..5 {
      let (a, b) = (bodies[i], bodies[j]);
      let d = [a.p[0]-b.p[0], a.p[1]-b.p[1], a.p[2]-b.p[2]];
      let d2 = d[0]*d[0]+d[1]*d[1]+d[2]*d[2];
      let mag = dt / (d2 * unsafe { core::intrinsics::sqrtf64(d2) });
      for k in 0..3 { bodies[i].v[k] -= d[k]*b.m*mag; bodies[j].v[k] += d[k]*a.m*mag; }
    } }
    for b in bodies.iter_mut() { for k in 0..3 { b.p[k] += dt*b.v[k]; } }
  }
  (bodies[0].p[0] * 1e9) as i64 as u32
}
#[no_mangle] pub extern "C" fn mandelbrot(n: u32) -> u32 {
  let mut total = 0u32;
  for y in 0..n { for x in 0..n {
    let (cr, ci) = (3.0 * x as f64 / n as f64 - 2.0, 2.0 * y as f64 / n as f64 - 1.0);
    let (mut zr, mut zi, mut i) = (0.0f64, 0.0f64, 0u32);
    while i < 200 && zr*zr + zi*zi <= 4.0 { let t = zr*zr - zi*zi + cr; zi = 2.0*zr*zi + ci; zr = t; i += 1; }
    total = total.wrapping_add(i);
  } }
  total
}
fn rng(s: &mut u64) -> u64 { *s ^= *s << 13; *s ^= *s >> 7; *s ^= *s << 17; *s }
#[no_mangle] pub extern "C" fn sort(n: u32) -> u32 {
  reset(); let mut s = 88172645463325252u64;
  let mut v: Vec<u32> = (0..n).map(|_| rng(&mut s) as u32).collect();
  v.sort_unstable(); v[n as usize / 2]
}
#[no_mangle] pub extern "C" fn wordcount(n: u32) -> u32 {
  reset(); let mut s = 88172645463325252u64; let mut text: Vec<u8> = Vec::with_capacity(n as usize);
  while text.len() < n as usize - 12 { let l = 1 + rng(&mut s) % 4; for _ in 0..l { text.push(b'a' + (rng(&mut s) % 5) as u8); } text.push(b' '); }
  let mut m: BTreeMap<&[u8], u32> = BTreeMap::new();
  for w in text.split(|c| *c == b' ') { if !w.is_empty() { *m.entry(w).or_insert(0) += 1; } }
  m.iter().fold(0u32, |a, (k, v)| a.wrapping_mul(31).wrapping_add(*v).wrapping_add(k.len() as u32))
}
enum J { N(f64), S(Vec<u8>), A(Vec<J>), O(Vec<(Vec<u8>, J)>), B(bool), Null }
struct P<'a> { t: &'a [u8], i: usize }
impl<'a> P<'a> {
  fn ws(&mut self) { while self.i < self.t.len() && matches!(self.t[self.i], b' '|b'\n'|b'\t'|b'\r') { self.i += 1 } }
  fn str(&mut self) -> Option<Vec<u8>> { self.i += 1; let mut o = Vec::new(); loop { match *self.t.get(self.i)? { b'"' => { self.i += 1; return Some(o) } b'\\' => { self.i += 1; o.push(*self.t.get(self.i)?); self.i += 1 } c => { o.push(c); self.i += 1 } } } }
  fn val(&mut self) -> Option<J> { self.ws(); match *self.t.get(self.i)? {
    b'{' => { self.i += 1; let mut v = Vec::new(); loop { self.ws(); match *self.t.get(self.i)? { b'}' => { self.i += 1; return Some(J::O(v)) } b',' => self.i += 1, b'"' => { let k = self.str()?; self.ws(); self.i += 1; v.push((k, self.val()?)) } _ => return None } } }
    b'[' => { self.i += 1; let mut v = Vec::new(); loop { self.ws(); match *self.t.get(self.i)? { b']' => { self.i += 1; return Some(J::A(v)) } b',' => self.i += 1, _ => v.push(self.val()?) } } }
    b'"' => self.str().map(J::S), b't' => { self.i += 4; Some(J::B(true)) } b'f' => { self.i += 5; Some(J::B(false)) } b'n' => { self.i += 4; Some(J::Null) }
    _ => { let mut x = 0.0; let mut sc = 1.0; let mut neg = false; let mut dot = false; while let Some(&c) = self.t.get(self.i) { match c { b'-' => neg = true, b'.' => dot = true, b'0'..=b'9' => { x = x*10.0 + (c - b'0') as f64; if dot { sc *= 10.0 } } _ => break } self.i += 1 } Some(J::N(if neg { -x / sc } else { x / sc })) } } }
}
fn sum(j: &J) -> f64 { match j { J::N(x) => *x, J::S(s) => s.len() as f64, J::A(v) => v.iter().map(sum).sum(), J::O(v) => v.iter().map(|(k, v)| k.len() as f64 + sum(v)).sum(), J::B(b) => *b as u32 as f64, J::Null => 0.0 } }
#[no_mangle] pub extern "C" fn json(n: u32) -> u32 {
  let mut total = 0.0; 
  for _ in 0..n { reset(); let t = br#"{"name": "example \"quoted\"", "list": [1, 2.5, -3.25, 1000000, 42], "nested": {"a": true, "b": false, "c": null, "deep": [[1],[2,[3,[4]]]]}, "text": "the quick brown fox jumps over the lazy dog", "users": [{"id": 1, "name": "ann"}, {"id": 2, "name": "bob"}, {"id": 3, "name": "eve"}]}"#;
    let mut p = P { t: black_box(t), i: 0 }; if let Some(j) = p.val() { total += sum(&j) } }
  total as i64 as u32
}
#[no_mangle] pub extern "C" fn sieve(n: u32) -> u32 { reset(); let n = n as usize; let mut v = alloc::vec![true; n]; let mut c = 0; for i in 2..n { if v[i] { c += 1; let mut j = i*2; while j < n { v[j] = false; j += i; } } } c }
#[no_mangle] pub extern "C" fn matmul(n: u32) -> u32 { reset(); let n = n as usize; let a: Vec<f64> = (0..n*n).map(|i| i as f64).collect(); let b = a.clone(); let mut c = alloc::vec![0.0f64; n*n];
 for i in 0..n { for j in 0..n { let mut s = 0.0; for k in 0..n { s += a[i*n+k]*b[k*n+j]; } c[i*n+j] = s; } } c.iter().sum::<f64>() as i64 as u32 }
#[no_mangle] pub extern "C" fn crc32(n: u32) -> u32 { let mut t = [0u32; 256]; for i in 0..256u32 { let mut c = i; for _ in 0..8 { c = if c & 1 != 0 { 0xedb88320 ^ (c >> 1) } else { c >> 1 } } t[i as usize] = c; } let mut c = !0u32; for i in 0..n { c = t[((c ^ (i & 0xff)) & 0xff) as usize] ^ (c >> 8); } !c }
