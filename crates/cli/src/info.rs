//! `lapwing info`: what the numbers are computed with.

use crate::error::Result;
use crate::report;

pub(crate) fn run() -> Result<()> {
    let backend = lapwing::backend::info();
    let lines = [
        ("lapwing", env!("CARGO_PKG_VERSION").to_owned()),
        ("backend", format!("{} {}", backend.name, backend.version)),
        ("core type", backend.core),
        ("threading", backend.threading.to_owned()),
        ("threads", backend.threads.to_string()),
    ];
    report::print(&report::aligned(&lines))
}
