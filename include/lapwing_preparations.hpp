/* The part of lapwing_statistics.hpp that has what data passes before a model. Included by it.
 *
 *   const lapwing::StandardScaler scaler(x);
 *   const auto scaled = scaler.transform(x);
 */
/* Before the guard: whichever header comes first, lapwing.hpp includes the parts in their order. */
#include "lapwing.hpp"

#ifndef LAPWING_PREPARATIONS_HPP
#define LAPWING_PREPARATIONS_HPP

namespace lapwing {

namespace detail {

/** The C functions of one precision that this file calls. */
template <class T>
struct preparations_api;

template <>
struct preparations_api<double> {
    using whitening = lapwing_whitening_f64;
    static constexpr auto whitening_fit = lapwing_whitening_fit_f64;
    static constexpr auto whitening_transform = lapwing_whitening_transform_f64;
    static constexpr auto whitening_inverse_transform = lapwing_whitening_inverse_transform_f64;
    static constexpr auto whitening_matrix = lapwing_whitening_matrix_f64;
    static constexpr auto whitening_inverse_matrix = lapwing_whitening_inverse_matrix_f64;
    static constexpr auto whitening_mean = lapwing_whitening_mean_f64;
    static constexpr auto whitening_method = lapwing_whitening_method_f64;
    static constexpr auto whitening_n_samples = lapwing_whitening_n_samples_f64;
    static constexpr auto whitening_n_features = lapwing_whitening_n_features_f64;
    static constexpr auto whitening_to_json = lapwing_whitening_to_json_f64;
    static constexpr auto whitening_from_json = lapwing_whitening_from_json_f64;
    static constexpr auto whitening_free = lapwing_whitening_free_f64;
    static constexpr auto standard_scaler_fit = lapwing_standard_scaler_fit_f64;
    static constexpr auto standard_scaler_transform = lapwing_standard_scaler_transform_f64;
    static constexpr auto standard_scaler_inverse_transform = lapwing_standard_scaler_inverse_transform_f64;
    static constexpr auto polynomial_features_transform = lapwing_polynomial_features_transform_f64;
};

template <>
struct preparations_api<float> {
    using whitening = lapwing_whitening_f32;
    static constexpr auto whitening_fit = lapwing_whitening_fit_f32;
    static constexpr auto whitening_transform = lapwing_whitening_transform_f32;
    static constexpr auto whitening_inverse_transform = lapwing_whitening_inverse_transform_f32;
    static constexpr auto whitening_matrix = lapwing_whitening_matrix_f32;
    static constexpr auto whitening_inverse_matrix = lapwing_whitening_inverse_matrix_f32;
    static constexpr auto whitening_mean = lapwing_whitening_mean_f32;
    static constexpr auto whitening_method = lapwing_whitening_method_f32;
    static constexpr auto whitening_n_samples = lapwing_whitening_n_samples_f32;
    static constexpr auto whitening_n_features = lapwing_whitening_n_features_f32;
    static constexpr auto whitening_to_json = lapwing_whitening_to_json_f32;
    static constexpr auto whitening_from_json = lapwing_whitening_from_json_f32;
    static constexpr auto whitening_free = lapwing_whitening_free_f32;
    static constexpr auto standard_scaler_fit = lapwing_standard_scaler_fit_f32;
    static constexpr auto standard_scaler_transform = lapwing_standard_scaler_transform_f32;
    static constexpr auto standard_scaler_inverse_transform = lapwing_standard_scaler_inverse_transform_f32;
    static constexpr auto polynomial_features_transform = lapwing_polynomial_features_transform_f32;
};

} // namespace detail

/** Which of the whitenings. */
enum class WhiteningMethod : std::int32_t {
    zca = LAPWING_WHITENING_ZCA,
    zca_correlation = LAPWING_WHITENING_ZCA_CORRELATION,
    pca = LAPWING_WHITENING_PCA,
    pca_correlation = LAPWING_WHITENING_PCA_CORRELATION,
    cholesky = LAPWING_WHITENING_CHOLESKY,
};

/** A matrix that makes features uncorrelated, of variance 1. Immutable, and movable but not copyable. */
template <class T>
class WhiteningTransform {
    using api = detail::preparations_api<T>;
    using model = typename api::whitening;

public:
    /** Fits the rows of x; a floor of 0 is none. See lapwing_whitening_fit_f64. */
    explicit WhiteningTransform(ConstMatrixView<T> x, WhiteningMethod method = WhiteningMethod::zca, double floor = 0.0)
        : WhiteningTransform(fitted(x, method, floor)) {}
    /** What to_json() wrote. */
    static WhiteningTransform from_json(const std::string &text) {
        return WhiteningTransform(detail::made<model>(api::whitening_from_json, text.data(), text.size()));
    }

    std::int64_t n_features() const { return detail::read<std::int64_t>(api::whitening_n_features, get()); }
    std::int64_t n_samples() const { return detail::read<std::int64_t>(api::whitening_n_samples, get()); }
    WhiteningMethod method() const {
        return WhiteningMethod{detail::read<std::int32_t>(api::whitening_method, get())};
    }
    /** The mean of each feature, p. */
    std::vector<T> mean() const { return detail::filled_vector<T>(n_features(), api::whitening_mean, get()); }
    /** What a column of centred features is multiplied by, p x p. */
    Matrix<T> matrix() const { return detail::filled<T>(n_features(), n_features(), api::whitening_matrix, get()); }
    /** Its inverse, p x p. */
    Matrix<T> inverse_matrix() const {
        return detail::filled<T>(n_features(), n_features(), api::whitening_inverse_matrix, get());
    }
    Matrix<T> transform(ConstMatrixView<T> x) const {
        return detail::filled<T>(x.rows, n_features(), api::whitening_transform, get(), detail::input(x));
    }
    Matrix<T> inverse_transform(ConstMatrixView<T> z) const {
        return detail::filled<T>(z.rows, n_features(), api::whitening_inverse_transform, get(), detail::input(z));
    }
    std::string to_json() const { return detail::json(api::whitening_to_json, get()); }

    /** The model for the functions of lapwing.h; still owned by this object. */
    const model *get() const noexcept { return model_.get(); }

private:
    explicit WhiteningTransform(model *handed_out) noexcept : model_(handed_out) {}
    static model *fitted(ConstMatrixView<T> x, WhiteningMethod method, double floor) {
        lapwing_whitening_options plain{};
        plain.struct_size = sizeof plain;
        plain.method = static_cast<std::int32_t>(method);
        plain.floor = floor;
        return detail::made<model>(api::whitening_fit, detail::input(x), &plain);
    }

    std::unique_ptr<model, detail::Free<model, api::whitening_free>> model_;
};

/** Whether a scaler subtracts means. */
enum class Centring : std::int32_t { mean = LAPWING_SCALER_CENTRED, none = LAPWING_SCALER_NOT_CENTRED };
/** Whether a scaler divides by standard deviations. */
enum class Scaling : std::int32_t { unit_variance = LAPWING_SCALER_UNIT_VARIANCE, none = LAPWING_SCALER_NOT_SCALED };

/** The means and standard deviations of features, for data of either precision. Immutable, and movable but not copyable. */
class StandardScaler {
public:
    /** Fits x, every row counted once or by its weight; see lapwing_standard_scaler_fit_f64. */
    explicit StandardScaler(ConstMatrixView<double> x, Centring centring = Centring::mean,
                            Scaling scaling = Scaling::unit_variance, const std::vector<double> &weights = {})
        : StandardScaler(fitted(x, centring, scaling, weights)) {}
    /** Of data in single precision. */
    explicit StandardScaler(ConstMatrixView<float> x, Centring centring = Centring::mean,
                            Scaling scaling = Scaling::unit_variance, const std::vector<float> &weights = {})
        : StandardScaler(fitted(x, centring, scaling, weights)) {}
    /** What to_json() wrote. */
    static StandardScaler from_json(const std::string &text) {
        return StandardScaler(
            detail::made<lapwing_standard_scaler>(lapwing_standard_scaler_from_json, text.data(), text.size()));
    }

    /** The scaler of the samples of both. */
    StandardScaler merged(const StandardScaler &other) const {
        return StandardScaler(
            detail::made<lapwing_standard_scaler>(lapwing_standard_scaler_merged, get(), other.get()));
    }
    ConstVectorView<double> mean() const { return detail::read_vector<double>(lapwing_standard_scaler_mean, get()); }
    ConstVectorView<double> variance() const {
        return detail::read_vector<double>(lapwing_standard_scaler_variance, get());
    }
    ConstVectorView<double> scale() const { return detail::read_vector<double>(lapwing_standard_scaler_scale, get()); }
    double n_samples_seen() const { return detail::read<double>(lapwing_standard_scaler_n_samples_seen, get()); }
    std::int64_t n_features() const { return detail::read<std::int64_t>(lapwing_standard_scaler_n_features, get()); }
    /** (x - mean) / scale. */
    Matrix<double> transform(ConstMatrixView<double> x) const { return map(lapwing_standard_scaler_transform_f64, x); }
    Matrix<float> transform(ConstMatrixView<float> x) const { return map(lapwing_standard_scaler_transform_f32, x); }
    /** x * scale + mean. */
    Matrix<double> inverse_transform(ConstMatrixView<double> x) const {
        return map(lapwing_standard_scaler_inverse_transform_f64, x);
    }
    Matrix<float> inverse_transform(ConstMatrixView<float> x) const {
        return map(lapwing_standard_scaler_inverse_transform_f32, x);
    }
    std::string to_json() const { return detail::json(lapwing_standard_scaler_to_json, get()); }

    /** The model for the functions of lapwing.h; still owned by this object. */
    const lapwing_standard_scaler *get() const noexcept { return model_.get(); }

private:
    explicit StandardScaler(lapwing_standard_scaler *handed_out) noexcept : model_(handed_out) {}
    template <class T>
    static lapwing_standard_scaler *fitted(ConstMatrixView<T> x, Centring centring, Scaling scaling,
                                           const std::vector<T> &weights) {
        lapwing_standard_scaler_options plain{};
        plain.struct_size = sizeof plain;
        plain.centring = static_cast<std::int32_t>(centring);
        plain.scaling = static_cast<std::int32_t>(scaling);
        const auto view = weights.empty() ? detail::none<T>() : detail::input(detail::view_of(weights));
        return detail::made<lapwing_standard_scaler>(detail::preparations_api<T>::standard_scaler_fit, detail::input(x),
                                                     view, &plain);
    }
    template <class Function, class T>
    Matrix<T> map(Function function, ConstMatrixView<T> x) const {
        return detail::filled<T>(x.rows, n_features(), function, get(), detail::input(x));
    }

    std::unique_ptr<lapwing_standard_scaler, detail::Free<lapwing_standard_scaler, lapwing_standard_scaler_free>>
        model_;
};

/** Which products of features are terms. */
enum class Terms : std::int32_t { all = LAPWING_POLYNOMIAL_ALL_TERMS, interactions = LAPWING_POLYNOMIAL_INTERACTIONS };
/** Whether the first term is 1. */
enum class Bias : std::int32_t { included = LAPWING_POLYNOMIAL_BIAS, excluded = LAPWING_POLYNOMIAL_NO_BIAS };

/** The terms of a polynomial of features, for data of either precision. Immutable, and movable but not copyable. */
class PolynomialFeatures {
public:
    /** Of so many features; see lapwing_polynomial_features_new. */
    explicit PolynomialFeatures(std::int64_t n_features, std::int64_t degree = 2, Terms terms = Terms::all,
                                Bias bias = Bias::included) {
        lapwing_polynomial_features_options plain{};
        plain.struct_size = sizeof plain;
        plain.degree = degree;
        plain.terms = static_cast<std::int32_t>(terms);
        plain.bias = static_cast<std::int32_t>(bias);
        model_.reset(detail::made<lapwing_polynomial_features>(lapwing_polynomial_features_new, n_features, &plain));
    }
    /** What to_json() wrote. */
    static PolynomialFeatures from_json(const std::string &text) {
        return PolynomialFeatures(
            detail::made<lapwing_polynomial_features>(lapwing_polynomial_features_from_json, text.data(), text.size()));
    }

    std::int64_t n_features() const {
        return detail::read<std::int64_t>(lapwing_polynomial_features_n_features, get());
    }
    std::int64_t n_output_features() const {
        return detail::read<std::int64_t>(lapwing_polynomial_features_n_output_features, get());
    }
    /** The power of each feature in each term, term after term. */
    std::vector<std::int64_t> powers() const {
        auto result = detail::entries<std::int64_t>(n_output_features() * n_features());
        detail::check(lapwing_polynomial_features_powers(get(), result.data()));
        return result;
    }
    Matrix<double> transform(ConstMatrixView<double> x) const {
        return map(lapwing_polynomial_features_transform_f64, x);
    }
    Matrix<float> transform(ConstMatrixView<float> x) const {
        return map(lapwing_polynomial_features_transform_f32, x);
    }
    std::string to_json() const { return detail::json(lapwing_polynomial_features_to_json, get()); }

    /** The model for the functions of lapwing.h; still owned by this object. */
    const lapwing_polynomial_features *get() const noexcept { return model_.get(); }

private:
    explicit PolynomialFeatures(lapwing_polynomial_features *handed_out) noexcept : model_(handed_out) {}
    template <class Function, class T>
    Matrix<T> map(Function function, ConstMatrixView<T> x) const {
        return detail::filled<T>(x.rows, n_output_features(), function, get(), detail::input(x));
    }

    std::unique_ptr<lapwing_polynomial_features,
                    detail::Free<lapwing_polynomial_features, lapwing_polynomial_features_free>>
        model_;
};

} // namespace lapwing

#endif /* LAPWING_PREPARATIONS_HPP */
