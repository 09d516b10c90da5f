//! Watching an iteration, and stopping it.

use std::ops::ControlFlow;

/// How far an iteration is.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Progress {
    /// Iterations made so far.
    pub iterations: usize,
    /// The most that are allowed.
    pub limit: usize,
    /// The measure of convergence, by the method's own definition: it ends when this is at most `tolerance`.
    pub residual: f64,
    /// What the residual is to be.
    pub tolerance: f64,
}

/// What is called after every iteration. [`ControlFlow::Break`] cancels: the method returns
/// [`IterationError::Cancelled`](crate::IterationError::Cancelled) with the best answer so far.
pub type Observer<'a> = dyn FnMut(Progress) -> ControlFlow<()> + 'a;

impl Progress {
    /// Whether `observer`, if there is one, lets the iteration go on.
    pub(crate) fn allows(self, observer: &mut Option<&mut Observer<'_>>) -> bool {
        observer.as_mut().is_none_or(|observer| observer(self).is_continue())
    }
}
