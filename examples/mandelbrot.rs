// The Mandelbrot set as a PPM image, and a small picture of it in letters: mandelbrot [FILE.ppm [WIDTH]]
use std::fs::File;
use std::io::{self, BufWriter, Write};

const LIMIT: u32 = 200;

// Steps until the point escapes, LIMIT if it does not.
fn steps(cx: f64, cy: f64) -> u32 {
    let (mut x, mut y) = (0.0, 0.0);
    for step in 0..LIMIT {
        let (xx, yy) = (x * x, y * y);
        if xx + yy > 4.0 {
            return step;
        }
        y = 2.0 * x * y + cy;
        x = xx - yy + cx;
    }
    LIMIT
}

fn point(column: usize, row: usize, width: usize, height: usize) -> u32 {
    steps(-2.2 + 3.2 * column as f64 / width as f64, -1.2 + 2.4 * row as f64 / height as f64)
}

fn main() -> io::Result<()> {
    let mut args = std::env::args().skip(1);
    let path = args.next().unwrap_or_else(|| "mandelbrot.ppm".to_string());
    let width: usize = args.next().map_or(400, |w| w.parse().expect("WIDTH is a number"));
    let height = width * 3 / 4;

    let mut sum = 0u32;
    let mut file = BufWriter::new(File::create(&path)?);
    write!(file, "P6\n{width} {height}\n255\n")?;
    for row in 0..height {
        for column in 0..width {
            let n = point(column, row, width, height);
            let color = if n == LIMIT { [0; 3] } else { [(n * 8) as u8, (n * 5) as u8, (80 + n * 3) as u8] };
            file.write_all(&color)?;
            sum = sum.rotate_left(5) ^ n;
        }
    }
    file.flush()?;

    for row in 0..20 {
        let line: String = (0..60).map(|column| b" .:-=+*#%@"[(point(column, row, 60, 20) * 9 / LIMIT) as usize] as char).collect();
        println!("{}", line.trim_end());
    }
    println!("{path}: {width} x {height}, checksum {sum:08x}");
    Ok(())
}
