fn main() {
    let text = "begins

        and goes on
        and on
        and on
        and on;
}
