//! Every export passes the gate that turns errors and panics into statuses: no other way leads from C into Rust.
//!
//! That a panic inside of it becomes a status is a unit test of `guard.rs`, which panics there.

use std::fs;
use std::path::Path;

/// Exports that return constants.
const WITHOUT: [&str; 3] = ["lapwing_status_name", "lapwing_version", "lapwing_version_number"];

/// The exports of the files below a directory, with their bodies.
fn exports(directory: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(directory).expect("the sources can be listed") {
        let path = entry.expect("the sources can be listed").path();
        if path.is_dir() {
            exports(&path, found);
            continue;
        }
        let text = fs::read_to_string(&path).expect("the sources are text");
        for export in text.split("#[unsafe(no_mangle)]\n").skip(1) {
            // Formatted by rustfmt, the first brace at the start of a line closes the body.
            let body = &export[..export.find("\n}\n").expect("a body is closed")];
            let after = body.split("extern \"C\" fn ").nth(1).expect("an export is a function of C");
            let name = after.split('(').next().expect("a function has parameters");
            found.push((name.to_owned(), body.to_owned()));
        }
    }
}

#[test]
fn every_export_passes_the_gate() {
    let mut found = Vec::new();
    exports(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.len() > 1000, "{} exports", found.len());
    let gated =
        |body: &str| ["guard(", "unsafe { free(", "catch_unwind("].iter().any(|gate| body.contains(gate));
    let open: Vec<_> = found
        .iter()
        .filter(|(name, body)| !gated(body) && !WITHOUT.contains(&name.as_str()))
        .map(|(name, _)| name)
        .collect();
    assert!(open.is_empty(), "{open:?} have no gate");
}
