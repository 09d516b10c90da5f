//! Products of powers of the features: an opaque list of terms, which transforms data of either precision.

use std::ffi::c_char;
use std::mem::offset_of;

use lapwing_ml::PolynomialFeatures;
use lapwing_ml::preprocessing::{Bias, PolynomialFeaturesParams, Terms};

use crate::guard::guard;
use crate::models::{self, free, hand_out, map_data, model, models};
use crate::numbers::{Numbers, constant};
use crate::options::{self, Options};
use crate::status::{Failure, lapwing_status};
use crate::stored::{from_json, to_json};
use crate::structured::count;
use crate::view::{lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64};

/// All products of features up to the degree are terms: 1, a, b, a^2, ab, b^2.
pub const LAPWING_POLYNOMIAL_ALL_TERMS: i32 = 0;
/// Products of distinct features are terms: 1, a, b, ab.
pub const LAPWING_POLYNOMIAL_INTERACTIONS: i32 = 1;

/// The first term is 1, for models without an intercept.
pub const LAPWING_POLYNOMIAL_BIAS: i32 = 0;
/// There is no constant term, for models with an intercept.
pub const LAPWING_POLYNOMIAL_NO_BIAS: i32 = 1;

/// The options of polynomial features. Zero means default, for every member but the first.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_polynomial_features_options {
    /// sizeof(lapwing_polynomial_features_options), always.
    pub struct_size: usize,
    /// The largest number of features in a product, counted with repetition; 2 by default.
    pub degree: i64,
    /// LAPWING_POLYNOMIAL_ALL_TERMS or LAPWING_POLYNOMIAL_INTERACTIONS.
    pub terms: i32,
    /// LAPWING_POLYNOMIAL_BIAS or LAPWING_POLYNOMIAL_NO_BIAS.
    pub bias: i32,
}

// SAFETY: numbers, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_polynomial_features_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_polynomial_features_options>(),
        degree: 0,
        terms: LAPWING_POLYNOMIAL_ALL_TERMS,
        bias: LAPWING_POLYNOMIAL_BIAS,
    };
    const FIRST_SIZE: usize = offset_of!(lapwing_polynomial_features_options, bias) + size_of::<i32>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_polynomial_features_options)";
}

/// The terms of a polynomial of p features, by degree, and then by the features that are multiplied: the order of
/// scikit-learn's PolynomialFeatures. They apply to data of either precision. Immutable: may be used from several threads
/// at once.
pub struct lapwing_polynomial_features(PolynomialFeatures);

models!("model": lapwing_polynomial_features(PolynomialFeatures));

/// Lists the terms of a polynomial.
///
///  n_features  p, at least 1.
///  options     NULL for the defaults: all terms of degree 2 and below.
///  out         receives the model, to be freed by lapwing_polynomial_features_free.
///
/// Returns LAPWING_ERR_ARGUMENT (an option, or n_features is negative), LAPWING_ERR_SHAPE (there are no features),
/// LAPWING_ERR_TOO_LARGE (the message counts the terms), LAPWING_ERR_NULL, LAPWING_ERR_OUT_OF_MEMORY. On any error *out is
/// untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_polynomial_features_new(
    n_features: i64,
    options: *const lapwing_polynomial_features_options,
    out: *mut *mut lapwing_polynomial_features,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the pointers.
    guard(|| unsafe { hand_out(out, || Ok(params(options)?.of_features(count("n_features", n_features)?)?)) })
}

/// The choices that the options stand for.
///
/// # Safety
/// As [`options::read`] requires.
unsafe fn params(
    options: *const lapwing_polynomial_features_options,
) -> Result<PolynomialFeaturesParams, Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    let of_terms = "LAPWING_POLYNOMIAL_ALL_TERMS (0) or LAPWING_POLYNOMIAL_INTERACTIONS (1)";
    let of_bias = "LAPWING_POLYNOMIAL_BIAS (0) or LAPWING_POLYNOMIAL_NO_BIAS (1)";
    let params = PolynomialFeatures::params()
        .terms(constant("terms", options.terms, &[Terms::All, Terms::Interactions], of_terms)?)
        .bias(constant("bias", options.bias, &[Bias::Included, Bias::Excluded], of_bias)?);
    Ok(match count("degree", options.degree)? {
        0 => params,
        degree => params.degree(degree),
    })
}

/// The terms of each row of x.
///
///  model  the model.
///  x      n x p, any n, any strides; read only.
///  terms  n x k, for k terms.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error terms is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_polynomial_features_transform_f64(
    model: *const lapwing_polynomial_features,
    x: lapwing_mat_f64,
    terms: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        map_data(model, x.into(), ("terms", terms.into()), terms_of, |model, x| model.transform(x))
    })
}

/// As lapwing_polynomial_features_transform_f64, of data in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_polynomial_features_transform_f32(
    model: *const lapwing_polynomial_features,
    x: lapwing_mat_f32,
    terms: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        map_data(model, x.into(), ("terms", terms.into()), terms_of, |model, x| model.transform(x))
    })
}

fn terms_of(model: &PolynomialFeatures) -> (usize, &'static str) {
    (model.n_output_features(), "the model's terms")
}

/// p, the number of features.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_polynomial_features_n_features(
    model: *const lapwing_polynomial_features,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_features() as i64) })
}

/// k, the number of terms.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_polynomial_features_n_output_features(
    model: *const lapwing_polynomial_features,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_output_features() as i64) })
}

/// The power of each feature in each term.
///
///  model   the model.
///  powers  room for k * p numbers, for k terms of p features; receives them term after term.
///
/// Returns LAPWING_ERR_NULL, LAPWING_ERR_OUT_OF_MEMORY. On any error powers is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_polynomial_features_powers(
    model: *const lapwing_polynomial_features,
    powers: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the pointer.
    guard(|| unsafe { write_powers(model, powers) })
}

/// # Safety
/// As [`model`] and [`Numbers::write`] require.
unsafe fn write_powers(pointer: *const lapwing_polynomial_features, powers: *mut i64) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let model = unsafe { model(pointer) }?;
    let place = Numbers::needed("powers", powers, model.n_output_features() * model.n_features())?;
    let found = model.powers()?;
    // SAFETY: this function's own condition.
    unsafe { place.write(found.iter().map(|&power| power as i64)) };
    Ok(())
}

/// The polynomial as text in JSON, with a format name and a version: the format of the Rust crates. Reading it back gives the same
/// bits.
///
///  model   the model.
///  buf     room for cap bytes, or NULL.
///  cap     how many. The text is cut to fit and always NUL-terminated; nothing is written into a NULL buffer.
///  length  receives the length of the whole text without its terminating NUL: a buffer of that length plus one holds it
///          all.
///
/// Returns LAPWING_ERR_NULL when model or length is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_polynomial_features_to_json(
    model: *const lapwing_polynomial_features,
    buf: *mut c_char,
    cap: usize,
    length: *mut usize,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the buffer and the pointer.
    guard(|| unsafe { to_json(model, buf, cap, length) })
}

/// The polynomial that lapwing_polynomial_features_to_json wrote, or the Rust crates.
///
///  text    in UTF-8, which need not be NUL-terminated; read only.
///  length  its length in bytes.
///  out     receives the model, to be freed by lapwing_polynomial_features_free.
///
/// Returns LAPWING_ERR_ARGUMENT (text is no such model, damaged, or of a version that this library does not read; the message
/// says which), LAPWING_ERR_NULL. On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_polynomial_features_from_json(
    text: *const c_char,
    length: usize,
    out: *mut *mut lapwing_polynomial_features,
) -> lapwing_status {
    // SAFETY: the caller vouches for the text and the pointer.
    guard(|| unsafe { from_json(text, length, out) })
}

/// Frees a model. NULL is allowed. Not to be called while another thread uses the model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_polynomial_features_free(model: *mut lapwing_polynomial_features) {
    // SAFETY: the caller vouches that the model was not freed before.
    unsafe { free(model) }
}
