//! Eigenvalues and eigenvectors of a general matrix, `A V = V Λ`.
//!
//! | step                                   | f32      | f64      | cost           |
//! |----------------------------------------|----------|----------|----------------|
//! | values and right vectors               | `sgeevx` | `dgeevx` | ≈ 25n³         |
//! | values alone                           | `sgeevx` | `dgeevx` | ≈ 10n³         |
//! | left vectors too                       | `sgeevx` | `dgeevx` | n³ more        |
//! | condition numbers of values            | `sgeevx` | `dgeevx` | O(n²) more     |
//! | condition numbers of vectors           | `sgeevx` | `dgeevx` | several times as much |
//!
//! Without condition numbers `geevx` does what `geev` does, with the same balancing by default. For a symmetric
//! matrix [`SymmetricEigen`](crate::SymmetricEigen) is many times faster and always accurate. For subspaces and
//! functions of a matrix prefer [`Schur`](crate::Schur): the eigenvectors of a non-normal matrix may be nearly
//! dependent, and those of a defective one do not span the space. [`GeneralEigen::vector_condition`] tells.

use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, ArrayView2, ShapeBuilder};
use num_complex::Complex;

use crate::certificate::{Certificate, Ratio, balancing_scale, one_norm};
use crate::complex_matrix::{Parts, unpack_vectors};
use crate::error::Error;
use crate::ffi::lapack::{Columns, to_int};
use crate::ffi::memory::zeroed;
use crate::finite::{require_finite, require_finite_result};
use crate::layout::{checked_area, column_major};
use crate::products::{same, square};
use crate::qr::into_columns;
use crate::scalar::Scalar;
use crate::schur::{THRESHOLD, complex, converged};
use crate::size::{checked_length, workspace_length};
use crate::svd::Svd;

/// How the rows and columns of a matrix are prepared for its eigenvalues. No choice changes them but by rounding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Balancing {
    /// Not at all. For matrices whose small entries are rounding errors, which scaling would blow up.
    None,
    /// A permutation that makes the matrix more nearly triangular and isolates eigenvalues exactly.
    Permute,
    /// A diagonal similarity, by powers of two, that brings rows and columns to like norms.
    Scale,
    /// Both: the default, as in `geev`, NumPy and SciPy.
    #[default]
    PermuteAndScale,
}

impl Balancing {
    fn letter(self) -> u8 {
        match self {
            Balancing::None => b'N',
            Balancing::Permute => b'P',
            Balancing::Scale => b'S',
            Balancing::PermuteAndScale => b'B',
        }
    }
}

/// Which condition numbers to compute along with eigenvalues and vectors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ConditionNumbers {
    /// None. The default.
    #[default]
    None,
    /// Those of the eigenvalues.
    Values,
    /// Those of the eigenvalues and of the right eigenvectors.
    ValuesAndVectors,
}

/// Reciprocal condition numbers of eigenvalues and eigenvectors.
///
/// They belong to the matrix after balancing. For those of the matrix itself, choose [`Balancing::None`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EigenConditions<T> {
    /// For each eigenvalue the cosine of the angle between its left and right vector: perturbing the matrix by E
    /// moves the eigenvalue by at most `‖E‖₂` over it, to first order. 1 for a normal matrix, 0 for a defective
    /// eigenvalue. LAPACK's `RCONDE`.
    pub values: Array1<T>,
    /// For each right eigenvector the separation of its eigenvalue from the others: perturbing the matrix by E turns
    /// the vector by an angle of at most about `‖E‖` over it. LAPACK's `RCONDV`. Empty unless asked for.
    pub vectors: Array1<T>,
}

/// The eigenvalues and eigenvectors of a general matrix of order n.
///
/// ```
/// use lapwing_lapack::GeneralEigen;
/// use ndarray::array;
/// use num_complex::Complex;
/// // A rotation by 90 degrees turns every real vector: its eigenvalues are ±i.
/// let a = array![[0.0, -1.0], [1.0, 0.0]];
/// let eigen = GeneralEigen::new(&a)?;
/// assert_eq!(eigen.values()[0], Complex::new(0.0, 1.0));
/// assert_eq!(eigen.values()[1], Complex::new(0.0, -1.0));
/// assert!((eigen.vector_condition()? - 1.0f64).abs() < 1e-15);
/// assert!(eigen.certificate(&a)?.holds());
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[doc(alias = "eig")]
#[doc(alias = "geev")]
#[derive(Clone, Debug)]
pub struct GeneralEigen<T: Scalar> {
    values: Array1<Complex<T>>,
    right: Array2<Complex<T>>,
    left: Option<Array2<Complex<T>>>,
    conditions: Option<EigenConditions<T>>,
}

impl<T: Scalar> GeneralEigen<T> {
    /// Eigenvalues and right eigenvectors of `a` (n x n).
    ///
    /// # Errors
    /// [`Error::NotSquare`], [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`],
    /// [`Error::NoConvergence`], [`Error::Overflow`].
    pub fn new(a: &ArrayRef2<T>) -> Result<Self, Error> {
        GeneralEigenParams::default().compute(a)
    }

    /// The eigenvalues of `a` (n x n) alone, at less than half the cost.
    ///
    /// # Errors
    /// As [`GeneralEigen::new`].
    pub fn eigenvalues(a: &ArrayRef2<T>) -> Result<Array1<Complex<T>>, Error> {
        GeneralEigenParams::default().values(a)
    }

    /// The n eigenvalues, in the order in which LAPACK finds them. Conjugate ones are neighbours, that with the
    /// positive imaginary part first.
    pub fn values(&self) -> ArrayView1<'_, Complex<T>> {
        self.values.view()
    }

    /// The right eigenvectors in columns, n x n, each of 2-norm 1 with a real largest component: `A v = λ v`. Column i
    /// belongs to value i; those of conjugate eigenvalues are conjugate.
    pub fn vectors(&self) -> ArrayView2<'_, Complex<T>> {
        self.right.view()
    }

    /// The left eigenvectors in columns, n x n, each of 2-norm 1 with a real largest component: `uᴴ A = λ uᴴ`. `None`
    /// unless [asked for](GeneralEigenParams::left_vectors).
    pub fn left_vectors(&self) -> Option<ArrayView2<'_, Complex<T>>> {
        self.left.as_ref().map(|left| left.view())
    }

    /// The condition numbers. `None` unless [asked for](GeneralEigenParams::conditions).
    pub fn conditions(&self) -> Option<&EigenConditions<T>> {
        self.conditions.as_ref()
    }

    /// `(values, right vectors)`, without a copy.
    pub fn into_factors(self) -> (Array1<Complex<T>>, Array2<Complex<T>>) {
        (self.values, self.right)
    }

    /// The condition number `‖V‖₂ ‖V⁻¹‖₂` of the matrix of right eigenvectors, in O(n³): 1 for a normal matrix.
    /// Infinite where they are dependent. By the theorem of Bauer and Fike, perturbing the matrix by E moves no
    /// eigenvalue by more than `‖E‖₂` times this. 1 for an empty matrix.
    ///
    /// # Errors
    /// [`Error::NoConvergence`], [`Error::OutOfMemory`].
    pub fn vector_condition(&self) -> Result<T, Error> {
        // The columns v and v̄ are (√2 Re v, √2 Im v) times a unitary matrix of order two: a real matrix has the
        // singular values of V.
        let root = T::from_f64(std::f64::consts::SQRT_2);
        let mut real = Array2::zeros(self.right.dim().f());
        for ((vector, value), mut column) in
            self.right.columns().into_iter().zip(&self.values).zip(real.columns_mut())
        {
            column.zip_mut_with(&vector, |entry, z| {
                *entry = match value.im {
                    im if im > T::zero() => z.re * root,
                    im if im < T::zero() => z.im * root,
                    _ => z.re,
                }
            });
        }
        let singular = Svd::values(&real)?.values;
        Ok(match (singular.first(), singular.last()) {
            (Some(&largest), Some(&least)) => largest / least,
            _ => T::one(),
        })
    }

    /// Whether the eigenvectors are so nearly dependent that the matrix may be defective, lacking n independent ones:
    /// whether [`vector_condition`](Self::vector_condition) passes `0.1 / √ε`, with ε the unit roundoff (about 10⁷ in
    /// f64, 400 in f32).
    ///
    /// Rounding perturbs the matrix by about ε times its norm, which splits an eigenvalue with a Jordan block of
    /// order k into values `ε^(1/k)` apart with vectors of condition `ε^(1/k − 1)`, at least `1 / √ε`. No defective
    /// matrix whose blocks are of a norm like its own escapes; a highly non-normal one with distinct eigenvalues may
    /// pass the limit as well. Either way, do not solve with the vectors; use [`Schur`](crate::Schur).
    ///
    /// ```
    /// # use lapwing_lapack::GeneralEigen; use ndarray::array;
    /// assert!(GeneralEigen::new(&array![[2.0, 1.0], [0.0, 2.0]])?.is_nearly_defective()?);
    /// assert!(!GeneralEigen::new(&array![[2.0, 1.0], [0.0, 3.0]])?.is_nearly_defective()?);
    /// # Ok::<(), lapwing_lapack::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`GeneralEigen::vector_condition`].
    pub fn is_nearly_defective(&self) -> Result<bool, Error> {
        let limit = 0.1 / T::UNIT_ROUNDOFF.as_f64().sqrt();
        Ok(self.vector_condition()?.as_f64() >= limit)
    }

    /// How far these are from exact eigenpairs of `a`, and the vectors from unit norm. Left vectors are included where
    /// they were computed.
    ///
    /// # Errors
    /// [`Error::Shape`] when `a` is not of the order that was decomposed, [`Error::NotSquare`],
    /// [`Error::OutOfMemory`].
    pub fn certificate(&self, a: &ArrayRef2<T>) -> Result<Certificate, Error> {
        let n = square("a", a)?;
        same("a", "rows", n, self.values.len(), "the order of the matrix that was decomposed")?;
        let scale = balancing_scale(a);
        let scaled = a.mapv(|x| x * scale);
        let values = self.values.mapv(|z| z * scale);
        let mut ratios = vec![
            Ratio::new(
                "‖A V − V Λ‖ / (n ‖A‖ ε)",
                pair_error(&scaled, &self.right, values.iter().copied())?,
                THRESHOLD,
            ),
            Ratio::new("distance of ‖v‖₂ from 1 / (n ε)", norm_error(&self.right), THRESHOLD),
        ];
        if let Some(left) = &self.left {
            let error = pair_error(&scaled.t(), left, values.iter().map(|z| z.conj()))?;
            ratios.push(Ratio::new("‖Uᴴ A − Λ Uᴴ‖ / (n ‖A‖ ε)", error, THRESHOLD));
            ratios.push(Ratio::new("distance of ‖u‖₂ from 1 / (n ε)", norm_error(left), THRESHOLD));
        }
        Ok(Certificate::new(ratios))
    }
}

impl GeneralEigen<f64> {
    /// The choices, to change before computing; the scalar is that of the matrix given to them.
    pub fn params() -> GeneralEigenParams {
        GeneralEigenParams::default()
    }
}

/// The choices of an eigendecomposition. Made by [`GeneralEigen::params`].
///
/// ```
/// use lapwing_lapack::{Balancing, ConditionNumbers, GeneralEigen};
/// use ndarray::array;
/// let a = array![[1.0, 1000.0], [0.0, 2.0]];
/// let params = GeneralEigen::params().balancing(Balancing::None).conditions(ConditionNumbers::Values);
/// let eigen = params.compute(&a)?;
/// // Far from normal: a perturbation may move the eigenvalues by a thousand times its norm.
/// assert!((eigen.conditions().unwrap().values[0] - 1e-3f64).abs() < 1e-8);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct GeneralEigenParams {
    balancing: Balancing,
    conditions: ConditionNumbers,
    left: bool,
}

impl GeneralEigenParams {
    /// How to prepare the matrix. Default: [`Balancing::PermuteAndScale`].
    pub fn balancing(mut self, balancing: Balancing) -> Self {
        self.balancing = balancing;
        self
    }

    /// Computes the left eigenvectors too.
    pub fn left_vectors(mut self) -> Self {
        self.left = true;
        self
    }

    /// Which condition numbers to compute. Default: [`ConditionNumbers::None`].
    pub fn conditions(mut self, conditions: ConditionNumbers) -> Self {
        self.conditions = conditions;
        self
    }

    /// Eigenvalues and eigenvectors of `a` (n x n).
    ///
    /// # Errors
    /// As [`GeneralEigen::new`]. With condition numbers of vectors, [`Error::TooLarge`] from n = 46338 on.
    pub fn compute<T: Scalar>(self, a: &ArrayRef2<T>) -> Result<GeneralEigen<T>, Error> {
        let sense = match self.conditions {
            ConditionNumbers::None => b'N',
            ConditionNumbers::Values => b'E',
            ConditionNumbers::ValuesAndVectors => b'B',
        };
        // LAPACK needs the vectors of both sides for the condition numbers.
        let raw = self.solve(a, sense, self.left || sense != b'N', true)?;
        let conditions = (sense != b'N').then(|| EigenConditions {
            values: raw.value_conditions.into(),
            vectors: raw.vector_conditions.into(),
        });
        let left = if self.left { Some(unpack_vectors(&raw.im, &raw.left)?) } else { None };
        drop(raw.left);
        Ok(GeneralEigen {
            values: complex(&raw.re, &raw.im),
            right: unpack_vectors(&raw.im, &raw.right)?,
            left,
            conditions,
        })
    }

    /// The eigenvalues of `a` (n x n) alone; of the choices, balancing counts.
    ///
    /// # Errors
    /// As [`GeneralEigen::new`].
    pub fn values<T: Scalar>(self, a: &ArrayRef2<T>) -> Result<Array1<Complex<T>>, Error> {
        let raw = self.solve(a, b'N', false, false)?;
        Ok(complex(&raw.re, &raw.im))
    }

    fn solve<T: Scalar>(
        self,
        a: &ArrayRef2<T>,
        sense: u8,
        left: bool,
        right: bool,
    ) -> Result<Packed<T>, Error> {
        let n = square("a", a)?;
        let order = to_int("the order of the matrix", n)?;
        let minimum = match sense {
            b'B' => n as u128 * (n as u128 + 6),
            _ => 3 * n as u128,
        };
        let what = "the workspace of geevx";
        checked_length(what, minimum)?;
        let area = checked_area::<T>(n, n)?;
        require_finite("a", a)?;
        let room = |wanted: bool, length| zeroed(if wanted { length } else { 0 });
        let mut raw = Packed {
            re: zeroed(n)?,
            im: zeroed(n)?,
            left: room(left, area)?,
            right: room(right, area)?,
            value_conditions: room(sense != b'N', n)?,
            vector_conditions: room(sense == b'B', n)?,
        };
        if n == 0 {
            return Ok(raw);
        }
        let mut matrix = into_columns(column_major(a)?);
        let optimum = || T::geevx_optimum(self.balancing.letter(), sense, left, right, order);
        let mut work = zeroed(workspace_length(what, minimum, optimum)?)?;
        let info = T::geevx(
            self.balancing.letter(),
            sense,
            Columns::new(&mut matrix, n, n)?,
            &mut raw.re,
            &mut raw.im,
            Columns::new(&mut raw.left, n, if left { n } else { 0 })?,
            Columns::new(&mut raw.right, n, if right { n } else { 0 })?,
            &mut zeroed(n)?,
            &mut raw.value_conditions,
            &mut raw.vector_conditions,
            &mut work,
            &mut vec![0; if sense == b'B' { 2 * n - 1 } else { 1 }],
        );
        converged("geevx", info, n)?;
        for result in [&raw.re, &raw.im, &raw.left, &raw.right, &raw.value_conditions, &raw.vector_conditions]
        {
            require_finite_result("geevx", result)?;
        }
        Ok(raw)
    }
}

/// What `geevx` returns: vectors packed as real columns, empty where not wanted.
struct Packed<T> {
    re: Vec<T>,
    im: Vec<T>,
    left: Vec<T>,
    right: Vec<T>,
    value_conditions: Vec<T>,
    vector_conditions: Vec<T>,
}

/// `‖A V − V Λ‖ / (n ‖A‖ ε)` for vectors of norm one.
fn pair_error<T: Scalar>(
    a: &ArrayRef2<T>,
    vectors: &Array2<Complex<T>>,
    values: impl Iterator<Item = Complex<T>>,
) -> Result<f64, Error> {
    let mut defect = Parts::of(vectors, T::one()).multiplied_by(a)?;
    let columns = defect.re.columns_mut().into_iter().zip(defect.im.columns_mut());
    for (((mut re, mut im), vector), value) in columns.zip(vectors.columns()).zip(values) {
        re.zip_mut_with(&vector, |entry, v| *entry -= (v * value).re);
        im.zip_mut_with(&vector, |entry, v| *entry -= (v * value).im);
    }
    Ok(match defect.one_norm() {
        0.0 => 0.0,
        error => error / one_norm(a).as_f64() / (a.nrows().max(1) as f64 * T::UNIT_ROUNDOFF.as_f64()),
    })
}

/// `max |‖v‖₂ − 1| / (n ε)`.
fn norm_error<T: Scalar>(vectors: &Array2<Complex<T>>) -> f64 {
    let distance = |vector: ArrayView1<Complex<T>>| {
        let square: f64 = vector.iter().map(|z| z.re.as_f64().powi(2) + z.im.as_f64().powi(2)).sum();
        (square.sqrt() - 1.0).abs()
    };
    let largest = vectors.columns().into_iter().map(distance).fold(0.0, f64::max);
    largest / (vectors.nrows().max(1) as f64 * T::UNIT_ROUNDOFF.as_f64())
}

#[cfg(test)]
mod tests;
