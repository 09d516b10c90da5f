//! Fitted models behind opaque pointers: how one is handed out, read, applied and freed. Every estimator has a type for
//! each precision, because C knows no other, and all of them come this way.

use lapwing_iterative::sprs::CsMatViewI;
use lapwing_lapack::Scalar;
use lapwing_ml::Error;
use ndarray::{Array1, Array2, ArrayView2, Axis};

use crate::guard::{guard, require_pointer};
use crate::sparse::{Sparse, UncheckedRows, X};
use crate::status::Failure;
use crate::strided::{Strided, require_disjoint};
use crate::view::Unchecked;

/// A type that C knows by its name alone. Never changed once it is handed out, so that threads may share it.
pub(crate) trait Model: Sync + 'static {
    /// What it holds.
    type Fitted;
    /// What the argument is called in messages.
    const NAME: &'static str;
    fn new(fitted: Self::Fitted) -> Self;
    fn fitted(&self) -> &Self::Fitted;
}

/// Both precisions of a model are newtypes over the estimator of lapwing-ml.
macro_rules! models {
    ($name:literal: $($model:ident($fitted:ty)),*) => {
        $(impl $crate::models::Model for $model {
            type Fitted = $fitted;
            const NAME: &'static str = $name;
            fn new(fitted: $fitted) -> Self {
                Self(fitted)
            }
            fn fitted(&self) -> &$fitted {
                &self.0
            }
        })*
    };
}
pub(crate) use models;

/// The model behind a pointer from C.
///
/// # Safety
/// NULL, or from [`hand_out`] and not freed during `'a`.
pub(crate) unsafe fn model<'a, M: Model>(model: *const M) -> Result<&'a M::Fitted, Failure> {
    require_pointer(M::NAME, model)?;
    // SAFETY: not NULL; the rest is this function's own condition. Models are only ever shared.
    Ok(unsafe { &*model }.fitted())
}

/// Gives the caller what `fit` makes, unless there is no place for it.
///
/// # Safety
/// `out` is NULL or writable.
pub(crate) unsafe fn hand_out<M: Model>(
    out: *mut *mut M,
    fit: impl FnOnce() -> Result<M::Fitted, Failure>,
) -> Result<(), Failure> {
    require_pointer("out", out)?;
    let model = Box::new(M::new(fit()?));
    // SAFETY: not NULL, aligned, and writable by this function's own condition.
    unsafe { out.write(Box::into_raw(model)) };
    Ok(())
}

/// Gives the caller what `read` takes from the model. Views are of the model's own memory, and end with it.
///
/// # Safety
/// As [`model`] requires; `out` is NULL or writable.
pub(crate) unsafe fn read<M: Model, V>(
    pointer: *const M,
    name: &str,
    out: *mut V,
    read: impl FnOnce(&M::Fitted) -> Result<V, Failure>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let fitted = unsafe { model(pointer) }?;
    require_pointer(name, out)?;
    let value = read(fitted)?;
    // SAFETY: not NULL, aligned, and writable by this function's own condition.
    unsafe { out.write(value) };
    Ok(())
}

/// [`read`] of a view of the model's memory.
///
/// # Safety
/// As [`read`].
pub(crate) unsafe fn view<M: Model, V>(
    pointer: *const M,
    out: *mut V,
    view: impl FnOnce(&M::Fitted) -> V,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe { read(pointer, "view", out, |fitted| Ok(view(fitted))) }
}

/// [`read`] of a number.
///
/// # Safety
/// As [`read`].
pub(crate) unsafe fn value<M: Model, V>(
    pointer: *const M,
    out: *mut V,
    value: impl FnOnce(&M::Fitted) -> V,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe { read(pointer, "value", out, |fitted| Ok(value(fitted))) }
}

/// Writes what `work` makes of one view to another, which lies elsewhere.
///
/// # Safety
/// As [`Strided::view`] and [`Strided::write`] require.
pub(crate) unsafe fn map<T: Scalar>(
    from: &Strided<T>,
    to: &Strided<T>,
    work: impl FnOnce(ArrayView2<'_, T>) -> Result<Array2<T>, Failure>,
) -> Result<(), Failure> {
    require_disjoint(&[from.region()], &[to.region()])?;
    // SAFETY: this function's own condition; the two were just found to lie apart.
    let result = work(unsafe { from.view() })?;
    // SAFETY: as above.
    unsafe { to.write(&result) };
    Ok(())
}

/// Writes what `work` makes of sparse rows to the output of this name, which has as many rows and the given columns.
///
/// # Safety
/// As [`UncheckedRows::named`] and [`Strided::write`] require.
pub(crate) unsafe fn map_rows<T: Scalar>(
    x: UncheckedRows<T>,
    (name, output): (&'static str, Unchecked<T>),
    columns: (usize, &'static str),
    work: impl FnOnce(&CsMatViewI<'_, T, i32>) -> Result<Array2<T>, Failure>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let Sparse { matrix, regions } = unsafe { x.named(&X) }?;
    let output = output.output(name)?;
    output.require_shape(&[(matrix.rows(), "the rows of x"), columns])?;
    require_disjoint(&regions, &[output.region()])?;
    let result = work(&matrix)?;
    // SAFETY: this function's own condition; the output was just found to lie elsewhere.
    unsafe { output.write(&result) };
    Ok(())
}

/// Writes what `work` makes of the model to `out`, whose extents the model decides.
///
/// # Safety
/// As [`model`] and [`Strided::write`] require.
pub(crate) unsafe fn fill<T: Scalar, M: Model>(
    pointer: *const M,
    (name, out): (&'static str, Unchecked<T>),
    shape: impl FnOnce(&M::Fitted) -> [(usize, &'static str); 2],
    work: impl FnOnce(&M::Fitted) -> Result<Array2<T>, Failure>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let model = unsafe { model(pointer) }?;
    let out = out.output(name)?;
    out.require_shape(&shape(model))?;
    let result = work(model)?;
    // SAFETY: this function's own condition.
    unsafe { out.write(&result) };
    Ok(())
}

/// Writes to `out` what `work` makes of the rows of `x`: as many rows, and the columns that `columns` says.
///
/// # Safety
/// As [`model`] and [`map`] require.
pub(crate) unsafe fn map_data<T: Scalar, M: Model>(
    pointer: *const M,
    x: Unchecked<T>,
    (name, out): (&'static str, Unchecked<T>),
    columns: impl FnOnce(&M::Fitted) -> (usize, &'static str),
    work: impl FnOnce(&M::Fitted, &ArrayView2<'_, T>) -> Result<Array2<T>, Error>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let model = unsafe { model(pointer) }?;
    let (x, out) = (x.input("x")?, out.output(name)?);
    out.require_shape(&[(x.shape()[0], "the rows of x"), columns(model)])?;
    // SAFETY: this function's own condition.
    unsafe { map(&x, &out, |x| Ok(work(model, &x)?)) }
}

/// Writes to `out` a number for each row of `x`.
///
/// # Safety
/// As [`model`] and [`map`] require.
pub(crate) unsafe fn measure<T: Scalar, M: Model>(
    pointer: *const M,
    x: Unchecked<T>,
    out: (&'static str, Unchecked<T>),
    work: impl FnOnce(&M::Fitted, &ArrayView2<'_, T>) -> Result<Array1<T>, Error>,
) -> Result<(), Failure> {
    let work = |model: &_, x: &ArrayView2<'_, T>| Ok(work(model, x)?.insert_axis(Axis(1)));
    // SAFETY: this function's own condition.
    unsafe { map_data(pointer, x, out, |_| (1, "a vector"), work) }
}

/// # Safety
/// NULL, or from [`hand_out`], and not used again.
pub(crate) unsafe fn free<M: Model>(model: *mut M) {
    if !model.is_null() {
        guard(|| {
            // SAFETY: from `Box::into_raw` in `hand_out`, by this function's own condition.
            drop(unsafe { Box::from_raw(model) });
            Ok(())
        });
    }
}
