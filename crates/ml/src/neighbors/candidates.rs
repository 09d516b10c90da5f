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
pub(super) trait Collector {
    /// Where the answer is to be.
    type Answer<'a>: Send;

    /// The largest squared distance at which a sample may still be taken.
    fn bound(&self) -> f64;

    /// Takes the sample, if it belongs to the answer so far.
    fn offer(&mut self, square: f64, index: usize);

    /// Writes the answer, nearest first.
    fn finish(self, answer: &mut Self::Answer<'_>);
}

/// The k nearest samples, k at least 1.
pub(super) struct Nearest {
    k: usize,
    except: Option<usize>,
    heap: BinaryHeap<Candidate>,
    bound: f64,
}

impl Nearest {
    pub(super) fn new(k: usize, except: Option<usize>) -> Self {
        Self { k, except, heap: BinaryHeap::with_capacity(k), bound: f64::INFINITY }
    }
}

impl Collector for Nearest {
    /// The indices of k samples, and their squared distances.
    type Answer<'a> = (&'a mut [usize], &'a mut [f64]);

    #[inline]
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

    fn finish(self, (indices, squares): &mut Self::Answer<'_>) {
        let mut found = self.heap.into_vec();
        found.sort_unstable();
        for (candidate, (index, square)) in found.iter().zip(indices.iter_mut().zip(squares.iter_mut())) {
            (*index, *square) = (candidate.index, candidate.square());
        }
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
    type Answer<'a> = Vec<Candidate>;

    #[inline]
    fn bound(&self) -> f64 {
        self.bound
    }

    fn offer(&mut self, square: f64, index: usize) {
        if square.sqrt() <= self.radius && self.except != Some(index) {
            self.found.push(Candidate::new(square, index));
        }
    }

    fn finish(mut self, answer: &mut Self::Answer<'_>) {
        self.found.sort_unstable();
        *answer = self.found;
    }
}

/// ‖x − y‖², by differences: 0 for equal points, and wrong by no more than p + 2 roundings.
#[inline]
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
