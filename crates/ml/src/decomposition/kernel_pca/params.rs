//! What the caller of kernel PCA chooses, and the fit.

use lapwing_lapack::{Cholesky, Scalar, Spectrum, SymmetricEigen, require_finite, zeros};
use ndarray::{Array1, Array2, ArrayRef2, ArrayView2, Axis, s};

use super::super::signs::largest_entries_positive;
use super::{Inverse, KernelPca};
use crate::error::Error;
use crate::kernels::{Kernel, KernelRows};

/// Whether components without variance are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ZeroEigenvalues {
    /// As many components as were asked for, with zeros for scores where there is no variance left.
    #[default]
    Keep,
    /// Only those with variance. Always so when no number of components was given.
    Remove,
}

/// The choices of a kernel principal component analysis. Made by [`KernelPca::params`].
#[derive(Clone, Copy, Debug)]
pub struct KernelPcaParams {
    n_components: Option<usize>,
    kernel: Kernel,
    zero_eigenvalues: ZeroEigenvalues,
    inverse: bool,
    alpha: f64,
}

impl Default for KernelPcaParams {
    fn default() -> Self {
        Self {
            n_components: None,
            kernel: Kernel::Linear,
            zero_eigenvalues: ZeroEigenvalues::Keep,
            inverse: false,
            alpha: 1.0,
        }
    }
}

impl KernelPcaParams {
    /// How many components to keep, at most as many as there are samples. Default: all with variance.
    pub fn n_components(mut self, count: usize) -> Self {
        self.n_components = Some(count);
        self
    }

    /// The kernel. Default: [`Kernel::Linear`].
    pub fn kernel(mut self, kernel: Kernel) -> Self {
        self.kernel = kernel;
        self
    }

    /// Whether components without variance are kept, when a number of components is given. Default:
    /// [`ZeroEigenvalues::Keep`].
    pub fn zero_eigenvalues(mut self, zero_eigenvalues: ZeroEigenvalues) -> Self {
        self.zero_eigenvalues = zero_eigenvalues;
        self
    }

    /// Has [`KernelPca::inverse_transform`] learned as well, by a kernel ridge regression of the data on their scores.
    pub fn fit_inverse_transform(mut self) -> Self {
        self.inverse = true;
        self
    }

    /// The ridge of that regression. Default: 1.
    pub fn alpha(mut self, alpha: f64) -> Self {
        self.alpha = alpha;
        self
    }

    /// Fits the kernel principal components of `x` (n_samples x n_features), or of a kernel matrix (n x n) when the
    /// kernel is [`Kernel::Precomputed`].
    ///
    /// Cost for n samples: a kernel matrix of n² numbers, and an eigenproblem of order n.
    ///
    /// # Errors
    /// [`Error::TooFewSamples`]; [`Error::NoFeatures`]; [`Error::InvalidParameter`]; [`Error::IndefiniteKernel`];
    /// [`Error::Lapack`] with `NotSquare` or `NotSymmetric` for a kernel matrix that is not,
    /// `NonFinite`, `Overflow`, `OutOfMemory`, `TooLarge`, `NoConvergence`, or `NotPositiveDefinite` when the regression of
    /// the inverse is singular, which a larger `alpha` prevents.
    pub fn fit<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<KernelPca<T>, Error> {
        let n = x.nrows();
        if n == 0 {
            return Err(Error::TooFewSamples { argument: "x", method: "kernel PCA", found: 0, least: 1 });
        }
        let gamma = self.kernel.gamma(x.ncols())?;
        self.check()?;
        let (mut values, x_fit) = if self.kernel == Kernel::Precomputed {
            require_finite("x", x)?;
            require_symmetric(x)?;
            (x.to_owned(), Array2::zeros((0, n)))
        } else {
            (KernelRows::new("x", self.kernel, gamma, x)?.matrix()?, x.to_owned())
        };
        let row_means = centre(&mut values);
        // What rounding of the values leaves of an eigenvalue that is zero.
        let size = row_means.largest * n as f64 * T::epsilon().as_f64();
        let (eigenvalues, eigenvectors) = self.eigenpairs(&values, size)?;
        drop(values);
        let mut model = KernelPca {
            kernel: self.kernel,
            gamma,
            x_fit,
            eigenvalues,
            eigenvectors,
            row_means: row_means.means,
            inverse: None,
        };
        if self.inverse {
            model.inverse = Some(self.fit_inverse(&model)?);
        }
        Ok(model)
    }

    /// Fits `x` and returns the scores (n_samples x n_components) of its rows too, which costs nothing more.
    ///
    /// # Errors
    /// As [`fit`](Self::fit).
    pub fn fit_transform<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<(KernelPca<T>, Array2<T>), Error> {
        let model = self.fit(x)?;
        let scores = model.fitted_scores();
        Ok((model, scores))
    }

    fn check(&self) -> Result<(), Error> {
        let invalid = |parameter, value: String, requirement: &str| {
            Err(Error::InvalidParameter { parameter, value, requirement: requirement.to_owned() })
        };
        if self.inverse && self.kernel == Kernel::Precomputed {
            return invalid("kernel", self.kernel.to_string(), "computed from rows for an inverse transform");
        }
        if !(self.alpha.is_finite() && self.alpha >= 0.0) {
            return invalid("alpha", self.alpha.to_string(), "finite and not negative");
        }
        match self.n_components {
            Some(0) => invalid("n_components", "0".to_owned(), "at least 1"),
            _ => Ok(()),
        }
    }

    /// The largest eigenvalues, in descending order, and their eigenvectors; what is not above `size` or scikit-learn's
    /// threshold counts as zero.
    fn eigenpairs<T: Scalar>(
        &self,
        centred: &ArrayRef2<T>,
        size: f64,
    ) -> Result<(Array1<T>, Array2<T>), Error> {
        let n = centred.nrows();
        let count = self.n_components.unwrap_or(n).min(n);
        let eigen = SymmetricEigen::params().spectrum(Spectrum::Index(n - count..n)).compute(centred)?;
        let mut eigenvalues = eigen.values().slice(s![..;-1]).to_owned();
        let (_, mut eigenvectors) = eigen.into_factors();
        eigenvectors.invert_axis(Axis(1));

        let double = T::UNIT_ROUNDOFF.as_f64() < 1e-10;
        let (negligible, significant) = if double { (1e-12, 1e-5) } else { (2e-7, 5e-3) };
        let largest = eigenvalues.first().map_or(0.0, |value| value.as_f64());
        let smallest = eigenvalues.last().map_or(0.0, |value| value.as_f64());
        if smallest < -significant * largest && smallest < -10.0 * size {
            return Err(Error::IndefiniteKernel { eigenvalue: smallest, largest });
        }
        let least = size.max(negligible * largest);
        eigenvalues.mapv_inplace(|value| if value.as_f64() > least { value } else { T::zero() });
        largest_entries_positive(&mut eigenvectors.view_mut().reversed_axes());
        let mut kept = count;
        if self.n_components.is_none() || self.zero_eigenvalues == ZeroEigenvalues::Remove {
            kept = eigenvalues.iter().take_while(|&&value| value > T::zero()).count();
        }
        // In one memory order, so that a model computes the same bits when it has been stored and read.
        let mut kept_vectors = zeros(n, kept)?;
        kept_vectors.assign(&eigenvectors.slice(s![.., ..kept]));
        Ok((eigenvalues.slice_move(s![..kept]), kept_vectors))
    }

    fn fit_inverse<T: Scalar>(&self, model: &KernelPca<T>) -> Result<Inverse<T>, Error> {
        let scores = model.fitted_scores();
        if scores.ncols() == 0 {
            return Ok(Inverse { dual_coef: Array2::zeros(model.x_fit.dim()) });
        }
        let mut ridge = KernelRows::new("scores", self.kernel, model.gamma, &scores)?.matrix::<T>()?;
        let alpha = T::from_f64(self.alpha);
        ridge.diag_mut().mapv_inplace(|value| value + alpha);
        Ok(Inverse { dual_coef: Cholesky::new(&ridge)?.solve(&model.x_fit)? })
    }
}

/// What centring has seen.
struct Centring {
    /// The mean of each row, which is that of the column.
    means: Array1<f64>,
    /// The largest value in magnitude.
    largest: f64,
}

/// Subtracts from a symmetric matrix the means of its rows and of its columns, and adds the mean of all.
fn centre<T: Scalar>(values: &mut Array2<T>) -> Centring {
    let n = values.nrows() as f64;
    let mut largest = 0.0f64;
    let means: Array1<f64> = values
        .outer_iter()
        .map(|row| {
            let sum: f64 = row
                .iter()
                .map(|value| {
                    largest = largest.max(value.abs().as_f64());
                    value.as_f64()
                })
                .sum();
            sum / n
        })
        .collect();
    let all = means.sum() / n;
    for (mut row, mean) in values.outer_iter_mut().zip(&means) {
        row.zip_mut_with(&means, |value, other| {
            // In this order, the value at (i, j) is that at (j, i), bit for bit.
            *value = T::from_f64(value.as_f64() - (mean + other) + all);
        });
    }
    Centring { means, largest }
}

/// That a kernel matrix is symmetric up to the rounding of a product of its order.
fn require_symmetric<T: Scalar>(x: &ArrayRef2<T>) -> Result<(), Error> {
    let (rows, cols) = x.dim();
    if rows != cols {
        return Err(lapwing_lapack::Error::NotSquare { argument: "x", rows, cols }.into());
    }
    let largest = x.iter().fold(0.0f64, |largest, value| largest.max(value.abs().as_f64()));
    let allowed = 4.0 * rows as f64 * T::UNIT_ROUNDOFF.as_f64() * largest;
    let (lower, upper): (ArrayView2<T>, ArrayView2<T>) = (x.view(), x.t());
    for (row, (below, above)) in lower.axis_iter(Axis(0)).zip(upper.axis_iter(Axis(0))).enumerate() {
        for (col, (a, b)) in below.iter().zip(&above).take(row).enumerate() {
            let difference = (a.as_f64() - b.as_f64()).abs();
            if difference > allowed {
                let argument = "x";
                return Err(lapwing_lapack::Error::NotSymmetric { argument, row, col, difference }.into());
            }
        }
    }
    Ok(())
}
