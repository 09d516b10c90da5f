/* The part of lapwing.hpp that has linear models. Included by it.
 *
 *   lapwing::RidgeOptions options;
 *   options.alpha = 0.1;
 *   const auto model = lapwing::LinearModel<double>::ridge(x, y, options);
 *   lapwing::Matrix<double> predictions = model.predict(x);
 */
#ifndef LAPWING_LINEAR_MODELS_HPP
#define LAPWING_LINEAR_MODELS_HPP

#include "lapwing.hpp"

#include <memory>

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
    static constexpr auto predict = lapwing_linear_model_predict_f32;
    static constexpr auto predict_csr = lapwing_linear_model_predict_csr_f32;
    static constexpr auto score = lapwing_linear_model_score_f32;
    static constexpr auto to_json = lapwing_linear_model_to_json_f32;
    static constexpr auto from_json = lapwing_linear_model_from_json_f32;
    static constexpr auto free = lapwing_linear_model_free_f32;
};

/** Numbers among options; NULL data, which stands for the default, where there are none. */
inline lapwing_vec_f64 numbers(const std::vector<double> &values) {
    return {values.empty() ? nullptr : values.data(), static_cast<std::int64_t>(values.size()), 1};
}

} // namespace detail

/** Which estimator fitted a linear model. */
enum class Estimator : std::int32_t {
    linear_regression = LAPWING_LINEAR_REGRESSION,
    ridge = LAPWING_RIDGE,
    elastic_net = LAPWING_ELASTIC_NET,
    elastic_net_cv = LAPWING_ELASTIC_NET_CV,
};

/** Whether a linear model has an intercept. */
enum class Intercept : std::int32_t { fitted = LAPWING_INTERCEPT_FITTED, zero = LAPWING_INTERCEPT_ZERO };

/** How to solve a linear regression. */
enum class LinearRegressionSolver : std::int32_t {
    automatic = LAPWING_LINEAR_REGRESSION_AUTO,
    cholesky = LAPWING_LINEAR_REGRESSION_CHOLESKY,
    qr = LAPWING_LINEAR_REGRESSION_QR,
    svd = LAPWING_LINEAR_REGRESSION_SVD,
    refined = LAPWING_LINEAR_REGRESSION_REFINED,
    lsqr = LAPWING_LINEAR_REGRESSION_LSQR,
};

/** The options of a linear regression; see lapwing_linear_regression_options. */
struct LinearRegressionOptions {
    Intercept intercept = Intercept::fitted;
    LinearRegressionSolver solver = LinearRegressionSolver::automatic;
    /** Of LSQR, as what follows; 0 for the default. */
    double tolerance = 0.0;
    std::int64_t max_iterations = 0;
};

/** How to solve a ridge regression. */
enum class RidgeSolver : std::int32_t {
    automatic = LAPWING_RIDGE_AUTO,
    cholesky = LAPWING_RIDGE_CHOLESKY,
    svd = LAPWING_RIDGE_SVD,
    lsqr = LAPWING_RIDGE_LSQR,
    conjugate_gradient = LAPWING_RIDGE_CONJUGATE_GRADIENT,
};

/** The options of a ridge regression; see lapwing_ridge_options. */
struct RidgeOptions {
    double alpha = 1.0;
    /** A penalty for each target instead of alpha; empty for none. */
    std::vector<double> penalties;
    Intercept intercept = Intercept::fitted;
    RidgeSolver solver = RidgeSolver::automatic;
    /** Of the solvers that iterate, as what follows; 0 for the default. */
    double tolerance = 0.0;
    std::int64_t max_iterations = 0;
};

/** Which signs the coefficients of an elastic net may have. */
enum class CoefficientSign : std::int32_t { any = LAPWING_SIGN_ANY, non_negative = LAPWING_SIGN_NON_NEGATIVE };

/** In which order an elastic net visits coordinates. */
enum class Selection : std::int32_t { cyclic = LAPWING_SELECTION_CYCLIC, random = LAPWING_SELECTION_RANDOM };

/** What an elastic net keeps up to date. */
enum class Updates : std::int32_t {
    automatic = LAPWING_UPDATES_AUTO,
    covariance = LAPWING_UPDATES_COVARIANCE,
    residual = LAPWING_UPDATES_RESIDUAL,
};

/** The options of a lasso; see lapwing_elastic_net_options. */
struct LassoOptions {
    double alpha = 1.0;
    Intercept intercept = Intercept::fitted;
    CoefficientSign sign = CoefficientSign::any;
    Selection selection = Selection::cyclic;
    Updates updates = Updates::automatic;
    double tolerance = 1e-4;
    std::int64_t max_iterations = 1000;
    std::uint64_t seed = 0;
};

/** The options of an elastic net. */
struct ElasticNetOptions : LassoOptions {
    /** The share of the penalty on magnitudes. */
    double l1_ratio = 0.5;
};

/** The options of a lasso whose penalty is chosen by cross-validation; see lapwing_elastic_net_cv_options. */
struct LassoCvOptions {
    std::int64_t folds = 5;
    FoldOrder order = FoldOrder::consecutive;
    /** The penalties to try; empty for n_alphas of them, the last of which is this share of the first. */
    std::vector<double> alphas;
    std::int64_t n_alphas = 100;
    double share = 1e-3;
    Intercept intercept = Intercept::fitted;
    CoefficientSign sign = CoefficientSign::any;
    Selection selection = Selection::cyclic;
    Updates updates = Updates::automatic;
    double tolerance = 1e-4;
    std::int64_t max_iterations = 1000;
    std::uint64_t seed = 0;
};

/** The options of an elastic net whose penalty is. */
struct ElasticNetCvOptions : LassoCvOptions {
    /** The shares of the penalty on magnitudes to try. */
    std::vector<double> l1_ratios{0.5};
};

namespace detail {

inline lapwing_linear_regression_options plain(const LinearRegressionOptions &options) {
    lapwing_linear_regression_options plain{};
    plain.struct_size = sizeof plain;
    plain.intercept = static_cast<std::int32_t>(options.intercept);
    plain.solver = static_cast<std::int32_t>(options.solver);
    plain.tolerance = options.tolerance;
    plain.max_iterations = options.max_iterations;
    return plain;
}

inline lapwing_ridge_options plain(const RidgeOptions &options) {
    lapwing_ridge_options plain{};
    plain.struct_size = sizeof plain;
    plain.intercept = static_cast<std::int32_t>(options.intercept);
    plain.solver = static_cast<std::int32_t>(options.solver);
    plain.penalties = numbers(options.penalties);
    if (options.penalties.empty()) {
        plain.penalty = options.alpha == 0.0 ? LAPWING_PENALTY_NONE : LAPWING_PENALTY_ALPHA;
        plain.alpha = options.alpha;
    }
    plain.tolerance = options.tolerance;
    plain.max_iterations = options.max_iterations;
    return plain;
}

inline lapwing_elastic_net_options plain(const LassoOptions &options) {
    lapwing_elastic_net_options plain{};
    plain.struct_size = sizeof plain;
    plain.intercept = static_cast<std::int32_t>(options.intercept);
    plain.penalty = options.alpha == 0.0 ? LAPWING_PENALTY_NONE : LAPWING_PENALTY_ALPHA;
    plain.sign = static_cast<std::int32_t>(options.sign);
    plain.selection = static_cast<std::int32_t>(options.selection);
    plain.updates = static_cast<std::int32_t>(options.updates);
    plain.alpha = options.alpha;
    plain.tolerance = options.tolerance;
    plain.max_iterations = options.max_iterations;
    plain.seed = options.seed;
    return plain;
}

inline lapwing_elastic_net_options plain(const ElasticNetOptions &options) {
    auto result = plain(static_cast<const LassoOptions &>(options));
    result.mixture = options.l1_ratio == 0.0 ? LAPWING_L1_RATIO_ZERO : LAPWING_L1_RATIO_GIVEN;
    result.l1_ratio = options.l1_ratio;
    return result;
}

inline lapwing_elastic_net_cv_options plain(const LassoCvOptions &options) {
    lapwing_elastic_net_cv_options plain{};
    plain.struct_size = sizeof plain;
    plain.intercept = static_cast<std::int32_t>(options.intercept);
    plain.sign = static_cast<std::int32_t>(options.sign);
    plain.selection = static_cast<std::int32_t>(options.selection);
    plain.updates = static_cast<std::int32_t>(options.updates);
    plain.order = static_cast<std::int32_t>(options.order);
    /* Zero, which is the default in C, is refused here like other numbers below 2. */
    plain.folds = options.folds == 0 ? 1 : options.folds;
    plain.alphas = numbers(options.alphas);
    if (options.alphas.empty()) {
        plain.n_alphas = options.n_alphas;
        plain.share = options.share;
    }
    plain.tolerance = options.tolerance;
    plain.max_iterations = options.max_iterations;
    plain.seed = options.seed;
    return plain;
}

inline lapwing_elastic_net_cv_options plain(const ElasticNetCvOptions &options) {
    auto result = plain(static_cast<const LassoCvOptions &>(options));
    result.l1_ratios = numbers(options.l1_ratios);
    return result;
}

} // namespace detail

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

    /** The predictions (m x t) for x (m x p). */
    Matrix<T> predict(ConstMatrixView<T> x) const {
        Matrix<T> predictions(detail::extent(x.rows), n_targets());
        detail::check(api::predict(get(), detail::input(x), detail::output(predictions)));
        return predictions;
    }
    /** For sparse rows. */
    Matrix<T> predict(const ConstSparseView<T> &x) const {
        Matrix<T> predictions(detail::extent(x.rows), n_targets());
        detail::check(api::predict_csr(get(), detail::input(x), detail::output(predictions)));
        return predictions;
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
        const auto plain = detail::plain(options);
        typename api::model *model = nullptr;
        detail::check(function(x, detail::input(y), vector(weights), &plain, &model));
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

} // namespace lapwing

#endif /* LAPWING_LINEAR_MODELS_HPP */
