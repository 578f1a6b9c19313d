use std::path::{Path, PathBuf};
use std::process::Command;

fn build(out: &Path, name: &str) {
    let object = out.join(format!("{name}.o"));
    let compiled = Command::new("gcc").args(["-O2", "-fPIC", "-c", &format!("{name}.c"), "-o"]).arg(&object).status();
    assert!(compiled.expect("gcc runs").success());
    let archived = Command::new("ar").arg("rcs").arg(out.join(format!("lib{name}.a"))).arg(&object).status();
    assert!(archived.expect("ar runs").success());
}

fn main() {
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-link-search=native={}", out.display());
    for name in ["inner", "outer"] {
        build(&out, name);
        println!("cargo:rustc-link-lib=static:-bundle={name}");
    }
}
