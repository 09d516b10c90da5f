//! Rotations, reflections and projections.

use ndarray::{Array, Array1, Array2, ArrayRef, ArrayRef1, ArrayRef2, array};

use super::fourier::{exponent, scaled};
use super::givens::check_pair;
use super::householder::subtract_projection;
use super::{finite_result, invalid, require_finite_vector};
use crate::error::Error;
use crate::ffi::memory::zeroed;
use crate::finite::require_finite;
use crate::layout::{checked_area, column_major, symmetric, zeros};
use crate::pivoted_qr::PivotedQr;
use crate::products::{matmul, same};
use crate::qr::check_extents;
use crate::right_hand_side::RightHandSide;
use crate::scalar::Scalar;
use crate::triangle::Triangle;

/// The rotation of the plane by `angle` radians, from the first axis toward the second: `[cos -sin; sin cos]`.
///
/// ```
/// use lapwing_lapack::structured::rotation_2d;
/// use ndarray::array;
/// let image = rotation_2d(std::f64::consts::FRAC_PI_2)?.dot(&array![1.0, 0.0]);
/// assert!(image[0].abs() < 1e-15 && (image[1] - 1.0).abs() < 1e-15);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::NonFinite`].
pub fn rotation_2d<T: Scalar>(angle: T) -> Result<Array2<T>, Error> {
    let (sine, cosine) = sine_and_cosine(angle)?;
    Ok(array![[cosine, -sine], [sine, cosine]])
}

/// The rotation of space by `angle` radians about `axis`, counterclockwise for one at whom the axis points
/// (Rodrigues's formula). The axis has three entries and any length but 0.
///
/// ```
/// use lapwing_lapack::structured::rotation_3d;
/// use ndarray::array;
/// // A third of a turn about the diagonal exchanges the axes.
/// let third = 2.0 * std::f64::consts::PI / 3.0;
/// let image = rotation_3d(&array![1.0, 1.0, 1.0], third)?.dot(&array![1.0, 2.0, 3.0]);
/// assert!((image - array![3.0, 1.0, 2.0]).iter().all(|x: &f64| x.abs() < 1e-14));
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::Shape`] when `axis` has not three entries, [`Error::InvalidParameter`] when it is zero,
/// [`Error::NonFinite`].
pub fn rotation_3d<T: Scalar>(axis: &ArrayRef1<T>, angle: T) -> Result<Array2<T>, Error> {
    same("axis", "entries", axis.len(), 3, "the dimension of space")?;
    let (sine, cosine) = sine_and_cosine(angle)?;
    let k = unit("axis", axis)?;
    // 1 - cos without cancellation.
    let half = (angle / T::from_f64(2.0)).sin();
    let versine = T::from_f64(2.0) * half * half;
    let cross = array![[T::zero(), -k[2], k[1]], [k[2], T::zero(), -k[0]], [-k[1], k[0], T::zero()]];
    Ok(Array2::from_shape_fn((3, 3), |(i, j)| {
        let diagonal = if i == j { cosine } else { T::zero() };
        diagonal + sine * cross[[i, j]] + versine * k[i] * k[j]
    }))
}

/// The rotation of n-dimensional space by `angle` radians in the plane of the axes `i` and `k`, from i toward k: the
/// identity but for `[cos -sin; sin cos]` in the rows and columns i and k.
///
/// ```
/// use lapwing_lapack::structured::{plane_rotation, rotation_2d};
/// assert_eq!(plane_rotation(2, 0, 1, 0.3f64)?, rotation_2d(0.3)?);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::InvalidParameter`] when i or k is out of range or both are the same, [`Error::NonFinite`],
/// [`Error::OutOfMemory`].
pub fn plane_rotation<T: Scalar>(n: usize, i: usize, k: usize, angle: T) -> Result<Array2<T>, Error> {
    check_pair("dimensions", n, i, k)?;
    let (sine, cosine) = sine_and_cosine(angle)?;
    let mut rotation = zeros(n, n)?;
    rotation.diag_mut().fill(T::one());
    (rotation[[i, i]], rotation[[k, k]]) = (cosine, cosine);
    (rotation[[i, k]], rotation[[k, i]]) = (-sine, sine);
    Ok(rotation)
}

/// The reflection in the hyperplane through the origin with this normal, n x n: `I - 2 u uᵀ` for the unit vector u along
/// `normal`. Symmetric, orthogonal, of determinant -1.
///
/// ```
/// use lapwing_lapack::structured::reflection;
/// use ndarray::array;
/// // In the line y = x.
/// let mirror = reflection(&array![1.0, -1.0])?;
/// assert!((mirror[[0, 1]] - 1.0f64).abs() < 1e-15 && mirror[[0, 0]].abs() < 1e-15);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::InvalidParameter`] when `normal` is zero or empty, [`Error::NonFinite`], [`Error::OutOfMemory`].
pub fn reflection<T: Scalar>(normal: &ArrayRef1<T>) -> Result<Array2<T>, Error> {
    let mut reflection = zeros(normal.len(), normal.len())?;
    let u = unit("normal", normal)?;
    reflection.diag_mut().fill(T::one());
    for ((i, j), entry) in reflection.indexed_iter_mut() {
        *entry -= T::from_f64(2.0) * (u[i] * u[j]);
    }
    Ok(reflection)
}

/// The mirror image of `x`, a vector or one per column, in the hyperplane through the origin with this normal, without
/// forming the matrix: 4n operations each.
///
/// ```
/// use lapwing_lapack::structured::reflect;
/// use ndarray::array;
/// let image = reflect(&array![0.0, 2.0], &array![3.0, 4.0])?;
/// assert_eq!(image, array![3.0, -4.0]);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// As [`reflection`]; [`Error::Shape`] when `x` has not the rows of `normal`, [`Error::Overflow`], which entries within a
/// factor of 2n of the largest number may cause on the way.
pub fn reflect<T: Scalar, D: RightHandSide>(
    normal: &ArrayRef1<T>,
    x: &ArrayRef<T, D>,
) -> Result<Array<T, D>, Error> {
    let x = D::as_columns(x);
    same("x", "rows", x.nrows(), normal.len(), "the entries of normal")?;
    let mut image = zeros(x.nrows(), x.ncols())?;
    let u = unit("normal", normal)?;
    require_finite("x", &x)?;
    image.assign(&x);
    subtract_projection(&u, T::from_f64(2.0), &mut image)?;
    Ok(D::from_columns(finite_result("the reflection", image)?))
}

/// The orthogonal projection onto the span of the columns of `basis` (n x k), n x n: `Q Qᵀ` for an orthonormal basis Q.
/// For a single vector, pass it as one column.
///
/// ```
/// use lapwing_lapack::structured::projection;
/// use ndarray::array;
/// let p = projection(&array![[1.0], [1.0]])?;
/// assert!((p - 0.5f64).iter().all(|x| x.abs() < 1e-15));
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::RankDeficient`] when the columns are linearly dependent to rounding, a zero column included;
/// [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`].
pub fn projection<T: Scalar>(basis: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
    checked_area::<T>(basis.nrows(), basis.nrows())?;
    let q = orthonormal(basis)?;
    symmetric(&matmul(&q, &q.t())?, Triangle::Lower)
}

/// The orthogonal projection of `x`, a vector or one per column, onto the span of the columns of `basis` (n x k), without
/// forming the matrix: 2nk² operations once and 4nk for each.
///
/// ```
/// use lapwing_lapack::structured::project;
/// use ndarray::array;
/// let shadow = project(&array![[2.0], [0.0]], &array![3.0, 4.0])?;
/// assert!((shadow[0] - 3.0f64).abs() < 1e-15 && shadow[1].abs() < 1e-15);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// As [`projection`]; [`Error::Shape`] when `x` has not the rows of `basis`, [`Error::Overflow`].
pub fn project<T: Scalar, D: RightHandSide>(
    basis: &ArrayRef2<T>,
    x: &ArrayRef<T, D>,
) -> Result<Array<T, D>, Error> {
    let x = D::as_columns(x);
    same("x", "rows", x.nrows(), basis.nrows(), "the rows of basis")?;
    check_extents(basis)?;
    require_finite("x", &x)?;
    let q = orthonormal(basis)?;
    let shadow = matmul(&q, &matmul(&q.t(), &x)?)?;
    Ok(D::from_columns(finite_result("the projection", shadow)?))
}

/// An orthonormal basis of the span of independent columns.
fn orthonormal<T: Scalar>(basis: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
    check_extents(basis)?;
    require_finite("basis", basis)?;
    let mut columns = column_major(basis)?;
    for mut column in columns.columns_mut() {
        // The span does not depend on the lengths of the columns, and the verdict on their rank must not either.
        let exponent = exponent(column.iter().copied());
        column.mapv_inplace(|x| scaled(x, -exponent));
    }
    let needed = basis.ncols();
    let rank_at_most = |rank: usize| Error::RankDeficient { argument: "basis", rank, needed };
    if needed > basis.nrows() {
        return Err(rank_at_most(basis.nrows()));
    }
    let qr = PivotedQr::new(&columns)?;
    if qr.rank() < needed { Err(rank_at_most(qr.rank())) } else { qr.q() }
}

fn sine_and_cosine<T: Scalar>(angle: T) -> Result<(T, T), Error> {
    if angle.is_finite() {
        Ok(angle.sin_cos())
    } else {
        Err(Error::NonFinite { argument: "angle", row: 0, col: 0 })
    }
}

/// The vector of length 1 along `x`, whatever its scale.
fn unit<T: Scalar>(argument: &'static str, x: &ArrayRef1<T>) -> Result<Array1<T>, Error> {
    let mut unit = Array1::from(zeroed(checked_area::<T>(x.len(), 1)?)?);
    require_finite_vector(argument, x)?;
    if x.iter().all(|entry| *entry == T::zero()) {
        return invalid(argument, "zero", "a vector with a direction");
    }
    let exponent = exponent(x.iter().copied());
    unit.iter_mut().zip(x).for_each(|(entry, &x)| *entry = scaled(x, -exponent));
    let length = unit.dot(&unit).sqrt();
    unit.mapv_inplace(|entry| entry / length);
    Ok(unit)
}

#[cfg(test)]
mod tests {
    use ndarray::{Axis, s};

    use super::*;
    use crate::random::standard_normal;
    use crate::testing::Layout;

    fn assert_orthogonal(q: &Array2<f64>) {
        let defect = q.t().dot(q) - Array2::<f64>::eye(q.ncols());
        assert!(defect.iter().all(|x| x.abs() <= 8.0 * q.nrows() as f64 * f64::EPSILON), "{q}");
    }

    #[test]
    fn rotations_turn_by_their_angle() {
        for angle in [0.0, 1e-12, 0.3, -2.0, 100.0] {
            let q = rotation_2d(angle).unwrap();
            assert_orthogonal(&q);
            assert_eq!((q[[0, 0]], q[[1, 0]]), (angle.cos(), angle.sin()));
            for axis in [
                array![1.0, 0.0, 0.0],
                array![1.0, -2.0, 3.0],
                array![1e300, 1e300, 0.0],
                array![0.0, 1e-310, 1e-310],
            ] {
                let q = rotation_3d(&axis, angle).unwrap();
                assert_orthogonal(&q);
                // The trace is 1 + 2 cos, the axis stays, and the skew part is sin times the axis.
                assert!((q.diag().sum() - 1.0 - 2.0 * angle.cos()).abs() < 1e-14);
                let k = unit("axis", &axis).unwrap();
                assert!((q.dot(&k) - &k).iter().all(|x| x.abs() < 1e-15 * 4.0));
                let skew = array![q[[2, 1]] - q[[1, 2]], q[[0, 2]] - q[[2, 0]], q[[1, 0]] - q[[0, 1]]] / 2.0;
                assert!((skew - &k * angle.sin()).iter().all(|x| x.abs() < 1e-15));
            }
            let q = plane_rotation(5, 3, 1, angle).unwrap();
            assert_orthogonal(&q);
            let image = q.dot(&array![0.0, 0.0, 7.0, 1.0, 0.0]);
            assert_eq!(image, array![0.0, angle.sin(), 7.0, angle.cos(), 0.0]);
        }
        let quarter = rotation_3d(&array![0.0, 0.0, 5.0], std::f64::consts::FRAC_PI_2).unwrap();
        let image = quarter.dot(&array![1.0, 0.0, 0.0]);
        assert!((image - array![0.0, 1.0, 0.0]).iter().all(|x| x.abs() < 1e-15));
    }

    #[test]
    fn reflections_are_mirrors() {
        for n in [1, 2, 5, 40] {
            for scale in [1.0, 1e300, 1e-310] {
                let normal = standard_normal(n, 1, 3).column(0).to_owned() * scale;
                let mirror = reflection(&normal).unwrap();
                assert_orthogonal(&mirror);
                assert_eq!(mirror, mirror.t());
                assert!((mirror.diag().sum() - (n as f64 - 2.0)).abs() < 1e-13);
                let x = standard_normal(n, 3, 4);
                for layout in Layout::ALL {
                    let image = layout.with(&x, |x| reflect(&normal, &x).unwrap());
                    let bound = 16.0 * n as f64 * f64::EPSILON;
                    assert!((image - mirror.dot(&x)).iter().all(|x| x.abs() < bound));
                }
                let image = reflect(&normal, &(&normal * 0.5)).unwrap();
                assert!((image / scale + &normal / scale * 0.5).iter().all(|x| x.abs() < 1e-12));
            }
        }
    }

    #[test]
    fn projections_are_idempotent_and_fix_their_subspace() {
        for (n, k) in [(1, 1), (5, 1), (5, 3), (6, 6), (40, 7), (4, 0)] {
            let mut basis = standard_normal(n, k, 5);
            for (j, mut column) in basis.columns_mut().into_iter().enumerate() {
                column *= [1.0, 1e300, 1e-300][j % 3];
            }
            let p = projection(&basis).unwrap();
            let bound = 16.0 * n as f64 * f64::EPSILON;
            assert_eq!(p, p.t());
            assert!((p.dot(&p) - &p).iter().all(|x| x.abs() < bound));
            assert!((p.diag().sum() - k as f64).abs() < bound);
            for j in 0..k {
                let column = basis.column(j).to_owned();
                let scale = column.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
                assert!((p.dot(&column) - &column).iter().all(|x| x.abs() <= bound * scale));
            }
            let x = standard_normal(n, 2, 6);
            for layout in Layout::ALL {
                let shadow = layout.with(&basis, |b| layout.with(&x, |x| project(&b, &x).unwrap()));
                assert!((shadow - p.dot(&x)).iter().all(|x| x.abs() < bound * 4.0));
            }
        }
    }

    #[test]
    fn bad_arguments_are_named() {
        let zero = Array1::<f64>::zeros(3);
        let parameter = |result: Result<Array2<f64>, Error>| match result {
            Err(Error::InvalidParameter { parameter, .. }) => parameter,
            other => panic!("{other:?}"),
        };
        assert_eq!(parameter(rotation_3d(&zero, 1.0)), "axis");
        assert_eq!(parameter(reflection(&zero)), "normal");
        assert_eq!(parameter(reflection(&Array1::zeros(0))), "normal");
        assert_eq!(parameter(plane_rotation(3, 3, 1, 1.0)), "i");
        assert_eq!(parameter(plane_rotation(3, 1, 1, 1.0)), "k");
        assert!(matches!(reflect(&zero, &zero), Err(Error::InvalidParameter { parameter: "normal", .. })));
        assert!(matches!(
            rotation_3d(&array![1.0, 0.0], 1.0),
            Err(Error::Shape { found: 2, expected: 3, .. })
        ));
        let not_finite = Error::NonFinite { argument: "angle", row: 0, col: 0 };
        assert_eq!(rotation_2d(f64::INFINITY), Err(not_finite.clone()));
        assert_eq!(rotation_3d(&array![1.0, 0.0, 0.0], f64::NAN), Err(not_finite.clone()));
        assert_eq!(plane_rotation(3, 0, 1, f64::NAN), Err(not_finite));
        let bad = array![1.0, 2.0, f64::NAN];
        let at = |argument| Error::NonFinite { argument, row: 2, col: 0 };
        assert_eq!(rotation_3d(&bad, 1.0), Err(at("axis")));
        assert_eq!(reflection(&bad), Err(at("normal")));
        assert_eq!(reflect(&array![1.0, 0.0, 0.0], &bad), Err(at("x")));
        let column = bad.view().insert_axis(Axis(1));
        assert_eq!(projection(&column), Err(at("basis")));
        assert_eq!(project(&array![[1.0], [0.0], [0.0]], &bad), Err(at("x")));

        let dependent = array![[1.0, 2.0], [1.0, 2.0], [1.0, 2.0]];
        let deficient = |rank, needed| Error::RankDeficient { argument: "basis", rank, needed };
        assert_eq!(projection(&dependent), Err(deficient(1, 2)));
        assert_eq!(project(&dependent.slice(s![..1, ..]), &array![1.0]), Err(deficient(1, 2)));
        assert_eq!(projection(&Array2::<f64>::zeros((3, 1))), Err(deficient(0, 1)));
        let most = array![f64::MAX, f64::MAX];
        assert!(matches!(reflect(&array![1.0, 1.0], &most), Err(Error::Overflow { .. })));
        let one = array![1.0];
        let endless = one.broadcast(1 << 60).unwrap();
        assert!(matches!(reflection(&endless), Err(Error::OutOfMemory { .. })));
        assert!(matches!(plane_rotation(1 << 60, 0, 1, 1.0), Err(Error::OutOfMemory { .. })));
        let vast = endless.insert_axis(Axis(1));
        assert!(matches!(projection(&vast), Err(Error::OutOfMemory { .. })));
    }
}
