//! A sign of life on standard error, for work that takes longer than a second.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::{self, IsTerminal};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Work shorter than this passes in silence.
const PATIENCE: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(100);

/// Whether to show progress.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Visibility {
    /// On a terminal.
    Terminal,
    /// Never.
    Silent,
}

/// A spinner with the current phase and the time since the start; it disappears when dropped.
#[derive(Debug)]
pub(crate) struct Progress {
    phase: Arc<Mutex<String>>,
    spinner: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    pub(crate) fn start(visibility: Visibility) -> Self {
        let phase = Arc::new(Mutex::new(String::new()));
        if visibility == Visibility::Silent || !io::stderr().is_terminal() {
            return Self { phase, spinner: None };
        }
        let (sender, stop) = mpsc::channel();
        let started = Instant::now();
        let shown = Arc::clone(&phase);
        // Without a thread there is no sign of life, and the work goes on.
        let thread = thread::Builder::new().spawn(move || {
            if stop.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let bar = ProgressBar::new_spinner().with_elapsed(started.elapsed());
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
                bar.set_style(style);
            }
            loop {
                bar.set_message(shown.lock().unwrap_or_else(PoisonError::into_inner).clone());
                bar.tick();
                if stop.recv_timeout(TICK) != Err(RecvTimeoutError::Timeout) {
                    return bar.finish_and_clear();
                }
            }
        });
        Self { phase, spinner: thread.ok().map(|thread| (sender, thread)) }
    }

    /// Names what is being done now.
    pub(crate) fn phase(&self, phase: impl Into<String>) {
        *self.phase.lock().unwrap_or_else(PoisonError::into_inner) = phase.into();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.spinner.take() {
            drop(stop);
            // The line must be gone before anything else is printed.
            let _ = thread.join();
        }
    }
}
