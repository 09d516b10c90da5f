//! What `include/lapwing.h` declares, as far as it takes to call it.

use std::collections::BTreeMap;
use std::fs;

use crate::toolchain::root;

/// A function, with its parameters in order: their types, with one blank between words, and their names.
pub(super) struct Declaration {
    pub(super) returns: String,
    pub(super) name: String,
    pub(super) parameters: Vec<(String, String)>,
}

pub(super) struct Header {
    pub(super) functions: Vec<Declaration>,
    /// The members of the structs that begin with their size: types and names.
    pub(super) sized: BTreeMap<String, Vec<(String, String)>>,
}

impl Header {
    pub(super) fn read() -> Self {
        let text = fs::read_to_string(root().join("include/lapwing.h")).expect("the header is checked in");
        let text = without_comments(&text);
        let mut header = Self { functions: Vec::new(), sized: BTreeMap::new() };
        let mut rest = text.as_str();
        while let Some(end) = rest.find([';', '{']) {
            let head = words(&rest[..end]);
            if rest[end..].starts_with('{') {
                let close = end + rest[end..].find('}').expect("a struct is closed");
                if let Some(name) = head.strip_prefix("typedef struct ") {
                    let members: Vec<_> = rest[end + 1..close].split(';').filter_map(typed).collect();
                    if members.first().is_some_and(|(_, name)| name == "struct_size") {
                        header.sized.insert(name.to_owned(), members);
                    }
                }
                // The brace of extern "C" closes at the end of the file: what it encloses is to be read.
                rest = if head.ends_with("extern \"C\"") { &rest[end + 1..] } else { &rest[close + 1..] };
                continue;
            }
            if let Some((before, parameters)) = head.strip_suffix(')').and_then(|head| head.split_once('('))
                && let Some((returns, name)) = typed(before)
            {
                let parameters = parameters.split(',').filter_map(typed).collect();
                header.functions.push(Declaration { returns, name, parameters });
            }
            rest = &rest[end + 1..];
        }
        header
    }
}

fn without_comments(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(begin) = rest.find("/*") {
        plain += &rest[..begin];
        rest = rest[begin..].split_once("*/").map_or("", |(_, after)| after);
    }
    plain += rest;
    plain.lines().filter(|line| !line.starts_with('#')).map(|line| format!("{line}\n")).collect()
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `const double *x` as a type and a name.
fn typed(text: &str) -> Option<(String, String)> {
    let text = words(text);
    let at = text.rfind([' ', '*'])? + 1;
    let plain = !text[at..].is_empty() && !text.contains('(');
    plain.then(|| (text[..at].trim_end().to_owned(), text[at..].to_owned()))
}
