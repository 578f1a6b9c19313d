// Calls the 4-bit distance-table sum from Rust, declared as its published caller declares it.
extern "C" {
    fn sum_4bit_dist_table_32bytes_batch_avx512(codes: *const u8, length: usize, table: *const u8, dists: *mut u16);
}

fn main() {
    const ORDER: [usize; 16] = [0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15];
    let codes: Vec<u8> = (0..96u32).map(|i| (i * 37 + 11) as u8).collect();
    let table: Vec<u8> = (0..96u32).map(|i| (i * 101 + 5) as u8).collect();
    let mut expected = [0u16; 32];
    for (i, code) in codes.iter().enumerate() {
        let own = &table[i / 16 * 16..];
        expected[ORDER[i % 16]] += own[(code & 15) as usize] as u16;
        expected[16 + ORDER[i % 16]] += own[(code >> 4) as usize] as u16;
    }
    let mut dists = [0u16; 32];
    unsafe { sum_4bit_dist_table_32bytes_batch_avx512(codes.as_ptr(), codes.len(), table.as_ptr(), dists.as_mut_ptr()) };
    println!("{}", if dists == expected { "right" } else { "wrong" });
}
