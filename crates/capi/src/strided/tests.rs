use std::collections::HashSet;

use ndarray::{Array2, s};
use proptest::prelude::*;

use super::*;
use crate::status::lapwing_status;

fn described(data: *mut f64, extents: [i64; 2], strides: [i64; 2]) -> Unchecked<f64> {
    Unchecked { data, extents, strides, names: ["rows", "columns"] }
}

fn status<R>(result: Result<R, Failure>) -> lapwing_status {
    result.map_or_else(|failure| failure.status, |_| 0)
}

/// Where entry (i, j) is, seen from `data`: the definition of the view.
fn offset([i, j]: [i64; 2], strides: [i64; 2]) -> i64 {
    i * strides[0] + j * strides[1]
}

fn entries(extents: [i64; 2]) -> impl Iterator<Item = [i64; 2]> {
    (0..extents[0]).flat_map(move |i| (0..extents[1]).map(move |j| [i, j]))
}

proptest! {
    /// Whatever the strides, the view reads the entries that the definition says, and an output is accepted
    /// exactly when no two of them share an address, and writes those and no others.
    #[test]
    fn views_are_what_their_definition_says(
        extents in [0..6i64, 0..6i64],
        strides in [-7..8i64, -7..8i64],
    ) {
        const CENTRE: i64 = 100;
        let mut memory: Vec<f64> = (0..2 * CENTRE).map(|i| i as f64).collect();
        let data = memory.as_mut_ptr().wrapping_offset(CENTRE as isize);
        let view = described(data, extents, strides).input("a").unwrap();
        let shape = (extents[0] as usize, extents[1] as usize);
        let expected = Array2::from_shape_vec(
            shape,
            entries(extents).map(|entry| (CENTRE + offset(entry, strides)) as f64).collect(),
        ).unwrap();
        // SAFETY: at most 5 steps of at most 7 along each axis stay within 100 entries of the centre.
        prop_assert_eq!(&unsafe { view.view() }, &expected);
        let touched: Vec<usize> =
            entries(extents).map(|entry| (CENTRE + offset(entry, strides)) as usize).collect();
        if let (Some(first), Some(last)) = (touched.iter().min(), touched.iter().max()) {
            let bytes = memory.as_ptr().addr();
            prop_assert_eq!(view.region().addresses, bytes + 8 * first..bytes + 8 * (last + 1));
        }

        let distinct: HashSet<usize> = touched.iter().copied().collect();
        let output = described(data, extents, strides).output("a");
        if distinct.len() < touched.len() {
            prop_assert_eq!(status(output), LAPWING_ERR_ALIAS);
            return Ok(());
        }
        let values = expected.mapv(|value| -value);
        let output = output.unwrap();
        // SAFETY: as above; nothing else uses the memory.
        unsafe { output.write(&values) };
        for (index, &value) in memory.iter().enumerate() {
            let sign = if distinct.contains(&index) { -1.0 } else { 1.0 };
            prop_assert_eq!(value, sign * index as f64);
        }

        let leading = [extents[0] / 2, (extents[1] + 1) / 2];
        let values = expected.slice(s![..leading[0] as isize, ..leading[1] as isize]);
        // SAFETY: as above.
        unsafe { output.write_leading(&values) };
        let restored: HashSet<usize> =
            entries(leading).map(|entry| (CENTRE + offset(entry, strides)) as usize).collect();
        for (index, &value) in memory.iter().enumerate() {
            let sign = if distinct.contains(&index) && !restored.contains(&index) { -1.0 } else { 1.0 };
            prop_assert_eq!(value, sign * index as f64);
        }
    }

    /// Any 64-bit numbers at all are answered, without overflow and without a view beyond the address space.
    #[test]
    fn any_description_is_answered(
        extents: [i64; 2], strides: [i64; 2], address in (0..usize::MAX / 8).prop_map(|word| word * 8),
    ) {
        let data = std::ptr::without_provenance_mut(address);
        if let Ok(view) = described(data, extents, strides).output("a") {
            prop_assert!(extents.iter().all(|&extent| extent >= 0));
            let Range { start, end } = view.region().addresses;
            prop_assert!(start <= end && end - start <= isize::MAX as usize);
        }
    }
}

#[test]
fn absurd_extents_are_too_large_and_negative_ones_a_wrong_shape() {
    let mut one = 1.0;
    let data = &raw mut one;
    let max = i64::MAX;
    for (extents, strides) in [
        ([max, 2], [1, 1]),
        ([2, 2], [max, 1]),
        ([2, 2], [i64::MIN, i64::MIN]),
        ([max, max], [max, max]),
        ([max, max], [i64::MIN, max]),
        ([max, max], [0, 0]),
        ([max / 8 + 1, 1], [1, 1]),
        ([max / 8 + 1, 1], [-1, 1]),
    ] {
        let result = described(data, extents, strides).input("a");
        assert_eq!(status(result), LAPWING_ERR_TOO_LARGE, "{extents:?} {strides:?}");
    }
    for extents in [[-1, 1], [1, -1], [i64::MIN, 0], [0, i64::MIN]] {
        assert_eq!(status(described(data, extents, [1, 1]).input("a")), LAPWING_ERR_SHAPE);
    }
    assert_eq!(status(described(data, [1, 1], [max, i64::MIN]).output("a")), 0, "never stepped along");
}

#[test]
fn null_is_allowed_without_entries_only_and_misalignment_never() {
    let null = std::ptr::null_mut();
    assert_eq!(status(described(null, [0, 3], [9, 9]).output("a")), 0);
    assert_eq!(status(described(null, [3, 0], [0, 0]).input("a")), 0);
    assert_eq!(status(described(null, [1, 1], [1, 1]).input("a")), LAPWING_ERR_NULL);
    assert!(described(null, [1, 1], [1, 1]).optional_output("a").unwrap().is_none());
    let odd = [0.0; 2].as_mut_ptr().wrapping_byte_offset(1);
    assert_eq!(status(described(odd, [1, 1], [1, 1]).input("a")), LAPWING_ERR_ARGUMENT);
}

#[test]
fn outputs_must_lie_apart_from_inputs_and_from_each_other() {
    let mut memory = [0.0; 8];
    let data = memory.as_mut_ptr();
    let region = |first, count| {
        described(data.wrapping_offset(first), [count, 1], [1, 1]).output("a").unwrap().region()
    };
    let disjoint = |inputs: &[Region], outputs: &[Region]| status(require_disjoint(inputs, outputs));
    assert_eq!(disjoint(&[region(0, 4)], &[region(4, 2), region(6, 2)]), 0);
    assert_eq!(disjoint(&[region(0, 4), region(2, 4)], &[region(6, 2)]), 0, "inputs may overlap");
    assert_eq!(disjoint(&[region(0, 4)], &[region(3, 2)]), LAPWING_ERR_ALIAS);
    assert_eq!(disjoint(&[region(0, 1)], &[region(4, 2), region(5, 2)]), LAPWING_ERR_ALIAS);
    assert_eq!(disjoint(&[region(0, 4)], &[region(2, 0)]), 0, "nothing overlaps nothing");
}
