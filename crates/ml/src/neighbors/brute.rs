//! All distances, by products of blocks of rows: the method for many features, where a tree prunes nothing.
//!
//! ‖x − y‖² = ‖x‖² + ‖y‖² − 2 xᵀy cancels, so rows are counted from the samples' mean, and what the products give is
//! taken only for what it surely is: within a bound on its rounding errors. Entries that may belong to the answer, about
//! k log(n / k) for each query, are measured again by differences; for all others one comparison is enough. Single
//! precision can tell nearly all of them, at twice the speed of double, which takes over where it cannot: in clusters that
//! are small beside their distances from each other.

use std::ops::Range;

use lapwing_lapack::{Scalar, kernel, threads, zeros};
use ndarray::{Array2, ArrayRef2, ArrayView2, Axis, CowArray, Ix2, s};

use super::candidates::{Collector, squared_distance};
use super::entries;
use super::units::Unit;
use crate::error::Error;

/// Queries and samples per block: with the products between them they stay in the second-level cache.
const QUERIES: usize = 512;
const SAMPLES: usize = 128;
/// Rows of very many features come in smaller blocks, of no more entries than this where 32 rows have no more.
const ENTRIES: usize = 1 << 18;
/// Scores that are compared at once.
const LANES: usize = 16;
/// One in so many entries of a block may be measured for nothing before its precision is given up.
const PATIENCE: usize = 16;
/// The most features whose products in single precision [`rounding`] holds for.
const SINGLE_FEATURES: usize = 1 << 20;

#[derive(Clone, Debug)]
pub(super) struct Brute<'a, T: Scalar> {
    samples: CowArray<'a, T, Ix2>,
    unit: Unit,
    mean: Vec<f64>,
    /// Half of each sample's squared length, counted from the mean.
    half_squares: Vec<f64>,
}

impl<'a, T: Scalar> Brute<'a, T> {
    /// Of at least one sample. `unit` is that of the samples.
    pub(super) fn new(samples: &'a ArrayRef2<T>, unit: Unit) -> Result<Self, Error> {
        let (n, p) = samples.dim();
        let mut mean = vec![0.0; p];
        for_each_row(samples, unit, |row| mean.iter_mut().zip(row).for_each(|(sum, x)| *sum += x))?;
        // Any centre will do: what its rounding errors are worth is the same for all rows.
        mean.iter_mut().for_each(|sum| *sum /= n as f64);
        let mut half_squares = Vec::with_capacity(n);
        for_each_row(samples, unit, |row| half_squares.push(half_square(row, &mean)))?;
        Ok(Self { samples: samples.view().into(), unit, mean, half_squares })
    }

    pub(super) fn samples(&self) -> ArrayView2<'_, T> {
        self.samples.view()
    }

    pub(super) fn into_owned(self) -> Brute<'static, T> {
        Brute {
            samples: self.samples.into_owned().into(),
            unit: self.unit,
            mean: self.mean,
            half_squares: self.half_squares,
        }
    }

    /// Answers each query, a row of `queries`.
    pub(super) fn search<U: Scalar, C: Collector>(
        &self,
        queries: &ArrayRef2<U>,
        collector: impl Fn(usize) -> C + Sync,
        answers: &mut [C::Answer<'_>],
    ) -> Result<(), Error> {
        let (n, p) = self.samples.dim();
        let ranges = threads::partition(queries.nrows(), 64);
        let hands = ranges.iter().cloned().zip(threads::split(answers, &ranges, 1)).collect();
        let done = threads::map(hands, |(range, answers): (Range<usize>, &mut [C::Answer<'_>])| {
            let shape = (QUERIES.min(range.len()), SAMPLES.min(n), p);
            let mut single = if p <= SINGLE_FEATURES { Some(Block::<f32>::new(shape)?) } else { None };
            let mut double: Option<Block<f64>> = None;
            let height = height(QUERIES, p);
            for (first, answers) in range.step_by(height).zip(answers.chunks_mut(height)) {
                let queries = queries.slice(s![first..first + answers.len(), ..]);
                let mut collectors: Vec<C> = (first..first + answers.len()).map(&collector).collect();
                let mut searched = 0;
                if let Some(block) = &mut single {
                    searched = block.search(self, &queries, &mut collectors, 0)?;
                }
                if searched < n {
                    // What single precision cannot tell here it could hardly tell of the queries to come.
                    single = None;
                    let block = match &mut double {
                        Some(block) => block,
                        None => double.insert(Block::new(shape)?),
                    };
                    while searched < n {
                        searched = block.search(self, &queries, &mut collectors, searched)?;
                    }
                }
                collectors.into_iter().zip(answers).for_each(|(collector, answer)| collector.finish(answer));
            }
            Ok(())
        });
        done.into_iter().collect()
    }
}

/// Passes over the rows of `x` in the unit.
fn for_each_row<T: Scalar>(x: &ArrayRef2<T>, unit: Unit, mut visit: impl FnMut(&[f64])) -> Result<(), Error> {
    let (n, p) = x.dim();
    let mut block = zeros(height(SAMPLES, p).min(n), p)?;
    for rows in x.axis_chunks_iter(Axis(0), block.nrows()) {
        unit.measure_into(&rows, &mut block.slice_mut(s![..rows.nrows(), ..]));
        entries(&block).chunks_exact(p).take(rows.nrows()).for_each(&mut visit);
    }
    Ok(())
}

/// Rows of the data, in its unit, and what is multiplied of them in the precision `S`.
struct Rows<S> {
    count: usize,
    measured: Array2<f64>,
    /// Each row, counted from the mean and scaled, and one entry more: with those of queries and samples multiplied, a
    /// product is less the sample's half square.
    factors: Array2<S>,
}

impl<S: Scalar> Rows<S> {
    fn new(most: usize, features: usize) -> Result<Self, Error> {
        let height = height(most, features);
        Ok(Self { count: 0, measured: zeros(height, features)?, factors: zeros(height, features + 1)? })
    }

    fn height(&self) -> usize {
        self.measured.nrows()
    }

    fn measure<T: Scalar>(&mut self, x: &ArrayRef2<T>, unit: Unit) {
        self.count = x.nrows();
        unit.measure_into(x, &mut self.measured.slice_mut(s![..self.count, ..]));
    }

    fn measured(&self) -> impl Iterator<Item = &[f64]> {
        (0..self.count).map(|i| self.row(i))
    }

    fn row(&self, i: usize) -> &[f64] {
        let p = self.measured.ncols();
        &entries(&self.measured)[i * p..][..p]
    }

    /// Makes the factors of the rows as measured, each with its entry of `last`.
    fn scale(&mut self, mean: &[f64], scale: f64, last: impl Iterator<Item = f64>) {
        let Some(factors) = self.factors.as_slice_mut() else { return };
        let p = mean.len();
        let rows = entries(&self.measured).chunks_exact(p).zip(factors.chunks_exact_mut(p + 1));
        for ((row, factors), last) in rows.zip(last) {
            let (factors, entry) = factors.split_at_mut(p);
            for ((factor, x), mean) in factors.iter_mut().zip(row).zip(mean) {
                *factor = S::from_f64((x - mean) * scale);
            }
            entry[0] = S::from_f64(last);
        }
    }

    fn factors(&self) -> ArrayView2<'_, S> {
        self.factors.slice(s![..self.count, ..])
    }
}

/// What one thread works in.
struct Block<S> {
    queries: Rows<S>,
    samples: Rows<S>,
    scores: Array2<S>,
}

impl<S: Scalar> Block<S> {
    fn new((queries, samples, features): (usize, usize, usize)) -> Result<Self, Error> {
        let (queries, samples) = (Rows::<S>::new(queries, features)?, Rows::new(samples, features)?);
        let scores = zeros(queries.height(), samples.height())?;
        Ok(Self { queries, samples, scores })
    }

    /// Searches for no more queries than the block holds among the samples from `first` on. Returns where it has come to:
    /// to the end or, where too many entries were measured for nothing, not so far.
    fn search<T: Scalar, U: Scalar, C: Collector>(
        &mut self,
        brute: &Brute<'_, T>,
        queries: &ArrayRef2<U>,
        collectors: &mut [C],
        mut first: usize,
    ) -> Result<usize, Error> {
        let (n, p) = brute.samples.dim();
        self.queries.measure(queries, brute.unit);
        let half_squares: Vec<f64> =
            self.queries.measured().map(|row| half_square(row, &brute.mean)).collect();
        let scale = scale(half_squares.iter().chain(&brute.half_squares).fold(0.0, |a: f64, &b| a.max(b)));
        self.queries.scale(&brute.mean, scale, std::iter::repeat(1.0));
        let (rounding, underflow) = (rounding::<S>(p), underflow::<S>());
        while first < n {
            let last = n.min(first + self.samples.height());
            self.samples.measure(&brute.samples.slice(s![first..last, ..]), brute.unit);
            let least = |half: &f64| underflow - half * (1.0 - rounding) * scale * scale;
            self.samples.scale(&brute.mean, scale, brute.half_squares[first..last].iter().map(least));
            let mut scores = self.scores.slice_mut(s![..queries.nrows(), ..last - first]);
            let (query_factors, sample_factors) = (self.queries.factors(), self.samples.factors());
            kernel::gemm(S::one(), &query_factors, &sample_factors.t(), S::zero(), &mut scores)?;

            let mut in_vain = 0;
            let rows = self.queries.measured().zip(scores.outer_iter()).zip(&half_squares);
            for (((query, scores), half), collector) in rows.zip(collectors.iter_mut()) {
                // Samples come by index: at a distance of 0, a later one does not take the place of an earlier.
                if collector.bound() <= 0.0 {
                    continue;
                }
                let nearest = half * (1.0 - rounding) - f64::MIN_POSITIVE;
                let limit = |bound: f64| S::from_f64((nearest - bound / 2.0) * scale * scale);
                scan(scores.to_slice().unwrap_or(&[]), limit(collector.bound()), |j| {
                    let square = squared_distance(query, self.samples.row(j));
                    if square <= collector.bound() {
                        collector.offer(square, first + j);
                    } else {
                        in_vain += 1;
                    }
                    limit(collector.bound())
                });
            }
            first = last;
            if in_vain > scores.len() / PATIENCE {
                break;
            }
        }
        Ok(first)
    }
}

/// Rows per block.
fn height(most: usize, features: usize) -> usize {
    most.min((ENTRIES / features).max(32))
}

fn half_square(row: &[f64], mean: &[f64]) -> f64 {
    squared_distance(row, mean) / 2.0
}

/// The power of two that brings lengths whose half squares are at most `largest` to 1 at most.
fn scale(largest: f64) -> f64 {
    if largest == 0.0 {
        return 1.0;
    }
    let (_, exponent) = libm::frexp((2.0 * largest).sqrt());
    // Its square must be in range.
    libm::ldexp(1.0, (-exponent).clamp(-500, 500))
}

/// A bound on all rounding errors in the comparison of a score in the precision `S` with its limit, as a share of
/// h = (‖x‖² + ‖y‖²) / 2.
///
/// Half of ‖x − y‖² is ‖x‖²/2 + ‖y‖²/2 − xᵀy, counted from any centre, and |xᵀy| ≤ h. With u for the roundoff of `S`, which
/// is at least that of double precision: the factors err by 2u each, hence xᵀy by 4uh; the entry ‖y‖²/2 of a sample by 3u
/// of itself; their sum, in any order, by (p + 1)u(|xᵀy| + ‖y‖²/2), at most 2(p + 1)uh. Of what is computed in double
/// precision, each half square errs by (p + 3)u of itself, half of the square by differences, at most 2h, by 2(p + 3)uh, and the
/// limit by 3u of itself: at most 15uh, as no limit beyond 5h rules out anything. All this is less than (5p + 33)uh to first order;
/// products of errors are covered by the rest, while pu is less than 1/8.
fn rounding<S: Scalar>(features: usize) -> f64 {
    (6 * features + 40) as f64 * S::UNIT_ROUNDOFF.as_f64()
}

/// More than all that underflows in a score, whose factors have lengths of at most 1: 3 times half of the smallest number for
/// each feature. (What underflows in double precision is less than the smallest normal number there.)
fn underflow<S: Scalar>() -> f64 {
    S::min_positive_value().as_f64() * (1 << 24) as f64
}

/// Calls `measure` for each entry that may belong to the answer, as its score is not below the limit. `measure` returns the
/// new limit.
#[inline(always)]
fn scan<S: Scalar>(scores: &[S], mut limit: S, mut measure: impl FnMut(usize) -> S) {
    for (chunk, scores) in scores.chunks(LANES).enumerate() {
        // All lanes of a whole chunk, without a branch between them: this is what becomes vector instructions.
        if let Ok(lanes) = <&[S; LANES]>::try_from(scores)
            && lanes.iter().fold(true, |below, &score| below & (score < limit))
        {
            continue;
        }
        for (lane, &score) in scores.iter().enumerate() {
            if score >= limit {
                limit = measure(chunk * LANES + lane);
            }
        }
    }
}
