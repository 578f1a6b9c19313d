//! Assembles the kernel with nasm.

use std::path::{Path, PathBuf};
use std::process::Command;

fn assemble(out: &Path) -> Result<(), String> {
    let object = out.join("average.o");
    let status = Command::new("nasm")
        .args(["-f", "elf64", "src/average.asm", "-o"])
        .arg(&object)
        .status()
        .map_err(|error| format!("nasm: {error}"))?;
    if !status.success() {
        return Err(format!("nasm: {status}"));
    }
    let status = Command::new("ar").arg("rcs").arg(out.join("libaverage_asm.a")).arg(&object).status();
    status.map(|_| ()).map_err(|error| format!("ar: {error}"))
}

fn main() {
    println!("cargo:rerun-if-changed=src/average.asm");
    println!("cargo:rustc-check-cfg=cfg(assembly)");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    if std::env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("x86_64") {
        println!("cargo:rustc-cfg=assembly");
        match assemble(&out) {
            Ok(()) => {
                println!("cargo:rustc-link-search=native={}", out.display());
                println!("cargo:rustc-link-lib=static=average_asm");
            }
            Err(error) => println!("cargo:warning=building without assembly: {error}"),
        }
    }
}
