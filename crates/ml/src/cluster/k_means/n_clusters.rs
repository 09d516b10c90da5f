//! How many clusters: the curve of the inertia with its elbow, and the gap statistic.
//!
//! | function          | compares the inertia with                           | fits                    |
//! |-------------------|-----------------------------------------------------|-------------------------|
//! | [`InertiaCurve`]  | that of one cluster less or more                     | K                       |
//! | [`GapStatistic`]  | that of data of the same extent without clusters     | K for each of B + 1 data |

use lapwing_lapack::{Scalar, zeros};
use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, Axis};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use super::params::{KMeansParams, check_shape, invalid};
use crate::decomposition::Pca;
use crate::decomposition::component_selection::elbow;
use crate::error::Error;

/// The inertia of k-means with 1, 2, ... clusters.
///
/// ```
/// use lapwing_ml::KMeans;
/// use lapwing_ml::cluster::InertiaCurve;
/// use ndarray::Array2;
/// let group = |i: usize, j: usize| 100.0 * f64::from(i % 3 == j + 1);
/// let x = Array2::from_shape_fn((90, 2), |(i, j)| group(i, j) + ((i * 7 + j * 5) % 11) as f64);
/// let curve = InertiaCurve::of(&x, 8, &KMeans::params())?;
/// assert_eq!(curve.elbow(), Some(3));
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct InertiaCurve {
    inertias: Array1<f64>,
}

impl InertiaCurve {
    /// Fits `x` (n x p) with 1 to `max_clusters` clusters, otherwise as `params` say.
    ///
    /// The least inertia cannot grow with the clusters; where that of a start does, the one of a cluster less is kept.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a `max_clusters` of 0, and as [`KMeansParams::fit`].
    pub fn of<T: Scalar>(
        x: &ArrayRef2<T>,
        max_clusters: usize,
        params: &KMeansParams,
    ) -> Result<Self, Error> {
        if max_clusters == 0 {
            return Err(invalid("max_clusters", max_clusters, "at least 1"));
        }
        check_shape(x.dim(), max_clusters)?;
        let mut least = f64::INFINITY;
        let mut inertias = Array1::zeros(max_clusters);
        for (position, inertia) in inertias.iter_mut().enumerate() {
            least = params.clone().n_clusters(position + 1).fit(x)?.inertia().min(least);
            *inertia = least;
        }
        Ok(Self { inertias })
    }

    /// The inertia with 1, 2, ... clusters.
    pub fn inertias(&self) -> ArrayView1<'_, f64> {
        self.inertias.view()
    }

    /// The number of clusters at the bend of the curve, farthest below its chord
    /// ([`elbow`](fn@crate::decomposition::component_selection::elbow)); none where the curve does not bend.
    pub fn elbow(&self) -> Option<usize> {
        let before = elbow(&self.inertias).ok()?;
        (before < self.inertias.len()).then_some(before + 1)
    }
}

/// What data without clusters is drawn from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum GapReference {
    /// Uniformly from the smallest box along the features that holds the data.
    Features,
    /// Uniformly from the smallest box along the principal axes of the data, so that its shape counts too. The paper's
    /// choice (b).
    #[default]
    PrincipalAxes,
}

/// The choices of a gap statistic. Made by [`GapStatistic::params`].
#[derive(Clone, Debug)]
pub struct GapStatisticParams {
    max_clusters: usize,
    references: usize,
    reference: GapReference,
    k_means: KMeansParams,
    seed: u64,
}

impl GapStatisticParams {
    /// K, the most clusters to look at, at least 1. Default: 10.
    pub fn max_clusters(mut self, max_clusters: usize) -> Self {
        self.max_clusters = max_clusters;
        self
    }

    /// B, how many data sets without clusters are drawn, at least 2. Default: 20.
    pub fn references(mut self, references: usize) -> Self {
        self.references = references;
        self
    }

    /// What they are drawn from. Default: [`GapReference::PrincipalAxes`].
    pub fn reference(mut self, reference: GapReference) -> Self {
        self.reference = reference;
        self
    }

    /// How all of them are clustered. Default: that of [`KMeans::params`](super::KMeans::params).
    pub fn k_means(mut self, k_means: KMeansParams) -> Self {
        self.k_means = k_means;
        self
    }

    /// The seed of the draws. Default: 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Computes the statistic of `x` (n x p): B + 1 times K fits, and a copy of the data.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a K of 0, a B below 2, or as many clusters as there are distinct samples, whose
    /// inertia of zero has no logarithm; otherwise as [`KMeansParams::fit`] and
    /// [`PcaParams::fit`](crate::decomposition::PcaParams::fit).
    pub fn fit<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<GapStatistic, Error> {
        if self.references < 2 {
            return Err(invalid("references", self.references, "at least 2"));
        }
        let log_inertias = self.log_inertias(x)?;
        let mut random = Pcg64::seed_from_u64(self.seed);
        let wide = x.mapv(T::as_f64);
        let axes = match self.reference {
            GapReference::PrincipalAxes if x.nrows() > 1 => Some(Pca::params().fit_transform(&wide)?),
            _ => None,
        };
        let ranges = extents(axes.as_ref().map_or(&wide, |(_, scores)| scores));
        let mut draws: Array2<f64> = zeros(self.references, self.max_clusters)?;
        for mut draw in draws.outer_iter_mut() {
            let mut uniform: Array2<f64> = zeros(x.nrows(), ranges.len())?;
            for mut row in uniform.outer_iter_mut() {
                for (entry, (low, high)) in row.iter_mut().zip(&ranges) {
                    let share: f64 = random.random();
                    *entry = (1.0 - share) * low + share * high;
                }
            }
            let data = match &axes {
                Some((pca, _)) => pca.inverse_transform(&uniform)?,
                None => uniform,
            };
            draw.assign(&self.log_inertias(&data)?);
        }
        let count = self.references as f64;
        let expected = draws.sum_axis(Axis(0)) / count;
        let variances = (&draws - &expected).mapv(|d| d * d).sum_axis(Axis(0)) / count;
        Ok(GapStatistic {
            gaps: &expected - &log_inertias,
            standard_errors: variances.mapv(|variance| (variance * (1.0 + 1.0 / count)).sqrt()),
            log_inertias,
            expected_log_inertias: expected,
        })
    }

    fn log_inertias<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<Array1<f64>, Error> {
        let curve = InertiaCurve::of(x, self.max_clusters, &self.k_means)?;
        let inertias = curve.inertias();
        // Of distinct samples that are centres themselves, roundings are left.
        let zero = 1e-28 * inertias[0];
        match inertias.iter().position(|inertia| *inertia <= zero) {
            None => Ok(inertias.mapv(f64::ln)),
            Some(position) => {
                let requirement = format!("at most {position}: with more clusters no inertia is left");
                Err(invalid("max_clusters", self.max_clusters, &requirement))
            }
        }
    }
}

/// The gap statistic: by how much the logarithm of the inertia with k clusters lies below that of data without any.
///
/// R. Tibshirani, G. Walther and T. Hastie, "Estimating the number of clusters in a data set via the gap statistic", Journal of
/// the Royal Statistical Society B 63 (2001).
///
/// ```
/// use lapwing_ml::cluster::GapStatistic;
/// use lapwing_lapack::random::standard_normal;
/// let mut x = standard_normal(90, 2, 1);
/// for (i, mut row) in x.outer_iter_mut().enumerate() {
///     row[0] += 20.0 * (i % 2) as f64;
/// }
/// let gap = GapStatistic::params().max_clusters(5).fit(&x)?;
/// assert_eq!(gap.n_clusters(), Some(2));
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct GapStatistic {
    log_inertias: Array1<f64>,
    expected_log_inertias: Array1<f64>,
    gaps: Array1<f64>,
    standard_errors: Array1<f64>,
}

impl GapStatistic {
    /// The choices, to change before fitting.
    pub fn params() -> GapStatisticParams {
        GapStatisticParams {
            max_clusters: 10,
            references: 20,
            reference: GapReference::default(),
            k_means: KMeansParams::default(),
            seed: 0,
        }
    }

    /// The gap with 1, 2, ... clusters.
    pub fn gaps(&self) -> ArrayView1<'_, f64> {
        self.gaps.view()
    }

    /// The standard error of each gap by the draws: their deviation times √(1 + 1/B).
    pub fn standard_errors(&self) -> ArrayView1<'_, f64> {
        self.standard_errors.view()
    }

    /// The logarithm of the inertia of the data with 1, 2, ... clusters.
    pub fn log_inertias(&self) -> ArrayView1<'_, f64> {
        self.log_inertias.view()
    }

    /// The mean of the same over the draws.
    pub fn expected_log_inertias(&self) -> ArrayView1<'_, f64> {
        self.expected_log_inertias.view()
    }

    /// The fewest clusters whose gap is no less than that of one more, less its standard error; none when the gap still
    /// grows at the end, and more clusters should be looked at.
    ///
    /// The paper's rule: it stops at the first dip, which groups within groups have, and equal ones along a line; look at
    /// the [`gaps`](Self::gaps) beyond it.
    pub fn n_clusters(&self) -> Option<usize> {
        let next = self.gaps.iter().zip(&self.standard_errors).skip(1);
        let mut pairs = self.gaps.iter().zip(next);
        pairs.position(|(gap, (next, error))| *gap >= next - error).map(|position| position + 1)
    }
}

/// The least and the largest entry of each column.
fn extents(x: &Array2<f64>) -> Vec<(f64, f64)> {
    let of = |column: ArrayView1<f64>| {
        column.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(*x), high.max(*x)))
    };
    x.columns().into_iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use lapwing_lapack::random::standard_normal;
    use ndarray::array;

    use super::*;

    /// Samples of unit variance in `k` groups on a line, so far apart.
    fn groups_on_a_line(n: usize, k: usize, apart: f64) -> Array2<f64> {
        let mut x = standard_normal(n, 3, 5);
        for (i, mut row) in x.outer_iter_mut().enumerate() {
            row[0] += apart * (i % k) as f64;
        }
        x
    }

    #[test]
    fn the_gap_is_widest_at_the_number_of_groups() {
        for (reference, groups) in
            [(GapReference::Features, 2), (GapReference::PrincipalAxes, 2), (GapReference::PrincipalAxes, 4)]
        {
            let x = groups_on_a_line(120, groups, 15.0);
            let params = GapStatistic::params().max_clusters(6).references(8).reference(reference);
            let gap = params.fit(&x).unwrap();
            let widest = gap.gaps().iter().fold(f64::NEG_INFINITY, |widest, gap| widest.max(*gap));
            assert_eq!(gap.gaps().iter().position(|gap| *gap == widest), Some(groups - 1), "{gap:?}");
            if groups == 2 {
                assert_eq!(gap.n_clusters(), Some(2), "{gap:?}");
                assert_eq!(gap, params.fit(&x).unwrap());
            }
        }
    }

    /// Data without clusters is one: its gap does not grow by more than its error.
    #[test]
    fn uniform_data_has_one_cluster() {
        let x =
            Array2::from_shape_fn((150, 2), |(i, j)| if j == 0 { (i % 15) as f64 } else { (i / 15) as f64 });
        let gap = GapStatistic::params().max_clusters(4).references(10).fit(&x).unwrap();
        assert_eq!(gap.n_clusters(), Some(1), "{gap:?}");
    }

    #[test]
    fn the_curve_falls_and_bends_at_the_number_of_groups() {
        let curve = InertiaCurve::of(&groups_on_a_line(120, 3, 40.0), 8, &KMeansParams::default()).unwrap();
        assert_eq!(curve.elbow(), Some(3));
        assert!(curve.inertias().iter().zip(curve.inertias().iter().skip(1)).all(|(a, b)| a >= b));
        let constant = InertiaCurve::of(&Array2::<f64>::ones((5, 2)), 3, &KMeansParams::default()).unwrap();
        assert_eq!((constant.elbow(), constant.inertias()), (None, Array1::zeros(3).view()));
    }

    #[test]
    fn what_has_no_logarithm_is_refused() {
        let x = array![[1.0], [2.0], [1.0], [2.0]];
        let error = GapStatistic::params().max_clusters(2).fit(&x).unwrap_err().to_string();
        assert!(error.contains("max_clusters is 2, but must be at most 1"), "{error}");
        assert!(GapStatistic::params().references(1).fit(&x).is_err());
        assert!(GapStatistic::params().max_clusters(0).fit(&x).is_err());
        let error = GapStatistic::params().max_clusters(5).fit(&x).unwrap_err();
        assert!(matches!(error, Error::TooFewSamples { least: 5, .. }));
    }
}
