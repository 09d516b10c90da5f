//! What a linked program relies on: the names that the shared library exports, and the one it is found by.
//!
//! `debian/liblapwing1.symbols` is the list that is checked in; `LAPWING_WRITE_HEADER=1 cargo test --workspace --test
//! c_interface abi` writes it anew. A name that leaves the list breaks programs, and asks for a new
//! version of the ABI in `crates/capi/Cargo.toml`.

use std::collections::BTreeSet;
use std::process::Command;
use std::{env, fs};

use crate::toolchain::{BUILD, root, run};

const SYMBOLS: &str = "debian/liblapwing1.symbols";

fn text_of(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What a program prints about the shared library.
fn asked(program: &str, arguments: &[&str]) -> String {
    let output = run(Command::new(program).args(arguments).arg(BUILD.join("liblapwing.so")));
    String::from_utf8(output.stdout).expect("binutils print text")
}

fn exported() -> BTreeSet<String> {
    let table = asked("nm", &["--dynamic", "--defined-only", "--format=posix"]);
    table.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

/// The functions of `include/lapwing.h`: cbindgen begins each with its type at the start of a line.
fn declared() -> BTreeSet<String> {
    let header = text_of("include/lapwing.h");
    let beginning = |line: &str| !line.starts_with([' ', '*', '/', '#', '}']) && !line.starts_with("typedef");
    let lines = header.lines().filter(|line| beginning(line));
    let names = lines.filter_map(|line| line.split_once('(')).map(|(before, _)| before);
    names.filter_map(|before| before.rsplit([' ', '*']).next()).map(str::to_owned).collect()
}

/// The first number of the ABI's version, from the manifest that cargo-c reads.
fn abi_major() -> String {
    let manifest = text_of("crates/capi/Cargo.toml");
    let section = manifest.split("[package.metadata.capi.library]").nth(1).expect("cargo-c's metadata");
    let version = section.split("version = \"").nth(1).expect("the ABI has a version");
    version.split('.').next().expect("a version has numbers").to_owned()
}

#[test]
fn the_library_exports_what_the_header_declares_and_nothing_else() {
    let (exported, declared) = (exported(), declared());
    assert!(exported.iter().all(|name| name.starts_with("lapwing_")), "{exported:?}");
    let missing: Vec<_> = declared.difference(&exported).collect();
    let undeclared: Vec<_> = exported.difference(&declared).collect();
    assert!(missing.is_empty() && undeclared.is_empty(), "missing {missing:?}, undeclared {undeclared:?}");
}

#[test]
fn the_exported_names_are_those_of_the_checked_in_list() {
    let mut list = format!("liblapwing.so.{} liblapwing1 #MINVER#\n", abi_major());
    for name in exported() {
        list += &format!(" {name}@Base 0.1.0\n");
    }
    if env::var_os("LAPWING_WRITE_HEADER").is_some_and(|value| value == "1") {
        fs::write(root().join(SYMBOLS), &list).expect("the list can be written");
    }
    let names = |list: &str| -> BTreeSet<String> {
        list.lines().skip(1).filter_map(|line| line.trim().split('@').next().map(str::to_owned)).collect()
    };
    let (now, before) = (names(&list), names(&text_of(SYMBOLS)));
    let gone: Vec<_> = before.difference(&now).collect();
    let new: Vec<_> = now.difference(&before).collect();
    assert!(gone.is_empty(), "{SYMBOLS} promises {gone:?}: without them programs do not start");
    assert!(new.is_empty(), "{SYMBOLS} lacks {new:?}: write it anew with LAPWING_WRITE_HEADER=1");
}

#[test]
fn programs_find_the_library_by_the_version_of_its_abi() {
    let dynamic = asked("readelf", &["--dynamic", "--wide"]);
    let expected = format!("Library soname: [liblapwing.so.{}]", abi_major());
    assert!(dynamic.contains(&expected), "{dynamic}");
}
