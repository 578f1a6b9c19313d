//! Compiles the C kernels.

use std::path::PathBuf;
use std::process::Command;

fn run(command: &mut Command) {
    println!("running: {command:?}");
    let status = command.status().expect("the tool runs");
    if !status.success() {
        panic!("{command:?}: {status}");
    }
}

fn main() {
    println!("cargo:rerun-if-changed=kernels");
    println!("cargo:rerun-if-changed=build.rs");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let mut archive = Command::new("ar");
    archive.arg("rcs").arg(out.join("libshade.a"));
    for kernel in ["light_row"] {
        let object = out.join(format!("{kernel}.o"));
        run(Command::new("gcc").args(["-O2", "-c", "-fPIC", &format!("kernels/{kernel}.c"), "-o"]).arg(&object));
        archive.arg(object);
    }
    run(&mut archive);
    println!("cargo:rustc-link-search=native={}", out.display());
    println!("cargo:rustc-link-lib=static=shade");
}
