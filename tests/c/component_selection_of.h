/* The choice of a number of components in one precision: closed forms, and scikit-learn's likelihoods. */

#include "matrix_of.h"

#ifndef COMPONENT_SELECTION_REFERENCE
#define COMPONENT_SELECTION_REFERENCE
enum { CURVE = 100, FACTORIAL = 8, TREATMENTS = 3, PLANTED = 150, BEHIND = 12, TRIED = 6, SAMPLES = 10, FEATURES = 3 };

static const double SAMPLE[SAMPLES][FEATURES] = {{4, 1, 0},  {-3, 2, 1}, {7, -2, 0},  {-6, -1, -1}, {2, 3, 1},
                                                 {-1, -3, 0}, {5, 0, -1}, {-4, 2, 0}, {1, -1, 1},   {-5, 0, -1}};
/* What scikit-learn 1.9.1 answers: cross_val_score(PCA(k, svd_solver="full"), SAMPLE, cv=KFold(folds)) for k = 1, 2, 3. */
static const double TWO_FOLDS[FEATURES][2] = {{-7.031699450693532, -6.489958780943395},
                                              {-6.917903728041277, -7.754529217487155},
                                              {-6.917903728041277, -7.754529217487158}};
static const double FIVE_FOLDS[FEATURES][5] = {
    {-6.315317404402002, -7.477002589906917, -8.848342647146877, -6.32572365189485, -5.954169055806016},
    {-5.920487760510801, -6.928277303371608, -7.538181622470457, -6.763606734806263, -6.468583679859234},
    {-5.920487760510801, -6.928277303371619, -7.5381816224704545, -6.763606734806263, -6.468583679859233}};
#endif

/* The elbow of 1/x between 1 and n, where the slope is that of the chord, is at the root of n. */
static void NAME(elbows_are_found)(void) {
    REAL curve[2 * CURVE];
    int64_t count = -1;
    for (int i = 0; i < CURVE; ++i) curve[2 * i] = 1 / (REAL)(i + 1), curve[2 * i + 1] = (REAL)NAN;
    const NAME(lapwing_vec) hyperbola = {curve, CURVE, 2};
    EXPECT(LAPWING_OK, NAME(lapwing_elbow)(hyperbola, &count));
    CHECK(count == 9);
    const REAL line[] = {1, 2, 3, 4, 5}, bent[] = {5, 4.5, 4, 0.25, 0.125};
    const NAME(lapwing_vec) falling = {line + 4, 5, -1}, rising = {line, 5, 1}, corner = {bent, 5, 1}, nothing = {NULL, 0, 1};
    EXPECT(LAPWING_OK, NAME(lapwing_elbow)(falling, &count));
    CHECK(count == 5);
    EXPECT(LAPWING_OK, NAME(lapwing_elbow)(corner, &count));
    CHECK(count == 3);
    EXPECT(LAPWING_OK, NAME(lapwing_elbow)(nothing, &count));
    CHECK(count == 0);
    count = 77;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "values is increasing at 1", NAME(lapwing_elbow)(rising, &count));
    const NAME(lapwing_vec) packed = {curve, CURVE, 1}, absent = {NULL, 3, 1}, negative = {line, -1, 1};
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "values[1, 0]", NAME(lapwing_elbow)(packed, &count));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "values.data is NULL", NAME(lapwing_elbow)(absent, &count));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "values has -1 entries", NAME(lapwing_elbow)(negative, &count));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "n_components is NULL", NAME(lapwing_elbow)(falling, NULL));
    CHECK(count == 77);
}

/* All combinations of low and high: columns that are orthogonal once they are centred, at distances of 1, 2 and 3. */
static NAME(owned) NAME(factorial)(int layout) {
    NAME(owned) x = NAME(make)(layout, FACTORIAL, TREATMENTS);
    for (int64_t i = 0; i < FACTORIAL; ++i)
        for (int64_t j = 0; j < TREATMENTS; ++j) *NAME(at)(x, i, j) = (REAL)(10 + 2 * (j + 1) * (i >> j & 1));
    return x;
}

/* Variances are those of the columns, 8 d^2 / 7, and correlations all 1. A draw keeps the sum of the variances, and its
 * largest eigenvalue is at least its largest variance: nothing exceeds chance. */
static void NAME(variances_are_those_of_the_design)(int layout) {
    NAME(owned) x = NAME(factorial)(layout);
    for (int32_t association = 0; association < 2; ++association) {
        const lapwing_parallel_analysis_options options = {.struct_size = sizeof options, .iterations = 7, .quantile = 1,
                                                           .association = association};
        double observed[2 * TREATMENTS], thresholds[TREATMENTS];
        const lapwing_vec_mut_f64 to_observed = {observed + 2 * (TREATMENTS - 1), TREATMENTS, -2};
        const lapwing_vec_mut_f64 to_thresholds = {thresholds, TREATMENTS, 1}, unwanted = {NULL, 0, 0};
        int64_t count = -1;
        EXPECT(LAPWING_OK, NAME(lapwing_parallel_analysis)(NAME(read_only)(x), &options, &count, to_observed, to_thresholds));
        double total = 0;
        for (int k = 0; k < TREATMENTS; ++k) {
            const double distance = association == LAPWING_ASSOCIATION_CORRELATION ? 1 : TREATMENTS - k;
            const double exact = association == LAPWING_ASSOCIATION_CORRELATION ? 1 : 8 * distance * distance / 7;
            /* 60 * TREATMENTS roundings of the largest, in double precision. */
            CHECK(fabs(observed[2 * (TREATMENTS - 1 - k)] - exact) <= 60 * TREATMENTS * 11 * DBL_EPSILON);
            total += exact;
        }
        CHECK(thresholds[0] >= observed[2 * (TREATMENTS - 1)] * (1 - 1e-14) && thresholds[0] <= total);
        CHECK(count == 0 || fabs(thresholds[0] - observed[2 * (TREATMENTS - 1)]) < 1e-12);
        EXPECT(LAPWING_OK, NAME(lapwing_parallel_analysis)(NAME(read_only)(x), &options, &count, unwanted, unwanted));
    }
    free(x.memory);
}

/* The default is 100 draws of permuted columns, their covariances, and the quantile 0.95: what is said so has the same
 * bits. */
static void NAME(defaults_are_what_they_say)(void) {
    const lapwing_parallel_analysis_options said = {.struct_size = sizeof said, .iterations = 100, .quantile = 0.95};
    NAME(owned) x = NAME(factorial)(0);
    double first[TREATMENTS], second[TREATMENTS];
    const lapwing_vec_mut_f64 to_first = {first, TREATMENTS, 1}, to_second = {second, TREATMENTS, 1}, unwanted = {NULL, 0, 0};
    int64_t count = -1, again = -1;
    EXPECT(LAPWING_OK, NAME(lapwing_parallel_analysis)(NAME(read_only)(x), NULL, &count, unwanted, to_first));
    EXPECT(LAPWING_OK, NAME(lapwing_parallel_analysis)(NAME(read_only)(x), &said, &again, unwanted, to_second));
    CHECK(count == again && memcmp(first, second, sizeof first) == 0);
    free(x.memory);
}

/* Three factors, each behind four of twelve features. */
static void NAME(planted_factors_are_found)(void) {
    NAME(owned) x = NAME(make)(0, PLANTED, BEHIND), factors = NAME(make)(0, PLANTED, 3);
    NAME(scatter)(x, 1), NAME(scatter)(factors, 2);
    for (int64_t i = 0; i < PLANTED; ++i)
        for (int64_t j = 0; j < BEHIND; ++j) *NAME(at)(x, i, j) += 2 * *NAME(at)(factors, i, j / 4);
    const lapwing_vec_mut_f64 unwanted = {NULL, 0, 0};
    const lapwing_mat_mut_f64 no_scores = {NULL, 0, 0, 0, 0};
    int64_t count = -1;
    for (int32_t null_model = 0; null_model < 2; ++null_model) {
        const lapwing_parallel_analysis_options options = {.struct_size = sizeof options, .iterations = 10, .seed = 4,
                                                           .null_model = null_model};
        double first[BEHIND], second[BEHIND];
        const lapwing_vec_mut_f64 to_first = {first, BEHIND, 1}, to_second = {second, BEHIND, 1};
        EXPECT(LAPWING_OK, NAME(lapwing_parallel_analysis)(NAME(read_only)(x), &options, &count, unwanted, to_first));
        CHECK(count == 3);
        EXPECT(LAPWING_OK, NAME(lapwing_parallel_analysis)(NAME(read_only)(x), &options, &count, unwanted, to_second));
        CHECK(memcmp(first, second, sizeof first) == 0); /* The seed decides every draw. */
    }
    static const int64_t candidates[TRIED] = {0, 1, 2, 3, 4, 8};
    EXPECT(LAPWING_OK, NAME(lapwing_likelihood_validation)(NAME(read_only)(x), candidates, TRIED, NULL, &count, unwanted, no_scores));
    CHECK(count == 3);
    const lapwing_likelihood_validation_options shuffled = {.struct_size = sizeof shuffled, .order = LAPWING_FOLDS_SHUFFLED};
    EXPECT(LAPWING_OK,
           NAME(lapwing_likelihood_validation)(NAME(read_only)(x), candidates, TRIED, &shuffled, &count, unwanted, no_scores));
    CHECK(count == 3);
    free(x.memory), free(factors.memory);
}

/* A variance holds to 60 * SAMPLES roundings of the largest, which is 60 times the smallest, or less; a squared distance in
 * units of it, of which the largest is below 30, to twice that. */
static void NAME(likelihoods_are_those_of_scikit_learn)(int layout) {
    const double bound = 2 * 60 * SAMPLES * 60 * 30 * UNIT_ROUNDOFF;
    NAME(owned) x = NAME(make)(layout, SAMPLES, FEATURES);
    for (int64_t i = 0; i < SAMPLES; ++i)
        for (int64_t j = 0; j < FEATURES; ++j) *NAME(at)(x, i, j) = (REAL)SAMPLE[i][j];
    for (int folds = 2; folds <= 5; folds += 3) {
        const lapwing_likelihood_validation_options options = {.struct_size = sizeof options, .folds = folds == 5 ? 0 : 2};
        const double *expected = folds == 5 ? FIVE_FOLDS[0] : TWO_FOLDS[0];
        const int64_t candidates[] = {1, 2, 3};
        double means[FEATURES], scores[FEATURES * 5];
        const lapwing_vec_mut_f64 to_means = {means, FEATURES, 1};
        const lapwing_mat_mut_f64 to_scores = {scores, FEATURES, folds, 1, FEATURES};
        int64_t count = -1;
        EXPECT(LAPWING_OK, NAME(lapwing_likelihood_validation)(NAME(read_only)(x), candidates, FEATURES, &options, &count,
                                                               to_means, to_scores));
        for (int k = 0; k < FEATURES; ++k) {
            double sum = 0;
            for (int fold = 0; fold < folds; ++fold) {
                CHECK(fabs(scores[k + fold * FEATURES] - expected[k * folds + fold]) <= bound);
                sum += scores[k + fold * FEATURES];
            }
            CHECK(fabs(means[k] - sum / folds) <= 64 * DBL_EPSILON);
        }
        /* All three components, and two with the noise of the third, are the same model: rounding decides. */
        CHECK(folds == 2 ? count == 1 : count == 2 || count == 3);
    }
    free(x.memory);
}

static void NAME(component_selection)(void) {
    NAME(elbows_are_found)();
    for (int layout = 0; layout < LAYOUTS; ++layout) {
        NAME(variances_are_those_of_the_design)(layout);
        NAME(likelihoods_are_those_of_scikit_learn)(layout);
    }
    NAME(defaults_are_what_they_say)();
    NAME(planted_factors_are_found)();
}
