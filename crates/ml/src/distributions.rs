//! Tail probabilities and quantiles of the distributions that tests and cut-offs are read from.
//!
//! The special functions are those of `statrs` and `libm`. What is asked of them here is the tail itself, never one less the
//! rest: the p-value of a large statistic has as many digits as that of a small one.

use libm::erfc;
use statrs::function::{beta::beta_reg, gamma::gamma_ur};

/// Beyond so many degrees of freedom the logarithms of gamma functions, whose difference the tail is made of, cancel by
/// more digits than Hill's expansion leaves out.
const MANY_DEGREES: f64 = 1e4;

/// P(X > x) for X with a chi-square distribution of `degrees` > 0 degrees of freedom.
pub(crate) fn chi_square_survival(x: f64, degrees: f64) -> f64 {
    // statrs panics at infinity.
    if x <= 0.0 {
        1.0
    } else if x.is_infinite() {
        0.0
    } else {
        gamma_ur(degrees / 2.0, x / 2.0)
    }
}

/// The x with P(X ≤ x) = `probability`, in (0, 1), for X with a chi-square distribution.
pub(crate) fn chi_square_quantile(probability: f64, degrees: f64) -> f64 {
    where_survival_falls_to(1.0 - probability, |x| chi_square_survival(x, degrees))
}

/// P(X > t) for X with Student's distribution of `degrees` > 0 degrees of freedom.
pub(crate) fn student_t_survival(t: f64, degrees: f64) -> f64 {
    if t < 0.0 {
        return 1.0 - student_t_survival(-t, degrees);
    }
    // Where the expansions would divide infinity by infinity.
    if t.is_infinite() {
        return 0.0;
    }
    let ratio = t * t / degrees;
    if degrees >= MANY_DEGREES {
        return 0.5 * erfc(equivalent_normal(ratio, degrees) / std::f64::consts::SQRT_2);
    }
    // Of the two halves of the integral, the one that does not cancel.
    if ratio < 1e-3 {
        0.5 - 0.5 * beta_reg(0.5, degrees / 2.0, ratio / (1.0 + ratio))
    } else {
        0.5 * beta_reg(degrees / 2.0, 0.5, 1.0 / (1.0 + ratio))
    }
}

/// The t with P(X ≤ t) = `probability`, in (0, 1), for X with Student's distribution.
pub(crate) fn student_t_quantile(probability: f64, degrees: f64) -> f64 {
    if probability < 0.5 {
        return -student_t_quantile(1.0 - probability, degrees);
    }
    where_survival_falls_to(1.0 - probability, |t| student_t_survival(t, degrees))
}

/// P(X > x) for X with the F distribution of `numerator` and `denominator` > 0 degrees of freedom.
pub(crate) fn f_survival(x: f64, numerator: f64, denominator: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    // One less this would lose the tail, for large x; as x grows the argument goes to 0 with all its digits.
    beta_reg(denominator / 2.0, numerator / 2.0, 1.0 / (1.0 + numerator / denominator * x))
}

/// The z for which a normal variable exceeds z as often as Student's exceeds the root of `ratio` times `degrees`: G. W.
/// Hill, "Algorithm 395: Student's t-distribution", Communications of the ACM 13 (1970); terms of the sixth order are left
/// out.
fn equivalent_normal(ratio: f64, degrees: f64) -> f64 {
    let a = degrees - 0.5;
    let b = 48.0 * a * a;
    let y = a * ratio.ln_1p();
    let correction = (((-0.4 * y - 3.3) * y - 24.0) * y - 85.5) / (0.8 * y * y + 100.0 + b) + y + 3.0;
    (correction / b + 1.0) * y.sqrt()
}

/// The least x ≥ 0, to the last digit, at which a decreasing function is no longer above `tail`.
fn where_survival_falls_to(tail: f64, survival: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while survival(high) > tail && high < f64::MAX / 2.0 {
        (low, high) = (high, 2.0 * high);
    }
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            return high;
        }
        if survival(middle) > tail { low = middle } else { high = middle }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of SciPy 1.17.1 (`scipy.stats`), to 1e-12 but where the gamma functions of many degrees of freedom cancel.
    #[test]
    fn tails_are_those_of_scipy() {
        let close = |found: f64, expected: f64, bound: f64| {
            assert!((found - expected).abs() <= bound * expected.abs(), "{found:e} is not {expected:e}");
        };
        close(chi_square_survival(3.84, 1.0), 0.050_043_521_248_705_19, 1e-13);
        close(chi_square_survival(200.0, 13.0), 1.366_592_207_117_586_5e-35, 1e-12);
        close(chi_square_survival(1100.0, 1000.0), 0.014_614_408_126_295_192, 1e-12);
        close(student_t_survival(2.2, 10.0), 0.026_220_534_224_676_57, 1e-13);
        close(student_t_survival(40.0, 431.0), 1.791_875_999_758_137_3e-147, 1e-12);
        close(student_t_survival(1.96, 1e6), 0.024_998_033_792_634_926, 1e-12);
        close(student_t_survival(1e5, 3.0), 1.102_657_790_446_627_3e-15, 1e-13);
        close(student_t_survival(1e-9, 5.0), 0.499_999_999_620_393_3, 1e-15);
        close(f_survival(46.0, 10.0, 431.0), 7.309_184_839_677_475e-62, 1e-12);
        close(f_survival(1e10, 1.0, 34.0), 1.472_818_689_034_773_1e-145, 1e-12);
        close(f_survival(4.0, 1.0, 9.0), 0.076_552_823_770_701_01, 1e-13);
        assert_eq!([chi_square_survival(-1.0, 2.0), f_survival(0.0, 2.0, 3.0)], [1.0; 2]);
        let beyond = f64::INFINITY;
        let few_and_many = [3.0, 1e6].map(|degrees| student_t_survival(beyond, degrees));
        assert_eq!(few_and_many, [0.0; 2]);
        assert_eq!([chi_square_survival(beyond, 2.0), f_survival(beyond, 2.0, 3.0)], [0.0; 2]);
    }

    #[test]
    fn quantiles_are_those_of_scipy() {
        let close = |found: f64, expected: f64| {
            assert!((found - expected).abs() <= 1e-12 * expected.abs(), "{found:e} is not {expected:e}");
        };
        close(chi_square_quantile(0.975, 13.0), 24.735_604_884_931_547);
        close(chi_square_quantile(0.975, 1000.0), 1_089.530_912_774_913_5);
        close(chi_square_quantile(0.5, 1.0), 0.454_936_423_119_572_8);
        close(student_t_quantile(0.975, 10.0), 2.228_138_851_986_274);
        close(student_t_quantile(0.025, 431.0), -1.965_483_320_339_743_5);
        close(student_t_quantile(0.975, 1e6), 1.959_966_356_814_107);
    }

    /// Hill's expansion and the incomplete beta function meet where one takes over from the other.
    #[test]
    fn few_and_many_degrees_of_freedom_agree() {
        for t in [1e-3, 0.5, 2.0, 8.0] {
            let (few, many) =
                (student_t_survival(t, MANY_DEGREES - 1.0), student_t_survival(t, MANY_DEGREES));
            // The derivative in the degrees of freedom is less than (t + t⁴) / 1e8 of the tail.
            assert!((few - many).abs() <= ((t + t.powi(4)) * 1e-8 + 1e-10) * few, "{t}");
        }
    }
}
