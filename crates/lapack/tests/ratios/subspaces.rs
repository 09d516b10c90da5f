use lapwing_lapack::Scalar;
use lapwing_lapack::gram_schmidt::{DependentColumns, GramSchmidt, Method, gram};
use lapwing_lapack::rank::{Tolerance, numerical_rank};
use lapwing_lapack::subspaces::{Subspace, null_space};
use lapwing_lapack::testing::{Layout, Mode, gallery, randsvd};
use ndarray::{Array2, Axis};

use crate::cases::for_each_matrix;
use crate::measure::{Ratios, exponent, orthogonality, ratio, wide};

/// LAPACK's thresholds for the SVD and for QR.
const SVD: f64 = 50.0;
const QR: f64 = 30.0;

/// The largest matrices are tried in one layout, and the very largest of two kinds only.
fn is_thinned_out(area: usize, case: &str) -> bool {
    area > 4000 && !case.contains("RowMajor")
        || area > 20_000 && !["Random ", "IllConditioned "].iter().any(|kind| case.starts_with(kind))
}

/// `A N` is what the tolerance took for zero, max(m, n) 2u ‖A‖₂, and the backward error of the SVD; in the 1-norm each
/// may grow by √n, which the size of these ratios shows not to happen.
fn subspaces<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("null space");
    for_each_matrix::<T>(|a, case| {
        let (m, n) = a.dim();
        if is_thinned_out(m * n, case) {
            return;
        }
        let (scaled, extent) = (wide(&a, exponent(&a)), m.max(n));
        let rank = numerical_rank(&a, Tolerance::Standard).expect(case);
        let basis = null_space(&a, Tolerance::Standard).expect(case);
        // The values alone and those with vectors may disagree on a value at the threshold itself.
        assert!(
            basis.nrows() == n
                && basis.ncols().abs_diff(n - rank) <= usize::from(case.contains("IllConditioned"))
        );
        let product = scaled.dot(&wide(&basis, 0));
        ratios.below("‖A N‖ / (‖A‖ max(m, n) ε)", ratio::<T>(&product, &scaled, extent), SVD, case);
        ratios.below("‖I − NᵀN‖ / (n ε)", orthogonality(&basis, n), SVD, case);

        let range = Subspace::range(&a, Tolerance::Standard).expect(case);
        ratios.below("‖I − QᵀQ‖ / (m ε)", orthogonality(&range.basis(), m), SVD, case);
        let complement = range.complement().expect(case);
        ratios.below("‖I − QᵀQ‖ / (m ε), complement", orthogonality(&complement.basis(), m), SVD, case);
        let q = wide(&range.basis(), 0);
        let rest = &scaled - &q.dot(&q.t().dot(&scaled));
        ratios.below("‖A − Q QᵀA‖ / (‖A‖ max(m, n) ε)", ratio::<T>(&rest, &scaled, extent), SVD, case);
        let projector = wide(&range.projector().expect(case), 0);
        let defect = projector.dot(&projector) - &projector;
        ratios.below("‖P² − P‖ / (m ε)", ratio::<T>(&defect, &Array2::eye(m), m), SVD, case);
    });
}

#[test]
fn subspaces_f32() {
    subspaces::<f32>();
}

#[test]
fn subspaces_f64() {
    subspaces::<f64>();
}

/// On every kind of matrix, dependent columns left out: the residual of the kept columns is small whatever the method;
/// the reorthogonalized vectors are orthonormal, and make up the columns that were left out.
fn gram_schmidt<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("Gram–Schmidt");
    for_each_matrix::<T>(|a, case| {
        let (m, n) = a.dim();
        if is_thinned_out(m * n, case) {
            return;
        }
        let e = exponent(&a);
        let scaled = wide(&a, e);
        for method in [Method::Classical, Method::Modified, Method::Reorthogonalized] {
            let params = GramSchmidt::params().method(method).dependent_columns(DependentColumns::Skip);
            let factors = params.compute(&a).expect(case);
            let residual = &scaled - &wide(&factors.q(), 0).dot(&wide(&factors.r(), e));
            let kept = residual.select(Axis(1), factors.columns());
            let extent = m.max(n);
            ratios.below("‖A − Q R‖ / (‖A‖ max(m, n) ε), kept", ratio::<T>(&kept, &scaled, extent), QR, case);
            if method == Method::Reorthogonalized {
                ratios.below(
                    "‖A − Q R‖ / (‖A‖ max(m, n) ε), CGS2",
                    ratio::<T>(&residual, &scaled, extent),
                    QR,
                    case,
                );
                ratios.below("‖I − QᵀQ‖ / (m ε), CGS2", orthogonality(&factors.q(), m), QR, case);
            }
        }
        // At the ends of the range the squares leave it.
        if !case.contains("Near") {
            let error = wide(&gram(&a).expect(case), 2 * e) - scaled.t().dot(&scaled);
            let sizes = scaled.t().mapv(f64::abs).dot(&scaled.mapv(f64::abs));
            ratios.below("‖AᵀA − G‖ / (‖abs(Aᵀ) abs(A)‖ m ε)", ratio::<T>(&error, &sizes, m), QR, case);
        }
    });
}

#[test]
fn gram_schmidt_f32() {
    gram_schmidt::<f32>();
}

#[test]
fn gram_schmidt_f64() {
    gram_schmidt::<f64>();
}

/// The laws of the three methods, on matrices of known condition: κ² ε, κ ε and ε, each up to the factor that LAPACK
/// grants a QR factorization.
fn loss_of_orthogonality<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("Gram–Schmidt");
    let unit = T::UNIT_ROUNDOFF.as_f64();
    for (m, n) in [(10, 10), (40, 20), (150, 100)] {
        for (mode, power) in Mode::ALL.into_iter().flat_map(|mode| (0..8).map(move |power| (mode, power))) {
            // From 1 to the condition at which κ n u reaches a tenth.
            let condition = (0.1 / (n as f64 * unit)).powf(f64::from(power) / 7.0);
            let a = randsvd::<T>(m, n, condition, mode, 11);
            let losses = [
                (Method::Classical, "‖I − QᵀQ‖ / (κ² m ε), classical", condition * condition),
                (Method::Modified, "‖I − QᵀQ‖ / (κ m ε), modified", condition),
                (Method::Reorthogonalized, "‖I − QᵀQ‖ / (m ε), CGS2", 1.0),
            ];
            for (method, law, factor) in losses {
                let case = format!("{m}x{n} {mode:?} κ = {condition:.1e} {}", T::NAME);
                for layout in [Layout::RowMajor, Layout::Strided] {
                    let params = GramSchmidt::params().method(method).tolerance(0.0);
                    let factors = layout.with(&a, |a| params.compute(&a)).expect(&case);
                    ratios.below(law, orthogonality(&factors.q(), m) / factor, QR, &case);
                }
            }
        }
    }
    // Hilbert's columns, whose condition passes 1/u: twice is enough as long as columns are independent at all.
    for n in [4, 6, 8, 10, 12] {
        let a = gallery::hilbert::<T>(n);
        let factors = GramSchmidt::params().dependent_columns(DependentColumns::Skip).compute(&a).unwrap();
        let case = format!("Hilbert {n} {}", T::NAME);
        ratios.below("‖I − QᵀQ‖ / (m ε), CGS2", orthogonality(&factors.q(), n), QR, &case);
    }
}

#[test]
fn gram_schmidt_loses_what_its_method_says() {
    loss_of_orthogonality::<f32>();
    loss_of_orthogonality::<f64>();
}
