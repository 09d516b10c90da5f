//! What the iterative methods have in common: their options, and who watches them.

use std::ffi::c_void;
use std::mem::offset_of;
use std::ops::ControlFlow;
use std::ptr;

use lapwing_iterative::Progress;

use crate::options::Options;
use crate::status::Failure;
use crate::structured::count;

/// The options of an iterative method. Zero means default, for every member but the first; a member that a method has
/// no use for is ignored.
///
/// Later versions add members at the end. A program that was compiled with an earlier header says so by
/// struct_size and gets the defaults; one compiled with a later header is refused with LAPWING_ERR_ARGUMENT
/// only when it sets a member that this library does not know.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_iteration_options {
    /// sizeof(lapwing_iteration_options), always.
    pub struct_size: usize,
    /// The relative residual that ends the iteration; each function says relative to what, and what its default is.
    pub tolerance: f64,
    /// The most iterations; each function says what its default is.
    pub max_iterations: i64,
    /// Of the singular value decomposition and the eigendecomposition: how many vectors a basis holds, more than k. The
    /// default is 2 * k + 10, and for eigenpairs at least 20.
    pub subspace: i64,
    /// Of the same: the seed of random vectors.
    pub seed: u64,
    /// Of linear systems: the residual norm that ends the iteration, where tolerance demands a smaller one.
    pub absolute_tolerance: f64,
    /// Of LAPWING_PRECONDITIONER_SSOR: the relaxation parameter, between 0 and 2. The default is 1.
    pub omega: f64,
    /// Called after every iteration, or before with LOBPCG, with user, the number of iterations so far and the residual,
    /// relative as the tolerance is; anything but 0 that it returns ends the call with LAPWING_ERR_CANCELLED. It runs on
    /// the calling thread, and returns normally: no exception and no longjmp leaves it. NULL when not wanted.
    pub progress: Option<unsafe extern "C" fn(user: *mut c_void, iterations: i64, residual: f64) -> i32>,
    /// Handed to progress.
    pub user: *mut c_void,
    /// Of GMRES: after how many iterations to start over, with as many vectors kept. The default is 20.
    pub restart: i64,
    /// Of LOBPCG: how many vectors are iterated, at least k. The default is a quarter more than k, and at least two
    /// more.
    pub block: i64,
    /// Of LSQR and LSMR: the factor lambda of what is minimized, norm(a * x - b)^2 + lambda^2 * norm(x - guess)^2. The
    /// default is 0: no damping.
    pub damping: f64,
    /// Of LSQR and LSMR: the relative error of b, of which a solution may take advantage. The default is 1e-6.
    pub right_hand_side_tolerance: f64,
    /// Of LSQR and LSMR: the estimate of the condition number of a at which to give up; infinity never does. The
    /// default is 1e8.
    pub condition_limit: f64,
}

// SAFETY: numbers and pointers, with the size first; the caller vouches for a callback that is not NULL.
unsafe impl Options for lapwing_iteration_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_iteration_options>(),
        tolerance: 0.0,
        max_iterations: 0,
        subspace: 0,
        seed: 0,
        absolute_tolerance: 0.0,
        omega: 0.0,
        progress: None,
        user: ptr::null_mut(),
        restart: 0,
        block: 0,
        damping: 0.0,
        right_hand_side_tolerance: 0.0,
        condition_limit: 0.0,
    };
    const FIRST_SIZE: usize = offset_of!(lapwing_iteration_options, user) + size_of::<*mut c_void>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_iteration_options)";
}

impl lapwing_iteration_options {
    /// The tolerance, if it is not to be the default.
    pub(crate) fn tolerance(&self) -> Option<f64> {
        (self.tolerance != 0.0).then_some(self.tolerance)
    }

    /// The most iterations, if they are not to be the default.
    pub(crate) fn max_iterations(&self) -> Result<Option<usize>, Failure> {
        Ok(Some(count("max_iterations", self.max_iterations)?).filter(|&most| most != 0))
    }

    /// How many vectors a basis holds, if they are not to be the default.
    pub(crate) fn subspace(&self) -> Result<Option<usize>, Failure> {
        Ok(Some(count("subspace", self.subspace)?).filter(|&vectors| vectors != 0))
    }

    /// After how many iterations to start over, if not the default.
    pub(crate) fn restart(&self) -> Result<Option<usize>, Failure> {
        Ok(Some(count("restart", self.restart)?).filter(|&iterations| iterations != 0))
    }

    /// How many vectors are iterated, if not the default.
    pub(crate) fn block(&self) -> Result<Option<usize>, Failure> {
        Ok(Some(count("block", self.block)?).filter(|&vectors| vectors != 0))
    }

    /// What calls `progress`, where there is one.
    ///
    /// # Safety
    /// `progress` may be called with `user` for as long as the observer is used.
    pub(crate) unsafe fn observer(&self) -> Option<impl FnMut(Progress) -> ControlFlow<()> + use<>> {
        let (progress, user) = (self.progress?, self.user);
        Some(move |made: Progress| {
            // SAFETY: this function's own condition.
            match unsafe { progress(user, made.iterations as i64, made.residual) } {
                0 => ControlFlow::Continue(()),
                _ => ControlFlow::Break(()),
            }
        })
    }
}
