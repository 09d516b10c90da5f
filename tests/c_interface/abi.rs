//! What a linked program relies on: the names that the shared library exports, the one it is found by, and where the
//! members of structs lie.
//!
//! `debian/liblapwing1.symbols` and `tests/c/layouts.c` are the lists that are checked in; `LAPWING_WRITE_HEADER=1 cargo test
//! --workspace --test c_interface abi` writes them anew. A name that leaves, or a member that moves, breaks programs, and asks
//! for a new version of the ABI in `crates/capi/Cargo.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::{env, fs};

use crate::header::Header;
use crate::toolchain::{BUILD, C, compiler, root, run};

const SYMBOLS: &str = "debian/liblapwing1.symbols";
const LAYOUTS: &str = "tests/c/layouts.c";

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

/// The first number of the ABI's version, from the manifest that cargo-c reads.
fn abi_major() -> String {
    let manifest = text_of("crates/capi/Cargo.toml");
    let section = manifest.split("[package.metadata.capi.library]").nth(1).expect("cargo-c's metadata");
    let version = section.split("version = \"").nth(1).expect("the ABI has a version");
    version.split('.').next().expect("a version has numbers").to_owned()
}

#[test]
fn the_library_exports_what_the_header_declares_and_nothing_else() {
    let exported = exported();
    let declared = Header::read().functions.into_iter().map(|function| function.name).collect();
    assert!(exported.iter().all(|name| name.starts_with("lapwing_")), "{exported:?}");
    let missing: Vec<_> = BTreeSet::difference(&declared, &exported).collect();
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

/// The size of a type on 64 bits, which is its alignment too, but for structs.
fn size_of_type(of: &str, structs: &BTreeMap<String, Vec<(String, String)>>) -> usize {
    match of {
        "int32_t" | "uint32_t" | "float" => 4,
        "int64_t" | "uint64_t" | "size_t" | "double" | "pointer" => 8,
        _ if of.ends_with('*') => 8,
        _ => {
            let of = of.trim_start_matches("struct ");
            places(&structs[of], structs).1
        }
    }
}

/// Where each member lies, and the size of the struct. All structs here have a member of 8 bytes, and so its alignment.
fn places(
    members: &[(String, String)],
    structs: &BTreeMap<String, Vec<(String, String)>>,
) -> (Vec<usize>, usize) {
    let mut end = 0;
    let places = members.iter().map(|(of, _)| {
        let size = size_of_type(of, structs);
        let place = usize::next_multiple_of(end, size.min(8));
        end = place + size;
        place
    });
    let places = places.collect();
    (places, end.next_multiple_of(8))
}

#[test]
fn members_lie_where_they_lay() {
    let structs = Header::read().structs;
    assert!(structs.len() > 40, "{} structs", structs.len());
    let mut text = String::from(
        "/* Where the members of structs lie on 64 bits: programs that are compiled rely on it. */\n#include \"lapwing.h\"\n",
    );
    for (name, members) in &structs {
        let (places, size) = places(members, &structs);
        text += &format!("\n_Static_assert(sizeof(struct {name}) == {size}, \"{name}\");\n");
        for ((_, member), place) in members.iter().zip(places) {
            text += &format!(
                "_Static_assert(offsetof(struct {name}, {member}) == {place}, \"{name}.{member}\");\n"
            );
        }
    }
    if env::var_os("LAPWING_WRITE_HEADER").is_some_and(|value| value == "1") {
        fs::write(root().join(LAYOUTS), &text).expect("the layouts can be written");
    }
    run(compiler("CC", "cc").args(C).arg("-fsyntax-only").arg(LAYOUTS));
    let before = text_of(LAYOUTS);
    let moved: Vec<_> = before.lines().filter(|line| !text.lines().any(|now| now == *line)).collect();
    assert!(moved.is_empty(), "what {LAYOUTS} promises is no longer so: {moved:#?}");
    assert!(text == before, "{LAYOUTS} lacks a member: write it anew with LAPWING_WRITE_HEADER=1");
}
