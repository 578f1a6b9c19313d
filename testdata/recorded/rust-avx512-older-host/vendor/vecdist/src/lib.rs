//! Sums of table look-ups: each code byte holds two 4-bit indices into a table of 16 bytes.

#[cfg(all(target_arch = "x86_64", kernel_support = "avx512"))]
extern "C" {
    fn dist_table_sum_avx512(table: *const u8, codes: *const u8, length: usize) -> u64;
}

fn dist_table_sum_portable(table: &[u8; 16], codes: &[u8]) -> u64 {
    codes
        .iter()
        .map(|&code| u64::from(table[usize::from(code & 15)]) + u64::from(table[usize::from(code >> 4)]))
        .sum()
}

pub fn dist_table_sum(table: &[u8; 16], codes: &[u8]) -> u64 {
    #[cfg(all(target_arch = "x86_64", kernel_support = "avx512"))]
    if std::is_x86_feature_detected!("avx512bw") {
        return unsafe { dist_table_sum_avx512(table.as_ptr(), codes.as_ptr(), codes.len()) };
    }
    dist_table_sum_portable(table, codes)
}
