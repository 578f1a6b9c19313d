extern crate gain;

extern "C" {
    fn gain_percent(sample: i32, percent: i32) -> i32;
}

fn main() {
    let row: Vec<u8> = (0..1000u32).map(|i| (i * 7) as u8).collect();
    let sum = rows::sum(&row);
    println!("sum {} squares {} gain {}", sum, rows::squares(&row), unsafe { gain_percent(300, 20) });
}
