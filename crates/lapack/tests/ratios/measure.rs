//! LAPACK's test ratios, computed in double precision and independently of the library under test, and the table
//! of the largest ones.

use std::fmt::Write as _;

use lapwing_lapack::Scalar;
use ndarray::{Array2, ArrayRef2};

/// The largest ratios of one routine in one precision. Printed when dropped, as lines of a Markdown table:
/// routine, scalar, ratio, largest value, threshold, the case of the largest value.
pub(crate) struct Ratios {
    routine: &'static str,
    scalar: &'static str,
    rows: Vec<Row>,
}

struct Row {
    formula: &'static str,
    threshold: f64,
    largest: f64,
    case: String,
}

impl Ratios {
    /// An empty table for this routine, named as LAPACK does without its precision letter.
    pub(crate) fn new<T: Scalar>(routine: &'static str) -> Self {
        Self { routine, scalar: T::NAME, rows: Vec::new() }
    }

    /// Fails, naming the case, unless the ratio lies below the threshold; keeps it if it is the largest.
    pub(crate) fn below(&mut self, formula: &'static str, value: f64, threshold: f64, case: &str) {
        assert!(value < threshold, "{} {}: {formula} is {value}, over {threshold}", self.routine, case);
        let row = match self.rows.iter_mut().find(|row| row.formula == formula) {
            Some(row) => row,
            None => {
                self.rows.push(Row { formula, threshold, largest: -1.0, case: String::new() });
                self.rows.last_mut().expect("one was just pushed")
            }
        };
        if value > row.largest {
            (row.largest, row.case) = (value, case.to_owned());
        }
    }
}

impl Drop for Ratios {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let mut lines = String::new();
        for Row { formula, threshold, largest, case } in &self.rows {
            let (routine, scalar) = (self.routine, self.scalar);
            let formula = formula.replace('|', "\\|");
            let _ = writeln!(
                lines,
                "| `{routine}` | {scalar} | {formula} | {largest:.3} | {threshold} | {case} |"
            );
        }
        // One call, so that the lines of tests that run side by side do not mix.
        print!("{lines}");
    }
}

/// In double precision, and scaled by a power of two so that nothing over- or underflows.
pub(crate) fn wide<T: Scalar>(a: &ArrayRef2<T>, exponent: i32) -> Array2<f64> {
    // Two steps, since the whole power may be out of range.
    let half = 2f64.powi(exponent / 2);
    let rest = 2f64.powi(exponent - exponent / 2);
    a.mapv(|x| x.as_f64() * half * rest)
}

/// The power of two that brings the largest entry near one.
pub(crate) fn exponent<T: Scalar>(a: &ArrayRef2<T>) -> i32 {
    let largest = a.iter().fold(0.0, |largest: f64, x| largest.max(x.as_f64().abs()));
    if largest > 0.0 { -(largest.log2().floor() as i32) } else { 0 }
}

/// The largest absolute column sum.
pub(crate) fn one_norm(a: &Array2<f64>) -> f64 {
    a.columns().into_iter().map(|column| column.iter().map(|x| x.abs()).sum()).fold(0.0, f64::max)
}

/// `‖residual‖₁ / (‖a‖₁ · extent · ε)`; 0 for an exact result.
pub(crate) fn ratio<T: Scalar>(residual: &Array2<f64>, a: &Array2<f64>, extent: usize) -> f64 {
    let error = one_norm(residual);
    assert!(!residual.iter().any(|x| x.is_nan()), "the result holds NaN");
    if error == 0.0 { 0.0 } else { error / one_norm(a) / (extent.max(1) as f64 * T::UNIT_ROUNDOFF.as_f64()) }
}

/// `‖I − QᵀQ‖₁ / (extent · ε)` for the columns of `q`.
pub(crate) fn orthogonality<T: Scalar>(q: &ArrayRef2<T>, extent: usize) -> f64 {
    let q = wide(q, 0);
    let defect = Array2::<f64>::eye(q.ncols()) - q.t().dot(&q);
    one_norm(&defect) / (extent.max(1) as f64 * T::UNIT_ROUNDOFF.as_f64())
}
