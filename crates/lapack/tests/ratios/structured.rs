use lapwing_lapack::structured::{
    Circulant, ConvolutionMode, Givens, Hankel, Householder, Toeplitz, convolution_matrix, convolve,
};
use lapwing_lapack::testing::{Mode, randsvd};
use lapwing_lapack::{Scalar, Svd, random};
use ndarray::Array1;

use crate::measure::{Ratios, orthogonality};

/// LAPACK's threshold for orthogonal factors, and for singular values.
const ORTHOGONAL: f64 = 30.0;
const SVD: f64 = 50.0;

fn random_orthogonal<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("random");
    for n in [0, 1, 2, 3, 10, 33, 100, 300] {
        let case = format!("{n} {}", T::NAME);
        for q in [random::orthogonal::<T>(n, 1), random::rotation(n, 2)] {
            ratios.below("‖I − QᵀQ‖ / (n ε)", orthogonality(&q.expect(&case), n), ORTHOGONAL, &case);
        }
        let thin = random::orthonormal_columns::<T>(n, n / 3, 3).expect(&case);
        ratios.below("‖I − QᵀQ‖ / (m ε), thin", orthogonality(&thin, n), ORTHOGONAL, &case);
    }
}

#[test]
fn random_orthogonal_f32() {
    random_orthogonal::<f32>();
}

#[test]
fn random_orthogonal_f64() {
    random_orthogonal::<f64>();
}

/// Singular values are as well conditioned as they are large: those of the rounded matrix, computed, stay within
/// LAPACK's bound of those asked for.
fn randsvd_values<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("randsvd");
    for mode in Mode::ALL {
        for (m, n) in [(1, 1), (5, 5), (10, 4), (4, 10), (60, 60), (200, 30)] {
            for condition in [1.0, 1e3, 1e12] {
                let case = format!("{mode:?} {m}x{n} {condition:e} {}", T::NAME);
                let asked = mode.spectrum(m.min(n), condition, !3);
                let found = Svd::values(&randsvd::<T>(m, n, condition, mode, 3)).expect(&case).values;
                let error = found.iter().zip(&asked).map(|(x, y)| (x.as_f64() - y).abs()).fold(0.0, f64::max);
                let unit = m.max(n) as f64 * T::UNIT_ROUNDOFF.as_f64();
                ratios.below("‖σ − σ'‖∞ / (σ₁ max(m, n) ε)", error / unit, SVD, &case);
            }
        }
    }
}

#[test]
fn randsvd_f32() {
    randsvd_values::<f32>();
}

#[test]
fn randsvd_f64() {
    randsvd_values::<f64>();
}

/// The largest entry of an orthogonal matrix's defect, and the size of what a reflector or rotation leaves of the entries that it
/// annihilates, at both ends of the range.
fn reflectors<T: Scalar>() {
    let mut householder = Ratios::new::<T>("larfg");
    let mut givens = Ratios::new::<T>("lartg");
    let largest = T::max_value().as_f64().sqrt() * 1e3;
    for n in [1, 2, 3, 10, 33, 100, 300] {
        for scale in [1.0, largest, 1.0 / largest] {
            let case = format!("{n} {scale:e} {}", T::NAME);
            let x = random::standard_normal(n, 1, n as u64).column(0).mapv(|x| T::from_f64(x * scale));
            let h = Householder::new(&x).expect(&case);
            let dense = h.to_dense().expect(&case);
            householder.below("‖I − HᵀH‖ / (n ε)", orthogonality(&dense, n), ORTHOGONAL, &case);
            // The exact H of the rounded v and tau, in double precision.
            let (v, tau) = (h.v().mapv(|v| v.as_f64()), h.tau().as_f64());
            let wide = x.mapv(|x| x.as_f64() / scale);
            let mut image = &wide - &(&v * (tau * v.dot(&wide)));
            image[0] -= h.beta().as_f64() / scale;
            let unit = n as f64 * T::UNIT_ROUNDOFF.as_f64();
            let error = image.iter().map(|x| x.abs()).sum::<f64>();
            let norm = wide.iter().map(|x| x.abs()).sum::<f64>();
            householder.below("‖H x − β e₁‖ / (n ‖x‖ ε)", error / norm / unit, ORTHOGONAL, &case);

            let (f, g) = (x[0], x[n - 1] * T::from_f64(0.3));
            let rotation = Givens::new(f, g).expect(&case);
            givens.below("‖I − GᵀG‖ / (2 ε)", orthogonality(&rotation.to_dense(), 2), ORTHOGONAL, &case);
            let [f, g, r] = [f, g, rotation.r()].map(|x| x.as_f64() / scale);
            let [c, s] = [rotation.c(), rotation.s()].map(Scalar::as_f64);
            let error = (c * f + s * g - r).abs().max((c * g - s * f).abs());
            let unit = T::UNIT_ROUNDOFF.as_f64();
            givens.below("‖G (f, g) − (r, 0)‖ / (‖(f, g)‖ ε)", error / r.abs() / unit, ORTHOGONAL, &case);
        }
    }
}

#[test]
fn reflectors_f32() {
    reflectors::<f32>();
}

#[test]
fn reflectors_f64() {
    reflectors::<f64>();
}

/// Products through the transform against sums in double precision, for lengths that are prime, smooth and powers of two.
/// In single precision that sum is exact beside the error; in double precision its own error is part of the ratio.
fn transforms<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("fft");
    let draw = |count: usize, seed: u64| random::standard_normal(count, 1, seed).column(0).mapv(T::from_f64);
    let mut check = |y: Array1<T>, exact: Array1<f64>, kernel: f64, x: f64, length: usize, case: &str| {
        let error = (y.mapv(|y| y.as_f64()) - exact).mapv(|x| x * x).sum().sqrt();
        let unit = T::UNIT_ROUNDOFF.as_f64() * (2.0 * length as f64).log2();
        let value = if error == 0.0 { 0.0 } else { error / (kernel * x * unit) };
        ratios.below("‖y − K x‖₂ / (‖k‖₁ ‖x‖₂ ε log₂ n)", value, 4.0, case);
    };
    for n in [0, 1, 2, 31, 32, 33, 64, 97, 128, 211, 256, 300] {
        for m in [n, n / 2 + 20] {
            let case = format!("{m}x{n} {}", T::NAME);
            let (c, r, x) = (draw(m, 1), draw(n, 2), draw(n, 3));
            let wide = x.mapv(|x| x.as_f64());
            let norm = wide.dot(&wide).sqrt();
            let absolute = |numbers: &Array1<T>| numbers.iter().map(|x| x.as_f64().abs()).sum::<f64>();
            let kernel = absolute(&c) + absolute(&r);
            let toeplitz = Toeplitz::new(&c, &r).expect(&case);
            let dense = toeplitz.to_dense().expect(&case).mapv(|x| x.as_f64());
            check(toeplitz.apply(&x).expect(&case), dense.dot(&wide), kernel, norm, m + n, &case);
            let hankel = Hankel::new(&c, &r).expect(&case);
            let dense = hankel.to_dense().expect(&case).mapv(|x| x.as_f64());
            check(hankel.apply(&x).expect(&case), dense.dot(&wide), kernel, norm, m + n, &case);
            if n > 0 {
                let mode = ConvolutionMode::Full;
                let dense = convolution_matrix(&c, n, mode).expect(&case).mapv(|x| x.as_f64());
                let convolved = convolve(&c, &x, mode).expect(&case);
                check(convolved, dense.dot(&wide), absolute(&c), norm, m + n, &case);
            }
        }
        let case = format!("circulant {n} {}", T::NAME);
        let (c, x) = (draw(n, 4), draw(n, 5));
        let wide = x.mapv(|x| x.as_f64());
        let circulant = Circulant::new(&c).expect(&case);
        let dense = circulant.to_dense().expect(&case).mapv(|x| x.as_f64());
        let kernel = c.iter().map(|x| x.as_f64().abs()).sum::<f64>();
        check(
            circulant.apply(&x).expect(&case),
            dense.dot(&wide),
            kernel,
            wide.dot(&wide).sqrt(),
            n.max(1),
            &case,
        );
    }
}

#[test]
fn transforms_f32() {
    transforms::<f32>();
}

#[test]
fn transforms_f64() {
    transforms::<f64>();
}
