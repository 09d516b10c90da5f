//! What a search collects for one query, and the one way in which a distance is measured.

use std::collections::BinaryHeap;

/// A sample at a squared distance. The order is by distance, then by index: a total one, so that what is nearest does not
/// depend on the order of the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate {
    /// The bits of the squared distance: for numbers that are not negative they have the order of the numbers.
    bits: u64,
    pub(super) index: usize,
}

impl Candidate {
    fn new(square: f64, index: usize) -> Self {
        Self { bits: square.to_bits(), index }
    }

    /// The squared distance.
    pub(super) fn square(self) -> f64 {
        f64::from_bits(self.bits)
    }
}

/// Collects the samples that answer one query.
pub(super) trait Collector: Send {
    /// The largest squared distance at which a sample may still be taken.
    fn bound(&self) -> f64;

    /// Takes the sample, if it belongs to the answer so far.
    fn offer(&mut self, square: f64, index: usize);

    /// Appends the answer, nearest first, and leaves the collector empty.
    fn drain_into(&mut self, answer: &mut Vec<Candidate>);
}

/// The k nearest samples.
pub(super) struct Nearest {
    k: usize,
    except: Option<usize>,
    heap: BinaryHeap<Candidate>,
    bound: f64,
}

impl Nearest {
    pub(super) fn new(k: usize, except: Option<usize>) -> Self {
        let bound = if k == 0 { -1.0 } else { f64::INFINITY };
        Self { k, except, heap: BinaryHeap::with_capacity(k), bound }
    }
}

impl Collector for Nearest {
    fn bound(&self) -> f64 {
        self.bound
    }

    fn offer(&mut self, square: f64, index: usize) {
        if self.except == Some(index) {
            return;
        }
        let candidate = Candidate::new(square, index);
        if self.heap.len() < self.k {
            self.heap.push(candidate);
        } else if let Some(mut farthest) = self.heap.peek_mut()
            && candidate < *farthest
        {
            *farthest = candidate;
        }
        if self.heap.len() == self.k
            && let Some(farthest) = self.heap.peek()
        {
            self.bound = farthest.square();
        }
    }

    fn drain_into(&mut self, answer: &mut Vec<Candidate>) {
        let first = answer.len();
        answer.extend(self.heap.drain());
        answer[first..].sort_unstable();
    }
}

/// The samples within a radius.
pub(super) struct Within {
    radius: f64,
    except: Option<usize>,
    bound: f64,
    found: Vec<Candidate>,
}

impl Within {
    pub(super) fn new(radius: f64, except: Option<usize>) -> Self {
        // A few roundings above the square, as it is the root that is compared in the end; the smallest normal number
        // covers squares that underflow.
        let bound = radius * radius * (1.0 + 4.0 * f64::EPSILON) + f64::MIN_POSITIVE;
        Self { radius, except, bound, found: Vec::new() }
    }
}

impl Collector for Within {
    fn bound(&self) -> f64 {
        self.bound
    }

    fn offer(&mut self, square: f64, index: usize) {
        if square.sqrt() <= self.radius && self.except != Some(index) {
            self.found.push(Candidate::new(square, index));
        }
    }

    fn drain_into(&mut self, answer: &mut Vec<Candidate>) {
        self.found.sort_unstable();
        answer.append(&mut self.found);
    }
}

/// ‖x − y‖², by differences: 0 for equal points, and wrong by no more than p + 2 roundings.
pub(crate) fn squared_distance(x: &[f64], y: &[f64]) -> f64 {
    sum_of_squares(x.len().min(y.len()), |i| x[i] - y[i])
}

/// The sum of the squares of `entry(0..len)`, in four sums of which each takes every fourth.
///
/// Rounding is monotonic: when no entry of one sum exceeds that of another in magnitude, neither does the sum as
/// computed. This is why a box that is measured by it is never farther than a point within.
#[inline(always)]
pub(super) fn sum_of_squares(len: usize, entry: impl Fn(usize) -> f64) -> f64 {
    let mut sums = [0.0; 4];
    let whole = len - len % 4;
    for first in (0..whole).step_by(4) {
        for (lane, sum) in sums.iter_mut().enumerate() {
            let entry = entry(first + lane);
            *sum += entry * entry;
        }
    }
    let mut total = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    for i in whole..len {
        let entry = entry(i);
        total += entry * entry;
    }
    total
}

/// The answers to all queries, one after the other in their order.
pub(super) struct Answers {
    /// Where each query's begins, and where the last one's ends.
    pub(super) offsets: Vec<usize>,
    pub(super) candidates: Vec<Candidate>,
}

/// The answers to some of the queries.
#[derive(Default)]
pub(super) struct Part {
    /// The query, and where its answer ends.
    pub(super) ends: Vec<(usize, usize)>,
    pub(super) candidates: Vec<Candidate>,
}

impl Part {
    pub(super) fn take(&mut self, query: usize, collector: &mut impl Collector) {
        collector.drain_into(&mut self.candidates);
        self.ends.push((query, self.candidates.len()));
    }

    /// Each query with its answer.
    fn answers(&self) -> impl Iterator<Item = (usize, &[Candidate])> {
        let begins = std::iter::once(0).chain(self.ends.iter().map(|&(_, end)| end));
        self.ends.iter().zip(begins).map(|(&(query, end), begin)| (query, &self.candidates[begin..end]))
    }
}

impl Answers {
    /// Brings the parts into the order of the `count` queries.
    pub(super) fn collect(count: usize, parts: &[Part]) -> Self {
        let mut offsets = vec![0; count + 1];
        for (query, answer) in parts.iter().flat_map(Part::answers) {
            offsets[query + 1] = answer.len();
        }
        let mut total = 0;
        for offset in &mut offsets {
            total += *offset;
            *offset = total;
        }
        let mut candidates = vec![Candidate::new(0.0, 0); total];
        for (query, answer) in parts.iter().flat_map(Part::answers) {
            candidates[offsets[query]..offsets[query + 1]].copy_from_slice(answer);
        }
        Self { offsets, candidates }
    }
}
