// Names of all shapes. SYMBOL_NAME stands for the attribute with which rustc tells a symbol and what it means.
#![feature(rustc_attrs, adt_const_params, never_type, unsized_const_params)]
#![allow(warnings)]

mod inner {
    pub struct Pair<A, B>(pub A, pub B);
    pub trait Shape {
        type Output;
        fn area(&self);
    }
    #[SYMBOL_NAME]
    pub fn plain() {}
}
use inner::{Pair, Shape};

struct Int<const N: i32>;
struct Letter<const C: char>;
struct Flag<const B: bool>;
struct Wide<const N: u128>;
struct Text<const S: &'static str>;

macro_rules! types {
    ($($t:ty),* $(,)?) => { $(const _: () = { impl Shape for Pair<$t, u8> {
        type Output = ();
        #[SYMBOL_NAME]
        fn area(&self) {}
    } };)* };
}
types! {
    i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, f32, f64, bool, char, (), !, &'static str,
    (i32,), (i32, u8), [u8; 3], &'static [u8], &'static mut [bool], *const u8, *mut (),
    fn(), fn(u8) -> u8, unsafe extern "C" fn(i32, ...), extern "C" fn(i32) -> i32, for<'a> fn(&'a u8) -> &'a u8,
    for<'a, 'b> fn(&'a u8, fn(&'b u8), &'b u8),
    Box<dyn Fn(i32) -> i32>, Box<dyn Send + Sync>, Box<dyn Iterator<Item = u8> + 'static>,
    Box<dyn for<'a> Fn(&'a u8) -> &'a u8 + Send>, Box<dyn Shape<Output = Pair<u8, i8>>>,
    Int<-152>, Int<{ i32::MIN }>, Int<7>, Letter<'x'>, Letter<'\''>, Letter<'\n'>, Letter<'∂'>, Flag<true>,
    Wide<{ u128::MAX }>, Wide<{ u64::MAX as u128 }>, Text<"abc">, Text<"q\"u'o\\te">, Text<"ü∂">,
    Option<Vec<Pair<String, Result<u8, ()>>>>,
}

impl<A, B> Pair<A, B> {
    #[SYMBOL_NAME]
    fn method() {
        #[SYMBOL_NAME]
        fn nested() {}
    }
}
#[SYMBOL_NAME]
fn ünïcödé() {}
#[SYMBOL_NAME]
fn _123_leading() {}
mod გემრიელი {
    #[SYMBOL_NAME]
    pub fn სადილი() {}
}
