//! Builds the C kernels. A kernel that cannot be built is left out with a warning.

fn compile(library: &str, source: &str, flags: &[&str]) -> Result<(), cc::Error> {
    let mut build = cc::Build::new();
    build.file(source).flag("-std=c17").flag("-Wall").opt_level(3).debug(false);
    for flag in flags {
        build.flag(flag);
    }
    build.try_compile(library)
}

/// Half-precision kernels: a feature of this crate, off by default.
fn build_f16_kernels(level: &str, flags: &[&str]) -> Result<(), cc::Error> {
    if std::env::var_os("CARGO_FEATURE_FP16KERNELS").is_none() {
        return Ok(());
    }
    compile(&format!("f16_{level}"), "src/kernels/f16.c", flags)
}

fn build_dist_table() -> Result<(), cc::Error> {
    compile("dist_table_avx512", "src/kernels/dist_table.c", &["-march=native"])
}

fn main() {
    println!("cargo:rerun-if-changed=src/kernels");
    println!("cargo:rustc-check-cfg=cfg(kernel_support, values(\"avx512\"))");
    if std::env::var("CARGO_CFG_TARGET_ARCH").as_deref() != Ok("x86_64") {
        return;
    }
    match build_f16_kernels("avx512", &["-march=sapphirerapids", "-mavx512fp16"]) {
        Ok(()) => println!("cargo:rustc-cfg=kernel_support=\"avx512\""),
        Err(error) => println!("cargo:warning=Skipping build of AVX-512 fp16 kernels: {error}"),
    }
    if let Err(error) = build_dist_table() {
        println!("cargo:warning=Skipping build of AVX-512 dist_table: {error}");
    }
}
