//! What the C header offers, the C++ headers offer too.

use std::collections::BTreeSet;
use std::fs;

use crate::header::Header;
use crate::toolchain::{headers, root};

/// Functions of the C header that no C++ header needs to call, each with its reason.
const LEFT_OUT: &[(&str, &str)] = &[];

fn text(header: &str) -> String {
    let path = root().join("include").join(header);
    let text = fs::read_to_string(path).expect("the headers are part of the project");
    without_comments(&text)
}

/// A function that only a comment names is not called.
fn without_comments(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("/*") {
        code.push_str(before);
        rest = after.split_once("*/").expect("comments end").1;
    }
    code.push_str(rest);
    code.lines().map(|line| line.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n")
}

fn names(code: &str) -> impl Iterator<Item = &str> {
    code.match_indices("lapwing_").map(|(start, _)| {
        let name = &code[start..];
        let end = name.find(|next: char| !next.is_ascii_alphanumeric() && next != '_').unwrap_or(name.len());
        &name[..end]
    })
}

#[test]
fn every_c_function_is_called_by_a_cpp_header() {
    let functions = Header::read().functions;
    let declared: BTreeSet<&str> = functions.iter().map(|function| function.name.as_str()).collect();
    assert!(declared.len() > 1000, "{} functions were found", declared.len());
    let cpp: String = headers(".hpp").iter().map(|header| text(header)).collect();
    let called: BTreeSet<&str> = names(&cpp).collect();

    let left_out: BTreeSet<&str> = LEFT_OUT.iter().map(|(name, _)| *name).collect();
    let missing: Vec<&&str> =
        declared.iter().filter(|name| !called.contains(**name) && !left_out.contains(**name)).collect();
    assert!(missing.is_empty(), "no C++ header calls these functions of lapwing.h: {missing:#?}");
    let stale: Vec<&&str> = left_out.iter().filter(|name| called.contains(**name)).collect();
    assert!(stale.is_empty(), "these functions are called after all: {stale:#?}");
}

#[test]
fn the_test_tells_calls_from_comments() {
    let code =
        without_comments("/** see lapwing_a_f64 */ both(lapwing_b_f64, 1); // lapwing_c_f64\nlapwing_d(x);");
    assert_eq!(names(&code).collect::<Vec<_>>(), ["lapwing_b_f64", "lapwing_d"]);
}
