//! Kernel functions, and the matrices of their values between all pairs of rows.
//!
//! | [`Kernel`]    | value at x, y                | parameters, and what they are by default   |
//! |---------------|------------------------------|--------------------------------------------|
//! | `Linear`      | xᵀy                          |                                            |
//! | `Rbf`         | exp(−γ ‖x − y‖²)             | γ = 1/p for p features                     |
//! | `Polynomial`  | (γ xᵀy + c)ᵈ                 | d = 3, γ = 1/p, c = 1                      |
//! | `Sigmoid`     | tanh(γ xᵀy + c)              | γ = 1/p, c = 1                             |
//! | `Cosine`      | xᵀy / (‖x‖ ‖y‖)              | 0 where a row is zero                      |
//! | `Precomputed` | the data are the values      |                                            |
//!
//! Each is a product of blocks of rows and a function of its entries, which is applied while the block is in the cache;
//! the cores share the blocks. Everything is computed in double precision. For distances, rows are counted from a mean, so
//! that data far from the origin loses no digits.

use std::fmt;
use std::ops::Range;

use lapwing_lapack::{Scalar, kernel, require_finite, threads, zeros};
use ndarray::{Array1, Array2, ArrayRef2, ArrayViewMut1, ArrayViewMut2, Axis, s};

use crate::error::Error;
use crate::moments::{Diagonal, Moments};

/// A kernel function.
///
/// ```
/// use lapwing_ml::Kernel;
/// use ndarray::array;
/// let x = array![[0.0, 0.0], [1.0, 2.0]];
/// let values = Kernel::Rbf { gamma: Some(0.1) }.matrix(&x)?;
/// assert_eq!(values[[0, 0]], 1.0);
/// assert!((values[[0, 1]] - (-0.5f64).exp()).abs() < 1e-15);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kernel {
    /// The inner product.
    #[default]
    Linear,
    /// The Gaussian of the distance.
    Rbf {
        /// 1/p when not given.
        gamma: Option<f64>,
    },
    /// A power of the inner product.
    Polynomial {
        /// The exponent.
        degree: u32,
        /// 1/p when not given.
        gamma: Option<f64>,
        /// What is added to the scaled inner product.
        coef0: f64,
    },
    /// The hyperbolic tangent of the inner product. Not positive semidefinite in general.
    Sigmoid {
        /// 1/p when not given.
        gamma: Option<f64>,
        /// What is added to the scaled inner product.
        coef0: f64,
    },
    /// The cosine of the angle.
    Cosine,
    /// The data given are the values of a kernel themselves.
    Precomputed,
}

impl fmt::Display for Kernel {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(match self {
            Kernel::Linear => "linear",
            Kernel::Rbf { .. } => "rbf",
            Kernel::Polynomial { .. } => "polynomial",
            Kernel::Sigmoid { .. } => "sigmoid",
            Kernel::Cosine => "cosine",
            Kernel::Precomputed => "precomputed",
        })
    }
}

impl Kernel {
    /// [`Kernel::Rbf`] with γ = 1/p.
    pub fn rbf() -> Self {
        Kernel::Rbf { gamma: None }
    }

    /// [`Kernel::Polynomial`] of this degree with γ = 1/p and c = 1.
    pub fn polynomial(degree: u32) -> Self {
        Kernel::Polynomial { degree, gamma: None, coef0: 1.0 }
    }

    /// [`Kernel::Sigmoid`] with γ = 1/p and c = 1.
    pub fn sigmoid() -> Self {
        Kernel::Sigmoid { gamma: None, coef0: 1.0 }
    }

    /// The values (n x n) between all pairs of rows of `x` (n x p): exactly symmetric, and exactly 1 on the diagonal for
    /// `Rbf`, and for `Cosine` where a row is not zero.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a γ that is not positive, a c that is not finite, and for `Precomputed`;
    /// [`Error::NoFeatures`]; [`Error::Lapack`] with `NonFinite`, `Overflow` or `OutOfMemory`.
    pub fn matrix<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        KernelRows::new("x", *self, self.gamma(x.ncols())?, x)?.matrix()
    }

    /// The values (m x n) between the rows of `x` (m x p) and those of `y` (n x p).
    ///
    /// # Errors
    /// As [`matrix`](Self::matrix), and [`Error::FeatureMismatch`].
    pub fn between<T: Scalar>(&self, x: &ArrayRef2<T>, y: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        let rows = KernelRows::new("y", *self, self.gamma(y.ncols())?, y)?;
        if x.ncols() != y.ncols() {
            return Err(Error::FeatureMismatch { argument: "x", found: x.ncols(), expected: y.ncols() });
        }
        require_finite("x", x)?;
        let mut values = zeros(x.nrows(), y.nrows())?;
        rows.map_blocks(x, &mut values, |block, mut values| {
            values.zip_mut_with(block, |value, x| *value = T::from_f64(*x));
            Ok(())
        })?;
        require_finite_values(&values)?;
        Ok(values)
    }

    /// γ for `p` features, and the check of the parameters. Kernels without a γ have 1/p, as in scikit-learn.
    pub(crate) fn gamma(&self, p: usize) -> Result<f64, Error> {
        if p == 0 {
            return Err(Error::NoFeatures { argument: "x" });
        }
        let (gamma, coef0) = match *self {
            Kernel::Rbf { gamma } => (gamma, 0.0),
            Kernel::Polynomial { gamma, coef0, .. } | Kernel::Sigmoid { gamma, coef0 } => (gamma, coef0),
            _ => (None, 0.0),
        };
        let invalid = |parameter, value: f64, requirement: &str| Error::InvalidParameter {
            parameter,
            value: value.to_string(),
            requirement: requirement.to_owned(),
        };
        if !coef0.is_finite() {
            return Err(invalid("coef0", coef0, "finite"));
        }
        let gamma = gamma.unwrap_or(1.0 / p as f64);
        if gamma.is_finite() && gamma > 0.0 {
            Ok(gamma)
        } else {
            Err(invalid("gamma", gamma, "positive and finite"))
        }
    }
}

/// Rows whose kernel values with other rows are wanted.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct KernelRows {
    kernel: Kernel,
    gamma: f64,
    /// Less `shift` for `Rbf`, of length 1 for `Cosine`.
    rows: Array2<f64>,
    shift: Array1<f64>,
    /// Squared lengths, for `Rbf`.
    squares: Array1<f64>,
}

impl KernelRows {
    /// `argument` is the name of `y` in an error.
    pub(crate) fn new<T: Scalar>(
        argument: &'static str,
        kernel: Kernel,
        gamma: f64,
        y: &ArrayRef2<T>,
    ) -> Result<Self, Error> {
        if kernel == Kernel::Precomputed {
            let requirement = "a kernel that can be computed from rows".to_owned();
            let value = kernel.to_string();
            return Err(Error::InvalidParameter { parameter: "kernel", value, requirement });
        }
        require_finite(argument, y)?;
        let mut shift = Array1::zeros(y.ncols());
        if matches!(kernel, Kernel::Rbf { .. }) && y.nrows() > 0 {
            shift = Moments::<Diagonal>::of_rows(argument, y)?.mean;
        }
        let mut rows = zeros(y.nrows(), y.ncols())?;
        let mut prepared = Self { kernel, gamma, rows: zeros(0, 0)?, shift, squares: Array1::zeros(0) };
        prepared.prepare(y, &mut rows.view_mut());
        if matches!(kernel, Kernel::Rbf { .. }) {
            prepared.squares = rows.outer_iter().map(|row| row.dot(&row)).collect();
        }
        prepared.rows = rows;
        Ok(prepared)
    }

    /// How many rows there are.
    pub(crate) fn count(&self) -> usize {
        self.rows.nrows()
    }

    /// The values between all pairs of the rows.
    pub(crate) fn matrix<T: Scalar>(&self) -> Result<Array2<T>, Error> {
        let n = self.rows.nrows();
        let height = self.height();
        let mut values: Array2<T> = zeros(n, n)?;
        // Each block ends at the diagonal, and the blocks are dealt out in turn, so that every thread has as much to do.
        let threads = threads::partition(n, height).len();
        let mut hands: Vec<Vec<(Range<usize>, ArrayViewMut2<T>)>> =
            (0..threads).map(|_| Vec::new()).collect();
        for (i, band) in values.axis_chunks_iter_mut(Axis(0), height).enumerate() {
            hands[i % threads].push((i * height..i * height + band.nrows(), band));
        }
        let results = threads::map(hands, |hand| {
            let mut buffer = zeros(height.min(n), n)?;
            for (range, mut band) in hand {
                let mut block = buffer.slice_mut(s![..range.len(), ..range.end]);
                let rows = self.rows.slice(s![range.clone(), ..]);
                kernel::gemm(1.0, &rows, &self.rows.slice(s![..range.end, ..]).t(), 0.0, &mut block)?;
                for (i, mut row) in range.clone().zip(block.outer_iter_mut()) {
                    self.apply(&mut row, self.squares.get(i).copied().unwrap_or(0.0));
                    match self.kernel {
                        Kernel::Rbf { .. } => row[i] = 1.0,
                        // A row of length 1, to rounding, or a row of zeros.
                        Kernel::Cosine => row[i] = row[i].round(),
                        _ => {}
                    }
                }
                let mut band = band.slice_mut(s![.., ..range.end]);
                band.zip_mut_with(&block, |value, x| *value = T::from_f64(*x));
            }
            Ok::<(), Error>(())
        });
        results.into_iter().collect::<Result<(), Error>>()?;
        mirror_lower_triangle(&mut values);
        require_finite_values(&values)?;
        Ok(values)
    }

    /// Calls `work` with the values between each block of rows of `x` and these rows (n columns), and with the rows of
    /// `out` (as many as `x` has) that belong to the block.
    pub(crate) fn map_blocks<T: Scalar, U: Scalar>(
        &self,
        x: &ArrayRef2<T>,
        out: &mut ArrayRef2<U>,
        work: impl Fn(&mut ArrayViewMut2<f64>, ArrayViewMut2<U>) -> Result<(), Error> + Sync,
    ) -> Result<(), Error> {
        let height = self.height();
        let mut parts = Vec::new();
        let mut rest = out.view_mut();
        for range in threads::partition(x.nrows(), height) {
            let (part, after) = rest.split_at(Axis(0), range.len());
            parts.push((range, part));
            rest = after;
        }
        let results = threads::map(parts, |(range, mut out)| {
            let height = height.min(range.len().max(1));
            let mut rows = zeros(height, x.ncols())?;
            let mut values = zeros(height, self.rows.nrows())?;
            let bands = x.slice(s![range, ..]);
            for (band, out) in
                bands.axis_chunks_iter(Axis(0), height).zip(out.axis_chunks_iter_mut(Axis(0), height))
            {
                let mut values = values.slice_mut(s![..band.nrows(), ..]);
                self.fill(&band, &mut rows, &mut values)?;
                work(&mut values, out)?;
            }
            Ok(())
        });
        results.into_iter().collect()
    }

    /// Writes the values between the rows of `x` (b x p) and these rows (n) into `values` (b x n), on the calling thread alone.
    /// `rows` is room for x, at least b x p.
    pub(crate) fn fill<T: Scalar>(
        &self,
        x: &ArrayRef2<T>,
        rows: &mut ArrayRef2<f64>,
        values: &mut ArrayRef2<f64>,
    ) -> Result<(), Error> {
        let mut rows = rows.slice_mut(s![..x.nrows(), ..]);
        self.prepare(x, &mut rows);
        kernel::gemm(1.0, &rows, &self.rows.t(), 0.0, values)?;
        for (row, mut values) in rows.outer_iter().zip(values.outer_iter_mut()) {
            self.apply(&mut values, row.dot(&row));
        }
        Ok(())
    }

    /// Rows per block: the values stay in a core's cache, and the product has enough rows to run at full speed.
    fn height(&self) -> usize {
        ((1 << 17) / self.rows.nrows().max(self.rows.ncols()).max(1)).clamp(64, 512)
    }

    /// Writes the rows of `x` into `rows` as the product needs them.
    fn prepare<T: Scalar>(&self, x: &ArrayRef2<T>, rows: &mut ArrayViewMut2<f64>) {
        for (x, mut row) in x.outer_iter().zip(rows.outer_iter_mut()) {
            for ((entry, x), shift) in row.iter_mut().zip(&x).zip(&self.shift) {
                *entry = x.as_f64() - shift;
            }
            if self.kernel == Kernel::Cosine {
                // In units of the largest entry, no square leaves the range.
                let largest = row.iter().fold(0.0f64, |largest, x| largest.max(x.abs()));
                if largest > 0.0 {
                    row /= largest;
                    let length = row.dot(&row).sqrt();
                    row /= length;
                }
            }
        }
    }

    /// Turns a row of inner products into one of kernel values; `square` is the squared length of the row.
    fn apply(&self, values: &mut ArrayViewMut1<f64>, square: f64) {
        let gamma = self.gamma;
        match self.kernel {
            Kernel::Rbf { .. } => {
                let others = self.squares.slice(s![..values.len()]);
                values.zip_mut_with(&others, |value, other| {
                    let distance = square + other - 2.0 * *value;
                    // Beyond the range of squares the difference may be one of infinities; and nothing is near.
                    *value = if distance.is_nan() { 0.0 } else { (-gamma * distance.max(0.0)).exp() };
                });
            }
            Kernel::Polynomial { degree, coef0, .. } => {
                let degree = i32::try_from(degree).unwrap_or(i32::MAX);
                values.mapv_inplace(|value| (gamma * value + coef0).powi(degree));
            }
            Kernel::Sigmoid { coef0, .. } => values.mapv_inplace(|value| (gamma * value + coef0).tanh()),
            Kernel::Linear | Kernel::Cosine | Kernel::Precomputed => {}
        }
    }
}

/// Copies what lies below the diagonal to above it, by tiles, because one of the two is walked against its order.
pub(crate) fn mirror_lower_triangle<T: Scalar>(a: &mut Array2<T>) {
    const TILE: usize = 32;
    let n = a.nrows();
    for (first_row, first_col) in
        (0..n).step_by(TILE).flat_map(|i| (0..=i).step_by(TILE).map(move |j| (i, j)))
    {
        for i in first_row..n.min(first_row + TILE) {
            for j in first_col..i.min(first_col + TILE) {
                a[[j, i]] = a[[i, j]];
            }
        }
    }
}

/// The data was found to be finite: what is not has overflowed.
pub(crate) fn require_finite_values<T: Scalar>(values: &ArrayRef2<T>) -> Result<(), Error> {
    require_finite("the kernel", values)
        .map_err(|_| lapwing_lapack::Error::Overflow { routine: "the kernel", scalar: T::NAME }.into())
}

#[cfg(test)]
mod tests {
    use lapwing_lapack::random::standard_normal;
    use ndarray::array;

    use super::*;

    const KERNELS: [Kernel; 6] = [
        Kernel::Linear,
        Kernel::Rbf { gamma: Some(0.3) },
        Kernel::Rbf { gamma: None },
        Kernel::Polynomial { degree: 3, gamma: None, coef0: 1.0 },
        Kernel::Sigmoid { gamma: Some(0.1), coef0: -0.5 },
        Kernel::Cosine,
    ];

    fn by_definition(kernel: Kernel, x: &[f64], y: &[f64]) -> f64 {
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let default = 1.0 / x.len() as f64;
        match kernel {
            Kernel::Rbf { gamma } => {
                let difference: Vec<f64> = x.iter().zip(y).map(|(x, y)| x - y).collect();
                (-gamma.unwrap_or(default) * dot(&difference, &difference)).exp()
            }
            Kernel::Polynomial { degree, gamma, coef0 } => {
                (gamma.unwrap_or(default) * dot(x, y) + coef0).powi(degree as i32)
            }
            Kernel::Sigmoid { gamma, coef0 } => (gamma.unwrap_or(default) * dot(x, y) + coef0).tanh(),
            Kernel::Cosine => dot(x, y) / (dot(x, x) * dot(y, y)).sqrt(),
            _ => dot(x, y),
        }
    }

    /// Sums of 5 products of numbers below 5, and powers of them: a few dozen roundings of values below 1000.
    #[test]
    fn values_are_those_of_the_definition() {
        // The last is large enough for several blocks and threads.
        for n in [1, 2, 17, 700] {
            let (x, y) = (standard_normal(n, 5, 1), standard_normal(40, 5, 2));
            for kernel in KERNELS {
                let (square, between) = (kernel.matrix(&x).unwrap(), kernel.between(&x, &y).unwrap());
                assert_eq!(square, square.t());
                for ((i, j), &value) in square.indexed_iter() {
                    let exact = by_definition(kernel, &x.row(i).to_vec(), &x.row(j).to_vec());
                    assert!(
                        (value - exact).abs() <= 1e-13 * exact.abs().max(1.0),
                        "{kernel} {value} {exact}"
                    );
                }
                for ((i, j), &value) in between.indexed_iter() {
                    let exact = by_definition(kernel, &x.row(i).to_vec(), &y.row(j).to_vec());
                    assert!(
                        (value - exact).abs() <= 1e-13 * exact.abs().max(1.0),
                        "{kernel} {value} {exact}"
                    );
                }
            }
        }
    }

    /// A million standard deviations from the origin, the textbook formula has four digits left.
    #[test]
    fn distances_do_not_cancel() {
        let near = standard_normal(30, 3, 1);
        // Multiples of 2^-20 stay exact when they are moved.
        let near = near.mapv(|x| (x * 1048576.0).round() / 1048576.0);
        let far = &near + 1048576.0;
        let (a, b) = (Kernel::rbf().matrix(&near).unwrap(), Kernel::rbf().matrix(&far).unwrap());
        assert!((&a - &b).iter().all(|difference| difference.abs() < 1e-13));
        assert!(b.diag().iter().all(|&x| x == 1.0));
    }

    #[test]
    fn edges_are_answered() {
        let zero = array![[0.0, 0.0], [3e200, 4e200]];
        assert_eq!(Kernel::Cosine.matrix(&zero).unwrap(), array![[0.0, 0.0], [0.0, 1.0]]);
        assert_eq!(Kernel::Linear.matrix(&Array2::<f32>::zeros((0, 2))).unwrap().dim(), (0, 0));
        assert!(matches!(
            Kernel::polynomial(9).matrix(&zero),
            Err(Error::Lapack(lapwing_lapack::Error::Overflow { .. }))
        ));
        for (kernel, parameter) in [
            (Kernel::Rbf { gamma: Some(0.0) }, "gamma"),
            (Kernel::Rbf { gamma: Some(f64::NAN) }, "gamma"),
            (Kernel::Sigmoid { gamma: None, coef0: f64::INFINITY }, "coef0"),
            (Kernel::Precomputed, "kernel"),
        ] {
            let error = kernel.matrix(&zero).unwrap_err();
            assert!(
                matches!(error, Error::InvalidParameter { parameter: p, .. } if p == parameter),
                "{error}"
            );
        }
        assert_eq!(
            Kernel::Linear.matrix(&Array2::<f64>::zeros((2, 0))),
            Err(Error::NoFeatures { argument: "x" })
        );
        assert!(matches!(
            Kernel::Linear.between(&zero, &array![[1.0]]),
            Err(Error::FeatureMismatch { argument: "x", found: 2, expected: 1 })
        ));
    }

    /// Squares of entries beyond 1e154 are infinite, and differences of those are not numbers, let alone the value 1 of equal rows.
    #[test]
    fn nothing_out_of_range_is_near() {
        let near = array![[1e150, 0.0], [0.0, -1e150]];
        let far = array![[1e200, 0.0], [0.0, 1e200], [-1e180, -1e300]];
        assert_eq!(
            Kernel::Rbf { gamma: Some(1.0) }.between(&far, &near).unwrap(),
            Array2::<f64>::zeros((3, 2))
        );
    }
}
