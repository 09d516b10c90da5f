/* The covariances and Gaussians of a rectangle's corners in one precision: most closed forms are exact, or a rounding or two
 * away. */

#include "rectangle_of.h"

static void NAME(covariances)(int layout) {
    lapwing_status (*const fits[])(NAME(lapwing_mat), const lapwing_covariance_options *,
                                   NAME(lapwing_covariance) **) = {
        NAME(lapwing_empirical_covariance_fit), NAME(lapwing_shrunk_covariance_fit), NAME(lapwing_ledoit_wolf_fit),
        NAME(lapwing_oas_fit)};
    NAME(owned) x = NAME(filled)(layout, 4, 2, &CORNERS[0][0]), square = NAME(make)(layout, 2, 2);
    NAME(owned) other = NAME(filled)(layout, 2, 2, (const double[]){1, 2, 2, 4});
    for (int32_t k = 0; k < 4; ++k) {
        NAME(lapwing_covariance) *model = NULL;
        NAME(lapwing_vec) location;
        NAME(lapwing_mat) covariance;
        int64_t features = 0, samples = 0, rank = 0;
        int32_t estimator = -1;
        /* What takes the place of a share of the covariance is 2.5 times the identity. */
        double share = 0;
        EXPECT(LAPWING_OK, fits[k](NAME(read_only)(x), NULL, &model));
        AGAIN(lapwing_covariance, model);
        EXPECT(LAPWING_OK, NAME(lapwing_covariance_estimator)(model, &estimator));
        EXPECT(LAPWING_OK, NAME(lapwing_covariance_location)(model, &location));
        EXPECT(LAPWING_OK, NAME(lapwing_covariance_covariance)(model, &covariance));
        EXPECT(LAPWING_OK, NAME(lapwing_covariance_n_features)(model, &features));
        EXPECT(LAPWING_OK, NAME(lapwing_covariance_n_samples)(model, &samples));
        EXPECT(LAPWING_OK, NAME(lapwing_covariance_rank)(model, &rank));
        if (k > 0) EXPECT(LAPWING_OK, NAME(lapwing_covariance_shrinkage)(model, &share));
        CHECK(estimator == k && features == 2 && samples == 4 && rank == 2 && share >= 0 && share <= 1);
        CHECK(k != 1 || share == 0.1);
        CHECK(location.data[0] == 1 && location.data[location.stride] == 2);
        const double first = 1 - share + 2.5 * share, second = 4 * (1 - share) + 2.5 * share;
        CHECK(NAME(near)(covariance.data[0], first));
        CHECK(NAME(near)(covariance.data[covariance.row_stride + covariance.col_stride], second));
        EXPECT(LAPWING_OK, NAME(lapwing_covariance_precision)(model, square.view));
        CHECK(NAME(is)(square, 1 / first, 0, 0, 1 / second));
        EXPECT(LAPWING_OK, NAME(lapwing_covariance_correlation)(model, square.view));
        CHECK(NAME(is)(square, 1, 0, 0, 1));
        EXPECT(LAPWING_OK, NAME(lapwing_covariance_partial_correlation)(model, square.view));
        CHECK(NAME(is)(square, 1, 0, 0, 1));
        /* Squared distances of 1 / first + 4 / second at every corner. */
        REAL score = 0, likelihood = 0;
        const double expected = -0.5 * (2 * log(2 * PI) + log(first * second) + 1 / first + 4 / second);
        EXPECT(LAPWING_OK, NAME(lapwing_covariance_score)(model, NAME(read_only)(x), &score));
        EXPECT(LAPWING_OK, NAME(lapwing_covariance_log_likelihood)(model, NAME(read_only)(other), &likelihood));
        CHECK(NAME(near)(score, expected) && NAME(near)(likelihood, expected));
        if (k == 0) {
            /* The difference is 2 off the diagonal, twice: 8 squared, 2 in the spectral norm. */
            REAL error = 0;
            EXPECT(LAPWING_OK, NAME(lapwing_covariance_error_norm)(model, NAME(read_only)(other), 0, 0, 0, &error));
            CHECK(NAME(near)(error, 4));
            EXPECT(LAPWING_OK,
                   NAME(lapwing_covariance_error_norm)(model, NAME(read_only)(other), LAPWING_ERROR_SPECTRAL,
                                                       LAPWING_ERROR_NOT_SCALED, LAPWING_ERROR_PLAIN, &error));
            CHECK(NAME(near)(error, 2));
        }
        NAME(lapwing_covariance_free)(model);
    }

    /* In blocks, and merged. */
    NAME(lapwing_running_covariance) *running = NULL, *rest = NULL;
    NAME(lapwing_covariance) *model = NULL;
    NAME(lapwing_mat) covariance, upper = NAME(read_only)(x), lower = upper;
    int64_t count = -1;
    upper.rows = 1, lower.rows = 3, lower.data += lower.row_stride;
    EXPECT(LAPWING_OK, NAME(lapwing_running_covariance_new)(&running));
    EXPECT(LAPWING_OK, NAME(lapwing_running_covariance_new)(&rest));
    EXPECT(LAPWING_OK, NAME(lapwing_running_covariance_n_features)(running, &count));
    CHECK(count == 0);
    EXPECT(LAPWING_OK, NAME(lapwing_running_covariance_partial_fit)(running, upper));
    EXPECT(LAPWING_OK, NAME(lapwing_running_covariance_partial_fit)(rest, lower));
    AGAIN(lapwing_running_covariance, rest);
    EXPECT(LAPWING_OK, NAME(lapwing_running_covariance_merge)(running, rest));
    EXPECT(LAPWING_OK, NAME(lapwing_running_covariance_n_samples)(running, &count));
    CHECK(count == 4);
    const lapwing_covariance_options about_zero = {.struct_size = sizeof about_zero,
                                                   .centring = LAPWING_COVARIANCE_ASSUME_CENTRED};
    EXPECT(LAPWING_OK, NAME(lapwing_running_covariance_empirical)(running, &about_zero, &model));
    EXPECT(LAPWING_OK, NAME(lapwing_covariance_covariance)(model, &covariance));
    CHECK(NAME(near)(covariance.data[0], 2) && NAME(near)(covariance.data[covariance.col_stride], 2));
    NAME(lapwing_covariance_free)(model);
    EXPECT(LAPWING_OK, NAME(lapwing_running_covariance_shrunk)(running, NULL, &model));
    EXPECT(LAPWING_OK, NAME(lapwing_covariance_covariance)(model, &covariance));
    CHECK(NAME(near)(covariance.data[0], 1.15));
    NAME(lapwing_covariance_free)(model);
    EXPECT(LAPWING_OK, NAME(lapwing_running_covariance_oas)(running, NULL, &model));
    NAME(lapwing_covariance_free)(model);
    NAME(lapwing_running_covariance_free)(running), NAME(lapwing_running_covariance_free)(rest);

    /* (1, 2; 2, 16): a correlation of one half; of two features, the partial one is the same. */
    NAME(owned) related = NAME(filled)(layout, 2, 2, (const double[]){1, 2, 2, 16});
    EXPECT(LAPWING_OK, NAME(lapwing_correlation_from_covariance)(NAME(read_only)(related), square.view));
    CHECK(NAME(is)(square, 1, 0.5, 0.5, 1));
    EXPECT(LAPWING_OK, NAME(lapwing_partial_correlation_from_covariance)(NAME(read_only)(related), square.view));
    CHECK(NAME(is)(square, 1, 0.5, 0.5, 1));
    EXPECT(LAPWING_OK, NAME(lapwing_correlation)(NAME(read_only)(x), square.view));
    CHECK(NAME(is)(square, 1, 0, 0, 1));
    EXPECT(LAPWING_OK, NAME(lapwing_partial_correlation)(NAME(read_only)(x), square.view));
    CHECK(NAME(is)(square, 1, 0, 0, 1));
    free(x.memory), free(square.memory), free(other.memory), free(related.memory);
}

/* Nine points of a grid, and one far away. */
static void NAME(outliers_are_left_out)(void) {
    NAME(owned) x = NAME(make)(0, 10, 2);
    for (int i = 0; i < 9; ++i) *NAME(at)(x, i, 0) = (REAL)(i % 3), *NAME(at)(x, i, 1) = (REAL)(i / 3);
    *NAME(at)(x, 9, 0) = *NAME(at)(x, 9, 1) = 1000;
    NAME(lapwing_covariance) *model = NULL;
    NAME(lapwing_vec) location, raw, distances;
    NAME(lapwing_mat) covariance;
    int32_t support[10], raw_support[10], kept = 0;
    int64_t dimension = 0;
    EXPECT(LAPWING_OK, NAME(lapwing_min_cov_det_fit)(NAME(read_only)(x), NULL, &model));
    AGAIN(lapwing_covariance, model);
    EXPECT(LAPWING_OK, NAME(lapwing_covariance_location)(model, &location));
    EXPECT(LAPWING_OK, NAME(lapwing_covariance_raw_location)(model, &raw));
    EXPECT(LAPWING_OK, NAME(lapwing_covariance_raw_covariance)(model, &covariance));
    EXPECT(LAPWING_OK, NAME(lapwing_covariance_distances)(model, &distances));
    EXPECT(LAPWING_OK, NAME(lapwing_covariance_support)(model, support));
    EXPECT(LAPWING_OK, NAME(lapwing_covariance_raw_support)(model, raw_support));
    EXPECT(LAPWING_OK, NAME(lapwing_covariance_support_dimension)(model, &dimension));
    for (int i = 0; i < 10; ++i) kept += raw_support[i];
    CHECK(location.len == 2 && location.data[0] < 3 && raw.len == 2 && covariance.rows == 2 && covariance.cols == 2);
    CHECK(distances.len == 10 && distances.data[9 * distances.stride] > 1000 && dimension >= 1 && dimension <= 2);
    CHECK(support[9] == 0 && raw_support[9] == 0 && kept >= 6 && kept < 10);
    NAME(lapwing_covariance_free)(model);
    free(x.memory);
}

static void NAME(gaussians)(int layout) {
    NAME(owned)
    x = NAME(filled)(layout, 4, 2, &CORNERS[0][0]),
    out = NAME(make)(layout, 4, 1), between = NAME(make)(layout, 4, 4);
    NAME(owned) covariance = NAME(filled)(layout, 2, 2, (const double[]){1, 0, 0, 4}), again = NAME(make)(layout, 2, 2);
    const REAL entries[] = {1, 2, 3, 2};
    const NAME(lapwing_vec) mean = {entries, 2, 1}, shifted = {entries + 2, 2, 1};
    NAME(lapwing_mahalanobis) *metric = NULL;
    NAME(lapwing_vec) location;
    int64_t features = 0, rank = 0, count = -1, indices[4];
    double condition = 0;
    REAL cutoff = 0;
    EXPECT(LAPWING_OK,
           NAME(lapwing_mahalanobis_new)(mean, NAME(read_only)(covariance), LAPWING_SINGULAR_REFUSE, &metric));
    AGAIN(lapwing_mahalanobis, metric);
    EXPECT(LAPWING_OK, NAME(lapwing_mahalanobis_location)(metric, &location));
    EXPECT(LAPWING_OK, NAME(lapwing_mahalanobis_n_features)(metric, &features));
    EXPECT(LAPWING_OK, NAME(lapwing_mahalanobis_rank)(metric, &rank));
    EXPECT(LAPWING_OK, NAME(lapwing_mahalanobis_reciprocal_condition)(metric, &condition));
    CHECK(location.data[0] == 1 && features == 2 && rank == 2 && condition > 0 && condition <= 1);
    EXPECT(LAPWING_OK, NAME(lapwing_mahalanobis_distances)(metric, NAME(read_only)(x), NAME(column)(out)));
    CHECK(NAME(near)(*NAME(at)(out, 3, 0), sqrt(2)));
    EXPECT(LAPWING_OK, NAME(lapwing_mahalanobis_off_support)(metric, NAME(read_only)(x), NAME(column)(out)));
    CHECK(*NAME(at)(out, 3, 0) == 0);
    EXPECT(LAPWING_OK, NAME(lapwing_mahalanobis_squared_distances)(metric, NAME(read_only)(x), NAME(column)(out)));
    CHECK(NAME(near)(*NAME(at)(out, 0, 0), 2));
    /* With two degrees of freedom, chi-square survives with exp(-x / 2). */
    const NAME(lapwing_vec) squared = {out.view.data, 4, out.view.row_stride};
    NAME(owned) survival = NAME(make)(layout, 4, 1);
    EXPECT(LAPWING_OK, NAME(lapwing_mahalanobis_p_values)(metric, squared, NAME(column)(survival)));
    CHECK(NAME(near)(*NAME(at)(survival, 1, 0), exp(-1)));
    EXPECT(LAPWING_OK, NAME(lapwing_mahalanobis_cutoff)(metric, 0.5, &cutoff));
    CHECK(NAME(near)(cutoff, 2 * log(2)));
    EXPECT(LAPWING_OK, NAME(lapwing_mahalanobis_outliers)(metric, NAME(read_only)(x), 0.5, indices, &count,
                                                          NAME(column)(out), NAME(column)(survival)));
    CHECK(count == 4 && indices[0] == 0 && indices[3] == 3 && NAME(near)(*NAME(at)(survival, 2, 0), exp(-1)));
    EXPECT(LAPWING_OK, NAME(lapwing_mahalanobis_outliers)(metric, NAME(read_only)(x), 0.9, NULL, &count,
                                                          (NAME(lapwing_vec_mut)){0}, (NAME(lapwing_vec_mut)){0}));
    CHECK(count == 0);
    EXPECT(LAPWING_OK,
           NAME(lapwing_mahalanobis_distances_between)(metric, NAME(read_only)(x), NAME(read_only)(x), between.view));
    CHECK(*NAME(at)(between, 1, 1) == 0 && NAME(near)(*NAME(at)(between, 0, 2), 2));
    EXPECT(LAPWING_OK, NAME(lapwing_mahalanobis_squared_distances_between)(metric, NAME(read_only)(x),
                                                                           NAME(read_only)(x), between.view));
    CHECK(NAME(near)(*NAME(at)(between, 0, 3), 8));
    NAME(lapwing_mahalanobis_free)(metric);

    NAME(lapwing_multivariate_normal) *normal = NULL, *other = NULL, *part = NULL;
    REAL value = 0;
    EXPECT(LAPWING_OK, NAME(lapwing_multivariate_normal_new)(mean, NAME(read_only)(covariance), &normal));
    EXPECT(LAPWING_OK, NAME(lapwing_multivariate_normal_new)(shifted, NAME(read_only)(covariance), &other));
    AGAIN(lapwing_multivariate_normal, normal);
    EXPECT(LAPWING_OK, NAME(lapwing_multivariate_normal_mean)(normal, &location));
    EXPECT(LAPWING_OK, NAME(lapwing_multivariate_normal_covariance)(normal, again.view));
    EXPECT(LAPWING_OK, NAME(lapwing_multivariate_normal_n_features)(normal, &features));
    CHECK(location.data[location.stride] == 2 && NAME(is)(again, 1, 0, 0, 4) && features == 2);
    const double at_corner = -log(2 * PI) - log(2) - 1;
    EXPECT(LAPWING_OK, NAME(lapwing_multivariate_normal_log_density)(normal, NAME(read_only)(x), NAME(column)(out)));
    CHECK(NAME(near)(*NAME(at)(out, 1, 0), at_corner));
    EXPECT(LAPWING_OK, NAME(lapwing_multivariate_normal_density)(normal, NAME(read_only)(x), NAME(column)(out)));
    CHECK(NAME(near)(*NAME(at)(out, 1, 0), exp(at_corner)));
    EXPECT(LAPWING_OK, NAME(lapwing_multivariate_normal_entropy)(normal, &value));
    CHECK(NAME(near)(value, 1 + log(2 * PI) + log(2)));
    /* The means are two standard deviations apart. */
    EXPECT(LAPWING_OK, NAME(lapwing_multivariate_normal_kl_divergence)(normal, other, &value));
    CHECK(NAME(near)(value, 2));
    EXPECT(LAPWING_OK, NAME(lapwing_multivariate_normal_bhattacharyya)(normal, other, &value));
    CHECK(NAME(near)(value, 0.5));
    EXPECT(LAPWING_OK, NAME(lapwing_multivariate_normal_mahalanobis)(normal, &metric));
    EXPECT(LAPWING_OK, NAME(lapwing_mahalanobis_rank)(metric, &rank));
    CHECK(rank == 2);
    const int64_t second = 1;
    EXPECT(LAPWING_OK, NAME(lapwing_multivariate_normal_marginal)(normal, &second, 1, &part));
    EXPECT(LAPWING_OK, NAME(lapwing_multivariate_normal_mean)(part, &location));
    CHECK(location.len == 1 && location.data[0] == 2);
    NAME(lapwing_multivariate_normal_free)(part);
    EXPECT(LAPWING_OK, NAME(lapwing_multivariate_normal_conditional)(normal, &second, 1,
                                                                     (NAME(lapwing_vec)){entries, 1, 1}, &part));
    EXPECT(LAPWING_OK, NAME(lapwing_multivariate_normal_mean)(part, &location));
    CHECK(location.len == 1 && location.data[0] == 1);
    NAME(owned) drawn = NAME(make)(layout, 4, 2);
    EXPECT(LAPWING_OK, NAME(lapwing_multivariate_normal_sample)(normal, 3, drawn.view));
    EXPECT(LAPWING_OK, NAME(lapwing_multivariate_normal_sample)(normal, 3, x.view));
    for (int64_t i = 0; i < 4; ++i)
        CHECK(*NAME(at)(drawn, i, 1) == *NAME(at)(x, i, 1) && fabs(*NAME(at)(x, i, 0)) < 10);
    NAME(lapwing_multivariate_normal_free)(normal), NAME(lapwing_multivariate_normal_free)(other);
    NAME(lapwing_multivariate_normal_free)(part), NAME(lapwing_mahalanobis_free)(metric);
    free(x.memory), free(out.memory), free(between.memory), free(covariance.memory), free(again.memory);
    free(survival.memory), free(drawn.memory);
}

static void NAME(statistics)(int layout) {
    NAME(covariances)(layout);
    NAME(gaussians)(layout);
    NAME(outliers_are_left_out)();
}
