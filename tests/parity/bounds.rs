//! How far two correct computations of one PCA may be apart.
//!
//! Every solver works on slightly perturbed data, and perturbation theory says what that does. With
//! `ε` the spacing of doubles, `n` samples, `p` features and `C` the covariance matrix:
//!
//! | solver          | perturbation                                   | eigenvalues         | angles           |
//! |-----------------|------------------------------------------------|---------------------|------------------|
//! | covariance_eigh | `δ = 10 (n + p) ε trace(C)` of `C` (products of | `δ` (Weyl)          | `2 δ / gap`      |
//! |                 | n terms: `n ε trace(C)`, then an eigensolver)  |                     | (Davis-Kahan)    |
//! | full            | `φ = 10 (n + p) ε sqrt(λ₁)` of the centred     | `(2 sqrt(λ) + φ) φ` | `2 φ / gap` of   |
//! |                 | data over `sqrt(n - 1)` (backward stability)   | (Weyl)              | `sqrt(λ)` (Wedin) |
//!
//! A column mean is a sum of n terms around a shift: `4 ε |mean| + n ε sqrt(trace(C))`.

use lapwing::PcaSolver;

use super::{DataSet, Model};

const EPSILON: f64 = f64::EPSILON;

pub(crate) struct Bounds<'a> {
    model: &'a Model,
    /// All eigenvalues of the covariance matrix, largest first.
    eigenvalues: &'a [f64],
    rank: usize,
    samples: f64,
    features: f64,
    total: f64,
    perturbation: Perturbation,
}

enum Perturbation {
    /// Of the covariance matrix.
    Covariance(f64),
    /// Of the centred data, in standard deviations.
    Data(f64),
}

impl<'a> Bounds<'a> {
    /// `solver` is the one that ran.
    pub(crate) fn new(data: &'a DataSet, model: &'a Model, samples: usize, solver: PcaSolver) -> Self {
        let eigenvalues = &data.eigenvalues;
        let (samples, features) = (samples as f64, eigenvalues.len() as f64);
        let total = eigenvalues.iter().sum();
        let size = 10.0 * (samples + features) * EPSILON;
        let perturbation = match solver {
            PcaSolver::Full => Perturbation::Data(size * eigenvalues[0].sqrt()),
            PcaSolver::CovarianceEigh => Perturbation::Covariance(size * total),
            other => panic!("{other} is not one of the deterministic solvers"),
        };
        Self { model, eigenvalues, rank: data.rank, samples, features, total, perturbation }
    }

    pub(crate) fn mean(&self, column: usize) -> f64 {
        4.0 * EPSILON * self.model.mean[column].abs() + self.samples * EPSILON * self.total.sqrt()
    }

    fn whole_mean(&self) -> f64 {
        super::norm((0..self.model.mean.len()).map(|column| self.mean(column)))
    }

    /// Of an eigenvalue, or of the mean of some no larger than it.
    pub(crate) fn eigenvalue(&self, value: f64) -> f64 {
        match self.perturbation {
            Perturbation::Covariance(delta) => delta,
            Perturbation::Data(phi) => (2.0 * value.sqrt() + phi) * phi + 4.0 * EPSILON * value,
        }
    }

    /// Of the covariance matrix as a whole.
    fn matrix(&self) -> f64 {
        self.eigenvalue(self.eigenvalues[0])
    }

    pub(crate) fn ratio(&self, index: usize) -> f64 {
        // The share moves with its variance and, inversely, with the total.
        let share = self.eigenvalues[index] / self.total;
        self.eigenvalue(self.eigenvalues[index]) / self.total
            + share * (self.features * self.matrix() / self.total)
    }

    pub(crate) fn singular_value(&self, index: usize) -> f64 {
        let value = self.eigenvalues[index];
        let delta = self.eigenvalue(value);
        // |√a - √b| is |a - b| / (√a + √b), and at most √|a - b|.
        let deviation = if value > 0.0 { (delta / value.sqrt()).min(delta.sqrt()) } else { delta.sqrt() };
        (self.samples - 1.0).sqrt() * (deviation + 4.0 * EPSILON * value.sqrt())
    }

    /// The distance between a component and the exact one.
    pub(crate) fn component(&self, index: usize) -> f64 {
        let others = (0..self.eigenvalues.len()).filter(|&other| other != index);
        others.map(|other| self.angle(index, other)).fold(4.0 * EPSILON, f64::max)
    }

    /// The angle between the span of the components kept and the exact one.
    fn subspace(&self) -> f64 {
        let kept = self.model.n_components_.min(self.rank);
        if kept == self.eigenvalues.len() { 0.0 } else { self.angle(kept - 1, kept) }
    }

    fn angle(&self, index: usize, other: usize) -> f64 {
        let (a, b) = (self.eigenvalues[index], self.eigenvalues[other]);
        match self.perturbation {
            Perturbation::Covariance(delta) => 2.0 * delta / (a - b).abs(),
            Perturbation::Data(phi) => 2.0 * phi / (a.sqrt() - b.sqrt()).abs(),
        }
    }

    /// Of a score: the row turns with the component, moves with the mean, and its product rounds.
    pub(crate) fn score(&self, index: usize, distance: f64) -> f64 {
        (self.component(index) + 10.0 * self.features * EPSILON) * distance + self.whole_mean()
    }

    /// Of a score in units of its standard deviation.
    pub(crate) fn whitened(&self, index: usize, distance: f64, score: f64) -> f64 {
        let value = self.eigenvalues[index];
        self.score(index, distance) / value.sqrt() + score.abs() * (self.eigenvalue(value) / value)
    }

    /// Of a row restored from its scores: the projection turns with the subspace.
    pub(crate) fn restored(&self, distance: f64) -> f64 {
        (2.0 * self.subspace() + 10.0 * self.features * EPSILON) * distance
            + 2.0 * self.whole_mean()
            + 2.0 * EPSILON * super::norm(self.model.mean.iter().copied())
    }

    /// Of the model's covariance: a kept direction with variance λ mixes with a discarded one, μ, by an
    /// angle `2 δ / (λ - μ)` and its weight is λ less the noise; the quotient is largest at the boundary.
    pub(crate) fn covariance(&self) -> f64 {
        let kept = self.model.n_components_.min(self.rank);
        let last = self.eigenvalues[kept - 1];
        let weight = match self.eigenvalues.get(kept) {
            Some(next) => (last - self.model.noise_variance).max(0.0) / (last - next),
            None => 0.0,
        };
        self.matrix() * (2.0 + 4.0 * weight)
    }

    fn smallest_variance(&self) -> f64 {
        let kept = self.model.explained_variance.iter().copied().fold(f64::INFINITY, f64::min);
        if self.model.n_components_ < self.eigenvalues.len() {
            kept.min(self.model.noise_variance)
        } else {
            kept
        }
    }

    /// The model's covariance error relative to its smallest variance; first-order bounds need it small.
    fn relative(&self) -> f64 {
        let relative = self.covariance() / self.smallest_variance();
        assert!(relative < 0.1, "the reference's covariance is too close to singular to be compared");
        relative / (1.0 - relative)
    }

    /// Of the precision: `P` changes by `P ΔC P`. Divided in two steps, because variances near 1e-300
    /// have no square.
    pub(crate) fn precision(&self) -> f64 {
        (self.relative() + 10.0 * self.features * EPSILON * self.condition()) / self.smallest_variance()
    }

    fn condition(&self) -> f64 {
        self.eigenvalues[0] / self.smallest_variance()
    }

    /// Of a log-density whose value is `expected`, at a row `distance` from the mean: half of what the
    /// quadratic form and the log-determinant move, by the covariance, the mean and by rounding.
    pub(crate) fn log_density(&self, expected: f64, distance: f64) -> f64 {
        let deviations = distance / self.smallest_variance().sqrt();
        let quadratic = (-2.0 * expected - self.log_volume()).max(0.0);
        let covariance = (quadratic + self.features) * self.relative();
        let mean = 2.0 * quadratic.sqrt() * self.whole_mean() / self.smallest_variance().sqrt();
        let rounding = 10.0 * self.features * EPSILON * (deviations * deviations + self.log_volume().abs());
        (covariance + mean + rounding) / 2.0
    }

    /// Of the mean log-density, whose quadratic forms average to at most the number of features, and whose
    /// first-order change with the mean vanishes at the mean.
    pub(crate) fn mean_log_density(&self) -> f64 {
        let covariance = 2.0 * self.features * self.relative();
        let spread = self.total / self.smallest_variance();
        let rounding = 10.0 * (self.features + self.samples) * EPSILON * (spread + self.log_volume().abs());
        (covariance + rounding) / 2.0
    }

    /// `p log 2π + log det` of the model's covariance.
    fn log_volume(&self) -> f64 {
        let discarded = self.features - self.model.n_components_ as f64;
        let kept: f64 = self.model.explained_variance.iter().map(|value| value.ln()).sum();
        let noise = if discarded > 0.0 { discarded * self.model.noise_variance.ln() } else { 0.0 };
        self.features * std::f64::consts::TAU.ln() + kept + noise
    }
}
