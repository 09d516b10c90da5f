/* The tests of choices.c in one precision, SCALAR, whose functions end in SUFFIX. Errors are a few roundings of it. */

static int NAME(close)(double found, double expected) {
    const double roundoff = sizeof(SCALAR) == sizeof(float) ? 6e-8 : 1.2e-16;
    return fabs(found - expected) <= 200 * roundoff * (1 + fabs(expected));
}

/* Orthonormal features, 4 samples: y has the coefficients 3 and 1 along them and 0.5 off them, so that for a penalty a the
 * coefficients are those over 1 + a, and the squared residuals 10 (a / (1 + a))^2 + 0.25. */
static void NAME(penalties)(void) {
    static const SCALAR features[] = {0.5, 0.5, 0.5, -0.5, -0.5, 0.5, -0.5, -0.5};
    static const SCALAR y[] = {2.25, 0.75, -1.25, -1.75};
    const struct NAME(lapwing_mat) x = {features, 4, 2, 2, 1}, column = {y, 4, 1, 1, 1};
    const struct NAME(lapwing_vec) target = {y, 4, 1};
    const lapwing_vec_mut_f64 unwanted = {NULL, 0, 0};
    double alpha = 0, alphas[LAPWING_PENALTY_CURVE], residuals[LAPWING_PENALTY_CURVE], solutions[LAPWING_PENALTY_CURVE];
    const lapwing_vec_mut_f64 grid = {alphas, LAPWING_PENALTY_CURVE, 1}, off = {residuals, LAPWING_PENALTY_CURVE, 1},
                              along = {solutions, LAPWING_PENALTY_CURVE, 1};
    EXPECT(LAPWING_OK, NAME(lapwing_generalized_cross_validation)(x, target, LAPWING_INTERCEPT_ZERO, &alpha, grid, off, along,
                                                                  unwanted));
    /* Of the errors 4 (10 (a / (1 + a))^2 + 0.25) / (4 - 2 / (1 + a))^2 that at s = a / (1 + a) is (10 s^2 + 0.25) / (1 + s)^2,
     * whose derivative is 0 at s = 0.025. */
    CHECK(fabs(alpha - 0.025 / 0.975) <= 1e-5);
    for (int i = 0; i < LAPWING_PENALTY_CURVE; ++i) {
        const double left = alphas[i] / (1 + alphas[i]);
        CHECK(i == 0 || alphas[i] > alphas[i - 1]);
        CHECK(NAME(close)(residuals[i], sqrt(10 * left * left + 0.25)));
        CHECK(NAME(close)(solutions[i], sqrt(10) * (1 - left)));
    }
    EXPECT(LAPWING_OK, NAME(lapwing_l_curve)(x, target, LAPWING_INTERCEPT_ZERO, &alpha, unwanted, unwanted, unwanted, unwanted));
    CHECK(alpha > 0 && alpha < 1);
    alpha = -1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "LAPWING_PENALTY_CURVE",
                   NAME(lapwing_l_curve)(x, target, 0, &alpha, (lapwing_vec_mut_f64){alphas, 3, 1}, unwanted, unwanted,
                                         unwanted));
    CHECK(alpha == -1);

    double coefficients[4], errors[2], generalized[2], parameters[2];
    const double penalties[] = {1, 3};
    const lapwing_mat_mut_f64 fits = {coefficients, 2, 2, 2, 1}, left_out = {errors, 2, 1, 1, 1},
                              mean = {generalized, 2, 1, 1, 1};
    EXPECT(LAPWING_OK, NAME(lapwing_ridge_path)(x, column, (lapwing_vec_f64){penalties, 2, 1}, LAPWING_INTERCEPT_ZERO, fits,
                                                left_out, mean, (lapwing_vec_mut_f64){parameters, 2, 1}));
    CHECK(NAME(close)(coefficients[0], 1.5) && NAME(close)(coefficients[1], 0.5));
    CHECK(NAME(close)(coefficients[2], 0.75) && NAME(close)(coefficients[3], 0.25));
    /* All leverages are 1 / (2 (1 + a)), and so both errors are the same. */
    CHECK(NAME(close)(parameters[0], 1) && NAME(close)(parameters[1], 0.5));
    CHECK(NAME(close)(generalized[0], 2.75 / 4 / (0.75 * 0.75)) && NAME(close)(errors[0], generalized[0]));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "alphas",
                   NAME(lapwing_ridge_path)(x, column, (lapwing_vec_f64){(double[]){-1}, 1, 1}, 0,
                                            (lapwing_mat_mut_f64){NULL, 0, 0, 0, 0}, (lapwing_mat_mut_f64){NULL, 0, 0, 0, 0},
                                            (lapwing_mat_mut_f64){NULL, 0, 0, 0, 0}, unwanted));
}

/* Two squares of side 1 far apart: 8 corners, each at a squared distance of 0.5 from the middle of its own. */
static void NAME(clusters)(void) {
    SCALAR corners[8][2];
    for (int i = 0; i < 8; ++i) {
        corners[i][0] = (SCALAR)(100 * (i / 4) + i % 2);
        corners[i][1] = (SCALAR)(i / 2 % 2);
    }
    const struct NAME(lapwing_mat) x = {corners[0], 8, 2, 2, 1};
    const lapwing_k_means_options ten = {.struct_size = sizeof ten, .n_init = 10};
    double inertias[5], gaps[5], errors[5], logarithms[5], expected[5];
    int64_t elbow = 0, n_clusters = 0;
    EXPECT(LAPWING_OK,
           NAME(lapwing_k_means_inertia_curve)(x, 5, &ten, (lapwing_vec_mut_f64){inertias, 5, 1}, &elbow));
    CHECK(elbow == 2 && NAME(close)(inertias[1], 4));
    for (int k = 1; k < 5; ++k) CHECK(inertias[k] <= inertias[k - 1]);
    EXPECT(LAPWING_OK,
           NAME(lapwing_gap_statistic)(x, 5, NULL, &ten, (lapwing_vec_mut_f64){gaps, 5, 1},
                                       (lapwing_vec_mut_f64){errors, 5, 1}, (lapwing_vec_mut_f64){logarithms, 5, 1},
                                       (lapwing_vec_mut_f64){expected, 5, 1}, &n_clusters));
    CHECK(n_clusters == 2 && NAME(close)(logarithms[1], log(4)));
    for (int k = 0; k < 5; ++k) {
        CHECK(NAME(close)(gaps[k], expected[k] - logarithms[k]) && errors[k] >= 0);
        CHECK(NAME(close)(logarithms[k], log(inertias[k])));
    }
    const lapwing_k_means_options two = {.struct_size = sizeof two, .n_clusters = 2};
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "every number of clusters",
                   NAME(lapwing_k_means_inertia_curve)(x, 5, &two, (lapwing_vec_mut_f64){inertias, 5, 1}, NULL));
    EXPECT(LAPWING_ERR_ARGUMENT,
           NAME(lapwing_k_means_inertia_curve)(x, 0, NULL, (lapwing_vec_mut_f64){NULL, 0, 0}, NULL));
}

/* A diagonal matrix has its largest entry for a norm. */
static void NAME(norms)(void) {
    enum { ORDER = 30 };
    static SCALAR dense[ORDER][ORDER], values[ORDER];
    int32_t columns[ORDER], starts[ORDER + 1] = {0};
    double lower = 0, upper = 0, lower_sparse = 0, upper_sparse = 0;
    for (int i = 0; i < ORDER; ++i) {
        dense[i][i] = values[i] = (SCALAR)(i + 1);
        columns[i] = i, starts[i + 1] = i + 1;
    }
    const struct NAME(lapwing_mat) a = {dense[0], ORDER, ORDER, ORDER, 1};
    const struct NAME(lapwing_csr) rows = {values, columns, starts, ORDER, ORDER};
    EXPECT(LAPWING_OK, NAME(lapwing_spectral_norm_bounds)(a, 1, &lower, &upper));
    /* The upper one exceeds the norm by the root of order 9 of 8 times the length of a random vector, here less than 15. */
    CHECK(lower <= 30 * (1 + 1e-5) && 30 <= upper && upper <= pow(8 * 15, 1.0 / 9) * 30 && lower > 20);
    EXPECT(LAPWING_OK, NAME(lapwing_spectral_norm_bounds_sparse)(rows, 1, &lower_sparse, &upper_sparse));
    CHECK(NAME(close)(lower, lower_sparse) && NAME(close)(upper, upper_sparse));
    EXPECT(LAPWING_OK, NAME(lapwing_spectral_norm_bounds)(a, 1, NULL, NULL));
}
