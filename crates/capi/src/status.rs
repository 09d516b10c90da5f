//! The status codes, and the one place where the errors of the Rust crates become them.

use std::ffi::{CStr, c_char};

use lapwing_iterative::{BreakdownReason, IterationError};
use lapwing_lapack::Error as LapackError;
use lapwing_ml::Error as MlError;

/// What every function that can fail returns: LAPWING_OK, or one of the LAPWING_ERR_ constants. Later versions
/// may add some; a value never changes its meaning.
pub type lapwing_status = i32;

/// Success.
pub const LAPWING_OK: lapwing_status = 0;
/// A pointer that is needed is NULL.
pub const LAPWING_ERR_NULL: lapwing_status = 1;
/// A constant, an option, a count or a weight lies outside its domain, or a pointer is misaligned.
pub const LAPWING_ERR_ARGUMENT: lapwing_status = 2;
/// An extent is negative, or does not agree with those of the other arguments.
pub const LAPWING_ERR_SHAPE: lapwing_status = 3;
/// An output overlaps an input, another output, or itself.
pub const LAPWING_ERR_ALIAS: lapwing_status = 4;
/// An input holds NaN or an infinity; the message names the first.
pub const LAPWING_ERR_NON_FINITE: lapwing_status = 5;
/// The matrix is not positive definite; the message gives the order of the first leading minor that is not, where a
/// factorization found out. Or a kernel is not positive semidefinite; the message gives its smallest eigenvalue. Or what
/// should be a covariance cannot be one; the message says what gives it away.
pub const LAPWING_ERR_NOT_POSITIVE_DEFINITE: lapwing_status = 6;
/// The matrix is singular.
pub const LAPWING_ERR_SINGULAR: lapwing_status = 7;
/// An iteration did not converge: one of LAPACK's own, or an iterative method, whose message says how far it came and
/// what helps.
pub const LAPWING_ERR_NO_CONVERGENCE: lapwing_status = 8;
/// A size passes LAPACK's 32-bit integers, or the address space.
pub const LAPWING_ERR_TOO_LARGE: lapwing_status = 9;
/// The system refused the memory.
pub const LAPWING_ERR_OUT_OF_MEMORY: lapwing_status = 10;
/// A callback asked to stop.
pub const LAPWING_ERR_CANCELLED: lapwing_status = 11;
/// A file could not be read or written.
pub const LAPWING_ERR_IO: lapwing_status = 12;
/// Finite input led to a result beyond the range of the precision: scale the input down.
pub const LAPWING_ERR_OVERFLOW: lapwing_status = 13;
/// A matrix that must be symmetric is not; the message names the entry that differs most from its mirror.
pub const LAPWING_ERR_NOT_SYMMETRIC: lapwing_status = 14;
/// The method needs full rank, and the matrix has less.
pub const LAPWING_ERR_RANK_DEFICIENT: lapwing_status = 15;
/// What was asked for does not exist, or not in real numbers; the message says why.
pub const LAPWING_ERR_DOES_NOT_EXIST: lapwing_status = 16;
/// An iterative method cannot go on, because of a property of the matrix other than not being positive definite, or
/// because rounding errors have taken over; the message says which, and what helps.
pub const LAPWING_ERR_BREAKDOWN: lapwing_status = 17;
/// A bug in Lapwing or in the installed LAPACK was caught: please report it with the message.
pub const LAPWING_ERR_PANIC: lapwing_status = 255;

/// Why a call failed: the status it returns, and the message that lapwing_last_error hands out.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) status: lapwing_status,
    pub(crate) message: String,
}

impl Failure {
    pub(crate) fn new(status: lapwing_status, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }
}

impl From<LapackError> for Failure {
    fn from(error: LapackError) -> Self {
        MlError::Lapack(error).into()
    }
}

impl From<MlError> for Failure {
    fn from(error: MlError) -> Self {
        Self::new(status_of(&error), error.to_string())
    }
}

impl<R> From<IterationError<R>> for Failure {
    fn from(error: IterationError<R>) -> Self {
        // Through the other enum, so that there is one table.
        MlError::from(error).into()
    }
}

/// Both enums may grow: an error that has no status yet is a gap in this function, and reported as one.
fn status_of(error: &MlError) -> lapwing_status {
    match error {
        MlError::Lapack(error) => match error {
            LapackError::NonFinite { .. } => LAPWING_ERR_NON_FINITE,
            LapackError::NotSquare { .. } | LapackError::Shape { .. } => LAPWING_ERR_SHAPE,
            LapackError::InvalidParameter { .. } => LAPWING_ERR_ARGUMENT,
            LapackError::NotPositiveDefinite { .. } => LAPWING_ERR_NOT_POSITIVE_DEFINITE,
            LapackError::Singular { .. } => LAPWING_ERR_SINGULAR,
            LapackError::NotSymmetric { .. } => LAPWING_ERR_NOT_SYMMETRIC,
            LapackError::RankDeficient { .. } | LapackError::DependentColumn { .. } => {
                LAPWING_ERR_RANK_DEFICIENT
            }
            LapackError::DoesNotExist { .. } => LAPWING_ERR_DOES_NOT_EXIST,
            LapackError::NoConvergence { .. } => LAPWING_ERR_NO_CONVERGENCE,
            LapackError::TooLarge { .. } => LAPWING_ERR_TOO_LARGE,
            LapackError::OutOfMemory { .. } => LAPWING_ERR_OUT_OF_MEMORY,
            LapackError::Overflow { .. } => LAPWING_ERR_OVERFLOW,
            _ => LAPWING_ERR_PANIC,
        },
        MlError::TooFewSamples { .. } | MlError::NoFeatures { .. } | MlError::FeatureMismatch { .. } => {
            LAPWING_ERR_SHAPE
        }
        MlError::InvalidEdge { weight, .. } if !weight.is_finite() => LAPWING_ERR_NON_FINITE,
        MlError::InvalidParameter { .. }
        | MlError::TooFewClasses { .. }
        | MlError::NegativeWeight { .. }
        | MlError::InvalidEdge { .. } => LAPWING_ERR_ARGUMENT,
        MlError::Iteration(error) => match error {
            IterationError::NotConverged { .. } => LAPWING_ERR_NO_CONVERGENCE,
            IterationError::Breakdown { reason: BreakdownReason::NotPositiveDefinite { .. }, .. } => {
                LAPWING_ERR_NOT_POSITIVE_DEFINITE
            }
            IterationError::Breakdown { .. } => LAPWING_ERR_BREAKDOWN,
            IterationError::Cancelled { .. } => LAPWING_ERR_CANCELLED,
            _ => LAPWING_ERR_PANIC,
        },
        MlError::SingularCovariance { .. }
        | MlError::DependentFeature { .. }
        | MlError::CollinearClass { .. } => LAPWING_ERR_SINGULAR,
        MlError::IndefiniteKernel { .. } | MlError::InvalidCovariance { .. } => {
            LAPWING_ERR_NOT_POSITIVE_DEFINITE
        }
        MlError::Unavailable { .. } | MlError::ConstantColumn { .. } | MlError::Disconnected { .. } => {
            LAPWING_ERR_DOES_NOT_EXIST
        }
        _ => LAPWING_ERR_PANIC,
    }
}

/// The name of a status, as "LAPWING_ERR_SHAPE"; "unknown status" for a value that is none. Never NULL, never
/// to be freed. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn lapwing_status_name(status: lapwing_status) -> *const c_char {
    name(status).as_ptr()
}

fn name(status: lapwing_status) -> &'static CStr {
    match status {
        LAPWING_OK => c"LAPWING_OK",
        LAPWING_ERR_NULL => c"LAPWING_ERR_NULL",
        LAPWING_ERR_ARGUMENT => c"LAPWING_ERR_ARGUMENT",
        LAPWING_ERR_SHAPE => c"LAPWING_ERR_SHAPE",
        LAPWING_ERR_ALIAS => c"LAPWING_ERR_ALIAS",
        LAPWING_ERR_NON_FINITE => c"LAPWING_ERR_NON_FINITE",
        LAPWING_ERR_NOT_POSITIVE_DEFINITE => c"LAPWING_ERR_NOT_POSITIVE_DEFINITE",
        LAPWING_ERR_SINGULAR => c"LAPWING_ERR_SINGULAR",
        LAPWING_ERR_NO_CONVERGENCE => c"LAPWING_ERR_NO_CONVERGENCE",
        LAPWING_ERR_TOO_LARGE => c"LAPWING_ERR_TOO_LARGE",
        LAPWING_ERR_OUT_OF_MEMORY => c"LAPWING_ERR_OUT_OF_MEMORY",
        LAPWING_ERR_CANCELLED => c"LAPWING_ERR_CANCELLED",
        LAPWING_ERR_IO => c"LAPWING_ERR_IO",
        LAPWING_ERR_OVERFLOW => c"LAPWING_ERR_OVERFLOW",
        LAPWING_ERR_NOT_SYMMETRIC => c"LAPWING_ERR_NOT_SYMMETRIC",
        LAPWING_ERR_RANK_DEFICIENT => c"LAPWING_ERR_RANK_DEFICIENT",
        LAPWING_ERR_DOES_NOT_EXIST => c"LAPWING_ERR_DOES_NOT_EXIST",
        LAPWING_ERR_BREAKDOWN => c"LAPWING_ERR_BREAKDOWN",
        LAPWING_ERR_PANIC => c"LAPWING_ERR_PANIC",
        _ => c"unknown status",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Programs are compiled with these numbers in them.
    #[test]
    fn the_values_are_frozen() {
        let frozen = [
            (0, LAPWING_OK),
            (1, LAPWING_ERR_NULL),
            (2, LAPWING_ERR_ARGUMENT),
            (3, LAPWING_ERR_SHAPE),
            (4, LAPWING_ERR_ALIAS),
            (5, LAPWING_ERR_NON_FINITE),
            (6, LAPWING_ERR_NOT_POSITIVE_DEFINITE),
            (7, LAPWING_ERR_SINGULAR),
            (8, LAPWING_ERR_NO_CONVERGENCE),
            (9, LAPWING_ERR_TOO_LARGE),
            (10, LAPWING_ERR_OUT_OF_MEMORY),
            (11, LAPWING_ERR_CANCELLED),
            (12, LAPWING_ERR_IO),
            (13, LAPWING_ERR_OVERFLOW),
            (14, LAPWING_ERR_NOT_SYMMETRIC),
            (15, LAPWING_ERR_RANK_DEFICIENT),
            (16, LAPWING_ERR_DOES_NOT_EXIST),
            (17, LAPWING_ERR_BREAKDOWN),
            (255, LAPWING_ERR_PANIC),
        ];
        assert!(frozen.iter().all(|(number, status)| number == status));
    }

    #[test]
    fn an_error_keeps_its_text_and_gets_its_status() {
        let error = LapackError::NotPositiveDefinite { minor: 3 };
        let text = error.to_string();
        let failure = Failure::from(error);
        assert_eq!((failure.status, failure.message), (LAPWING_ERR_NOT_POSITIVE_DEFINITE, text));

        let error = MlError::NoFeatures { argument: "x" };
        assert_eq!(Failure::from(error).status, LAPWING_ERR_SHAPE);
        let error = LapackError::Overflow { routine: "gesdd", scalar: "f32" };
        assert_eq!(Failure::from(MlError::from(error)).status, LAPWING_ERR_OVERFLOW);
        let error = MlError::IndefiniteKernel { eigenvalue: -1.0, largest: 2.0 };
        assert_eq!(Failure::from(error).status, LAPWING_ERR_NOT_POSITIVE_DEFINITE);
        let edge = |weight| {
            let (edge, from, to, reason) = (3, 0, 1, "is no edge".to_owned());
            Failure::from(MlError::InvalidEdge { edge, from, to, weight, reason }).status
        };
        assert_eq!((edge(-1.0), edge(f64::NAN)), (LAPWING_ERR_ARGUMENT, LAPWING_ERR_NON_FINITE));
        let error = MlError::Disconnected { components: 2, what: "no cut" };
        assert_eq!(Failure::from(error).status, LAPWING_ERR_DOES_NOT_EXIST);
        let error = MlError::Unavailable { what: "a part", remedy: "fit it" };
        assert_eq!(Failure::from(error).status, LAPWING_ERR_DOES_NOT_EXIST);
    }

    #[test]
    fn an_iteration_that_ends_early_says_how() {
        let method = "the method";
        let error = IterationError::NotConverged {
            method,
            iterations: 7,
            residual: 0.25,
            tolerance: 0.125,
            best: Box::new(()),
        };
        let failure = Failure::from(error);
        assert_eq!(failure.status, LAPWING_ERR_NO_CONVERGENCE);
        assert!(failure.message.contains("in 7 iterations: its residual is 2.5e-1"), "{}", failure.message);

        let reasons = [
            (BreakdownReason::NotPositiveDefinite { curvature: -1.0 }, LAPWING_ERR_NOT_POSITIVE_DEFINITE),
            (BreakdownReason::IndefinitePreconditioner, LAPWING_ERR_BREAKDOWN),
            (BreakdownReason::Singular, LAPWING_ERR_BREAKDOWN),
        ];
        for (reason, status) in reasons {
            let error = IterationError::Breakdown { method, iterations: 7, reason, best: Box::new(()) };
            assert_eq!(Failure::from(error).status, status);
        }
        let error = IterationError::Cancelled { method, iterations: 7, best: Box::new(()) };
        assert_eq!(Failure::from(MlError::from(error)).status, LAPWING_ERR_CANCELLED);
        let error: IterationError<()> = LapackError::Singular { pivot: 0 }.into();
        assert_eq!(Failure::from(error).status, LAPWING_ERR_SINGULAR);
    }
}
