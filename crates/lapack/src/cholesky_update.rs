//! Rank-one updates and downdates of a Cholesky factor: from that of `A` to that of `A ± v vᵀ`.
//!
//! | step     | method                                 | cost |
//! |----------|----------------------------------------|------|
//! | update   | Givens rotations, as LINPACK's `dchud` | 3n²  |
//! | downdate | Givens rotations, as LINPACK's `dchdd` | 4n²  |
//!
//! For a sample that enters or leaves a covariance, a row of a least squares problem, a quasi-Newton step: a new
//! factorization would cost n³/3. LAPACK has none of these.
//!
//! The update is backward stable: the factor is that of a matrix within a modest multiple of `n ε` of `A + v vᵀ`.
//! A downdate is so relative to `A`, not to `A − v vᵀ`, as any must be: what is nearly taken away altogether is left
//! with the rounding of what was there (Stewart 1979).

use ndarray::{Array2, ArrayRef1, ArrayRef2, ArrayViewMut2, Axis, s};

use crate::cholesky::Cholesky;
use crate::error::Error;
use crate::ffi::lapack::to_int;
use crate::finite::{FiniteCheck, require_finite, require_finite_result, require_finite_triangle};
use crate::layout::{column_major, zeros};
use crate::products::{same, square};
use crate::scalar::Scalar;
use crate::triangle::Triangle;

impl<T: Scalar> Cholesky<T> {
    /// The factorization that this factor (n x n) belongs to, of which the given triangle is read: of `L Lᵀ` or of
    /// `Uᵀ U`. For a factor that was stored, or that another program made.
    ///
    /// ```
    /// use lapwing_lapack::{Cholesky, Triangle};
    /// use ndarray::array;
    /// let stored = array![[2.0, 0.0], [1.0, 3.0]];
    /// let factor = Cholesky::from_factor(&stored, Triangle::Lower)?;
    /// assert_eq!(factor.solve(&array![4.0, 20.0])?, array![0.0, 2.0]);
    /// # Ok::<(), lapwing_lapack::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] when an entry of the diagonal is not positive; [`Error::NotSquare`],
    /// [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`].
    pub fn from_factor(factor: &ArrayRef2<T>, triangle: Triangle) -> Result<Self, Error> {
        let n = square("factor", factor)?;
        to_int("the order of the factor", n)?;
        let mut kept = zeros(n, n)?;
        require_finite_triangle(FiniteCheck::Scan, "factor", factor, triangle)?;
        if let Some((i, entry)) = factor.diag().iter().enumerate().find(|(_, entry)| **entry <= T::zero()) {
            return Err(Error::InvalidParameter {
                parameter: "factor",
                value: format!("{entry:e} at [{i}, {i}]"),
                requirement: "positive on the diagonal".to_owned(),
            });
        }
        for (i, (mut kept, given)) in kept.outer_iter_mut().zip(factor.outer_iter()).enumerate() {
            let columns = triangle.columns(i, n);
            kept.slice_mut(s![columns.clone()]).assign(&given.slice(s![columns]));
        }
        Ok(Self { factor: kept, triangle })
    }

    /// Makes this the factorization of `A + v vᵀ`, in place and in O(n²).
    ///
    /// ```
    /// use lapwing_lapack::Cholesky;
    /// use ndarray::array;
    /// let mut factor = Cholesky::new(&array![[1.0, 0.0], [0.0, 1.0]])?;
    /// factor.update(&array![2.0, 0.0])?;
    /// assert_eq!(factor.solve(&array![5.0, 3.0])?, array![1.0, 3.0]);
    /// # Ok::<(), lapwing_lapack::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Shape`] when `v` has not n entries, [`Error::NonFinite`], [`Error::OutOfMemory`],
    /// [`Error::Overflow`]. On any error the factorization is what it was.
    #[doc(alias = "dchud")]
    pub fn update(&mut self, v: &ArrayRef1<T>) -> Result<(), Error> {
        let mut lower = self.rows_of_lower(v)?;
        let mut rotations: Vec<(T, T)> = Vec::with_capacity(v.len());
        for (i, mut row) in lower.outer_iter_mut().enumerate() {
            let row = row.as_slice_mut().expect("rows are contiguous");
            // The rotations that fold the entries of `v` into the rows above, carried through this one.
            let mut carried = v[i];
            for (entry, &(cosine, sine)) in row.iter_mut().zip(&rotations) {
                let rotated = cosine * *entry + sine * carried;
                carried = cosine * carried - sine * *entry;
                *entry = rotated;
            }
            let diagonal = row[i].hypot(carried);
            rotations.push((row[i] / diagonal, carried / diagonal));
            row[i] = diagonal;
        }
        self.accept(&lower)
    }

    /// Makes this the factorization of `A − v vᵀ`, in place and in O(n²).
    ///
    /// ```
    /// use lapwing_lapack::{Cholesky, Error};
    /// use ndarray::array;
    /// let mut factor = Cholesky::new(&array![[5.0, 0.0], [0.0, 1.0]])?;
    /// factor.downdate(&array![2.0, 0.0])?;
    /// assert!((factor.solve(&array![1.0, 3.0])?[0] - 1.0f64).abs() < 1e-14);
    /// let error = factor.downdate(&array![0.0, 1.0]).unwrap_err();
    /// assert_eq!(error, Error::NotPositiveDefinite { minor: 2 });
    /// # Ok::<(), lapwing_lapack::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NotPositiveDefinite`] when `A − v vᵀ` is not, with the order of its first leading minor that is not
    /// positive; [`Error::Shape`] when `v` has not n entries, [`Error::NonFinite`], [`Error::OutOfMemory`]. On any
    /// error the factorization is what it was.
    #[doc(alias = "dchdd")]
    pub fn downdate(&mut self, v: &ArrayRef1<T>) -> Result<(), Error> {
        let mut lower = self.rows_of_lower(v)?;
        // With L p = v, the leading minor of order k falls by the factor 1 − p₁² − … − p_k².
        let mut p: Vec<T> = Vec::with_capacity(v.len());
        let mut squares = T::zero();
        for (i, row) in lower.outer_iter().enumerate() {
            let row = row.to_slice().expect("rows are contiguous");
            let known: T = row.iter().zip(&p).map(|(&entry, &x)| entry * x).sum();
            let next = (v[i] - known) / row[i];
            squares += next * next;
            // A NaN, from an overflow on both sides, is no proof of definiteness either.
            if squares >= T::one() || squares.is_nan() {
                return Err(Error::NotPositiveDefinite { minor: i + 1 });
            }
            p.push(next);
        }

        // The rotations that turn (p, ρ) of unit length into (0, 1), last entry first.
        let norm = squares.sqrt();
        let mut left = ((T::one() - norm) * (T::one() + norm)).sqrt();
        let mut rotations = vec![(T::one(), T::zero()); p.len()];
        for (rotation, &entry) in rotations.iter_mut().zip(&p).rev() {
            let length = left.hypot(entry);
            *rotation = (left / length, entry / length);
            left = length;
        }
        for (i, mut row) in lower.outer_iter_mut().enumerate() {
            let row = row.as_slice_mut().expect("rows are contiguous");
            // What the rotations carry out of a row is its entry of `v`.
            let mut carried = T::zero();
            for (entry, &(cosine, sine)) in row[..=i].iter_mut().zip(&rotations[..=i]).rev() {
                let rotated = cosine * *entry - sine * carried;
                carried = cosine * carried + sine * *entry;
                *entry = rotated;
            }
        }
        if let Some(i) = lower.diag().iter().position(|&entry| entry <= T::zero() || entry.is_nan()) {
            return Err(Error::NotPositiveDefinite { minor: i + 1 });
        }
        self.accept(&lower)
    }

    /// A copy of L with contiguous rows, once `v` is found fit for it.
    fn rows_of_lower(&mut self, v: &ArrayRef1<T>) -> Result<Array2<T>, Error> {
        let n = self.factor.nrows();
        same("v", "entries", v.len(), n, "the order of the factored matrix")?;
        require_finite("v", &v.view().insert_axis(Axis(1)))?;
        Ok(column_major(&self.lower_mut().t())?.reversed_axes())
    }

    /// Takes over a new L, unless it has left the range of the scalar.
    fn accept(&mut self, lower: &Array2<T>) -> Result<(), Error> {
        require_finite_result("the Cholesky update", lower.as_slice().expect("rows are contiguous"))?;
        self.lower_mut().assign(lower);
        Ok(())
    }

    fn lower_mut(&mut self) -> ArrayViewMut2<'_, T> {
        let factor = self.factor.view_mut();
        if self.triangle == Triangle::Lower { factor } else { factor.reversed_axes() }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, array};

    use super::*;
    use crate::random::standard_normal;
    use crate::testing::Layout;

    fn definite(n: usize) -> Array2<f64> {
        let x = standard_normal(n, n + 2, 3);
        x.dot(&x.t()) + Array2::<f64>::eye(n)
    }

    fn vector(n: usize) -> Array1<f64> {
        standard_normal(n, 1, 9).column(0).to_owned()
    }

    fn outer(v: &Array1<f64>) -> Array2<f64> {
        Array2::from_shape_fn((v.len(), v.len()), |(i, j)| v[i] * v[j])
    }

    /// In every layout and for both kinds of factor, the certificate against the new matrix holds, and the factor
    /// keeps its triangle, its zeros and its positive diagonal.
    #[test]
    fn the_factor_is_that_of_the_new_matrix() {
        for n in [0, 1, 2, 7, 40] {
            let (a, v) = (definite(n), vector(n));
            let (up, down) = (&a + &outer(&v), &a - &(outer(&v) * 0.01));
            for (layout, triangle) in
                Layout::ALL.into_iter().flat_map(|l| [(l, Triangle::Lower), (l, Triangle::Upper)])
            {
                let factor = layout.with(&a, |a| Cholesky::with_triangle(&a, triangle)).unwrap();
                let (mut updated, mut downdated) = (factor.clone(), factor);
                updated.update(&v).unwrap();
                downdated.downdate(&(&v * 0.1)).unwrap();
                for (found, target) in [(&updated, &up), (&downdated, &down)] {
                    assert!(found.certificate(target).unwrap().holds(), "{n} {layout:?} {triangle:?}");
                    assert_eq!(found.triangle(), triangle);
                    for ((i, j), &entry) in found.factor().indexed_iter() {
                        let inside = triangle.columns(i, n).contains(&j);
                        assert!(if i == j { entry > 0.0 } else { inside || entry == 0.0 });
                    }
                }
                updated.downdate(&v).unwrap();
                assert!(updated.certificate(&a).unwrap().holds(), "there and back");
            }
        }
    }

    /// The minor that a new factorization names is the one that the downdate names, and nothing has changed.
    #[test]
    fn losing_definiteness_is_an_error_that_changes_nothing() {
        let n = 12;
        let a = definite(n);
        let v = vector(n);
        let mut named = Vec::new();
        for scale in [1.0, 2.0, 4.0, 10.0, 1e3, 1e200] {
            let v = &v * scale;
            let mut factor = Cholesky::new(&a).unwrap();
            let before = factor.clone();
            let fresh = if scale < 1e100 { Cholesky::new(&(&a - &outer(&v))).err() } else { None };
            match factor.downdate(&v) {
                Ok(()) => assert_eq!(fresh, None),
                Err(error) => {
                    assert!(scale > 1e100 || Some(&error) == fresh.as_ref(), "{error} for {fresh:?}");
                    assert_eq!(factor.factor(), before.factor());
                    named.push(error);
                }
            }
        }
        assert!(named.len() > 3);
        // Exactly singular, and exactly at the edge: 1 − 1² = 0.
        let mut identity = Cholesky::new(&Array2::<f64>::eye(3)).unwrap();
        assert_eq!(identity.downdate(&array![0.0, 1.0, 0.0]), Err(Error::NotPositiveDefinite { minor: 2 }));
        assert!(identity.downdate(&array![0.0, 1.0 - 1e-15, 0.0]).is_ok());
    }

    /// A window slides over samples: after a thousand steps the factor still is that of the window.
    #[test]
    fn a_sliding_window_stays_accurate() {
        let (n, window, steps) = (8, 40, 1000);
        let x = standard_normal(window + steps, n, 21);
        let gram = |first: usize| {
            let rows = x.slice(s![first..first + window, ..]);
            rows.t().dot(&rows)
        };
        let mut factor = Cholesky::new(&gram(0)).unwrap();
        for step in 0..steps {
            factor.update(&x.row(window + step)).unwrap();
            factor.downdate(&x.row(step)).unwrap();
        }
        // Each of 2000 steps adds at most about n ε ‖A‖, and they add up as a random walk at best.
        let ratio = factor.certificate(&gram(steps)).unwrap().ratios()[0].value;
        assert!(ratio < 200.0, "{ratio}");
    }

    #[test]
    fn the_ends_of_the_range() {
        for scale in [1e300, 1e-300] {
            let a = array![[4.0, 2.0], [2.0, 3.0]] * scale;
            let root = f64::sqrt(scale);
            let mut factor = Cholesky::new(&a).unwrap();
            factor.update(&(array![1.0, -1.0] * root)).unwrap();
            assert!(factor.certificate(&(array![[5.0, 1.0], [1.0, 4.0]] * scale)).unwrap().holds());
            factor.downdate(&(array![1.0, -1.0] * root)).unwrap();
            assert!(factor.certificate(&a).unwrap().holds());
        }
        let mut factor = Cholesky::new(&array![[1.0]]).unwrap();
        factor.update(&array![f64::MAX]).unwrap();
        assert_eq!(factor.factor()[[0, 0]], f64::MAX);
        let before = factor.clone();
        assert!(matches!(factor.update(&array![f64::MAX]), Err(Error::Overflow { .. })));
        assert_eq!(factor.factor(), before.factor());
    }

    /// A factor that is handed back is the same factorization, whatever lies in the other triangle.
    #[test]
    fn a_stored_factor_is_taken_over() {
        let (a, b) = (definite(9), vector(9));
        for (layout, triangle) in
            Layout::ALL.into_iter().flat_map(|l| [(l, Triangle::Lower), (l, Triangle::Upper)])
        {
            let made = Cholesky::with_triangle(&a, triangle).unwrap();
            let mut stored = made.factor().to_owned();
            for ((i, j), entry) in stored.indexed_iter_mut() {
                if !triangle.columns(i, 9).contains(&j) {
                    *entry = f64::NAN;
                }
            }
            let taken = layout.with(&stored, |stored| Cholesky::from_factor(&stored, triangle)).unwrap();
            assert_eq!(taken.factor(), made.factor());
            assert!((taken.solve(&b).unwrap() - made.solve(&b).unwrap()).iter().all(|x| x.abs() < 1e-13));
        }
        let of = |factor: &Array2<f64>| Cholesky::from_factor(factor, Triangle::Upper).unwrap_err();
        for bad in [0.0, -1.0] {
            let error = of(&array![[1.0, 0.0], [0.0, bad]]);
            assert!(matches!(error, Error::InvalidParameter { parameter: "factor", .. }));
        }
        let error = of(&array![[1.0, f64::NAN], [f64::NAN, 1.0]]);
        assert_eq!(error, Error::NonFinite { argument: "factor", row: 0, col: 1 });
        assert!(matches!(of(&array![[1.0, 2.0]]), Error::NotSquare { .. }));
    }

    #[test]
    fn bad_vectors_are_named() {
        let mut factor = Cholesky::new(&Array2::<f64>::eye(3)).unwrap();
        for place in 0..3 {
            for bad in [f64::NAN, f64::INFINITY] {
                let mut v = Array1::zeros(3);
                v[place] = bad;
                let expected = Err(Error::NonFinite { argument: "v", row: place, col: 0 });
                assert_eq!(factor.update(&v), expected);
                assert_eq!(factor.downdate(&v), expected);
            }
        }
        assert!(matches!(factor.update(&array![1.0]), Err(Error::Shape { argument: "v", .. })));
        let long = array![1.0, 9.0, 2.0, 9.0, 3.0];
        factor.update(&long.slice(s![..;-2])).unwrap();
        let expected = Array2::<f64>::eye(3) + outer(&array![3.0, 2.0, 1.0]);
        assert!(factor.certificate(&expected).unwrap().holds(), "strides of v are respected");
    }
}
