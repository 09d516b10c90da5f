//! Functions of square matrices: powers, exponential, logarithm, square root, sign.
//!
//! | to                                    | use                                          | by                                        | cost, about |
//! |---------------------------------------|----------------------------------------------|-------------------------------------------|-------------|
//! | multiply a matrix by itself           | [`power`]                                    | repeated squaring, `getrf` for k < 0      | 4n³ log₂ k  |
//! | solve `x' = A x`                      | [`expm`]                                     | scaling and squaring, Padé, `getrf`       | 20–30n³     |
//! | undo `expm`                           | [`logm`], [`logm_complex`]                   | inverse scaling and squaring on `gees`    | 30–60n³     |
//! | whiten, take a geodesic               | [`sqrtm`], [`sqrtm_complex`]                 | Sylvester equations on `gees`             | 30n³        |
//! | step a Markov chain by part of a step | [`fractional_power`], [`fractional_power_complex`] | Schur–Padé on `gees`                | 40–80n³     |
//! | split a spectrum left and right       | [`signm`]                                    | ordered `gees`, `trsyl`                   | 30n³        |
//!
//! A function of a matrix is not the function of its entries: `expm(A) = I + A + A²/2 + ···`. Logarithm, square root
//! and fractional powers are the principal ones, whose eigenvalues have arguments within `(−π, π]` (times the
//! exponent). They are real for a real matrix with no eigenvalue on the negative real axis; where there is one, the
//! plain functions return [`Error::DoesNotExist`] and name it, and those ending in `_complex` give the complex
//! matrix, as SciPy does unasked.
//!
//! A symmetric matrix (exactly equal to its transpose) goes through [`SymmetricEigen`], so that its functions are
//! symmetric and as accurate as its eigenvalues; and a diagonal one is evaluated entry by entry.
//!
//! How far a result is from the exact one is governed by the condition number of the function at the matrix, which
//! no algorithm improves. What is promised is a small error in relation to that number.

pub(crate) mod entry;
mod exponential;
mod fractional;
mod logarithm;
mod power;
mod roots;
mod sign;
mod square_root;
#[cfg(test)]
mod tests;

use ndarray::{Array2, ArrayRef2, Axis};
use num_complex::Complex;

pub use exponential::expm;
pub use fractional::{fractional_power, fractional_power_complex};
pub use logarithm::{logm, logm_complex};
pub use power::power;
pub use sign::signm;
pub use square_root::{sqrtm, sqrtm_complex};

use crate::complex_schur::ComplexSchur;
use crate::error::Error;
use crate::ffi::lapack::to_int;
use crate::finite::require_finite;
use crate::layout::checked_area;
use crate::products::{matmul, square};
use crate::scalar::Scalar;
use crate::schur::Schur;
use crate::symmetric_eigen::SymmetricEigen;
use entry::Entry;

/// A function with a branch cut along the negative real axis.
trait Principal {
    /// What it is called in an error.
    const NAME: &'static str;
    /// The function to call for a complex result.
    const COMPLEX: &'static str;

    /// The function of a number.
    fn of_number<T: Scalar>(&self, z: Complex<T>) -> Complex<T>;

    /// The function of a Schur form.
    fn of_schur_form<T: Scalar, E: Entry<T>>(&self, t: &Array2<E>) -> Result<Array2<E>, Error>;

    /// Whether zero has a value.
    fn at_zero(&self) -> bool;

    /// Whether zero has a value as an eigenvalue of a matrix that is not symmetric.
    fn at_zero_of_schur_form(&self) -> bool;
}

/// The function of a real matrix, or [`Error::DoesNotExist`] unless it is real.
fn real<T: Scalar, F: Principal>(function: &F, a: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
    checked_order(a)?;
    let value = |x: T, zero: bool| {
        in_domain::<T, F>(x, zero)?;
        Ok(function.of_number(Complex::new(x, T::zero())).re)
    };
    if is_diagonal(a) {
        return on_diagonal(a, |x| value(x, function.at_zero()));
    }
    let result = if is_symmetric(a) {
        let eigen = SymmetricEigen::new(a)?;
        let values = cleaned(&eigen);
        let values =
            values.into_iter().map(|x| value(x, function.at_zero())).collect::<Result<Vec<T>, _>>()?;
        symmetric_product(&eigen, &values)?
    } else {
        let schur = Schur::new(a)?;
        for value in schur.eigenvalues() {
            if value.im == T::zero() {
                in_domain::<T, F>(value.re, function.at_zero_of_schur_form())?;
            }
        }
        let (t, q) = schur.into_factors();
        let function_of_t = function.of_schur_form(&t)?;
        matmul(&matmul(&q, &function_of_t)?, &q.t())?
    };
    finite(F::NAME, result)
}

/// The function of a real matrix in complex numbers.
fn complex<T: Scalar, F: Principal>(function: &F, a: &ArrayRef2<T>) -> Result<Array2<Complex<T>>, Error> {
    // Where the result is real, the real road is the shorter and the more accurate.
    match real(function, a) {
        Ok(result) => return Ok(result.mapv(Entry::to_complex)),
        Err(Error::DoesNotExist { .. }) => {}
        Err(error) => return Err(error),
    }
    let value = |x: T, zero: bool| {
        if x == T::zero() && !zero {
            return Err(singular::<F>());
        }
        Ok(function.of_number(Complex::new(x, T::zero())))
    };
    if is_diagonal(a) {
        return on_diagonal(a, |x| value(x, function.at_zero()));
    }
    if is_symmetric(a) {
        let eigen = SymmetricEigen::new(a)?;
        let values = cleaned(&eigen);
        let values =
            values.into_iter().map(|x| value(x, function.at_zero())).collect::<Result<Vec<_>, _>>()?;
        let part = |part: fn(&Complex<T>) -> T| {
            symmetric_product(&eigen, &values.iter().map(part).collect::<Vec<_>>())
        };
        let (re, im) = (finite(F::NAME, part(|z| z.re)?)?, finite(F::NAME, part(|z| z.im)?)?);
        return Ok(ndarray::Zip::from(&re).and(&im).map_collect(|&re, &im| Complex::new(re, im)));
    }
    let (t, q) = ComplexSchur::new(a)?.into_factors();
    if t.diag().iter().any(|&z| z == Complex::new(T::zero(), T::zero())) && !function.at_zero_of_schur_form()
    {
        return Err(singular::<F>());
    }
    let function_of_t = function.of_schur_form(&t)?;
    let adjoint = q.t().mapv(|z| z.conj());
    let result = entry::product(&entry::product(&q, &function_of_t)?, &adjoint)?;
    if result.iter().all(|z| z.re.is_finite() && z.im.is_finite()) {
        Ok(result)
    } else {
        Err(Error::Overflow { routine: F::NAME, scalar: T::NAME })
    }
}

/// Checks that a real eigenvalue has a real value.
fn in_domain<T: Scalar, F: Principal>(x: T, zero: bool) -> Result<(), Error> {
    if x > T::zero() || (x == T::zero() && zero) {
        return Ok(());
    }
    if x == T::zero() {
        return Err(singular::<F>());
    }
    let complex = F::COMPLEX;
    let reason =
        format!("the eigenvalue {x:e} lies on the negative real axis; use {complex} for a complex result");
    Err(Error::DoesNotExist { what: F::NAME, reason })
}

fn singular<F: Principal>() -> Error {
    let reason = "the matrix is singular, up to rounding; add a multiple of the identity".to_owned();
    Error::DoesNotExist { what: F::NAME, reason }
}

/// The order of a square matrix of finite entries.
fn checked_order<T: Scalar>(a: &ArrayRef2<T>) -> Result<usize, Error> {
    let n = square("a", a)?;
    to_int("the order of the matrix", n)?;
    checked_area::<T>(n, n)?;
    require_finite("a", a)?;
    Ok(n)
}

/// The matrix, or [`Error::Overflow`] when an entry is not finite.
fn finite<T: Scalar>(routine: &'static str, a: Array2<T>) -> Result<Array2<T>, Error> {
    require_finite("result", &a).map_err(|_| Error::Overflow { routine, scalar: T::NAME })?;
    Ok(a)
}

fn is_diagonal<T: Scalar>(a: &ArrayRef2<T>) -> bool {
    a.indexed_iter().all(|((i, j), &x)| i == j || x == T::zero())
}

fn is_symmetric<T: Scalar>(a: &ArrayRef2<T>) -> bool {
    (0..a.nrows()).all(|i| (0..i).all(|j| a[[i, j]] == a[[j, i]]))
}

/// The matrix with `f` of each entry of the diagonal of `a`.
fn on_diagonal<T: Scalar, E: Entry<T>>(
    a: &ArrayRef2<T>,
    f: impl Fn(T) -> Result<E, Error>,
) -> Result<Array2<E>, Error> {
    let mut result = Array2::from_elem(a.dim(), E::zero());
    for (target, &x) in result.diag_mut().iter_mut().zip(a.diag()) {
        *target = f(x)?;
        let value = target.to_complex();
        if !(value.re.is_finite() && value.im.is_finite()) {
            return Err(Error::Overflow { routine: "a function of a diagonal matrix", scalar: T::NAME });
        }
    }
    Ok(result)
}

/// The eigenvalues, with those that are zero up to the rounding of the decomposition, `n ε max|λ|`, made zero: below
/// it their sign means nothing.
fn cleaned<T: Scalar>(eigen: &SymmetricEigen<T>) -> Vec<T> {
    let values = eigen.values();
    let largest = values.iter().fold(T::zero(), |largest, x| largest.max(x.abs()));
    let threshold = largest * T::UNIT_ROUNDOFF * T::from_f64(values.len() as f64);
    values.iter().map(|&x| if x.abs() <= threshold { T::zero() } else { x }).collect()
}

/// `V diag(values) Vᵀ`, exactly symmetric.
fn symmetric_product<T: Scalar>(eigen: &SymmetricEigen<T>, values: &[T]) -> Result<Array2<T>, Error> {
    let vectors = eigen.vectors();
    let mut scaled = vectors.to_owned();
    scaled.axis_iter_mut(Axis(1)).zip(values).for_each(|(mut column, &value)| column *= value);
    let mut result = matmul(&scaled, &vectors.t())?;
    for i in 0..result.nrows() {
        for j in 0..i {
            result[[i, j]] = result[[j, i]];
        }
    }
    Ok(result)
}
