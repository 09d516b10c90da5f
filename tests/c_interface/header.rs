//! What `include/lapwing.h` declares, as far as it takes to call it.

use std::collections::BTreeMap;
use std::fs;

use crate::toolchain::root;

/// A function, with its parameters in order: their types, with one blank between words, and their names.
pub(crate) struct Declaration {
    pub(crate) returns: String,
    pub(crate) name: String,
    pub(crate) parameters: Vec<(String, String)>,
}

pub(crate) struct Header {
    pub(crate) functions: Vec<Declaration>,
    /// The members of structs: types, which of functions are `pointer`, and names.
    pub(crate) structs: BTreeMap<String, Vec<(String, String)>>,
}

impl Header {
    pub(crate) fn read() -> Self {
        let text = fs::read_to_string(root().join("include/lapwing.h")).expect("the header is checked in");
        let text = without_comments(&text);
        let mut header = Self { functions: Vec::new(), structs: BTreeMap::new() };
        let mut rest = text.as_str();
        while let Some(end) = rest.find([';', '{']) {
            let head = words(&rest[..end]);
            if rest[end..].starts_with('{') {
                let close = end + rest[end..].find('}').expect("a struct is closed");
                if let Some(name) = head.strip_prefix("typedef struct ") {
                    let members = rest[end + 1..close].split(';').filter_map(member).collect();
                    header.structs.insert(name.to_owned(), members);
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

    /// The members of a struct that begins with its size.
    pub(crate) fn sized(&self, name: &str) -> Option<&[(String, String)]> {
        let members = self.structs.get(name)?;
        members.first().is_some_and(|(_, name)| name == "struct_size").then_some(members)
    }
}

/// `const double *x` as a type and a name, and `int32_t (*f)(void *user)` as a pointer and a name.
fn member(text: &str) -> Option<(String, String)> {
    let function = text.split_once("(*").and_then(|(_, rest)| rest.split_once(')'));
    match function {
        Some((name, _)) => Some(("pointer".to_owned(), name.to_owned())),
        None => typed(text),
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
