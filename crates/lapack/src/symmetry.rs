//! The check that a full matrix is symmetric, for the routines that read both of its triangles.

use ndarray::ArrayRef2;

use crate::error::Error;
use crate::products::square;
use crate::scalar::Scalar;

/// Checks that `a` (n x n) is symmetric up to rounding, `|aᵢⱼ − aⱼᵢ| ≤ 2 n ε max|a|` with `ε` the unit roundoff,
/// and returns n. That is what a product such as `XᵀX` or `P D Pᵀ`, computed in whatever order, may differ by from
/// its mirror: each of its entries is off by at most n rounding errors of numbers no larger than its diagonal.
///
/// `argument` is the matrix's name in the error. Entries must have been found finite before.
///
/// # Errors
/// [`Error::NotSquare`]; [`Error::NotSymmetric`] at the entry that differs most from its mirror.
pub(crate) fn require_symmetric<T: Scalar>(argument: &'static str, a: &ArrayRef2<T>) -> Result<usize, Error> {
    // One of the two triangles is walked against its memory order, whichever it is; by tiles, it stays in cache.
    const TILE: usize = 32;
    let n = square(argument, a)?;
    let (mut largest, mut worst, mut place) = (0.0f64, 0.0f64, (0, 0));
    for (first_row, first_col) in
        (0..n).step_by(TILE).flat_map(|i| (0..=i).step_by(TILE).map(move |j| (i, j)))
    {
        for i in first_row..n.min(first_row + TILE) {
            for j in first_col..(i + 1).min(first_col + TILE) {
                let (entry, mirror) = (a[[i, j]].as_f64(), a[[j, i]].as_f64());
                largest = largest.max(entry.abs()).max(mirror.abs());
                let difference = (entry - mirror).abs();
                if difference > worst {
                    (worst, place) = (difference, (i, j));
                }
            }
        }
    }
    // Divided rather than multiplied: the bound itself may underflow, the quotient does not.
    if worst == 0.0 || worst / largest <= 2.0 * n as f64 * T::UNIT_ROUNDOFF.as_f64() {
        Ok(n)
    } else {
        Err(Error::NotSymmetric { argument, row: place.0, col: place.1, difference: worst })
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;
    use crate::testing::{Kind, Layout, matrix, symmetric};

    fn accepts_what_is_symmetric<T: Scalar>() {
        for kind in Kind::ALL {
            for n in [0, 1, 2, 31, 32, 33, 100] {
                let a = symmetric::<T>(kind, n);
                for layout in Layout::ALL {
                    assert_eq!(layout.with(&a, |a| require_symmetric("a", &a)), Ok(n), "{kind:?} {n}");
                }
            }
        }
    }

    #[test]
    fn accepts_every_kind_of_symmetric_matrix_in_every_layout() {
        accepts_what_is_symmetric::<f32>();
        accepts_what_is_symmetric::<f64>();
    }

    /// A product may differ from its mirror by rounding, and is symmetric all the same.
    #[test]
    fn accepts_a_gram_matrix_summed_in_any_order() {
        let x = matrix::<f32>(Kind::Random, 60, 40);
        let gram = Array2::from_shape_fn((40, 40), |(i, j)| {
            let terms = (0..60).map(|k| x[[k, i]] * x[[k, j]]);
            if i < j { terms.sum::<f32>() } else { terms.rev().sum::<f32>() }
        });
        assert!(gram != gram.t());
        assert_eq!(require_symmetric("gram", &gram), Ok(40));
    }

    /// The worst pair is named with the lower one of its two places, wherever it was planted.
    #[test]
    fn names_the_worst_pair() {
        for (row, col) in [(1, 0), (39, 0), (39, 38), (20, 35), (32, 31), (0, 39)] {
            let mut a = symmetric::<f64>(Kind::Random, 40);
            a[[row, col]] += 3.0;
            a[[5, 4]] += 1.0;
            let Err(Error::NotSymmetric { argument: "a", row: i, col: j, difference }) =
                require_symmetric("a", &a)
            else {
                panic!("an asymmetric matrix passed");
            };
            assert_eq!((i, j), (row.max(col), row.min(col)));
            assert!((difference - 3.0).abs() < 1e-14);
        }
    }

    /// The bound is relative to the largest entry, at both ends of the range, and just past it fails.
    #[test]
    fn the_bound_is_relative_and_sharp() {
        for scale in [1.0, 1e300, 1e-300, 5e-324, f64::MAX / 2.0] {
            assert!(require_symmetric("a", &array![[scale, scale], [-scale, scale]]).is_err(), "{scale:e}");
            assert!(require_symmetric("a", &array![[scale, scale], [scale, scale]]).is_ok(), "{scale:e}");
        }
        // 2 n ε is 2⁻⁵¹ here: two units in the last place of 1.
        let off = |units: f64| array![[1.0, 1.0 - units * f64::EPSILON], [1.0, 1.0]];
        assert!(require_symmetric("a", &off(2.0)).is_ok());
        assert!(require_symmetric("a", &off(2.5)).is_err());
        assert_eq!(
            require_symmetric("a", &Array2::<f64>::zeros((2, 3))),
            Err(Error::NotSquare { argument: "a", rows: 2, cols: 3 })
        );
    }
}
