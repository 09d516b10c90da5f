//! What may happen to a library in a larger program: threads, forks, unloading, and no memory left.

use std::process::Command;

use crate::toolchain::{BUILD, C, compiler, link, run, scratch, show, valgrind};

/// Runs a program, and shows the line that it prints.
fn shown(command: &mut Command) {
    let printed = run(command).stdout;
    show(String::from_utf8_lossy(&printed).trim_end());
}

#[test]
fn sixteen_threads_share_models_and_a_fork_goes_on() {
    let program = link(compiler("CC", "cc"), &C, &["tests/c/concurrency.c"], "concurrency");
    // A call that never comes back would be the failure of interest.
    shown(Command::new("timeout").arg("120").arg(&program));
    if let Some(mut valgrind) = valgrind(&program) {
        run(valgrind.arg("1"));
    }
}

#[test]
fn the_library_is_loaded_and_unloaded_again_and_again() {
    let program = scratch("loading");
    let mut cc = compiler("CC", "cc");
    run(cc.args(C).args(["-g", "-O1", "tests/c/loading.c", "-o"]).arg(&program).arg("-ldl"));
    shown(Command::new(&program).arg(BUILD.join("liblapwing.so")));
}

/// Not under valgrind, whose allocator takes the place of the one that refuses.
#[cfg(target_env = "gnu")]
#[test]
fn refused_memory_comes_back_as_a_status() {
    let program = link(compiler("CC", "cc"), &C, &["tests/c/allocation.c"], "allocation");
    shown(&mut Command::new(program));
}
