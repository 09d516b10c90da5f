//! Plane rotations of numbers.

/// A rotation `[c s; −s c]`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rotation {
    pub(super) c: f64,
    pub(super) s: f64,
}

impl Rotation {
    /// The rotation that turns `(a, b)` into `(r, 0)`, and `r ≥ 0`.
    pub(super) fn eliminating(a: f64, b: f64) -> (Self, f64) {
        let r = a.hypot(b);
        if r == 0.0 { (Self { c: 1.0, s: 0.0 }, 0.0) } else { (Self { c: a / r, s: b / r }, r) }
    }

    /// `(a, b)`, rotated.
    pub(super) fn apply(self, a: f64, b: f64) -> (f64, f64) {
        (self.c * a + self.s * b, self.c * b - self.s * a)
    }
}
