extern "C" {
    fn codec_open(mode: i32) -> i32;
    fn codec_close(handle: i32) -> i32;
}

fn main() {
    println!("codec {}", unsafe { codec_close(codec_open(2)) });
}
