//! Procrustes problems: the rotation, scale and shift that take one set of points to another.
//!
//! | step                | routine          | cost, m points of n coordinates |
//! |---------------------|------------------|---------------------------------|
//! | cross products      | `gemm`           | 2mn²                            |
//! | their decomposition | `gesdd`          | ≈ 22n³                          |
//! | the residual        | `gemm`           | 2mn²                            |
//!
//! For aligning embeddings, molecules and shapes whose points are matched. Sources: P. Schönemann, "A generalized
//! solution of the orthogonal Procrustes problem", Psychometrika 31 (1966); W. Kabsch, Acta Cryst. A32 (1976), for
//! rotations without reflection; S. Umeyama, IEEE PAMI 13 (1991), for the scale that goes with them.

use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, ArrayView2, Axis};

use crate::certificate::balancing_scale;
use crate::error::Error;
use crate::finite::{require_finite, require_finite_result};
use crate::lu::Lu;
use crate::norms::{Norm, norm};
use crate::products::{gemm, matmul, same};
use crate::qr::check_extents;
use crate::scalar::Scalar;
use crate::svd::Svd;

/// The map `x ↦ scale · x R + translation`, with an orthogonal R, that takes the rows of `a` as near as possible to those
/// of `b`: it minimizes `‖scale · a R + translation − b‖_F`.
///
/// ```
/// use lapwing_lapack::Procrustes;
/// use ndarray::array;
/// let a = array![[0.0, 0.0], [1.0, 0.0], [0.0, 2.0]];
/// // A quarter turn, and a shift by (5, 7).
/// let b = array![[5.0, 7.0], [5.0, 8.0], [3.0, 7.0]];
/// let fit = Procrustes::rigid(&a, &b)?;
/// assert!((&fit.apply(&a)? - &b).iter().all(|error: &f64| error.abs() < 1e-14));
/// assert!((fit.rotation()[[0, 1]] - 1.0).abs() < 1e-15);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Procrustes<T: Scalar> {
    rotation: Array2<T>,
    scale: T,
    translation: Array1<T>,
    residual: T,
    disparity: f64,
}

impl<T: Scalar> Procrustes<T> {
    /// The orthogonal R, reflections included, with the least `‖a R − b‖_F`; `a` and `b` are m x n. SciPy's
    /// `linalg.orthogonal_procrustes`.
    ///
    /// # Errors
    /// [`Error::Shape`] when the two shapes differ; [`Error::NonFinite`], [`Error::TooLarge`],
    /// [`Error::OutOfMemory`], [`Error::NoConvergence`], [`Error::Overflow`].
    pub fn orthogonal(a: &ArrayRef2<T>, b: &ArrayRef2<T>) -> Result<Self, Error> {
        ProcrustesParams::default().fit(a, b)
    }

    /// The rotation, of determinant +1, and the translation that take `a` (m x n) nearest to `b`: Kabsch's algorithm.
    ///
    /// # Errors
    /// As [`Procrustes::orthogonal`].
    pub fn rigid(a: &ArrayRef2<T>, b: &ArrayRef2<T>) -> Result<Self, Error> {
        ProcrustesParams::default().rotation_only().fit_translation().fit(a, b)
    }

    /// The orthogonal R, the scale and the translation that take `a` (m x n) nearest to `b`. SciPy's
    /// `spatial.procrustes(b, a)`, whose disparity is [`disparity`](Self::disparity).
    ///
    /// # Errors
    /// As [`Procrustes::orthogonal`]; [`Error::DoesNotExist`] when all rows of `a` are the same.
    pub fn similarity(a: &ArrayRef2<T>, b: &ArrayRef2<T>) -> Result<Self, Error> {
        ProcrustesParams::default().fit_scale().fit_translation().fit(a, b)
    }

    /// R, n x n and orthogonal; it multiplies rows from the right. It is unique when the rank of the cross products
    /// `aᵀ b`, of centred points where a translation is fitted, is n, or n − 1 for rotations alone.
    pub fn rotation(&self) -> ArrayView2<'_, T> {
        self.rotation.view()
    }

    /// The scale; 1 unless it was fitted.
    pub fn scale(&self) -> T {
        self.scale
    }

    /// The translation, n entries; 0 unless it was fitted.
    pub fn translation(&self) -> ArrayView1<'_, T> {
        self.translation.view()
    }

    /// What remains, `‖scale · a R + translation − b‖_F`. Over √m, the root mean square distance of the points.
    pub fn residual(&self) -> T {
        self.residual
    }

    /// The square of the residual over that of `b`, centred where a translation was fitted: the share of `b` that is
    /// not explained. 0 where nothing remains, infinite where something does although all rows of `b` are the same.
    pub fn disparity(&self) -> f64 {
        self.disparity
    }

    /// The map applied to the rows of `x` (any number, of n entries).
    ///
    /// # Errors
    /// [`Error::Shape`] when `x` has not n columns; [`Error::NonFinite`], [`Error::TooLarge`],
    /// [`Error::OutOfMemory`], [`Error::Overflow`].
    pub fn apply(&self, x: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        same("x", "columns", x.ncols(), self.rotation.nrows(), "the number of coordinates that were fitted")?;
        require_finite("x", x)?;
        let mut image = matmul(x, &self.rotation)?;
        for mut row in image.outer_iter_mut() {
            row.zip_mut_with(&self.translation, |entry, &shift| *entry = *entry * self.scale + shift);
        }
        require_finite_result("gemm", image.as_slice_memory_order().expect("a new matrix is packed"))?;
        Ok(image)
    }
}

impl Procrustes<f64> {
    /// The choices, to change before fitting; the scalar is that of the matrices given to them.
    pub fn params() -> ProcrustesParams {
        ProcrustesParams::default()
    }
}

/// The choices of a Procrustes problem. Made by [`Procrustes::params`].
#[derive(Clone, Copy, Debug, Default)]
pub struct ProcrustesParams {
    reflections: Reflections,
    scale: Parameter,
    translation: Parameter,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Reflections {
    #[default]
    Allowed,
    Excluded,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Parameter {
    #[default]
    Fixed,
    Fitted,
}

impl ProcrustesParams {
    /// Excludes reflections: R has determinant +1. By default they are allowed.
    pub fn rotation_only(mut self) -> Self {
        self.reflections = Reflections::Excluded;
        self
    }

    /// Fits the scale too. By default it is 1.
    pub fn fit_scale(mut self) -> Self {
        self.scale = Parameter::Fitted;
        self
    }

    /// Fits the translation too. By default it is 0.
    pub fn fit_translation(mut self) -> Self {
        self.translation = Parameter::Fitted;
        self
    }

    /// Takes the rows of `a` (m x n) to those of `b` (m x n).
    ///
    /// # Errors
    /// As [`Procrustes::orthogonal`]; where the scale is fitted, [`Error::DoesNotExist`] when all rows of `a` are the
    /// same, or all zero without a translation.
    pub fn fit<T: Scalar>(self, a: &ArrayRef2<T>, b: &ArrayRef2<T>) -> Result<Procrustes<T>, Error> {
        let (m, n) = a.dim();
        same("b", "rows", b.nrows(), m, "as many as a has")?;
        same("b", "columns", b.ncols(), n, "as many as a has")?;
        check_extents(a)?;
        require_finite("a", a)?;
        require_finite("b", b)?;
        // Scaled by powers of two, so that no product of theirs leaves the range.
        let (unit_a, unit_b) = (balancing_scale(a), balancing_scale(b));
        let (mut from, mut to) = (a.mapv(|x| x * unit_a), b.mapv(|x| x * unit_b));
        let (mean_from, mean_to) = match self.translation {
            Parameter::Fitted => (centre(&mut from), centre(&mut to)),
            Parameter::Fixed => (Array1::zeros(n), Array1::zeros(n)),
        };
        let (rotation, trace) = self.rotation(&matmul(&from.t(), &to)?)?;
        let size = |x: &Array2<T>| norm(x, Norm::Frobenius).map(Scalar::as_f64);
        let (size_from, size_to) = (size(&from)?, size(&to)?);
        let (unit_a, unit_b) = (unit_a.as_f64(), unit_b.as_f64());
        let between = unit_a / unit_b;
        // The scale, and what it is between the scaled points.
        let (scale, scaled) = match self.scale {
            Parameter::Fixed => (1.0, 1.0 / between),
            Parameter::Fitted if size_from > 0.0 => {
                let scaled = trace / size_from.powi(2);
                (scaled * between, scaled)
            }
            Parameter::Fitted if from.is_empty() => (1.0, 1.0),
            Parameter::Fitted => {
                let reason = "all points of a are the same; fit without a scale".to_owned();
                return Err(Error::DoesNotExist { what: "the scale", reason });
            }
        };
        let mean_a = (mean_from / unit_a).insert_axis(Axis(0));
        let turned = mean_a.dot(&rotation.mapv(Scalar::as_f64)).remove_axis(Axis(0));
        let translation = (mean_to / unit_b - turned * scale).mapv(T::from_f64);

        // In the units of the larger of the two sets, so that the smaller is what may underflow.
        let (shrink_from, shrink_to, unit) = match self.scale {
            Parameter::Fixed if between < 1.0 => (1.0, between, unit_a),
            _ => (scaled, 1.0, unit_b),
        };
        from.mapv_inplace(|x| T::from_f64(x.as_f64() * shrink_from));
        to.mapv_inplace(|x| T::from_f64(x.as_f64() * shrink_to));
        gemm(T::one(), &from, &rotation, -T::one(), &mut to)?;
        let rest = size(&to)?;
        let (scale, residual) = (T::from_f64(scale), T::from_f64(rest / unit));
        require_finite_result("gemm", &[scale, residual])?;
        require_finite_result("gemm", translation.as_slice().expect("a new vector is packed"))?;
        let disparity = if rest == 0.0 { 0.0 } else { (rest / (size_to * shrink_to)).powi(2) };
        Ok(Procrustes { rotation, scale, translation, residual, disparity })
    }

    /// The orthogonal matrix R with the largest trace of `Rᵀ cross`, and that trace.
    fn rotation<T: Scalar>(self, cross: &ArrayRef2<T>) -> Result<(Array2<T>, f64), Error> {
        let (mut u, values, vt) = Svd::thin(cross)?.into_factors();
        let rotation = matmul(&u, &vt)?;
        let trace: f64 = values.iter().map(|s| s.as_f64()).sum();
        if self.reflections == Reflections::Allowed || Lu::new(&rotation)?.determinant()? > T::zero() {
            return Ok((rotation, trace));
        }
        // The direction that matters least is reflected back.
        let last = values.len() - 1;
        u.column_mut(last).mapv_inplace(|x| -x);
        Ok((matmul(&u, &vt)?, trace - 2.0 * values[last].as_f64()))
    }
}

/// Subtracts the mean of the rows from each, and returns it. Summed in double precision.
fn centre<T: Scalar>(points: &mut Array2<T>) -> Array1<f64> {
    let count = points.nrows().max(1) as f64;
    let mean = Array1::from_iter(
        points.columns().into_iter().map(|x| x.iter().map(|x| x.as_f64()).sum::<f64>() / count),
    );
    for mut row in points.outer_iter_mut() {
        row.zip_mut_with(&mean, |x, mean| *x = T::from_f64(x.as_f64() - mean));
    }
    mean
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::random::{orthogonal, rotation};
    use crate::testing::{Kind, Layout, matrix};

    fn largest(a: &Array2<f64>) -> f64 {
        a.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()))
    }

    /// What moved the points is what is found, for every combination of choices and in every layout.
    #[test]
    fn planted_motions_come_back() {
        for n in [1, 2, 3, 10] {
            let a = matrix::<f64>(Kind::Random, 4 * n, n);
            let shift = Array1::from_iter((0..n).map(|i| i as f64 - 3.0));
            for (params, turn, scale, shift) in [
                (Procrustes::params(), orthogonal::<f64>(n, 1).unwrap(), 1.0, &shift * 0.0),
                (Procrustes::params().rotation_only(), rotation(n, 2).unwrap(), 1.0, &shift * 0.0),
                (Procrustes::params().fit_scale(), orthogonal(n, 3).unwrap(), 2.5, &shift * 0.0),
                (Procrustes::params().fit_translation(), orthogonal(n, 4).unwrap(), 1.0, shift.clone()),
                (
                    Procrustes::params().fit_scale().fit_translation(),
                    orthogonal(n, 5).unwrap(),
                    0.1,
                    shift.clone(),
                ),
            ] {
                let b = a.dot(&turn) * scale + &shift;
                for layout in Layout::ALL {
                    let fit = layout.with(&a, |a| params.fit(&a, &b)).unwrap();
                    assert!(largest(&(&fit.rotation() - &turn)) < 1e-12, "{n} {params:?}");
                    assert!((fit.scale() - scale).abs() < 1e-12);
                    assert!((&fit.translation() - &shift).iter().all(|x| x.abs() < 1e-12));
                    assert!(fit.residual() < 1e-12 && fit.disparity() < 1e-24);
                    assert!(largest(&(fit.apply(&a).unwrap() - &b)) < 1e-12);
                }
            }
        }
    }

    /// A mirror image: the best orthogonal map reflects and fits exactly; the best rotation leaves, of singular values
    /// 2σ for the points (±1, 0), (0, ±2), (0, 0) mirrored in the second axis, a residual that is known.
    #[test]
    fn a_rotation_never_reflects() {
        let a = array![[1.0f64, 0.0], [-1.0, 0.0], [0.0, 2.0], [0.0, -2.0], [0.0, 0.0]];
        let b = &a * &array![1.0, -1.0];
        let reflected = Procrustes::orthogonal(&a, &b).unwrap();
        assert!(reflected.residual() < 1e-15);
        assert_eq!(Lu::new(&reflected.rotation()).unwrap().determinant().unwrap().round(), -1.0);
        let turned = Procrustes::rigid(&a, &b).unwrap();
        assert!((Lu::new(&turned.rotation()).unwrap().determinant().unwrap() - 1.0).abs() < 1e-15);
        // ‖a‖² + ‖b‖² − 2 (8 − 2) with ‖a‖² = ‖b‖² = 10.
        assert!((turned.residual() - 8f64.sqrt()).abs() < 1e-14);
        assert!((turned.disparity() - 0.8).abs() < 1e-14);
    }

    /// The examples of SciPy's documentation, whose answers are exact: two points with their coordinates reversed, and a
    /// shape that is a mirrored, doubled and shifted copy. The bounds are those of the SVD, 50 n ε.
    #[test]
    fn scipys_examples_have_its_answers() {
        let a = array![[2.0, 0.0, 1.0], [-2.0, 0.0, 0.0]];
        let b = a.slice(ndarray::s![.., ..;-1]);
        let fit = Procrustes::orthogonal(&a, &b).unwrap();
        assert!(largest(&(fit.rotation().dot(&fit.rotation().t()) - Array2::<f64>::eye(3))) < 1.7e-14);
        assert!(largest(&(a.dot(&fit.rotation()) - b)) < 3.4e-14);
        let a = array![[1.0f64, 3.0], [1.0, 2.0], [1.0, 1.0], [2.0, 1.0]];
        let b = array![[4.0, -2.0], [4.0, -4.0], [4.0, -6.0], [2.0, -6.0]];
        let fit = Procrustes::similarity(&b, &a).unwrap();
        assert!(fit.disparity() < 1e-28 && (fit.scale() - 0.5).abs() < 1e-14);
    }

    /// The disparity of SciPy is 1 − (Σσ)² / (‖a‖² ‖b‖²) for centred points.
    #[test]
    fn the_disparity_is_the_share_that_is_not_explained() {
        let (a, b) = (matrix::<f64>(Kind::Random, 30, 3), matrix::<f64>(Kind::Graded, 30, 3));
        let fit = Procrustes::similarity(&a, &b).unwrap();
        let centred = |x: &Array2<f64>| x - &x.mean_axis(Axis(0)).unwrap();
        let (from, to) = (centred(&a), centred(&b));
        let trace = Svd::values(&from.t().dot(&to)).unwrap().values.sum();
        let squares = |x: &Array2<f64>| x.iter().map(|x| x * x).sum::<f64>();
        let expected = 1.0 - trace * trace / (squares(&from) * squares(&to));
        assert!((fit.disparity() - expected).abs() < 1e-13);
        let residual = (&fit.apply(&a).unwrap() - &b).iter().map(|x| x * x).sum::<f64>().sqrt();
        assert!((fit.residual() - residual).abs() < 1e-13 * residual);
    }

    /// Products of these entries leave the range; the answer does not, even where the sets differ by more than it.
    #[test]
    fn scale_plays_no_part() {
        let (a, turn) = (matrix::<f64>(Kind::Random, 9, 3), rotation::<f64>(3, 8).unwrap());
        for (of_a, of_b) in [(1e300, 1e300), (1e-300, 1e-300), (1e-150, 1e150), (1e150, 1e-150)] {
            let (a, b) = (&a * of_a, a.dot(&turn) * of_b);
            let fit = Procrustes::params().fit_scale().fit_translation().fit(&a, &b).unwrap();
            assert!(largest(&(&fit.rotation() - &turn)) < 1e-13);
            assert!((fit.scale() / (of_b / of_a) - 1.0).abs() < 1e-13);
            assert!(fit.disparity() < 1e-28);
        }
        let (large, small) = (&a * 1e300, a.dot(&turn) * 1e-300);
        for (from, to, size) in [(&large, &small, &large), (&small, &large, &large)] {
            let fit = Procrustes::orthogonal(from, to).unwrap();
            let size = norm(size, Norm::Frobenius).unwrap();
            assert!((fit.residual() / size - 1.0).abs() < 1e-14);
        }
        let fit = Procrustes::params().fit_scale().fit(&small, &large);
        assert!(matches!(fit, Err(Error::Overflow { .. })));
    }

    #[test]
    fn edges_and_refusals() {
        for (m, n) in [(0, 0), (0, 2), (3, 0)] {
            let nothing = Array2::<f64>::zeros((m, n));
            let fit = Procrustes::similarity(&nothing, &nothing).unwrap();
            assert_eq!((fit.rotation().dim(), fit.scale(), fit.residual()), ((n, n), 1.0, 0.0));
        }
        let one = array![[1.0f32, 2.0]];
        let fit = Procrustes::rigid(&one, &array![[5.0, 1.0]]).unwrap();
        assert_eq!((fit.translation().len(), fit.residual()), (2, 0.0));
        let constant = array![[1.0, 2.0], [1.0, 2.0]];
        let error = Procrustes::similarity(&constant, &array![[1.0, 0.0], [0.0, 1.0]]).unwrap_err();
        assert!(matches!(error, Error::DoesNotExist { what: "the scale", .. }));
        let fit = Procrustes::similarity(&array![[1.0, 0.0], [0.0, 1.0]], &constant).unwrap();
        assert_eq!((fit.scale(), fit.disparity()), (0.0, 0.0));
        let fit = Procrustes::rigid(&array![[1.0, 0.0], [0.0, 1.0]], &constant).unwrap();
        assert_eq!(fit.disparity(), f64::INFINITY);

        let a = Array2::<f64>::eye(2);
        let error = Procrustes::orthogonal(&a, &Array2::eye(3)).unwrap_err();
        assert_eq!(error.to_string(), "b has 3 rows, but must have 2: as many as a has");
        assert!(matches!(Procrustes::orthogonal(&a, &Array2::zeros((2, 3))), Err(Error::Shape { .. })));
        for (row, col) in (0..2).flat_map(|i| (0..2).map(move |j| (i, j))) {
            let mut spoiled = a.clone();
            spoiled[[row, col]] = f64::NAN;
            let named = |argument| Error::NonFinite { argument, row, col };
            assert_eq!(Procrustes::rigid(&spoiled, &a).unwrap_err(), named("a"));
            assert_eq!(Procrustes::rigid(&a, &spoiled).unwrap_err(), named("b"));
            assert_eq!(Procrustes::rigid(&a, &a).unwrap().apply(&spoiled).unwrap_err(), named("x"));
        }
    }
}
