//! Called by its C name.

#[no_mangle]
pub extern "C" fn gain_percent(sample: i32, percent: i32) -> i32 {
    sample * percent / 100
}
