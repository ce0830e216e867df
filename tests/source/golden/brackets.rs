fn first(a: u32) {
    if a == 1 {
        g(a];
    }
}

fn second() {
    let x = (1, 2;
}
