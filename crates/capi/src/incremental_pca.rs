//! Principal component analysis of data in blocks: a model in the making, and its end as a fitted one.

mod accessors;

use std::mem::offset_of;

use lapwing_lapack::Scalar;
use lapwing_ml::{IncrementalMethod, IncrementalPca, IncrementalPcaParams, Pca};

pub use self::accessors::*;
use crate::guard::{guard, require_pointer};
use crate::models::{Model, hand_out};
use crate::numbers::constant;
use crate::options::{self, Options};
use crate::pca::{
    LAPWING_PCA_ALL, LAPWING_PCA_NO_WHITENING, components, lapwing_pca_f32, lapwing_pca_f64, whitening,
};
use crate::status::{Failure, LAPWING_ERR_ALIAS, LAPWING_ERR_PANIC, lapwing_status};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64};

/// LAPWING_INCREMENTAL_EXACT up to 5000 features, LAPWING_INCREMENTAL_LOW_RANK beyond.
pub const LAPWING_INCREMENTAL_AUTO: i32 = 0;
/// Keeps the mean and the scatter matrix: the result is that of all rows at once.
pub const LAPWING_INCREMENTAL_EXACT: i32 = 1;
/// Keeps the leading components alone, as scikit-learn's IncrementalPCA: an approximation, in less memory.
pub const LAPWING_INCREMENTAL_LOW_RANK: i32 = 2;

/// The options of an incremental principal component analysis. Zero means default, for every member but the first.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_incremental_pca_options {
    /// sizeof(lapwing_incremental_pca_options), always.
    pub struct_size: usize,
    /// LAPWING_INCREMENTAL_AUTO, _EXACT or _LOW_RANK.
    pub method: i32,
    /// LAPWING_PCA_NO_WHITENING or LAPWING_PCA_UNIT_VARIANCE.
    pub whiten: i32,
    /// How many components to keep, LAPWING_PCA_ALL or, with the exact method, LAPWING_PCA_MLE.
    pub n_components: i64,
    /// In (0, 1), with the exact method: keep as many components as it takes to exceed this share of the variance;
    /// n_components is 0.
    pub variance: f64,
}

// SAFETY: numbers, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_incremental_pca_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_incremental_pca_options>(),
        method: LAPWING_INCREMENTAL_AUTO,
        whiten: LAPWING_PCA_NO_WHITENING,
        n_components: LAPWING_PCA_ALL,
        variance: 0.0,
    };
    const FIRST_SIZE: usize = offset_of!(lapwing_incremental_pca_options, variance) + size_of::<f64>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_incremental_pca_options)";
}

/// A principal component analysis in the making: what is known of the rows so far. Changed by
/// lapwing_incremental_pca_partial_fit_f64 and lapwing_incremental_pca_merge_f64: while one of them runs, no other thread
/// may use the same model.
pub struct lapwing_incremental_pca_f64(Growing<f64>);

/// As lapwing_incremental_pca_f64, in single precision.
pub struct lapwing_incremental_pca_f32(Growing<f32>);

/// Nothing after a panic that may have left it half changed.
pub(crate) type Growing<T> = Option<IncrementalPca<T>>;

/// What both models are to the generic functions.
pub(crate) trait Incremental: 'static {
    type Scalar: Scalar;
    type Fitted: Model<Fitted = Pca<Self::Scalar>>;
    fn new(model: IncrementalPca<Self::Scalar>) -> Self;
    fn growing(&self) -> &Growing<Self::Scalar>;
    fn growing_mut(&mut self) -> &mut Growing<Self::Scalar>;
}

impl Incremental for lapwing_incremental_pca_f64 {
    type Scalar = f64;
    type Fitted = lapwing_pca_f64;
    fn new(model: IncrementalPca<f64>) -> Self {
        Self(Some(model))
    }
    fn growing(&self) -> &Growing<f64> {
        &self.0
    }
    fn growing_mut(&mut self) -> &mut Growing<f64> {
        &mut self.0
    }
}

impl Incremental for lapwing_incremental_pca_f32 {
    type Scalar = f32;
    type Fitted = lapwing_pca_f32;
    fn new(model: IncrementalPca<f32>) -> Self {
        Self(Some(model))
    }
    fn growing(&self) -> &Growing<f32> {
        &self.0
    }
    fn growing_mut(&mut self) -> &mut Growing<f32> {
        &mut self.0
    }
}

fn half_changed() -> Failure {
    let message = "a bug in Lapwing was caught while this model changed; free it and begin anew";
    Failure::new(LAPWING_ERR_PANIC, message)
}

/// The model behind a pointer from C.
///
/// # Safety
/// NULL, or from [`new`], and neither freed nor changed during `'a`.
pub(crate) unsafe fn shared<'a, M: Incremental>(
    name: &str,
    model: *const M,
) -> Result<&'a IncrementalPca<M::Scalar>, Failure> {
    require_pointer(name, model)?;
    // SAFETY: not NULL; the rest is this function's own condition.
    unsafe { &*model }.growing().as_ref().ok_or_else(half_changed)
}

/// Changes the model behind a pointer from C; a panic leaves none.
///
/// # Safety
/// NULL, or from [`new`], not freed, and used by nobody else meanwhile.
unsafe fn change<M: Incremental>(
    model: *mut M,
    work: impl FnOnce(&mut IncrementalPca<M::Scalar>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    require_pointer("model", model)?;
    // SAFETY: not NULL; the rest is this function's own condition.
    let growing = unsafe { &mut *model }.growing_mut();
    let mut taken = growing.take().ok_or_else(half_changed)?;
    let result = work(&mut taken);
    *growing = Some(taken);
    result
}

/// Begins a principal component analysis of data that comes in blocks.
///
///  options  NULL for the defaults: all components, the method chosen by the number of features, scores not whitened.
///  out      receives the model, of no rows so far, to be freed by lapwing_incremental_pca_free_f64.
///
/// Returns LAPWING_ERR_ARGUMENT (an option; how n_components goes with the data, the first block shows) or
/// LAPWING_ERR_NULL. On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_incremental_pca_new_f64(
    options: *const lapwing_incremental_pca_options,
    out: *mut *mut lapwing_incremental_pca_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the pointers.
    guard(|| unsafe { new(options, out) })
}

/// As lapwing_incremental_pca_new_f64, in single precision; means and scatter matrices accumulate in double.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_incremental_pca_new_f32(
    options: *const lapwing_incremental_pca_options,
    out: *mut *mut lapwing_incremental_pca_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the pointers.
    guard(|| unsafe { new(options, out) })
}

/// # Safety
/// `options` as [`options::read`]; `out` is NULL or writable.
unsafe fn new<M: Incremental>(
    options: *const lapwing_incremental_pca_options,
    out: *mut *mut M,
) -> Result<(), Failure> {
    require_pointer("out", out)?;
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    let methods = [IncrementalMethod::Auto, IncrementalMethod::Exact, IncrementalMethod::LowRank];
    let requirement = "one of LAPWING_INCREMENTAL_AUTO (0) to LAPWING_INCREMENTAL_LOW_RANK (2)";
    let params = IncrementalPcaParams::default()
        .method(constant("method", options.method, &methods, requirement)?)
        .whitening(whitening(options.whiten)?)
        .n_components(components(options.n_components, options.variance)?);
    let model = Box::new(M::new(params.start()));
    // SAFETY: not NULL, aligned, and writable by this function's own condition.
    unsafe { out.write(Box::into_raw(model)) };
    Ok(())
}

/// Adds the rows of a block to what is known.
///
///  model  the model.
///  block  m x p, any m, any strides; read only. The first block with rows fixes p.
///
/// Returns LAPWING_ERR_NON_FINITE (block holds NaN or an infinity), LAPWING_ERR_SHAPE (p; or with the low-rank method, a
/// first block of fewer rows than components), LAPWING_ERR_ARGUMENT (n_components), LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the
/// model is as if the block had not come. Models may be used on different threads, each by one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_incremental_pca_partial_fit_f64(
    model: *mut lapwing_incremental_pca_f64,
    block: lapwing_mat_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe { partial_fit(model, block.into()) })
}

/// As lapwing_incremental_pca_partial_fit_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_incremental_pca_partial_fit_f32(
    model: *mut lapwing_incremental_pca_f32,
    block: lapwing_mat_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe { partial_fit(model, block.into()) })
}

/// # Safety
/// As [`change`] and [`Strided::view`](crate::strided::Strided::view) require.
unsafe fn partial_fit<M: Incremental>(model: *mut M, block: Unchecked<M::Scalar>) -> Result<(), Failure> {
    let block = block.input("block")?;
    // SAFETY: this function's own condition.
    unsafe { change(model, |model| Ok(model.partial_fit(&block.view())?)) }
}

/// Adds the rows that another model has seen, as if they had come in blocks here; with the exact method, up to rounding.
///
///  model  the model; its options remain.
///  other  another one, of the same method and features; read only.
///
/// Returns LAPWING_ERR_SHAPE, LAPWING_ERR_ARGUMENT (the method), LAPWING_ERR_ALIAS (both are the same), LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the model is as it was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_incremental_pca_merge_f64(
    model: *mut lapwing_incremental_pca_f64,
    other: *const lapwing_incremental_pca_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the models.
    guard(|| unsafe { merge(model, other) })
}

/// As lapwing_incremental_pca_merge_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_incremental_pca_merge_f32(
    model: *mut lapwing_incremental_pca_f32,
    other: *const lapwing_incremental_pca_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the models.
    guard(|| unsafe { merge(model, other) })
}

/// # Safety
/// As [`change`] and [`shared`] require.
unsafe fn merge<M: Incremental>(model: *mut M, other: *const M) -> Result<(), Failure> {
    if !other.is_null() && other == model.cast_const() {
        return Err(Failure::new(LAPWING_ERR_ALIAS, "other is the model itself; its rows are there already"));
    }
    // SAFETY: this function's own condition; the two are not the same.
    unsafe {
        let other = shared("other", other)?;
        change(model, |model| Ok(model.merge(other)?))
    }
}

/// The principal components of the rows so far, as a model like those of lapwing_pca_fit_f64. More rows may follow.
///
///  model  the model; read only.
///  out    receives the fitted model, to be freed by lapwing_pca_free_f64.
///
/// Returns LAPWING_ERR_SHAPE (fewer than 2 rows), LAPWING_ERR_ARGUMENT (more components than rows), LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error *out is untouched.
/// LAPACK: dsyevd with the exact method.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_incremental_pca_finish_f64(
    model: *const lapwing_incremental_pca_f64,
    out: *mut *mut lapwing_pca_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { finish(model, out) })
}

/// As lapwing_incremental_pca_finish_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_incremental_pca_finish_f32(
    model: *const lapwing_incremental_pca_f32,
    out: *mut *mut lapwing_pca_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { finish(model, out) })
}

/// # Safety
/// As [`shared`] requires; `out` is NULL or writable.
unsafe fn finish<M: Incremental>(model: *const M, out: *mut *mut M::Fitted) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let model = unsafe { shared("model", model) }?;
    // SAFETY: as above.
    unsafe { hand_out(out, || Ok(model.to_pca()?)) }
}

/// Gives the caller a number of the model.
///
/// # Safety
/// As [`shared`] requires; `value` is NULL or writable.
unsafe fn read<M: Incremental, V>(
    model: *const M,
    value: *mut V,
    read: impl FnOnce(&IncrementalPca<M::Scalar>) -> V,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let model = unsafe { shared("model", model) }?;
    require_pointer("value", value)?;
    // SAFETY: not NULL, aligned, and writable by this function's own condition.
    unsafe { value.write(read(model)) };
    Ok(())
}

/// Frees a model; what was made of it stays. NULL is allowed. Not to be called while another thread uses the model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_incremental_pca_free_f64(model: *mut lapwing_incremental_pca_f64) {
    // SAFETY: the caller vouches that the model was not freed before.
    unsafe { free(model) }
}

/// As lapwing_incremental_pca_free_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_incremental_pca_free_f32(model: *mut lapwing_incremental_pca_f32) {
    // SAFETY: the caller vouches that the model was not freed before.
    unsafe { free(model) }
}

/// # Safety
/// NULL, or from [`new`], and not used again.
unsafe fn free<M: Incremental>(model: *mut M) {
    if !model.is_null() {
        guard(|| {
            // SAFETY: from `Box::into_raw` in `new`, by this function's own condition.
            drop(unsafe { Box::from_raw(model) });
            Ok(())
        });
    }
}
