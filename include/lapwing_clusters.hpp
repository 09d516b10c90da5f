/* The part of lapwing.hpp that has clusters about centres and their scores, and in lapwing_graphs.hpp nearest neighbours
 * and graphs. Included by it.
 *
 *   lapwing::KMeansOptions options;
 *   options.n_clusters = 3;
 *   const lapwing::KMeans<double> clusters(x, options);
 *   const double score = lapwing::silhouette_score(x, clusters.labels());
 */
/* Before the guard: whichever header comes first, lapwing.hpp includes the parts in their order. */
#include "lapwing.hpp"

#ifndef LAPWING_CLUSTERS_HPP
#define LAPWING_CLUSTERS_HPP

#include "lapwing_statistics.hpp"

namespace lapwing {

namespace detail {

/** The C functions of one precision that this file calls. */
template <class T>
struct clusters_api;

template <>
struct clusters_api<double> {
    using k_means = lapwing_k_means_f64;
    static constexpr auto k_means_fit = lapwing_k_means_fit_f64;
    static constexpr auto k_means_cluster_centers = lapwing_k_means_cluster_centers_f64;
    static constexpr auto k_means_labels = lapwing_k_means_labels_f64;
    static constexpr auto k_means_predict = lapwing_k_means_predict_f64;
    static constexpr auto k_means_transform = lapwing_k_means_transform_f64;
    static constexpr auto k_means_score = lapwing_k_means_score_f64;
    static constexpr auto k_means_inertia = lapwing_k_means_inertia_f64;
    static constexpr auto k_means_inertia_history = lapwing_k_means_inertia_history_f64;
    static constexpr auto k_means_n_iterations = lapwing_k_means_n_iterations_f64;
    static constexpr auto k_means_converged = lapwing_k_means_converged_f64;
    static constexpr auto k_means_algorithm = lapwing_k_means_algorithm_f64;
    static constexpr auto k_means_n_clusters = lapwing_k_means_n_clusters_f64;
    static constexpr auto k_means_n_distinct_clusters = lapwing_k_means_n_distinct_clusters_f64;
    static constexpr auto k_means_n_features = lapwing_k_means_n_features_f64;
    static constexpr auto k_means_n_samples = lapwing_k_means_n_samples_f64;
    static constexpr auto k_means_to_json = lapwing_k_means_to_json_f64;
    static constexpr auto k_means_from_json = lapwing_k_means_from_json_f64;
    static constexpr auto k_means_free = lapwing_k_means_free_f64;
    static constexpr auto mini_batch_k_means_fit = lapwing_mini_batch_k_means_fit_f64;
    static constexpr auto silhouette_samples = lapwing_silhouette_samples_f64;
    static constexpr auto silhouette_score = lapwing_silhouette_score_f64;
    static constexpr auto davies_bouldin_score = lapwing_davies_bouldin_score_f64;
    static constexpr auto calinski_harabasz_score = lapwing_calinski_harabasz_score_f64;
    static constexpr auto neighbors_fit = lapwing_nearest_neighbors_fit_f64;
    static constexpr auto neighbors_k_neighbors = lapwing_nearest_neighbors_k_neighbors_f64;
    static constexpr auto neighbors_within_radius = lapwing_nearest_neighbors_within_radius_f64;
    static constexpr auto neighbors_k_neighbors_graph = lapwing_nearest_neighbors_k_neighbors_graph_f64;
    static constexpr auto neighbors_radius_graph = lapwing_nearest_neighbors_radius_graph_f64;
    static constexpr auto graph_from_adjacency = lapwing_graph_from_adjacency_f64;
};

template <>
struct clusters_api<float> {
    using k_means = lapwing_k_means_f32;
    static constexpr auto k_means_fit = lapwing_k_means_fit_f32;
    static constexpr auto k_means_cluster_centers = lapwing_k_means_cluster_centers_f32;
    static constexpr auto k_means_labels = lapwing_k_means_labels_f32;
    static constexpr auto k_means_predict = lapwing_k_means_predict_f32;
    static constexpr auto k_means_transform = lapwing_k_means_transform_f32;
    static constexpr auto k_means_score = lapwing_k_means_score_f32;
    static constexpr auto k_means_inertia = lapwing_k_means_inertia_f32;
    static constexpr auto k_means_inertia_history = lapwing_k_means_inertia_history_f32;
    static constexpr auto k_means_n_iterations = lapwing_k_means_n_iterations_f32;
    static constexpr auto k_means_converged = lapwing_k_means_converged_f32;
    static constexpr auto k_means_algorithm = lapwing_k_means_algorithm_f32;
    static constexpr auto k_means_n_clusters = lapwing_k_means_n_clusters_f32;
    static constexpr auto k_means_n_distinct_clusters = lapwing_k_means_n_distinct_clusters_f32;
    static constexpr auto k_means_n_features = lapwing_k_means_n_features_f32;
    static constexpr auto k_means_n_samples = lapwing_k_means_n_samples_f32;
    static constexpr auto k_means_to_json = lapwing_k_means_to_json_f32;
    static constexpr auto k_means_from_json = lapwing_k_means_from_json_f32;
    static constexpr auto k_means_free = lapwing_k_means_free_f32;
    static constexpr auto mini_batch_k_means_fit = lapwing_mini_batch_k_means_fit_f32;
    static constexpr auto silhouette_samples = lapwing_silhouette_samples_f32;
    static constexpr auto silhouette_score = lapwing_silhouette_score_f32;
    static constexpr auto davies_bouldin_score = lapwing_davies_bouldin_score_f32;
    static constexpr auto calinski_harabasz_score = lapwing_calinski_harabasz_score_f32;
    static constexpr auto neighbors_fit = lapwing_nearest_neighbors_fit_f32;
    static constexpr auto neighbors_k_neighbors = lapwing_nearest_neighbors_k_neighbors_f32;
    static constexpr auto neighbors_within_radius = lapwing_nearest_neighbors_within_radius_f32;
    static constexpr auto neighbors_k_neighbors_graph = lapwing_nearest_neighbors_k_neighbors_graph_f32;
    static constexpr auto neighbors_radius_graph = lapwing_nearest_neighbors_radius_graph_f32;
    static constexpr auto graph_from_adjacency = lapwing_graph_from_adjacency_f32;
};

/** Weights, or none when there are no entries. */
template <class T>
typename api<T>::vec weights_or_none(const std::vector<T> &weights) {
    return weights.empty() ? none<T>() : input(view_of(weights));
}

/** A pointer carries no length, so that it is checked here. */
inline void require_count(const char *name, std::size_t found, std::int64_t expected) {
    if (static_cast<std::int64_t>(found) != extent(expected))
        throw error(LAPWING_ERR_SHAPE, std::string(name) + " has " + std::to_string(found) +
                                           " entries, but there must be " + std::to_string(extent(expected)));
}

} // namespace detail

/** Where the centres of k-means start that are not given. */
enum class KMeansInit : std::int32_t { plus_plus = LAPWING_K_MEANS_PLUS_PLUS, random = LAPWING_K_MEANS_RANDOM };

/** How k-means is iterated; mini_batch is what ran in a model of KMeans::mini_batch, and no choice for others. */
enum class KMeansAlgorithm : std::int32_t {
    automatic = LAPWING_K_MEANS_AUTO,
    lloyd = LAPWING_K_MEANS_LLOYD,
    hamerly = LAPWING_K_MEANS_HAMERLY,
    mini_batch = LAPWING_K_MEANS_MINI_BATCH,
};

/** The options of a k-means clustering; see lapwing_k_means_options. */
struct KMeansOptions {
    KMeansInit init = KMeansInit::plus_plus;
    KMeansAlgorithm algorithm = KMeansAlgorithm::automatic;
    /** 0 for 8, or for as many as there are centres given. */
    std::int64_t n_clusters = 0;
    /** 0 for 10 random starts, or one otherwise. */
    std::int64_t n_init = 0;
    std::int64_t max_iterations = 300;
    /** 0 for centres that rest only once no label changes. */
    double tolerance = 1e-4;
    std::uint64_t seed = 0;
};

namespace detail {

inline lapwing_k_means_options plain(const KMeansOptions &options) {
    lapwing_k_means_options plain{};
    plain.struct_size = sizeof plain;
    plain.init = constant(options.init);
    plain.algorithm = constant(options.algorithm);
    plain.stopping = options.tolerance == 0.0 ? LAPWING_K_MEANS_STOP_AT_REST : LAPWING_K_MEANS_STOP_AT_TOLERANCE;
    plain.n_clusters = options.n_clusters;
    plain.n_init = options.n_init;
    plain.max_iterations = options.max_iterations;
    plain.tolerance = options.tolerance;
    plain.seed = options.seed;
    return plain;
}

} // namespace detail

/** The options of a k-means clustering by random batches; see lapwing_mini_batch_k_means_options. */
struct MiniBatchKMeansOptions {
    KMeansInit init = KMeansInit::plus_plus;
    /** 0 for 8, or for as many as there are centres given. */
    std::int64_t n_clusters = 0;
    /** 0 for 3 random starts, or one otherwise. */
    std::int64_t n_init = 0;
    /** 0 for 3 batches, or 3 for each cluster if that is more. */
    std::int64_t init_size = 0;
    std::int64_t batch_size = 1024;
    std::int64_t max_iterations = 100;
    /** 0 for batches until max_iterations. */
    std::int64_t max_no_improvement = 10;
    /** 0 for centres that never move to random samples. */
    double reassignment_ratio = 0.01;
    double tolerance = 0.0;
    std::uint64_t seed = 0;
};

/** k centres, and the cluster of each of n samples. Immutable, and movable but not copyable; views of its results last as
 *  long as the model does. */
template <class T>
class KMeans {
    using api = detail::clusters_api<T>;
    using model = typename api::k_means;

public:
    /** Clusters the rows of x (n x p), each counted once or by its weight; see lapwing_k_means_fit_f64. */
    explicit KMeans(ConstMatrixView<T> x, const KMeansOptions &options = {}, const std::vector<T> &weights = {})
        : KMeans(fitted(x, {nullptr, 0, 0}, options, weights)) {}
    /** The same from given centres (k x p). */
    static KMeans from_centers(ConstMatrixView<T> x, ConstMatrixView<T> centers, const KMeansOptions &options = {},
                               const std::vector<T> &weights = {}) {
        return KMeans(fitted(x, centers, options, weights));
    }
    /** Approximately, from random batches; see lapwing_mini_batch_k_means_fit_f64. */
    static KMeans mini_batch(ConstMatrixView<T> x, const MiniBatchKMeansOptions &options = {},
                             const std::vector<T> &weights = {}) {
        return KMeans(fitted(x, {nullptr, 0, 0}, options, weights));
    }
    /** The same from given centres (k x p). */
    static KMeans mini_batch_from_centers(ConstMatrixView<T> x, ConstMatrixView<T> centers,
                                          const MiniBatchKMeansOptions &options = {},
                                          const std::vector<T> &weights = {}) {
        return KMeans(fitted(x, centers, options, weights));
    }
    /** What to_json() wrote. */
    static KMeans from_json(const std::string &text) {
        return KMeans(detail::made<model>(api::k_means_from_json, text.data(), text.size()));
    }

    /** The centres in rows, k x p. */
    ConstMatrixView<T> cluster_centers() const { return detail::read_matrix<T>(api::k_means_cluster_centers, get()); }
    /** The cluster of each sample, from 0. */
    std::vector<std::int64_t> labels() const {
        auto found = detail::entries<std::int64_t>(n_samples());
        detail::check(api::k_means_labels(get(), found.data()));
        return found;
    }
    double inertia() const { return detail::read<double>(api::k_means_inertia, get()); }
    /** Of each iteration; throws LAPWING_ERR_DOES_NOT_EXIST unless KMeansAlgorithm::lloyd ran. */
    ConstVectorView<double> inertia_history() const {
        return detail::read_vector<double>(api::k_means_inertia_history, get());
    }
    std::int64_t n_iterations() const { return detail::read<std::int64_t>(api::k_means_n_iterations, get()); }
    bool converged() const { return detail::read<std::int32_t>(api::k_means_converged, get()) != 0; }
    KMeansAlgorithm algorithm() const {
        return KMeansAlgorithm{detail::read<std::int32_t>(api::k_means_algorithm, get())};
    }
    std::int64_t n_clusters() const { return detail::read<std::int64_t>(api::k_means_n_clusters, get()); }
    std::int64_t n_distinct_clusters() const {
        return detail::read<std::int64_t>(api::k_means_n_distinct_clusters, get());
    }
    std::int64_t n_features() const { return detail::read<std::int64_t>(api::k_means_n_features, get()); }
    std::int64_t n_samples() const { return detail::read<std::int64_t>(api::k_means_n_samples, get()); }

    /** The cluster of each row of x. */
    std::vector<std::int64_t> predict(ConstMatrixView<T> x) const {
        auto found = detail::entries<std::int64_t>(x.rows);
        detail::check(api::k_means_predict(get(), detail::input(x), found.data()));
        return found;
    }
    /** The distance of each row of x from each centre, m x k. */
    Matrix<T> transform(ConstMatrixView<T> x) const {
        return detail::filled<T>(x.rows, n_clusters(), api::k_means_transform, get(), detail::input(x));
    }
    /** Minus the inertia of the rows of x. */
    double score(ConstMatrixView<T> x, const std::vector<T> &weights = {}) const {
        double value = 0;
        detail::check(api::k_means_score(get(), detail::input(x), detail::weights_or_none(weights), &value));
        return value;
    }
    /** The model as text; see lapwing_k_means_to_json_f64. */
    std::string to_json() const { return detail::json(api::k_means_to_json, get()); }

    /** The model for the functions of lapwing.h; still owned by this object. */
    const model *get() const noexcept { return model_.get(); }

private:
    explicit KMeans(model *handed_out) noexcept : model_(handed_out) {}
    static model *fitted(ConstMatrixView<T> x, ConstMatrixView<T> centers, const KMeansOptions &options,
                         const std::vector<T> &weights) {
        const auto plain = detail::plain(options);
        return detail::made<model>(api::k_means_fit, detail::input(x), detail::weights_or_none(weights),
                                   detail::input(centers), &plain);
    }
    static model *fitted(ConstMatrixView<T> x, ConstMatrixView<T> centers, const MiniBatchKMeansOptions &options,
                         const std::vector<T> &weights) {
        lapwing_mini_batch_k_means_options plain{};
        plain.struct_size = sizeof plain;
        plain.init = static_cast<std::int32_t>(options.init);
        plain.early_stopping =
            options.max_no_improvement == 0 ? LAPWING_MINI_BATCH_GO_ON : LAPWING_MINI_BATCH_STOP_EARLY;
        plain.reassignment = options.reassignment_ratio == 0.0 ? LAPWING_MINI_BATCH_KEEP : LAPWING_MINI_BATCH_REASSIGN;
        plain.n_clusters = options.n_clusters;
        plain.n_init = options.n_init;
        plain.init_size = options.init_size;
        plain.batch_size = options.batch_size;
        plain.max_iterations = options.max_iterations;
        plain.max_no_improvement = options.max_no_improvement;
        plain.reassignment_ratio = options.reassignment_ratio;
        plain.tolerance = options.tolerance;
        plain.seed = options.seed;
        return detail::made<model>(api::mini_batch_k_means_fit, detail::input(x), detail::weights_or_none(weights),
                                   detail::input(centers), &plain);
    }

    std::unique_ptr<model, detail::Free<model, api::k_means_free>> model_;
};

/** What mutual information is divided by. */
enum class EntropyAverage : std::int32_t {
    arithmetic = LAPWING_ENTROPY_ARITHMETIC,
    geometric = LAPWING_ENTROPY_GEOMETRIC,
    minimum = LAPWING_ENTROPY_MINIMUM,
    maximum = LAPWING_ENTROPY_MAXIMUM,
};

namespace detail {

template <class Function, class... Choice>
double agreement(Function function, const std::vector<std::int64_t> &labels_true,
                 const std::vector<std::int64_t> &labels_pred, Choice... choice) {
    const auto count = static_cast<std::int64_t>(labels_true.size());
    require_count("labels_pred", labels_pred.size(), count);
    double value = 0;
    check(function(labels_true.data(), labels_pred.data(), count, choice..., &value));
    return value;
}

template <class T, class Function>
double separation(Function function, ConstMatrixView<T> x, const std::vector<std::int64_t> &labels) {
    require_count("labels", labels.size(), x.rows);
    double value = 0;
    check(function(input(x), labels.data(), &value));
    return value;
}

} // namespace detail

/** The share of the pairs of samples that both labellings put together, or both apart. */
inline double rand_score(const std::vector<std::int64_t> &labels_true, const std::vector<std::int64_t> &labels_pred) {
    return detail::agreement(lapwing_rand_score, labels_true, labels_pred);
}
/** The same less what chance gives; see lapwing_adjusted_rand_score. */
inline double adjusted_rand_score(const std::vector<std::int64_t> &labels_true,
                                  const std::vector<std::int64_t> &labels_pred) {
    return detail::agreement(lapwing_adjusted_rand_score, labels_true, labels_pred);
}
/** The geometric mean of precision and recall of the pairs that are put together. */
inline double fowlkes_mallows_score(const std::vector<std::int64_t> &labels_true,
                                    const std::vector<std::int64_t> &labels_pred) {
    return detail::agreement(lapwing_fowlkes_mallows_score, labels_true, labels_pred);
}
/** What one labelling tells of the other, in nats. */
inline double mutual_info_score(const std::vector<std::int64_t> &labels_true,
                                const std::vector<std::int64_t> &labels_pred) {
    return detail::agreement(lapwing_mutual_info_score, labels_true, labels_pred);
}
/** The same as a share of an average of the entropies. */
inline double normalized_mutual_info_score(const std::vector<std::int64_t> &labels_true,
                                           const std::vector<std::int64_t> &labels_pred,
                                           EntropyAverage average = EntropyAverage::arithmetic) {
    return detail::agreement(lapwing_normalized_mutual_info_score, labels_true, labels_pred,
                             static_cast<std::int32_t>(average));
}
/** The same less what chance gives; see lapwing_adjusted_mutual_info_score. */
inline double adjusted_mutual_info_score(const std::vector<std::int64_t> &labels_true,
                                         const std::vector<std::int64_t> &labels_pred,
                                         EntropyAverage average = EntropyAverage::arithmetic) {
    return detail::agreement(lapwing_adjusted_mutual_info_score, labels_true, labels_pred,
                             static_cast<std::int32_t>(average));
}
/** How much of the class is known from the cluster. */
inline double homogeneity_score(const std::vector<std::int64_t> &labels_true,
                                const std::vector<std::int64_t> &labels_pred) {
    return detail::agreement(lapwing_homogeneity_score, labels_true, labels_pred);
}
/** How much of the cluster is known from the class. */
inline double completeness_score(const std::vector<std::int64_t> &labels_true,
                                 const std::vector<std::int64_t> &labels_pred) {
    return detail::agreement(lapwing_completeness_score, labels_true, labels_pred);
}
/** The harmonic mean of both, with beta times as much weight on completeness. */
inline double v_measure_score(const std::vector<std::int64_t> &labels_true,
                              const std::vector<std::int64_t> &labels_pred, double beta = 1.0) {
    return detail::agreement(lapwing_v_measure_score, labels_true, labels_pred, beta);
}

/** The silhouette of each row of x by its label; see lapwing_silhouette_samples_f64. */
template <class T>
std::vector<double> silhouette_samples(ConstMatrixView<T> x, const std::vector<std::int64_t> &labels) {
    detail::require_count("labels", labels.size(), x.rows);
    return detail::filled_vector<double>(x.rows, detail::clusters_api<T>::silhouette_samples, detail::input(x),
                                         labels.data());
}
/** Their mean. */
template <class T>
double silhouette_score(ConstMatrixView<T> x, const std::vector<std::int64_t> &labels) {
    return detail::separation(detail::clusters_api<T>::silhouette_score, x, labels);
}
/** How far clusters overlap, 0 at best; see lapwing_davies_bouldin_score_f64. */
template <class T>
double davies_bouldin_score(ConstMatrixView<T> x, const std::vector<std::int64_t> &labels) {
    return detail::separation(detail::clusters_api<T>::davies_bouldin_score, x, labels);
}
/** The variance between clusters over that within; see lapwing_calinski_harabasz_score_f64. */
template <class T>
double calinski_harabasz_score(ConstMatrixView<T> x, const std::vector<std::int64_t> &labels) {
    return detail::separation(detail::clusters_api<T>::calinski_harabasz_score, x, labels);
}

} // namespace lapwing

#include "lapwing_graphs.hpp"

#endif /* LAPWING_CLUSTERS_HPP */
