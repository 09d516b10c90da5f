//! The pencil `H − λ J` whose stable eigenvectors hold the solution of a Riccati equation.

use ndarray::{Array2, ArrayRef2, ArrayView2, s};

use super::riccati::Time;
use crate::error::Error;
use crate::layout::zeros;
use crate::qr::Qr;
use crate::scalar::Scalar;

/// The matrices of a Riccati equation: `a`, `q` and `e` n x n, `b` and `s` n x m, `r` m x m.
pub(super) struct Problem<'a, T> {
    pub(super) a: ArrayView2<'a, T>,
    pub(super) b: ArrayView2<'a, T>,
    pub(super) q: ArrayView2<'a, T>,
    pub(super) r: ArrayView2<'a, T>,
    pub(super) e: Option<ArrayView2<'a, T>>,
    pub(super) s: Option<ArrayView2<'a, T>>,
}

/// The pencil of order 2n that is left when the inputs are eliminated.
pub(super) struct Pencil<T> {
    pub(super) h: Array2<T>,
    pub(super) j: Array2<T>,
    /// E in the scaled coordinates, if there is one.
    pub(super) e: Option<Array2<T>>,
    /// The powers of two D by which the state was scaled: the solution is `D X D` of the scaled one.
    pub(super) scale: Vec<T>,
}

impl<T: Scalar> Pencil<T> {
    /// The extended pencil of order 2n + m, in which R is not inverted (van Dooren, SIAM J. Sci. Stat. Comput. 2,
    /// 1981), balanced by a scaling that keeps its symmetry (Benner 2001), and compressed by the orthogonal
    /// complement of the columns of the inputs.
    pub(super) fn new(time: Time, problem: &Problem<T>) -> Result<Self, Error> {
        let (n, m) = problem.b.dim();
        let (mut h, mut j) = (zeros(2 * n + m, 2 * n + m)?, zeros(2 * n + m, 2 * n + m)?);
        let (costate, input) = (n..2 * n, 2 * n..);
        let mut identity = zeros(n, n)?;
        identity.diag_mut().fill(T::one());
        let e = problem.e.unwrap_or(identity.view());
        h.slice_mut(s![..n, ..n]).assign(&problem.a);
        h.slice_mut(s![..n, input.clone()]).assign(&problem.b);
        h.slice_mut(s![costate.clone(), ..n]).assign(&problem.q.mapv(|x| -x));
        h.slice_mut(s![input.clone(), input.clone()]).assign(&problem.r);
        if let Some(cross) = &problem.s {
            h.slice_mut(s![costate.clone(), input.clone()]).assign(&cross.mapv(|x| -x));
            h.slice_mut(s![input.clone(), ..n]).assign(&cross.t());
        }
        j.slice_mut(s![..n, ..n]).assign(&e);
        match time {
            Time::Continuous => {
                h.slice_mut(s![costate.clone(), costate.clone()]).assign(&problem.a.t().mapv(|x| -x));
                h.slice_mut(s![input, costate.clone()]).assign(&problem.b.t());
                j.slice_mut(s![costate.clone(), costate]).assign(&e.t());
            }
            Time::Discrete => {
                h.slice_mut(s![costate.clone(), costate.clone()]).assign(&e.t());
                j.slice_mut(s![costate.clone(), costate.clone()]).assign(&problem.a.t());
                j.slice_mut(s![input, costate]).assign(&problem.b.t().mapv(|x| -x));
            }
        }
        let scale = balance(n, &mut h, &mut j);
        let scaled_e = problem.e.is_some().then(|| j.slice(s![..n, ..n]).to_owned());
        let (h, j) = if m == 0 { (h, j) } else { compress(n, m, &h, &j)? };
        Ok(Self { h, j, e: scaled_e, scale })
    }
}

/// Scales rows by D and columns by its inverse so that those of `|H| + |J|` have like norms, with
/// `D = diag(d, 1/d, w)`, powers of two; returns d.
fn balance<T: Scalar>(n: usize, h: &mut Array2<T>, j: &mut Array2<T>) -> Vec<T> {
    let order = h.nrows();
    let magnitudes = Array2::from_shape_fn((order, order), |(i, k)| {
        if i == k { 0.0 } else { h[[i, k]].as_f64().abs() + j[[i, k]].as_f64().abs() }
    });
    let free = logarithmic_scale(&magnitudes);
    let mut exponents = free.clone();
    for i in 0..n {
        exponents[i] = ((free[i] - free[n + i]) / 2.0).round();
        exponents[n + i] = -exponents[i];
    }
    // Where a row and a column differ by more than the range, no scaling keeps all entries in it: as it stands, then.
    let power = |x: f64| T::from_f64(x.exp2());
    if exponents.iter().any(|x| x.abs() > T::max_value().as_f64().log2() / 8.0) {
        exponents.fill(0.0);
    }
    for matrix in [h, j] {
        for ((i, k), entry) in matrix.indexed_iter_mut() {
            *entry *= power(exponents[i] - exponents[k]);
        }
    }
    exponents[..n].iter().map(|&x| power(x)).collect()
}

/// Logarithms of the powers of two that balance a nonnegative matrix: rows times D, columns times its inverse
/// (Osborne 1960; the stopping rule is that of LAPACK's `gebal`).
fn logarithmic_scale(a: &Array2<f64>) -> Vec<f64> {
    let order = a.nrows();
    let mut exponents = vec![0.0f64; order];
    for _ in 0..100 {
        let mut settled = true;
        for i in 0..order {
            let (mut row, mut column) = (0.0, 0.0);
            for k in 0..order {
                row += a[[i, k]] * (exponents[i] - exponents[k]).exp2();
                column += a[[k, i]] * (exponents[k] - exponents[i]).exp2();
            }
            if row == 0.0 || column == 0.0 || !(row + column).is_finite() {
                continue;
            }
            let step = ((column / row).log2() / 2.0).round();
            if row * step.exp2() + column * (-step).exp2() < 0.95 * (row + column) {
                exponents[i] += step;
                settled = false;
            }
        }
        if settled {
            break;
        }
    }
    exponents
}

/// Rows that the inputs' columns of H do not reach: `Q₂ᵀ [H J]` of the full QR factorization of those columns, on
/// which J has zeros.
fn compress<T: Scalar>(
    n: usize,
    m: usize,
    h: &ArrayRef2<T>,
    j: &ArrayRef2<T>,
) -> Result<(Array2<T>, Array2<T>), Error> {
    let qr = Qr::new(&h.slice(s![.., 2 * n..]))?;
    let rest = |matrix: &ArrayRef2<T>| -> Result<Array2<T>, Error> {
        let turned = qr.apply_q_transposed(&matrix.slice(s![.., ..2 * n]).to_owned())?;
        Ok(turned.slice(s![m.., ..]).to_owned())
    };
    Ok((rest(h)?, rest(j)?))
}
