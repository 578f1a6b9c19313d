/// Called by its C name.
pub extern "C" fn audio_gain(sample: i32, percent: i32) -> i32 {
    sample * percent / 100
}
