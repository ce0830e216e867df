fn main() {
	let tab = "a	b\q";
	let control = "\q";
    let wide = "漢字\q";
    let combining = "é\q"; let é = "\q";
    let joined = "👩‍💻\q";
}
