//! Polar decomposition `A = U P` or `A = P U`.
//!
//! | step       | LAPACK  | cost, m ≥ n                |
//! |------------|---------|----------------------------|
//! | decompose  | `gesdd` | ≈ 4mn² + 8n³               |
//! | U          | `gemm`  | 2mn²                       |
//! | P          | `syrk`  | n³ right, m²n left         |
//!
//! What `r e^(iφ)` is for a complex number: U turns, P stretches. U is the nearest matrix with orthonormal columns
//! (K. Fan and A. Hoffman, 1955), the symmetric way to orthogonalize; P is the square root of `AᵀA`.

use ndarray::{Array2, ArrayRef2, ArrayView2};

use crate::certificate::{
    Certificate, Ratio, backward_error, balancing_scale, one_norm, orthogonality, residual,
};
use crate::error::Error;
use crate::finite::require_finite_result;
use crate::gram_schmidt::symmetric_product;
use crate::layout::zeros;
use crate::products::{matmul, same};
use crate::scalar::Scalar;
use crate::svd::Svd;

/// The polar decomposition of a matrix of m rows and n columns. SciPy's `polar`.
///
/// ```
/// use lapwing_lapack::Polar;
/// use ndarray::array;
/// // A quarter turn after a stretch by 2 and 3.
/// let a = array![[0.0, -3.0], [2.0, 0.0]];
/// let polar = Polar::new(&a)?;
/// let near = |x: &ndarray::Array2<f64>, y: ndarray::Array2<f64>| (x - &y).iter().all(|e| e.abs() < 1e-15);
/// assert!(near(&polar.orthogonal().to_owned(), array![[0.0, -1.0], [1.0, 0.0]]));
/// assert!(near(&polar.right()?, array![[2.0, 0.0], [0.0, 3.0]]));
/// assert!(near(&polar.left()?, array![[3.0, 0.0], [0.0, 2.0]]));
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Polar<T: Scalar> {
    orthogonal: Array2<T>,
    svd: Svd<T>,
}

impl<T: Scalar> Polar<T> {
    /// Decomposes `a` (m x n).
    ///
    /// # Errors
    /// [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`], [`Error::NoConvergence`],
    /// [`Error::Overflow`].
    pub fn new(a: &ArrayRef2<T>) -> Result<Self, Error> {
        let svd = Svd::thin(a)?;
        let orthogonal = matmul(&svd.u(), &svd.vt())?;
        Ok(Self { orthogonal, svd })
    }

    /// U, m x n: its columns are orthonormal, or its rows when m < n. It is unique when the rank is min(m, n).
    pub fn orthogonal(&self) -> ArrayView2<'_, T> {
        self.orthogonal.view()
    }

    /// The factor P of `A = U P`, n x n: symmetric to the last bit and positive semidefinite, `P² = AᵀA`.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`], [`Error::Overflow`].
    pub fn right(&self) -> Result<Array2<T>, Error> {
        self.stretch(&self.svd.vt().t())
    }

    /// The factor P of `A = P U`, m x m: symmetric to the last bit and positive semidefinite, `P² = AAᵀ`.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`], [`Error::Overflow`].
    pub fn left(&self) -> Result<Array2<T>, Error> {
        self.stretch(&self.svd.u())
    }

    /// How far `U P` is from `a` (m x n), with the right factor, and U from orthonormal.
    ///
    /// # Errors
    /// [`Error::Shape`] when `a` is not of the shape that was decomposed; [`Error::OutOfMemory`],
    /// [`Error::Overflow`].
    pub fn certificate(&self, a: &ArrayRef2<T>) -> Result<Certificate, Error> {
        let (m, n) = self.orthogonal.dim();
        same("a", "rows", a.nrows(), m, "those of the matrix that was decomposed")?;
        same("a", "columns", a.ncols(), n, "those of the matrix that was decomposed")?;
        let scale = balancing_scale(a);
        let defect = residual(scale, a, &self.orthogonal, &self.right()?.mapv(|x| x * scale))?;
        let error = backward_error(&defect, one_norm(&a.mapv(|x| x * scale)), m.max(n));
        let skew =
            if m < n { orthogonality(&self.orthogonal.t(), n)? } else { orthogonality(&self.orthogonal, m)? };
        Ok(Certificate::new(vec![
            Ratio::new("‖A − U P‖ / (‖A‖ max(m,n) ε)", error, 50.0),
            Ratio::new("‖I − Uᵀ U‖ / (max(m,n) ε)", skew, 50.0),
        ]))
    }

    /// `V Σ Vᵀ`, as the product of `V √Σ` with its own transpose: nothing can make it less than semidefinite.
    fn stretch(&self, vectors: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        let half = &vectors.view() * &self.svd.singular_values().mapv(T::sqrt);
        let mut stretch = zeros(half.nrows(), half.nrows())?;
        symmetric_product(&half, &mut stretch)?;
        require_finite_result("syrk", stretch.as_slice_memory_order().expect("a new matrix is packed"))?;
        Ok(stretch)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{ArrayView, array};

    use super::*;
    use crate::SymmetricEigen;
    use crate::random::rotation;
    use crate::testing::Mode;
    use crate::testing::{Kind, Layout, matrix, randsvd_symmetric};

    fn largest(a: &Array2<f64>) -> f64 {
        a.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()))
    }

    /// A planted rotation and a planted stretch come back; the error is that of `gesdd` times the condition.
    #[test]
    fn planted_factors_come_back() {
        for n in [1, 2, 5, 30] {
            let turn = rotation::<f64>(n, 4).unwrap();
            let stretch = randsvd_symmetric::<f64>(n, 100.0, Mode::Geometric, 5);
            let polar = Polar::new(&turn.dot(&stretch)).unwrap();
            let bound = 100.0 * 50.0 * n as f64 * f64::EPSILON;
            assert!(largest(&(&polar.orthogonal() - &turn)) < bound, "{n}");
            assert!(largest(&(&polar.right().unwrap() - &stretch)) < bound, "{n}");
            let left = turn.dot(&stretch).dot(&turn.t());
            assert!(largest(&(&polar.left().unwrap() - &left)) < bound, "{n}");
        }
    }

    /// Both products give the matrix back, of every shape, rank and layout, and both factors are semidefinite.
    #[test]
    fn both_sides_give_the_matrix_back() {
        for (m, n) in [(1, 1), (6, 3), (3, 6), (8, 8)] {
            for kind in [Kind::Random, Kind::RankDeficient, Kind::Zero, Kind::Graded] {
                let a = matrix::<f64>(kind, m, n);
                for layout in Layout::ALL {
                    let polar = layout.with(&a, |a| Polar::new(&a)).unwrap();
                    let (right, left) = (polar.right().unwrap(), polar.left().unwrap());
                    let bound = 50.0 * m.max(n) as f64 * f64::EPSILON * largest(&a) * 4.0;
                    assert!(largest(&(polar.orthogonal().dot(&right) - &a)) <= bound, "{kind:?} {m}x{n}");
                    assert!(largest(&(left.dot(&polar.orthogonal()) - &a)) <= bound, "{kind:?} {m}x{n}");
                    for factor in [&right, &left] {
                        assert_eq!(factor, factor.t());
                        let least = SymmetricEigen::eigenvalues(factor).unwrap().values[0];
                        assert!(least >= -bound, "{kind:?} {m}x{n}: {least}");
                    }
                    assert!(polar.certificate(&a).unwrap().holds());
                }
            }
        }
    }

    #[test]
    fn edges_and_refusals() {
        for (m, n) in [(0, 0), (0, 3), (3, 0)] {
            let polar = Polar::new(&Array2::<f64>::zeros((m, n))).unwrap();
            assert_eq!((polar.orthogonal().dim(), polar.right().unwrap().dim()), ((m, n), (n, n)));
            assert_eq!(polar.left().unwrap(), Array2::<f64>::zeros((m, m)));
        }
        assert_eq!(Polar::new(&array![[-3.0f32]]).unwrap().orthogonal(), array![[-1.0]]);
        for scale in [1e300, 1e-300, 1e-310] {
            let polar = Polar::new(&(array![[0.0, -3.0], [2.0, 0.0]] * scale)).unwrap();
            assert!(largest(&(&polar.orthogonal() - &array![[0.0, -1.0], [1.0, 0.0]])) < 1e-13);
            let right = polar.right().unwrap() / scale;
            assert!(largest(&(right - array![[2.0, 0.0], [0.0, 3.0]])) < 1e-12, "{scale}");
        }
        let error = Polar::new(&array![[1.0], [f64::INFINITY]]).unwrap_err();
        assert_eq!(error, Error::NonFinite { argument: "a", row: 1, col: 0 });
        let polar = Polar::new(&array![[1.0, 2.0]]).unwrap();
        assert!(matches!(polar.certificate(&array![[1.0]]), Err(Error::Shape { .. })));
        let one = [1.0f64];
        let wide = ArrayView::from(&one).into_shape_with_order((1, 1)).unwrap();
        assert!(matches!(Polar::new(&wide.broadcast((1, 1 << 31)).unwrap()), Err(Error::TooLarge { .. })));
    }
}
