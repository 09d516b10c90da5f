//! A polynomial of a Laplacian whose largest eigenvalues are those of the Laplacian's smallest.
//!
//! The product with a sparse matrix costs less than keeping the basis of a Krylov method orthogonal, and the smallest eigenvalues
//! of a graph with bottlenecks lie close together. A Chebyshev polynomial of some degree grows steeply below a cut, and stays
//! within ±1 from there to the largest eigenvalue (Saad, "Numerical Methods for Large Eigenvalue Problems", 2011, ch. 7): the
//! same products make far fewer vectors for the basis.

use lapwing_iterative::{Error as MatrixError, LinearOperator};
use lapwing_lapack::zeros;
use ndarray::ArrayRef2;

/// Of the range of the eigenvalues: with a cut above this share of it, the eigenvalues are far enough apart as they are.
const WIDE: f64 = 0.125;

/// The least share: a polynomial of degree 16 is large enough there, and beyond, the basis is no longer what costs.
const NARROW: f64 = 0.009;

/// How large the polynomial is to be at 0, as an area hyperbolic cosine: about 10. What lies beyond the cut is that much
/// smaller, and no rounding of the polynomial's size hides an eigenvector.
const GROWTH: f64 = 3.0;

/// `T_d((c + b − 2L) / (b − c))` for a cut c, and a bound b of the eigenvalues.
pub(super) struct Filter<'a, A> {
    laplacian: &'a A,
    bound: f64,
    cut: f64,
    degree: usize,
}

impl<'a, A: LinearOperator<f64>> Filter<'a, A> {
    /// For eigenvalues up to `largest` of a Laplacian that has none beyond `bound`; `None` where it would save nothing.
    pub(super) fn new(laplacian: &'a A, bound: f64, largest: f64) -> Option<Self> {
        // At twice the largest, the polynomial has grown there too.
        let share = (2.0 * largest / bound).max(NARROW);
        if share.is_nan() || share > WIDE {
            return None;
        }
        let degree = (GROWTH / ((1.0 + share) / (1.0 - share)).acosh()).round().max(2.0) as usize;
        Some(Self { laplacian, bound, cut: share * bound, degree })
    }
}

impl<A: LinearOperator<f64>> LinearOperator<f64> for Filter<'_, A> {
    fn dimensions(&self) -> (usize, usize) {
        self.laplacian.dimensions()
    }

    fn apply_into(&self, x: &ArrayRef2<f64>, result: &mut ArrayRef2<f64>) -> Result<(), MatrixError> {
        let range = self.bound - self.cut;
        let (centre, slope) = ((self.bound + self.cut) / range, 2.0 / range);
        let columns = || Ok::<_, MatrixError>(zeros(x.ncols(), x.nrows())?.reversed_axes());
        let (mut before, mut last, mut product) = (columns()?, columns()?, columns()?);
        before.assign(x);
        self.laplacian.apply_into(x, &mut product)?;
        ndarray::azip!((last in &mut last, &x in x, &p in &product) *last = centre * x - slope * p);
        for _ in 1..self.degree {
            self.laplacian.apply_into(&last, &mut product)?;
            ndarray::azip!((before in &mut before, &last in &last, &p in &product) {
                *before = 2.0 * (centre * last - slope * p) - *before;
            });
            std::mem::swap(&mut before, &mut last);
        }
        result.assign(&last);
        Ok(())
    }

    fn apply_transposed_into(
        &self,
        y: &ArrayRef2<f64>,
        result: &mut ArrayRef2<f64>,
    ) -> Result<(), MatrixError> {
        self.apply_into(y, result)
    }
}
