//! Cyclic or random coordinate descent with gap-safe screening: scikit-learn's `_cd_fast`, step for step.
//!
//! The objective here is `½‖y − Xw‖² + l1 ‖w‖₁ + ½ l2 ‖w‖²`, for centred and weighted X and y. A coordinate has its minimum,
//! with the others fixed, in closed form (Friedman, Hastie, Tibshirani, "Regularization paths for generalized linear models
//! via coordinate descent", J. Stat. Softw. 33, 2010). The duality gap bounds the distance of the objective from its
//! minimum; it ends the iteration, and excludes features that are zero at every point that is as good (Fercoq, Gramfort,
//! Salmon, "Mind the duality gap", ICML 2015).

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use super::params::{CoefficientSign, ElasticNetParams, Selection};

/// The least-squares part of the objective, and where its residual r = y − Xw stands. It begins at w = 0.
pub(super) trait Problem {
    /// `‖x_j‖²` of every column.
    fn squares(&self) -> &[f64];
    /// `‖y‖²`.
    fn target_squares(&self) -> f64;
    /// `x_jᵀ r`.
    fn correlation(&self, j: usize) -> f64;
    /// `x_jᵀ r` of every column.
    fn correlations(&self, out: &mut [f64]);
    /// `r −= by · x_j`.
    fn subtract(&mut self, j: usize, by: f64);
    /// `‖r‖²` and `rᵀ y`, for the coefficients that have led to r.
    fn residual(&self, coefficients: &[f64]) -> (f64, f64);
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Penalty {
    pub(super) l1: f64,
    pub(super) l2: f64,
}

/// How a descent has ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outcome {
    pub(super) iterations: usize,
    pub(super) gap: f64,
    pub(super) tolerance: f64,
}

impl Outcome {
    pub(super) fn has_converged(&self) -> bool {
        self.gap <= self.tolerance
    }
}

/// The duality gap, and the size of the dual point before it was made feasible.
struct Gap {
    gap: f64,
    dual_norm: f64,
}

/// Descends from `coefficients`, at which the problem stands, until the duality gap is at most the tolerance times `‖y‖²`, or
/// the iterations are used up.
pub(super) fn descend(
    problem: &mut dyn Problem,
    coefficients: &mut [f64],
    penalty: Penalty,
    params: &ElasticNetParams,
) -> Outcome {
    let tolerance = params.tolerance * problem.target_squares();
    let mut gradient = vec![0.0; coefficients.len()];
    let mut gap = duality_gap(problem, coefficients, penalty, params.sign, &mut gradient);
    // A singular Gram matrix may cost the gap its sign, and then it says nothing.
    if (0.0..=tolerance).contains(&gap.gap) {
        return Outcome { iterations: 0, gap: gap.gap, tolerance };
    }
    let mut active: Vec<usize> = (0..coefficients.len()).filter(|&j| problem.squares()[j] > 0.0).collect();
    screen(problem, coefficients, penalty, &gap, &gradient, &mut active);
    let mut order = Order::new(params.selection);
    for iteration in 1..=params.max_iterations {
        let (mut largest, mut largest_change) = (0.0f64, 0.0f64);
        for position in 0..active.len() {
            let j = active[order.choose(position, active.len())];
            let (square, before) = (problem.squares()[j], coefficients[j]);
            let pull = problem.correlation(j) + before * square;
            let after = minimum(pull, square, penalty, params.sign);
            if after != before {
                problem.subtract(j, after - before);
                coefficients[j] = after;
            }
            largest_change = largest_change.max((after - before).abs());
            largest = largest.max(after.abs());
        }
        // The gap costs a pass over everything, and is worth it once the coefficients have settled.
        let settled = largest == 0.0 || largest_change / largest <= params.tolerance;
        if settled || iteration == params.max_iterations {
            gap = duality_gap(problem, coefficients, penalty, params.sign, &mut gradient);
            if gap.gap <= tolerance {
                return Outcome { iterations: iteration, gap: gap.gap, tolerance };
            }
            screen(problem, coefficients, penalty, &gap, &gradient, &mut active);
        }
    }
    Outcome { iterations: params.max_iterations, gap: gap.gap, tolerance }
}

/// Where the objective is least along one coordinate: the soft threshold.
fn minimum(pull: f64, square: f64, penalty: Penalty, sign: CoefficientSign) -> f64 {
    if sign == CoefficientSign::NonNegative && pull < 0.0 {
        return 0.0;
    }
    let excess = (pull.abs() - penalty.l1).max(0.0);
    if excess == 0.0 { 0.0 } else { excess.copysign(pull) / (square + penalty.l2) }
}

/// Removes from `active` what cannot differ from zero at the minimum, given the gap.
fn screen(
    problem: &mut dyn Problem,
    coefficients: &mut [f64],
    penalty: Penalty,
    gap: &Gap,
    gradient: &[f64],
    active: &mut Vec<usize>,
) {
    if penalty.l1 == 0.0 {
        return;
    }
    // Rounding may make the gap negative.
    let radius = (2.0 * gap.gap.abs()).sqrt() / penalty.l1;
    let feasible = penalty.l1.max(gap.dual_norm);
    active.retain(|&j| {
        let distance = (1.0 - (gradient[j] / feasible).abs()) / (problem.squares()[j] + penalty.l2).sqrt();
        let kept = distance <= radius;
        if !kept && coefficients[j] != 0.0 {
            problem.subtract(j, -coefficients[j]);
            coefficients[j] = 0.0;
        }
        kept
    });
}

/// The duality gap; without any penalty, the square of the gradient instead. Leaves `Xᵀr − l2 w` in `gradient`, or `Xᵀr`
/// without an l1 penalty.
fn duality_gap(
    problem: &dyn Problem,
    coefficients: &[f64],
    penalty: Penalty,
    sign: CoefficientSign,
    gradient: &mut [f64],
) -> Gap {
    let Penalty { l1, l2 } = penalty;
    let (residual_squares, with_target) = problem.residual(coefficients);
    let l2_squares = if l2 > 0.0 { coefficients.iter().map(|w| w * w).sum::<f64>() } else { 0.0 };
    problem.correlations(gradient);
    if l1 == 0.0 {
        let squares: f64 = gradient.iter().map(|g| g * g).sum();
        let gap = if l2 == 0.0 {
            squares
        } else {
            // The conjugate of the l2 penalty is finite everywhere: no dual point has to be made feasible (Dünner et al.,
            // "Primal-dual rates and certificates", ICML 2016).
            residual_squares + 0.5 * l2 * l2_squares - with_target + squares / (2.0 * l2)
        };
        return Gap { gap, dual_norm: squares };
    }
    gradient.iter_mut().zip(coefficients).for_each(|(g, w)| *g -= l2 * w);
    let size = |g: &f64| if sign == CoefficientSign::NonNegative { *g } else { g.abs() };
    let dual_norm = gradient.iter().map(size).fold(f64::NEG_INFINITY, f64::max);
    let scale = if dual_norm > l1 { l1 / dual_norm } else { 1.0 };
    let l1_norm: f64 = coefficients.iter().map(|w| w.abs()).sum();
    let quadratic = 0.5 * (residual_squares + l2 * l2_squares);
    let dual = scale * with_target - scale * scale * quadratic;
    Gap { gap: quadratic + l1 * l1_norm - dual, dual_norm }
}

/// Which of the active coordinates comes next.
enum Order {
    Cyclic,
    Random(Box<Pcg64>),
}

impl Order {
    fn new(selection: Selection) -> Self {
        match selection {
            Selection::Cyclic => Order::Cyclic,
            Selection::Random(seed) => Order::Random(Box::new(Pcg64::seed_from_u64(seed))),
        }
    }

    fn choose(&mut self, position: usize, count: usize) -> usize {
        match self {
            Order::Cyclic => position,
            Order::Random(generator) => generator.random_range(0..count),
        }
    }
}
