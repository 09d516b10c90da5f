/* Transforms, discriminants and metrics of a rectangle's corners in one precision: most closed forms are exact, or a rounding or two
 * away. */

#include "rectangle_of.h"

static void NAME(transforms)(int layout) {
    NAME(owned)
    x = NAME(filled)(layout, 4, 2, &CORNERS[0][0]),
    out = NAME(make)(layout, 4, 2), back = NAME(make)(layout, 4, 2);
    NAME(owned) terms = NAME(make)(layout, 4, 6), square = NAME(make)(layout, 2, 2);
    lapwing_standard_scaler *scaler = NULL, *both = NULL;
    lapwing_vec_f64 mean, variance, scale;
    double seen = 0;
    EXPECT(LAPWING_OK, NAME(lapwing_standard_scaler_fit)(NAME(read_only)(x), (NAME(lapwing_vec)){0}, NULL, &scaler));
    EXPECT(LAPWING_OK, lapwing_standard_scaler_mean(scaler, &mean));
    EXPECT(LAPWING_OK, lapwing_standard_scaler_variance(scaler, &variance));
    EXPECT(LAPWING_OK, lapwing_standard_scaler_scale(scaler, &scale));
    CHECK(mean.data[0] == 1 && mean.data[mean.stride] == 2 && variance.data[variance.stride] == 4 &&
          scale.data[scale.stride] == 2);
    EXPECT(LAPWING_OK, NAME(lapwing_standard_scaler_transform)(scaler, NAME(read_only)(x), out.view));
    CHECK(*NAME(at)(out, 0, 1) == -1 && *NAME(at)(out, 3, 0) == 1);
    EXPECT(LAPWING_OK, NAME(lapwing_standard_scaler_inverse_transform)(scaler, NAME(read_only)(out), back.view));
    CHECK(*NAME(at)(back, 3, 1) == 4);
    EXPECT(LAPWING_OK, lapwing_standard_scaler_merged(scaler, scaler, &both));
    EXPECT(LAPWING_OK, lapwing_standard_scaler_n_samples_seen(both, &seen));
    CHECK(seen == 8);
    lapwing_standard_scaler_free(scaler), lapwing_standard_scaler_free(both);
    /* The last two corners, by weights. */
    const REAL weights[] = {0, 0, 1, 1};
    EXPECT(LAPWING_OK,
           NAME(lapwing_standard_scaler_fit)(NAME(read_only)(x), (NAME(lapwing_vec)){weights, 4, 1}, NULL, &scaler));
    EXPECT(LAPWING_OK, lapwing_standard_scaler_mean(scaler, &mean));
    EXPECT(LAPWING_OK, lapwing_standard_scaler_scale(scaler, &scale));
    CHECK(mean.data[mean.stride] == 4 && scale.data[scale.stride] == 1);
    lapwing_standard_scaler_free(scaler);

    lapwing_polynomial_features *polynomial = NULL;
    int64_t powers[12], features = 0, count = 0;
    EXPECT(LAPWING_OK, lapwing_polynomial_features_new(2, NULL, &polynomial));
    EXPECT(LAPWING_OK, lapwing_polynomial_features_n_features(polynomial, &features));
    EXPECT(LAPWING_OK, lapwing_polynomial_features_n_output_features(polynomial, &count));
    EXPECT(LAPWING_OK, lapwing_polynomial_features_powers(polynomial, powers));
    CHECK(features == 2 && count == 6 && powers[0] == 0 && powers[8] == 1 && powers[9] == 1 && powers[11] == 2);
    EXPECT(LAPWING_OK, NAME(lapwing_polynomial_features_transform)(polynomial, NAME(read_only)(x), terms.view));
    const double expected[] = {1, 2, 4, 4, 8, 16};
    for (int64_t j = 0; j < 6; ++j) CHECK(*NAME(at)(terms, 3, j) == expected[j]);
    lapwing_polynomial_features_free(polynomial);

    /* With n - 1 in the denominator, the variances are 4/3 and 16/3; every method divides by their roots. */
    for (int32_t method = LAPWING_WHITENING_ZCA; method <= LAPWING_WHITENING_CHOLESKY; ++method) {
        const lapwing_whitening_options options = {.struct_size = sizeof options, .method = method};
        NAME(lapwing_whitening) *whitening = NULL;
        int32_t found = -1;
        int64_t samples = 0;
        EXPECT(LAPWING_OK, NAME(lapwing_whitening_fit)(NAME(read_only)(x), &options, &whitening));
        AGAIN(lapwing_whitening, whitening);
        EXPECT(LAPWING_OK, NAME(lapwing_whitening_method)(whitening, &found));
        EXPECT(LAPWING_OK, NAME(lapwing_whitening_n_features)(whitening, &features));
        EXPECT(LAPWING_OK, NAME(lapwing_whitening_n_samples)(whitening, &samples));
        CHECK(found == method && features == 2 && samples == 4);
        EXPECT(LAPWING_OK, NAME(lapwing_whitening_transform)(whitening, NAME(read_only)(x), out.view));
        for (int64_t j = 0; j < 2; ++j) {
            double sum = 0;
            for (int64_t i = 0; i < 4; ++i) sum += *NAME(at)(out, i, j) * *NAME(at)(out, i, j);
            CHECK(NAME(near)(sum, 3));
        }
        EXPECT(LAPWING_OK, NAME(lapwing_whitening_inverse_transform)(whitening, NAME(read_only)(out), back.view));
        CHECK(NAME(near)(*NAME(at)(back, 3, 0), 2) && NAME(near)(*NAME(at)(back, 3, 1), 4));
        if (method == LAPWING_WHITENING_ZCA) {
            EXPECT(LAPWING_OK, NAME(lapwing_whitening_matrix)(whitening, square.view));
            CHECK(NAME(is)(square, sqrt(0.75), 0, 0, sqrt(0.1875)));
            EXPECT(LAPWING_OK, NAME(lapwing_whitening_inverse_matrix)(whitening, square.view));
            CHECK(NAME(is)(square, sqrt(4 / 3.0), 0, 0, sqrt(16 / 3.0)));
            NAME(lapwing_mat_mut) row = square.view;
            EXPECT(LAPWING_OK,
                   NAME(lapwing_whitening_mean)(whitening, (NAME(lapwing_vec_mut)){row.data, 2, row.col_stride}));
            CHECK(*NAME(at)(square, 0, 0) == 1 && *NAME(at)(square, 0, 1) == 2);
        }
        NAME(lapwing_whitening_free)(whitening);
    }
    free(x.memory), free(out.memory), free(back.memory), free(terms.memory), free(square.memory);
}

/* Two crosses, about (0, 0) and (4, 0), with variance 1/2 in both directions. */
static void NAME(discriminants)(int layout) {
    const double crosses[] = {1, 0, -1, 0, 0, 1, 0, -1, 5, 0, 3, 0, 4, 1, 4, -1};
    const int64_t labels[] = {9, 9, 9, 9, -2, -2, -2, -2};
    const double halves[] = {0.5, 0.5};
    const lapwing_vec_f64 equal = {halves, 2, 1};
    NAME(owned)
    x = NAME(filled)(layout, 8, 2, crosses),
    values = NAME(make)(layout, 8, 2), axis = NAME(make)(layout, 2, 1);
    NAME(owned) square = NAME(make)(layout, 2, 2), scores = NAME(make)(layout, 8, 1);
    for (int32_t solver = LAPWING_DISCRIMINANT_SVD; solver <= LAPWING_DISCRIMINANT_EIGEN + 1; ++solver) {
        const lapwing_discriminant_options options = {.struct_size = sizeof options, .solver = solver};
        NAME(lapwing_discriminant) *model = NULL;
        const int quadratic = solver > LAPWING_DISCRIMINANT_EIGEN;
        int64_t classes[2] = {0}, predicted[8], count = 0, features = 0;
        int32_t analysis = -1;
        double score = 0;
        lapwing_vec_f64 priors;
        if (quadratic)
            EXPECT(LAPWING_OK,
                   NAME(lapwing_quadratic_discriminant_fit)(NAME(read_only)(x), labels, equal, NULL, &model));
        else
            EXPECT(LAPWING_OK,
                   NAME(lapwing_linear_discriminant_fit)(NAME(read_only)(x), labels, equal, &options, &model));
        AGAIN(lapwing_discriminant, model);
        EXPECT(LAPWING_OK, NAME(lapwing_discriminant_analysis)(model, &analysis));
        EXPECT(LAPWING_OK, NAME(lapwing_discriminant_n_classes)(model, &count));
        EXPECT(LAPWING_OK, NAME(lapwing_discriminant_n_features)(model, &features));
        EXPECT(LAPWING_OK, NAME(lapwing_discriminant_classes)(model, classes));
        EXPECT(LAPWING_OK, NAME(lapwing_discriminant_priors)(model, &priors));
        CHECK(analysis == quadratic && count == 2 && features == 2 && classes[0] == -2 && classes[1] == 9);
        CHECK(priors.len == 2 && priors.data[0] == 0.5);
        EXPECT(LAPWING_OK, NAME(lapwing_discriminant_means)(model, square.view));
        CHECK(NAME(is)(square, 4, 0, 0, 0));
        EXPECT(LAPWING_OK, NAME(lapwing_discriminant_predict)(model, NAME(read_only)(x), predicted));
        CHECK(memcmp(predicted, labels, sizeof labels) == 0);
        EXPECT(LAPWING_OK, NAME(lapwing_discriminant_score)(model, NAME(read_only)(x), labels, &score));
        CHECK(score == 1);
        EXPECT(LAPWING_OK, NAME(lapwing_discriminant_decision_function)(model, NAME(read_only)(x), values.view));
        CHECK(*NAME(at)(values, 0, 1) > *NAME(at)(values, 0, 0) && *NAME(at)(values, 7, 0) > *NAME(at)(values, 7, 1));
        EXPECT(LAPWING_OK,
               NAME(lapwing_discriminant_predict_log_probabilities)(model, NAME(read_only)(x), values.view));
        const double logarithm = *NAME(at)(values, 0, 1);
        EXPECT(LAPWING_OK, NAME(lapwing_discriminant_predict_probabilities)(model, NAME(read_only)(x), values.view));
        CHECK(NAME(near)(*NAME(at)(values, 0, 1), exp(logarithm)) &&
              NAME(near)(*NAME(at)(values, 0, 0) + *NAME(at)(values, 0, 1), 1));
        if (quadratic) {
            EXPECT(LAPWING_OK, NAME(lapwing_discriminant_class_covariance)(model, 1, square.view));
            CHECK(NAME(is)(square, 0.5, 0, 0, 0.5));
        } else {
            EXPECT(LAPWING_OK, NAME(lapwing_discriminant_coefficients)(model, square.view));
            CHECK(*NAME(at)(square, 0, 0) > 0 && NAME(near)(*NAME(at)(square, 0, 0), -*NAME(at)(square, 1, 0)));
            EXPECT(LAPWING_OK, NAME(lapwing_discriminant_intercept)(model, NAME(column)(axis)));
            CHECK(*NAME(at)(axis, 1, 0) > *NAME(at)(axis, 0, 0));
            EXPECT(LAPWING_OK, NAME(lapwing_discriminant_overall_mean)(model, NAME(column)(axis)));
            CHECK(NAME(near)(*NAME(at)(axis, 0, 0), 2) && NAME(near)(*NAME(at)(axis, 1, 0), 0));
        }
        if (!quadratic && solver != LAPWING_DISCRIMINANT_LEAST_SQUARES) {
            EXPECT(LAPWING_OK, NAME(lapwing_discriminant_n_components)(model, &count));
            CHECK(count == 1);
            EXPECT(LAPWING_OK, NAME(lapwing_discriminant_scalings)(model, axis.view));
            CHECK(*NAME(at)(axis, 0, 0) > 1 && NAME(near)(*NAME(at)(axis, 1, 0), 0));
            const double step = 4 * *NAME(at)(axis, 0, 0);
            EXPECT(LAPWING_OK, NAME(lapwing_discriminant_transform)(model, NAME(read_only)(x), scores.view));
            CHECK(NAME(near)(*NAME(at)(scores, 4, 0) - *NAME(at)(scores, 0, 0), step));
            NAME(lapwing_vec_mut) ratio = NAME(column)(axis);
            ratio.len = 1;
            EXPECT(LAPWING_OK, NAME(lapwing_discriminant_explained_variance_ratio)(model, ratio));
            CHECK(NAME(near)(*NAME(at)(axis, 0, 0), 1));
        }
        if (solver == LAPWING_DISCRIMINANT_EIGEN) {
            EXPECT(LAPWING_OK, NAME(lapwing_discriminant_covariance)(model, square.view));
            CHECK(NAME(is)(square, 0.5, 0, 0, 0.5));
        }
        NAME(lapwing_discriminant_free)(model);
    }
    free(x.memory), free(values.memory), free(axis.memory), free(square.memory), free(scores.memory);
}

/* Observed 1, 2, 3, 6 with variance 7/2; residuals 0, -1, 1, 0. The second target is predicted by 1 too much. */
static void NAME(metrics)(int layout) {
    const double observed[] = {1, 1, 2, 2, 3, 3, 6, 6}, predicted[] = {1, 2, 3, 3, 2, 4, 6, 7};
    NAME(owned) y = NAME(filled)(layout, 4, 2, observed), guess = NAME(filled)(layout, 4, 2, predicted);
    const NAME(lapwing_mat) y_true = NAME(read_only)(y), y_pred = NAME(read_only)(guess);
    const NAME(lapwing_vec) none = {0};
    const REAL once[] = {0, 1, 0, 0};
    double value = 0;
    EXPECT(LAPWING_OK, NAME(lapwing_r2_score)(y_true, y_pred, none, LAPWING_AVERAGE_UNIFORM, &value));
    CHECK(fabs(value - (1 - 1.5 / 7)) < 1e-15);
    EXPECT(LAPWING_OK,
           NAME(lapwing_explained_variance_score)(y_true, y_pred, none, LAPWING_AVERAGE_VARIANCE_WEIGHTED, &value));
    CHECK(fabs(value - (1 - 0.5 / 7)) < 1e-15);
    EXPECT(LAPWING_OK, NAME(lapwing_mean_squared_error)(y_true, y_pred, none, &value));
    CHECK(value == 0.75);
    EXPECT(LAPWING_OK, NAME(lapwing_root_mean_squared_error)(y_true, y_pred, none, &value));
    CHECK(fabs(value - (sqrt(0.5) + 1) / 2) < 1e-15);
    EXPECT(LAPWING_OK, NAME(lapwing_mean_absolute_error)(y_true, y_pred, none, &value));
    CHECK(value == 0.75);
    EXPECT(LAPWING_OK, NAME(lapwing_mean_absolute_error)(y_true, y_pred, (NAME(lapwing_vec)){once, 4, 1}, &value));
    CHECK(value == 1);
    free(y.memory), free(guess.memory);
}

static void NAME(preparations)(int layout) {
    NAME(transforms)(layout);
    NAME(discriminants)(layout);
    NAME(metrics)(layout);
}
