fn main() {
    println!("left {} right {}", left::level(), right::level());
}
