// lapwing_factorizations.hpp and lapwing_eigenproblems.hpp: the factors multiply to what was taken apart.

#include "check.hpp"

#include <algorithm>
#include <complex>

template <class T>
static lapwing::Matrix<T> symmetric(std::int64_t n) {
    auto a = waves<T>(n, n);
    for (std::int64_t i = 0; i < n; ++i)
        for (std::int64_t j = 0; j < i; ++j) a(i, j) = a(j, i);
    return a;
}

template <class T>
static lapwing::Matrix<T> reordered(const lapwing::Matrix<T> &a, const std::vector<std::int64_t> &order) {
    return lapwing::select_columns(lapwing::select_rows(a, order), order);
}

// The real part of a - b * c, and its imaginary part, for complex factors.
template <class T>
static bool product_is(const lapwing::Matrix<std::complex<T>> &l, const lapwing::Matrix<std::complex<T>> &r,
                       const lapwing::Matrix<std::complex<T>> &product) {
    const T bound = 2000 * std::numeric_limits<T>::epsilon();
    for (std::int64_t i = 0; i < product.rows(); ++i)
        for (std::int64_t j = 0; j < product.cols(); ++j) {
            std::complex<T> sum = product(i, j);
            for (std::int64_t k = 0; k < l.cols(); ++k) sum -= l(i, k) * r(k, j);
            if (std::abs(sum) > bound) return false;
        }
    return true;
}
template <class T>
static lapwing::Matrix<std::complex<T>> complex(const lapwing::Matrix<T> &a) {
    lapwing::Matrix<std::complex<T>> result(a.rows(), a.cols());
    for (std::int64_t i = 0; i < a.rows(); ++i)
        for (std::int64_t j = 0; j < a.cols(); ++j) result(i, j) = a(i, j);
    return result;
}

template <class T>
static void singular_values() {
    const auto a = waves<T>(5, 3);
    const auto full = lapwing::svd_full(a);
    CHECK(near<T>(times<T>(full.u.transposed(), full.u), identity<T>(5)) && full.vt.rows() == 3);

    const auto [u, s, vt, spectral, frobenius] = lapwing::low_rank(a, lapwing::Keep::rank, 2);
    CHECK(u.cols() == 2 && s.size() == 2 && vt.rows() == 2);
    CHECK(close(spectral, full.s[2]) && close(frobenius, full.s[2]));

    // Every kind of matrix has the same leading triplets.
    const std::vector<T> entries{3, 2, 1};
    const std::vector<std::int32_t> columns{0, 1, 2}, starts{0, 1, 2, 3};
    const lapwing::ConstSparseView<T> sparse(entries, columns, starts, 3);
    const auto scale = [&](lapwing::View<T> x, lapwing::MutableView<T> y) {
        for (std::int64_t i = 0; i < 3; ++i)
            for (std::int64_t j = 0; j < x.cols; ++j) y(i, j) = entries[static_cast<std::size_t>(i)] * x(i, j);
    };
    const lapwing::Operator<T> products{3, 3, scale, scale};
    for (const auto &triplets : {lapwing::randomized_svd(diagonal(entries), 2), lapwing::randomized_svd(sparse, 2),
                                 lapwing::randomized_svd(products, 2)})
        CHECK(triplets.u.cols() == 2 && close(triplets.s[0], 3) && close(triplets.s[1], 2));
    const lapwing::Operator<T> broken{3, 3, [](auto...) { throw 7; }, scale};
    try {
        (void)lapwing::randomized_svd(broken, 2);
        CHECK(false);
    } catch (int carried) {
        CHECK(carried == 7);
    }

    const auto pair = lapwing::generalized_svd(a, identity<T>(3));
    CHECK(pair.rank == 3 && pair.infinite == 0 && pair.cosines.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) CHECK(close(pair.cosines[i] / pair.sines[i], full.s[i]));

    const auto right = lapwing::polar(a);
    CHECK(near<T>(times<T>(right.u, right.p), a) && right.p.rows() == 3);
    const auto left = lapwing::polar(a, lapwing::PolarSide::left);
    CHECK(near<T>(times<T>(left.p, left.u), a) && left.p.rows() == 5);
}

template <class T>
static void triangles() {
    const auto a = waves<T>(5, 3);
    const auto full = lapwing::qr_full(a);
    CHECK(near<T>(times<T>(full.q, full.r), a) && full.q.cols() == 5);
    CHECK(near<T>(lapwing::qr_apply(a, a, lapwing::Transpose::transposed), full.r));
    const std::vector<T> b{1, 2, 3, 4, 5};
    const std::vector<T> rotated = lapwing::qr_apply(a, b);
    CHECK(near<T>(times<T>(full.q, b), rotated));

    const auto pivoted = lapwing::pivoted_qr(a);
    CHECK(near<T>(times<T>(pivoted.q, pivoted.r), lapwing::select_columns(a, pivoted.permutation)));
    CHECK(pivoted.rank == 3 && lapwing::pivoted_qr(lapwing::Matrix<T>(4, 2)).rank == 0);

    const std::vector<T> u{1, 0, -1, 0, 2}, v{2, 1, 0};
    const auto updated = lapwing::qr_update(lapwing::qr(a), u, v);
    auto sum = a;
    for (std::int64_t i = 0; i < 5; ++i)
        for (std::int64_t j = 0; j < 3; ++j)
            sum(i, j) += u[static_cast<std::size_t>(i)] * v[static_cast<std::size_t>(j)];
    CHECK(near<T>(times<T>(updated.q, updated.r), sum));

    const auto [lower, upper, permutation] = lapwing::lu(a);
    CHECK(near<T>(times<T>(lower, upper), lapwing::select_rows(a, permutation)));

    const auto schmidt = lapwing::gram_schmidt(a);
    CHECK(near<T>(times<T>(schmidt.q, schmidt.r), a) && schmidt.columns.size() == 3);
    const auto twice = matrix<T>(2, 2, {1, 2, 1, 2});
    CHECK(thrown([&] { lapwing::gram_schmidt(twice); }) == LAPWING_ERR_RANK_DEFICIENT);
    const auto kept = lapwing::gram_schmidt(twice, lapwing::GramSchmidtMethod::modified, lapwing::DependentColumns::skip);
    CHECK(kept.columns == std::vector<std::int64_t>{0} && kept.q.cols() == 1 && near<T>(times<T>(kept.q, kept.r), twice));
}

template <class T>
static void symmetric_matrices() {
    const auto a = symmetric<T>(4);
    const auto [lower, d, permutation] = lapwing::ldlt(a, lapwing::Triangle::upper);
    CHECK(near<T>(times<T>(times<T>(lower, d), lower.transposed()), reordered(a, permutation)));

    const auto gram = lapwing::gram(waves<T>(2, 4));
    const auto semidefinite = lapwing::pivoted_cholesky(gram);
    CHECK(semidefinite.rank == 2);
    CHECK(near<T>(times<T>(semidefinite.factor, semidefinite.factor.transposed()),
                  reordered(gram, semidefinite.permutation)));

    const auto modified = lapwing::modified_cholesky(a, lapwing::Triangle::lower, lapwing::DefiniteShift::shift);
    auto shifted = a;
    for (std::int64_t i = 0; i < 4; ++i) shifted(i, i) += modified.perturbation[static_cast<std::size_t>(i)];
    CHECK(near<T>(times<T>(modified.factor, modified.factor.transposed()), reordered(shifted, modified.permutation)));

    const std::vector<T> v{1, 2};
    const auto factor = lapwing::cholesky_update(diagonal<T>({2, 3}), v);
    CHECK(near<T>(times<T>(factor, factor.transposed()), matrix<T>(2, 2, {5, 2, 2, 13})));
    CHECK(near<T>(lapwing::cholesky_downdate(factor, v), diagonal<T>({2, 3})));
    CHECK(thrown([&] { lapwing::cholesky_downdate(identity<T>(2), v); }) == LAPWING_ERR_NOT_POSITIVE_DEFINITE);
}

template <class T>
static void eigenproblems() {
    const auto a = waves<T>(4, 4);
    const auto pairs = lapwing::eig(a);
    lapwing::Matrix<std::complex<T>> scaled(4, 4);
    for (std::int64_t i = 0; i < 4; ++i)
        for (std::int64_t j = 0; j < 4; ++j) scaled(i, j) = pairs.right(i, j) * pairs.w[static_cast<std::size_t>(j)];
    CHECK(product_is(complex(a), pairs.right, scaled));
    const auto alone = lapwing::eigenvalues(a);
    for (std::size_t i = 0; i < 4; ++i) CHECK(std::abs(alone[i] - pairs.w[i]) < 2000 * std::numeric_limits<T>::epsilon());
    const auto conditions = lapwing::eig_conditions(diagonal<T>({1, 2}));
    CHECK(close(conditions.values[0], 1) && close(conditions.all_vectors, 1) && conditions.w.size() == 2);
    const auto turn = lapwing::eigenvalues(matrix<T>(2, 2, {0, -1, 1, 0}));
    CHECK(turn[0].imag() == 1 && turn[1].imag() == -1);

    const auto spectrum = diagonal<T>({4, 1, 3, 2});
    CHECK(near<T>(lapwing::eigh_index(spectrum, 2, 2).w, std::vector<T>{3, 4}));
    const auto interval = lapwing::eigh_interval(spectrum, 1, 3);
    CHECK(near<T>(interval.w, std::vector<T>{2, 3}) && interval.v.cols() == 2);
    CHECK(near<T>(lapwing::generalized_eigh(spectrum, diagonal<T>({2, 2, 2, 2})).w, std::vector<T>{0.5, 1, 1.5, 2}));
    const auto pencil = lapwing::generalized_eig(diagonal<T>({2, 6}), diagonal<T>({1, 2}));
    CHECK(close(pencil.alpha[0].real() / pencil.beta[0] + pencil.alpha[1].real() / pencil.beta[1], 5));
    CHECK(pencil.right.cols() == 2 && pencil.left.rows() == 2);

    const auto schur = lapwing::schur(a, lapwing::SpectralRegion::left_half_plane);
    CHECK(near<T>(times<T>(times<T>(schur.q, schur.t), schur.q.transposed()), a));
    std::int64_t left = 0;
    for (const auto &w : pairs.w) left += w.real() < 0;
    CHECK(schur.leading == left && (left == 0 || schur.w[0].real() < 0));
    const auto condition = lapwing::schur_condition(diagonal<T>({-1, 1}), lapwing::SpectralRegion::left_half_plane);
    CHECK(close(condition.mean, 1) && close(condition.separation, 2));
    const auto unitary = lapwing::complex_schur(a);
    CHECK(product_is(complex(a), unitary.q, [&] {
        lapwing::Matrix<std::complex<T>> product(4, 4);
        for (std::int64_t i = 0; i < 4; ++i)
            for (std::int64_t j = 0; j < 4; ++j)
                for (std::int64_t k = 0; k < 4; ++k) product(i, j) += unitary.q(i, k) * unitary.t(k, j);
        return product;
    }()));
    const auto generalized = lapwing::generalized_schur(a, spectrum);
    CHECK(near<T>(times<T>(times<T>(generalized.q, generalized.s), generalized.z.transposed()), a));
    CHECK(near<T>(times<T>(times<T>(generalized.q, generalized.t), generalized.z.transposed()), spectrum));
    CHECK(generalized.alpha.size() == 4 && generalized.beta.size() == 4);
    const auto hessenberg = lapwing::hessenberg(a);
    CHECK(near<T>(times<T>(times<T>(hessenberg.q, hessenberg.h), hessenberg.q.transposed()), a) && hessenberg.h(3, 0) == 0);
}

template <class T>
static void workspaces() {
    lapwing::SvdWorkspace<T> first;
    lapwing::EighWorkspace<T> symmetric;
    for (const std::int64_t size : {3, 7, 2}) {
        const auto a = waves<T>(size + 2, size), gram = times<T>(a.transposed(), a);
        const auto kept = first.svd(a), anew = lapwing::svd(a);
        CHECK(kept.s == anew.s && std::equal(kept.u.data(), kept.u.data() + (size + 2) * size, anew.u.data()));
        CHECK(first.singular_values(a) == lapwing::singular_values(a));
        CHECK(symmetric.eigh(gram).w == lapwing::eigh(gram).w);
    }
    // Memory of results is taken again when it fits, and what is in it stays when a call fails.
    lapwing::Svd<T> svd;
    lapwing::Eigh<T> eigh;
    const T *memory = nullptr;
    for (const std::int64_t rows : {3, 6, 6}) {
        const auto a = waves<T>(rows, 4), gram = times<T>(a.transposed(), a);
        memory = svd.u.data();
        first.svd(a, svd);
        symmetric.eigh(gram, eigh, lapwing::Triangle::upper);
        CHECK(svd.s == lapwing::svd(a).s && eigh.w == lapwing::eigh(gram, lapwing::Triangle::upper).w);
    }
    CHECK(svd.u.data() == memory);
    auto broken = waves<T>(6, 4);
    broken(5, 3) = std::numeric_limits<T>::infinity();
    const auto before = svd.s;
    CHECK(thrown([&] { first.svd(broken, svd); }) == LAPWING_ERR_NON_FINITE && svd.s == before);
    CHECK(thrown([&] { symmetric.eigh(broken, eigh); }) == LAPWING_ERR_SHAPE && eigh.w.size() == 4);
    lapwing::SvdWorkspace<T> second = std::move(first);
    CHECK(second.singular_values(diagonal<T>({2, 1})).front() == 2);
}

template <class T>
static void all() {
    workspaces<T>();
    singular_values<T>();
    triangles<T>();
    symmetric_matrices<T>();
    eigenproblems<T>();
}

int main() {
    all<double>();
    all<float>();
    return failures != 0;
}
