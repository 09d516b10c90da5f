//! Gram–Schmidt orthogonalization in three variants, and the Gram matrix.
//!
//! | variant                        | ‖I − QᵀQ‖ is of order  | flops         | products     |
//! |--------------------------------|------------------------|---------------|--------------|
//! | [`Method::Classical`]          | κ² ε                   | 2mn²          | `gemm`       |
//! | [`Method::Modified`]           | κ ε                    | 2mn²          | `gemm`       |
//! | [`Method::Reorthogonalized`]   | ε                      | 4mn²          | `gemm`       |
//! | Householder, [`Qr`](crate::Qr) | ε                      | 4mn² − 4n³/3  | `geqrf`, `orgqr` |
//!
//! κ is the condition number of the matrix, with its columns scaled to equal length. All four leave a
//! residual `A − Q R` of a few roundings; only orthogonality tells them apart. To factor a matrix at hand, [`Qr`](crate::Qr)
//! is faster. Gram–Schmidt is for vectors that arrive one after the other, as in Krylov methods, for
//! naming the first column that depends on its predecessors, and for seeing what rounding does to a
//! textbook formula: `examples/gram_schmidt.rs` prints the table above for matrices of growing κ.
//!
//! Sources: Å. Björck, "Solving linear least squares problems by Gram–Schmidt orthogonalization", BIT 7
//! (1967), for the modified variant; L. Giraud, J. Langou, M. Rozložník and J. van den Eshof, "Rounding error
//! analysis of the classical Gram–Schmidt orthogonalization process", Numer. Math. 101 (2005), for the
//! classical one and for why twice is enough.

use ndarray::{Array2, ArrayRef2, ArrayView1, ArrayView2, ArrayViewMut2, Axis, ShapeBuilder, s};

use crate::certificate::balancing_scale;
use crate::error::Error;
use crate::finite::{require_finite, require_finite_result};
use crate::layout::{column_major, zeros};
use crate::norms::{Norm, norm, two_norm};
use crate::products::{gemm, syrk};
use crate::qr::check_extents;
use crate::rank::{invalid, rounding};
use crate::scalar::Scalar;
use crate::triangle::Triangle;

/// Which variant of Gram–Schmidt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Method {
    /// Each column loses its components along all earlier vectors at once, computed from the column as it was
    /// given.
    Classical,
    /// Each component is computed from what the earlier ones have left over.
    Modified,
    /// Classical, done twice: the second pass removes what rounding left in the first. Also called CGS2.
    #[default]
    Reorthogonalized,
}

/// What becomes of a column that depends on those before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DependentColumns {
    /// It is refused, by [`Error::DependentColumn`].
    #[default]
    Refuse,
    /// It gets no vector of its own; its coefficients in R stand, and `A ≈ Q R` holds for it to the tolerance. Only
    /// [`Method::Reorthogonalized`] tells such a column reliably: where orthogonality was lost, something is left of
    /// every column.
    Skip,
}

/// `A = Q R` for a matrix of m rows and n columns: Q (m x k) has orthonormal columns, as far as the method is able
/// to make them so, and R (k x n) is upper triangular, or in row echelon form when columns were skipped.
///
/// ```
/// use lapwing_lapack::gram_schmidt::GramSchmidt;
/// use ndarray::array;
/// let factors = GramSchmidt::new(&array![[3.0, 1.0], [4.0, 2.0]])?;
/// assert!(factors.loss_of_orthogonality()? < 1e-15);
/// assert!((factors.q()[[0, 0]] - 0.6f64).abs() < 1e-15);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct GramSchmidt<T: Scalar> {
    q: Array2<T>,
    r: Array2<T>,
    columns: Vec<usize>,
}

impl<T: Scalar> GramSchmidt<T> {
    /// Orthogonalizes the columns of `a` (m x n), with reorthogonalization; dependent columns are refused.
    ///
    /// # Errors
    /// [`Error::DependentColumn`], [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`],
    /// [`Error::Overflow`] when the norm of a column is past the scalar's range.
    pub fn new(a: &ArrayRef2<T>) -> Result<Self, Error> {
        GramSchmidtParams::default().compute(a)
    }

    /// Q, m x k: one column for each that was kept.
    pub fn q(&self) -> ArrayView2<'_, T> {
        self.q.view()
    }

    /// R, k x n.
    pub fn r(&self) -> ArrayView2<'_, T> {
        self.r.view()
    }

    /// The columns of the matrix that were kept, from 0 and ascending: all n unless some were skipped.
    pub fn columns(&self) -> &[usize] {
        &self.columns
    }

    /// `(Q, R)`, without a copy.
    pub fn into_factors(self) -> (Array2<T>, Array2<T>) {
        (self.q, self.r)
    }

    /// `‖I − QᵀQ‖_F`: 0 for orthonormal columns, of the order of the number of columns when all is lost.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn loss_of_orthogonality(&self) -> Result<f64, Error> {
        let mut defect = gram(&self.q)?;
        defect.diag_mut().mapv_inplace(|x| x - T::one());
        norm(&defect, Norm::Frobenius).map(Scalar::as_f64)
    }

    pub(crate) fn into_columns(self) -> Vec<usize> {
        self.columns
    }
}

impl GramSchmidt<f64> {
    /// The choices, to change before computing; the scalar is that of the matrix given to them.
    pub fn params() -> GramSchmidtParams {
        GramSchmidtParams::default()
    }
}

/// The choices of an orthogonalization. Made by [`GramSchmidt::params`].
#[derive(Clone, Copy, Debug, Default)]
pub struct GramSchmidtParams {
    method: Method,
    dependent: DependentColumns,
    tolerance: Option<f64>,
}

impl GramSchmidtParams {
    /// The variant. Default: [`Method::Reorthogonalized`].
    pub fn method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    /// What becomes of dependent columns. Default: [`DependentColumns::Refuse`].
    pub fn dependent_columns(mut self, dependent: DependentColumns) -> Self {
        self.dependent = dependent;
        self
    }

    /// A column is dependent when what is left of it is at most this times its norm. Default: max(m, n) ε, with
    /// ε twice the unit roundoff. With 0, only a column of which nothing is left.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = Some(tolerance);
        self
    }

    /// Orthogonalizes the columns of `a` (m x n).
    ///
    /// # Errors
    /// As [`GramSchmidt::new`]; [`Error::InvalidParameter`] for a tolerance that is negative or not finite.
    pub fn compute<T: Scalar>(self, a: &ArrayRef2<T>) -> Result<GramSchmidt<T>, Error> {
        let tolerance = self.tolerance.unwrap_or_else(|| rounding::<T>(a.nrows(), a.ncols()));
        if !(0.0..f64::INFINITY).contains(&tolerance) {
            return Err(invalid("tolerance", tolerance, "finite and at least 0"));
        }
        orthogonalize(a, self.method, |candidate| {
            let depends = candidate.residual <= tolerance * candidate.norm;
            if depends && self.dependent == DependentColumns::Refuse {
                return Err(Error::DependentColumn { argument: "a", column: candidate.column });
            }
            Ok(depends)
        })
    }
}

/// A column after its components along the earlier vectors were taken from it.
pub(crate) struct Candidate<'a, T> {
    pub(crate) column: usize,
    /// Those components.
    pub(crate) coefficients: ArrayView1<'a, T>,
    /// The norm of what is left; exactly zero once the vectors span the whole space.
    pub(crate) residual: f64,
    /// The norm of the column as it was given.
    pub(crate) norm: f64,
}

/// Orthogonalizes the columns of `a` from left to right, leaving out those that `depends` says are dependent.
pub(crate) fn orthogonalize<T: Scalar>(
    a: &ArrayRef2<T>,
    method: Method,
    mut depends: impl FnMut(Candidate<T>) -> Result<bool, Error>,
) -> Result<GramSchmidt<T>, Error> {
    check_extents(a)?;
    require_finite("a", a)?;
    let (m, n) = a.dim();
    let mut work = column_major(a)?;
    let mut r = zeros(n, m.min(n))?.reversed_axes();
    let mut columns = Vec::new();
    let scales = balance_columns(&mut work);
    for j in 0..n {
        let k = columns.len();
        let norm = two_norm(a.column(j));
        if !norm.is_finite() {
            return Err(overflow::<T>());
        }
        let (mut done, mut rest) = work.view_mut().split_at(Axis(1), j);
        let (mut column, mut later) = rest.view_mut().split_at(Axis(1), 1);
        let q = done.slice(s![.., ..k]);
        let passes = match method {
            Method::Classical => 1,
            Method::Reorthogonalized => 2,
            // Every vector was taken out of all later columns as soon as it was there.
            Method::Modified => 0,
        };
        if k > 0 {
            for _ in 0..passes {
                let components = take_out(&q, &mut column)?;
                r.slice_mut(s![..k, j..j + 1]).scaled_add(T::one() / scales[j], &components);
            }
        }
        let left = two_norm(column.column(0));
        let residual = if k == m { 0.0 } else { left / scales[j].as_f64() };
        let coefficients = r.slice(s![..k, j]);
        if depends(Candidate { column: j, coefficients, residual, norm })? || k == m {
            continue;
        }
        r[[k, j]] = T::from_f64(residual);
        column.mapv_inplace(|x| T::from_f64(x.as_f64() / left));
        if method == Method::Modified && later.ncols() > 0 {
            let components = take_out(&column, &mut later)?;
            let mut row = r.slice_mut(s![k..k + 1, j + 1..]);
            row.assign(&components);
            row.iter_mut().zip(&scales[j + 1..]).for_each(|(entry, &scale)| *entry /= scale);
        }
        if k < j {
            done.slice_mut(s![.., k..k + 1]).assign(&column);
        }
        columns.push(j);
    }
    let k = columns.len();
    let r = r.slice_move(s![..k, ..]);
    if r.iter().any(|x| !x.is_finite()) {
        return Err(overflow::<T>());
    }
    Ok(GramSchmidt { q: work.slice_move(s![.., ..k]), r, columns })
}

pub(crate) fn overflow<T: Scalar>() -> Error {
    Error::Overflow { routine: "Gram–Schmidt", scalar: T::NAME }
}

/// Scales each column by a power of two that brings it near 1, which changes no digit and keeps every product in
/// range; returns the scales.
pub(crate) fn balance_columns<T: Scalar>(a: &mut ArrayRef2<T>) -> Vec<T> {
    let balance = |mut column: ArrayViewMut2<T>| {
        let scale = balancing_scale(&column);
        column.mapv_inplace(|x| x * scale);
        scale
    };
    a.axis_chunks_iter_mut(Axis(1), 1).map(balance).collect()
}

/// `c −= q (qᵀ c)`; returns `qᵀ c`.
pub(crate) fn take_out<T: Scalar>(q: &ArrayRef2<T>, c: &mut ArrayRef2<T>) -> Result<Array2<T>, Error> {
    let mut components = Array2::zeros((q.ncols(), c.ncols()).f());
    gemm(T::one(), &q.t(), c, T::zero(), &mut components)?;
    gemm(-T::one(), q, &components, T::one(), c)?;
    Ok(components)
}

/// The Gram matrix `aᵀ a` (n x n) of the columns of `a` (m x n): their inner products, both triangles, exactly
/// symmetric. For the rows, pass `a.t()`.
///
/// Half the work of a product, mn² flops by `syrk`. Its condition number is the square of that of `a`: to solve
/// least squares, [`Qr`](crate::Qr) loses half as many digits.
///
/// ```
/// use lapwing_lapack::gram_schmidt::gram;
/// use ndarray::array;
/// let a = array![[1.0, 2.0], [3.0, 4.0]];
/// assert_eq!(gram(&a)?, array![[10.0, 14.0], [14.0, 20.0]]);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::NonFinite`], [`Error::Overflow`], [`Error::TooLarge`], [`Error::OutOfMemory`].
pub fn gram<T: Scalar>(a: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
    check_extents(a)?;
    require_finite("a", a)?;
    let mut product = zeros(a.ncols(), a.ncols())?;
    symmetric_product(&a.t(), &mut product)?;
    require_finite_result("syrk", product.as_slice_memory_order().expect("a new matrix is packed"))?;
    Ok(product)
}

/// `c := b bᵀ`, both triangles.
pub(crate) fn symmetric_product<T: Scalar>(b: &ArrayRef2<T>, c: &mut Array2<T>) -> Result<(), Error> {
    syrk(Triangle::Lower, T::one(), b, T::zero(), c)?;
    for i in 0..c.nrows() {
        for j in 0..i {
            c[[j, i]] = c[[i, j]];
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, ArrayView, array};

    use super::*;
    use crate::testing::gallery::lauchli;
    use crate::testing::{Kind, Layout, matrix};

    const METHODS: [Method; 3] = [Method::Classical, Method::Modified, Method::Reorthogonalized];

    fn loss(method: Method, a: &Array2<f64>) -> f64 {
        GramSchmidt::params().method(method).compute(a).unwrap().loss_of_orthogonality().unwrap()
    }

    /// On Läuchli's matrix with μ² below the roundoff, classical Gram–Schmidt leaves every two of the vectors after
    /// the first at 60 degrees: their inner products are 1/2. The modified variant loses κ ε, the reorthogonalized
    /// one a few ε.
    #[test]
    fn lauchlis_matrix_tells_the_methods_apart() {
        for (n, mu) in [(3, 1e-9), (5, 1e-8), (6, 1e-10)] {
            let a = lauchli::<f64>(n, mu);
            let pairs = ((n - 1) * (n - 2)) as f64;
            assert!((loss(Method::Classical, &a) - (pairs / 4.0).sqrt()).abs() < 1e-6, "{n} {mu}");
            let condition = (n as f64).sqrt() / mu;
            let modified = loss(Method::Modified, &a);
            assert!(modified > 1e-3 * mu && modified < 4.0 * condition * f64::EPSILON, "{modified}");
            assert!(loss(Method::Reorthogonalized, &a) < n as f64 * f64::EPSILON);
        }
    }

    #[test]
    fn a_dependent_column_is_named_or_skipped() {
        let a = array![[1.0, 2.0, 0.0, 1.0, 5.0], [1.0, 2.0, 1.0, 3.0, 0.0], [0.0, 0.0, 2.0, 4.0, 0.0]];
        for method in METHODS {
            let params = GramSchmidt::params().method(method);
            let error = params.compute(&a).unwrap_err();
            assert_eq!(error, Error::DependentColumn { argument: "a", column: 1 });
            for layout in Layout::ALL {
                let skipping = params.dependent_columns(DependentColumns::Skip);
                let factors = layout.with(&a, |a| skipping.compute(&a)).unwrap();
                assert_eq!(factors.columns(), [0, 2, 4], "{method:?}");
                assert_eq!((factors.q().dim(), factors.r().dim()), ((3, 3), (3, 5)));
                assert!(factors.loss_of_orthogonality().unwrap() < 1e-14);
                // What was skipped is still reproduced.
                assert!((factors.q().dot(&factors.r()) - &a).iter().all(|x: &f64| x.abs() < 1e-14));
                let triangular =
                    factors.r().indexed_iter().all(|((i, j), &r)| r == 0.0 || j >= factors.columns()[i]);
                assert!(triangular, "{method:?}: R is no echelon form");
            }
        }
        let text = GramSchmidt::new(&a).unwrap_err().to_string();
        assert!(text.starts_with("column 1 (counted from 0) of a depends on the columns before it"));
    }

    /// With more columns than rows, the first one too many depends on the others whatever rounding says.
    #[test]
    fn more_columns_than_rows_are_too_many() {
        let a = matrix::<f32>(Kind::Random, 3, 5);
        for method in METHODS {
            let params = GramSchmidt::params().method(method);
            let refused = params.tolerance(0.0).compute(&a);
            assert_eq!(refused.unwrap_err(), Error::DependentColumn { argument: "a", column: 3 });
            let factors =
                params.dependent_columns(DependentColumns::Skip).tolerance(0.0).compute(&a).unwrap();
            assert_eq!(factors.columns(), [0, 1, 2]);
        }
    }

    #[test]
    fn empty_and_zero_matrices_have_no_vectors() {
        for (m, n) in [(0, 0), (3, 0), (0, 3), (3, 2)] {
            let a = Array2::<f64>::zeros((m, n));
            for method in METHODS {
                let params = GramSchmidt::params().method(method).dependent_columns(DependentColumns::Skip);
                let (q, r) = params.compute(&a).unwrap().into_factors();
                assert_eq!((q.dim(), r.dim()), ((m, 0), (0, n)));
            }
            assert_eq!(GramSchmidt::new(&a).is_ok(), n == 0);
            assert_eq!(gram(&a).unwrap(), Array2::<f64>::zeros((n, n)));
        }
        assert_eq!(GramSchmidt::new(&array![[-2.0]]).unwrap().r(), array![[2.0]]);
    }

    /// A common power of two changes R by it and Q not at all; different ones change the columns of R alone.
    #[test]
    fn scale_plays_no_part() {
        let a = matrix::<f64>(Kind::Random, 6, 3);
        for method in METHODS {
            let plain = GramSchmidt::params().method(method).compute(&a).unwrap();
            for exponents in [[1000, 1000, 1000], [-1000, -1000, -1000], [900, 0, -1000]] {
                let scales = Array1::from_iter(exponents.map(|e| 2f64.powi(e)));
                let scaled = &a * &scales;
                let other = GramSchmidt::params().method(method).compute(&scaled).unwrap();
                assert_eq!(other.q(), plain.q(), "{method:?}");
                assert_eq!(other.r(), &plain.r() * &scales, "{method:?}");
            }
        }
        let huge = array![[f64::MAX], [f64::MAX]];
        let overflow = |routine| Error::Overflow { routine, scalar: "f64" };
        assert_eq!(GramSchmidt::new(&huge).unwrap_err(), overflow("Gram–Schmidt"));
        assert_eq!(gram(&huge).unwrap_err(), overflow("syrk"));
    }

    /// Products of small integers are exact, so equality is the test, and symmetry is exact always.
    #[test]
    fn gram_matrices_are_exact_on_integers_and_always_symmetric() {
        let a = Array2::from_shape_fn((7, 4), |(i, j)| ((i * 5 + j * 3) % 11) as f64 - 5.0);
        for layout in Layout::ALL {
            assert_eq!(layout.with(&a, |a| gram(&a)).unwrap(), a.t().dot(&a));
            assert_eq!(layout.with(&a, |a| gram(&a.t())).unwrap(), a.dot(&a.t()));
        }
        let product = gram(&matrix::<f32>(Kind::Random, 40, 30)).unwrap();
        assert_eq!(product, product.t());
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            for (row, col) in (0..3).flat_map(|i| (0..2).map(move |j| (i, j))) {
                let mut a = matrix::<f64>(Kind::Random, 3, 2);
                a[[row, col]] = bad;
                let expected = Error::NonFinite { argument: "a", row, col };
                assert_eq!(GramSchmidt::new(&a).unwrap_err(), expected);
                assert_eq!(gram(&a), Err(expected));
            }
            let refused = GramSchmidt::params().tolerance(-bad).compute(&Array2::<f32>::eye(2));
            assert!(matches!(refused, Err(Error::InvalidParameter { parameter: "tolerance", .. })));
        }
        let one = [1.0f64];
        let a = ArrayView::from(&one).into_shape_with_order((1, 1)).unwrap();
        for shape in [(1 << 31, 1), (1, 1 << 31)] {
            let long = a.broadcast(shape).unwrap();
            assert!(matches!(GramSchmidt::new(&long), Err(Error::TooLarge { .. })));
            assert!(matches!(gram(&long), Err(Error::TooLarge { .. })));
        }
    }
}
