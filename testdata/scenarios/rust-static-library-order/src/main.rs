extern "C" {
    fn outer_steps(value: i32) -> i32;
}

fn main() {
    println!("steps {}", unsafe { outer_steps(5) });
}
