//! Sums of rows, by the best kernel that the CPU has.

extern "C" {
    fn rows_sum_portable(row: *const u8, length: usize) -> u32;
    fn rows_sum_avx2(row: *const u8, length: usize) -> u32;
    fn rows_sum_avx512bw(row: *const u8, length: usize) -> u32;
    fn rows_squares(row: *const u8, length: usize) -> u64;
}

pub fn sum(row: &[u8]) -> u32 {
    unsafe {
        if is_x86_feature_detected!("avx512bw") {
            rows_sum_avx512bw(row.as_ptr(), row.len())
        } else if is_x86_feature_detected!("avx2") {
            rows_sum_avx2(row.as_ptr(), row.len())
        } else {
            rows_sum_portable(row.as_ptr(), row.len())
        }
    }
}

pub fn squares(row: &[u8]) -> u64 {
    unsafe { rows_squares(row.as_ptr(), row.len()) }
}
