//! The table in C: of each function how it is called, and with what.

use std::fmt::Write as _;

use super::recipes::{Recipes, integers};
use crate::header::{Declaration, Header};

/// `lapwing_svd_f64` as `svd` and `f64`.
pub(crate) fn stem(name: &str) -> (&str, &str) {
    let name = name.strip_prefix("lapwing_").unwrap_or(name);
    match name.rsplit_once('_') {
        Some((stem, suffix @ ("f32" | "f64"))) => (stem, suffix),
        _ => (name, ""),
    }
}

/// The type without `const`, `struct` and the stars of a pointer.
fn plain(of: &str) -> &str {
    of.trim_end_matches([' ', '*']).trim_start_matches("const ").trim_start_matches("struct ")
}

/// The name of a fixture.
fn named(word: Option<&str>) -> Option<&str> {
    word.map(|word| word.trim_start_matches('@'))
}

/// One parameter of a call.
struct Argument {
    kind: &'static str,
    /// The member of the union in which it is passed.
    member: String,
    /// Initializers beside those of the name and the kind.
    rest: String,
}

impl Argument {
    fn new(kind: &'static str, member: &str, rest: String) -> Self {
        Self { kind, member: member.to_owned(), rest }
    }

    fn pointer(kind: &'static str, rest: String) -> Self {
        Self::new(kind, "pointer", rest)
    }
}

struct Table<'a> {
    header: &'a Header,
    /// Those that are asked for: their names, and the precision of their models.
    fixtures: Vec<(String, String)>,
}

impl Table<'_> {
    fn position(&self, name: &str, suffix: &str) -> usize {
        let names = [format!("lapwing_{name}"), format!("lapwing_{name}_{suffix}")];
        let found = self.header.functions.iter().position(|function| names.contains(&function.name));
        found.unwrap_or_else(|| panic!("recipes.txt names {name}, which is no function"))
    }

    fn fixture(&mut self, name: Option<&str>, model: &str) -> usize {
        let (usual, suffix) = stem(model);
        let key = (name.unwrap_or(usual).to_owned(), suffix.to_owned());
        self.fixtures.iter().position(|known| *known == key).unwrap_or_else(|| {
            self.fixtures.push(key);
            self.fixtures.len() - 1
        })
    }

    fn argument(&mut self, function: &Declaration, at: usize, word: Option<&str>) -> Argument {
        let (of, name) = &function.parameters[at];
        let needed =
            || word.unwrap_or_else(|| panic!("recipes.txt does not say what {name} of {} is", function.name));
        let number = |kind, member| Argument::new(kind, member, format!(".number = {}", word.unwrap_or("0")));
        match of.as_str() {
            "int32_t" | "lapwing_status" => number("CHOICE", "choice"),
            "int64_t" => number("COUNT", "count"),
            "uint64_t" => number("SEED", "seed"),
            "float" => number("FLOAT", "single"),
            "double" => number("DOUBLE", "number"),
            "size_t" if function.parameters[at - 1].0 == "char *" => {
                Argument::new("BUFFER_SIZE", "size", ".number = 0".to_owned())
            }
            "size_t" => Argument::new("TEXT_LENGTH", "size", ".number = 0".to_owned()),
            "char *" => Argument::pointer("BUFFER", format!(".extents = {{{}, 1}}", word.unwrap_or("20000"))),
            "const char *" => {
                let (out, _) = function.parameters.last().expect("a reader has a place for its model");
                let (model, suffix) = stem(plain(out));
                let writer = self.position(&format!("{model}_to_json"), suffix);
                let fixture = self.fixture(named(word), plain(out));
                Argument::pointer("TEXT", format!(".fixture = {fixture}, .writer = {writer}"))
            }
            "const int64_t *" => {
                let numbers = integers(needed());
                let listed: Vec<_> = numbers.iter().map(i64::to_string).collect();
                let rest = format!(
                    ".extents = {{{}, 1}}, .integers = (const int64_t[]){{{}}}",
                    numbers.len(),
                    listed.join(", ")
                );
                Argument::pointer("INTEGERS", rest)
            }
            _ => self.structure(function, at, word),
        }
    }

    /// A parameter whose type is a struct, or a pointer to one or to a number.
    fn structure(&mut self, function: &Declaration, at: usize, word: Option<&str>) -> Argument {
        let (of, name) = &function.parameters[at];
        let constant = of.starts_with("const ");
        let stars = of.matches('*').count();
        let target = plain(of);
        let (base, suffix) = stem(target);
        let entries = || {
            let word =
                word.unwrap_or_else(|| panic!("recipes.txt has no extents for {name} of {}", function.name));
            let digits = word.find(|c: char| c.is_ascii_digit()).expect("extents are numbers");
            let (rows, cols) = word[digits..].split_once('x').unwrap_or((&word[digits..], "1"));
            let contents = word.chars().next().filter(|c| !c.is_ascii_digit()).unwrap_or(' ');
            let scalar = if suffix == "f32" { "float" } else { "double" };
            format!(".width = sizeof({scalar}), .contents = '{contents}', .extents = {{{rows}, {cols}}}")
        };
        let member = format!("{base}_{suffix}");
        match (base, stars) {
            ("mat", 0) => Argument::new("INPUT", &member, entries()),
            ("mat_mut", 0) => Argument::new("OUTPUT", &member, entries()),
            ("vec", 0) => Argument::new("INPUT", &member, format!(".vector = 1, {}", entries())),
            ("vec_mut", 0) => Argument::new("OUTPUT", &member, format!(".vector = 1, {}", entries())),
            ("csr", 0) => Argument::new("CSR", &member, entries()),
            ("operator", 0) => Argument::new("OPERATOR", &member, entries()),
            ("mat", 1) if constant => Argument::pointer("INPUTS", entries()),
            ("csr", 1) if constant => Argument::pointer("CSR_POINTER", entries()),
            ("operator", 1) if constant => Argument::pointer("OPERATOR_POINTER", entries()),
            ("mat" | "vec" | "csr", 1) => Argument::pointer(
                "NUMBERS_OUT",
                format!(".width = sizeof(struct {target}), .extents = {{1, 1}}"),
            ),
            (_, 2) => Argument::pointer("MODEL_OUT", format!(".release = release_{target}")),
            _ if self.header.sized(target).is_some() => {
                let kind = if constant { "OPTIONS" } else { "RESULTS" };
                Argument::pointer(kind, self.options(target, word))
            }
            _ if of.contains("struct ") => {
                let fixture = self.fixture(named(word), target);
                let kind = if constant { "MODEL" } else { "CHANGED_MODEL" };
                Argument::pointer(kind, format!(".fixture = {fixture}, .release = release_{target}"))
            }
            (_, 1) => {
                let count = word.unwrap_or("1");
                Argument::pointer(
                    "NUMBERS_OUT",
                    format!(".width = sizeof({target}), .extents = {{{count}, 1}}"),
                )
            }
            _ => panic!("{}: nothing is known of the type {of}", function.name),
        }
    }

    /// A struct of options with the members of a word set, and where its choices lie.
    fn options(&self, of: &str, word: Option<&str>) -> String {
        let set = word.map_or("", |word| word.trim_start_matches('{').trim_end_matches('}'));
        let members = self.header.sized(of).unwrap_or_default();
        let choices: Vec<_> = members.iter().filter(|(of, _)| of == "int32_t").collect();
        let fields: String = choices
            .iter()
            .map(|(_, name)| format!("{{\"{name}\", offsetof(struct {of}, {name})}}, "))
            .collect();
        let fields = if choices.is_empty() {
            "NULL".to_owned()
        } else {
            format!("(const struct field[]){{{fields}}}")
        };
        format!(
            ".options = &(const struct {of}){{.struct_size = sizeof(struct {of}), {set}}}, .size = sizeof(struct {of}), \
             .fields = {fields}, .field_count = {}",
            choices.len()
        )
    }
}

/// The source of the table: from the header, so that a new function without a recipe is missed here.
pub(super) fn source(header: &Header, recipes: &Recipes) -> String {
    let mut table = Table { header, fixtures: Vec::new() };
    let mut source = String::from("#include \"table.h\"\n\n");
    for function in header.functions.iter().filter(|function| stem(&function.name).0.ends_with("_free")) {
        let (of, _) = &function.parameters[0];
        let (name, model) = (&function.name, plain(of));
        let _ = write!(
            source,
            "static int release_{model}(void *model) {{\n    {name}(({of})model);\n    return 0;\n}}\n\n"
        );
    }
    let mut rows = String::new();
    for (at, function) in header.functions.iter().enumerate() {
        let words = recipes.words_of(stem(&function.name).0);
        let count = function.parameters.len();
        assert!(words.len() <= count, "recipes.txt says more of {} than it has parameters", function.name);
        let word = |i: usize| words.get(i).map(String::as_str).filter(|&word| word != ".");
        let arguments: Vec<Argument> = (0..count).map(|i| table.argument(function, i, word(i))).collect();
        write_function(&mut source, at, function, &arguments);
        let listed = if count == 0 { "NULL".to_owned() } else { format!("arguments_{at}") };
        let fallible = i32::from(function.returns == "lapwing_status");
        let name = function.name.trim_start_matches("lapwing_");
        let _ = writeln!(rows, "    {{\"{name}\", call_{at}, {fallible}, {listed}, {count}}},");
    }
    recipes.require_all_used();
    let _ = write!(source, "const struct function functions[] = {{\n{rows}}};\n");
    source += "const size_t function_count = sizeof functions / sizeof functions[0];\n\n";
    source += "const struct fixture fixtures[] = {\n";
    for (name, suffix) in &table.fixtures {
        let (maker, feeder) = recipes.fixture(name);
        let maker = table.position(maker, suffix);
        let (out, _) = header.functions[maker].parameters.last().expect("a maker has a place for its model");
        let feeder = feeder.map_or("-1".to_owned(), |feeder| table.position(feeder, suffix).to_string());
        let _ = writeln!(source, "    {{\"{name}\", {maker}, {feeder}, release_{}}},", plain(out));
    }
    source += "};\nconst size_t fixture_count = sizeof fixtures / sizeof fixtures[0];\n";
    source
}

/// The call of a function, and its arguments.
fn write_function(source: &mut String, at: usize, function: &Declaration, arguments: &[Argument]) {
    let passed: Vec<_> =
        arguments.iter().enumerate().map(|(i, argument)| format!("v[{i}].{}", argument.member)).collect();
    let call = format!("{}({})", function.name, passed.join(", "));
    let unused = if arguments.is_empty() { "    (void)v;\n" } else { "" };
    let body = match function.returns.as_str() {
        "lapwing_status" => format!("return {call};"),
        _ => format!("(void){call};\n    return LAPWING_OK;"),
    };
    let _ = write!(source, "static int32_t call_{at}(const union value *v) {{\n{unused}    {body}\n}}\n");
    if !arguments.is_empty() {
        let _ = writeln!(source, "static const struct argument arguments_{at}[] = {{");
        for ((_, name), argument) in function.parameters.iter().zip(arguments) {
            let _ =
                writeln!(source, "    {{.name = \"{name}\", .kind = {}, {}}},", argument.kind, argument.rest);
        }
        *source += "};\n";
    }
    source.push('\n');
}
