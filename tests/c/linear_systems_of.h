/* Linear systems in one precision. The matrices are so well conditioned that a solution is within
 * 30 n unit roundoffs of the one that was planted, times their condition number, which is below 10. */

#include "matrix_of.h"

#define N 7
#define K 2
#define TOLERANCE (30 * N * 10 * UNIT_ROUNDOFF)

/* A random matrix whose diagonal outweighs the rest; zero where `i` lies more than `lower` below the diagonal or more
 * than `upper` above it. */
static NAME(owned) NAME(dominant)(int layout, int64_t lower, int64_t upper, int symmetric) {
    NAME(owned) a = NAME(make)(layout, N, N);
    NAME(scatter)(a, 11);
    for (int64_t i = 0; i < N; ++i) {
        for (int64_t j = 0; j < N; ++j) {
            if (i > j + lower || j > i + upper) *NAME(at)(a, i, j) = 0;
            if (symmetric && j > i) *NAME(at)(a, i, j) = *NAME(at)(a, j, i);
            if (i == j) *NAME(at)(a, i, j) = 2 * N;
        }
    }
    if (symmetric)
        for (int64_t i = 0; i < N; ++i)
            for (int64_t j = 0; j < i; ++j) *NAME(at)(a, j, i) = *NAME(at)(a, i, j);
    return a;
}

static REAL NAME(planted)(int64_t i, int64_t j) { return (REAL)(i % 3 - 1 + 2 * j); }

/* a * planted, or transpose(a) * planted. */
static void NAME(right_hand_side)(NAME(owned) a, int transposed, NAME(owned) b) {
    for (int64_t i = 0; i < N; ++i) {
        for (int64_t j = 0; j < K; ++j) {
            double sum = 0;
            for (int64_t k = 0; k < N; ++k)
                sum += (double)(transposed ? *NAME(at)(a, k, i) : *NAME(at)(a, i, k)) * NAME(planted)(k, j);
            *NAME(at)(b, i, j) = (REAL)sum;
        }
    }
}

/* Checks x against what was planted, and forgets it. */
static void NAME(found)(NAME(owned) x) {
    for (int64_t i = 0; i < N; ++i) {
        for (int64_t j = 0; j < K; ++j) {
            CHECK(fabs((double)*NAME(at)(x, i, j) - NAME(planted)(i, j)) <= TOLERANCE * 3);
            *NAME(at)(x, i, j) = (REAL)NAN;
        }
    }
}

static void NAME(general_systems)(int in, int out) {
    NAME(owned) a = NAME(dominant)(in, N, N, 0), b = NAME(make)(in, N, K), x = NAME(make)(out, N, K);
    NAME(owned) lower = NAME(make)(out, N, N), upper = NAME(make)(out, N, N), narrow = NAME(make)(0, N, K - 1);
    const NAME(lapwing_mat) a_view = NAME(read_only)(a), b_view = NAME(read_only)(b);
    const NAME(lapwing_mat_mut) unwanted = {NULL, 0, 0, 0, 0};
    NAME(lapwing_mat) no_a = a_view, oblong = a_view;
    no_a.data = NULL, oblong.cols = N - 1;
    int64_t permutation[N];
    NAME(right_hand_side)(a, 0, b);

    EXPECT(LAPWING_OK, NAME(lapwing_lu)(a_view, lower.view, upper.view, permutation));
    for (int64_t i = 0; i < N; ++i) {
        CHECK(permutation[i] >= 0 && permutation[i] < N);
        for (int64_t j = 0; j < N; ++j) {
            double sum = *NAME(at)(a, permutation[i], j);
            for (int64_t k = 0; k < N; ++k) sum -= (double)*NAME(at)(lower, i, k) * *NAME(at)(upper, k, j);
            CHECK(fabs(sum) <= 30 * N * 3 * N * UNIT_ROUNDOFF);
            CHECK(j < i || *NAME(at)(lower, i, j) == (i == j ? 1 : 0));
            CHECK(j >= i || *NAME(at)(upper, i, j) == 0);
        }
    }
    EXPECT(LAPWING_OK, NAME(lapwing_lu)(oblong, unwanted, unwanted, NULL));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_lu)(no_a, lower.view, upper.view, NULL));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_lu)(a_view, x.view, upper.view, NULL));

    EXPECT(LAPWING_OK, NAME(lapwing_lu_solve)(a_view, LAPWING_AS_GIVEN, b_view, x.view));
    NAME(found)(x);
    REAL bounds[2 * K];
    const NAME(lapwing_vec_mut) forward = {bounds, K, 1}, backward = {bounds + K, K, 1};
    NAME(lapwing_vec_mut) short_bounds = forward, no_bounds = forward;
    short_bounds.len = 1, no_bounds.data = NULL;
    EXPECT(LAPWING_OK, NAME(lapwing_lu_solve_refined)(a_view, b_view, x.view, forward, backward));
    NAME(found)(x);
    for (int j = 0; j < K; ++j) CHECK(bounds[j] <= TOLERANCE && bounds[K + j] <= 4 * UNIT_ROUNDOFF);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_lu_solve_refined)(a_view, b_view, x.view, no_bounds, backward));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_lu_solve_refined)(a_view, b_view, x.view, short_bounds, backward));
    NAME(right_hand_side)(a, 1, b);
    EXPECT(LAPWING_OK, NAME(lapwing_lu_solve)(a_view, LAPWING_TRANSPOSED, b_view, x.view));
    NAME(found)(x);
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_lu_solve)(a_view, 2, b_view, x.view));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_lu_solve)(no_a, LAPWING_AS_GIVEN, b_view, x.view));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_lu_solve)(oblong, LAPWING_AS_GIVEN, b_view, x.view));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_lu_solve)(a_view, LAPWING_AS_GIVEN, b_view, narrow.view));

    EXPECT(LAPWING_OK, NAME(lapwing_inverse)(a_view, lower.view));
    for (int64_t i = 0; i < N; ++i) {
        for (int64_t j = 0; j < N; ++j) {
            double sum = i == j ? -1 : 0;
            for (int64_t k = 0; k < N; ++k) sum += (double)*NAME(at)(a, i, k) * *NAME(at)(lower, k, j);
            CHECK(fabs(sum) <= TOLERANCE);
        }
    }
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_inverse)(no_a, lower.view));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_inverse)(oblong, lower.view));

    REAL value = 77;
    const REAL small[4] = {1, 2, 3, 4};
    const NAME(lapwing_mat) small_view = {small, 2, 2, 2, 1};
    EXPECT(LAPWING_OK, NAME(lapwing_reciprocal_condition)(small_view, LAPWING_CONDITION_ONE, &value));
    CHECK(fabs((double)value - 1.0 / 21) <= 30 * UNIT_ROUNDOFF);
    EXPECT(LAPWING_OK, NAME(lapwing_reciprocal_condition)(small_view, LAPWING_CONDITION_INFINITY, &value));
    CHECK(fabs((double)value - 1.0 / 21) <= 30 * UNIT_ROUNDOFF);
    value = 77;
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_reciprocal_condition)(small_view, 2, &value));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_reciprocal_condition)(small_view, LAPWING_CONDITION_ONE, NULL));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_reciprocal_condition)(oblong, LAPWING_CONDITION_ONE, &value));
    CHECK(value == 77);

    const REAL singular[4] = {1, 2, 2, 4};
    const NAME(lapwing_mat) singular_view = {singular, 2, 2, 2, 1};
    REAL answer[4] = {77, 77, 77, 77};
    const NAME(lapwing_mat_mut) answer_view = {answer, 2, 2, 2, 1};
    EXPECT_MESSAGE(LAPWING_ERR_SINGULAR, "pivot 1", NAME(lapwing_inverse)(singular_view, answer_view));
    EXPECT(LAPWING_ERR_SINGULAR, NAME(lapwing_lu_solve)(singular_view, LAPWING_AS_GIVEN, small_view, answer_view));
    CHECK(answer[0] == 77 && answer[3] == 77);

    free(a.memory), free(b.memory), free(x.memory), free(lower.memory), free(upper.memory), free(narrow.memory);
}

/* The triangle that is not referenced holds NaN: reading it would be seen. */
static void NAME(symmetric_systems)(int in, int out, int32_t uplo) {
    NAME(owned) a = NAME(dominant)(0, N, N, 1), half = NAME(make)(in, N, N), b = NAME(make)(in, N, K);
    NAME(owned) x = NAME(make)(out, N, K), lower = NAME(make)(out, N, N), d = NAME(make)(out, N, N);
    int64_t permutation[N], positive = 77, negative = 77, zero = 77;
    REAL value = 77, sign = 77, logarithm = 77, of_general = 77;
    /* Two negative eigenvalues, by the circles of Gershgorin. */
    *NAME(at)(a, 2, 2) = -2 * N, *NAME(at)(a, 5, 5) = -2 * N;
    for (int64_t i = 0; i < N; ++i)
        for (int64_t j = 0; j < N; ++j)
            *NAME(at)(half, i, j) =
                (uplo == LAPWING_LOWER ? j <= i : j >= i) ? *NAME(at)(a, i, j) : (REAL)NAN;
    NAME(right_hand_side)(a, 0, b);
    const NAME(lapwing_mat) half_view = NAME(read_only)(half), b_view = NAME(read_only)(b);
    NAME(lapwing_mat) no_a = half_view, oblong = half_view;
    no_a.data = NULL, oblong.cols = N - 1;

    EXPECT(LAPWING_OK, NAME(lapwing_ldlt)(half_view, uplo, lower.view, d.view, permutation));
    for (int64_t i = 0; i < N; ++i) {
        for (int64_t j = 0; j < N; ++j) {
            double sum = *NAME(at)(a, permutation[i], permutation[j]);
            for (int64_t k = 0; k < N; ++k)
                for (int64_t l = 0; l < N; ++l)
                    sum -= (double)*NAME(at)(lower, i, k) * *NAME(at)(d, k, l) * *NAME(at)(lower, j, l);
            CHECK(fabs(sum) <= 30 * N * 3 * N * UNIT_ROUNDOFF);
        }
    }
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_ldlt)(no_a, uplo, lower.view, d.view, NULL));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_ldlt)(half_view, uplo, x.view, d.view, NULL));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_ldlt)(half_view, 2, lower.view, d.view, NULL));

    EXPECT(LAPWING_OK, NAME(lapwing_ldlt_solve)(half_view, uplo, b_view, x.view));
    NAME(found)(x);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_ldlt_solve)(no_a, uplo, b_view, x.view));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_ldlt_solve)(half_view, uplo, b_view, lower.view));

    EXPECT(LAPWING_OK, NAME(lapwing_inertia)(half_view, uplo, &positive, &negative, &zero));
    CHECK(positive == N - 2 && negative == 2 && zero == 0);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_inertia)(half_view, uplo, &positive, NULL, &zero));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_inertia)(oblong, uplo, &positive, &negative, &zero));

    EXPECT(LAPWING_OK, NAME(lapwing_ldlt_determinant)(half_view, uplo, &value));
    EXPECT(LAPWING_OK, NAME(lapwing_determinant)(NAME(read_only)(a), &of_general));
    CHECK(fabs((double)value / of_general - 1) <= TOLERANCE && value > 0);
    EXPECT(LAPWING_OK, NAME(lapwing_ldlt_log_determinant)(half_view, uplo, &sign, &logarithm));
    CHECK(sign == 1 && fabs((double)logarithm - log((double)of_general)) <= TOLERANCE);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_ldlt_determinant)(half_view, uplo, NULL));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_ldlt_determinant)(oblong, uplo, &value));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_ldlt_log_determinant)(half_view, uplo, NULL, &logarithm));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_ldlt_log_determinant)(oblong, uplo, &sign, &logarithm));
    REAL reciprocal = 77;
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_ldlt_reciprocal_condition)(half_view, uplo, NULL));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_ldlt_reciprocal_condition)(no_a, uplo, &reciprocal));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_ldlt_reciprocal_condition)(oblong, uplo, &reciprocal));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_ldlt_reciprocal_condition)(half_view, 2, &reciprocal));
    CHECK(reciprocal == 77);
    EXPECT(LAPWING_OK, NAME(lapwing_ldlt_reciprocal_condition)(half_view, uplo, &reciprocal));
    EXPECT(LAPWING_OK, NAME(lapwing_reciprocal_condition)(NAME(read_only)(a), LAPWING_CONDITION_ONE, &of_general));
    /* Two estimates, each at most 3 times too large. */
    CHECK(reciprocal <= 3 * of_general && of_general <= 3 * reciprocal);
    free(a.memory), free(half.memory), free(b.memory), free(x.memory), free(lower.memory), free(d.memory);
}

/* The inverse of a triangle, and what a factorization of few diagonals says of its matrix, against what is found without
 * knowing the structure. */
static void NAME(structured_summaries)(int in, int out) {
    REAL value = 77, sign = 77, logarithm = 77, expected, expected_sign;
    for (int32_t uplo = LAPWING_LOWER; uplo <= LAPWING_UPPER; ++uplo) {
        NAME(owned) a = NAME(dominant)(in, uplo == LAPWING_LOWER ? N : 0, uplo == LAPWING_LOWER ? 0 : N, 0);
        NAME(owned) inverse = NAME(make)(out, N, N);
        const NAME(lapwing_mat) a_view = NAME(read_only)(a);
        NAME(lapwing_mat) no_a = a_view, oblong = a_view;
        NAME(lapwing_mat_mut) narrow = inverse.view;
        no_a.data = NULL, oblong.cols = N - 1, narrow.cols = N - 1;
        EXPECT(LAPWING_OK, NAME(lapwing_triangular_inverse)(a_view, uplo, LAPWING_DIAGONAL_GIVEN, inverse.view));
        for (int64_t i = 0; i < N; ++i) {
            for (int64_t j = 0; j < N; ++j) {
                double sum = i == j ? -1 : 0;
                for (int64_t k = 0; k < N; ++k) sum += (double)*NAME(at)(a, i, k) * *NAME(at)(inverse, k, j);
                CHECK(fabs(sum) <= TOLERANCE);
                CHECK((uplo == LAPWING_LOWER ? j <= i : j >= i) || *NAME(at)(inverse, i, j) == 0);
            }
        }
        for (int32_t norm = LAPWING_CONDITION_ONE; norm <= LAPWING_CONDITION_INFINITY; ++norm) {
            EXPECT(LAPWING_OK, NAME(lapwing_triangular_reciprocal_condition)(a_view, uplo, 0, norm, &value));
            EXPECT(LAPWING_OK, NAME(lapwing_reciprocal_condition)(a_view, norm, &expected));
            CHECK(value <= 3 * expected && expected <= 3 * value);
        }
        value = 77;
        EXPECT(LAPWING_ERR_NULL, NAME(lapwing_triangular_inverse)(no_a, uplo, 0, inverse.view));
        EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_triangular_inverse)(oblong, uplo, 0, inverse.view));
        EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_triangular_inverse)(a_view, uplo, 0, narrow));
        EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_triangular_inverse)(a_view, 2, 0, inverse.view));
        EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_triangular_inverse)(a_view, uplo, 2, inverse.view));
        EXPECT(LAPWING_ERR_NULL, NAME(lapwing_triangular_reciprocal_condition)(a_view, uplo, 0, 0, NULL));
        EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_triangular_reciprocal_condition)(oblong, uplo, 0, 0, &value));
        EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_triangular_reciprocal_condition)(a_view, uplo, 0, 2, &value));
        *NAME(at)(a, 3, 3) = 0;
        EXPECT_MESSAGE(LAPWING_ERR_SINGULAR, "pivot 3", NAME(lapwing_triangular_inverse)(a_view, uplo, 0, inverse.view));
        CHECK(value == 77);
        free(a.memory), free(inverse.memory);
    }

    NAME(owned) band = NAME(dominant)(0, 1, 1, 0), diagonals = NAME(make)(in, 3, N);
    *NAME(at)(band, 2, 2) = -2 * N;
    for (int64_t i = 0; i < N; ++i)
        for (int64_t j = 0; j < N; ++j)
            if (i <= j + 1 && j <= i + 1) *NAME(at)(diagonals, 1 + i - j, j) = *NAME(at)(band, i, j);
    *NAME(at)(diagonals, 0, 0) = *NAME(at)(diagonals, 2, N - 1) = (REAL)NAN;
    const NAME(lapwing_vec) below = {NAME(at)(band, 1, 0), N - 1, N + 1}, above = {NAME(at)(band, 0, 1), N - 1, N + 1};
    const NAME(lapwing_vec) diagonal = {band.memory, N, N + 1}, none = {NULL, N, 1};
    const NAME(lapwing_mat) stored = NAME(read_only)(diagonals);
    NAME(lapwing_mat) nothing = stored;
    nothing.data = NULL;
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_banded_log_determinant)(1, 1, nothing, &sign, &logarithm));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_banded_log_determinant)(1, 2, stored, &sign, &logarithm));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_banded_log_determinant)(-1, 1, stored, &sign, &logarithm));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_banded_reciprocal_condition)(1, 1, stored, 0, NULL));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_banded_reciprocal_condition)(2, 1, stored, 0, &value));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_banded_reciprocal_condition)(1, 1, stored, 2, &value));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_tridiagonal_log_determinant)(below, none, above, &sign, &logarithm));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_tridiagonal_log_determinant)(below, diagonal, diagonal, &sign, &logarithm));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_tridiagonal_reciprocal_condition)(below, diagonal, above, 0, NULL));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_tridiagonal_reciprocal_condition)(diagonal, diagonal, above, 0, &value));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_tridiagonal_reciprocal_condition)(below, diagonal, above, -1, &value));
    CHECK(value == 77 && sign == 77 && logarithm == 77);

    EXPECT(LAPWING_OK, NAME(lapwing_log_determinant)(NAME(read_only)(band), &expected_sign, &expected));
    CHECK(expected_sign == -1);
    EXPECT(LAPWING_OK, NAME(lapwing_banded_log_determinant)(1, 1, stored, &sign, &logarithm));
    CHECK(sign == expected_sign && fabs((double)logarithm - expected) <= TOLERANCE);
    EXPECT(LAPWING_OK, NAME(lapwing_banded_log_determinant)(1, 1, stored, NULL, NULL));
    EXPECT(LAPWING_OK, NAME(lapwing_tridiagonal_log_determinant)(below, diagonal, above, &sign, &logarithm));
    CHECK(sign == expected_sign && fabs((double)logarithm - expected) <= TOLERANCE);
    for (int32_t norm = LAPWING_CONDITION_ONE; norm <= LAPWING_CONDITION_INFINITY; ++norm) {
        EXPECT(LAPWING_OK, NAME(lapwing_reciprocal_condition)(NAME(read_only)(band), norm, &expected));
        EXPECT(LAPWING_OK, NAME(lapwing_banded_reciprocal_condition)(1, 1, stored, norm, &value));
        CHECK(value <= 3 * expected && expected <= 3 * value);
        EXPECT(LAPWING_OK, NAME(lapwing_tridiagonal_reciprocal_condition)(below, diagonal, above, norm, &value));
        CHECK(value <= 3 * expected && expected <= 3 * value);
    }
    free(band.memory), free(diagonals.memory);
}

static void NAME(structured_systems)(int in, int out) {
    NAME(owned) b = NAME(make)(in, N, K), x = NAME(make)(out, N, K), diagonals = NAME(make)(in, 4, N);
    const NAME(lapwing_mat) b_view = NAME(read_only)(b);

    for (int32_t uplo = LAPWING_LOWER; uplo <= LAPWING_UPPER; ++uplo) {
        NAME(owned) a = NAME(dominant)(in, uplo == LAPWING_LOWER ? N : 0, uplo == LAPWING_LOWER ? 0 : N, 0);
        NAME(lapwing_mat) a_view = NAME(read_only)(a);
        for (int32_t transpose = LAPWING_AS_GIVEN; transpose <= LAPWING_TRANSPOSED; ++transpose) {
            NAME(right_hand_side)(a, transpose, b);
            EXPECT(LAPWING_OK, NAME(lapwing_solve_triangular)(a_view, uplo, LAPWING_DIAGONAL_GIVEN, transpose, b_view, x.view));
            NAME(found)(x);
        }
        EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_solve_triangular)(a_view, uplo, 2, 0, b_view, x.view));
        EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_solve_triangular)(a_view, uplo, 0, 2, b_view, x.view));
        EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_solve_triangular)(a_view, 2, 0, 0, b_view, x.view));
        *NAME(at)(a, 3, 3) = 0;
        EXPECT_MESSAGE(LAPWING_ERR_SINGULAR, "pivot 3",
                       NAME(lapwing_solve_triangular)(a_view, uplo, LAPWING_DIAGONAL_GIVEN, 0, b_view, x.view));
        EXPECT(LAPWING_OK, NAME(lapwing_solve_triangular)(a_view, uplo, LAPWING_DIAGONAL_UNIT, 0, b_view, x.view));
        a_view.cols = N - 1;
        EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_solve_triangular)(a_view, uplo, 0, 0, b_view, x.view));
        a_view.data = NULL;
        EXPECT(LAPWING_ERR_NULL, NAME(lapwing_solve_triangular)(a_view, uplo, 0, 0, b_view, x.view));
        free(a.memory);
    }

    NAME(owned) band = NAME(dominant)(0, 1, 2, 0);
    for (int64_t i = 0; i < N; ++i)
        for (int64_t j = 0; j < N; ++j)
            if (i <= j + 1 && j <= i + 2) *NAME(at)(diagonals, 2 + i - j, j) = *NAME(at)(band, i, j);
    /* Outside of the matrix, whatever is stored is not read. */
    *NAME(at)(diagonals, 0, 0) = *NAME(at)(diagonals, 0, 1) = *NAME(at)(diagonals, 1, 0) = (REAL)NAN;
    *NAME(at)(diagonals, 3, N - 1) = (REAL)NAN;
    NAME(lapwing_mat) stored = NAME(read_only)(diagonals);
    NAME(right_hand_side)(band, 0, b);
    EXPECT(LAPWING_OK, NAME(lapwing_solve_banded)(1, 2, stored, b_view, x.view));
    NAME(found)(x);
    NAME(right_hand_side)(band, 1, b);
    EXPECT(LAPWING_OK, NAME(lapwing_solve_banded_transposed)(1, 2, stored, b_view, x.view));
    NAME(found)(x);
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_solve_banded_transposed)(1, -2, stored, b_view, x.view));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_solve_banded_transposed)(2, 2, stored, b_view, x.view));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_solve_banded)(-1, 2, stored, b_view, x.view));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_solve_banded)(2, 2, stored, b_view, x.view));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_solve_banded)(INT64_MAX, INT64_MAX, stored, b_view, x.view));
    free(band.memory);

    band = NAME(dominant)(0, 3, 3, 1);
    for (int64_t j = 0; j < N; ++j)
        for (int64_t i = j; i < N && i <= j + 3; ++i) *NAME(at)(diagonals, i - j, j) = *NAME(at)(band, i, j);
    NAME(right_hand_side)(band, 0, b);
    EXPECT(LAPWING_OK, NAME(lapwing_solve_banded_definite)(stored, b_view, x.view));
    NAME(found)(x);
    REAL value = 77, expected;
    EXPECT(LAPWING_OK, NAME(lapwing_banded_definite_log_determinant)(stored, &value));
    EXPECT(LAPWING_OK, NAME(lapwing_log_determinant)(NAME(read_only)(band), NULL, &expected));
    CHECK(fabs((double)value - expected) <= TOLERANCE);
    EXPECT(LAPWING_OK, NAME(lapwing_banded_definite_reciprocal_condition)(stored, &value));
    EXPECT(LAPWING_OK, NAME(lapwing_reciprocal_condition)(NAME(read_only)(band), LAPWING_CONDITION_ONE, &expected));
    CHECK(value <= 3 * expected && expected <= 3 * value);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_banded_definite_log_determinant)(stored, NULL));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_banded_definite_reciprocal_condition)(stored, NULL));
    stored.rows = 0, value = 77;
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_banded_definite_log_determinant)(stored, &value));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_banded_definite_reciprocal_condition)(stored, &value));
    stored.rows = 4;
    *NAME(at)(diagonals, 0, 1) = -1;
    EXPECT(LAPWING_ERR_NOT_POSITIVE_DEFINITE, NAME(lapwing_banded_definite_log_determinant)(stored, &value));
    CHECK(value == 77);
    EXPECT_MESSAGE(LAPWING_ERR_NOT_POSITIVE_DEFINITE, "order 2",
                   NAME(lapwing_solve_banded_definite)(stored, b_view, x.view));
    free(band.memory);
    stored.cols = N - 1;
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_solve_banded_definite)(stored, b_view, x.view));
    stored.data = NULL;
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_solve_banded_definite)(stored, b_view, x.view));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_solve_banded)(1, 2, stored, b_view, x.view));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_solve_banded_transposed)(1, 2, stored, b_view, x.view));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_banded_definite_log_determinant)(stored, &value));

    for (int symmetric = 0; symmetric < 2; ++symmetric) {
        NAME(owned) chain = NAME(dominant)(0, 1, 1, symmetric);
        NAME(right_hand_side)(chain, 0, b);
        /* The diagonals of a row-major matrix, where they lie. */
        NAME(lapwing_vec) below = {NAME(at)(chain, 1, 0), N - 1, N + 1}, above = {NAME(at)(chain, 0, 1), N - 1, N + 1};
        NAME(lapwing_vec) diagonal = {chain.memory, N, N + 1}, none = {NULL, N, 1};
        EXPECT(LAPWING_OK, NAME(lapwing_solve_tridiagonal)(below, diagonal, above, b_view, x.view));
        NAME(found)(x);
        EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_solve_tridiagonal)(diagonal, diagonal, above, b_view, x.view));
        EXPECT(LAPWING_ERR_NULL, NAME(lapwing_solve_tridiagonal)(below, none, above, b_view, x.view));
        if (symmetric) {
            EXPECT(LAPWING_OK, NAME(lapwing_solve_tridiagonal_definite)(diagonal, below, b_view, x.view));
            NAME(found)(x);
            EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_solve_tridiagonal_definite)(diagonal, diagonal, b_view, x.view));
            EXPECT(LAPWING_ERR_NULL, NAME(lapwing_solve_tridiagonal_definite)(none, below, b_view, x.view));
            *NAME(at)(chain, 0, 0) = -1;
            EXPECT_MESSAGE(LAPWING_ERR_NOT_POSITIVE_DEFINITE, "order 1",
                           NAME(lapwing_solve_tridiagonal_definite)(diagonal, below, b_view, x.view));
        }
        free(chain.memory);
    }
    free(b.memory), free(x.memory), free(diagonals.memory);
}

static void NAME(systems_by_structure)(int in, int out) {
    static const struct {
        int64_t lower, upper;
        int symmetric;
        int32_t structure, method;
    } cases[] = {
        {0, 0, 0, LAPWING_STRUCTURE_DIAGONAL, LAPWING_METHOD_DIVISION},
        {N, 0, 0, LAPWING_STRUCTURE_LOWER_TRIANGULAR, LAPWING_METHOD_SUBSTITUTION},
        {0, N, 0, LAPWING_STRUCTURE_UPPER_TRIANGULAR, LAPWING_METHOD_SUBSTITUTION},
        {1, 1, 0, LAPWING_STRUCTURE_TRIDIAGONAL, LAPWING_METHOD_TRIDIAGONAL_LU},
        {1, 1, 1, LAPWING_STRUCTURE_TRIDIAGONAL, LAPWING_METHOD_TRIDIAGONAL_CHOLESKY},
        {N, N, 1, LAPWING_STRUCTURE_POSITIVE_DEFINITE, LAPWING_METHOD_CHOLESKY},
        {N, N, 0, LAPWING_STRUCTURE_GENERAL, LAPWING_METHOD_LU},
    };
    NAME(owned) b = NAME(make)(in, N, K), x = NAME(make)(out, N, K);
    const NAME(lapwing_mat) b_view = NAME(read_only)(b);
    int32_t structure, method;
    int64_t rank;
    REAL reciprocal;
    char text[1024], cut[12];
    size_t length, again;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        NAME(owned) a = NAME(dominant)(in, cases[i].lower, cases[i].upper, cases[i].symmetric);
        NAME(right_hand_side)(a, 0, b);
        EXPECT(LAPWING_OK, NAME(lapwing_solve)(NAME(read_only)(a), b_view, x.view, &structure, &method, &rank,
                                               &reciprocal, text, sizeof text, &length));
        NAME(found)(x);
        CHECK(structure == cases[i].structure && method == cases[i].method && rank == N);
        CHECK(reciprocal > 0.1 && reciprocal <= 1.01);
        CHECK(length == strlen(text) && strncmp(text, "matrix     7 x 7, ", 18) == 0);
        EXPECT(LAPWING_OK, NAME(lapwing_solve)(NAME(read_only)(a), b_view, x.view, NULL, NULL, NULL, NULL, cut,
                                               sizeof cut, &again));
        CHECK(again == length && strcmp(cut, "matrix     ") == 0);
        EXPECT(LAPWING_OK, NAME(lapwing_solve)(NAME(read_only)(a), b_view, x.view, NULL, NULL, NULL, NULL, NULL, 0,
                                               NULL));
        NAME(found)(x);
        free(a.memory);
    }

    /* (1, 1) twice: a rank of one, and the solution of least norm. */
    const REAL ones[4] = {1, 1, 1, 1}, sides[2] = {2, 2};
    REAL answer[2] = {77, 77};
    NAME(lapwing_mat) ones_view = {ones, 2, 2, 2, 1}, sides_view = {sides, 2, 1, 1, 1};
    NAME(lapwing_mat_mut) answer_view = {answer, 2, 1, 1, 1};
    EXPECT(LAPWING_OK, NAME(lapwing_solve)(ones_view, sides_view, answer_view, &structure, &method, &rank,
                                           &reciprocal, NULL, 0, NULL));
    CHECK(structure == LAPWING_STRUCTURE_RANK_DEFICIENT && method == LAPWING_METHOD_SVD && rank == 1);
    CHECK(reciprocal == 0);
    CHECK(fabs((double)answer[0] - 1) <= TOLERANCE && fabs((double)answer[1] - 1) <= TOLERANCE);
    /* One equation in two unknowns, and two equations in one. */
    ones_view.rows = 1, sides_view.rows = 1;
    EXPECT(LAPWING_OK, NAME(lapwing_solve)(ones_view, sides_view, answer_view, &structure, &method, NULL, NULL, NULL,
                                           0, NULL));
    CHECK(structure == LAPWING_STRUCTURE_UNDERDETERMINED && method == LAPWING_METHOD_QR_OF_TRANSPOSE);
    ones_view.rows = 2, ones_view.cols = 1, sides_view.rows = 2, answer_view.rows = 1;
    EXPECT(LAPWING_OK, NAME(lapwing_solve)(ones_view, sides_view, answer_view, &structure, &method, NULL, NULL, NULL,
                                           0, NULL));
    CHECK(structure == LAPWING_STRUCTURE_OVERDETERMINED && method == LAPWING_METHOD_QR);
    CHECK(fabs((double)answer[0] - 2) <= TOLERANCE);

    answer[0] = 77;
    sides_view.rows = 1;
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_solve)(ones_view, sides_view, answer_view, NULL, NULL, NULL, NULL, NULL, 0,
                                                  NULL));
    ones_view.data = NULL;
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_solve)(ones_view, sides_view, answer_view, NULL, NULL, NULL, NULL, NULL, 0,
                                                 NULL));
    CHECK(answer[0] == 77);
    free(b.memory), free(x.memory);
}

static void NAME(linear_systems)(void) {
    for (int in = 0; in < LAYOUTS; ++in) {
        /* Every layout in, every layout out. */
        const int out = (in + 3) % LAYOUTS;
        NAME(general_systems)(in, out);
        NAME(symmetric_systems)(in, out, LAPWING_LOWER);
        NAME(symmetric_systems)(in, out, LAPWING_UPPER);
        NAME(structured_systems)(in, out);
        NAME(structured_summaries)(in, out);
        NAME(systems_by_structure)(in, out);
    }
}

#undef N
#undef K
#undef TOLERANCE
