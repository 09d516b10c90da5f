//! Spectral clustering of many samples through a few landmarks (Chen and Cai, "Large scale spectral clustering with
//! landmark-based representation", AAAI 2011).
//!
//! | step           | what                                                                          | cost, for m landmarks of n samples |
//! |----------------|-------------------------------------------------------------------------------|------------------------------------|
//! | landmarks      | by k-means, or samples at random                                              | npm an iteration                   |
//! | representation | each sample by its r nearest landmarks, with Gaussian weights that sum to 1: Z | nmp                               |
//! | eigenvectors   | of Z D⁻¹ Zᵀ, with the column sums D, from those of `D^-½ ZᵀZ D^-½`            | nr² + m³                           |
//! | labels         | from the rows of the eigenvectors                                             | nk² or more                        |
//!
//! Samples are close when they share landmarks. Memory is O(n (r + k) + m²): no affinity between samples is ever computed. The
//! rows of the affinity sum to 1, so that its Laplacian is symmetric and normalized as it is, and a new sample finds its place
//! among the old ones by its own landmarks.

use lapwing_lapack::{Scalar, require_finite, zeros};
use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, ArrayView2};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64;

use super::assignment::{Assignment, LabelAssignment, means, nearest_means};
use super::encoding::{Encoder, Encoding};
use crate::cluster::k_means::{KMeans, KMeansInit};
use crate::error::Error;
use crate::graph::{EigenOptions, Laplacian, Loops};
use crate::moments::{Diagonal, Moments};

/// Iterations of k-means after which landmarks cover the samples well enough, as in the authors' program.
const ITERATIONS: usize = 5;

/// How landmarks are chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LandmarkSelection {
    /// The centres of a few iterations of [`KMeans`], whose cost is that of the representation, each time.
    #[default]
    KMeans,
    /// Samples, drawn at random without replacement.
    Random,
}

impl LandmarkSelection {
    /// m of the rows of `x`, or m points that cover them (m x p).
    pub(super) fn landmarks<T: Scalar>(
        self,
        x: &ArrayRef2<T>,
        m: usize,
        seed: u64,
    ) -> Result<Array2<f64>, Error> {
        let mut order: Vec<usize> = (0..x.nrows()).collect();
        let mut generator = Pcg64::seed_from_u64(seed);
        let (chosen, _) = order.partial_shuffle(&mut generator, m);
        chosen.sort_unstable();
        let samples = Array2::from_shape_fn((m, x.ncols()), |(i, j)| x[[chosen[i], j]].as_f64());
        match self {
            LandmarkSelection::Random => Ok(samples),
            LandmarkSelection::KMeans => {
                let params = KMeans::params().n_clusters(m).init(KMeansInit::Centers(samples));
                let model = params.max_iterations(ITERATIONS).fit(x)?;
                Ok(model.cluster_centers().mapv(T::as_f64))
            }
        }
    }
}

/// A clustering of n samples by m landmarks.
///
/// ```
/// use lapwing_ml::cluster::LandmarkSpectralClustering;
/// use ndarray::Array2;
/// // Two rings, one within the other.
/// let x = Array2::from_shape_fn((900, 2), |(i, j)| {
///     let (radius, angle) = if i < 300 { (1.0, i as f64 / 300.0) } else { (3.0, (i - 300) as f64 / 600.0) };
///     let angle = 2.0 * std::f64::consts::PI * angle;
///     radius * if j == 0 { angle.cos() } else { angle.sin() }
/// });
/// let model = LandmarkSpectralClustering::params().n_clusters(2).n_landmarks(150).fit(&x)?;
/// let inner = model.labels()[0];
/// assert!(model.labels().iter().enumerate().all(|(i, &label)| (label == inner) == (i < 300)));
/// assert_eq!(model.predict(&ndarray::array![[0.0, 1.1], [-2.9, 0.1]])?, ndarray::array![inner, 1 - inner]);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// It serializes with serde, under a format name and version that are checked when it is read back.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "super::persistence::Stored", into = "super::persistence::Stored")]
pub struct LandmarkSpectralClustering {
    pub(super) labels: Array1<usize>,
    pub(super) embedding: Array2<f64>,
    pub(super) eigenvalues: Array1<f64>,
    pub(super) encoder: Encoder,
    /// What the representation is multiplied by to give coordinates, m x k.
    pub(super) projection: Array2<f64>,
    /// The mean coordinates of each cluster, infinite for one without samples.
    pub(super) centres: Array2<f64>,
}

impl LandmarkSpectralClustering {
    /// The choices, to change before fitting.
    pub fn params() -> LandmarkSpectralClusteringParams {
        LandmarkSpectralClusteringParams::default()
    }

    /// The cluster of each sample, n, from 0.
    pub fn labels(&self) -> ArrayView1<'_, usize> {
        self.labels.view()
    }

    /// The coordinates that the clusters were read from, n x k, orthonormal: eigenvectors of the affinity.
    pub fn embedding(&self) -> ArrayView2<'_, f64> {
        self.embedding.view()
    }

    /// The k smallest eigenvalues of the Laplacian of the samples, ascending, between 0 and 1.
    pub fn eigenvalues(&self) -> ArrayView1<'_, f64> {
        self.eigenvalues.view()
    }

    /// The landmarks that are the nearest of some sample, at most m x p.
    pub fn landmarks(&self) -> Array2<f64> {
        self.encoder.landmarks()
    }

    /// The bandwidth h of the weights `exp(−d² / 2h²)`: the one that was given, or the root mean square distance of the samples
    /// to their landmarks. 0 when each lies on its own.
    pub fn bandwidth(&self) -> f64 {
        self.encoder.bandwidth()
    }

    /// p, the number of features.
    pub fn n_features(&self) -> usize {
        self.encoder.n_features()
    }

    /// The coordinates (q x k) of new samples (q x p): their landmarks place them among the eigenvectors, as they place the
    /// samples themselves.
    ///
    /// # Errors
    /// [`Error::FeatureMismatch`]; [`Error::Lapack`] with `NonFinite` or `OutOfMemory`.
    pub fn transform<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<Array2<f64>, Error> {
        let (found, expected) = (x.ncols(), self.n_features());
        if found != expected {
            return Err(Error::FeatureMismatch { argument: "x", found, expected });
        }
        require_finite("x", x)?;
        self.encoder.encode(x)?.times(&self.projection)
    }

    /// The cluster of each new sample (q x p): the one whose mean coordinates are nearest.
    ///
    /// # Errors
    /// As [`transform`](Self::transform).
    pub fn predict<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<Array1<usize>, Error> {
        Ok(nearest_means(&self.transform(x)?, &self.centres))
    }
}

/// The choices of spectral clustering by landmarks. Made by [`LandmarkSpectralClustering::params`].
#[derive(Clone, Copy, Debug)]
pub struct LandmarkSpectralClusteringParams {
    n_clusters: usize,
    n_landmarks: Option<usize>,
    n_neighbors: usize,
    bandwidth: Option<f64>,
    selection: LandmarkSelection,
    assignment: Assignment,
}

impl Default for LandmarkSpectralClusteringParams {
    fn default() -> Self {
        Self {
            n_clusters: 8,
            n_landmarks: None,
            n_neighbors: 5,
            bandwidth: None,
            selection: LandmarkSelection::default(),
            assignment: Assignment::default(),
        }
    }
}

impl LandmarkSpectralClusteringParams {
    /// k, the number of clusters. Default: 8.
    pub fn n_clusters(mut self, clusters: usize) -> Self {
        self.n_clusters = clusters;
        self
    }

    /// m, how many landmarks. Default: 500, or all samples if there are fewer. 1000 in the paper's experiments.
    pub fn n_landmarks(mut self, landmarks: usize) -> Self {
        self.n_landmarks = Some(landmarks);
        self
    }

    /// r, how many landmarks represent a sample. Default: 5. With 1, samples share landmarks or nothing.
    pub fn n_neighbors(mut self, neighbors: usize) -> Self {
        self.n_neighbors = neighbors;
        self
    }

    /// The bandwidth of the weights. Default: the root mean square distance of the samples to their landmarks.
    pub fn bandwidth(mut self, bandwidth: f64) -> Self {
        self.bandwidth = Some(bandwidth);
        self
    }

    /// How landmarks are chosen. Default: [`LandmarkSelection::KMeans`].
    pub fn selection(mut self, selection: LandmarkSelection) -> Self {
        self.selection = selection;
        self
    }

    /// How clusters are read from the coordinates. Default: [`LabelAssignment::KMeans`].
    pub fn labels(mut self, labels: LabelAssignment) -> Self {
        self.assignment.labels = labels;
        self
    }

    /// The seed of the landmarks and of the label assignment. Default: 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.assignment.seed = seed;
        self
    }

    /// Clusters the rows of `x` (n x p).
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] unless 1 ≤ clusters ≤ landmarks ≤ n and 1 ≤ neighbors ≤ landmarks, or for a bandwidth that is
    /// not positive; [`Error::TooFewSamples`]; [`Error::NoFeatures`]; [`Error::Lapack`] with `NonFinite`, `Overflow`,
    /// `OutOfMemory`, `NoConvergence`.
    pub fn fit<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<LandmarkSpectralClustering, Error> {
        let (n, p) = x.dim();
        if n == 0 {
            let method = "spectral clustering";
            return Err(Error::TooFewSamples { argument: "x", method, found: 0, least: 1 });
        }
        if p == 0 {
            return Err(Error::NoFeatures { argument: "x" });
        }
        let m = self.n_landmarks.unwrap_or(500.min(n));
        let r = if self.n_landmarks.is_some() { self.n_neighbors } else { self.n_neighbors.min(m) };
        for (parameter, value, most, of) in [
            ("n_landmarks", m, n, "samples"),
            ("n_neighbors", r, m, "landmarks"),
            ("n_clusters", self.n_clusters, m, "landmarks"),
        ] {
            if value == 0 || value > most {
                let requirement = format!("at least 1, and at most the number of {of}, {most}");
                return Err(Error::InvalidParameter { parameter, value: value.to_string(), requirement });
            }
        }
        if let Some(value) = self.bandwidth.filter(|value| !(value.is_finite() && *value > 0.0)) {
            let requirement = "positive and finite".to_owned();
            let value = value.to_string();
            return Err(Error::InvalidParameter { parameter: "bandwidth", value, requirement });
        }
        require_finite("x", x)?;
        let mean = Moments::<Diagonal>::of_rows("x", x)?.mean;
        let mut encoder = Encoder::new(mean, &self.selection.landmarks(x, m, self.assignment.seed)?, r)?;
        let encoding = encoder.learn(x, self.bandwidth)?;
        self.fit_encoding(encoder, &encoding)
    }

    fn fit_encoding(
        &self,
        encoder: Encoder,
        encoding: &Encoding,
    ) -> Result<LandmarkSpectralClustering, Error> {
        let gram = encoding.gram()?;
        let m = gram.nrows();
        if self.n_clusters > m {
            let requirement = format!("at most the number of different landmarks, {m}");
            let value = self.n_clusters.to_string();
            return Err(Error::InvalidParameter { parameter: "n_clusters", value, requirement });
        }
        // Rows of Z sum to 1, so that those of ZᵀZ sum to D: it is the affinity of landmarks that share samples.
        let laplacian = Laplacian::of_walk(gram.view(), Loops::Counted, None)?;
        let options = EigenOptions { seed: self.assignment.seed, ..EigenOptions::default() };
        let eigen = laplacian.smallest("n_clusters", self.n_clusters, &options)?;
        let eigenvalues = eigen.values().mapv(|value| value.min(1.0));
        let mut projection = zeros(m, self.n_clusters)?;
        projection.assign(&eigen.vectors());
        projection /= &laplacian.roots.view().insert_axis(ndarray::Axis(1));
        // Singular values of Z D^-½. Where one is rounding, there is nothing left to tell samples apart by.
        let negligible = (m as f64 * f64::EPSILON).sqrt();
        for (mut column, value) in projection.columns_mut().into_iter().zip(&eigenvalues) {
            let singular = (1.0 - value).max(0.0).sqrt();
            column *= if singular > negligible { singular.recip() } else { 0.0 };
        }
        let embedding = encoding.times(&projection)?;
        let labels = self.assignment.labels_of(&embedding, self.n_clusters)?;
        let centres = means(&embedding, &labels, self.n_clusters);
        Ok(LandmarkSpectralClustering { labels, embedding, eigenvalues, encoder, projection, centres })
    }
}
