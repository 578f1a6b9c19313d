extern crate gain;

extern "C" {
    fn audio_gain(sample: i32, percent: i32) -> i32;
}

fn main() {
    println!("gain {}", unsafe { audio_gain(120, 50) });
}
