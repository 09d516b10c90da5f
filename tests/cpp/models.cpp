// lapwing_models.hpp, and what lapwing.hpp knows of sparse data and stored models: ownership, results and exceptions.

#include <lapwing.hpp>

#include <cmath>
#include <cstdio>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

static int failures = 0;

#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            std::printf("%s:%d: %s\n", __FILE__, __LINE__, #condition);                                      \
            ++failures;                                                                                      \
        }                                                                                                    \
    } while (0)

static_assert(!std::is_copy_constructible_v<lapwing::KernelPca<double>>);
static_assert(!std::is_copy_assignable_v<lapwing::TruncatedSvd<float>>);
static_assert(std::is_nothrow_move_constructible_v<lapwing::KernelPca<float>>);
static_assert(std::is_nothrow_move_assignable_v<lapwing::TruncatedSvd<double>>);

// The status of the exception that the call throws, LAPWING_OK when it throws none.
template <class Call>
static lapwing_status thrown(Call call, const char *text) {
    try {
        call();
    } catch (const lapwing::error &failure) {
        CHECK(std::string(failure.what()).find(text) != std::string::npos);
        return failure.status();
    }
    return LAPWING_OK;
}

template <class T>
static bool same(const lapwing::Matrix<T> &a, const lapwing::Matrix<T> &b) {
    return a.rows() == b.rows() && a.cols() == b.cols() && std::equal(a.data(), a.data() + a.rows() * a.cols(), b.data());
}

// Two samples whose kernel values are a with themselves and b with one another have the one eigenvalue a - b; values below
// 10, and an eigenproblem of order 2.
template <class T>
static void kernel_pca() {
    const double bound = 10 * 60 * 2 * static_cast<double>(std::numeric_limits<T>::epsilon());
    const auto near = [&](T found, double exact) { return std::fabs(static_cast<double>(found) - exact) <= bound; };
    const std::vector<T> entries{1, -1};
    const lapwing::ConstMatrixView<T> x(entries, 2, 1);
    lapwing::KernelPcaOptions options;
    options.kernel = lapwing::Kernel::rbf;
    options.inverse_transform = lapwing::InverseTransform::fit;
    lapwing::KernelPca<T> model(x, options);
    CHECK(model.n_components() == 1 && model.n_features() == 1 && model.n_samples() == 2);
    CHECK(model.kernel() == lapwing::Kernel::rbf && model.gamma() == 1);
    CHECK(near(model.eigenvalues()[0], 1 - std::exp(-4.0)));
    CHECK(model.eigenvectors().rows == 2 && model.x_fit()(1, 0) == -1 && model.dual_coef().rows == 2);
    const auto scores = model.transform(x);
    CHECK(near(scores(0, 0) + scores(1, 0), 0) && model.inverse_transform(scores).rows() == 2);
    const auto again = lapwing::KernelPca<T>::from_json(model.to_json());
    CHECK(same(again.transform(x), scores));

    options.kernel = lapwing::Kernel::polynomial;
    options.coef0 = 0;
    CHECK(near(lapwing::KernelPca<T>(x, options).eigenvalues()[0], 2)); // (x y)^3
    options.coef0 = 1;
    options.degree = 2;
    CHECK(near(lapwing::KernelPca<T>(x, options).eigenvalues()[0], 4)); // (x y + 1)^2
    options = {};
    options.n_components = 2;
    CHECK(lapwing::KernelPca<T>(x, options).n_components() == 2);
    options.zero_eigenvalues = lapwing::ZeroEigenvalues::remove;
    const lapwing::KernelPca<T> linear(x, options);
    CHECK(linear.n_components() == 1 && near(linear.eigenvalues()[0], 2));
    CHECK(thrown([&] { linear.dual_coef(); }, "fit_inverse_transform") == LAPWING_ERR_DOES_NOT_EXIST);
    options.gamma = -1;
    options.kernel = lapwing::Kernel::sigmoid;
    CHECK(thrown([&] { lapwing::KernelPca<T> refused(x, options); }, "gamma is -1") == LAPWING_ERR_ARGUMENT);

    // Moving keeps the model, and leaves nothing that could be freed twice.
    const auto *kept = model.get();
    lapwing::KernelPca<T> moved(std::move(model));
    CHECK(moved.get() == kept && model.get() == nullptr);
    CHECK(thrown([&] { model.n_samples(); }, "model is NULL") == LAPWING_ERR_NULL);
    model = std::move(moved);
    CHECK(model.get() == kept && model.n_samples() == 2);
}

// Columns without a common row are singular vectors, and their lengths the singular values: 13, 5 and 1. Centred, those of
// the two-level design are at distances of 3, 2 and 1 from their means.
template <class T>
static void sparse() {
    const double bound = 13 * (60 * 5 + 100) * static_cast<double>(std::numeric_limits<T>::epsilon());
    const auto near = [&](T found, double exact) { return std::fabs(static_cast<double>(found) - exact) <= bound; };
    const std::vector<T> values{3, 4, 12, 5, 1};
    const std::vector<std::int32_t> columns{0, 0, 1, 1, 2}, row_starts{0, 1, 2, 3, 4, 5};
    const lapwing::ConstSparseView<T> x(values, columns, row_starts, 3);
    for (const auto algorithm : {lapwing::TruncatedSvdAlgorithm::randomized, lapwing::TruncatedSvdAlgorithm::lanczos}) {
        lapwing::TruncatedSvdOptions options;
        options.algorithm = algorithm;
        lapwing::TruncatedSvd<T> svd(x, options);
        CHECK(svd.algorithm() == algorithm && svd.n_components() == 2 && svd.n_features() == 3 && svd.n_samples() == 5);
        CHECK(near(svd.singular_values()[0], 13) && near(svd.singular_values()[1], 5));
        CHECK(near(svd.components()(0, 1), 1) && near(svd.components()(1, 0), 1));
        // (12, 5) and three zeros: the mean of the squares less the square of the mean.
        CHECK(std::fabs(svd.explained_variance()[0] - (169 / 5.0 - 17 * 17 / 25.0)) <= 26 * bound);
        CHECK(svd.explained_variance_ratio()[0] > 0.5 && svd.explained_variance_ratio()[0] < 1);
        const auto scores = svd.transform(x);
        CHECK(near(scores(2, 0), 12) && near(scores(1, 1), 4) && near(svd.inverse_transform(scores)(3, 1), 5));
        lapwing::Matrix<T> dense(5, 3);
        for (std::int64_t i = 0; i < 5; ++i) dense(i, columns[static_cast<std::size_t>(i)]) = values[static_cast<std::size_t>(i)];
        const auto from_dense = lapwing::TruncatedSvd<T>(dense, options);
        CHECK(near(from_dense.singular_values()[0], 13) && near(from_dense.transform(dense)(2, 0), 12));
        CHECK(same(lapwing::TruncatedSvd<T>::from_json(svd.to_json()).transform(x), scores));
        options.n_components = 4;
        CHECK(thrown([&] { lapwing::TruncatedSvd<T> refused(x, options); }, "n_components is 4") == LAPWING_ERR_ARGUMENT);
    }

    std::vector<T> levels;
    std::vector<std::int32_t> of_columns, starts{0};
    for (int row = 0; row < 8; ++row) {
        for (int j = 0; j < 3; ++j)
            if (row >> j & 1) levels.push_back(static_cast<T>(2 * (j + 1))), of_columns.push_back(j);
        starts.push_back(static_cast<std::int32_t>(levels.size()));
    }
    const lapwing::ConstSparseView<T> design(levels, of_columns, starts, 3);
    lapwing::PcaOptions options;
    options.power_iterations = 5;
    const lapwing::Pca<T> pca(design, options);
    CHECK(pca.solver() == lapwing::PcaSolver::randomized && pca.whitening() == lapwing::Whitening::none);
    for (std::int64_t k = 0; k < 3; ++k) {
        const double distance = static_cast<double>(3 - k);
        CHECK(near(pca.explained_variance()[k], 8 * distance * distance / 7) && near(pca.mean()[k], static_cast<double>(k + 1)));
    }
    CHECK(near(pca.transform(design)(7, 0), 3) && near(pca.transform(design)(0, 2), -1));
    const auto covariance = pca.covariance(), precision = pca.precision();
    CHECK(near(covariance(2, 2), 72 / 7.0) && near(covariance(0, 1), 0) && near(precision(0, 0), 7 / 8.0));
    // The density at the mean, and at a corner of the design, which lies at a squared distance of 3 * 7 / 8 from it.
    const std::vector<T> points{1, 2, 3, 0, 0, 0};
    const double pi = 3.141592653589793;
    const double top = -0.5 * (3 * std::log(2 * pi) + std::log(8 / 7.0) + std::log(32 / 7.0) + std::log(72 / 7.0));
    const auto likelihoods = pca.score_samples({points, 2, 3});
    CHECK(near(likelihoods[0], top) && near(likelihoods[1], top - 0.5 * 21 / 8));
    CHECK(near(pca.score({points, 2, 3}), top - 0.25 * 21 / 8));
    CHECK(same(lapwing::Pca<T>::from_json(pca.to_json()).transform(design), pca.transform(design)));
    CHECK(thrown([] { lapwing::Pca<T>::from_json("{}"); }, "text is not a model") == LAPWING_ERR_ARGUMENT);
}

template <class T>
static void blocks() {
    const std::vector<T> upper{1, 2, 3, 5}, lower{4, 0, 0, 1};
    lapwing::IncrementalPca<T> model;
    CHECK(model.n_features() == 0 && model.method() == lapwing::IncrementalMethod::automatic);
    CHECK(thrown([&] { model.mean(); }, "add a row first") == LAPWING_ERR_DOES_NOT_EXIST);
    model.partial_fit({upper, 2, 2});
    auto resumed = lapwing::IncrementalPca<T>::from_json(model.to_json());
    resumed.partial_fit({lower, 2, 2});
    CHECK(resumed.n_samples() == 4 && resumed.n_features() == 2 && resumed.method() == lapwing::IncrementalMethod::exact);
    CHECK((resumed.mean() == std::vector<T>{2, 2}));
    CHECK(model.n_samples() == 2);
}

template <class T>
static void choices() {
    std::vector<T> curve(100);
    for (int i = 0; i < 100; ++i) curve[static_cast<std::size_t>(i)] = T(1) / static_cast<T>(i + 1);
    CHECK(lapwing::elbow(lapwing::ConstVectorView<T>{curve.data(), 100, 1}) == 9);
    CHECK(thrown([&] { lapwing::elbow(lapwing::ConstVectorView<T>{curve.data() + 99, 100, -1}); }, "increasing") ==
          LAPWING_ERR_ARGUMENT);

    // One direction of variance 4^2 and more beside noise that is a hundredth of it.
    lapwing::Matrix<T> x(40, 4);
    for (std::int64_t i = 0; i < 40; ++i)
        for (std::int64_t j = 0; j < 4; ++j)
            x(i, j) = static_cast<T>(4 * std::sin(static_cast<double>(i * i)) + 0.4 * std::sin(static_cast<double>(i * (i + j) + 7 * j)));
    const auto analysis = lapwing::parallel_analysis(x);
    CHECK(analysis.n_components == 1 && analysis.observed.size() == 4 && analysis.thresholds.size() == 4);
    CHECK(analysis.observed[0] > analysis.thresholds[0] && analysis.observed[1] <= analysis.thresholds[1]);
    const auto validation = lapwing::likelihood_validation(x, {0, 1});
    CHECK(validation.n_components == 1 && validation.mean_scores[1] > validation.mean_scores[0]);
    CHECK(validation.scores.rows() == 2 && validation.scores.cols() == 5);
    lapwing::LikelihoodValidationOptions options;
    for (const std::int64_t folds : {std::int64_t{-3}, std::int64_t{0}, std::int64_t{1}, std::int64_t{41}, INT64_MAX}) {
        options.folds = folds;
        CHECK(thrown([&] { lapwing::likelihood_validation(x, {1}, options); }, "folds is") == LAPWING_ERR_ARGUMENT);
    }
    lapwing::ParallelAnalysisOptions doubtful;
    doubtful.quantile = 2;
    CHECK(thrown([&] { lapwing::parallel_analysis(x, doubtful); }, "quantile is 2") == LAPWING_ERR_ARGUMENT);
}

int main() {
    kernel_pca<double>();
    kernel_pca<float>();
    sparse<double>();
    sparse<float>();
    blocks<double>();
    blocks<float>();
    choices<double>();
    choices<float>();
    return failures != 0;
}
