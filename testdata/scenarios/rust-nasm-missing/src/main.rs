#[cfg(assembly)]
extern "C" {
    fn average_bytes_sse2(out: *mut u8, other: *const u8);
}

fn average(out: &mut [u8; 16], other: &[u8; 16]) {
    #[cfg(assembly)]
    unsafe {
        average_bytes_sse2(out.as_mut_ptr(), other.as_ptr())
    };
    #[cfg(not(assembly))]
    for (value, other) in out.iter_mut().zip(other) {
        *value = ((u16::from(*value) + u16::from(*other) + 1) / 2) as u8;
    }
}

fn main() {
    let mut values: [u8; 16] = std::array::from_fn(|i| (i * 10) as u8);
    average(&mut values, &[97; 16]);
    println!("average {}", values.iter().map(|&value| u32::from(value)).sum::<u32>());
}
