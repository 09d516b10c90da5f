//! k-means by small random batches, and of samples that arrive in blocks.
//!
//! D. Sculley, "Web-scale k-means clustering", WWW 2010. Each centre is the mean of the samples that it was given so far: a
//! batch moves it by the share that the batch has in them. The semantics are those of scikit-learn's `MiniBatchKMeans`: starts
//! from 3 batches, clusters of little weight moved to random samples, an end when the smoothed inertia of the batches no
//! longer falls.

use lapwing_lapack::Scalar;
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, ArrayView2};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use super::KMeans;
use super::assignment::labels_and_inertia;
use super::batches::{Draws, Progress, Weighing};
use super::initialization::{plus_plus, random_samples};
use super::lloyd::Run;
use super::params::{KMeansAlgorithm, KMeansInit, check_centres, check_shape, invalid};
use super::samples::Samples;
use crate::error::Error;
use crate::linear_model::check_weights;

/// The choices of a k-means clustering by batches. Made by [`MiniBatchKMeans::params`].
#[derive(Clone, Debug)]
pub struct MiniBatchKMeansParams {
    n_clusters: usize,
    init: KMeansInit,
    n_init: Option<usize>,
    init_size: Option<usize>,
    batch_size: usize,
    max_iterations: usize,
    tolerance: f64,
    max_no_improvement: Option<usize>,
    reassignment_ratio: f64,
    seed: u64,
}

impl Default for MiniBatchKMeansParams {
    fn default() -> Self {
        Self {
            n_clusters: 8,
            init: KMeansInit::default(),
            n_init: None,
            init_size: None,
            batch_size: 1024,
            max_iterations: 100,
            tolerance: 0.0,
            max_no_improvement: Some(10),
            reassignment_ratio: 0.01,
            seed: 0,
        }
    }
}

impl MiniBatchKMeansParams {
    /// k, how many clusters: from 1 to the number of samples. Default: 8.
    pub fn n_clusters(mut self, n_clusters: usize) -> Self {
        self.n_clusters = n_clusters;
        self
    }

    /// Where the centres start. Default: [`KMeansInit::PlusPlus`].
    pub fn init(mut self, init: KMeansInit) -> Self {
        self.init = init;
        self
    }

    /// How many starts, of which the one of least inertia on a random sample of the data is iterated. Default: 3 for
    /// [`KMeansInit::Random`], otherwise 1.
    pub fn n_init(mut self, n_init: usize) -> Self {
        self.n_init = Some(n_init);
        self
    }

    /// From how many random samples a start is made, at least k. Default: 3 batches, or 3k if that is more.
    pub fn init_size(mut self, init_size: usize) -> Self {
        self.init_size = Some(init_size);
        self
    }

    /// How many samples a batch has, at least 1; all, if there are fewer. Default: 1024.
    pub fn batch_size(mut self, batch_size: usize) -> Self {
        self.batch_size = batch_size;
        self
    }

    /// As many samples are drawn as make up the data this many times, at least 1. Default: 100.
    pub fn max_iterations(mut self, max_iterations: usize) -> Self {
        self.max_iterations = max_iterations;
        self
    }

    /// The centres rest once the squares of a step's movements sum up to at most this times the mean variance of the
    /// features. Default: 0, which never ends the iteration.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// After how many batches in a row that have not lowered the smoothed inertia the iteration ends; `None` goes on.
    /// Default: 10.
    pub fn max_no_improvement(mut self, batches: Option<usize>) -> Self {
        self.max_no_improvement = batches;
        self
    }

    /// Centres of less weight than this share of the heaviest one's move to random samples. Default: 0.01.
    pub fn reassignment_ratio(mut self, ratio: f64) -> Self {
        self.reassignment_ratio = ratio;
        self
    }

    /// The seed of the starts and the batches. Default: 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Clusters `x` (n x p) by batches drawn at random, with repetition.
    ///
    /// A batch of b samples costs 2bpk; labels and inertia at the end are those of all samples, for 2npk more.
    ///
    /// # Errors
    /// As [`KMeansParams::fit`](super::KMeansParams::fit), and [`Error::InvalidParameter`] for an empty batch, a start from
    /// fewer samples than clusters, no batches without improvement, or a negative reassignment ratio.
    pub fn fit<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<KMeans<T>, Error> {
        self.fit_samples(x, None)
    }

    /// As [`fit`](Self::fit), with batches drawn in proportion to the weights.
    ///
    /// # Errors
    /// As [`fit`](Self::fit), and as [`KMeansParams::fit_weighted`](super::KMeansParams::fit_weighted) for the weights.
    pub fn fit_weighted<T: Scalar>(
        &self,
        x: &ArrayRef2<T>,
        weights: &ArrayRef1<T>,
    ) -> Result<KMeans<T>, Error> {
        check_weights(weights, x.nrows())?;
        self.fit_samples(x, Some(weights))
    }

    /// No samples yet: for those that arrive in blocks.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`], as [`fit`](Self::fit).
    pub fn start(&self) -> Result<MiniBatchKMeans, Error> {
        self.check()?;
        let random = Pcg64::seed_from_u64(self.seed);
        Ok(MiniBatchKMeans { params: self.clone(), random, state: None })
    }

    fn fit_samples<T: Scalar>(
        &self,
        x: &ArrayRef2<T>,
        weights: Option<&ArrayRef1<T>>,
    ) -> Result<KMeans<T>, Error> {
        self.check()?;
        check_shape(x.dim(), self.n_clusters)?;
        let n = x.nrows();
        let given = match &self.init {
            KMeansInit::Centers(centres) => Some(&**check_centres(centres, (self.n_clusters, x.ncols()))?),
            _ => None,
        };
        let samples = Samples::centred(x, weights, given)?;
        let mut random = Pcg64::seed_from_u64(self.seed);
        let batch_size = self.batch_size.min(n);
        let tolerance = if self.tolerance > 0.0 { self.tolerance * samples.mean_variance() } else { 0.0 };
        let mut centres = self.initial_centres(&samples, &mut random)?;
        let mut progress =
            Progress::new(self.max_no_improvement.unwrap_or(usize::MAX), batch_size, n, tolerance);
        let draws = Draws::new(&samples);
        let mut weighing = Weighing::new(self.n_clusters);
        let steps = (self.max_iterations.saturating_mul(n) / batch_size).max(1);
        let (mut taken, mut converged) = (steps, false);
        for step in 1..=steps {
            let batch = samples.select(&draws.sample(batch_size, &mut random))?;
            let before = centres.clone();
            let batch = Samples::plain(&batch, None);
            let inertia = weighing.step(&batch, &mut centres, self.reassignment_ratio, &mut random)?;
            let movement = centres.iter().zip(&before).map(|(after, before)| (after - before).powi(2)).sum();
            if progress.is_over(inertia / batch_size as f64, movement) {
                (taken, converged) = (step, true);
                break;
            }
        }
        let iterations = (taken as u128 * batch_size as u128).div_ceil(n as u128) as usize;
        let run = Run { centres, iterations, converged, inertia_history: None };
        KMeans::from_run(&samples, run, KMeansAlgorithm::MiniBatch, x, weights)
    }

    /// The best of several starts, each from a random sample of the data, by the inertia of another.
    fn initial_centres<T: Scalar>(
        &self,
        samples: &Samples<T>,
        random: &mut Pcg64,
    ) -> Result<Array2<f64>, Error> {
        let (n, _) = samples.dim();
        let k = self.n_clusters;
        let default = self.batch_size.saturating_mul(3).max(k.saturating_mul(3));
        let size = self.init_size.unwrap_or(default).min(n);
        let starts = match &self.init {
            KMeansInit::Centers(centres) => return Ok(samples.inward(centres)),
            KMeansInit::Random => self.n_init.unwrap_or(3),
            KMeansInit::PlusPlus => self.n_init.unwrap_or(1),
        };
        let part = |random: &mut Pcg64| -> Result<(Array2<f64>, Array1<f64>), Error> {
            let rows: Vec<usize> = match size == n {
                true => (0..n).collect(),
                false => (0..size).map(|_| random.random_range(0..n)).collect(),
            };
            Ok((samples.select(&rows)?, rows.iter().map(|&row| samples.weight(row)).collect()))
        };
        let (validation, validation_weights) = part(random)?;
        let validation = Samples::plain(&validation, Some(&validation_weights));
        let mut best: Option<(f64, Array2<f64>)> = None;
        for _ in 0..starts {
            let (block, weights) = part(random)?;
            let block = Samples::plain(&block, Some(&weights));
            let centres = self.start_from(&block, random)?;
            let (_, inertia) = labels_and_inertia(&validation, &centres)?;
            if best.as_ref().is_none_or(|(least, _)| inertia < *least) {
                best = Some((inertia, centres));
            }
        }
        best.map(|(_, centres)| centres).ok_or_else(|| invalid("n_init", 0, "at least 1"))
    }

    fn start_from<T: Scalar>(&self, block: &Samples<T>, random: &mut Pcg64) -> Result<Array2<f64>, Error> {
        match &self.init {
            KMeansInit::Centers(centres) => Ok(block.inward(centres)),
            KMeansInit::Random => random_samples(block, self.n_clusters, random),
            KMeansInit::PlusPlus => plus_plus(block, self.n_clusters, random),
        }
    }

    fn check(&self) -> Result<(), Error> {
        for (parameter, value, least) in [
            ("n_clusters", self.n_clusters, 1),
            ("n_init", self.n_init.unwrap_or(1), 1),
            ("init_size", self.init_size.unwrap_or(self.n_clusters), self.n_clusters),
            ("batch_size", self.batch_size, 1),
            ("max_iterations", self.max_iterations, 1),
            ("max_no_improvement", self.max_no_improvement.unwrap_or(1), 1),
        ] {
            if value < least {
                return Err(invalid(parameter, value, &format!("at least {least}")));
            }
        }
        for (parameter, value) in
            [("tolerance", self.tolerance), ("reassignment_ratio", self.reassignment_ratio)]
        {
            if !(value.is_finite() && value >= 0.0) {
                return Err(invalid(parameter, value, "finite and at least 0"));
            }
        }
        Ok(())
    }
}

/// A k-means clustering in the making, of samples that arrive in blocks and are then forgotten.
///
/// ```
/// use lapwing_ml::cluster::MiniBatchKMeans;
/// use ndarray::{Array2, s};
/// let x = Array2::from_shape_fn((400, 2), |(i, j)| ((i % 2) * 50) as f64 + ((i * 7 + j * 3) % 11) as f64);
/// let mut running = MiniBatchKMeans::params().n_clusters(2).start()?;
/// for first in (0..400).step_by(100) {
///     running.partial_fit(&x.slice(s![first..first + 100, ..]))?;
/// }
/// let clusters = running.to_k_means(&x)?;
/// assert_ne!(clusters.labels()[0], clusters.labels()[1]);
/// let at_once = MiniBatchKMeans::params().n_clusters(2).fit(&x)?;
/// assert!((at_once.inertia() - clusters.inertia()).abs() < 0.1 * clusters.inertia());
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct MiniBatchKMeans {
    params: MiniBatchKMeansParams,
    random: Pcg64,
    /// Nothing before the first block.
    state: Option<State>,
}

#[derive(Clone, Debug)]
struct State {
    /// In the unit of the data.
    centres: Array2<f64>,
    weighing: Weighing,
    blocks: usize,
}

impl MiniBatchKMeans {
    /// The choices, to change before fitting or starting.
    pub fn params() -> MiniBatchKMeansParams {
        MiniBatchKMeansParams::default()
    }

    /// Moves the centres by the rows of `block` (m x p), in 2mpk. The first block, of at least k rows, is where they start. A
    /// block without rows changes nothing.
    ///
    /// # Errors
    /// [`Error::FeatureMismatch`] when the blocks before it had another number of columns; [`Error::NoFeatures`];
    /// [`Error::TooFewSamples`] for a first block of fewer rows than clusters; [`Error::Lapack`] with `NonFinite` (rows count
    /// from the beginning of the block), `Shape` for given centres that do not fit, or `OutOfMemory`. After an error, it
    /// is as if the block had not come.
    pub fn partial_fit<T: Scalar>(&mut self, block: &ArrayRef2<T>) -> Result<(), Error> {
        self.add(block, None)
    }

    /// As [`partial_fit`](Self::partial_fit), with a weight for each row.
    ///
    /// # Errors
    /// As [`partial_fit`](Self::partial_fit), and as
    /// [`KMeansParams::fit_weighted`](super::KMeansParams::fit_weighted) for the weights.
    pub fn partial_fit_weighted<T: Scalar>(
        &mut self,
        block: &ArrayRef2<T>,
        weights: &ArrayRef1<T>,
    ) -> Result<(), Error> {
        if !(block.is_empty() && weights.is_empty()) {
            check_weights(weights, block.nrows())?;
        }
        self.add(block, Some(weights))
    }

    /// The centres so far in rows, k x p, once a block has come.
    pub fn cluster_centers(&self) -> Option<ArrayView2<'_, f64>> {
        self.state.as_ref().map(|state| state.centres.view())
    }

    /// The model of the centres so far, with the labels and the inertia of `x` (n x p).
    ///
    /// # Errors
    /// [`Error::Unavailable`] before the first block; [`Error::FeatureMismatch`]; [`Error::Lapack`] with `NonFinite`,
    /// `OutOfMemory` or `Overflow`.
    pub fn to_k_means<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<KMeans<T>, Error> {
        let Some(state) = &self.state else {
            return Err(Error::Unavailable { what: "a centre", remedy: "call partial_fit first" });
        };
        self.check_block("x", x)?;
        let samples = Samples::around(x, None, &state.centres)?;
        let centres = samples.inward(&state.centres);
        let run = Run { centres, iterations: state.blocks, converged: false, inertia_history: None };
        KMeans::from_run(&samples, run, KMeansAlgorithm::MiniBatch, x, None)
    }

    fn check_block<T: Scalar>(&self, argument: &'static str, block: &ArrayRef2<T>) -> Result<(), Error> {
        let found = block.ncols();
        match &self.state {
            _ if found == 0 => Err(Error::NoFeatures { argument }),
            Some(state) if state.centres.ncols() != found => {
                Err(Error::FeatureMismatch { argument, found, expected: state.centres.ncols() })
            }
            _ => Ok(()),
        }
    }

    fn add<T: Scalar>(&mut self, block: &ArrayRef2<T>, weights: Option<&ArrayRef1<T>>) -> Result<(), Error> {
        self.check_block("block", block)?;
        lapwing_lapack::require_finite("block", block)?;
        if block.nrows() == 0 {
            return Ok(());
        }
        let mut random = self.random.clone();
        let mut state = match &self.state {
            Some(state) => state.clone(),
            None => self.first_state(block, weights, &mut random)?,
        };
        let samples = Samples::around(block, weights, &state.centres)?;
        let mut centres = samples.inward(&state.centres);
        state.weighing.step(&samples, &mut centres, self.params.reassignment_ratio, &mut random)?;
        state.centres = samples.outward(&centres);
        state.blocks += 1;
        (self.state, self.random) = (Some(state), random);
        Ok(())
    }

    fn first_state<T: Scalar>(
        &self,
        block: &ArrayRef2<T>,
        weights: Option<&ArrayRef1<T>>,
        random: &mut Pcg64,
    ) -> Result<State, Error> {
        let k = self.params.n_clusters;
        check_shape(block.dim(), k)?;
        let given = match &self.params.init {
            KMeansInit::Centers(centres) => Some(&**check_centres(centres, (k, block.ncols()))?),
            _ => None,
        };
        let samples = Samples::centred(block, weights, given)?;
        let centres = samples.outward(&self.params.start_from(&samples, random)?);
        Ok(State { centres, weighing: Weighing::new(k), blocks: 0 })
    }
}
