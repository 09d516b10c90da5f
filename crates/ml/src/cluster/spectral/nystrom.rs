//! Spectral clustering of many samples by Nyström's approximation of their Gaussian affinities (Fowlkes, Belongie, Chung and
//! Malik, "Spectral grouping using the Nyström method", PAMI 26, 2004).
//!
//! | step         | what                                                                           | cost, for m landmarks of n samples |
//! |--------------|--------------------------------------------------------------------------------|------------------------------------|
//! | landmarks    | by k-means, or samples at random                                               | npm an iteration                   |
//! | affinity     | `A ≈ C W⁻¹ Cᵀ = F Fᵀ`, W (m x m) of the landmarks, C (n x m) to the samples    | m³                                 |
//! | degrees      | `d = F Fᵀ 1`                                                                   | nmp                                |
//! | eigenvectors | of `D^-½ F Fᵀ D^-½`, from those of its m x m companion `Fᵀ D⁻¹ F`              | nm (p + m) + m³                    |
//! | labels       | from the rows of `D^-½` times the eigenvectors                                 | nk² or more                        |
//!
//! Neither C nor F is kept: the affinities to the landmarks are computed anew, block by block, in each of the three passes
//! over the samples, so that memory is O(nk + m²). The eigenvectors of the approximation are exact and orthonormal: this is
//! the one-shot method of the paper, for affinities that are positive semidefinite, as Gaussians are.
//!
//! Eigenvalues of W below `ε^⅔` of its largest are left out. What F then lacks is as little as what rounding adds to it,
//! which their reciprocal roots would magnify.

use std::ops::Range;

use lapwing_lapack::{Scalar, Spectrum, SymmetricEigen, kernel, matmul, require_finite, zeros};
use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, ArrayView2, ArrayViewMut2, Axis, s};

use super::assignment::{Assignment, LabelAssignment, means, nearest_means};
use super::landmarks::LandmarkSelection;
use crate::affinity::Gamma;
use crate::cluster::k_means::map_items;
use crate::error::Error;
use crate::kernels::{Kernel, KernelRows, mirror_lower_triangle};
use crate::moments::{Diagonal, Moments};

/// Rows of a block: its affinities to the landmarks stay in the cache. Blocks are the same whatever the number of threads.
const BLOCK: usize = 256;

/// In how many parts sums over samples are made, to be added in order: the same whatever the number of threads.
const PARTS: usize = 4;

/// A clustering of n samples by the affinities of m landmarks.
///
/// ```
/// use lapwing_ml::{affinity::Gamma, cluster::NystromSpectralClustering};
/// use ndarray::Array2;
/// // Two rings, one within the other.
/// let x = Array2::from_shape_fn((900, 2), |(i, j)| {
///     let (radius, angle) = if i < 300 { (1.0, i as f64 / 300.0) } else { (3.0, (i - 300) as f64 / 600.0) };
///     let angle = 2.0 * std::f64::consts::PI * angle;
///     radius * if j == 0 { angle.cos() } else { angle.sin() }
/// });
/// let params = NystromSpectralClustering::params().n_clusters(2).n_landmarks(150);
/// let model = params.gamma(Gamma::Value(4.0)).fit(&x)?;
/// let inner = model.labels()[0];
/// assert!(model.labels().iter().enumerate().all(|(i, &label)| (label == inner) == (i < 300)));
/// assert_eq!(model.predict(&ndarray::array![[0.0, 1.1], [-2.9, 0.1]])?, ndarray::array![inner, 1 - inner]);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// A sample that is like none of the landmarks, so that its degree is not positive, has coordinates of zero.
#[derive(Clone, Debug, PartialEq)]
pub struct NystromSpectralClustering {
    labels: Array1<usize>,
    embedding: Array2<f64>,
    eigenvalues: Array1<f64>,
    extension: Extension,
    /// The mean coordinates of each cluster, infinite for one without samples.
    centres: Array2<f64>,
}

impl NystromSpectralClustering {
    /// The choices, to change before fitting.
    pub fn params() -> NystromSpectralClusteringParams {
        NystromSpectralClusteringParams::default()
    }

    /// The cluster of each sample, n, from 0.
    pub fn labels(&self) -> ArrayView1<'_, usize> {
        self.labels.view()
    }

    /// The coordinates that the clusters were read from, n x k: eigenvectors of the random walk by the approximate affinities,
    /// orthonormal with the degrees as weights. The first is constant.
    pub fn embedding(&self) -> ArrayView2<'_, f64> {
        self.embedding.view()
    }

    /// The k smallest eigenvalues of the normalized Laplacian of the approximate affinities, ascending, between 0 and 1.
    pub fn eigenvalues(&self) -> ArrayView1<'_, f64> {
        self.eigenvalues.view()
    }

    /// γ of the Gaussians.
    pub fn gamma(&self) -> f64 {
        self.extension.gamma
    }

    /// p, the number of features.
    pub fn n_features(&self) -> usize {
        self.extension.n_features
    }

    /// The coordinates (q x k) of new samples (q x p), whose affinities to the landmarks place them as those of the samples do.
    ///
    /// # Errors
    /// [`Error::FeatureMismatch`]; [`Error::Lapack`] with `NonFinite` or `OutOfMemory`.
    pub fn transform<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<Array2<f64>, Error> {
        let (found, expected) = (x.ncols(), self.n_features());
        if found != expected {
            return Err(Error::FeatureMismatch { argument: "x", found, expected });
        }
        require_finite("x", x)?;
        self.extension.coordinates(x)
    }

    /// The cluster of each new sample (q x p): the one whose mean coordinates are nearest.
    ///
    /// # Errors
    /// As [`transform`](Self::transform).
    pub fn predict<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<Array1<usize>, Error> {
        Ok(nearest_means(&self.transform(x)?, &self.centres))
    }
}

/// The choices of spectral clustering by Nyström's method. Made by [`NystromSpectralClustering::params`].
#[derive(Clone, Copy, Debug)]
pub struct NystromSpectralClusteringParams {
    n_clusters: usize,
    n_landmarks: Option<usize>,
    gamma: Gamma,
    selection: LandmarkSelection,
    assignment: Assignment,
}

impl Default for NystromSpectralClusteringParams {
    fn default() -> Self {
        Self {
            n_clusters: 8,
            n_landmarks: None,
            gamma: Gamma::Value(1.0),
            selection: LandmarkSelection::default(),
            assignment: Assignment::default(),
        }
    }
}

impl NystromSpectralClusteringParams {
    /// k, the number of clusters. Default: 8.
    pub fn n_clusters(mut self, clusters: usize) -> Self {
        self.n_clusters = clusters;
        self
    }

    /// m, how many landmarks. Default: 500, or all samples if there are fewer.
    pub fn n_landmarks(mut self, landmarks: usize) -> Self {
        self.n_landmarks = Some(landmarks);
        self
    }

    /// γ of the Gaussians. Default: 1, as in [`SpectralClustering`](super::SpectralClustering).
    pub fn gamma(mut self, gamma: Gamma) -> Self {
        self.gamma = gamma;
        self
    }

    /// How landmarks are chosen. Default: [`LandmarkSelection::KMeans`], whose error is the smaller of the two (Zhang, Tsang and
    /// Kwok, "Improved Nyström low-rank approximation and error analysis", ICML 2008).
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
    /// [`Error::InvalidParameter`] unless 1 ≤ clusters ≤ landmarks ≤ n, for a γ that is not positive, and for more clusters than
    /// the affinities of the landmarks have eigenvalues that are not rounding; [`Error::TooFewSamples`]; [`Error::NoFeatures`];
    /// [`Error::Lapack`] with `NonFinite`, `Overflow`, `OutOfMemory`, `NoConvergence`.
    pub fn fit<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<NystromSpectralClustering, Error> {
        let (n, p) = x.dim();
        if n == 0 {
            let method = "spectral clustering";
            return Err(Error::TooFewSamples { argument: "x", method, found: 0, least: 1 });
        }
        if p == 0 {
            return Err(Error::NoFeatures { argument: "x" });
        }
        let (m, k) = (self.n_landmarks.unwrap_or(500.min(n)), self.n_clusters);
        for (parameter, value, most, of) in
            [("n_landmarks", m, n, "samples"), ("n_clusters", k, m, "landmarks")]
        {
            if value == 0 || value > most {
                let requirement = format!("at least 1, and at most the number of {of}, {most}");
                return Err(Error::InvalidParameter { parameter, value: value.to_string(), requirement });
            }
        }
        require_finite("x", x)?;
        // Whose squares leave the range is told here, and not by a distance that is not a number.
        Moments::<Diagonal>::of_rows("x", x)?;
        let gamma = self.gamma.value(x)?;
        let landmarks = self.selection.landmarks(x, m, self.assignment.seed)?;
        let rows = KernelRows::new("x", Kernel::Rbf { gamma: Some(gamma) }, gamma, &landmarks)?;
        let root = inverse_root(&rows.matrix()?, k)?;

        let sum = sum_over_blocks(&rows, x, (1, m), |sum, values| {
            *sum += &values.sum_axis(Axis(0));
            Ok(())
        })?;
        let weights = matmul(&root, &matmul(&root.t(), &sum.t())?)?.remove_axis(Axis(1));
        let mut extension = Extension { rows, gamma, n_features: p, weights, projection: zeros(0, 0)? };

        let rank = root.ncols();
        let mut gram = sum_over_blocks(&extension.rows, x, (rank, rank), |gram, values| {
            extension.normalize(values, f64::sqrt);
            let mut features = zeros(values.nrows(), rank)?;
            kernel::gemm(1.0, values, &root, 0.0, &mut features)?;
            Ok(kernel::gram(&features, gram)?)
        })?;
        mirror_lower_triangle(&mut gram);
        let largest = SymmetricEigen::params().spectrum(Spectrum::Index(rank - k..rank));
        let (values, vectors) = largest.compute(&gram)?.into_factors();
        let eigenvalues = values.slice(s![..;-1]).mapv(|value| (1.0 - value).clamp(0.0, 1.0));
        let mut projection = matmul(&root, &vectors.slice(s![.., ..;-1]))?;
        // Where an eigenvalue is rounding, there is nothing left to tell samples apart by.
        let negligible = rank as f64 * f64::EPSILON;
        for (mut column, &value) in projection.columns_mut().into_iter().zip(values.iter().rev()) {
            column *= if value > negligible { value.sqrt().recip() } else { 0.0 };
        }
        extension.projection = projection;
        let embedding = extension.coordinates(x)?;
        let labels = self.assignment.labels_of(&embedding, k)?;
        let centres = means(&embedding, &labels, k);
        Ok(NystromSpectralClustering { labels, embedding, eigenvalues, extension, centres })
    }
}

/// `U Λ^-½` (m x r) of the eigenvalues of W (m x m) that are not small, of which there must be `least`.
fn inverse_root(w: &Array2<f64>, least: usize) -> Result<Array2<f64>, Error> {
    let m = w.nrows();
    let (values, vectors) = SymmetricEigen::new(w)?.into_factors();
    let negligible = f64::EPSILON.powf(2.0 / 3.0) * values[m - 1];
    let first = values.iter().position(|&value| value > negligible).unwrap_or(m);
    if m - first < least {
        let requirement = format!("at most {}, the rank of the affinities of the landmarks", m - first);
        return Err(Error::InvalidParameter {
            parameter: "n_clusters",
            value: least.to_string(),
            requirement,
        });
    }
    let mut root = vectors.slice(s![.., first..]).to_owned();
    root /= &values.slice(s![first..]).mapv(f64::sqrt).insert_axis(Axis(0));
    Ok(root)
}

/// What places a sample by its affinities to the landmarks.
#[derive(Clone, Debug, PartialEq)]
struct Extension {
    rows: KernelRows,
    gamma: f64,
    n_features: usize,
    /// `W⁻¹ Cᵀ 1`: with them the affinities of a sample sum to its degree.
    weights: Array1<f64>,
    /// m x k.
    projection: Array2<f64>,
}

impl Extension {
    /// Divides the affinities of each sample (b x m) by a function of its degree; zero where that is not positive.
    fn normalize(&self, values: &mut ArrayRef2<f64>, divisor: impl Fn(f64) -> f64) {
        for mut row in values.outer_iter_mut() {
            let degree = row.dot(&self.weights);
            if degree >= f64::MIN_POSITIVE {
                row /= divisor(degree);
            } else {
                row.fill(0.0);
            }
        }
    }

    /// `D⁻¹ C` times the projection, n x k.
    fn coordinates<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<Array2<f64>, Error> {
        let mut coordinates = zeros(x.nrows(), self.projection.ncols())?;
        let mut parts = Vec::new();
        let mut rest = coordinates.view_mut();
        for rows in parts_of(x.nrows()) {
            let (part, after) = rest.split_at(Axis(0), rows.len());
            parts.push((rows, part));
            rest = after;
        }
        for_each_block(&self.rows, x, parts, |part, rows, values| {
            self.normalize(values, |degree| degree);
            Ok(kernel::gemm(1.0, values, &self.projection, 0.0, &mut part.slice_mut(s![rows, ..]))?)
        })?;
        Ok(coordinates)
    }
}

/// The sum over all blocks of rows of `x`, in an order that does not depend on the number of threads, of what `add` adds to a
/// matrix of this shape.
fn sum_over_blocks<T: Scalar>(
    landmarks: &KernelRows,
    x: &ArrayRef2<T>,
    shape: (usize, usize),
    add: impl Fn(&mut Array2<f64>, &mut ArrayViewMut2<f64>) -> Result<(), Error> + Sync,
) -> Result<Array2<f64>, Error> {
    let zero = || zeros(shape.0, shape.1);
    let parts: Result<Vec<_>, _> = parts_of(x.nrows()).map(|rows| Ok::<_, Error>((rows, zero()?))).collect();
    let sums = for_each_block(landmarks, x, parts?, |sum, _, values| add(sum, values))?;
    let mut total = zero()?;
    sums.iter().for_each(|sum| total += sum);
    Ok(total)
}

/// Calls `work` with what belongs to each part, and for each block of its rows of `x` with where the block stands in the part
/// and with the affinities to the landmarks (b x m). The threads share the parts.
fn for_each_block<T: Scalar, S: Send>(
    landmarks: &KernelRows,
    x: &ArrayRef2<T>,
    parts: Vec<(Range<usize>, S)>,
    work: impl Fn(&mut S, Range<usize>, &mut ArrayViewMut2<f64>) -> Result<(), Error> + Sync,
) -> Result<Vec<S>, Error> {
    let of_part = |(rows, mut state): (Range<usize>, S)| -> Result<S, Error> {
        let height = BLOCK.min(rows.len());
        let (mut room, mut values) = (zeros(height, x.ncols())?, zeros(height, landmarks.count())?);
        let part = x.slice(s![rows, ..]);
        for (i, block) in part.axis_chunks_iter(Axis(0), BLOCK).enumerate() {
            let mut values = values.slice_mut(s![..block.nrows(), ..]);
            landmarks.fill(&block, &mut room, &mut values)?;
            work(&mut state, i * BLOCK..i * BLOCK + block.nrows(), &mut values)?;
        }
        Ok(state)
    };
    map_items(parts, || (), |(), part| of_part(part)).into_iter().collect()
}

/// The rows of each part.
fn parts_of(n: usize) -> impl Iterator<Item = Range<usize>> {
    let blocks = n.div_ceil(BLOCK);
    let cut = move |part: usize| (blocks * part / PARTS * BLOCK).min(n);
    (0..PARTS).map(move |part| cut(part)..cut(part + 1))
}
