//! Matrices that C programs know only by their products.

use std::cell::Cell;
use std::ffi::c_void;

use lapwing_iterative::LinearOperator;
use lapwing_lapack::Error;
use ndarray::ArrayRef2;

use crate::status::{
    Failure, LAPWING_ERR_CANCELLED, LAPWING_ERR_NULL, LAPWING_ERR_SHAPE, LAPWING_ERR_TOO_LARGE,
};
use crate::view::{Lent, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64};

/// A matrix that is known by what it does to blocks of vectors.
///
/// The functions run on the calling thread, and return normally: no exception and no longjmp leaves them. The views that
/// they get end when they return. What result holds before is not to be read. Anything but 0 that they return ends the
/// call with LAPWING_ERR_CANCELLED.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_operator_f64 {
    /// The number of rows, m.
    pub rows: i64,
    /// The number of columns, n.
    pub cols: i64,
    /// Replaces result (m x k) by the product of the matrix with x (n x k).
    pub multiply: Option<
        unsafe extern "C" fn(user: *mut c_void, x: lapwing_mat_f64, result: lapwing_mat_mut_f64) -> i32,
    >,
    /// Replaces result (n x k) by the product of the transposed matrix with y (m x k). NULL where the function that is
    /// called says so.
    pub multiply_transposed: Option<
        unsafe extern "C" fn(user: *mut c_void, y: lapwing_mat_f64, result: lapwing_mat_mut_f64) -> i32,
    >,
    /// Handed to both.
    pub user: *mut c_void,
}

/// As lapwing_operator_f64, in single precision.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_operator_f32 {
    /// The number of rows, m.
    pub rows: i64,
    /// The number of columns, n.
    pub cols: i64,
    /// Replaces result (m x k) by the product of the matrix with x (n x k).
    pub multiply: Option<
        unsafe extern "C" fn(user: *mut c_void, x: lapwing_mat_f32, result: lapwing_mat_mut_f32) -> i32,
    >,
    /// Replaces result (n x k) by the product of the transposed matrix with y (m x k). NULL where the function that is
    /// called says so.
    pub multiply_transposed: Option<
        unsafe extern "C" fn(user: *mut c_void, y: lapwing_mat_f32, result: lapwing_mat_mut_f32) -> i32,
    >,
    /// Handed to both.
    pub user: *mut c_void,
}

/// A callback that multiplies.
type Product<T> = unsafe extern "C" fn(*mut c_void, <T as Lent>::Matrix, <T as Lent>::MatrixMut) -> i32;

/// An operator as the caller describes it, with nothing about it checked.
#[derive(Clone, Copy)]
pub(crate) struct UncheckedOperator<T: Lent> {
    extents: [i64; 2],
    multiply: Option<Product<T>>,
    multiply_transposed: Option<Product<T>>,
    user: *mut c_void,
}

macro_rules! unchecked_operator {
    ($scalar:ty, $operator:ty) => {
        impl From<$operator> for UncheckedOperator<$scalar> {
            fn from(operator: $operator) -> Self {
                Self {
                    extents: [operator.rows, operator.cols],
                    multiply: operator.multiply,
                    multiply_transposed: operator.multiply_transposed,
                    user: operator.user,
                }
            }
        }
    };
}
unchecked_operator!(f64, lapwing_operator_f64);
unchecked_operator!(f32, lapwing_operator_f32);

/// An operator whose products are the caller's functions.
pub(crate) struct Callbacks<T: Lent> {
    name: &'static str,
    dimensions: (usize, usize),
    multiply: Product<T>,
    multiply_transposed: Option<Product<T>>,
    user: *mut c_void,
    /// Which function asked to stop, and with what number.
    stopped: Cell<Option<(&'static str, i32)>>,
}

const MULTIPLY: &str = "multiply";
const MULTIPLY_TRANSPOSED: &str = "multiply_transposed";

impl<T: Lent> UncheckedOperator<T> {
    /// The operator, for a method that multiplies by it alone.
    ///
    /// # Safety
    /// The functions may be called with `user`, and do what they should, for as long as the operator is used.
    pub(crate) unsafe fn symmetric(self, name: &'static str) -> Result<Callbacks<T>, Failure> {
        let [rows, cols] = [(0, "rows"), (1, "columns")].map(|(axis, what)| {
            let found = self.extents[axis];
            let refused =
                |status, reason: &str| Failure::new(status, format!("{name} has {found} {what}{reason}"));
            match usize::try_from(found) {
                _ if found < 0 => Err(refused(LAPWING_ERR_SHAPE, ", but must have at least 0")),
                Ok(extent) if extent <= isize::MAX as usize / size_of::<T>() => Ok(extent),
                _ => Err(refused(LAPWING_ERR_TOO_LARGE, ": no memory holds such vectors")),
            }
        });
        let missing = || Failure::new(LAPWING_ERR_NULL, format!("{name}.{MULTIPLY} is NULL"));
        Ok(Callbacks {
            name,
            dimensions: (rows?, cols?),
            multiply: self.multiply.ok_or_else(missing)?,
            multiply_transposed: self.multiply_transposed,
            user: self.user,
            stopped: Cell::new(None),
        })
    }

    /// The operator, for a method that multiplies by its transpose as well.
    ///
    /// # Safety
    /// As [`symmetric`](Self::symmetric).
    pub(crate) unsafe fn general(self, name: &'static str) -> Result<Callbacks<T>, Failure> {
        // SAFETY: this function's own condition.
        let operator = unsafe { self.symmetric(name) }?;
        if operator.multiply_transposed.is_none() {
            let message =
                format!("{name}.{MULTIPLY_TRANSPOSED} is NULL, but the method multiplies by the transpose");
            return Err(Failure::new(LAPWING_ERR_NULL, message));
        }
        Ok(operator)
    }
}

impl<T: Lent> Callbacks<T> {
    /// What became of a call that used the operator: that a callback stopped it comes before what followed from that.
    pub(crate) fn outcome(&self, result: Result<(), Failure>) -> Result<(), Failure> {
        match self.stopped.get() {
            Some((function, number)) if result.is_err() => {
                let message = format!("{}.{function} returned {number}, which asks to stop", self.name);
                Err(Failure::new(LAPWING_ERR_CANCELLED, message))
            }
            _ => result,
        }
    }

    fn call(
        &self,
        (name, product): (&'static str, Product<T>),
        x: &ArrayRef2<T>,
        result: &mut ArrayRef2<T>,
        (rows, cols): (usize, usize),
    ) -> Result<(), Error> {
        let shape = |argument, extent, found, expected, reason| {
            if found == expected {
                Ok(())
            } else {
                Err(Error::Shape { argument, extent, found, expected, reason })
            }
        };
        shape("x", "rows", x.nrows(), cols, "the columns of the operator")?;
        shape("result", "rows", result.nrows(), rows, "the rows of the operator")?;
        shape("result", "columns", result.ncols(), x.ncols(), "the columns of x")?;
        if x.ncols() == 0 {
            return Ok(());
        }
        // SAFETY: the views are of these arrays, whose shapes are as promised; the rest is the condition of `symmetric`.
        match unsafe { product(self.user, x.view().into(), result.view_mut().into()) } {
            0 => Ok(()),
            number => {
                self.stopped.set(Some((name, number)));
                // Never seen: `outcome` replaces it.
                Err(Error::DoesNotExist {
                    what: "the product",
                    reason: "a callback asked to stop".to_owned(),
                })
            }
        }
    }
}

impl<T: Lent> LinearOperator<T> for Callbacks<T> {
    fn dimensions(&self) -> (usize, usize) {
        self.dimensions
    }

    fn apply_into(&self, x: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        self.call((MULTIPLY, self.multiply), x, result, self.dimensions)
    }

    fn apply_transposed_into(&self, y: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        let (rows, cols) = self.dimensions;
        // Without a product of its own, the operator was taken for symmetric.
        let product = match self.multiply_transposed {
            Some(product) => (MULTIPLY_TRANSPOSED, product),
            None => (MULTIPLY, self.multiply),
        };
        self.call(product, y, result, (cols, rows))
    }
}
