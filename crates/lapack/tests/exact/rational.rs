//! Exact linear algebra on small matrices of rational numbers, by elimination in 128-bit integers. An overflow
//! panics: it is a test that asks too much.

use std::ops::{Add, Div, Mul, Neg, Sub};

use ndarray::{Array2, ArrayRef2, Axis, s};

/// A fraction in lowest terms with a positive denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rational {
    numerator: i128,
    denominator: i128,
}

impl Rational {
    pub(crate) const ZERO: Self = Self { numerator: 0, denominator: 1 };
    pub(crate) const ONE: Self = Self { numerator: 1, denominator: 1 };

    pub(crate) fn new(numerator: i128, denominator: i128) -> Self {
        assert_ne!(denominator, 0, "division by zero");
        let divisor = greatest_common_divisor(numerator, denominator) * denominator.signum();
        Self { numerator: numerator / divisor, denominator: denominator / divisor }
    }

    /// Correctly rounded as long as both parts are below 2⁵³, and within three halves of an ulp beyond.
    pub(crate) fn rounded(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }
}

fn greatest_common_divisor(a: i128, b: i128) -> i128 {
    if b == 0 { a.abs() } else { greatest_common_divisor(b, a % b) }
}

fn product(a: i128, b: i128) -> i128 {
    a.checked_mul(b).expect("the test's fractions fit 128 bits")
}

impl Add for Rational {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let sum = product(self.numerator, other.denominator)
            .checked_add(product(other.numerator, self.denominator))
            .expect("the test's fractions fit 128 bits");
        Self::new(sum, product(self.denominator, other.denominator))
    }
}

impl Neg for Rational {
    type Output = Self;
    fn neg(self) -> Self {
        Self { numerator: -self.numerator, ..self }
    }
}

impl Sub for Rational {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Rational {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self::new(product(self.numerator, other.numerator), product(self.denominator, other.denominator))
    }
}

impl Div for Rational {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        Self::new(product(self.numerator, other.denominator), product(self.denominator, other.numerator))
    }
}

pub(crate) type Matrix = Array2<Rational>;

pub(crate) fn from_integers(a: &Array2<i64>) -> Matrix {
    a.mapv(|x| Rational::new(x.into(), 1))
}

pub(crate) fn rounded(a: &Matrix) -> Array2<f64> {
    a.mapv(Rational::rounded)
}

pub(crate) fn identity(n: usize) -> Matrix {
    Matrix::from_shape_fn((n, n), |(i, j)| if i == j { Rational::ONE } else { Rational::ZERO })
}

pub(crate) fn multiply(a: &ArrayRef2<Rational>, b: &ArrayRef2<Rational>) -> Matrix {
    Matrix::from_shape_fn((a.nrows(), b.ncols()), |(i, j)| {
        a.row(i).iter().zip(b.column(j)).fold(Rational::ZERO, |sum, (&x, &y)| sum + x * y)
    })
}

/// The reduced row echelon form without its zero rows, and the columns of its pivots.
pub(crate) fn echelon(a: &Matrix) -> (Matrix, Vec<usize>) {
    let (mut form, mut pivots) = (a.clone(), Vec::new());
    for col in 0..a.ncols() {
        let rank = pivots.len();
        let Some(row) = (rank..a.nrows()).find(|&row| form[[row, col]] != Rational::ZERO) else { continue };
        for j in 0..a.ncols() {
            form.swap([rank, j], [row, j]);
        }
        let pivot = form[[rank, col]];
        form.row_mut(rank).mapv_inplace(|x| x / pivot);
        for other in (0..a.nrows()).filter(|&other| other != rank) {
            let factor = form[[other, col]];
            for j in 0..a.ncols() {
                form[[other, j]] = form[[other, j]] - factor * form[[rank, j]];
            }
        }
        pivots.push(col);
    }
    (form.slice_move(s![..pivots.len(), ..]), pivots)
}

/// The inverse of a regular matrix.
pub(crate) fn inverse(a: &Matrix) -> Matrix {
    let n = a.nrows();
    let both = ndarray::concatenate(Axis(1), &[a.view(), identity(n).view()]).expect("both have n rows");
    let (form, pivots) = echelon(&both);
    assert!(pivots.iter().copied().eq(0..n), "the matrix is singular");
    form.slice_move(s![.., n..])
}

/// A basis of the solutions of `a x = 0`, in columns: one for each column without a pivot.
pub(crate) fn null_space(a: &Matrix) -> Matrix {
    let (form, pivots) = echelon(a);
    let free: Vec<usize> = (0..a.ncols()).filter(|col| !pivots.contains(col)).collect();
    let mut basis = Matrix::from_elem((a.ncols(), free.len()), Rational::ZERO);
    for (k, &col) in free.iter().enumerate() {
        basis[[col, k]] = Rational::ONE;
        for (i, &pivot) in pivots.iter().enumerate() {
            basis[[pivot, k]] = -form[[i, col]];
        }
    }
    basis
}

/// The orthogonal projector onto the span of independent columns, `B (BᵀB)⁻¹ Bᵀ`.
pub(crate) fn projector(basis: &Matrix) -> Matrix {
    multiply(&multiply(basis, &inverse(&multiply(&basis.t(), basis))), &basis.t())
}

/// The pseudoinverse `Fᵀ (F Fᵀ)⁻¹ (CᵀC)⁻¹ Cᵀ` from the full-rank factorization `A = C F`: C are the columns of the
/// pivots, F is the echelon form.
pub(crate) fn pseudoinverse(a: &Matrix) -> Matrix {
    let (form, pivots) = echelon(a);
    let columns = a.select(Axis(1), &pivots);
    let right = multiply(&form.t(), &inverse(&multiply(&form, &form.t())));
    let left = multiply(&inverse(&multiply(&columns.t(), &columns)), &columns.t());
    multiply(&right, &left)
}
