//! Real quasi-triangular and complex triangular matrices as one: what the functions of Schur forms need of both.

use std::ops::{Neg, Range};

use ndarray::{Array2, ArrayRef2, LinalgScalar, ShapeBuilder, s};
use num_complex::Complex;

use crate::certificate::one_norm;
use crate::error::Error;
use crate::ffi::lapack::Columns;
use crate::ffi::{Equations, Int};
use crate::layout::checked_area;
use crate::products::{gemm, matmul};
use crate::scalar::Scalar;

/// An entry of a Schur form: a real scalar, whose form has 2 x 2 blocks on its diagonal for pairs of complex
/// eigenvalues, or a complex one, whose form is triangular.
pub(crate) trait Entry<T: Scalar>: LinalgScalar + Neg<Output = Self> + PartialEq {
    /// As a complex number.
    fn to_complex(self) -> Complex<T>;

    /// From a complex number, of which a real scalar keeps the real part.
    fn from_complex(value: Complex<T>) -> Self;

    /// `c := c + sign · a b`.
    fn accumulate(
        sign: T,
        a: &ArrayRef2<Self>,
        b: &ArrayRef2<Self>,
        c: &mut ArrayRef2<Self>,
    ) -> Result<(), Error>;

    /// `A X + X B = scale · C`, as LAPACK's `trsyl`.
    fn trsyl(a: &[Self], b: &[Self], c: Columns<Self>) -> (Int, T);

    /// The largest absolute column sum.
    fn one_norm(a: &ArrayRef2<Self>) -> T;
}

impl<T: Scalar> Entry<T> for T {
    fn to_complex(self) -> Complex<T> {
        Complex::new(self, T::zero())
    }

    fn from_complex(value: Complex<T>) -> Self {
        value.re
    }

    fn accumulate(
        sign: T,
        a: &ArrayRef2<Self>,
        b: &ArrayRef2<Self>,
        c: &mut ArrayRef2<Self>,
    ) -> Result<(), Error> {
        gemm(sign, a, b, T::one(), c)
    }

    fn trsyl(a: &[Self], b: &[Self], c: Columns<Self>) -> (Int, Self) {
        <T as Equations>::trsyl(b'N', 1, a, b, c)
    }

    fn one_norm(a: &ArrayRef2<Self>) -> T {
        one_norm(a)
    }
}

impl<T: Scalar> Entry<T> for Complex<T> {
    fn to_complex(self) -> Complex<T> {
        self
    }

    fn from_complex(value: Complex<T>) -> Self {
        value
    }

    // Four real products: OpenBLAS's complex kernels are not to be trusted, and its real ones are as fast.
    fn accumulate(
        sign: T,
        a: &ArrayRef2<Self>,
        b: &ArrayRef2<Self>,
        c: &mut ArrayRef2<Self>,
    ) -> Result<(), Error> {
        let (a_re, a_im) = (a.mapv(|z| z.re), a.mapv(|z| z.im));
        let (b_re, b_im) = (b.mapv(|z| z.re), b.mapv(|z| z.im));
        let (mut re, mut im) = (matmul(&a_re, &b_re)?, matmul(&a_re, &b_im)?);
        gemm(-T::one(), &a_im, &b_im, T::one(), &mut re)?;
        gemm(T::one(), &a_im, &b_re, T::one(), &mut im)?;
        ndarray::Zip::from(c).and(&re).and(&im).for_each(|c, &re, &im| {
            *c += Complex::new(sign * re, sign * im);
        });
        Ok(())
    }

    fn trsyl(a: &[Self], b: &[Self], c: Columns<Self>) -> (Int, T) {
        T::trsyl_complex(a, b, c)
    }

    fn one_norm(a: &ArrayRef2<Self>) -> T {
        one_norm(&a.mapv(|z| z.norm()))
    }
}

/// Zeros, or [`Error::OutOfMemory`].
pub(crate) fn zeros<T: Scalar, E: Entry<T>>(rows: usize, cols: usize) -> Result<Array2<E>, Error> {
    let area = checked_area::<E>(rows, cols)?;
    let mut data = Vec::new();
    data.try_reserve_exact(area)
        .map_err(|_| Error::OutOfMemory { bytes: area as u128 * size_of::<E>() as u128 })?;
    data.resize(area, E::zero());
    Ok(Array2::from_shape_vec((rows, cols), data).expect("as many entries as were reserved"))
}

/// `a b`.
pub(crate) fn product<T: Scalar, E: Entry<T>>(
    a: &ArrayRef2<E>,
    b: &ArrayRef2<E>,
) -> Result<Array2<E>, Error> {
    let mut c = zeros(a.nrows(), b.ncols())?;
    E::accumulate(T::one(), a, b, &mut c)?;
    Ok(c)
}

/// The diagonal blocks of a Schur form, of order 1 or 2, from the top.
pub(crate) fn blocks<T: Scalar, E: Entry<T>>(t: &ArrayRef2<E>) -> Vec<Range<usize>> {
    let (n, mut start, mut blocks) = (t.nrows(), 0, Vec::new());
    while start < n {
        let paired = start + 1 < n && t[[start + 1, start]] != E::zero();
        let end = start + if paired { 2 } else { 1 };
        blocks.push(start..end);
        start = end;
    }
    blocks
}

/// The eigenvalue of a diagonal block; of the two of a 2 x 2 block in LAPACK's standard form (equal diagonal
/// entries, off-diagonal ones of opposite signs) that with the positive imaginary part.
pub(crate) fn eigenvalue<T: Scalar, E: Entry<T>>(t: &ArrayRef2<E>, block: &Range<usize>) -> Complex<T> {
    let i = block.start;
    let mut value = t[[i, i]].to_complex();
    if block.len() == 2 {
        let (above, below) = (t[[i, i + 1]].to_complex().re.abs(), t[[i + 1, i]].to_complex().re.abs());
        value.im = above.sqrt() * below.sqrt();
    }
    value
}

/// Writes `f` of a diagonal block of `t` to the same place of `target`. Of a 2 x 2 block `[[x, b], [c, x]]` with the
/// eigenvalues `x ± iy`, `y² = -bc`, it is `re f · I + im f / y · [[0, b], [c, 0]]`, for an `f` that commutes with
/// conjugation.
pub(crate) fn apply_to_block<T: Scalar, E: Entry<T>>(
    t: &ArrayRef2<E>,
    block: &Range<usize>,
    target: &mut ArrayRef2<E>,
    f: impl Fn(Complex<T>) -> Complex<T>,
) {
    let (i, value) = (block.start, f(eigenvalue(t, block)));
    if block.len() == 1 {
        target[[i, i]] = E::from_complex(value);
        return;
    }
    let (above, below) = (t[[i, i + 1]].to_complex().re, t[[i + 1, i]].to_complex().re);
    // b / y is sign(b) √|b / c|, which neither overflows nor underflows where b c would.
    let (upper, lower) = (above.abs().sqrt(), below.abs().sqrt());
    let real = |x: T| E::from_complex(Complex::new(x, T::zero()));
    target[[i, i]] = real(value.re);
    target[[i + 1, i + 1]] = real(value.re);
    target[[i, i + 1]] = real(above.signum() * value.im * (upper / lower));
    target[[i + 1, i]] = real(below.signum() * value.im * (lower / upper));
}

/// The solution of `a X + X b = c` with Schur forms `a` and `b`, and whether LAPACK had to perturb an eigenvalue
/// that `a` and `-b` share.
pub(crate) fn sylvester<T: Scalar, E: Entry<T>>(
    a: &ArrayRef2<E>,
    b: &ArrayRef2<E>,
    c: &ArrayRef2<E>,
) -> Result<(Array2<E>, bool), Error> {
    let (m, n) = c.dim();
    if m == 0 || n == 0 {
        return Ok((zeros(m, n)?, false));
    }
    let mut x = packed(c)?;
    let (info, scale) = E::trsyl(&packed(a)?, &packed(b)?, Columns::new(&mut x, m, n)?);
    if info < 0 {
        return Err(Error::Internal { routine: "trsyl", info });
    }
    let mut x = Array2::from_shape_vec((m, n).f(), x).expect("as many entries as c has");
    if scale != T::one() {
        let scale = E::from_complex(Complex::new(scale, T::zero()));
        x.mapv_inplace(|entry| entry / scale);
    }
    Ok((x, info == 1))
}

/// The columns of `a`, one after the other.
fn packed<T: Scalar, E: Entry<T>>(a: &ArrayRef2<E>) -> Result<Vec<E>, Error> {
    let area = checked_area::<E>(a.nrows(), a.ncols())?;
    let mut data = Vec::new();
    data.try_reserve_exact(area)
        .map_err(|_| Error::OutOfMemory { bytes: area as u128 * size_of::<E>() as u128 })?;
    data.extend(a.t().iter());
    Ok(data)
}

/// `b := a⁻¹ b` for a matrix `a` whose diagonal blocks are `blocks`, by halving, so that products do the work.
pub(crate) fn solve_in_place<T: Scalar, E: Entry<T>>(
    a: &ArrayRef2<E>,
    blocks: &[Range<usize>],
    b: &mut ArrayRef2<E>,
) -> Result<(), Error> {
    match blocks {
        [] => {}
        [block] => solve_block(a, block, b),
        _ => {
            let (first, second) = blocks.split_at(blocks.len() / 2);
            solve_in_place(a, second, b)?;
            let (top, bottom) =
                (first[0].start..second[0].start, second[0].start..second[second.len() - 1].end);
            let (mut upper, lower) = b.multi_slice_mut((s![top.clone(), ..], s![bottom.clone(), ..]));
            E::accumulate(-T::one(), &a.slice(s![top, bottom]), &lower, &mut upper)?;
            solve_in_place(a, first, b)?;
        }
    }
    Ok(())
}

/// `a / b`, also where the square of `b` over- or underflows, which `Complex`'s division takes.
pub(crate) fn quotient<T: Scalar>(a: Complex<T>, b: Complex<T>) -> Complex<T> {
    let size = b.norm();
    Complex::new(a.re / size, a.im / size) * Complex::new(b.re / size, -b.im / size)
}

/// One diagonal block, by elimination with the larger pivot.
fn solve_block<T: Scalar, E: Entry<T>>(a: &ArrayRef2<E>, block: &Range<usize>, b: &mut ArrayRef2<E>) {
    let i = block.start;
    let divide = |x: E, y: E| E::from_complex(quotient(x.to_complex(), y.to_complex()));
    if block.len() == 1 {
        let pivot = a[[i, i]];
        b.row_mut(i).mapv_inplace(|x| divide(x, pivot));
        return;
    }
    let magnitude = |x: E| x.to_complex().norm();
    let (pivot, other) =
        if magnitude(a[[i, i]]) >= magnitude(a[[i + 1, i]]) { (i, i + 1) } else { (i + 1, i) };
    let factor = divide(a[[other, i]], a[[pivot, i]]);
    let last = a[[other, i + 1]] - factor * a[[pivot, i + 1]];
    for col in 0..b.ncols() {
        let second = divide(b[[other, col]] - factor * b[[pivot, col]], last);
        let first = divide(b[[pivot, col]] - a[[pivot, i + 1]] * second, a[[pivot, i]]);
        (b[[i, col]], b[[i + 1, col]]) = (first, second);
    }
}

/// A lower bound of `‖F₁ F₂ ···‖₁` that is rarely less than a third of it, in O(n²) operations (Higham, ACM TOMS
/// 14, 1988, which is LAPACK's `lacn2`); the product itself is never formed.
pub(crate) fn estimated_norm<T: Scalar, E: Entry<T>>(factors: &[&ArrayRef2<E>]) -> Result<T, Error> {
    let n = factors[0].nrows();
    let real = |x: f64| E::from_complex(Complex::new(T::from_f64(x), T::zero()));
    let conjugate = |z: E| E::from_complex(z.to_complex().conj());
    let apply = |x: &Array2<E>| factors.iter().rev().try_fold(x.clone(), |x, factor| product(factor, &x));
    let mut x = Array2::from_elem((n, 1), real(1.0 / n as f64));
    let mut estimate = T::zero();
    for _ in 0..5 {
        let y = apply(&x)?;
        let norm = E::one_norm(&y);
        if norm <= estimate || norm.is_nan() {
            break;
        }
        estimate = norm;
        let signs = y.mapv(|entry| {
            let size = entry.to_complex().norm();
            if size == T::zero() { E::one() } else { E::from_complex(entry.to_complex().conj() / size) }
        });
        let dual = factors.iter().try_fold(signs, |z, factor| product(&factor.t(), &z))?.mapv(conjugate);
        let sizes = dual.mapv(|z| z.to_complex().norm());
        let largest = (0..n).fold(0, |best, i| if sizes[[i, 0]] > sizes[[best, 0]] { i } else { best });
        let reached: E = dual.iter().zip(&x).fold(E::zero(), |sum, (&z, &x)| sum + conjugate(z) * x);
        if sizes[[largest, 0]] <= reached.to_complex().norm() {
            break;
        }
        x.fill(E::zero());
        x[[largest, 0]] = E::one();
    }
    // A vector that the iteration's stationary points do not deceive.
    let step = 1.0 / (n.max(2) - 1) as f64;
    let alternating = Array2::from_shape_fn((n, 1), |(i, _)| {
        real(if i % 2 == 0 { 1.0 } else { -1.0 } * (1.0 + i as f64 * step))
    });
    let other = E::one_norm(&apply(&alternating)?) * T::from_f64(2.0 / (3.0 * n as f64));
    Ok(estimate.max(other))
}
