//! Names the shared library after its ABI, so that a program that was linked with one finds the same or a newer
//! one that still suits it, wherever it is installed.

use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=Cargo.toml");
    let major = abi_major();
    match env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("linux") => println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,liblapwing.so.{major}"),
        Ok("macos") => {
            println!("cargo::rustc-cdylib-link-arg=-Wl,-install_name,@rpath/liblapwing.{major}.dylib")
        }
        _ => {}
    }
}

/// The first number of `version` in `[package.metadata.capi.library]`.
fn abi_major() -> u32 {
    let manifest = fs::read_to_string("Cargo.toml").expect("a package has a manifest");
    let section = manifest.split("[package.metadata.capi.library]").nth(1);
    let version = section.and_then(|section| section.split("version = \"").nth(1));
    let major = version.and_then(|version| version.split('.').next());
    major.and_then(|major| major.parse().ok()).expect("the manifest holds the version of the ABI")
}
