//! `docs/c-api.md`: its pieces of C are one program, which does what the page says.

use std::fs;
use std::process::Command;

use crate::toolchain::{C, compiler, link, root, run, scratch};

/// The contents of all fenced blocks of a language, one after the other.
fn fenced(page: &str, language: &str) -> String {
    let (mut inside, mut text) = (false, String::new());
    for line in page.lines() {
        match line.strip_prefix("```") {
            Some(after) => inside = !inside && after == language,
            None if inside => text += &format!("{line}\n"),
            None => {}
        }
    }
    text
}

#[test]
fn the_program_of_the_guide_prints_what_it_says() {
    let page = fs::read_to_string(root().join("docs/c-api.md")).expect("the guide is part of the project");
    let source = scratch("guide.c");
    fs::write(&source, fenced(&page, "c")).expect("the scratch directory is writable");
    let source = source.to_str().expect("the target directory has a plain name");
    let program = link(compiler("CC", "cc"), &C, &[source], "guide");
    let output = run(Command::new(program).current_dir(root()));
    assert_eq!(String::from_utf8_lossy(&output.stdout), fenced(&page, "text"));
}
