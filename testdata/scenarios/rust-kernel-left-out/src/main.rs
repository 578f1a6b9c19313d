extern "C" {
    fn light_row(value: i32) -> i32;
    fn shade_row(value: i32) -> i32;
}

fn main() {
    println!("row {} {}", unsafe { light_row(5) }, unsafe { shade_row(6) });
}
