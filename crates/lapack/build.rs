//! Links LAPACKE, and says in readable words what to install when it cannot.
//!
//! `openblas-src` links OpenBLAS itself. Whether LAPACKE, the C interface this crate calls, comes along is
//! up to whoever packaged OpenBLAS: Fedora, Arch, Homebrew and conda leave it inside libopenblas, Debian
//! and Ubuntu take it out into a `liblapacke` of its own. So the library is asked first, and pkg-config for
//! `lapacke` only when OpenBLAS came without it: a separate LAPACKE next to a complete OpenBLAS would bring
//! a second, slower LAPACK into the program.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// A LAPACKE function this crate calls. Object files keep the names of the functions they export as plain
/// text, so a library that holds these bytes has LAPACKE, whatever its format; no compiler, and no tool
/// that reads ELF, Mach-O and COFF, has to be present to find out.
const LAPACKE_SYMBOL: &[u8] = b"LAPACKE_dgesdd_work";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=DOCS_RS");
    // Documentation is built where no numerical library is installed, and links nothing.
    if env::var_os("DOCS_RS").is_some() {
        return;
    }
    // pkg-config's link lines for OpenBLAS are repeated here although `openblas-src` prints them too: they
    // put libopenblas before liblapacke on the link line and so in the loader's search order, ahead of the
    // reference liblapack and libblas that Debian's liblapacke depends on.
    //
    // Each probe also makes cargo run this script again when PKG_CONFIG_PATH or one of its kin changes.
    let library = match pkg_config::Config::new().probe("openblas") {
        Ok(openblas) => library_file(&openblas),
        Err(_) => match brewed_library_file() {
            Some(file) => Some(file),
            None => {
                return fail("OpenBLAS was not found: pkg-config is missing, or does not know `openblas`");
            }
        },
    };
    if library.is_some_and(|file| exports_lapacke(&file)) {
        return;
    }
    if pkg_config::Config::new().probe("lapacke").is_err() {
        fail("LAPACKE was not found: OpenBLAS comes without it here, and pkg-config does not know `lapacke`");
    }
}

/// The file that pkg-config's `-L` and `-l` for OpenBLAS stand for.
fn library_file(openblas: &pkg_config::Library) -> Option<PathBuf> {
    // An `openblas.pc` for the linker's own directories may leave `-L` out, but always has its `libdir`.
    let libdir = pkg_config::get_variable("openblas", "libdir").ok().map(PathBuf::from);
    openblas
        .link_paths
        .iter()
        .chain(&libdir)
        .find_map(|directory| openblas.libs.iter().find_map(|name| linker_choice(directory, name)))
}

/// Homebrew keeps OpenBLAS out of pkg-config's default path; `openblas-src` then finds it through `brew`
/// and passes its directory on.
fn brewed_library_file() -> Option<PathBuf> {
    let directory = env::var_os("DEP_OPENBLAS_LIBRARY")?;
    linker_choice(Path::new(&directory), "openblas")
}

/// The file in `directory` that a linker takes for `-l<name>`: a shared library before a static one.
fn linker_choice(directory: &Path, name: &str) -> Option<PathBuf> {
    ["so", "dylib", "dll.a", "a"]
        .iter()
        .map(|suffix| directory.join(format!("lib{name}.{suffix}")))
        .find(|file| file.is_file())
}

/// Whether the library in `file` exports LAPACKE.
fn exports_lapacke(file: &Path) -> bool {
    println!("cargo::rerun-if-changed={}", file.display());
    fs::read(file)
        .is_ok_and(|bytes| bytes.windows(LAPACKE_SYMBOL.len()).any(|window| window == LAPACKE_SYMBOL))
}

/// Fails the build with the reason and the remedy. `cargo::error` does it with these lines alone; a panic
/// or an exit status would add everything this script has printed so far.
fn fail(reason: &str) {
    for line in [
        reason,
        "  run ./setup, or install what is missing:",
        "    Debian, Ubuntu   apt-get install libopenblas-dev liblapacke-dev pkg-config",
        "    Fedora           dnf install openblas-devel pkgconf-pkg-config",
        "    Arch             pacman -S openblas pkgconf",
        "    Homebrew         brew install openblas pkg-config, and then",
        "                     export PKG_CONFIG_PATH=\"$(brew --prefix openblas)/lib/pkgconfig\"",
    ] {
        println!("cargo::error={line}");
    }
}
