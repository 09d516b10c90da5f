/* Eigenpairs of the path by other methods than those of iterations_of.h, and complex ones of a circle. */

#include "path_of.h"

static const NAME(lapwing_mat) NAME(no_vectors) = {NULL, 0, 0, 0, 0};

#include "general_eigenpairs_of.h"

/* The eigenvalues 9 to 12 of the path are those nearest 1.01, at distances from 0.0677 to 0.299. A pair of the inverse is as
 * good as 4 machine epsilons of its condition, below (4 + 1.01) / 0.0677 by the norm that it is estimated with, relative to
 * its norm; of the matrix, as good as 3 * 0.299 / 0.0677 times that. */
static void NAME(pairs_near_a_shift)(int layout) {
    NAME(rows) memory;
    const NAME(lapwing_csr) a = NAME(path)(&memory, 2);
    NAME(owned) v = NAME(make)(layout, ORDER, K), dense = NAME(make)(layout, ORDER, ORDER);
    REAL w[K], residuals[K];
    const NAME(lapwing_vec_mut) to = NAME(list)(w, K), to_residuals = NAME(list)(residuals, K);
    const double bound = 8 * 74 * 13.3 * UNIT_ROUNDOFF + ROUNDING;
    EXPECT(LAPWING_OK, NAME(lapwing_partial_eigh_near)(a, K, (REAL)1.01, NULL, to, v.view, to_residuals));
    NAME(pairs_hold)(w, v, 9, bound);
    for (int j = 0; j < K; ++j) CHECK(residuals[j] >= 0 && (double)residuals[j] <= bound);
    for (int64_t i = 0; i < ORDER; ++i)
        for (int64_t j = 0; j < ORDER; ++j) *NAME(at)(dense, i, j) = (REAL)(i == j ? 2 : i - j == 1 || j - i == 1 ? -1 : 0);
    instructions watched = {ORDER, 0, 0, 0};
    lapwing_iteration_options options = {.struct_size = sizeof options, .subspace = 12, .seed = 5, .progress = watch,
                                         .user = &watched};
    EXPECT(LAPWING_OK, NAME(lapwing_partial_eigh_near_dense)(NAME(read_only)(dense), K, (REAL)1.01, &options, to, v.view,
                                                             NAME(no_list)));
    NAME(pairs_hold)(w, v, 9, bound);
    CHECK(watched.calls > 0);
    EXPECT(LAPWING_OK, NAME(lapwing_partial_eigh_near)(a, 0, (REAL)1.01, NULL, NAME(no_list), NAME(no_matrix),
                                                       NAME(no_list)));
    free(v.memory), free(dense.memory);
}

static void NAME(shifts_refuse)(void) {
    NAME(rows) memory;
    NAME(lapwing_csr) a = NAME(path)(&memory, 2);
    REAL w[K] = {77, 77, 77, 77}, dense[4] = {1, 0, 0, 2};
    const NAME(lapwing_vec_mut) to = NAME(list)(w, K), none = NAME(no_list);
    const NAME(lapwing_mat_mut) unwanted = NAME(no_matrix);
    const NAME(lapwing_mat) diagonal = {dense, 2, 2, 2, 1}, wide = {dense, 1, 2, 2, 1};
    instructions watched = {ORDER, 0, 1, 0};
    lapwing_iteration_options options = {.struct_size = sizeof options, .progress = watch, .user = &watched,
                                         .subspace = K + 1};
#define NEAR(k, shift, chosen) NAME(lapwing_partial_eigh_near)(a, k, shift, chosen, to, unwanted, none)
    EXPECT_MESSAGE(LAPWING_ERR_CANCELLED, "cancelled after 1 iterations", NEAR(K, (REAL)1.01, &options));
    options.progress = NULL, options.max_iterations = 1;
    EXPECT_MESSAGE(LAPWING_ERR_NO_CONVERGENCE, "its residual is", NEAR(K, (REAL)1.01, &options));
    options.tolerance = -1;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "tolerance is -1", NEAR(K, (REAL)1.01, &options));
    /* The leading block of order 2 is singular: of the dense matrix it would not matter. */
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "shift is 1, but must be distinct", NEAR(K, 1, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "shift is NaN, but must be finite", NEAR(K, (REAL)NAN, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "k is -1", NEAR(-1, (REAL)1.01, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "w has 4 entries, but must have 5", NEAR(K + 1, (REAL)1.01, NULL));
    memory.values[0] = (REAL)NAN;
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "a[0, 0]", NEAR(K, (REAL)1.01, NULL));
    memory.values[0] = 2, a.cols = ORDER + 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "must be square", NEAR(K, (REAL)1.01, NULL));
    a.cols = ORDER, a.values = NULL;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "a.values is NULL", NEAR(K, (REAL)1.01, NULL));
#undef NEAR
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "w overlaps a.values",
                   NAME(lapwing_partial_eigh_near)(NAME(path)(&memory, 2), K, (REAL)1.01, NULL,
                                                   NAME(list)(memory.values, K), unwanted, none));
    /* The eigenvalues of this one are its diagonal. */
    const NAME(lapwing_vec_mut) one = NAME(list)(w, 1);
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "shift is 2, but must be distinct from the eigenvalues",
                   NAME(lapwing_partial_eigh_near_dense)(diagonal, 1, 2, NULL, one, unwanted, none));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "must be square",
                   NAME(lapwing_partial_eigh_near_dense)(wide, 1, 2, NULL, one, unwanted, none));
    for (int j = 0; j < K; ++j) CHECK(w[j] == 77);
}

/* Diagonal matrices by their products. */
static int32_t NAME(twice)(void *user, NAME(lapwing_mat) x, NAME(lapwing_mat_mut) result) {
    for (int64_t i = 0; i < x.rows; ++i)
        for (int64_t j = 0; j < x.cols; ++j)
            result.data[i * result.row_stride + j * result.col_stride] = 2 * x.data[i * x.row_stride + j * x.col_stride];
    return NAME(obey)(user, result);
}

/* A preconditioner that leaves nothing. */
static int32_t NAME(nothing)(void *user, NAME(lapwing_mat) x, NAME(lapwing_mat_mut) result) {
    for (int64_t i = 0; i < x.rows; ++i)
        for (int64_t j = 0; j < x.cols; ++j) result.data[i * result.row_stride + j * result.col_stride] = 0;
    return NAME(obey)(user, result);
}

/* The default tolerance is the root of a machine epsilon, relative to norm(a) + w <= 8; an eigenvalue lies as near. */
static void NAME(preconditioned_pairs)(int layout) {
    NAME(rows) memory, other;
    const NAME(lapwing_csr) a = NAME(path)(&memory, 2);
    NAME(lapwing_csr) b = NAME(path)(&other, 2);
    NAME(owned) v = NAME(make)(layout, ORDER, K), known = NAME(make)(layout, ORDER, 2);
    REAL w[K], residuals[K];
    const NAME(lapwing_vec_mut) to = NAME(list)(w, K), to_residuals = NAME(list)(residuals, K);
    const double bound = 8 * sqrt(2 * UNIT_ROUNDOFF) + ROUNDING;
    /* Each layout with another preconditioner. */
    const int32_t preconditioner = layout % (LAPWING_PRECONDITIONER_INCOMPLETE_CHOLESKY + 1);
    EXPECT(LAPWING_OK, NAME(lapwing_lobpcg)(a, NULL, K, LAPWING_SMALLEST, preconditioner, NAME(no_vectors), NULL, to, v.view,
                                            to_residuals));
    NAME(pairs_hold)(w, v, 1, bound);
    for (int j = 0; j < K; ++j) CHECK(residuals[j] >= 0 && (double)residuals[j] <= bound);
    EXPECT(LAPWING_OK, NAME(lapwing_lobpcg)(a, NULL, K, LAPWING_LARGEST, 0, NAME(no_vectors), NULL, to, v.view,
                                            NAME(no_list)));
    NAME(pairs_hold)(w, v, ORDER - K + 1, bound);

    /* Orthogonal to the first two eigenvectors, of whatever length, the third is the first: to within the error of theirs. */
    for (int64_t i = 0; i < ORDER; ++i)
        for (int j = 0; j < 2; ++j)
            *NAME(at)(known, i, j) = (REAL)((j + 1) * sin((double)((i + 1) * (j + 1)) * TURN / (ORDER + 1)));
    lapwing_iteration_options options = {.struct_size = sizeof options, .tolerance = 1e-3, .block = K + 3, .seed = 2};
    EXPECT(LAPWING_OK, NAME(lapwing_lobpcg)(a, NULL, K, LAPWING_SMALLEST, LAPWING_PRECONDITIONER_INCOMPLETE_CHOLESKY,
                                            NAME(read_only)(known), &options, to, v.view, NAME(no_list)));
    NAME(pairs_hold)(w, v, 3, 8e-3);

    /* With twice the identity for b, eigenvalues are half as large, and vectors have the length of a root of a half. */
    for (int32_t i = 0; i < ORDER; ++i) other.values[i] = 2, other.columns[i] = i, other.row_starts[i + 1] = i + 1;
    instructions mine = {ORDER, 0, 0, 0}, doubling = {ORDER, 0, 0, 0}, scaling = {ORDER, 0, 0, 0};
    const NAME(lapwing_operator) op = {ORDER, ORDER, NAME(second), NULL, &mine};
    const NAME(lapwing_operator) two = {ORDER, ORDER, NAME(twice), NULL, &doubling};
    const NAME(lapwing_operator) inverse = {ORDER, ORDER, NAME(twice), NULL, &scaling};
    for (int products = 0; products < 2; ++products) {
        EXPECT(LAPWING_OK, products ? NAME(lapwing_lobpcg_operator)(op, &two, K, LAPWING_LARGEST, &inverse, NAME(no_vectors),
                                                                    NULL, to, v.view, NAME(no_list))
                                    : NAME(lapwing_lobpcg)(a, &b, K, LAPWING_LARGEST, 0, NAME(no_vectors), NULL, to, v.view,
                                                           NAME(no_list)));
        for (int64_t j = 0; j < K; ++j) {
            double square = 0;
            for (int64_t i = 0; i < ORDER; ++i) square += pow((double)*NAME(at)(v, i, j), 2);
            CHECK(fabs(square - 0.5) <= 100 * ROUNDING);
            w[j] *= 2;
        }
        NAME(pairs_hold)(w, v, ORDER - K + 1, bound);
    }
    CHECK(mine.calls > 0 && doubling.calls > 0 && scaling.calls > 0);
    mine.calls = 0;
    EXPECT(LAPWING_OK, NAME(lapwing_lobpcg_operator)(op, NULL, K, LAPWING_LARGEST, NULL, NAME(no_vectors), NULL, to, v.view,
                                                     to_residuals));
    NAME(pairs_hold)(w, v, ORDER - K + 1, bound);
    CHECK(mine.calls > 0);
    free(v.memory), free(known.memory);
}

/* Its residuals are watched from before the first iteration on. */
static int32_t NAME(stop)(void *user, int64_t iterations, double residual) {
    instructions *mine = user;
    CHECK(iterations == mine->calls && residual >= 0);
    return ++mine->calls == mine->stop_at ? 5 : 0;
}

static void NAME(preconditioned_pairs_refuse)(void) {
    NAME(rows) memory, other;
    NAME(lapwing_csr) a = NAME(path)(&memory, 2), b = NAME(path)(&other, 2);
    REAL w[K] = {77, 77, 77, 77}, vectors[ORDER] = {1};
    const NAME(lapwing_vec_mut) to = NAME(list)(w, K), none = NAME(no_list);
    const NAME(lapwing_mat_mut) unwanted = NAME(no_matrix);
    NAME(lapwing_mat) known = NAME(no_vectors);
    instructions watched = {ORDER, 0, 2, 0};
    lapwing_iteration_options options = {.struct_size = sizeof options, .progress = NAME(stop), .user = &watched};
#define PAIRS(k, which, preconditioner, chosen) \
    NAME(lapwing_lobpcg)(a, &b, k, which, preconditioner, known, chosen, to, unwanted, none)
    for (int32_t i = 0; i < ORDER; ++i) other.values[i] = 1, other.columns[i] = i, other.row_starts[i + 1] = i + 1;
    EXPECT_MESSAGE(LAPWING_ERR_CANCELLED, "LOBPCG was cancelled", PAIRS(K, 1, 0, &options));
    options.progress = NULL, options.max_iterations = 1;
    EXPECT_MESSAGE(LAPWING_ERR_NO_CONVERGENCE, "LOBPCG did not converge in 1 iterations", PAIRS(K, 1, 0, &options));
    options.tolerance = -1;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "tolerance is -1", PAIRS(K, 1, 0, &options));
    options.tolerance = 0, options.block = K - 1;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "block is 3, but must be at least k = 4", PAIRS(K, 1, 0, &options));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "which is 2", PAIRS(K, LAPWING_BOTH_ENDS, 0, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "preconditioner is 4", PAIRS(K, 1, LAPWING_PRECONDITIONER_INCOMPLETE_LU, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "w has 4 entries", PAIRS(K + 1, 1, 0, NULL));
    known = (NAME(lapwing_mat)){vectors, ORDER - 1, 1, 1, 1};
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "constraints has 29 rows", PAIRS(K, 1, 0, NULL));
    known.rows = ORDER, vectors[5] = (REAL)NAN;
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "constraints[5, 0]", PAIRS(K, 1, 0, NULL));
    known.data = w, known.rows = K;
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "w overlaps constraints", PAIRS(K, 1, 0, NULL));
    known = NAME(no_vectors), other.values[3] = (REAL)INFINITY;
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "b[3, 3]", PAIRS(K, 1, 0, NULL));
    other.values[3] = 1, other.columns[3] = ORDER;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "b.columns[3], in row 3, is 30", PAIRS(K, 1, 0, NULL));
    other.columns[3] = 3, b.columns = NULL;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "b.columns is NULL", PAIRS(K, 1, 0, NULL));
    b.columns = other.columns, b.rows = ORDER - 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "b has 29 rows", PAIRS(K, 1, 0, NULL));
    b.rows = ORDER;
    for (int32_t i = 0; i < ORDER; ++i) other.values[i] = -1;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "positive definite", PAIRS(K, 1, 0, NULL));
    for (int32_t i = 0; i < ORDER; ++i) other.values[i] = 1;
    a.cols = ORDER + 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "must be square", PAIRS(K, 1, 0, NULL));
#undef PAIRS
    a.cols = ORDER;
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "w overlaps b.values",
                   NAME(lapwing_lobpcg)(a, &b, K, 1, 0, known, NULL, NAME(list)(other.values, K), unwanted, none));

    instructions mine = {ORDER, 0, 2, 0}, second = {ORDER, 0, 2, 0}, third = {ORDER, 0, 2, 0};
    NAME(lapwing_operator) op = {ORDER, ORDER, NAME(second), NULL, &mine}, two = {ORDER, ORDER, NAME(twice), NULL, &second};
    NAME(lapwing_operator) inverse = {ORDER, ORDER, NAME(twice), NULL, &third};
#define PAIRS(b, inverse) NAME(lapwing_lobpcg_operator)(op, b, K, 1, inverse, known, NULL, to, unwanted, none)
    EXPECT_MESSAGE(LAPWING_ERR_CANCELLED, "a.multiply returned 3", PAIRS(NULL, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_CANCELLED, "b.multiply returned 3", PAIRS(&two, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_CANCELLED, "preconditioner.multiply returned 3", PAIRS(NULL, &inverse));
    third.stop_at = 0, inverse.multiply = NAME(nothing);
    EXPECT_MESSAGE(LAPWING_ERR_BREAKDOWN, "no direction is left", PAIRS(NULL, &inverse));
    mine.poison = 1;
    EXPECT(LAPWING_ERR_OVERFLOW, PAIRS(NULL, NULL));
    two.multiply = NULL;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "b.multiply is NULL", PAIRS(&two, NULL));
#undef PAIRS
    for (int j = 0; j < K; ++j) CHECK(w[j] == 77);
}

/* A random block of all dimensions leaves nothing out: what is left are the roundings of three products and of an
 * eigendecomposition of norm 4. */
static void NAME(random_pairs)(int layout) {
    NAME(rows) memory;
    const NAME(lapwing_csr) a = NAME(path)(&memory, 2);
    NAME(owned) v = NAME(make)(layout, ORDER, K), dense = NAME(make)(layout, ORDER, ORDER);
    REAL w[K], upwards[K], residuals[K];
    const NAME(lapwing_vec_mut) to = NAME(list)(w, K), to_residuals = NAME(list)(residuals, K);
    const double bound = 4 * 50 * ORDER * UNIT_ROUNDOFF;
    for (int64_t i = 0; i < ORDER; ++i)
        for (int64_t j = 0; j < ORDER; ++j) *NAME(at)(dense, i, j) = (REAL)(i == j ? 2 : i - j == 1 || j - i == 1 ? -1 : 0);
    instructions mine = {ORDER, 0, 0, 0};
    NAME(lapwing_operator) op = {ORDER, ORDER, NAME(second), NULL, &mine};
    lapwing_randomized_options all = {.struct_size = sizeof all, .oversampling = ORDER, .seed = 1};
    for (int form = 0; form < 3; ++form) {
        EXPECT(LAPWING_OK, form == 0   ? NAME(lapwing_randomized_eigh)(NAME(read_only)(dense), K, &all, to, v.view,
                                                                       to_residuals)
                           : form == 1 ? NAME(lapwing_randomized_eigh_sparse)(a, K, &all, to, v.view, to_residuals)
                                       : NAME(lapwing_randomized_eigh_operator)(op, K, &all, to, v.view, to_residuals));
        /* Largest first, where pairs_hold goes upwards: the columns are read backwards. */
        NAME(owned) reversed = v;
        reversed.view.data = NAME(at)(v, 0, K - 1), reversed.view.col_stride = -v.view.col_stride;
        for (int j = 0; j < K; ++j) upwards[j] = w[K - 1 - j];
        NAME(pairs_hold)(upwards, reversed, ORDER - K + 1, bound);
        for (int j = 0; j < K; ++j) CHECK(residuals[j] >= 0 && (double)residuals[j] <= bound);
    }
    CHECK(mine.calls > 0);
    EXPECT(LAPWING_OK, NAME(lapwing_randomized_eigh_sparse)(a, K, NULL, to, NAME(no_matrix), NAME(no_list)));

    for (int j = 0; j < K; ++j) w[j] = 77;
    all.sketch = LAPWING_SKETCH_BLOCK_KRYLOV;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "sketch is 1, but must be 0",
                   NAME(lapwing_randomized_eigh_sparse)(a, K, &all, to, v.view, to_residuals));
    all.sketch = 0, all.power_iterations = -2;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "power_iterations is -2",
                   NAME(lapwing_randomized_eigh_sparse)(a, K, &all, to, v.view, to_residuals));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "w has 4 entries",
                   NAME(lapwing_randomized_eigh_sparse)(a, K + 1, NULL, to, NAME(no_matrix), NAME(no_list)));
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "residuals overlaps w",
                   NAME(lapwing_randomized_eigh_sparse)(a, K, NULL, to, NAME(no_matrix), to));
    *NAME(at)(dense, 2, 1) = (REAL)INFINITY;
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "a[2, 1]",
                   NAME(lapwing_randomized_eigh)(NAME(read_only)(dense), K, NULL, to, v.view, to_residuals));
    mine.calls = 0, mine.stop_at = 2;
    EXPECT_MESSAGE(LAPWING_ERR_CANCELLED, "a.multiply returned 3",
                   NAME(lapwing_randomized_eigh_operator)(op, K, NULL, to, v.view, to_residuals));
    mine.stop_at = 0, mine.poison = 1;
    EXPECT(LAPWING_ERR_OVERFLOW, NAME(lapwing_randomized_eigh_operator)(op, K, NULL, to, v.view, to_residuals));
    op.multiply = NULL;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "a.multiply is NULL",
                   NAME(lapwing_randomized_eigh_operator)(op, K, NULL, to, v.view, to_residuals));
    for (int j = 0; j < K; ++j) CHECK(w[j] == 77);
    free(v.memory), free(dense.memory);
}

static void NAME(eigenpairs)(void) {
    for (int layout = 0; layout < LAYOUTS; ++layout) {
        NAME(complex_pairs)(layout);
        NAME(pairs_near_a_shift)(layout);
        NAME(preconditioned_pairs)(layout);
        NAME(random_pairs)(layout);
    }
    NAME(complex_pairs_refuse)();
    NAME(shifts_refuse)();
    NAME(preconditioned_pairs_refuse)();
}
