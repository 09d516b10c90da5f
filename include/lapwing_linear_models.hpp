/* The part of lapwing.hpp that has linear models. Included by it.
 *
 *   lapwing::RidgeOptions options;
 *   options.alpha = 0.1;
 *   const auto model = lapwing::LinearModel<double>::ridge(x, y, options);
 *   lapwing::Matrix<double> predictions = model.predict(x);
 */
/* Before the guard: whichever header comes first, lapwing.hpp includes the parts in their order. */
#include "lapwing.hpp"

#ifndef LAPWING_LINEAR_MODELS_HPP
#define LAPWING_LINEAR_MODELS_HPP

#include "lapwing_linear_model_options.hpp"

#include <memory>
#include <utility>

namespace lapwing {

namespace detail {

/** The C functions of one precision that this file calls. */
template <class T>
struct linear_models_api;

template <>
struct linear_models_api<double> {
    using model = lapwing_linear_model_f64;
    static constexpr auto linear_regression_fit = lapwing_linear_regression_fit_f64;
    static constexpr auto linear_regression_fit_csr = lapwing_linear_regression_fit_csr_f64;
    static constexpr auto ols_summarize = lapwing_ols_summarize_f64;
    static constexpr auto ridge_fit = lapwing_ridge_fit_f64;
    static constexpr auto ridge_fit_csr = lapwing_ridge_fit_csr_f64;
    static constexpr auto lasso_fit = lapwing_lasso_fit_f64;
    static constexpr auto lasso_fit_csr = lapwing_lasso_fit_csr_f64;
    static constexpr auto elastic_net_fit = lapwing_elastic_net_fit_f64;
    static constexpr auto elastic_net_fit_csr = lapwing_elastic_net_fit_csr_f64;
    static constexpr auto lasso_cv_fit = lapwing_lasso_cv_fit_f64;
    static constexpr auto lasso_cv_fit_csr = lapwing_lasso_cv_fit_csr_f64;
    static constexpr auto elastic_net_cv_fit = lapwing_elastic_net_cv_fit_f64;
    static constexpr auto elastic_net_cv_fit_csr = lapwing_elastic_net_cv_fit_csr_f64;
    static constexpr auto ridge_cv_fit = lapwing_ridge_cv_fit_f64;
    static constexpr auto bayesian_ridge_fit = lapwing_bayesian_ridge_fit_f64;
    static constexpr auto truncated_svd_regression_fit = lapwing_truncated_svd_regression_fit_f64;
    static constexpr auto total_least_squares_fit = lapwing_total_least_squares_fit_f64;
    static constexpr auto tikhonov_fit = lapwing_tikhonov_fit_f64;
    static constexpr auto coefficients = lapwing_linear_model_coefficients_f64;
    static constexpr auto intercept = lapwing_linear_model_intercept_f64;
    static constexpr auto n_features = lapwing_linear_model_n_features_f64;
    static constexpr auto n_targets = lapwing_linear_model_n_targets_f64;
    static constexpr auto estimator = lapwing_linear_model_estimator_f64;
    static constexpr auto solver = lapwing_linear_model_solver_f64;
    static constexpr auto rank = lapwing_linear_model_rank_f64;
    static constexpr auto singular_values = lapwing_linear_model_singular_values_f64;
    static constexpr auto iterations = lapwing_linear_model_iterations_f64;
    static constexpr auto dual_gap = lapwing_linear_model_dual_gap_f64;
    static constexpr auto alpha = lapwing_linear_model_alpha_f64;
    static constexpr auto l1_ratio = lapwing_linear_model_l1_ratio_f64;
    static constexpr auto cv_l1_ratios = lapwing_linear_model_cv_l1_ratios_f64;
    static constexpr auto cv_alphas = lapwing_linear_model_cv_alphas_f64;
    static constexpr auto cv_errors = lapwing_linear_model_cv_errors_f64;
    static constexpr auto cv_unconverged = lapwing_linear_model_cv_unconverged_f64;
    static constexpr auto best_score = lapwing_linear_model_best_score_f64;
    static constexpr auto scores = lapwing_linear_model_scores_f64;
    static constexpr auto lambda = lapwing_linear_model_lambda_f64;
    static constexpr auto sigma = lapwing_linear_model_sigma_f64;
    static constexpr auto converged = lapwing_linear_model_converged_f64;
    static constexpr auto correction_norm = lapwing_linear_model_correction_norm_f64;
    static constexpr auto predict_with_deviation = lapwing_linear_model_predict_with_deviation_f64;
    static constexpr auto predict = lapwing_linear_model_predict_f64;
    static constexpr auto predict_csr = lapwing_linear_model_predict_csr_f64;
    static constexpr auto score = lapwing_linear_model_score_f64;
    static constexpr auto to_json = lapwing_linear_model_to_json_f64;
    static constexpr auto from_json = lapwing_linear_model_from_json_f64;
    static constexpr auto free = lapwing_linear_model_free_f64;
};

template <>
struct linear_models_api<float> {
    using model = lapwing_linear_model_f32;
    static constexpr auto linear_regression_fit = lapwing_linear_regression_fit_f32;
    static constexpr auto linear_regression_fit_csr = lapwing_linear_regression_fit_csr_f32;
    static constexpr auto ols_summarize = lapwing_ols_summarize_f32;
    static constexpr auto ridge_fit = lapwing_ridge_fit_f32;
    static constexpr auto ridge_fit_csr = lapwing_ridge_fit_csr_f32;
    static constexpr auto lasso_fit = lapwing_lasso_fit_f32;
    static constexpr auto lasso_fit_csr = lapwing_lasso_fit_csr_f32;
    static constexpr auto elastic_net_fit = lapwing_elastic_net_fit_f32;
    static constexpr auto elastic_net_fit_csr = lapwing_elastic_net_fit_csr_f32;
    static constexpr auto lasso_cv_fit = lapwing_lasso_cv_fit_f32;
    static constexpr auto lasso_cv_fit_csr = lapwing_lasso_cv_fit_csr_f32;
    static constexpr auto elastic_net_cv_fit = lapwing_elastic_net_cv_fit_f32;
    static constexpr auto elastic_net_cv_fit_csr = lapwing_elastic_net_cv_fit_csr_f32;
    static constexpr auto ridge_cv_fit = lapwing_ridge_cv_fit_f32;
    static constexpr auto bayesian_ridge_fit = lapwing_bayesian_ridge_fit_f32;
    static constexpr auto truncated_svd_regression_fit = lapwing_truncated_svd_regression_fit_f32;
    static constexpr auto total_least_squares_fit = lapwing_total_least_squares_fit_f32;
    static constexpr auto tikhonov_fit = lapwing_tikhonov_fit_f32;
    static constexpr auto coefficients = lapwing_linear_model_coefficients_f32;
    static constexpr auto intercept = lapwing_linear_model_intercept_f32;
    static constexpr auto n_features = lapwing_linear_model_n_features_f32;
    static constexpr auto n_targets = lapwing_linear_model_n_targets_f32;
    static constexpr auto estimator = lapwing_linear_model_estimator_f32;
    static constexpr auto solver = lapwing_linear_model_solver_f32;
    static constexpr auto rank = lapwing_linear_model_rank_f32;
    static constexpr auto singular_values = lapwing_linear_model_singular_values_f32;
    static constexpr auto iterations = lapwing_linear_model_iterations_f32;
    static constexpr auto dual_gap = lapwing_linear_model_dual_gap_f32;
    static constexpr auto alpha = lapwing_linear_model_alpha_f32;
    static constexpr auto l1_ratio = lapwing_linear_model_l1_ratio_f32;
    static constexpr auto cv_l1_ratios = lapwing_linear_model_cv_l1_ratios_f32;
    static constexpr auto cv_alphas = lapwing_linear_model_cv_alphas_f32;
    static constexpr auto cv_errors = lapwing_linear_model_cv_errors_f32;
    static constexpr auto cv_unconverged = lapwing_linear_model_cv_unconverged_f32;
    static constexpr auto best_score = lapwing_linear_model_best_score_f32;
    static constexpr auto scores = lapwing_linear_model_scores_f32;
    static constexpr auto lambda = lapwing_linear_model_lambda_f32;
    static constexpr auto sigma = lapwing_linear_model_sigma_f32;
    static constexpr auto converged = lapwing_linear_model_converged_f32;
    static constexpr auto correction_norm = lapwing_linear_model_correction_norm_f32;
    static constexpr auto predict_with_deviation = lapwing_linear_model_predict_with_deviation_f32;
    static constexpr auto predict = lapwing_linear_model_predict_f32;
    static constexpr auto predict_csr = lapwing_linear_model_predict_csr_f32;
    static constexpr auto score = lapwing_linear_model_score_f32;
    static constexpr auto to_json = lapwing_linear_model_to_json_f32;
    static constexpr auto from_json = lapwing_linear_model_from_json_f32;
    static constexpr auto free = lapwing_linear_model_free_f32;
};

} // namespace detail

/** Which estimator fitted a linear model. */
enum class Estimator : std::int32_t {
    linear_regression = LAPWING_LINEAR_REGRESSION,
    ridge = LAPWING_RIDGE,
    elastic_net = LAPWING_ELASTIC_NET,
    elastic_net_cv = LAPWING_ELASTIC_NET_CV,
    ridge_cv = LAPWING_RIDGE_CV,
    bayesian_ridge = LAPWING_BAYESIAN_RIDGE,
    truncated_svd_regression = LAPWING_TRUNCATED_SVD_REGRESSION,
    total_least_squares = LAPWING_TOTAL_LEAST_SQUARES,
    tikhonov = LAPWING_TIKHONOV,
};

/** A fitted linear model of p features and t targets, whichever estimator fitted it. Immutable, and movable but not copyable;
 *  views of its results last as long as the model does. Fits take features (n x p, dense or sparse), targets (n x t) and
 *  perhaps a weight for each sample. */
template <class T>
class LinearModel {
    using api = detail::linear_models_api<T>;

public:
    using Weights = ConstVectorView<T>;

    /** Least squares; see lapwing_linear_regression_fit_f64. */
    static LinearModel linear_regression(ConstMatrixView<T> x, ConstMatrixView<T> y, const LinearRegressionOptions &options = {},
                             Weights weights = {nullptr, 0, 1}) {
        return fitted(api::linear_regression_fit, detail::input(x), y, options, weights);
    }
    /** Of sparse features. */
    static LinearModel linear_regression(const ConstSparseView<T> &x, ConstMatrixView<T> y, const LinearRegressionOptions &options = {},
                             Weights weights = {nullptr, 0, 1}) {
        return fitted(api::linear_regression_fit_csr, detail::input(x), y, options, weights);
    }

    /** Least squares with a penalty on squares; see lapwing_ridge_fit_f64. */
    static LinearModel ridge(ConstMatrixView<T> x, ConstMatrixView<T> y, const RidgeOptions &options = {},
                             Weights weights = {nullptr, 0, 1}) {
        return fitted(api::ridge_fit, detail::input(x), y, options, weights);
    }
    /** Of sparse features. */
    static LinearModel ridge(const ConstSparseView<T> &x, ConstMatrixView<T> y, const RidgeOptions &options = {},
                             Weights weights = {nullptr, 0, 1}) {
        return fitted(api::ridge_fit_csr, detail::input(x), y, options, weights);
    }

    /** Least squares with a penalty on magnitudes; see lapwing_lasso_fit_f64. */
    static LinearModel lasso(ConstMatrixView<T> x, ConstMatrixView<T> y, const LassoOptions &options = {},
                             Weights weights = {nullptr, 0, 1}) {
        return fitted(api::lasso_fit, detail::input(x), y, options, weights);
    }
    /** Of sparse features. */
    static LinearModel lasso(const ConstSparseView<T> &x, ConstMatrixView<T> y, const LassoOptions &options = {},
                             Weights weights = {nullptr, 0, 1}) {
        return fitted(api::lasso_fit_csr, detail::input(x), y, options, weights);
    }

    /** Least squares with a penalty on both; see lapwing_elastic_net_fit_f64. */
    static LinearModel elastic_net(ConstMatrixView<T> x, ConstMatrixView<T> y, const ElasticNetOptions &options = {},
                             Weights weights = {nullptr, 0, 1}) {
        return fitted(api::elastic_net_fit, detail::input(x), y, options, weights);
    }
    /** Of sparse features. */
    static LinearModel elastic_net(const ConstSparseView<T> &x, ConstMatrixView<T> y, const ElasticNetOptions &options = {},
                             Weights weights = {nullptr, 0, 1}) {
        return fitted(api::elastic_net_fit_csr, detail::input(x), y, options, weights);
    }

    /** A lasso whose penalty is chosen by cross-validation; see lapwing_lasso_cv_fit_f64. */
    static LinearModel lasso_cv(ConstMatrixView<T> x, ConstMatrixView<T> y, const LassoCvOptions &options = {},
                             Weights weights = {nullptr, 0, 1}) {
        return fitted(api::lasso_cv_fit, detail::input(x), y, options, weights);
    }
    /** Of sparse features. */
    static LinearModel lasso_cv(const ConstSparseView<T> &x, ConstMatrixView<T> y, const LassoCvOptions &options = {},
                             Weights weights = {nullptr, 0, 1}) {
        return fitted(api::lasso_cv_fit_csr, detail::input(x), y, options, weights);
    }

    /** An elastic net whose penalty is; see lapwing_elastic_net_cv_fit_f64. */
    static LinearModel elastic_net_cv(ConstMatrixView<T> x, ConstMatrixView<T> y, const ElasticNetCvOptions &options = {},
                             Weights weights = {nullptr, 0, 1}) {
        return fitted(api::elastic_net_cv_fit, detail::input(x), y, options, weights);
    }
    /** Of sparse features. */
    static LinearModel elastic_net_cv(const ConstSparseView<T> &x, ConstMatrixView<T> y, const ElasticNetCvOptions &options = {},
                             Weights weights = {nullptr, 0, 1}) {
        return fitted(api::elastic_net_cv_fit_csr, detail::input(x), y, options, weights);
    }

    /** Ridge regression whose penalty is chosen by cross-validation; see lapwing_ridge_cv_fit_f64. */
    static LinearModel ridge_cv(ConstMatrixView<T> x, ConstMatrixView<T> y, const RidgeCvOptions &options = {},
                             Weights weights = {nullptr, 0, 1}) {
        return fitted(api::ridge_cv_fit, detail::input(x), y, options, weights);
    }

    /** Ridge regression whose penalty is estimated, for one target; see lapwing_bayesian_ridge_fit_f64. */
    static LinearModel bayesian_ridge(ConstMatrixView<T> x, ConstMatrixView<T> y, const BayesianRidgeOptions &options = {},
                             Weights weights = {nullptr, 0, 1}) {
        return fitted(api::bayesian_ridge_fit, detail::input(x), y, options, weights);
    }

    /** Least squares on the leading singular vectors; see lapwing_truncated_svd_regression_fit_f64. */
    static LinearModel truncated_svd_regression(ConstMatrixView<T> x, ConstMatrixView<T> y, const TruncatedSvdRegressionOptions &options = {},
                             Weights weights = {nullptr, 0, 1}) {
        return fitted(api::truncated_svd_regression_fit, detail::input(x), y, options, weights);
    }

    /** Least squares with errors in the features, too; see lapwing_total_least_squares_fit_f64. */
    static LinearModel total_least_squares(ConstMatrixView<T> x, ConstMatrixView<T> y,
                                           const TotalLeastSquaresOptions &options = {}) {
        return made(api::total_least_squares_fit, detail::plain(options), detail::input(x), detail::input(y));
    }

    /** Least squares with a penalty on an operator (l x p) times the coefficients; see lapwing_tikhonov_fit_f64. */
    static LinearModel tikhonov(ConstMatrixView<T> x, ConstMatrixView<T> y, ConstMatrixView<T> penalty_operator,
                                const TikhonovOptions &options = {}) {
        return made(api::tikhonov_fit, detail::plain(options), detail::input(x), detail::input(y),
                    detail::input(penalty_operator));
    }

    /** What to_json() wrote, of any estimator. */
    static LinearModel from_json(const std::string &text) {
        typename api::model *model = nullptr;
        detail::check(api::from_json(text.data(), text.size(), &model));
        return LinearModel(model);
    }

    /** t x p. */
    ConstMatrixView<T> coefficients() const { return detail::read_matrix<T>(api::coefficients, get()); }
    /** t; zero where none was fitted. */
    ConstVectorView<T> intercept() const { return detail::read_vector<T>(api::intercept, get()); }
    std::int64_t n_features() const { return count(api::n_features); }
    std::int64_t n_targets() const { return count(api::n_targets); }
    Estimator estimator() const { return Estimator{detail::read<std::int32_t>(api::estimator, get())}; }
    /** The solver that ran, of a linear regression. */
    LinearRegressionSolver linear_regression_solver() const {
        return LinearRegressionSolver{solver(Estimator::linear_regression, "linear")};
    }
    /** The solver that ran, of a ridge regression. */
    RidgeSolver ridge_solver() const { return RidgeSolver{solver(Estimator::ridge, "ridge")}; }
    /** The rank of the features, of a linear regression. */
    std::int64_t rank() const { return count(api::rank); }
    /** Of a linear regression by the singular value decomposition. */
    ConstVectorView<double> singular_values() const { return detail::read_vector<double>(api::singular_values, get()); }
    /** How many iterations a target took; see lapwing_linear_model_iterations_f64. */
    std::int64_t iterations(std::int64_t target = 0) const { return of_target<std::int64_t>(api::iterations, target); }
    /** By how much the objective of an elastic net may exceed its minimum. */
    double dual_gap(std::int64_t target = 0) const { return of_target<double>(api::dual_gap, target); }
    /** The penalty, where the model knows it. */
    double alpha(std::int64_t target = 0) const { return of_target<double>(api::alpha, target); }
    /** The share of the penalty of an elastic net that is on magnitudes. */
    double l1_ratio() const { return detail::read<double>(api::l1_ratio, get()); }
    /** What cross-validation tried: see lapwing_linear_model_cv_alphas_f64. */
    ConstVectorView<double> cv_l1_ratios() const { return detail::read_vector<double>(api::cv_l1_ratios, get()); }
    ConstMatrixView<double> cv_alphas() const { return detail::read_matrix<double>(api::cv_alphas, get()); }
    /** The mean squared error of each penalty on each fold. */
    ConstMatrixView<double> cv_errors(std::int64_t ratio = 0) const {
        const auto view = of_target<lapwing_mat_f64>(api::cv_errors, ratio);
        return {view.data, view.rows, view.cols, view.row_stride, view.col_stride};
    }
    std::int64_t cv_unconverged() const { return count(api::cv_unconverged); }
    /** Of a ridge regression with cross-validation: the mean over targets of the scores of their penalties. */
    double best_score() const { return detail::read<double>(api::best_score, get()); }
    /** What its penalties were judged by, or the iterations of a Bayesian one; see lapwing_linear_model_scores_f64. */
    ConstMatrixView<double> scores() const { return detail::read_matrix<double>(api::scores, get()); }
    /** Of a Bayesian ridge regression, as what follows: the precision of the coefficients. alpha() is that of the noise. */
    double lambda() const { return detail::read<double>(api::lambda, get()); }
    /** The posterior covariance of the coefficients. */
    ConstMatrixView<double> sigma() const { return detail::read_matrix<double>(api::sigma, get()); }
    bool converged() const { return detail::read<std::int32_t>(api::converged, get()) != 0; }
    /** Of total least squares: the norm of the change after which it fits exactly. */
    double correction_norm() const { return detail::read<double>(api::correction_norm, get()); }

    /** The predictions (m x t) for x (m x p). */
    Matrix<T> predict(ConstMatrixView<T> x) const {
        Matrix<T> predictions(detail::extent(x.rows), n_targets());
        detail::check(api::predict(get(), detail::input(x), detail::output(predictions)));
        return predictions;
    }
    /** The same, written to a matrix of the caller's (m x t). */
    void predict(ConstMatrixView<T> x, MatrixView<T> predictions) const {
        detail::check(api::predict(get(), detail::input(x), detail::output(predictions)));
    }
    /** For sparse rows. */
    Matrix<T> predict(const ConstSparseView<T> &x) const {
        Matrix<T> predictions(detail::extent(x.rows), n_targets());
        detail::check(api::predict_csr(get(), detail::input(x), detail::output(predictions)));
        return predictions;
    }
    /** Of a Bayesian ridge regression: the predictions (m) for x, and their standard deviations, noise included. */
    std::pair<std::vector<T>, std::vector<T>> predict_with_deviation(ConstMatrixView<T> x) const {
        std::pair<std::vector<T>, std::vector<T>> result{std::vector<T>(detail::extent(x.rows)), {}};
        auto &[mean, deviation] = result;
        deviation.resize(mean.size());
        detail::check(api::predict_with_deviation(get(), detail::input(x), {mean.data(), x.rows, 1},
                                                  {deviation.data(), x.rows, 1}));
        return result;
    }
    /** R2 of the predictions for x beside y. */
    double score(ConstMatrixView<T> x, ConstMatrixView<T> y, Weights weights = {nullptr, 0, 1}) const {
        double value = 0.0;
        detail::check(api::score(get(), detail::input(x), detail::input(y), vector(weights), &value));
        return value;
    }
    /** The model as text; see lapwing_linear_model_to_json_f64. */
    std::string to_json() const { return detail::json(api::to_json, get()); }

    /** The model for the functions of lapwing.h; still owned by this object. */
    const typename api::model *get() const noexcept { return model_.get(); }

private:
    explicit LinearModel(typename api::model *model) noexcept : model_(model) {}

    static typename detail::api<T>::vec vector(Weights weights) { return {weights.data, weights.size, weights.stride}; }
    template <class Function, class X, class Options>
    static LinearModel fitted(Function function, X x, ConstMatrixView<T> y, const Options &options, Weights weights) {
        return made(function, detail::plain(options), x, detail::input(y), vector(weights));
    }
    template <class Function, class Options, class... Arguments>
    static LinearModel made(Function function, const Options &options, Arguments... arguments) {
        typename api::model *model = nullptr;
        detail::check(function(arguments..., &options, &model));
        return LinearModel(model);
    }
    template <class Accessor>
    std::int64_t count(Accessor accessor) const {
        return detail::read<std::int64_t>(accessor, get());
    }
    template <class V, class Accessor>
    V of_target(Accessor accessor, std::int64_t target) const {
        V value{};
        detail::check(accessor(get(), target, &value));
        return value;
    }
    /* The constants of estimators count from 0 each, so that they must not be mistaken for one another's. */
    std::int32_t solver(Estimator expected, const char *name) const {
        const auto value = detail::read<std::int32_t>(api::solver, get());
        if (estimator() != expected)
            throw error(LAPWING_ERR_ARGUMENT, std::string("the model is no ") + name + " regression");
        return value;
    }

    std::unique_ptr<typename api::model, detail::Free<typename api::model, api::free>> model_;
};

/** How far ordinary least squares can be trusted; see lapwing_ols_statistics for the numbers, and lapwing_ols_tables for the
 *  vectors: those of coefficients begin with the intercept where it is fitted. */
struct OlsSummary {
    lapwing_ols_statistics statistics{};
    std::vector<double> coefficients, standard_errors, t_statistics, p_values, lower, upper;
    std::vector<double> variance_inflation_factors;
    std::vector<double> residuals, leverages, internally_studentized, externally_studentized, cooks_distances;
    /** 1 for each coefficient that owes more than half of its variance to near dependencies. */
    std::vector<std::int32_t> collinear;
};

/** Fits least squares to one target (y: n x 1) and says how far the fit can be trusted; see lapwing_ols_summarize_f64. */
template <class T>
OlsSummary ols_summary(ConstMatrixView<T> x, ConstMatrixView<T> y, const OlsOptions &options = {},
                       ConstVectorView<T> weights = {nullptr, 0, 1}) {
    const auto n = detail::extent(x.rows), p = detail::extent(x.cols);
    const auto k = p + (options.intercept == Intercept::fitted ? 1 : 0);
    OlsSummary result;
    const auto place = [](std::vector<double> &values, std::size_t count) {
        values.resize(count);
        return lapwing_vec_mut_f64{values.data(), static_cast<std::int64_t>(count), 1};
    };
    lapwing_ols_tables tables{};
    tables.struct_size = sizeof tables;
    tables.coefficients = place(result.coefficients, k);
    tables.standard_errors = place(result.standard_errors, k);
    tables.t_statistics = place(result.t_statistics, k);
    tables.p_values = place(result.p_values, k);
    tables.lower = place(result.lower, k);
    tables.upper = place(result.upper, k);
    tables.variance_inflation_factors = place(result.variance_inflation_factors, p);
    tables.residuals = place(result.residuals, n);
    tables.leverages = place(result.leverages, n);
    tables.internally_studentized = place(result.internally_studentized, n);
    tables.externally_studentized = place(result.externally_studentized, n);
    tables.cooks_distances = place(result.cooks_distances, n);
    result.collinear.resize(k);
    tables.collinear = result.collinear.data();
    result.statistics.struct_size = sizeof result.statistics;
    const auto plain = detail::plain(options);
    detail::check(detail::linear_models_api<T>::ols_summarize(detail::input(x), detail::input(y),
                                                              {weights.data, weights.size, weights.stride}, &plain,
                                                              &result.statistics, &tables));
    return result;
}

} // namespace lapwing

#endif /* LAPWING_LINEAR_MODELS_HPP */
