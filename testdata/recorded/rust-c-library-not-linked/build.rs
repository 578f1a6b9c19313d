//! Compiles pack.c into libpack.a.

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
    println!("cargo:rerun-if-changed=pack.c");
    println!("cargo:rerun-if-changed=build.rs");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let object = out.join("pack.o");
    run(Command::new("gcc").args(["-O2", "-c", "-fPIC", "pack.c", "-o"]).arg(&object));
    run(Command::new("ar").arg("rcs").arg(out.join("libpack.a")).arg(&object));
}
