fn main() {
    println!("cargo:rerun-if-changed=src/clip_row.c");
    cc::Build::new().file("src/clip_row.c").opt_level(2).debug(false).compile("clip_row");
}
