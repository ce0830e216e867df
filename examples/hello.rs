// Says hello, and to whom, if it is told. Many instances tell themselves apart by RUSTG_INSTANCE.
use std::env;

fn main() {
    let name = env::args().nth(1).unwrap_or_else(|| "world".to_string());
    match env::var("RUSTG_INSTANCE") {
        Ok(index) => println!("Hello, {name}, from instance {index}!"),
        Err(_) => println!("Hello, {name}!"),
    }
}
