// Multiplies matrices, generic over what they hold: matrix [SIZE]
use std::ops::{Add, Index, IndexMut, Mul};

#[derive(Clone, PartialEq, Debug)]
struct Matrix<T> {
    rows: usize,
    columns: usize,
    cells: Vec<T>,
}

impl<T: Copy + Default> Matrix<T> {
    fn from_fn(rows: usize, columns: usize, f: impl Fn(usize, usize) -> T) -> Self {
        let cells = (0..rows * columns).map(|i| f(i / columns, i % columns)).collect();
        Matrix { rows, columns, cells }
    }

    fn transposed(&self) -> Self { Matrix::from_fn(self.columns, self.rows, |r, c| self[(c, r)]) }
}

impl<T> Index<(usize, usize)> for Matrix<T> {
    type Output = T;
    fn index(&self, (row, column): (usize, usize)) -> &T { &self.cells[row * self.columns + column] }
}

impl<T> IndexMut<(usize, usize)> for Matrix<T> {
    fn index_mut(&mut self, (row, column): (usize, usize)) -> &mut T { &mut self.cells[row * self.columns + column] }
}

impl<T: Copy + Default + Add<Output = T> + Mul<Output = T>> Mul for &Matrix<T> {
    type Output = Matrix<T>;
    fn mul(self, other: &Matrix<T>) -> Matrix<T> {
        assert_eq!(self.columns, other.rows);
        let mut product = Matrix::from_fn(self.rows, other.columns, |_, _| T::default());
        for i in 0..self.rows {
            for k in 0..self.columns {
                let left = self[(i, k)];
                for j in 0..other.columns {
                    product[(i, j)] = product[(i, j)] + left * other[(k, j)];
                }
            }
        }
        product
    }
}

fn main() {
    let size: usize = std::env::args().nth(1).map_or(200, |n| n.parse().expect("SIZE is a number"));
    let a = Matrix::from_fn(size, size, |r, c| ((r * 7 + c * 3) % 11) as f64 / 4.0);
    let b = Matrix::from_fn(size, size, |r, c| ((r * 5 + c * 13) % 17) as f64 - 8.0);
    let product = &a * &b;
    assert_eq!((&b.transposed() * &a.transposed()).transposed(), product);
    let trace: f64 = (0..size).map(|i| product[(i, i)]).sum();
    println!("{size} x {size}: trace {trace}, corner {}", product[(size - 1, size - 1)]);

    let fibonacci = Matrix::from_fn(2, 2, |r, c| u64::from(r + c < 2));
    let power = (1..90).fold(fibonacci.clone(), |power, _| &power * &fibonacci);
    println!("fibonacci(90) = {}", power[(0, 1)]);
}
