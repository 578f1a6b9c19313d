extern "C" {
    fn pack_nibbles(out: *mut u8, input: *const u8, length: usize);
}

fn main() {
    let input = [1u8, 2, 3, 4, 5];
    let mut out = [0u8; 3];
    unsafe { pack_nibbles(out.as_mut_ptr(), input.as_ptr(), input.len()) };
    println!("{out:?}");
}
