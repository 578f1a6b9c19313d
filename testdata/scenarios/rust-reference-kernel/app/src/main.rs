//! `app` asks the CPU first, `app always` calls the kernel on whatever CPU this is.
fn main() {
    let always = std::env::args().any(|word| word == "always");
    let mut state = 1u32;
    let mut byte = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let codes: Vec<u8> = (0..1056).map(|_| byte()).collect();
    let table: Vec<u8> = (0..1056).map(|_| byte()).collect();
    let sums = vecdist::sum_batch(&codes, &table, always);
    let expected = vecdist::sum_batch_portable(&codes, &table);
    println!("{}", if sums == expected { "equal to the portable sums" } else { "WRONG" });
}
