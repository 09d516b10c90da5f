//! One feature: the shortest interval that holds half of the values, found by sorting.

use ndarray::ArrayRef1;

use lapwing_lapack::Scalar;

/// The middle of the shortest of the intervals from a value to the `size`-th after it, and which `size` values lie nearest
/// to it. Where several are the shortest, the mean of their middles. `size` is at least 1, and below the number of
/// values.
///
/// Rousseeuw and Leroy, "Robust Regression and Outlier Detection", 1987, chapter 4; scikit-learn takes the `size`-th value
/// after the first as the end too, so that the interval holds one value more than the support, and its sort decides which end
/// is left out.
pub(super) fn shortest_half<T: Scalar>(values: &ArrayRef1<T>, size: usize) -> (f64, Vec<bool>) {
    let mut sorted: Vec<f64> = values.iter().map(|value| value.as_f64()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let windows = || sorted.iter().zip(sorted.iter().skip(size));
    let shortest = windows().map(|(first, last)| last - first).fold(f64::INFINITY, f64::min);
    // Counted from the median, so that the mean of middles far from zero loses no digits, wherever the outliers are.
    let reference = sorted.get(sorted.len() / 2).copied().unwrap_or(0.0);
    let middles = windows().filter(|(first, last)| *last - *first <= shortest);
    let (count, sum) = middles.fold((0usize, 0.0), |(count, sum), (first, last)| {
        (count + 1, sum + 0.5 * ((first - reference) + (last - reference)))
    });
    let middle = reference + sum / count.max(1) as f64;

    let value = |i: usize| values[i].as_f64() - reference;
    let distance = |i: usize| (value(i) - (middle - reference)).abs();
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|&a, &b| distance(a).total_cmp(&distance(b)).then(a.cmp(&b)));
    // The two ends of the interval are equally far from its middle, but for rounding. The one nearer to the mean of the
    // others leaves the smaller variance.
    if let (Some(&last), Some(&next)) = (order.get(size - 1), order.get(size))
        && distance(next) - distance(last) <= 4.0 * f64::EPSILON * (distance(next) + middle.abs())
    {
        let others = &order[..size - 1];
        let mean = others.iter().map(|&i| value(i)).sum::<f64>() / others.len().max(1) as f64;
        if (value(next) - mean).abs() < (value(last) - mean).abs() {
            order.swap(size - 1, size);
        }
    }
    let mut nearest = vec![false; order.len()];
    order.iter().take(size).for_each(|&i| nearest[i] = true);
    (middle, nearest)
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn the_shortest_interval_is_found_among_outliers() {
        let (middle, nearest) = shortest_half(&array![100.0, 1.0, 2.0, -50.0, 3.0, 2.5], 3);
        assert_eq!(middle, 2.0);
        // Without 1, the variance is smaller than without 3.
        assert_eq!(nearest, [false, false, true, false, true, true]);
    }

    #[test]
    fn several_shortest_intervals_share_their_middle() {
        let (middle, _) = shortest_half(&array![0.0f32, 1.0, 2.0, 3.0], 2);
        assert_eq!(middle, 1.5);
    }
}
