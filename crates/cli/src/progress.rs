//! A sign of life on standard error, for work that takes longer than a second.

use indicatif::{DecimalBytes, HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal, Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Work shorter than this passes in silence.
const PATIENCE: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(100);

const SPINNER: &str = "{spinner} {msg} ({elapsed})";
const BAR: &str = "{spinner} {msg} {bar:24} {prefix} ({elapsed})";

/// Whether to show progress.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Visibility {
    /// On a terminal.
    Terminal,
    /// Never.
    Silent,
}

/// A spinner with the current phase and the time since the start, or a bar where it is known how many bytes there are to
/// read; it disappears when dropped.
#[derive(Debug)]
pub(crate) struct Progress {
    phase: Arc<Mutex<Phase>>,
    spinner: Option<(Sender<()>, JoinHandle<()>)>,
}

/// What is being done now.
#[derive(Clone, Debug)]
struct Phase {
    name: String,
    since: Instant,
    bytes: Option<Bytes>,
}

/// How much of a file has been read, and of how much.
#[derive(Clone, Debug)]
struct Bytes {
    count: ByteCount,
    total: Option<u64>,
}

/// How many bytes have been read so far; the clones count together.
#[derive(Clone, Debug, Default)]
pub(crate) struct ByteCount(Arc<AtomicU64>);

impl ByteCount {
    pub(crate) fn add(&self, bytes: usize) {
        self.0.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    fn so_far(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Progress {
    pub(crate) fn start(visibility: Visibility) -> Self {
        let started = Instant::now();
        let phase = Arc::new(Mutex::new(Phase { name: String::new(), since: started, bytes: None }));
        if visibility == Visibility::Silent || !io::stderr().is_terminal() {
            return Self { phase, spinner: None };
        }
        let (sender, stop) = mpsc::channel();
        let shown = Arc::clone(&phase);
        // Without a thread there is no sign of life, and the work goes on.
        let thread = thread::Builder::new().spawn(move || {
            if stop.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let bar = ProgressBar::hidden().with_elapsed(started.elapsed());
            loop {
                let phase = shown.lock().unwrap_or_else(PoisonError::into_inner).clone();
                phase.show(&bar);
                // Every change draws the line: it appears only when all of it is there.
                if bar.is_hidden() {
                    bar.set_draw_target(ProgressDrawTarget::stderr());
                }
                if stop.recv_timeout(TICK) != Err(RecvTimeoutError::Timeout) {
                    return bar.finish_and_clear();
                }
            }
        });
        Self { phase, spinner: thread.ok().map(|thread| (sender, thread)) }
    }

    /// Names what is being done now.
    pub(crate) fn phase(&self, name: impl Into<String>) {
        self.enter(name.into(), None);
    }

    /// Names what is being read now, of `total` bytes where that is known; what has been read is to be counted.
    pub(crate) fn bytes(&self, name: impl Into<String>, total: Option<u64>) -> ByteCount {
        let count = ByteCount::default();
        self.enter(name.into(), Some(Bytes { count: count.clone(), total }));
        count
    }

    fn enter(&self, name: String, bytes: Option<Bytes>) {
        let phase = Phase { name, since: Instant::now(), bytes };
        *self.phase.lock().unwrap_or_else(PoisonError::into_inner) = phase;
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

impl Phase {
    fn show(&self, bar: &ProgressBar) {
        let total = self.bytes.as_ref().and_then(|bytes| bytes.total);
        if let Ok(style) = ProgressStyle::with_template(if total.is_some() { BAR } else { SPINNER }) {
            bar.set_style(style);
        }
        let pace = self.bytes.as_ref().map(|bytes| bytes.pace(self.since.elapsed()));
        match (&self.bytes, total) {
            (Some(bytes), Some(total)) => {
                bar.set_message(self.name.clone());
                bar.set_prefix(pace.unwrap_or_default());
                bar.set_length(total);
                bar.set_position(bytes.count.so_far().min(total));
            }
            _ => {
                let words: Vec<String> = [Some(self.name.clone()), pace].into_iter().flatten().collect();
                bar.set_message(words.join(", "));
            }
        }
        bar.tick();
    }
}

impl Bytes {
    /// How much has been read, how fast on the average, and how long the rest takes at that rate.
    fn pace(&self, elapsed: Duration) -> String {
        let done = self.count.so_far();
        let rate = done as f64 / elapsed.as_secs_f64().max(1e-3);
        let per_second = format!("{}/s", DecimalBytes(rate as u64));
        let Some(total) = self.total else { return format!("{}, {per_second}", DecimalBytes(done)) };
        let text = format!("{} of {}, {per_second}", DecimalBytes(done), DecimalBytes(total));
        let left = total.saturating_sub(done) as f64 / rate;
        match Duration::try_from_secs_f64(left.ceil()) {
            Ok(left) => format!("{text}, {} left", HumanDuration(left)),
            // Nothing has been read yet.
            Err(_) => text,
        }
    }
}

/// A reader that counts what goes through it.
#[derive(Debug)]
pub(crate) struct Counted<R> {
    inner: R,
    count: ByteCount,
}

impl<R> Counted<R> {
    pub(crate) fn new(inner: R, count: ByteCount) -> Self {
        Self { inner, count }
    }

    pub(crate) fn into_inner(self) -> R {
        self.inner
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // A large array is asked for in one piece, and would be counted only when it is there.
        const MOST: usize = 1 << 22;
        let length = buffer.len().min(MOST);
        let read = self.inner.read(&mut buffer[..length])?;
        self.count.add(read);
        Ok(read)
    }
}

impl<R: Seek> Seek for Counted<R> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.inner.seek(position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(done: usize, total: Option<u64>, seconds: u64) -> String {
        let count = ByteCount::default();
        count.add(done);
        Bytes { count, total }.pace(Duration::from_secs(seconds))
    }

    #[test]
    fn tells_the_rate_and_the_time_left() {
        assert_eq!(
            pace(1_500_000_000, Some(6_000_000_000), 3),
            "1.50 GB of 6.00 GB, 500.00 MB/s, 9 seconds left"
        );
        assert_eq!(pace(2_000, None, 2), "2.00 kB, 1.00 kB/s");
    }

    /// Before the first byte there is no rate, and a file that grows while it is read has no time left.
    #[test]
    fn has_words_for_the_ends() {
        assert_eq!(pace(0, Some(10), 1), "0 B of 10 B, 0 B/s");
        assert_eq!(pace(0, Some(0), 1), "0 B of 0 B, 0 B/s");
        assert_eq!(pace(20, Some(10), 1), "20 B of 10 B, 20 B/s, 0 seconds left");
    }

    #[test]
    fn counts_what_is_read_in_pieces_of_any_size() {
        let count = ByteCount::default();
        let mut reader = Counted::new(io::repeat(1).take((9 << 20) + 5), count.clone());
        let mut bytes = vec![0; 9 << 20];
        reader.read_exact(&mut bytes).unwrap();
        assert_eq!((count.so_far(), bytes.iter().all(|&byte| byte == 1)), (9 << 20, true));
        assert_eq!(reader.read_to_end(&mut bytes).unwrap(), 5);
        assert_eq!(count.so_far(), (9 << 20) + 5);
    }
}
