//! The bend of a decreasing curve.

use lapwing_lapack::Scalar;
use ndarray::{ArrayRef1, Axis};

use crate::error::Error;

/// How many of these decreasing `values` come before their elbow: the point farthest below the chord from the first to the
/// last (Satopää, Albrecht, Irwin, Raghavan, "Finding a Kneedle in a haystack", ICDCS Workshops 2011). The elbow itself
/// is the first that is not kept. All, when there is none: fewer than three values, a straight line, or a curve that lies
/// above its chord.
///
/// For the explained variances of all components: of a few, the last of them is where the chord ends.
///
/// ```
/// use lapwing_ml::decomposition::component_selection::elbow;
/// use ndarray::array;
/// assert_eq!(elbow(&array![10.0, 9.0, 1.0, 0.9, 0.8])?, 2);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// # Errors
/// [`Error::InvalidParameter`] when a value is larger than the one before it; [`Error::Lapack`] with `NonFinite`.
pub fn elbow<T: Scalar>(values: &ArrayRef1<T>) -> Result<usize, Error> {
    lapwing_lapack::require_finite("values", &values.view().insert_axis(Axis(1)))?;
    let pairs = values.iter().zip(values.iter().skip(1));
    if let Some(index) = pairs.into_iter().position(|(before, after)| after > before) {
        return Err(Error::InvalidParameter {
            parameter: "values",
            value: format!("increasing at {} (counted from 0)", index + 1),
            requirement: "in descending order".to_owned(),
        });
    }
    let n = values.len();
    let (Some(first), Some(last)) = (values.first(), values.last()) else { return Ok(0) };
    let (first, last) = (first.as_f64(), last.as_f64());
    if n < 3 || first == last {
        return Ok(n);
    }
    let mut best = (n, 0.0);
    for (index, value) in values.iter().enumerate() {
        // Both axes run from 0 to 1; halves, so that no difference overflows.
        let height = (0.5 * value.as_f64() - 0.5 * last) / (0.5 * first - 0.5 * last);
        let below = 1.0 - index as f64 / (n - 1) as f64 - height;
        // A straight line leaves rounding errors below its chord, and no elbow.
        if below > best.1 + 4.0 * T::epsilon().as_f64() {
            best = (index, below);
        }
    }
    Ok(best.0)
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, array};

    use super::*;

    #[test]
    fn the_bend_is_found() {
        assert_eq!(elbow(&array![5.0, 4.9, 4.8, 0.3, 0.2, 0.1]).unwrap(), 3);
        assert_eq!(elbow(&array![100.0f32, 1.0, 0.5, 0.4]).unwrap(), 1);
        // The elbow of 1/x between 1 and n, where the slope is that of the chord, is at √n.
        let hyperbola = Array1::from_shape_fn(100, |i| 1.0 / (i + 1) as f64);
        assert_eq!(elbow(&hyperbola).unwrap(), 9);
        assert_eq!(elbow(&(&hyperbola * 1e308)).unwrap(), 9, "whatever the unit");
    }

    #[test]
    fn curves_without_a_bend_keep_everything() {
        assert_eq!(elbow(&Array1::<f64>::zeros(0)).unwrap(), 0);
        assert_eq!(elbow(&array![1.0]).unwrap(), 1);
        assert_eq!(elbow(&array![9.0, 1.0]).unwrap(), 2);
        assert_eq!(elbow(&array![2.0, 2.0, 2.0]).unwrap(), 3);
        assert_eq!(elbow(&Array1::from_shape_fn(50, |i| 0.1 * (50 - i) as f64)).unwrap(), 50);
        assert_eq!(elbow(&array![4.0, 3.9, 3.5, 0.0]).unwrap(), 4);
    }

    #[test]
    fn what_is_no_decreasing_curve_is_refused() {
        let error = elbow(&array![3.0, 1.0, 2.0]).unwrap_err();
        assert!(error.to_string().contains("increasing at 2"), "{error}");
        assert!(matches!(elbow(&array![3.0, f64::NAN, 2.0]), Err(Error::Lapack(_))));
    }
}
