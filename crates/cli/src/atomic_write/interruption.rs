//! Temporary files that go when the program is interrupted.
//!
//! Values are not dropped then, and scores of a file larger than the memory are written for minutes.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, Once, PoisonError};

/// The temporary files that there are.
static DRAFTS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A file that goes when the program is interrupted while this is alive.
#[derive(Debug)]
pub(super) struct Registered(PathBuf);

impl Registered {
    pub(super) fn new(path: &Path) -> Self {
        static WATCH: Once = Once::new();
        WATCH.call_once(watch);
        DRAFTS.lock().unwrap_or_else(PoisonError::into_inner).push(path.to_owned());
        Self(path.to_owned())
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        DRAFTS.lock().unwrap_or_else(PoisonError::into_inner).retain(|path| *path != self.0);
    }
}

/// Waits for an interruption, removes the files, and lets the program end as it would have. Signals that the program was
/// started to ignore, as `nohup` and shells in the background do, stay ignored.
#[cfg(unix)]
fn watch() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    // Without the thread, an interruption leaves its temporary file behind, and does no other harm.
    let _ = std::thread::Builder::new().spawn(|| {
        let ignored = ignored();
        let heeded = [SIGHUP, SIGINT, SIGTERM].into_iter().filter(|signal| ignored >> (signal - 1) & 1 == 0);
        let Ok(mut signals) = Signals::new(heeded) else { return };
        for signal in signals.forever() {
            // Held to the end, so that no further file is begun.
            let drafts = DRAFTS.lock().unwrap_or_else(PoisonError::into_inner);
            for path in drafts.iter() {
                let _ = fs::remove_file(path);
            }
            let _ = signal_hook::low_level::emulate_default_handler(signal);
        }
    });
}

/// A bit for each signal that is ignored, the lowest for signal 1: of those that matter here, the hangup where the system
/// does not tell.
#[cfg(unix)]
fn ignored() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(1)
}

#[cfg(not(unix))]
fn watch() {}
