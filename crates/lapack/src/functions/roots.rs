//! Square roots of Schur forms, and the repeated ones that logarithms and powers are computed from.

use ndarray::{Array2, ArrayRef2, s};
use num_complex::Complex;

use super::entry::{
    Entry, apply_to_block, blocks, eigenvalue, estimated_norm, product, quotient, sylvester, zeros,
};
use crate::error::Error;
use crate::scalar::Scalar;

/// The principal square root of a Schur form, by halving: the diagonal blocks are `X² = A₁₁` and `X² = A₂₂` again,
/// and the block above them is a Sylvester equation (Björck and Hammarling 1983, Higham 1987; the halving is that
/// of Deadman, Higham and Ralha 2013).
///
/// The flag tells that two eigenvalues of the root cancel, as those of a multiple eigenvalue zero do: the result
/// must then be checked.
pub(super) fn square_root<T: Scalar, E: Entry<T>>(t: &ArrayRef2<E>) -> Result<(Array2<E>, bool), Error> {
    let mut root = zeros(t.nrows(), t.nrows())?;
    let blocks = blocks(t);
    let doubtful = root_of_blocks(t, &blocks, &mut root)?;
    Ok((root, doubtful))
}

fn root_of_blocks<T: Scalar, E: Entry<T>>(
    t: &ArrayRef2<E>,
    blocks: &[std::ops::Range<usize>],
    root: &mut Array2<E>,
) -> Result<bool, Error> {
    match blocks {
        [] => Ok(false),
        [block] => {
            apply_to_block(t, block, root, |z| z.sqrt());
            Ok(false)
        }
        _ => {
            let (first, second) = blocks.split_at(blocks.len() / 2);
            let doubtful = root_of_blocks(t, first, root)? | root_of_blocks(t, second, root)?;
            let (top, bottom) =
                (first[0].start..second[0].start, second[0].start..second[second.len() - 1].end);
            let (x, perturbed) = sylvester(
                &root.slice(s![top.clone(), top.clone()]),
                &root.slice(s![bottom.clone(), bottom.clone()]),
                &t.slice(s![top.clone(), bottom.clone()]),
            )?;
            root.slice_mut(s![top, bottom]).assign(&x);
            Ok(doubtful | perturbed)
        }
    }
}

/// `T^(1/2ˢ) − I`, small enough for a Padé approximant of degree `degree`.
pub(super) struct NearIdentity<E> {
    pub(super) difference: Array2<E>,
    pub(super) roots: i32,
    pub(super) degree: usize,
}

/// Takes square roots of a Schur form until a Padé approximant of degree at most 7 is as exact as rounding, and
/// computes the difference from the identity without the cancellation of subtracting it. `theta[m - 1]` is the
/// largest norm that degree m serves. (Al-Mohy and Higham 2012, Algorithm 4.1.)
pub(super) fn near_identity<T: Scalar, E: Entry<T>>(
    t: &Array2<E>,
    theta: &[f64; 7],
) -> Result<NearIdentity<E>, Error> {
    let blocks = blocks(t);
    let (mut root, mut roots) = (t.clone(), 0);
    // The eigenvalues alone ask for so many, whatever the rest. Each halves the logarithms, of which the largest is
    // that of the largest number: about a dozen.
    let mut values: Vec<_> = blocks.iter().map(|block| eigenvalue(t, block)).collect();
    let one = Complex::new(T::one(), T::zero());
    while values.iter().any(|&z| (z - one).norm().as_f64() > theta[6]) {
        values.iter_mut().for_each(|z| *z = z.sqrt());
        root = square_root(&root)?.0;
        roots += 1;
    }
    let eigenvalue_roots = roots;
    let mut spared = 0;
    let degree = loop {
        let mut difference = root.clone();
        difference.diag_mut().mapv_inplace(|x| x - E::one());
        let norm = |power: usize| -> Result<f64, Error> {
            let factors = vec![&*difference; power];
            Ok(estimated_norm(&factors)?.as_f64().powf(1.0 / power as f64))
        };
        let serves = |size: f64| theta.iter().position(|&theta| size <= theta).map(|index| index + 1);
        let third = norm(3)?;
        let by_squares = norm(2)?.max(third);
        if roots == eigenvalue_roots
            && let Some(degree @ 1..=2) = serves(by_squares)
        {
            break degree;
        }
        let fourth = norm(4)?;
        let by_cubes = third.max(fourth);
        if let Some(degree) = serves(by_cubes) {
            if degree <= 6 {
                break degree;
            }
            // Half the norm would do with degree 5: one more root then costs less than two more degrees.
            if by_cubes / 2.0 <= theta[4] && spared < 2 {
                spared += 1;
                root = square_root(&root)?.0;
                roots += 1;
                continue;
            }
        }
        let smallest = by_cubes.min(fourth.max(norm(5)?));
        if let Some(degree) = serves(smallest) {
            break degree.max(6);
        }
        // Each root halves the distance of every eigenvalue from 1, and in the end that of the matrix; what has not
        // come near by then is beyond the scalar's range.
        if roots > 200 || !smallest.is_finite() {
            return Err(Error::Overflow { routine: "trsyl", scalar: T::NAME });
        }
        root = square_root(&root)?.0;
        roots += 1;
    };
    let mut difference = root;
    difference.diag_mut().mapv_inplace(|x| x - E::one());
    for block in &blocks {
        apply_to_block(t, block, &mut difference, |z| root_minus_one(z, roots));
    }
    if roots > 0 {
        let exponent = T::from_f64((-f64::from(roots)).exp2());
        superdiagonal(t, &mut difference, |left, right| power_difference(left, right, exponent));
    }
    Ok(NearIdentity { difference, roots, degree })
}

/// Replaces the entries of `target` above two diagonal blocks of order 1 of `t`: for a function f of `t`, the entry
/// is that of `t` times the divided difference `f[λ₁, λ₂]`, which is exact where recurrences are not.
pub(super) fn superdiagonal<T: Scalar, E: Entry<T>>(
    t: &ArrayRef2<E>,
    target: &mut ArrayRef2<E>,
    divided_difference: impl Fn(Complex<T>, Complex<T>) -> Complex<T>,
) {
    for pair in blocks(t).windows(2) {
        if let [left, right] = pair
            && left.len() == 1
            && right.len() == 1
        {
            let (i, j) = (left.start, right.start);
            let entry = t[[i, j]].to_complex();
            let difference = divided_difference(t[[i, i]].to_complex(), t[[j, j]].to_complex());
            target[[i, j]] = E::from_complex(entry * difference);
        }
    }
}

/// `z^(1/2ᵏ) − 1` without cancellation: `(z − 1) / ∏ (1 + z^(1/2ʲ))` (Al-Mohy, Numerical Algorithms 59, 2012).
fn root_minus_one<T: Scalar>(z: Complex<T>, k: i32) -> Complex<T> {
    let one = Complex::new(T::one(), T::zero());
    if k == 0 {
        return z - one;
    }
    if k == 1 {
        return z.sqrt() - one;
    }
    let (mut z, mut steps) = (z, k);
    // A root first, so that the numerator is not far from the root's own.
    if z.re < T::zero() {
        z = z.sqrt();
        steps -= 1;
    }
    let numerator = z - one;
    let mut product = one;
    for _ in 0..steps {
        z = z.sqrt();
        product *= one + z;
    }
    quotient(numerator, product)
}

/// How many turns the argument of `log λ₂ − log λ₁` lies outside `(−π, π]`.
fn unwinding<T: Scalar>(z: Complex<T>) -> T {
    let pi = std::f64::consts::PI;
    T::from_f64(((z.im.as_f64() - pi) / (2.0 * pi)).ceil())
}

/// `atanh(z) + i π · unwinding`, with `z = (λ₂ − λ₁) / (λ₂ + λ₁)`: half of `log λ₂ − log λ₁`, without cancellation.
fn half_log_ratio<T: Scalar>(left: Complex<T>, right: Complex<T>) -> Complex<T> {
    let turns = unwinding(right.ln() - left.ln());
    quotient(right - left, right + left).atanh()
        + Complex::new(T::zero(), T::from_f64(std::f64::consts::PI) * turns)
}

/// Whether two numbers are close enough that differences of functions of them would cancel.
fn close<T: Scalar>(left: Complex<T>, right: Complex<T>) -> bool {
    (right - left).norm() <= (right + left).norm() / T::from_f64(2.0)
}

/// `(log λ₂ − log λ₁) / (λ₂ − λ₁)` (Higham, Functions of Matrices, eq. 11.28).
pub(super) fn log_difference<T: Scalar>(left: Complex<T>, right: Complex<T>) -> Complex<T> {
    if left == right {
        quotient(Complex::new(T::one(), T::zero()), left)
    } else if close(left, right) {
        quotient(half_log_ratio(left, right) * T::from_f64(2.0), right - left)
    } else {
        quotient(right.ln() - left.ln(), right - left)
    }
}

/// `(λ₂ᵖ − λ₁ᵖ) / (λ₂ − λ₁)` (Higham and Lin 2011, eq. 5.6).
pub(super) fn power_difference<T: Scalar>(left: Complex<T>, right: Complex<T>, p: T) -> Complex<T> {
    let two = T::from_f64(2.0);
    if left == right {
        quotient(power_of(left, p), left) * p
    } else if close(left, right) {
        let middle = ((right.ln() + left.ln()) * (p / two)).exp();
        quotient(middle * (half_log_ratio(left, right) * p).sinh() * two, right - left)
    } else {
        quotient(power_of(right, p) - power_of(left, p), right - left)
    }
}

/// The principal power.
pub(super) fn power_of<T: Scalar>(z: Complex<T>, p: T) -> Complex<T> {
    (z.ln() * p).exp()
}

/// ‖R² − T‖ / (‖T‖ n ε).
pub(super) fn root_defect<T: Scalar, E: Entry<T>>(t: &Array2<E>, root: &Array2<E>) -> Result<f64, Error> {
    let square = product(root, root)?;
    let norm = E::one_norm(t).as_f64();
    let error = E::one_norm(&(&square - t)).as_f64();
    let unit = t.nrows() as f64 * T::UNIT_ROUNDOFF.as_f64();
    Ok(if error == 0.0 { 0.0 } else { error / (norm * unit) })
}
