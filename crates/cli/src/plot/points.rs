//! How many points are drawn, and what they look like.

/// More points than this add bytes and no picture.
const MOST_POINTS: usize = 100_000;

/// The look of the points of `count` samples: nominal radius in units, and opacity.
pub(super) fn point_style(count: usize) -> (i32, f64) {
    match count {
        0..=500 => (18, 0.8),
        501..=3_000 => (13, 0.7),
        3_001..=20_000 => (9, 0.5),
        _ => (6, 0.25),
    }
}

/// All samples, or about `MOST_POINTS` of them. Multiples of the golden ratio, taken modulo 1, are
/// spread evenly and keep step with no period in the order of the rows, as every second row would.
pub(super) fn thinned(samples: usize) -> impl Iterator<Item = usize> {
    const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
    let share = MOST_POINTS as f64 / samples.max(1) as f64;
    // The conversion saturates: every sample is taken when the share is 1 or more.
    let limit = (share * u64::MAX as f64) as u64;
    (0..samples).filter(move |&i| (i as u64).wrapping_mul(GOLDEN) <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_takes_an_even_share_of_every_period() {
        assert_eq!(thinned(MOST_POINTS).count(), MOST_POINTS);
        let samples = 4 * MOST_POINTS;
        let taken: Vec<usize> = thinned(samples).collect();
        // The discrepancy of n multiples of the golden ratio is below ln(n): far less than a hundredth.
        let near = |count: usize, expected: usize| count.abs_diff(expected) <= expected / 100;
        assert!(near(taken.len(), MOST_POINTS), "{}", taken.len());
        for period in [2, 3, 4, 5, 7, 10] {
            let in_phase = taken.iter().filter(|&&i| i % period == 1).count();
            assert!(near(in_phase, MOST_POINTS / period), "{period}: {in_phase}");
        }
    }
}
