// lapwing_linear_models.hpp: fits, results, ownership and exceptions.

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

static_assert(!std::is_copy_constructible_v<lapwing::LinearModel<double>>);
static_assert(!std::is_copy_assignable_v<lapwing::LinearModel<float>>);
static_assert(std::is_nothrow_move_constructible_v<lapwing::LinearModel<float>>);
static_assert(std::is_nothrow_move_assignable_v<lapwing::LinearModel<double>>);

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

// y = 3 + a + 2 b, for features that are orthogonal around their means 5 and 3, with 20 and 4 as sums of squares: a penalty
// alpha shrinks each slope by s / (s + alpha), and the lasso draws s times the slope towards zero by n alpha.
template <class T>
static void linear_models() {
    using Model = lapwing::LinearModel<T>;
    // Coefficients below 3 and data below 16, in a few dozen operations.
    const double bound = 1000 * static_cast<double>(std::numeric_limits<T>::epsilon());
    const auto near = [&](T found, double exact) { return std::fabs(static_cast<double>(found) - exact) <= bound; };
    const std::vector<T> features{2, 2, 4, 4, 6, 4, 8, 2}, targets{9, 15, 17, 15}, ones{1, 1, 1, 1};
    const lapwing::ConstMatrixView<T> x(features, 4, 2), y(targets, 4, 1);
    const std::vector<std::int32_t> columns{0, 1, 0, 1, 0, 1, 0, 1}, row_starts{0, 2, 4, 6, 8};
    const lapwing::ConstSparseView<T> rows(features, columns, row_starts, 2);
    const lapwing::ConstVectorView<T> weights{ones.data(), 4, 1};

    auto model = Model::linear_regression(x, y);
    CHECK(near(model.coefficients()(0, 0), 1) && near(model.coefficients()(0, 1), 2) && near(model.intercept()[0], 3));
    CHECK(model.n_features() == 2 && model.n_targets() == 1 && model.rank() == 2);
    CHECK(model.estimator() == lapwing::Estimator::linear_regression);
    CHECK(model.linear_regression_solver() == lapwing::LinearRegressionSolver::qr);
    CHECK(near(model.predict(x)(2, 0), 17) && near(model.predict(rows)(2, 0), 17));
    CHECK(std::fabs(model.score(x, y) - 1) <= bound && std::fabs(model.score(x, y, weights) - 1) <= bound);
    CHECK(thrown([&] { (void)model.ridge_solver(); }, "no ridge regression") == LAPWING_ERR_ARGUMENT);
    CHECK(thrown([&] { (void)model.alpha(); }, "a linear regression") == LAPWING_ERR_ARGUMENT);
    CHECK(near(Model::linear_regression(rows, y, {}, weights).coefficients()(0, 1), 2));
    lapwing::LinearRegressionOptions by_svd;
    by_svd.solver = lapwing::LinearRegressionSolver::svd;
    model = Model::linear_regression(x, y, by_svd, weights);
    CHECK(near(static_cast<T>(model.singular_values()[0]), std::sqrt(20.0)));

    lapwing::RidgeOptions ridge;
    ridge.alpha = 4;
    model = Model::ridge(x, y, ridge, weights);
    CHECK(near(model.coefficients()(0, 0), 20.0 / 24) && near(model.coefficients()(0, 1), 1));
    CHECK(model.ridge_solver() == lapwing::RidgeSolver::cholesky);
    ridge.alpha = 0;
    CHECK(near(Model::ridge(x, y, ridge).coefficients()(0, 1), 2));
    ridge.penalties = {4};
    ridge.tolerance = 10 * std::numeric_limits<T>::epsilon();
    model = Model::ridge(rows, y, ridge);
    CHECK(near(model.coefficients()(0, 1), 1) && model.iterations() >= 1);
    ridge.alpha = -1, ridge.penalties.clear();
    CHECK(thrown([&] { Model::ridge(x, y, ridge); }, "alpha is -1") == LAPWING_ERR_ARGUMENT);

    lapwing::LassoOptions lasso;
    lasso.alpha = 0.5, lasso.tolerance = 1e-6;
    model = Model::lasso(x, y, lasso);
    // A gap g lets a coefficient be off by the root of 2 n g / s: g is the tolerance times the variance of y, 9.
    CHECK(std::fabs(static_cast<double>(model.coefficients()(0, 0)) - 18.0 / 20) <= 0.01);
    CHECK(std::fabs(static_cast<double>(model.coefficients()(0, 1)) - 6.0 / 4) <= 0.01);
    CHECK(model.alpha() == 0.5 && model.l1_ratio() == 1 && model.dual_gap() <= 9e-6);
    lapwing::ElasticNetOptions net;
    net.l1_ratio = 0, net.alpha = 1, net.tolerance = 1e-6;
    model = Model::elastic_net(rows, y, net);
    CHECK(model.l1_ratio() == 0 && std::fabs(static_cast<double>(model.coefficients()(0, 1)) - 1) <= 0.01);

    lapwing::ElasticNetCvOptions options;
    options.folds = 4, options.alphas = {0.001, 100}, options.l1_ratios = {0.5, 1};
    model = Model::elastic_net_cv(x, y, options);
    CHECK(model.alpha() == 0.001 && model.cv_alphas()(1, 0) == 100 && model.cv_l1_ratios()[1] == 1);
    CHECK(model.cv_errors(1).rows == 2 && model.cv_errors().cols == 4 && model.cv_unconverged() == 0);
    CHECK(thrown([&] { (void)model.cv_errors(2); }, "ratio is 2") == LAPWING_ERR_ARGUMENT);
    options.folds = 0;
    CHECK(thrown([&] { Model::lasso_cv(x, y, options); }, "1") == LAPWING_ERR_ARGUMENT);

    model = Model::bayesian_ridge(x, y, {}, weights);
    CHECK(model.estimator() == lapwing::Estimator::bayesian_ridge && model.converged() && model.lambda() > 0);
    CHECK(model.sigma().rows == 2 && model.scores().rows == model.iterations() + 1 && model.alpha() > 0);
    const auto [means, deviations] = model.predict_with_deviation(x);
    CHECK(means.size() == 4 && means[1] == model.predict(x)(1, 0) && deviations[1] > 0);
    lapwing::TruncatedSvdRegressionOptions truncated;
    truncated.rank = 1;
    model = Model::truncated_svd_regression(x, y, truncated);
    CHECK(model.rank() == 1 && near(model.coefficients()(0, 0), 1) && near(model.coefficients()(0, 1), 0));
    model = Model::total_least_squares(x, y);
    CHECK(near(model.coefficients()(0, 1), 2) && std::fabs(model.correction_norm()) <= bound);
    CHECK(thrown([&] { (void)model.sigma(); }, "total least squares") == LAPWING_ERR_ARGUMENT);
    lapwing::TikhonovOptions tikhonov;
    tikhonov.alpha = 4;
    const std::vector<T> second{0, 1};
    model = Model::tikhonov(x, y, {second, 1, 2}, tikhonov);
    CHECK(near(model.coefficients()(0, 0), 1) && near(model.coefficients()(0, 1), 1));
    lapwing::RidgeCvOptions grid;
    grid.alphas = {4, 400};
    model = Model::ridge_cv(x, y, grid, weights);
    CHECK(model.alpha() == 4 && model.scores().rows == 2 && model.best_score() == model.scores()(0, 0));
    grid.leave_out = lapwing::LeaveOut::folds, grid.folds = 2, grid.scoring = lapwing::RidgeScoring::mean_squared_error;
    CHECK(Model::ridge_cv(x, y, grid).cv_alphas()(0, 1) == 400);
    grid.choice = lapwing::PenaltyChoice::per_target;
    CHECK(thrown([&] { Model::ridge_cv(x, y, grid); }, "target") == LAPWING_ERR_ARGUMENT);

    model = Model::elastic_net_cv(x, y, (options.folds = 4, options));
    const auto copy = Model::from_json(model.to_json());
    CHECK(copy.estimator() == lapwing::Estimator::elastic_net_cv);
    CHECK(copy.predict(x)(3, 0) == model.predict(x)(3, 0));
    CHECK(thrown([] { Model::from_json("{\"format\": \"lapwing.pca\"}"); }, "lapwing.pca") == LAPWING_ERR_ARGUMENT);
    CHECK(thrown([&] { Model::linear_regression(x, x.rows == 4 ? lapwing::ConstMatrixView<T>(targets, 2, 2) : y); }, "rows") ==
          LAPWING_ERR_SHAPE);
    const Model moved = std::move(model);
    CHECK(model.get() == nullptr && moved.n_targets() == 1);
}

// The line y = 0.5 + 9.9 x leaves squares of 10.7 of 990.8.
template <class T>
static void ols_summaries() {
    const std::vector<T> feature{1, 2, 3, 4, 5}, target{11, 19, 32, 38, 51}, ones{1, 1, 1, 1, 1};
    const lapwing::ConstMatrixView<T> x(feature, 5, 1), y(target, 5, 1);
    const auto summary = lapwing::ols_summary(x, y);
    CHECK(std::fabs(summary.statistics.r_squared - (1 - 10.7 / 990.8)) <= 1e-12 && summary.statistics.n_samples == 5);
    CHECK(summary.coefficients.size() == 2 && std::fabs(summary.coefficients[1] - 9.9) <= 1e-12);
    CHECK(summary.residuals.size() == 5 && std::fabs(summary.leverages[0] - 0.6) <= 1e-12);
    CHECK(summary.variance_inflation_factors.size() == 1 && summary.collinear.size() == 2);
    lapwing::OlsOptions options;
    options.intercept = lapwing::Intercept::zero, options.level = 0.5;
    const auto through = lapwing::ols_summary(x, y, options, lapwing::ConstVectorView<T>{ones.data(), 5, 1});
    CHECK(through.coefficients.size() == 1 && through.lower[0] < through.upper[0]);
    options.level = 1;
    CHECK(thrown([&] { lapwing::ols_summary(x, y, options); }, "level is 1") == LAPWING_ERR_ARGUMENT);
}

int main() {
    linear_models<double>();
    linear_models<float>();
    ols_summaries<double>();
    ols_summaries<float>();
    return failures != 0;
}
