//! Names the shared library, so that programs look for it by that name wherever it is installed: without, they
//! would record the path at which it was linked.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    match env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("linux") => println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,liblapwing.so"),
        Ok("macos") => println!("cargo::rustc-cdylib-link-arg=-Wl,-install_name,@rpath/liblapwing.dylib"),
        _ => {}
    }
}
