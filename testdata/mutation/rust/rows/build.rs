//! Builds the C kernels.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=kernels");
    cc::Build::new().file("kernels/sum_portable.c").file("kernels/squares.c").compile("rows_portable");
    cc::Build::new().file("kernels/sum_avx2.c").flag("-mavx2").compile("rows_avx2");
    cc::Build::new().file("kernels/sum_avx512bw.c").flag("-mavx512bw").compile("rows_avx512bw");
}
