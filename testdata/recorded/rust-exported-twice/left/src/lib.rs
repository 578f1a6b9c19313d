#[no_mangle]
pub extern "C" fn log_level() -> i32 {
    3
}

pub fn level() -> i32 {
    log_level()
}
