//! Random matrices: the same seed gives the same matrix, on every machine up to rounding.
//!
//! | function                            | what it draws                                               | cost       |
//! |-------------------------------------|-------------------------------------------------------------|------------|
//! | [`standard_normal`]                 | independent standard normal entries                         | mn         |
//! | [`orthogonal`]                      | an orthogonal matrix, uniformly (Haar)                      | 8n³/3      |
//! | [`rotation`]                        | the same of determinant 1                                   | 8n³/3      |
//! | [`orthonormal_columns`]             | an orthonormal basis of a random subspace, uniformly        | 4mk²       |
//! | [`symmetric_with_spectrum`]         | a symmetric matrix with the given eigenvalues               | 5n³        |
//! | [`positive_definite_with_spectrum`] | the same for positive eigenvalues: a random covariance      | 5n³        |
//! | [`with_singular_values`]            | a matrix with the given singular values                     | O(mnk)     |
//!
//! For initial weights, random projections, rotations of data, synthetic covariances, and the tests of
//! whatever reads a matrix. A seed is a `u64`; use another for each matrix that must be independent.
//!
//! A matrix Q of the QR factorization of a normal one is *not* uniform as LAPACK returns it: its signs depend
//! on the convention of the reflectors. Multiplying each column by the sign of its diagonal entry of R makes
//! it so (F. Mezzadri, "How to generate random matrices from the classical compact groups", 2007).

use ndarray::{Array2, ArrayRef1, ArrayRef2, Axis};
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64;
use rand_pcg::rand_core::SeedableRng;

use crate::error::Error;
use crate::ffi::lapack::{Columns, to_int};
use crate::ffi::memory::zeroed;
use crate::finite::{require_finite, require_finite_result};
use crate::layout::{checked_area, from_columns, symmetric};
use crate::products::{matmul, same};
use crate::qr::{Reflectors, expect_success};
use crate::scalar::Scalar;
use crate::size::workspace_length;
use crate::triangle::Triangle;

/// A matrix of independent standard normal entries, drawn in row order.
pub fn standard_normal(rows: usize, cols: usize, seed: u64) -> Array2<f64> {
    let mut matrix = Array2::zeros((rows, cols));
    fill_standard_normal(&mut matrix, seed);
    matrix
}

/// Overwrites a matrix with the entries of [`standard_normal`], rounded to its precision.
pub fn fill_standard_normal<T: Scalar>(matrix: &mut ArrayRef2<T>, seed: u64) {
    let mut generator = Pcg64::seed_from_u64(seed);
    for entry in matrix.rows_mut().into_iter().flatten() {
        *entry = T::from_f64(StandardNormal.sample(&mut generator));
    }
}

/// A random orthogonal matrix, n x n, uniformly distributed: its law (Haar's) does not change when it is
/// multiplied by any orthogonal matrix, so that no direction is preferred.
///
/// ```
/// use lapwing_lapack::random::orthogonal;
/// let q = orthogonal::<f64>(3, 7)?;
/// let gram = q.t().dot(&q);
/// assert!((gram[[0, 0]] - 1.0).abs() < 1e-14 && gram[[0, 1]].abs() < 1e-14);
/// assert_eq!(q, orthogonal::<f64>(3, 7)?);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::TooLarge`], [`Error::OutOfMemory`].
#[doc(alias = "ortho_group")]
pub fn orthogonal<T: Scalar>(n: usize, seed: u64) -> Result<Array2<T>, Error> {
    orthonormal_columns(n, n, seed)
}

/// A random rotation of n-dimensional space, n x n: orthogonal, of determinant 1, uniformly distributed among those.
///
/// # Errors
/// As [`orthogonal`].
#[doc(alias = "special_ortho_group")]
pub fn rotation<T: Scalar>(n: usize, seed: u64) -> Result<Array2<T>, Error> {
    let (mut q, determinant) = haar(n, n, &mut Pcg64::seed_from_u64(seed))?;
    if determinant < T::zero() {
        // Reflecting one axis maps the orthogonal matrices of determinant -1 onto the rotations, and keeps
        // the uniform law.
        q.column_mut(0).mapv_inplace(|x: T| -x);
    }
    Ok(q)
}

/// A matrix with orthonormal columns, rows x cols, uniformly distributed: an orthonormal basis of a random
/// subspace.
///
/// # Errors
/// [`Error::InvalidParameter`] when `cols > rows`, which no orthonormal columns fill; [`Error::TooLarge`],
/// [`Error::OutOfMemory`].
pub fn orthonormal_columns<T: Scalar>(rows: usize, cols: usize, seed: u64) -> Result<Array2<T>, Error> {
    if cols > rows {
        return Err(Error::InvalidParameter {
            parameter: "cols",
            value: cols.to_string(),
            requirement: format!("at most the number of rows, {rows}"),
        });
    }
    Ok(haar(rows, cols, &mut Pcg64::seed_from_u64(seed))?.0)
}

/// A symmetric matrix with the given `eigenvalues`, in any order, and uniformly distributed eigenvectors; n x n
/// for n eigenvalues, and exactly symmetric.
///
/// The eigenvalues hold to about n ε max |λ|: those below that are lost in rounding.
///
/// ```
/// use lapwing_lapack::{SymmetricEigen, random::symmetric_with_spectrum};
/// use ndarray::array;
/// let a = symmetric_with_spectrum(&array![3.0, -1.0, 0.5], 1)?;
/// let found = SymmetricEigen::eigenvalues(&a)?.values;
/// assert!((found[0] + 1.0f64).abs() < 1e-14 && (found[2] - 3.0).abs() < 1e-14);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`], [`Error::Overflow`].
pub fn symmetric_with_spectrum<T: Scalar>(eigenvalues: &ArrayRef1<T>, seed: u64) -> Result<Array2<T>, Error> {
    let column = eigenvalues.view().insert_axis(Axis(1));
    to_int("the number of eigenvalues", column.nrows())?;
    require_finite("eigenvalues", &column)?;
    let q = orthogonal::<T>(eigenvalues.len(), seed)?;
    let a = matmul(&(&q * &eigenvalues.view()), &q.t())?;
    require_finite_result("gemm", a.as_slice_memory_order().expect("a product is packed"))?;
    // The product is symmetric up to rounding; its lower triangle is taken for both.
    symmetric(&a, Triangle::Lower)
}

/// A symmetric positive definite matrix with the given `eigenvalues`, all positive, as
/// [`symmetric_with_spectrum`] makes it.
///
/// Where the eigenvalues span more than 1/(n ε), rounding can make the matrix indefinite.
///
/// # Errors
/// [`Error::InvalidParameter`] when an eigenvalue is not positive, and as [`symmetric_with_spectrum`].
pub fn positive_definite_with_spectrum<T: Scalar>(
    eigenvalues: &ArrayRef1<T>,
    seed: u64,
) -> Result<Array2<T>, Error> {
    to_int("the number of eigenvalues", eigenvalues.len())?;
    if let Some((index, value)) = eigenvalues.iter().enumerate().find(|(_, value)| **value <= T::zero()) {
        return Err(Error::InvalidParameter {
            parameter: "eigenvalues",
            value: format!("{value} at {index}"),
            requirement: "positive in every entry".to_owned(),
        });
    }
    symmetric_with_spectrum(eigenvalues, seed)
}

/// A matrix, rows x cols, with the given min(rows, cols) `singular_values`, in any order, and uniformly distributed singular
/// vectors.
///
/// The singular values hold to about max(rows, cols) ε max σ: those below that are lost in rounding.
///
/// # Errors
/// [`Error::Shape`] when `singular_values` has not min(rows, cols) entries, [`Error::InvalidParameter`] when one is
/// negative, [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`], [`Error::Overflow`].
pub fn with_singular_values<T: Scalar>(
    rows: usize,
    cols: usize,
    singular_values: &ArrayRef1<T>,
    seed: u64,
) -> Result<Array2<T>, Error> {
    let k = rows.min(cols);
    same("singular_values", "entries", singular_values.len(), k, "the smaller extent of the matrix")?;
    to_int("the number of rows", rows)?;
    to_int("the number of columns", cols)?;
    require_finite("singular_values", &singular_values.view().insert_axis(Axis(1)))?;
    if let Some((index, value)) = singular_values.iter().enumerate().find(|(_, value)| **value < T::zero()) {
        return Err(Error::InvalidParameter {
            parameter: "singular_values",
            value: format!("{value} at {index}"),
            requirement: "at least 0 in every entry".to_owned(),
        });
    }
    let mut generator = Pcg64::seed_from_u64(seed);
    let (left, _) = haar(rows, k, &mut generator)?;
    let (right, _) = haar(cols, k, &mut generator)?;
    let a = matmul(&(&left * &singular_values.view()), &right.t())?;
    require_finite_result("gemm", a.as_slice_memory_order().expect("a product is packed"))?;
    Ok(a)
}

/// Orthonormal columns by Haar's law, `cols <= rows`, and, for a square matrix, the determinant: 1 or -1.
fn haar<T: Scalar>(rows: usize, cols: usize, generator: &mut Pcg64) -> Result<(Array2<T>, T), Error> {
    let (m, n) = (to_int("the number of rows", rows)?, to_int("the number of columns", cols)?);
    let mut factor = zeroed(checked_area::<T>(rows, cols)?)?;
    let mut tau = zeroed(cols)?;
    factor.fill_with(|| T::from_f64(StandardNormal.sample(generator)));
    if cols > 0 {
        let optimum = || T::geqrf_optimum(m, n);
        let mut work = zeroed(workspace_length("the workspace of geqrf", cols as u128, optimum)?)?;
        expect_success("geqrf", T::geqrf(Columns::new(&mut factor, rows, cols)?, &mut tau, &mut work))?;
    }
    let reflectors = Reflectors { factor: from_columns(factor, rows, cols), tau };
    let mut q = reflectors.q(cols)?;
    let mut determinant = T::one();
    for (i, mut column) in q.columns_mut().into_iter().enumerate() {
        // A reflector with tau = 0 is the identity; every other one has determinant -1.
        if reflectors.tau[i] != T::zero() {
            determinant = -determinant;
        }
        if reflectors.factor[[i, i]] < T::zero() {
            determinant = -determinant;
            column.mapv_inplace(|x: T| -x);
        }
    }
    Ok((q, determinant))
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, array};

    use super::*;
    use crate::certificate::orthogonality;
    use crate::{Svd, SymmetricEigen};

    /// The determinant by elimination with partial pivoting: of an orthogonal matrix, 1 or -1 up to rounding.
    fn determinant(mut a: Array2<f64>) -> f64 {
        let n = a.nrows();
        let mut product = 1.0;
        for k in 0..n {
            let pivot = (k..n).max_by(|&i, &j| a[[i, k]].abs().total_cmp(&a[[j, k]].abs())).unwrap();
            if pivot != k {
                (0..n).for_each(|j| a.swap([k, j], [pivot, j]));
                product = -product;
            }
            product *= a[[k, k]];
            for i in k + 1..n {
                let factor = a[[i, k]] / a[[k, k]];
                (k..n).for_each(|j| a[[i, j]] -= factor * a[[k, j]]);
            }
        }
        product
    }

    /// By Haar's law every entry has mean 0 and second moment 1/n, any two entries are uncorrelated, and the trace has
    /// mean 0 and variance 1. A mean of `count` draws lies within 5 standard deviations with probability 1 - 6e-7.
    #[test]
    fn first_and_second_moments_are_those_of_haars_law() {
        let (n, count) = (4, 4000u64);
        let mut mean = Array2::<f64>::zeros((n, n));
        let mut second = Array2::<f64>::zeros((n, n));
        let (mut traces, mut crossed, mut negative) = (Vec::new(), 0.0, 0);
        for seed in 0..count {
            let q = orthogonal::<f64>(n, seed).unwrap();
            mean += &q;
            second += &q.mapv(|x| x * x);
            crossed += q[[0, 0]] * q[[1, 1]];
            traces.push(q.diag().sum());
            negative += usize::from(determinant(q) < 0.0);
        }
        let count = count as f64;
        let order = n as f64;
        // Var q = 1/n; Var q² = E q⁴ - 1/n² = 3/(n(n+2)) - 1/n².
        let deviation = 5.0 * (1.0 / order / count).sqrt();
        assert!(mean.iter().all(|sum| (sum / count).abs() < deviation));
        let fourth = 3.0 / (order * (order + 2.0)) - 1.0 / (order * order);
        assert!(second.iter().all(|sum| (sum / count - 1.0 / order).abs() < 5.0 * (fourth / count).sqrt()));
        assert!((crossed / count).abs() < 5.0 / order / count.sqrt());
        let trace = traces.iter().sum::<f64>() / count;
        assert!(trace.abs() < 5.0 / count.sqrt());
        // E tr⁴ = 3 for n ≥ 4, so Var tr² = 2.
        let square = traces.iter().map(|x| x * x).sum::<f64>() / count;
        assert!((square - 1.0).abs() < 5.0 * (2.0 / count).sqrt(), "{square}");
        // Both components of the group, with probability 1/2 each.
        assert!((negative as f64 / count - 0.5).abs() < 5.0 * 0.5 / count.sqrt());
    }

    /// The signs are where LAPACK's own convention would show: without them every diagonal entry leans to one side.
    #[test]
    fn one_by_one_matrices_take_both_signs() {
        let negative = (0..400).filter(|&seed| orthogonal::<f32>(1, seed).unwrap()[[0, 0]] == -1.0).count();
        assert!((150..=250).contains(&negative), "{negative}");
        assert!((0..50).all(|seed| rotation::<f32>(1, seed).unwrap()[[0, 0]] == 1.0));
    }

    #[test]
    fn rotations_have_determinant_one() {
        for n in 1..=9 {
            for seed in 0..20 {
                let q = rotation::<f64>(n, seed).unwrap();
                assert!((determinant(q.clone()) - 1.0).abs() < 30.0 * n as f64 * f64::EPSILON);
                assert!(orthogonality(&q, n).unwrap() < 30.0);
            }
        }
    }

    #[test]
    fn the_seed_decides_and_nothing_else() {
        assert_eq!(orthogonal::<f64>(5, 3), orthogonal::<f64>(5, 3));
        assert_ne!(orthogonal::<f64>(5, 3), orthogonal::<f64>(5, 4));
        let values = array![1.0, 2.0];
        assert_eq!(with_singular_values(2, 3, &values, 1), with_singular_values(2, 3, &values, 1));
    }

    /// Computed to rounding of the largest, whatever the order they come in; the symmetric ones exactly symmetric.
    #[test]
    fn spectra_are_those_given() {
        let bound = 40.0 * 20.0 * f64::UNIT_ROUNDOFF * 30.0;
        let values = Array1::from_shape_fn(20, |i| ((i * 7) % 20) as f64 - 9.5);
        let a = symmetric_with_spectrum(&values, 1).unwrap();
        assert_eq!(a, a.t());
        for (k, found) in SymmetricEigen::eigenvalues(&a).unwrap().values.iter().enumerate() {
            assert!((found - (k as f64 - 9.5)).abs() <= bound);
        }
        let positive = values.mapv(|x| x + 10.0);
        let a = positive_definite_with_spectrum(&positive, 1).unwrap();
        assert!(crate::Cholesky::new(&a).is_ok());
        for (rows, cols) in [(20, 20), (30, 20), (20, 30)] {
            let a = with_singular_values(rows, cols, &positive, 2).unwrap();
            assert_eq!(a.dim(), (rows, cols));
            for (k, found) in Svd::values(&a).unwrap().values.iter().rev().enumerate() {
                assert!((found - (k as f64 + 0.5)).abs() <= bound);
            }
        }
    }

    #[test]
    fn the_extremes_of_the_range_survive() {
        for scale in [1e300, 1e-310] {
            let a = symmetric_with_spectrum(&array![scale, scale, scale], 1).unwrap();
            // A multiple of the identity, up to rounding of the scale, or of the least number.
            let bound = 30.0 * scale * f64::EPSILON + 3.0 * 5e-324;
            assert!((a[[0, 0]] - scale).abs() <= bound && a[[1, 0]].abs() <= bound, "{a}");
        }
    }

    #[test]
    fn empty_and_wrong_arguments_are_answered() {
        assert_eq!(orthogonal::<f64>(0, 1).unwrap().dim(), (0, 0));
        assert_eq!(rotation::<f64>(0, 1).unwrap().dim(), (0, 0));
        assert_eq!(orthonormal_columns::<f64>(5, 0, 1).unwrap().dim(), (5, 0));
        assert_eq!(symmetric_with_spectrum(&Array1::<f64>::zeros(0), 1).unwrap().dim(), (0, 0));
        assert_eq!(with_singular_values(4, 0, &Array1::<f64>::zeros(0), 1).unwrap().dim(), (4, 0));
        let parameter = |error| match error {
            Error::InvalidParameter { parameter, .. } => parameter,
            other => panic!("{other}"),
        };
        assert_eq!(parameter(orthonormal_columns::<f64>(2, 3, 1).unwrap_err()), "cols");
        let values = array![1.0, -1.0];
        assert_eq!(parameter(positive_definite_with_spectrum(&values, 1).unwrap_err()), "eigenvalues");
        assert_eq!(parameter(with_singular_values(2, 2, &values, 1).unwrap_err()), "singular_values");
        assert!(matches!(
            with_singular_values(3, 3, &values, 1),
            Err(Error::Shape { found: 2, expected: 3, .. })
        ));
        let error = Error::NonFinite { argument: "eigenvalues", row: 1, col: 0 };
        assert_eq!(symmetric_with_spectrum(&array![1.0, f64::NAN], 1), Err(error.clone()));
        assert_eq!(positive_definite_with_spectrum(&array![1.0, f64::INFINITY], 1), Err(error));
        assert!(matches!(orthogonal::<f64>(1 << 32, 1), Err(Error::TooLarge { .. })));
        assert!(matches!(orthogonal::<f32>(2_000_000_000, 1), Err(Error::OutOfMemory { .. })));
        let one = array![1.0];
        let endless = one.broadcast(1 << 40).unwrap();
        assert!(matches!(positive_definite_with_spectrum(&endless, 1), Err(Error::TooLarge { .. })));
        assert!(matches!(with_singular_values(1 << 40, 1 << 40, &endless, 1), Err(Error::TooLarge { .. })));
    }
}
