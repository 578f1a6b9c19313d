//! Distances of 32 vectors at once: 4-bit codes of product quantisation, one table of 16 distances per sub-quantiser.

#[cfg(all(target_arch = "x86_64", kernel_support = "avx512"))]
extern "C" {
    fn sum_4bit_dist_table_32bytes_batch_avx512(codes: *const u8, code_length: usize, dist_table: *const u8, dists: *mut u16);
}

/// Byte j of a sub-quantiser's 16 belongs to these vectors: by its low half, and 16 further by its high half.
const ORDER: [usize; 16] = [0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15];

pub fn sum_batch_portable(codes: &[u8], dist_table: &[u8]) -> [u16; 32] {
    let mut dists = [0u16; 32];
    for (codes, table) in codes.chunks_exact(16).zip(dist_table.chunks_exact(16)) {
        for (&code, &vector) in codes.iter().zip(&ORDER) {
            dists[vector] = dists[vector].wrapping_add(u16::from(table[usize::from(code & 15)]));
            dists[16 + vector] = dists[16 + vector].wrapping_add(u16::from(table[usize::from(code >> 4)]));
        }
    }
    dists
}

pub fn sum_batch(codes: &[u8], dist_table: &[u8], always: bool) -> [u16; 32] {
    #[cfg(all(target_arch = "x86_64", kernel_support = "avx512"))]
    if always || std::is_x86_feature_detected!("avx512bw") {
        let mut dists = [0u16; 32];
        unsafe { sum_4bit_dist_table_32bytes_batch_avx512(codes.as_ptr(), codes.len(), dist_table.as_ptr(), dists.as_mut_ptr()) };
        return dists;
    }
    let _ = always;
    sum_batch_portable(codes, dist_table)
}
