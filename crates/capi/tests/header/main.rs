//! `include/lapwing.h` is what cbindgen makes of this crate, in groups.
//!
//! `LAPWING_WRITE_HEADER=1 cargo test -p lapwing-capi --test header` writes it anew.

mod groups;

use std::path::Path;
use std::{env, fs};

#[test]
fn the_header_that_is_checked_in_is_the_one_cbindgen_makes() {
    let crate_directory = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config =
        cbindgen::Config::from_file(crate_directory.join("cbindgen.toml")).expect("cbindgen.toml is valid");
    let mut made = Vec::new();
    cbindgen::generate_with_config(crate_directory, config).expect("the crate parses").write(&mut made);
    let made = String::from_utf8(made).expect("the header is UTF-8");
    let made = groups::grouped(&made, &crate_directory.join("src"));

    let path = crate_directory.join("../../include/lapwing.h");
    if env::var_os("LAPWING_WRITE_HEADER").is_some_and(|value| value == "1") {
        fs::write(&path, &made).expect("include/lapwing.h can be written");
    }
    let checked_in = fs::read_to_string(&path).unwrap_or_default();
    if made != checked_in {
        let difference = made.lines().zip(checked_in.lines()).position(|(new, old)| new != old);
        let line = difference.unwrap_or_else(|| made.lines().count().min(checked_in.lines().count()));
        panic!(
            "include/lapwing.h differs from line {}:\n  made        {}\n  checked in  {}\nwrite it anew with\n  \
             LAPWING_WRITE_HEADER=1 cargo test -p lapwing-capi --test header",
            line + 1,
            made.lines().nth(line).unwrap_or("(end)"),
            checked_in.lines().nth(line).unwrap_or("(end)"),
        );
    }
}
