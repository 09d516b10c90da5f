//! cbindgen writes constants, then types, then functions, each in the order of modules. People read by subject: what it
//! writes is sorted into the groups of `groups.txt`, which are Doxygen's too.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

struct Group {
    name: String,
    title: String,
    modules: Vec<String>,
    prose: Vec<String>,
}

/// The header as cbindgen made it, in groups.
pub(crate) fn grouped(made: &str, sources: &Path) -> String {
    let groups = groups();
    let modules = modules_of(sources);
    let begin = made.find("#ifdef __cplusplus").expect("the header serves C++");
    let first = made.find("/**").expect("the header has documented items").min(begin);
    let end = made.rfind("#ifdef __cplusplus").expect("the header serves C++");
    let opening = "#ifdef __cplusplus\nextern \"C\" {\n#endif // __cplusplus\n";
    let items: Vec<&str> = made[first..end]
        .split("\n\n")
        .map(|item| item.trim_matches('\n'))
        .filter(|item| !item.is_empty() && *item != opening.trim_end())
        .collect();

    let mut header = format!("{}{opening}", &made[..first]);
    let mut placed = 0;
    for group in &groups {
        header += &format!("\n/**\n * @defgroup {} {}\n *\n", group.name, group.title);
        group.prose.iter().for_each(|line| header += &format!(" * {line}\n"));
        header += " *\n * @{\n */\n";
        // Within a group as in the whole: constants, types, functions.
        for kind in [Kind::Constant, Kind::Type, Kind::Function] {
            for module in &group.modules {
                let of_module = items.iter().filter(|item| {
                    let (found, name) = declared(item);
                    found == kind && modules.get(name).is_some_and(|of| of == module)
                });
                for item in of_module {
                    header += &format!("\n{item}\n");
                    placed += 1;
                }
            }
        }
        header += "\n/** @} */\n";
    }
    let left = || {
        items.iter().map(|item| declared(item).1).filter(|name| {
            modules.get(*name).is_none_or(|module| !groups.iter().any(|group| group.modules.contains(module)))
        })
    };
    assert_eq!(placed, items.len(), "groups.txt has no place for {:?}", left().collect::<Vec<_>>());
    header + "\n" + &made[end..]
}

fn groups() -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for line in include_str!("groups.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some((name, title)) = line.strip_prefix('[').and_then(|line| line.split_once("] ")) {
            let (name, title) = (name.to_owned(), title.to_owned());
            groups.push(Group { name, title, modules: Vec::new(), prose: Vec::new() });
            continue;
        }
        let group = groups.last_mut().expect("groups.txt begins with a group");
        match line.strip_prefix("modules: ") {
            Some(modules) => group.modules = modules.split(' ').map(str::to_owned).collect(),
            None => group.prose.push(line.to_owned()),
        }
    }
    groups
}

/// The module, directly below the crate, in which each name of the header is defined.
fn modules_of(sources: &Path) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    let mut directories = vec![sources.to_owned()];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory).expect("the sources can be listed") {
            let path = entry.expect("the sources can be listed").path();
            if path.is_dir() {
                directories.push(path);
                continue;
            }
            let below = path.strip_prefix(sources).expect("below the sources").with_extension("");
            let module = below.iter().next().expect("a file has a name").to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).expect("the sources are text");
            for line in text.lines().filter_map(|line| line.strip_prefix("pub ")) {
                let words =
                    line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
                let defined =
                    words.skip_while(|word| !["const", "struct", "type", "fn"].contains(word)).nth(1);
                if let Some(name) = defined.filter(|name| name.to_lowercase().starts_with("lapwing_")) {
                    names.insert(name.to_owned(), module.clone());
                }
            }
        }
    }
    names
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Constant,
    Type,
    Function,
}

/// What an item declares, with its comment before it.
fn declared(item: &str) -> (Kind, &str) {
    let code = item.rfind("*/").map_or(item, |end| &item[end + 2..]).trim_start();
    // The members of a struct have comments too.
    let code = item.find("\ntypedef ").map_or(code, |at| &item[at + 1..]);
    let code = if item.starts_with("typedef ") { item } else { code };
    let kind = match () {
        () if code.starts_with("#define") => Kind::Constant,
        () if code.starts_with("typedef") => Kind::Type,
        () => Kind::Function,
    };
    let words = || code.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    let named = |word: &&str| word.to_lowercase().starts_with("lapwing_");
    let name = match kind {
        Kind::Function => code.split('(').next().and_then(|head| head.rsplit([' ', '*']).next()),
        _ => words().find(named),
    };
    (kind, name.unwrap_or_default())
}
