//! Generalized eigenproblems and singular values: pencils of two matrices.

#![allow(clippy::too_many_arguments, reason = "C programs name every output")]

use lapwing_lapack::{
    GeneralizedEigen, GeneralizedEigenvalue, GeneralizedSchur, GeneralizedSvd, GeneralizedSymmetricEigen,
    Scalar, SymmetricProblem,
};
use ndarray::{Array2, s};

use crate::arguments::{column, order, require_separate, triangle};
use crate::eigenproblems::{output_of, parts, region, unknown, write};
use crate::guard::{guard, require_pointer};
use crate::status::{Failure, lapwing_status};
use crate::strided::Strided;
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64,
    lapwing_vec_mut_f32, lapwing_vec_mut_f64,
};

/// a * x = lambda * b * x, with transpose(v) * b * v the identity.
pub const LAPWING_AX_IS_LAMBDA_BX: i32 = 0;
/// a * b * x = lambda * x, with transpose(v) * b * v the identity.
pub const LAPWING_ABX_IS_LAMBDA_X: i32 = 1;
/// b * a * x = lambda * x, with transpose(v) * inverse(b) * v the identity.
pub const LAPWING_BAX_IS_LAMBDA_X: i32 = 2;

fn problem(problem: i32) -> Result<SymmetricProblem, Failure> {
    Ok(match problem {
        LAPWING_AX_IS_LAMBDA_BX => SymmetricProblem::AxIsLambdaBx,
        LAPWING_ABX_IS_LAMBDA_X => SymmetricProblem::AbxIsLambdaX,
        LAPWING_BAX_IS_LAMBDA_X => SymmetricProblem::BaxIsLambdaX,
        _ => {
            let domain = "LAPWING_AX_IS_LAMBDA_BX (0) to LAPWING_BAX_IS_LAMBDA_X (2)";
            return Err(unknown("problem", problem, domain));
        }
    })
}

/// The outputs for alpha_re, alpha_im and beta.
type FractionViews<T> = [Option<Strided<T>>; 3];

fn fraction_views<T>(
    views: [Unchecked<T>; 3],
    side: (usize, &'static str),
) -> Result<FractionViews<T>, Failure> {
    let [re, im, beta] = views;
    let re = output_of(re, "alpha_re", &[side])?;
    Ok([re, output_of(im, "alpha_im", &[side])?, output_of(beta, "beta", &[side])?])
}

/// # Safety
/// As [`Strided::write`].
unsafe fn write_fractions<T: Scalar>(views: &FractionViews<T>, values: &[GeneralizedEigenvalue<T>]) {
    let list = |part: fn(&GeneralizedEigenvalue<T>) -> T| {
        Array2::from_shape_fn((values.len(), 1), |(i, _)| part(&values[i]))
    };
    // SAFETY: this function's own condition.
    unsafe {
        write(&views[0], &list(|value| value.alpha.re));
        write(&views[1], &list(|value| value.alpha.im));
        write(&views[2], &list(|value| value.beta));
    }
}

/// Generalized Schur form, a = q * s * transpose(z) and b = q * t * transpose(z), with the eigenvalues of one region
/// first.
///
///  a, b      n x n, any strides; read only.
///  region    LAPWING_ANYWHERE, or which eigenvalues to move to the top: LAPWING_LEFT_HALF_PLANE,
///            LAPWING_RIGHT_HALF_PLANE, LAPWING_INSIDE_UNIT_CIRCLE or LAPWING_OUTSIDE_UNIT_CIRCLE.
///  alpha_re, alpha_im, beta
///            n entries each: the eigenvalues are (alpha_re + i * alpha_im) / beta. With beta = 0 one is infinite, or
///            no number when alpha vanishes too, to rounding. beta is not negative.
///  s         n x n, triangular but for a 2 x 2 block on the diagonal for each conjugate pair.
///  t         n x n, upper triangular.
///  q, z      n x n, orthogonal; the first leading columns of z span the deflating subspace of the region's
///            eigenvalues.
///  leading   receives how many eigenvalues were moved to the top; 0 for LAPWING_ANYWHERE.
///
/// Each output but leading may be a view with NULL data when it is not wanted.
///
/// Returns LAPWING_ERR_NON_FINITE (a or b holds NaN or an infinity), LAPWING_ERR_ARGUMENT (region),
/// LAPWING_ERR_DOES_NOT_EXIST (two eigenvalues are too close to change places), LAPWING_ERR_SHAPE,
/// LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
/// LAPACK: dgges, dtgsen.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_generalized_schur_f64(
    a: lapwing_mat_f64,
    b: lapwing_mat_f64,
    region: i32,
    alpha_re: lapwing_vec_mut_f64,
    alpha_im: lapwing_vec_mut_f64,
    beta: lapwing_vec_mut_f64,
    s: lapwing_mat_mut_f64,
    t: lapwing_mat_mut_f64,
    q: lapwing_mat_mut_f64,
    z: lapwing_mat_mut_f64,
    leading: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe {
        generalized_schur::<f64>(
            [a.into(), b.into()],
            region,
            [alpha_re.into(), alpha_im.into(), beta.into()],
            [s.into(), t.into(), q.into(), z.into()],
            leading,
        )
    })
}

/// As lapwing_generalized_schur_f64, in single precision. LAPACK: sgges, stgsen.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_generalized_schur_f32(
    a: lapwing_mat_f32,
    b: lapwing_mat_f32,
    region: i32,
    alpha_re: lapwing_vec_mut_f32,
    alpha_im: lapwing_vec_mut_f32,
    beta: lapwing_vec_mut_f32,
    s: lapwing_mat_mut_f32,
    t: lapwing_mat_mut_f32,
    q: lapwing_mat_mut_f32,
    z: lapwing_mat_mut_f32,
    leading: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe {
        generalized_schur::<f32>(
            [a.into(), b.into()],
            region,
            [alpha_re.into(), alpha_im.into(), beta.into()],
            [s.into(), t.into(), q.into(), z.into()],
            leading,
        )
    })
}
/// # Safety
/// The memory that the views describe is there, as [`Strided::view`] and [`Strided::write`] require; `leading` is NULL
/// or writable.
unsafe fn generalized_schur<T: Scalar>(
    [a, b]: [Unchecked<T>; 2],
    region_of_c: i32,
    fractions: [Unchecked<T>; 3],
    [s, t, q, z]: [Unchecked<T>; 4],
    leading: *mut i64,
) -> Result<(), Failure> {
    let region = region(region_of_c)?;
    require_pointer("leading", leading)?;
    let (a, b) = (a.input("a")?, b.input("b")?);
    let side = (order(&a)?, "the order of a");
    b.require_shape(&[side, side])?;
    let fractions = fraction_views(fractions, side)?;
    let s = output_of(s, "s", &[side, side])?;
    let t = output_of(t, "t", &[side, side])?;
    let q = output_of(q, "q", &[side, side])?;
    let z = output_of(z, "z", &[side, side])?;
    let mut outputs: Vec<_> = fractions.iter().map(|output| output.as_ref()).collect();
    outputs.extend([s.as_ref(), t.as_ref(), q.as_ref(), z.as_ref()]);
    require_separate(&[&a, &b], &outputs)?;

    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let mut schur = GeneralizedSchur::new(&unsafe { a.view() }, &unsafe { b.view() })?;
    if let Some(region) = region {
        schur = schur.reordered(|value| value.lies_in(region))?;
    }
    // SAFETY: as above.
    unsafe {
        write_fractions(&fractions, schur.eigenvalues());
        write(&s, &schur.s());
        write(&t, &schur.t());
        write(&q, &schur.q());
        write(&z, &schur.z());
        leading.write(schur.leading() as i64);
    }
    Ok(())
}

/// Eigenvalues and eigenvectors of a pencil of general matrices, beta * a * v = alpha * b * v.
///
///  a, b      n x n, any strides; read only. b may be singular.
///  alpha_re, alpha_im, beta
///            n entries each: the eigenvalues are (alpha_re + i * alpha_im) / beta. With beta = 0 one is infinite, or
///            no number when alpha vanishes too, to rounding. beta is not negative.
///  right_re, right_im
///            the parts of the right eigenvectors, n x n, in columns of 2-norm 1.
///  left_re, left_im
///            the parts of the left eigenvectors u, beta * adjoint(u) * a = alpha * adjoint(u) * b, likewise.
///
/// Each output may be a view with NULL data when it is not wanted. Without vectors the cost is half.
///
/// Returns LAPWING_ERR_NON_FINITE (a or b holds NaN or an infinity), LAPWING_ERR_SHAPE,
/// LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
/// LAPACK: dggev.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_generalized_eig_f64(
    a: lapwing_mat_f64,
    b: lapwing_mat_f64,
    alpha_re: lapwing_vec_mut_f64,
    alpha_im: lapwing_vec_mut_f64,
    beta: lapwing_vec_mut_f64,
    right_re: lapwing_mat_mut_f64,
    right_im: lapwing_mat_mut_f64,
    left_re: lapwing_mat_mut_f64,
    left_im: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe {
        generalized_eig::<f64>(
            [a.into(), b.into()],
            [alpha_re.into(), alpha_im.into(), beta.into()],
            [right_re.into(), right_im.into(), left_re.into(), left_im.into()],
        )
    })
}

/// As lapwing_generalized_eig_f64, in single precision. LAPACK: sggev.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_generalized_eig_f32(
    a: lapwing_mat_f32,
    b: lapwing_mat_f32,
    alpha_re: lapwing_vec_mut_f32,
    alpha_im: lapwing_vec_mut_f32,
    beta: lapwing_vec_mut_f32,
    right_re: lapwing_mat_mut_f32,
    right_im: lapwing_mat_mut_f32,
    left_re: lapwing_mat_mut_f32,
    left_im: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe {
        generalized_eig::<f32>(
            [a.into(), b.into()],
            [alpha_re.into(), alpha_im.into(), beta.into()],
            [right_re.into(), right_im.into(), left_re.into(), left_im.into()],
        )
    })
}
/// # Safety
/// As [`generalized_schur`].
unsafe fn generalized_eig<T: Scalar>(
    [a, b]: [Unchecked<T>; 2],
    fractions: [Unchecked<T>; 3],
    [right_re, right_im, left_re, left_im]: [Unchecked<T>; 4],
) -> Result<(), Failure> {
    let (a, b) = (a.input("a")?, b.input("b")?);
    let side = (order(&a)?, "the order of a");
    b.require_shape(&[side, side])?;
    let fractions = fraction_views(fractions, side)?;
    let right_re = output_of(right_re, "right_re", &[side, side])?;
    let right_im = output_of(right_im, "right_im", &[side, side])?;
    let left_re = output_of(left_re, "left_re", &[side, side])?;
    let left_im = output_of(left_im, "left_im", &[side, side])?;
    let vectors = [&right_re, &right_im, &left_re, &left_im];
    let mut outputs: Vec<_> = fractions.iter().map(|output| output.as_ref()).collect();
    outputs.extend(vectors.map(|output| output.as_ref()));
    require_separate(&[&a, &b], &outputs)?;

    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let (a, b) = unsafe { (a.view(), b.view()) };
    if vectors.iter().all(|output| output.is_none()) {
        let values = GeneralizedEigen::eigenvalues(&a, &b)?;
        // SAFETY: as above.
        unsafe { write_fractions(&fractions, &values) };
        return Ok(());
    }
    let mut params = GeneralizedEigen::params();
    if left_re.is_some() || left_im.is_some() {
        params = params.left_vectors();
    }
    let eigen = params.compute(&a, &b)?;
    let right = parts(eigen.vectors());
    let left = eigen.left_vectors().map(parts);
    // SAFETY: as above.
    unsafe {
        write_fractions(&fractions, eigen.values());
        write(&right_re, &right.0);
        write(&right_im, &right.1);
        if let Some(left) = left {
            write(&left_re, &left.0);
            write(&left_im, &left.1);
        }
    }
    Ok(())
}

/// Eigendecomposition of a symmetric matrix relative to a positive definite one, a * v = b * v * diag(w).
///
///  a, b     n x n, any strides; read only, and only the triangle that uplo names.
///  problem  LAPWING_AX_IS_LAMBDA_BX (0), LAPWING_ABX_IS_LAMBDA_X or LAPWING_BAX_IS_LAMBDA_X.
///  uplo     LAPWING_LOWER or LAPWING_UPPER, for both matrices.
///  w        n eigenvalues, smallest first.
///  v        n x n, eigenvectors in columns, orthonormal as the problem says; a view with NULL data when not wanted.
///
/// Returns LAPWING_ERR_NOT_POSITIVE_DEFINITE (b is not; the message gives the order of the first leading minor that is
/// not positive), LAPWING_ERR_NON_FINITE (a triangle holds NaN or an infinity), LAPWING_ERR_ARGUMENT (problem, uplo),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
/// LAPACK: dsygvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_generalized_eigh_f64(
    a: lapwing_mat_f64,
    b: lapwing_mat_f64,
    problem: i32,
    uplo: i32,
    w: lapwing_vec_mut_f64,
    v: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe { generalized_eigh::<f64>([a.into(), b.into()], problem, uplo, w.into(), v.into()) })
}

/// As lapwing_generalized_eigh_f64, in single precision. LAPACK: ssygvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_generalized_eigh_f32(
    a: lapwing_mat_f32,
    b: lapwing_mat_f32,
    problem: i32,
    uplo: i32,
    w: lapwing_vec_mut_f32,
    v: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe { generalized_eigh::<f32>([a.into(), b.into()], problem, uplo, w.into(), v.into()) })
}
/// # Safety
/// As [`generalized_schur`].
unsafe fn generalized_eigh<T: Scalar>(
    [a, b]: [Unchecked<T>; 2],
    problem_of_c: i32,
    uplo: i32,
    w: Unchecked<T>,
    v: Unchecked<T>,
) -> Result<(), Failure> {
    let params =
        GeneralizedSymmetricEigen::params().problem(problem(problem_of_c)?).triangle(triangle(uplo)?);
    let (a, b, w) = (a.input("a")?, b.input("b")?, w.output("w")?);
    let side = (order(&a)?, "the order of a");
    b.require_shape(&[side, side])?;
    w.require_shape(&[side])?;
    let v = output_of(v, "v", &[side, side])?;
    require_separate(&[&a, &b], &[Some(&w), v.as_ref()])?;

    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let (a, b) = unsafe { (a.view(), b.view()) };
    if v.is_none() {
        let values = params.values(&a, &b)?;
        // SAFETY: as above.
        unsafe { w.write(&column(&values)) };
        return Ok(());
    }
    let eigen = params.compute(&a, &b)?;
    // SAFETY: as above.
    unsafe {
        w.write(&column(&eigen.values()));
        write(&v, &eigen.vectors());
    }
    Ok(())
}

/// Generalized singular value decomposition, a = u * d1 * [0 r] * transpose(q) and b = v * d2 * [0 r] * transpose(q).
///
///  a         m x n, any strides; read only.
///  b         p x n, likewise.
///  cosines   k = min(m + p, n) entries, of which the first rank are those of d1, on its diagonal; the others are 0.
///  sines     k entries, of which the first rank are those of d2: the one at i stands in row i - infinite and column
///            i, and the first infinite ones are 0. The generalized singular values are cosine over sine.
///  u         m x m, orthogonal.
///  v         p x p, orthogonal.
///  q         n x n, orthogonal. Its first n - rank columns span the common null space.
///  r         k x k, whose leading block of order rank is upper triangular and invertible; the rest is 0.
///  rank      receives the rank of a and b stacked.
///  infinite  receives how many generalized singular values are infinite; they come first.
///
/// Each output but rank and infinite may be a view with NULL data when it is not wanted.
///
/// Returns LAPWING_ERR_NON_FINITE (a or b holds NaN or an infinity), LAPWING_ERR_SHAPE,
/// LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
/// LAPACK: dggsvp3, dtgsja.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_generalized_svd_f64(
    a: lapwing_mat_f64,
    b: lapwing_mat_f64,
    cosines: lapwing_vec_mut_f64,
    sines: lapwing_vec_mut_f64,
    u: lapwing_mat_mut_f64,
    v: lapwing_mat_mut_f64,
    q: lapwing_mat_mut_f64,
    r: lapwing_mat_mut_f64,
    rank: *mut i64,
    infinite: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe {
        generalized_svd::<f64>(
            [a.into(), b.into()],
            [cosines.into(), sines.into()],
            [u.into(), v.into(), q.into(), r.into()],
            [rank, infinite],
        )
    })
}

/// As lapwing_generalized_svd_f64, in single precision. LAPACK: sggsvp3, stgsja.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_generalized_svd_f32(
    a: lapwing_mat_f32,
    b: lapwing_mat_f32,
    cosines: lapwing_vec_mut_f32,
    sines: lapwing_vec_mut_f32,
    u: lapwing_mat_mut_f32,
    v: lapwing_mat_mut_f32,
    q: lapwing_mat_mut_f32,
    r: lapwing_mat_mut_f32,
    rank: *mut i64,
    infinite: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe {
        generalized_svd::<f32>(
            [a.into(), b.into()],
            [cosines.into(), sines.into()],
            [u.into(), v.into(), q.into(), r.into()],
            [rank, infinite],
        )
    })
}
/// # Safety
/// As [`generalized_schur`]; each of `counts` is NULL or writable.
unsafe fn generalized_svd<T: Scalar>(
    [a, b]: [Unchecked<T>; 2],
    [cosines, sines]: [Unchecked<T>; 2],
    [u, v, q, r]: [Unchecked<T>; 4],
    [rank, infinite]: [*mut i64; 2],
) -> Result<(), Failure> {
    require_pointer("rank", rank)?;
    require_pointer("infinite", infinite)?;
    let (a, b) = (a.input("a")?, b.input("b")?);
    let ([m, n], [p, _]) = (a.shape(), b.shape());
    b.require_shape(&[(p, "its own rows"), (n, "the columns of a")])?;
    let most = m.saturating_add(p).min(n);
    let side = (most, "the smaller extent of a and b stacked");
    let (rows_a, rows_b, columns) = ((m, "the rows of a"), (p, "the rows of b"), (n, "the columns of a"));
    let cosines = output_of(cosines, "cosines", &[side])?;
    let sines = output_of(sines, "sines", &[side])?;
    let u = output_of(u, "u", &[rows_a, rows_a])?;
    let v = output_of(v, "v", &[rows_b, rows_b])?;
    let q = output_of(q, "q", &[columns, columns])?;
    let r = output_of(r, "r", &[side, side])?;
    let outputs = [&cosines, &sines, &u, &v, &q, &r].map(|output| output.as_ref());
    require_separate(&[&a, &b], &outputs)?;

    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let gsvd = GeneralizedSvd::new(&unsafe { a.view() }, &unsafe { b.view() })?;
    let found = gsvd.rank();
    let padded = |rows: usize, cols: usize, values: ndarray::ArrayView2<T>| {
        let mut padded = Array2::zeros((rows, cols));
        padded.slice_mut(s![..values.nrows(), ..values.ncols()]).assign(&values);
        padded
    };
    let triangle = padded(most, most, gsvd.r());
    // SAFETY: as above.
    unsafe {
        write(&cosines, &padded(most, 1, column(&gsvd.cosines())));
        write(&sines, &padded(most, 1, column(&gsvd.sines())));
        write(&u, &gsvd.u());
        write(&v, &gsvd.v());
        write(&q, &gsvd.q());
        write(&r, &triangle);
        rank.write(found as i64);
        infinite.write(gsvd.infinite() as i64);
    }
    Ok(())
}
