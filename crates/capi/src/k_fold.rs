//! Which samples are left out together when models are judged by what they were not fitted on.

use lapwing_ml::model_selection::{FoldOrder, KFold};

use crate::guard::guard;
use crate::numbers::{Numbers, constant};
use crate::status::{Failure, lapwing_status};
use crate::structured::count;

/// Divides n samples into folds: the first n mod n_splits of them have one sample more than the others, as in
/// scikit-learn's KFold. Fold k is what the model of all others is judged by.
///
///  n_samples  n, at least n_splits.
///  n_splits   how many folds, at least 2.
///  order      LAPWING_FOLDS_CONSECUTIVE or LAPWING_FOLDS_SHUFFLED.
///  seed       of the order, when it is random.
///  folds      room for n numbers; receives the fold of each sample, from 0 to n_splits - 1.
///
/// Returns LAPWING_ERR_ARGUMENT, LAPWING_ERR_SHAPE (there are fewer samples than folds), LAPWING_ERR_NULL,
/// LAPWING_ERR_OUT_OF_MEMORY. On any error folds is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_fold(
    n_samples: i64,
    n_splits: i64,
    order: i32,
    seed: u64,
    folds: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the pointer.
    guard(|| unsafe { k_fold(n_samples, n_splits, order, seed, folds) })
}

/// # Safety
/// As [`Numbers::write`] requires of as many numbers as there are samples.
unsafe fn k_fold(
    n_samples: i64,
    n_splits: i64,
    order: i32,
    seed: u64,
    folds: *mut i64,
) -> Result<(), Failure> {
    let (samples, splits) = (count("n_samples", n_samples)?, count("n_splits", n_splits)?);
    let requirement = "LAPWING_FOLDS_CONSECUTIVE (0) or LAPWING_FOLDS_SHUFFLED (1)";
    let orders = [FoldOrder::Consecutive, FoldOrder::Shuffled(seed)];
    let order = constant("order", order, &orders, requirement)?;
    let place = Numbers::needed("folds", folds, samples)?;
    let fold_of = KFold::new(splits).order(order).split(samples)?.fold_of_rows();
    // SAFETY: this function's own condition.
    unsafe { place.write(fold_of.into_iter().map(|fold| fold as i64)) };
    Ok(())
}
