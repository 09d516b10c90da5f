//! What the Rust crates offer, C offers too: structs and functions that are public, but for those of parameters and errors.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::header::Header;
use crate::table::stem;
use crate::toolchain::root;

/// Modules that serve other crates of the workspace: tests, parallel loops, the choice of threads.
const INTERNAL: [&str; 4] = ["testing", "kernel", "threads", "backend"];

fn files_below(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}

/// The word after a prefix, of the lines that begin with it.
fn after<'a>(text: &'a str, prefix: &str) -> impl Iterator<Item = &'a str> {
    let begun = text.lines().filter_map(move |line| line.strip_prefix(prefix));
    begun.filter_map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next())
}

/// The structs and, with their modules, the functions that a crate offers.
fn offered(name: &str) -> BTreeSet<String> {
    let sources = root().join("crates").join(name).join("src");
    let library = fs::read_to_string(sources.join("lib.rs")).expect("a crate has a root");
    let modules: BTreeSet<&str> =
        after(&library, "pub mod ").filter(|name| !INTERNAL.contains(name)).collect();
    let exported: BTreeSet<&str> = library
        .split("pub use ")
        .skip(1)
        .filter_map(|rest| rest.split(';').next())
        .flat_map(|names| names.split(|c: char| !c.is_alphanumeric() && c != '_'))
        .collect();
    let mut found = BTreeSet::new();
    for file in files_below(&sources).expect("the sources can be listed") {
        let text = fs::read_to_string(&file).expect("the sources are text");
        let below = file.strip_prefix(&sources).expect("below the sources").with_extension("");
        let module = below.iter().next().and_then(|name| name.to_str()).expect("names are plain");
        if INTERNAL.contains(&module) {
            continue;
        }
        let public = modules.contains(module);
        let structs = after(&text, "pub struct ").filter(|name| public || exported.contains(name));
        found.extend(structs.filter(|name| !name.ends_with("Params")).map(str::to_owned));
        let functions = after(&text, "pub fn ").filter(|name| public || exported.contains(name));
        found.extend(functions.map(|name| format!("{module}::{name}")));
    }
    found
}

/// `TruncatedSvd` as `truncated_svd`.
fn snake(name: &str) -> String {
    let mut text = String::new();
    for (i, c) in name.chars().enumerate() {
        if c.is_uppercase() && i > 0 {
            text.push('_');
        }
        text.extend(c.to_lowercase());
    }
    text
}

#[test]
fn what_rust_offers_c_offers_too() {
    let functions = Header::read().functions;
    let known: BTreeSet<&str> = functions.iter().map(|function| stem(&function.name).0).collect();
    let mut renamed = BTreeMap::new();
    for line in include_str!("facade.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (name, rest) = line.split_once(' ').expect("a name, and what it is in C");
        let rest = rest.trim();
        let reason = rest.starts_with(':');
        assert!(
            reason || known.contains(rest),
            "facade.txt says that {name} is lapwing_{rest}, which is not there"
        );
        renamed.insert(name.to_owned(), reason);
    }
    let offered: BTreeSet<String> = ["lapack", "iterative", "ml"].into_iter().flat_map(offered).collect();
    assert!(offered.len() > 200, "{} names", offered.len());
    let in_c = |name: &str| {
        let name = snake(name.rsplit(':').next().unwrap_or(name));
        ["", "_fit", "_new"].iter().any(|ending| known.contains(format!("{name}{ending}").as_str()))
    };
    let missing: Vec<_> = offered.iter().filter(|name| !in_c(name) && !renamed.contains_key(*name)).collect();
    assert!(missing.is_empty(), "{missing:?} have no function of C, and facade.txt no reason");
    let idle: Vec<_> = renamed.keys().filter(|name| !offered.contains(*name) || in_c(name)).collect();
    assert!(idle.is_empty(), "facade.txt has {idle:?}, which need no line there");
}
