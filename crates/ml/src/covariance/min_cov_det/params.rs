//! What the caller of the minimum covariance determinant chooses, and the steps of a fit.

use lapwing_lapack::{Scalar, kernel, zeros};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, Axis, s};

use super::fast_mcd::fast_mcd;
use super::search::{medians, moments_where};
use super::univariate::shortest_half;
use super::{MinCovDet, SupportScatter};
use crate::covariance::FittedCovariance;
use crate::covariance::centring::{Centring, Sample, require_samples};
use crate::covariance::whitener::Whitener;
use crate::distributions::{chi_square_quantile, chi_square_survival};
use crate::error::Error;
use crate::moments::Moments;
use crate::row_blocks::map_centred;

/// The share of normal samples that the final estimates are made from.
const REWEIGHTED_SHARE: f64 = 0.975;

/// The choices of a minimum covariance determinant. Made by [`MinCovDet::params`].
#[derive(Clone, Copy, Debug, Default)]
pub struct MinCovDetParams {
    centring: Centring,
    support_fraction: Option<f64>,
    seed: u64,
}

impl MinCovDetParams {
    /// What deviations are counted from. With [`Centring::AssumeCentred`] the support is sought as ever, and the estimates
    /// are then made about zero. Default: [`Centring::Mean`].
    pub fn centring(mut self, centring: Centring) -> Self {
        self.centring = centring;
        self
    }

    /// The share of the samples in the raw support, in (0, 1]: the smaller it is, down to a half, the more outliers are
    /// withstood. Default: (n_samples + n_features + 1) / 2 samples, which withstands the most.
    pub fn support_fraction(mut self, fraction: f64) -> Self {
        self.support_fraction = Some(fraction);
        self
    }

    /// The seed of the random subsets. Default: 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Fits the rows of `x` (n_samples x n_features).
    ///
    /// The random part costs the same for any n above 1500; the steps on all samples, some hundred at most, np² each. They
    /// run in parallel over the candidates.
    ///
    /// # Errors
    /// [`Error::NoFeatures`]; [`Error::TooFewSamples`] for fewer than 2; [`Error::InvalidParameter`] for a support fraction
    /// outside of (0, 1], that leaves no sample, or whose samples are all equal; [`Error::Lapack`] with `NonFinite` (names the
    /// first bad entry), `Overflow`, `OutOfMemory`, `TooLarge` or `NoConvergence`.
    pub fn fit<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<MinCovDet<T>, Error> {
        require_samples(x, "a minimum covariance determinant", 2)?;
        let size = self.support_size(x.dim())?;
        // All samples, whose moments also tell whether every entry is finite, and in what units the features are.
        let whole = Moments::of_rows("x", x)?;
        let all = Sample::from_moments(whole, Centring::Mean)?;
        let units = all.covariance.diag().mapv(f64::sqrt);
        let support =
            if size == x.nrows() { vec![true; size] } else { self.raw_support(x, size, &all, &units)? };
        self.estimates(x, support, &units)
    }

    /// How many samples the raw support has.
    fn support_size(&self, (samples, features): (usize, usize)) -> Result<usize, Error> {
        let Some(fraction) = self.support_fraction else {
            return Ok((samples + features + 1).div_ceil(2).min(samples));
        };
        let invalid = |requirement: &str| Error::InvalidParameter {
            parameter: "support_fraction",
            value: fraction.to_string(),
            requirement: requirement.to_owned(),
        };
        if !(fraction > 0.0 && fraction <= 1.0) {
            return Err(invalid("above 0, and at most 1"));
        }
        match (fraction * samples as f64) as usize {
            0 => Err(invalid("large enough to hold a sample")),
            size => Ok(size),
        }
    }

    /// The samples with the least determinant, `size` of them.
    fn raw_support<T: Scalar>(
        &self,
        x: &ArrayRef2<T>,
        size: usize,
        all: &Sample,
        units: &Array1<f64>,
    ) -> Result<Vec<bool>, Error> {
        if x.ncols() == 1 {
            return Ok(shortest_half(&x.column(0), size).1);
        }
        let whitener = Whitener::new(&all.covariance, units)?;
        if !whitener.is_singular() {
            return fast_mcd(x.view(), units, size, self.seed);
        }
        // The coordinates within the hyperplane that holds all samples: the directions with variance come last.
        let axes = whitener.matrix.slice(s![whitener.matrix.nrows() - whitener.rank.., ..]);
        let mut coordinates: Array2<f64> = zeros(x.nrows(), whitener.rank.max(1))?;
        if whitener.rank > 0 {
            map_centred(x, &all.location, &mut coordinates, |block, mut coordinates| {
                Ok(kernel::gemm(1.0, block, &axes.t(), 0.0, &mut coordinates)?)
            })?;
        }
        // Each of them has variance 1.
        fast_mcd(coordinates.view(), &Array1::ones(coordinates.ncols()), size, self.seed)
    }

    /// The raw and the final estimates that belong to a raw support. `units` are the deviations of the features.
    fn estimates<T: Scalar>(
        &self,
        x: &ArrayRef2<T>,
        raw_support: Vec<bool>,
        units: &ArrayRef1<f64>,
    ) -> Result<MinCovDet<T>, Error> {
        let (samples, features) = x.dim();
        let reference = medians(x.view());
        let size = raw_support.iter().filter(|&&inside| inside).count();
        let mut raw =
            Sample::from_moments(moments_where(x.view(), &reference, &raw_support)?, self.centring)?;
        if features == 1 && size < samples && self.centring == Centring::Mean {
            raw.location = Array1::from_elem(1, shortest_half(&x.column(0), size).0);
        }
        let whitener = Whitener::new(&raw.covariance, units)?;
        if whitener.rank == 0 && size < samples {
            return Err(all_equal(size, samples));
        }
        let scale = consistency_factor(features, size as f64 / samples as f64);
        let distances = distances(x, &raw.location, &whitener)?;
        let threshold = scale * chi_square_quantile(REWEIGHTED_SHARE, features as f64);
        let support: Vec<bool> = distances.iter().map(|&distance| distance < threshold).collect();

        let moments = moments_where(x.view(), &reference, &support)?;
        let mut sample = Sample::from_moments(moments, self.centring)?;
        sample.covariance *= consistency_factor(features, REWEIGHTED_SHARE);
        let final_whitener = Whitener::new(&sample.covariance, units)?;
        let distances = self::distances(x, &sample.location, &final_whitener)?.mapv(T::from_f64);
        if !distances.iter().all(|distance| distance.is_finite()) {
            return Err(overflow::<T>());
        }
        Ok(MinCovDet {
            fitted: FittedCovariance::new(sample)?,
            raw: FittedCovariance::new(raw)?,
            raw_support: raw_support.into(),
            support: support.into(),
            distances,
            support_scatter: match whitener.is_singular() {
                false => SupportScatter::Regular,
                true => SupportScatter::OnHyperplane { dimension: whitener.rank },
            },
        })
    }
}

/// By what the covariance of the share α of normal samples nearest to the centre falls short: α / P(χ² with p + 2 ≤ q),
/// where q is the α quantile of χ² with p degrees of freedom (Croux and Haesbroeck 1999, equation 4.2).
fn consistency_factor(features: usize, share: f64) -> f64 {
    if share >= 1.0 {
        return 1.0;
    }
    let quantile = chi_square_quantile(share, features as f64);
    share / (1.0 - chi_square_survival(quantile, features as f64 + 2.0))
}

/// The squared distance of each row of `x` from `location`.
fn distances<T: Scalar>(
    x: &ArrayRef2<T>,
    location: &ArrayRef1<f64>,
    whitener: &Whitener,
) -> Result<Array1<f64>, Error> {
    let mut distances = zeros(x.nrows(), 1)?;
    map_centred(x, location, &mut distances, |block, mut distances| {
        let mut scores = zeros(block.nrows(), block.ncols())?;
        kernel::gemm(1.0, block, &whitener.matrix.t(), 0.0, &mut scores)?;
        for (row, distance) in scores.outer_iter().zip(distances.iter_mut()) {
            *distance = row.iter().map(|z| z * z).sum();
        }
        Ok(())
    })?;
    Ok(distances.index_axis_move(Axis(1), 0))
}

/// A support without any variance: every sample with another value would be infinitely far from it.
pub(super) fn all_equal(size: usize, samples: usize) -> Error {
    Error::InvalidParameter {
        parameter: "support_fraction",
        value: format!("{} ({size} of {samples} samples)", size as f64 / samples as f64),
        requirement: "larger for this data: so many samples are all equal, and their covariance is zero"
            .to_owned(),
    }
}

/// A distance beyond the scalar's range.
fn overflow<T: Scalar>() -> Error {
    lapwing_lapack::Error::Overflow { routine: "a Mahalanobis distance", scalar: T::NAME }.into()
}
