#[cfg(target_feature = "avx2")]
extern "C" {
    fn clip_row_avx2(row: *mut u8, length: usize, most: u8);
}

fn clip_row(row: &mut [u8], most: u8) {
    #[cfg(target_feature = "avx2")]
    unsafe {
        clip_row_avx2(row.as_mut_ptr(), row.len(), most)
    };
    #[cfg(not(target_feature = "avx2"))]
    for value in row {
        *value = (*value).min(most);
    }
}

fn main() {
    let mut row: Vec<u8> = (0..44).collect();
    clip_row(&mut row, 10);
    println!("clipped {}", row.iter().map(|&value| u32::from(value)).sum::<u32>());
}
