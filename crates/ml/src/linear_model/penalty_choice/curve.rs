//! Residuals and coefficients as functions of the penalty.

use ndarray::Array1;

use crate::error::Error;
use crate::linear_model::regression::Intercept;
use crate::linear_model::singular_system::SingularSystem;

/// The singular values relative to the largest, and the target in units of its length: no square over- or underflows.
pub(super) struct Curve {
    values: Array1<f64>,
    /// The part of the target along each left singular vector.
    parts: Array1<f64>,
    /// The squared part outside of their range.
    outside: f64,
    samples: f64,
    /// 1 for an intercept.
    unpenalized: f64,
    largest: f64,
    length: f64,
}

impl Curve {
    pub(super) fn new(system: SingularSystem, samples: usize, intercept: Intercept) -> Result<Self, Error> {
        let parts = system.projections.column(0).to_owned();
        let length = parts.iter().fold(system.unexplained[0].sqrt(), |length, part| length.hypot(*part));
        let largest = system.values.first().copied().unwrap_or(0.0);
        let inside = parts.iter().fold(0.0f64, |length, part| length.hypot(*part));
        // To rounding, the target is orthogonal to every feature, and every penalty predicts its mean.
        if largest == 0.0 || inside <= length * samples as f64 * f64::EPSILON {
            return Err(Error::InvalidParameter {
                parameter: "x",
                value: "of no linear relation to y".to_owned(),
                requirement: "related to y for a penalty to be chosen".to_owned(),
            });
        }
        Ok(Self {
            values: system.values / largest,
            parts: parts / length,
            outside: system.unexplained[0] / length / length,
            samples: samples as f64,
            unpenalized: f64::from(u8::from(intercept == Intercept::Fitted)),
            largest,
            length,
        })
    }

    /// The logarithms of the smallest and the largest penalty worth trying, relative to the largest squared singular value:
    /// below the one nothing more changes, and beyond the other nothing is left.
    pub(super) fn range(&self) -> (f64, f64) {
        let smallest = self.values.last().copied().unwrap_or(1.0);
        ((smallest * smallest * 1e-2).max(1e-16).ln(), 1e4f64.ln())
    }

    pub(super) fn in_units_of_the_data(&self, alpha: f64) -> Result<f64, Error> {
        let alpha = alpha * self.largest * self.largest;
        if alpha.is_normal() {
            return Ok(alpha);
        }
        Err(lapwing_lapack::Error::Overflow { routine: "the penalty", scalar: "f64" }.into())
    }

    pub(super) fn residual_norm(&self, alpha: f64) -> f64 {
        self.length * self.squared_residuals(alpha).sqrt()
    }

    pub(super) fn solution_norm(&self, alpha: f64) -> f64 {
        self.length / self.largest * self.squared_norm(alpha).sqrt()
    }

    /// The sum of `(α / (σ² + α) uᵀy)²`, and what no coefficients reach.
    fn squared_residuals(&self, alpha: f64) -> f64 {
        self.outside + self.sum(|value, part| (alpha / (value * value + alpha) * part).powi(2))
    }

    /// The sum of `(σ / (σ² + α) uᵀy)²`.
    fn squared_norm(&self, alpha: f64) -> f64 {
        self.sum(|value, part| (value / (value * value + alpha) * part).powi(2))
    }

    fn sum(&self, term: impl Fn(f64, f64) -> f64) -> f64 {
        self.values.iter().zip(&self.parts).map(|(&value, &part)| term(value, part)).sum()
    }

    /// `n ‖r‖² / (n − d)²`, relative to the squared length of the target.
    pub(super) fn generalized_error(&self, alpha: f64) -> f64 {
        // n less the parameters, by a sum of positive numbers: those of the directions in which the data varies, and the rest.
        let damped: f64 = self.values.iter().map(|value| alpha / (value * value + alpha)).sum();
        let rest = self.samples - self.unpenalized - self.values.len() as f64;
        let free = damped + rest.max(0.0);
        self.samples * self.squared_residuals(alpha) / (free * free)
    }

    /// The curvature of `(log ‖r‖, log ‖b‖)`. With ρ = ‖r‖², η = ‖b‖² and η' its derivative by α, the derivative of ρ is
    /// −α η', from which
    ///
    /// `κ = 2 η ρ (η ρ + α η' ρ + α² η η') / (|η'| (ρ² + α² η²)^{3/2})`,
    ///
    /// Hansen's formula in terms of α instead of its root; the corner has the largest.
    pub(super) fn curvature(&self, alpha: f64) -> f64 {
        let (rho, eta) = (self.squared_residuals(alpha), self.squared_norm(alpha));
        let slope =
            -2.0 * self.sum(|value, part| value * value * part * part / (value * value + alpha).powi(3));
        let ratio = eta * rho / slope;
        let bracket = alpha * slope * rho + eta * rho + alpha * alpha * eta * slope;
        let size = (alpha * eta).hypot(rho).powi(3);
        let curvature = -2.0 * ratio * bracket / size;
        if curvature.is_finite() { curvature } else { f64::NEG_INFINITY }
    }
}
