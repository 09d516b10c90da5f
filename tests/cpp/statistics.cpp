// lapwing_statistics.hpp: ownership, results and exceptions.

#include <lapwing_statistics.hpp>

#include <cmath>
#include <cstdio>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

static int failures = 0;

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            std::printf("%s:%d: %s\n", __FILE__, __LINE__, #condition);                                                \
            ++failures;                                                                                                \
        }                                                                                                              \
    } while (0)

static_assert(!std::is_copy_constructible_v<lapwing::Covariance<double>>);
static_assert(!std::is_copy_assignable_v<lapwing::Mahalanobis<float>>);
static_assert(!std::is_copy_constructible_v<lapwing::StandardScaler>);
static_assert(std::is_nothrow_move_constructible_v<lapwing::MultivariateNormal<float>>);
static_assert(std::is_nothrow_move_assignable_v<lapwing::Discriminant<double>>);

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

// The corners of a rectangle: mean (1, 2), covariance diag(1, 4).
template <class T>
struct Corners {
    std::vector<T> entries{0, 0, 2, 0, 0, 4, 2, 4};
    lapwing::ConstMatrixView<T> view{entries, 4, 2};

    // No answer takes more than some 50 roundings of numbers up to 10.
    static bool near(double found, double exact) {
        return std::fabs(found - exact) <= 500 * static_cast<double>(std::numeric_limits<T>::epsilon());
    }
};

template <class T>
static void covariances() {
    const Corners<T> x;
    const auto near = Corners<T>::near;
    auto model = lapwing::empirical_covariance(x.view);
    CHECK(model.estimator() == lapwing::CovarianceEstimator::empirical && model.n_samples() == 4 && model.rank() == 2);
    CHECK(model.location()[1] == 2 && near(model.covariance()(1, 1), 4) && near(model.precision()(1, 1), 0.25));
    CHECK(near(model.mahalanobis().squared_distances(x.view)[3], 2));
    CHECK(near(model.error_norm(lapwing::Matrix<T>(2, 2)), 8.5)); // (1 + 16) / 2
    CHECK(model.correlation()(0, 0) == 1 && near(lapwing::correlation(x.view)(0, 1), 0));
    CHECK(thrown([&] { model.shrinkage(); }, "which has no shrinkage") == LAPWING_ERR_ARGUMENT);
    CHECK(thrown([&] { model.support(); }, "which has no support") == LAPWING_ERR_ARGUMENT);
    lapwing::CovarianceOptions options;
    options.shrinkage = 0;
    const auto shrunk = lapwing::shrunk_covariance(x.view, options);
    CHECK(shrunk.shrinkage() == 0 && near(shrunk.covariance()(0, 0), 1));
    CHECK(lapwing::shrunk_covariance(x.view).shrinkage() == 0.1);
    CHECK(lapwing::ledoit_wolf(x.view).shrinkage() >= 0 && lapwing::oas(x.view).shrinkage() <= 1);
    CHECK(lapwing::min_cov_det(x.view).support().size() == 4);
    CHECK(lapwing::min_cov_det(x.view).support_dimension() == 2);
    CHECK(lapwing::Covariance<T>::from_json(model.to_json()).covariance()(1, 1) == model.covariance()(1, 1));
    CHECK(thrown([] { lapwing::Covariance<T>::from_json("{}"); }, "text is not a model") == LAPWING_ERR_ARGUMENT);

    lapwing::RunningCovariance<T> running, rest;
    CHECK(running.n_features() == 0);
    running.partial_fit({x.entries.data(), 1, 2});
    rest.partial_fit({x.entries.data() + 2, 3, 2});
    running.merge(lapwing::RunningCovariance<T>::from_json(rest.to_json()));
    CHECK(running.n_samples() == 4 && near(running.empirical().covariance()(1, 1), 4));
    CHECK(thrown([&] { running.merge(running); }, "the model itself") == LAPWING_ERR_ALIAS);

    // Moving keeps the model, and leaves nothing that could be freed twice.
    const auto *kept = model.get();
    lapwing::Covariance<T> moved(std::move(model));
    CHECK(moved.get() == kept && model.get() == nullptr);
    CHECK(thrown([&] { model.n_samples(); }, "model is NULL") == LAPWING_ERR_NULL);
}

template <class T>
static void gaussians() {
    const Corners<T> x;
    const auto near = Corners<T>::near;
    const std::vector<T> mean{1, 2}, diagonal{1, 0, 0, 4}, twice{1, 1, 1, 1};
    const lapwing::ConstVectorView<T> centre{mean.data(), 2, 1};
    const lapwing::MultivariateNormal<T> normal(centre, {diagonal, 2, 2});
    CHECK(near(normal.log_density(x.view)[0], -std::log(2 * 3.141592653589793) - std::log(2.0) - 1));
    CHECK(near(normal.kl_divergence(normal), 0) && near(normal.bhattacharyya(normal), 0));
    CHECK(normal.sample(3, 1).rows() == 3 && normal.sample(3, 1)(2, 1) == normal.sample(3, 1)(2, 1));
    CHECK(normal.marginal({1}).mean()[0] == 2 && normal.conditional({0}, {5}).covariance()(0, 0) == 4);
    CHECK(normal.mahalanobis().outliers(x.view, 0.5).indices.size() == 4);
    CHECK(normal.mahalanobis().outliers(x.view).indices.empty());
    const lapwing::Mahalanobis<T> metric(centre, {twice, 2, 2}, lapwing::SingularCovariance::pseudo_inverse);
    CHECK(metric.rank() == 1 && near(metric.distances_between(x.view, x.view)(0, 0), 0));
    CHECK(near(metric.p_values({0})[0], 1));
    CHECK(near(metric.off_support(x.view)[1], 3 / std::sqrt(2.0)) && near(metric.reciprocal_condition(), 1));
    CHECK(thrown([&] { lapwing::Mahalanobis<T> refused(centre, {twice, 2, 2}); }, "feature 1") == LAPWING_ERR_SINGULAR);
}

template <class T>
static void discriminants() {
    const std::vector<T> crosses{1, 0, -1, 0, 0, 1, 0, -1, 5, 0, 3, 0, 4, 1, 4, -1};
    const std::vector<std::int64_t> labels{9, 9, 9, 9, -2, -2, -2, -2};
    const lapwing::ConstMatrixView<T> x(crosses, 8, 2);
    const auto linear = lapwing::Discriminant<T>::linear(x, labels);
    CHECK(!linear.is_quadratic() && (linear.classes() == std::vector<std::int64_t>{-2, 9}) &&
          linear.n_components() == 1);
    CHECK(linear.predict(x) == labels && linear.score(x, labels) == 1 && linear.transform(x).cols() == 1);
    CHECK(Corners<T>::near(linear.overall_mean()[0], 2) && Corners<T>::near(linear.explained_variance_ratio()[0], 1));
    CHECK(linear.scalings().rows() == 2 && linear.scalings().cols() == 1);
    CHECK(Corners<T>::near(std::exp(linear.predict_log_probabilities(x)(0, 1)), linear.predict_probabilities(x)(0, 1)));
    CHECK(thrown([&] { linear.covariance(); }, "") == LAPWING_ERR_DOES_NOT_EXIST);
    lapwing::DiscriminantOptions options;
    options.solver = lapwing::DiscriminantSolver::eigen;
    CHECK(Corners<T>::near(lapwing::Discriminant<T>::linear(x, labels, options).covariance()(0, 0), 0.5));
    options.priors = {0.25, 0.75};
    const auto quadratic = lapwing::Discriminant<T>::quadratic(x, labels, options);
    CHECK(quadratic.is_quadratic() && quadratic.priors()[1] == 0.75 && quadratic.predict(x) == labels);
    CHECK(Corners<T>::near(quadratic.class_covariance(0)(1, 1), 0.5));
    CHECK(lapwing::Discriminant<T>::from_json(quadratic.to_json()).predict(x) == labels);
    CHECK(thrown([&] { quadratic.transform(x); }, "fit a linear one") == LAPWING_ERR_ARGUMENT);
    CHECK(thrown([&] { lapwing::Discriminant<T>::linear(x, {1, 2}); }, "labels has 2 entries") == LAPWING_ERR_SHAPE);
}

template <class T>
static void transforms() {
    const Corners<T> x;
    const lapwing::StandardScaler scaler(x.view);
    CHECK(scaler.mean()[1] == 2 && scaler.scale()[1] == 2 && scaler.transform(x.view)(0, 1) == -1);
    CHECK(scaler.inverse_transform(scaler.transform(x.view))(3, 1) == 4);
    CHECK(scaler.merged(lapwing::StandardScaler::from_json(scaler.to_json())).n_samples_seen() == 8);
    const lapwing::PolynomialFeatures polynomial(2, 2, lapwing::Terms::interactions, lapwing::Bias::excluded);
    CHECK(polynomial.n_output_features() == 3 && polynomial.transform(x.view)(3, 2) == 8);
    CHECK((polynomial.powers() == std::vector<std::int64_t>{1, 0, 0, 1, 1, 1}));
    const lapwing::WhiteningTransform<T> whitening(x.view, lapwing::WhiteningMethod::cholesky);
    const auto z = whitening.transform(x.view);
    CHECK(Corners<T>::near(whitening.inverse_transform(z)(3, 1), 4) && Corners<T>::near(z(0, 0), -std::sqrt(0.75)));
    CHECK(whitening.method() == lapwing::WhiteningMethod::cholesky && whitening.n_samples() == 4);
    CHECK(whitening.mean()[1] == 2 && Corners<T>::near(whitening.inverse_matrix()(0, 0) * whitening.matrix()(0, 0), 1));
    const std::vector<T> observed{1, 2, 3, 6}, predicted{1, 3, 2, 6};
    const lapwing::ConstMatrixView<T> y(observed, 4, 1), guess(predicted, 4, 1);
    CHECK(lapwing::mean_squared_error(y, guess) == 0.5 && lapwing::mean_absolute_error(y, guess, {0, 1, 0, 0}) == 1);
    CHECK(std::fabs(lapwing::r2_score(y, guess) - (1 - 0.5 / 3.5)) < 1e-15);
    CHECK(lapwing::explained_variance_score(y, guess) == lapwing::r2_score(y, guess));
    CHECK(std::fabs(lapwing::root_mean_squared_error(y, guess) - std::sqrt(0.5)) < 1e-15);
}

int main() {
    covariances<double>();
    covariances<float>();
    gaussians<double>();
    gaussians<float>();
    discriminants<double>();
    discriminants<float>();
    transforms<double>();
    transforms<float>();
    CHECK((lapwing::k_fold(5, 2) == std::vector<std::int64_t>{0, 0, 0, 1, 1}));
    CHECK(thrown([] { lapwing::k_fold(2, 3); }, "samples") == LAPWING_ERR_SHAPE);
    return failures != 0;
}
