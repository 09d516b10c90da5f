/* Singular triplets, eigenpairs and definite systems of the path, in layouts of all kinds. */

#include "path_of.h"

/* The j-th largest singular value of the differences, and the 2-norms of a * v - s * u, against the truth and a bound. */
static void NAME(triplets_hold)(const REAL *s, NAME(owned) u, NAME(owned) vt, double bound) {
    for (int64_t j = 0; j < K; ++j) {
        CHECK(fabs((double)s[j] - sqrt(NAME(eigenvalue)(ORDER - j))) <= bound);
        double forward = 0, backward = 0;
        for (int64_t i = 0; i < ORDER; ++i)
            forward += pow((double)*NAME(at)(vt, j, i + 1) - (double)*NAME(at)(vt, j, i) -
                               (double)s[j] * (double)*NAME(at)(u, i, j), 2);
        for (int64_t i = 0; i <= ORDER; ++i)
            backward += pow((i > 0 ? (double)*NAME(at)(u, i - 1, j) : 0) - (i < ORDER ? (double)*NAME(at)(u, i, j) : 0) -
                                (double)s[j] * (double)*NAME(at)(vt, j, i), 2);
        CHECK(sqrt(forward) <= bound && sqrt(backward) <= bound);
    }
}

static void NAME(singular_triplets)(int layout) {
    NAME(rows) memory;
    const NAME(lapwing_csr) a = NAME(differences)(&memory);
    NAME(owned) u = NAME(make)(layout, ORDER, K), vt = NAME(make)(layout, K, ORDER + 1);
    REAL s[K], residuals[K], again[K];
    NAME(scatter)(u, 1), NAME(scatter)(vt, 2); /* What was there before does not matter. */
    /* The default tolerance, relative to the largest singular value, which is below 2. */
    const double bound = 2 * 100 * UNIT_ROUNDOFF + ROUNDING;
    EXPECT(LAPWING_OK, NAME(lapwing_partial_svd)(a, K, NULL, NAME(list)(s, K), u.view, vt.view,
                                                 NAME(list)(residuals, K)));
    NAME(triplets_hold)(s, u, vt, bound);
    for (int j = 0; j < K; ++j) CHECK(residuals[j] >= 0 && (double)residuals[j] <= bound);
    EXPECT(LAPWING_OK, NAME(lapwing_partial_svd)(a, K, NULL, NAME(list)(again, K), NAME(no_matrix), NAME(no_matrix),
                                                 NAME(no_list)));
    for (int j = 0; j < K; ++j) CHECK(again[j] == s[j]);

    instructions mine = {ORDER, 0, 0, 0}, watched = {ORDER, 0, 0, 0};
    const NAME(lapwing_operator) op = {ORDER, ORDER + 1, NAME(first), NAME(first_transposed), &mine};
    lapwing_iteration_options options = {.struct_size = sizeof options, .tolerance = 1e-4, .subspace = 9, .seed = 3,
                                         .progress = watch, .user = &watched};
    EXPECT(LAPWING_OK, NAME(lapwing_partial_svd_operator)(op, K, &options, NAME(list)(s, K), u.view, vt.view,
                                                          NAME(list)(residuals, K)));
    NAME(triplets_hold)(s, u, vt, 2 * 1e-4 + ROUNDING);
    CHECK(mine.calls > 0 && watched.calls > 0);

    /* A random block of all dimensions leaves nothing out: what is left are the roundings of three products and an SVD. */
    lapwing_randomized_options all = {.struct_size = sizeof all, .oversampling = ORDER, .seed = 1};
    const double random_bound = 50 * ORDER * UNIT_ROUNDOFF;
    EXPECT(LAPWING_OK, NAME(lapwing_randomized_svd_sparse)(a, K, &all, NAME(list)(s, K), u.view, vt.view));
    NAME(triplets_hold)(s, u, vt, random_bound);
    EXPECT(LAPWING_OK, NAME(lapwing_randomized_svd_operator)(op, K, &all, NAME(list)(s, K), u.view, vt.view));
    NAME(triplets_hold)(s, u, vt, random_bound);
    NAME(owned) dense = NAME(make)(layout, ORDER, ORDER + 1);
    for (int64_t i = 0; i < ORDER; ++i)
        for (int64_t j = 0; j <= ORDER; ++j) *NAME(at)(dense, i, j) = (REAL)((j == i + 1) - (j == i));
    all.sketch = LAPWING_SKETCH_BLOCK_KRYLOV;
    EXPECT(LAPWING_OK, NAME(lapwing_randomized_svd)(NAME(read_only)(dense), K, &all, NAME(list)(s, K), u.view, vt.view));
    NAME(triplets_hold)(s, u, vt, random_bound);
    EXPECT(LAPWING_OK, NAME(lapwing_randomized_svd)(NAME(read_only)(dense), K, NULL, NAME(list)(s, K), NAME(no_matrix),
                                                    NAME(no_matrix)));
    *NAME(at)(dense, 2, 1) = (REAL)INFINITY;
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "a[2, 1]",
                   NAME(lapwing_randomized_svd)(NAME(read_only)(dense), K, NULL, NAME(list)(s, K), u.view, vt.view));
    free(u.memory), free(vt.memory), free(dense.memory);
}

static void NAME(singular_triplets_refuse)(void) {
    NAME(rows) memory;
    NAME(lapwing_csr) a = NAME(differences)(&memory);
    REAL s[K] = {77, 77, 77, 77}, u[ORDER * K];
    const NAME(lapwing_vec_mut) to = NAME(list)(s, K);
    const NAME(lapwing_mat_mut) none = NAME(no_matrix), narrow = {u, ORDER, K - 1, K, 1};
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "k is -1", NAME(lapwing_partial_svd)(a, -1, NULL, to, none, none, NAME(no_list)));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "s has 4 entries, but must have 5: k",
                   NAME(lapwing_partial_svd)(a, K + 1, NULL, to, none, none, NAME(no_list)));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "u has 3 columns, but must have 4: k",
                   NAME(lapwing_partial_svd)(a, K, NULL, to, narrow, none, NAME(no_list)));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "residuals has 3 entries",
                   NAME(lapwing_partial_svd)(a, K, NULL, to, none, none, NAME(list)(u, K - 1)));
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "residuals overlaps s",
                   NAME(lapwing_partial_svd)(a, K, NULL, to, none, none, NAME(list)(s, K)));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "s.data is NULL",
                   NAME(lapwing_partial_svd)(a, K, NULL, NAME(list)(NULL, K), none, none, NAME(no_list)));
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "s overlaps a.values",
                   NAME(lapwing_partial_svd)(a, K, NULL, NAME(list)(memory.values, K), none, none, NAME(no_list)));
    a.cols = 1, a.rows = 0;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "k is 4, but must be at most 0",
                   NAME(lapwing_partial_svd)(a, K, NULL, to, none, none, NAME(no_list)));

    a = NAME(differences)(&memory);
    lapwing_iteration_options options = {.struct_size = sizeof options, .max_iterations = 1, .subspace = K + 1};
    EXPECT_MESSAGE(LAPWING_ERR_NO_CONVERGENCE, "did not converge in 1 iterations: its residual is",
                   NAME(lapwing_partial_svd)(a, K, &options, to, none, none, NAME(no_list)));
    options.tolerance = -1;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "tolerance is -1",
                   NAME(lapwing_partial_svd)(a, K, &options, to, none, none, NAME(no_list)));
    options.tolerance = 0, options.subspace = K;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "subspace is 4", NAME(lapwing_partial_svd)(a, K, &options, to, none, none, NAME(no_list)));
    options.subspace = 0, options.max_iterations = -2;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "max_iterations is -2",
                   NAME(lapwing_partial_svd)(a, K, &options, to, none, none, NAME(no_list)));
    options.struct_size = 8;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "struct_size is 8, but must be sizeof(lapwing_iteration_options)",
                   NAME(lapwing_partial_svd)(a, K, &options, to, none, none, NAME(no_list)));
    lapwing_randomized_options random = {.struct_size = sizeof random, .sketch = 3};
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "sketch is 3", NAME(lapwing_randomized_svd_sparse)(a, K, &random, to, none, none));
    random.sketch = 0, random.oversampling = -2;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "oversampling is -2",
                   NAME(lapwing_randomized_svd_sparse)(a, K, &random, to, none, none));

    instructions mine = {ORDER, 0, 2, 0};
    NAME(lapwing_operator) op = {ORDER, ORDER + 1, NAME(first), NAME(first_transposed), &mine};
    EXPECT_MESSAGE(LAPWING_ERR_CANCELLED, "a.multiply_transposed returned 3",
                   NAME(lapwing_randomized_svd_operator)(op, K, NULL, to, none, none));
    mine.calls = 0;
    EXPECT_MESSAGE(LAPWING_ERR_CANCELLED, "returned 3, which asks to stop",
                   NAME(lapwing_partial_svd_operator)(op, K, NULL, to, none, none, NAME(no_list)));
    CHECK(mine.calls == 2);
    mine.stop_at = 0, mine.poison = 1;
    EXPECT(LAPWING_ERR_OVERFLOW, NAME(lapwing_partial_svd_operator)(op, K, NULL, to, none, none, NAME(no_list)));
    op.multiply_transposed = NULL;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "a.multiply_transposed is NULL",
                   NAME(lapwing_partial_svd_operator)(op, K, NULL, to, none, none, NAME(no_list)));
    op.multiply = NULL;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "a.multiply is NULL",
                   NAME(lapwing_partial_svd_operator)(op, K, NULL, to, none, none, NAME(no_list)));
    op.rows = -1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "a has -1 rows",
                   NAME(lapwing_partial_svd_operator)(op, K, NULL, to, none, none, NAME(no_list)));
    for (int j = 0; j < K; ++j) CHECK(s[j] == 77);
}

static void NAME(eigenpairs)(int layout) {
    NAME(rows) memory;
    NAME(lapwing_csr) a = NAME(path)(&memory, 2);
    NAME(owned) v = NAME(make)(layout, ORDER, K);
    REAL w[K], residuals[K];
    /* The least tolerance, 10 machine epsilons, relative to a norm below 4. */
    const double bound = 4 * 20 * UNIT_ROUNDOFF + ROUNDING;
    const NAME(lapwing_vec_mut) to = NAME(list)(w, K), to_residuals = NAME(list)(residuals, K);
    EXPECT(LAPWING_OK, NAME(lapwing_partial_eigh)(a, K, LAPWING_SMALLEST, NULL, to, v.view, to_residuals));
    NAME(pairs_hold)(w, v, 1, bound);
    for (int j = 0; j < K; ++j) CHECK(residuals[j] >= 0 && (double)residuals[j] <= bound);
    EXPECT(LAPWING_OK, NAME(lapwing_partial_eigh)(a, K, LAPWING_LARGEST_MAGNITUDE, NULL, to, v.view, NAME(no_list)));
    NAME(pairs_hold)(w, v, ORDER - K + 1, bound);
    EXPECT(LAPWING_OK, NAME(lapwing_partial_eigh)(a, K, LAPWING_BOTH_ENDS, NULL, to, NAME(no_matrix), NAME(no_list)));
    CHECK(fabs((double)w[1] - NAME(eigenvalue)(2)) <= bound && fabs((double)w[2] - NAME(eigenvalue)(ORDER - 1)) <= bound);
    EXPECT(LAPWING_OK, NAME(lapwing_partial_eigh)(a, 0, LAPWING_LARGEST, NULL, NAME(no_list), NAME(no_matrix), NAME(no_list)));

    instructions mine = {ORDER, 0, 0, 0}, watched = {ORDER, 0, 0, 0};
    const NAME(lapwing_operator) op = {ORDER, ORDER, NAME(second), NULL, &mine};
    lapwing_iteration_options options = {.struct_size = sizeof options, .tolerance = 1e-5, .progress = watch,
                                         .user = &watched};
    EXPECT(LAPWING_OK, NAME(lapwing_partial_eigh_operator)(op, K, LAPWING_LARGEST, &options, to, v.view, to_residuals));
    NAME(pairs_hold)(w, v, ORDER - K + 1, 4 * 1e-5 + ROUNDING);
    CHECK(mine.calls > 0 && watched.calls > 0);

    for (int j = 0; j < K; ++j) w[j] = 77;
    watched.calls = 0, watched.stop_at = 1, options.subspace = K + 2;
    EXPECT_MESSAGE(LAPWING_ERR_CANCELLED, "the Lanczos method was cancelled after 1 iterations",
                   NAME(lapwing_partial_eigh_operator)(op, K, 0, &options, to, v.view, to_residuals));
    mine.calls = 0, mine.stop_at = 3;
    EXPECT_MESSAGE(LAPWING_ERR_CANCELLED, "a.multiply returned 3",
                   NAME(lapwing_partial_eigh_operator)(op, K, 0, NULL, to, v.view, to_residuals));
    CHECK(mine.calls == 3);
    mine.stop_at = 0, mine.poison = 1;
    EXPECT(LAPWING_ERR_OVERFLOW, NAME(lapwing_partial_eigh_operator)(op, K, 0, NULL, to, v.view, to_residuals));
    options.progress = NULL, options.max_iterations = 1, options.tolerance = 0;
    EXPECT_MESSAGE(LAPWING_ERR_NO_CONVERGENCE, "its residual is",
                   NAME(lapwing_partial_eigh)(a, K, LAPWING_SMALLEST, &options, to, v.view, to_residuals));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "which is 4", NAME(lapwing_partial_eigh)(a, K, 4, NULL, to, v.view, to_residuals));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "w has 4 entries, but must have 3",
                   NAME(lapwing_partial_eigh)(a, K - 1, 0, NULL, to, NAME(no_matrix), NAME(no_list)));
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "residuals overlaps w",
                   NAME(lapwing_partial_eigh)(a, K, 0, NULL, to, NAME(no_matrix), to));
    a.cols = ORDER + 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "a is 30 x 31, but must be square",
                   NAME(lapwing_partial_eigh)(a, K, 0, NULL, to, NAME(no_matrix), NAME(no_list)));
    for (int j = 0; j < K; ++j) CHECK(w[j] == 77);
    free(v.memory);
}

#include "linear_iterations_of.h"

static void NAME(iterations)(void) {
    for (int layout = 0; layout < LAYOUTS; ++layout) {
        NAME(singular_triplets)(layout);
        NAME(eigenpairs)(layout);
    }
    NAME(singular_triplets_refuse)();
    NAME(systems_are_solved)();
    NAME(systems_refuse)();
}
