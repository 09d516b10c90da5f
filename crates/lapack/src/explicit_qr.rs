//! QR factorization with Q and R at hand, and rank-one updates of it: from `A` to `A + u vᵀ`.
//!
//! | step   | method                                              | cost, m ≥ n   |
//! |--------|-----------------------------------------------------|---------------|
//! | factor | `sgeqrf` and `sorgqr`, `dgeqrf` and `dorgqr`        | 4mn² − 4n³/3  |
//! | update | Givens rotations (Golub and Van Loan 2013, § 6.5.1) | 16mn + 6n²    |
//!
//! [`Qr`](crate::Qr) keeps Q as reflectors, which is smaller and faster to apply; a change of the matrix needs the
//! columns themselves. LAPACK has no such update. Adding `u eⱼᵀ` replaces a column of `A`, adding `eᵢ vᵀ` a row.

use ndarray::{Array, Array2, ArrayRef, ArrayRef1, ArrayRef2, ArrayView2, Axis, s};

use crate::certificate::{
    Certificate, Ratio, backward_error, balancing_scale, one_norm, orthogonality, residual,
};
use crate::error::Error;
use crate::finite::{require_finite, require_finite_result};
use crate::layout::{column_major, from_columns, zeros};
use crate::norms::two_norm;
use crate::products::{Diagonal, Side, gemm, matmul, same, trsm};
use crate::qr::{Qr, THRESHOLD, check_extents, into_columns};
use crate::right_hand_side::RightHandSide;
use crate::scalar::Scalar;
use crate::triangle::Triangle;

/// The thin QR factorization of a matrix of m rows and n columns, k = min(m, n), that follows changes of rank one.
///
/// ```
/// use lapwing_lapack::ExplicitQr;
/// use ndarray::array;
/// let mut a = array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]];
/// let mut qr = ExplicitQr::new(&a)?;
/// // Replace the last row by (7, 8): add (0, 0, 1) times the difference.
/// qr.update(&array![0.0, 0.0, 1.0], &array![2.0, 2.0])?;
/// a.row_mut(2).assign(&array![7.0, 8.0]);
/// assert!(qr.certificate(&a)?.holds());
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[doc(alias = "qr_update")]
#[derive(Clone, Debug)]
pub struct ExplicitQr<T: Scalar> {
    /// Column-major and packed, m x k.
    q: Array2<T>,
    /// Row-major and packed, k x n.
    r: Array2<T>,
}

impl<T: Scalar> ExplicitQr<T> {
    /// Factors `a` (m x n).
    ///
    /// # Errors
    /// As [`Qr::new`].
    pub fn new(a: &ArrayRef2<T>) -> Result<Self, Error> {
        let (q, factor) = Qr::new(a)?.into_thin()?;
        let q = from_columns(into_columns(q), a.nrows(), factor.nrows());
        let mut r = zeros(factor.nrows(), factor.ncols())?;
        r.assign(&factor);
        Ok(Self { q, r })
    }

    /// The factorization of `q r`, for `q` (m x k) with orthonormal columns, which is not checked, and `r` (k x n)
    /// upper triangular, of which what lies below the diagonal is not read; k must be min(m, n).
    ///
    /// # Errors
    /// [`Error::Shape`], [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`].
    pub fn from_factors(q: &ArrayRef2<T>, r: &ArrayRef2<T>) -> Result<Self, Error> {
        let ((m, k), n) = (q.dim(), r.ncols());
        same("r", "rows", r.nrows(), k, "as many as q has columns")?;
        same("q", "columns", k, m.min(n), "the smaller extent of the factored matrix")?;
        check_extents(q)?;
        check_extents(r)?;
        require_finite("q", q)?;
        let mut upper = zeros(k, n)?;
        for (i, (mut kept, given)) in upper.outer_iter_mut().zip(r.outer_iter()).enumerate() {
            kept.slice_mut(s![i..]).assign(&given.slice(s![i..]));
        }
        require_finite("r", &upper)?;
        Ok(Self { q: column_major(q)?, r: upper })
    }

    /// The thin Q, m x k, with orthonormal columns.
    pub fn q(&self) -> ArrayView2<'_, T> {
        self.q.view()
    }

    /// R, k x n, upper triangular (trapezoidal when m < n), zeros below the diagonal.
    pub fn r(&self) -> ArrayView2<'_, T> {
        self.r.view()
    }

    /// `(Q, R)`, without a copy.
    pub fn into_factors(self) -> (Array2<T>, Array2<T>) {
        (self.q, self.r)
    }

    /// Makes this the factorization of `A + u vᵀ`, for `u` of m entries and `v` of n, in O(mn).
    ///
    /// Backward stable: Q stays orthonormal, and `Q R` is within a modest multiple of `ε (‖A‖ + ‖u‖ ‖v‖)` of the new
    /// matrix. Errors of many updates add up; factor anew when [`certificate`](Self::certificate) no longer holds.
    ///
    /// # Errors
    /// [`Error::Shape`], [`Error::NonFinite`], [`Error::OutOfMemory`], [`Error::Overflow`]. On any error the
    /// factorization is what it was.
    pub fn update(&mut self, u: &ArrayRef1<T>, v: &ArrayRef1<T>) -> Result<(), Error> {
        let ((m, k), n) = (self.q.dim(), self.r.ncols());
        same("u", "entries", u.len(), m, "the rows of the factored matrix")?;
        same("v", "entries", v.len(), n, "the columns of the factored matrix")?;
        require_finite("u", &u.view().insert_axis(Axis(1)))?;
        require_finite("v", &v.view().insert_axis(Axis(1)))?;
        if k == 0 {
            return Ok(());
        }
        // A + u vᵀ = [Q q] ([R; 0] + w vᵀ), where q completes the span when Q is not square.
        let (mut w, beyond) = self.coordinates(u)?;
        let mut q = into_columns(self.q.clone());
        let mut r = self.r.clone().into_raw_vec_and_offset().0;
        if let Some((length, direction)) = beyond {
            w.push(length);
            q.extend(direction);
            r.resize(r.len() + n, T::zero());
        }
        // From the last row up, w becomes a multiple of the first unit vector, and R Hessenberg.
        for i in (1..w.len()).rev() {
            let (cosine, sine, length) = givens(w[i - 1], w[i]);
            w[i - 1] = length;
            let (upper, lower) = two_lanes(&mut r, n, i - 1);
            rotate(cosine, sine, &mut upper[i - 1..], &mut lower[i - 1..]);
            let (left, right) = two_lanes(&mut q, m, i - 1);
            rotate(cosine, sine, left, right);
        }
        r.iter_mut().zip(v).for_each(|(entry, &v)| *entry += w[0] * v);
        // From the first row down, the entries below the diagonal are rotated away.
        for i in 0..n.min(w.len() - 1) {
            let (upper, lower) = two_lanes(&mut r, n, i);
            let (cosine, sine, length) = givens(upper[i], lower[i]);
            (upper[i], lower[i]) = (length, T::zero());
            rotate(cosine, sine, &mut upper[i + 1..], &mut lower[i + 1..]);
            let (left, right) = two_lanes(&mut q, m, i);
            rotate(cosine, sine, left, right);
        }
        q.truncate(m * k);
        r.truncate(k * n);
        require_finite_result("the QR update", &q)?;
        require_finite_result("the QR update", &r)?;
        self.q = from_columns(q, m, k);
        self.r = Array2::from_shape_vec((k, n), r).expect("k rows of n entries are left");
        Ok(())
    }

    /// The least squares solution `x` (n entries, or n rows) of `min ‖a x − b‖₂`, for m ≥ n and full rank.
    ///
    /// # Errors
    /// [`Error::Singular`] at an exactly zero diagonal entry of R; [`Error::Shape`] when m < n or `b` has not m rows;
    /// [`Error::NonFinite`]; [`Error::Overflow`].
    pub fn solve<D: RightHandSide>(&self, b: &ArrayRef<T, D>) -> Result<Array<T, D>, Error> {
        let b = D::as_columns(b);
        let (m, n) = (self.q.nrows(), self.r.ncols());
        if m < n {
            let reason = "the system is underdetermined; use PivotedQr";
            return Err(Error::Shape { argument: "a", extent: "rows", found: m, expected: n, reason });
        }
        same("b", "rows", b.nrows(), m, "as many as the factored matrix has")?;
        require_finite("b", &b)?;
        if let Some(pivot) = self.r.diag().iter().position(|&entry| entry == T::zero()) {
            return Err(Error::Singular { pivot });
        }
        let mut x = matmul(&self.q.t(), &b)?;
        trsm(Side::Left, Triangle::Upper, Diagonal::General, T::one(), &self.r, &mut x)?;
        require_finite_result("trsm", x.as_slice().expect("it was just made"))?;
        Ok(D::from_columns(x))
    }

    /// How far this is from an exact factorization of `a`, and Q from orthonormal.
    ///
    /// # Errors
    /// [`Error::Shape`] when `a` is not of the shape that was factored.
    pub fn certificate(&self, a: &ArrayRef2<T>) -> Result<Certificate, Error> {
        let m = self.q.nrows();
        same("a", "rows", a.nrows(), m, "those of the matrix that was factored")?;
        same("a", "columns", a.ncols(), self.r.ncols(), "those of the matrix that was factored")?;
        let scale = balancing_scale(a);
        let defect = residual(scale, a, &self.q, &self.r.mapv(|x| x * scale))?;
        let error = backward_error(&defect, one_norm(&a.mapv(|x| x * scale)), m);
        Ok(Certificate::new(vec![
            Ratio::new("‖A − Q R‖ / (m ‖A‖ ε)", error, THRESHOLD),
            Ratio::new("‖I − Qᵀ Q‖ / (m ε)", orthogonality(&self.q, m)?, THRESHOLD),
        ]))
    }

    /// `Qᵀ u`, and for a thin Q what is left of `u` outside of its span: its length, and its direction.
    #[expect(clippy::type_complexity, reason = "two vectors and a number, used once")]
    fn coordinates(&self, u: &ArrayRef1<T>) -> Result<(Vec<T>, Option<(T, Vec<T>)>), Error> {
        let (m, k) = self.q.dim();
        let u = u.view().insert_axis(Axis(1));
        let mut w = matmul(&self.q.t(), &u)?;
        if m == k {
            return Ok((w.into_raw_vec_and_offset().0, None));
        }
        let mut rest = zeros(m, 1)?;
        rest.assign(&u);
        gemm(-T::one(), &self.q, &w, T::one(), &mut rest)?;
        // A projection that takes more than half of a vector away leaves the rest orthogonal only to what the whole
        // was rounded to, and is repeated. After the third, nothing but rounding is left of it: u lies in the span.
        let length = |x: &Array2<T>| T::from_f64(two_norm(x.column(0)));
        let mut before = length(&rest);
        for _ in 0..3 {
            let correction = matmul(&self.q.t(), &rest)?;
            gemm(-T::one(), &self.q, &correction, T::one(), &mut rest)?;
            w += &correction;
            let after = length(&rest);
            if after + after > before && after > T::zero() {
                rest.mapv_inplace(|x| x / after);
                let (w, rest) = (w.into_raw_vec_and_offset().0, rest.into_raw_vec_and_offset().0);
                return Ok((w, Some((after, rest))));
            }
            before = after;
        }
        Ok((w.into_raw_vec_and_offset().0, Some((T::zero(), vec![T::zero(); m]))))
    }
}

/// Cosine, sine and length of the rotation that takes `(a, b)` to `(length, 0)`.
fn givens<T: Scalar>(a: T, b: T) -> (T, T, T) {
    if b == T::zero() {
        return (T::one(), T::zero(), a);
    }
    let length = a.hypot(b);
    (a / length, b / length, length)
}

/// Lanes `i` and `i + 1` of those that lie one after the other, `length` entries each.
fn two_lanes<T>(lanes: &mut [T], length: usize, i: usize) -> (&mut [T], &mut [T]) {
    lanes[i * length..(i + 2) * length].split_at_mut(length)
}

fn rotate<T: Scalar>(cosine: T, sine: T, x: &mut [T], y: &mut [T]) {
    for (x, y) in x.iter_mut().zip(y) {
        (*x, *y) = (cosine * *x + sine * *y, cosine * *y - sine * *x);
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, array};

    use super::*;
    use crate::random::standard_normal;
    use crate::testing::Layout;

    fn outer(u: &Array1<f64>, v: &Array1<f64>) -> Array2<f64> {
        Array2::from_shape_fn((u.len(), v.len()), |(i, j)| u[i] * v[j])
    }

    fn vector(n: usize, seed: u64) -> Array1<f64> {
        standard_normal(n, 1, seed).column(0).to_owned()
    }

    /// Tall, square, wide and empty, in every layout; general, in the span, and zero.
    #[test]
    fn the_factors_are_those_of_the_new_matrix() {
        for (m, n) in [(0, 0), (0, 3), (3, 0), (1, 1), (1, 4), (4, 1), (5, 5), (9, 4), (4, 9), (60, 20)] {
            let a = standard_normal(m, n, 1);
            let v = vector(n, 3);
            let inside = a.dot(&vector(n, 4));
            for u in [vector(m, 2), inside, Array1::zeros(m)] {
                for layout in Layout::ALL {
                    let mut qr = layout.with(&a, |a| ExplicitQr::new(&a)).unwrap();
                    let k = m.min(n);
                    assert_eq!((qr.q().dim(), qr.r().dim()), ((m, k), (k, n)));
                    qr.update(&u, &v).unwrap();
                    assert_eq!((qr.q().dim(), qr.r().dim()), ((m, k), (k, n)));
                    let target = &a + &outer(&u, &v);
                    let certificate = qr.certificate(&target).unwrap();
                    assert!(certificate.holds(), "{m}x{n} {layout:?}\n{certificate}");
                    assert!(qr.r().indexed_iter().all(|((i, j), &x)| i <= j || x == 0.0));
                }
            }
        }
    }

    /// Take a column away altogether, and put it back: rank falls and rises, Q stays orthonormal.
    #[test]
    fn the_rank_may_fall_and_rise() {
        let a = standard_normal(12, 5, 8);
        let mut qr = ExplicitQr::new(&a).unwrap();
        let column = a.column(2).to_owned();
        let unit = array![0.0, 0.0, 1.0, 0.0, 0.0];
        let mut without = a.clone();
        without.column_mut(2).fill(0.0);
        qr.update(&-&column, &unit).unwrap();
        assert!(qr.certificate(&without).unwrap().holds());
        qr.update(&column, &unit).unwrap();
        assert!(qr.certificate(&a).unwrap().holds());
    }

    /// The same least squares solution as of a factorization made anew.
    #[test]
    fn solves_least_squares_after_an_update() {
        let (a, b) = (standard_normal(20, 6, 1), standard_normal(20, 2, 2));
        let (u, v) = (vector(20, 3), vector(6, 4));
        let mut qr = ExplicitQr::new(&a).unwrap();
        qr.update(&u, &v).unwrap();
        let fresh = Qr::new(&(&a + &outer(&u, &v))).unwrap().solve(&b).unwrap();
        assert!((qr.solve(&b).unwrap() - &fresh).iter().all(|x| x.abs() < 1e-13));
        let single = qr.solve(&b.column(0)).unwrap();
        assert!((single - fresh.column(0)).iter().all(|x| x.abs() < 1e-13));
        let wide = ExplicitQr::new(&a.t()).unwrap();
        assert!(matches!(wide.solve(&array![1.0]), Err(Error::Shape { .. })));
        let singular = ExplicitQr::new(&Array2::<f64>::zeros((3, 2))).unwrap();
        assert_eq!(singular.solve(&array![1.0, 2.0, 3.0]), Err(Error::Singular { pivot: 0 }));
    }

    /// Factors that are handed back are the same factorization, whatever lies below the diagonal of R.
    #[test]
    fn stored_factors_are_taken_over() {
        for (m, n) in [(6, 4), (4, 6), (5, 5), (0, 2), (2, 0)] {
            let a = standard_normal(m, n, 3);
            let (q, mut r) = ExplicitQr::new(&a).unwrap().into_factors();
            for ((i, j), entry) in r.indexed_iter_mut() {
                if i > j {
                    *entry = f64::NAN;
                }
            }
            for layout in Layout::ALL {
                let taken =
                    layout.with(&q, |q| layout.with(&r, |r| ExplicitQr::from_factors(&q, &r))).unwrap();
                assert!(taken.certificate(&a).unwrap().holds(), "{m}x{n} {layout:?}");
            }
        }
        let of = |q: (usize, usize), r: (usize, usize)| {
            ExplicitQr::from_factors(&Array2::<f64>::zeros(q), &Array2::zeros(r)).unwrap_err()
        };
        assert!(matches!(of((3, 2), (3, 2)), Error::Shape { argument: "r", .. }));
        assert!(matches!(of((3, 2), (2, 3)), Error::Shape { argument: "q", .. }));
        let nan = array![[1.0, f64::NAN], [0.0, 1.0]];
        let error = ExplicitQr::from_factors(&Array2::eye(2), &nan).unwrap_err();
        assert_eq!(error, Error::NonFinite { argument: "r", row: 0, col: 1 });
    }

    #[test]
    fn errors_change_nothing() {
        let a = array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]];
        let mut qr = ExplicitQr::new(&a).unwrap();
        let before = qr.clone();
        let (u, v) = (array![1.0, 2.0, 3.0], array![1.0, 2.0]);
        for place in 0..3 {
            let mut bad = u.clone();
            bad[place] = f64::NAN;
            assert_eq!(qr.update(&bad, &v), Err(Error::NonFinite { argument: "u", row: place, col: 0 }));
        }
        assert_eq!(
            qr.update(&u, &array![0.0, f64::INFINITY]),
            Err(Error::NonFinite { argument: "v", row: 1, col: 0 })
        );
        assert!(matches!(qr.update(&v, &v), Err(Error::Shape { argument: "u", .. })));
        assert!(matches!(qr.update(&u, &u), Err(Error::Shape { argument: "v", .. })));
        assert!(matches!(qr.update(&(&u * 1e300), &(&v * 1e300)), Err(Error::Overflow { .. })));
        assert_eq!((qr.q(), qr.r()), (before.q(), before.r()));
        qr.update(&(&u * 1e300), &(&v * 1e-300)).unwrap();
        assert!(qr.certificate(&(&a + &outer(&u, &v))).unwrap().holds());
    }
}
