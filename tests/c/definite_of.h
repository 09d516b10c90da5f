/* Every factorization and update in one precision, in every layout of inputs and outputs, and what it refuses. */

#include "matrix_of.h"

/* The largest entry in magnitude of a[p, p] - l * transpose(l), where NULL leaves the order as it is; l may be an
 * upper factor, read as its transpose. */
static double NAME(defect)(NAME(owned) a, const int64_t *p, NAME(owned) l, int upper) {
    double largest = 0;
    for (int64_t i = 0; i < a.view.rows; ++i) {
        for (int64_t j = 0; j < a.view.cols; ++j) {
            double sum = p == NULL ? *NAME(at)(a, i, j) : *NAME(at)(a, p[i], p[j]);
            for (int64_t k = 0; k < l.view.cols; ++k)
                sum -= upper ? (double)*NAME(at)(l, k, i) * *NAME(at)(l, k, j)
                             : (double)*NAME(at)(l, i, k) * *NAME(at)(l, j, k);
            largest = fmax(largest, fabs(sum));
        }
    }
    return largest;
}

/* x * transpose(x) for random x of this rank: entries of at most rank. */
static void NAME(gram)(NAME(owned) a, int64_t rank) {
    NAME(owned) x = NAME(make)(0, a.view.rows, rank);
    NAME(scatter)(x, (uint64_t)(rank + 3));
    for (int64_t i = 0; i < a.view.rows; ++i) {
        for (int64_t j = 0; j < a.view.rows; ++j) {
            double sum = 0;
            for (int64_t k = 0; k < rank; ++k) sum += (double)*NAME(at)(x, i, k) * *NAME(at)(x, j, k);
            *NAME(at)(a, i, j) = (REAL)sum;
        }
    }
    free(x.memory);
}

/* LAPACK's threshold of 30, with norm(a) at most n * rank. */
static double NAME(bound)(int64_t n, int64_t rank) { return 30.0 * (double)(n * n * rank) * UNIT_ROUNDOFF; }

static int NAME(is_permutation)(const int64_t *p, int64_t n) {
    for (int64_t value = 0; value < n; ++value) {
        int64_t count = 0;
        for (int64_t i = 0; i < n; ++i) count += p[i] == value;
        if (count != 1) return 0;
    }
    return 1;
}

static void NAME(semidefinite)(int64_t n, int64_t rank, int in, int out) {
    NAME(owned) a = NAME(make)(in, n, n), l = NAME(make)(out, n, n);
    int64_t permutation[16], found = -1;
    NAME(gram)(a, rank);
    for (int32_t uplo = LAPWING_LOWER; uplo <= LAPWING_UPPER; ++uplo) {
        EXPECT(LAPWING_OK,
               NAME(lapwing_pivoted_cholesky)(NAME(read_only)(a), uplo, -1, l.view, permutation, &found));
        CHECK(found == rank && NAME(is_permutation)(permutation, n));
        CHECK(NAME(defect)(a, permutation, l, 0) <= NAME(bound)(n, rank));
        for (int64_t i = 0; i < n; ++i)
            for (int64_t j = 0; j < n; ++j) CHECK((j <= i && j < rank) || *NAME(at)(l, i, j) == 0);
    }
    /* A coarse tolerance stops earlier; the permutation is not wanted. */
    EXPECT(LAPWING_OK, NAME(lapwing_pivoted_cholesky)(NAME(read_only)(a), LAPWING_LOWER, 0.9, l.view, NULL, &found));
    CHECK(found < rank || rank <= 1);
    free(a.memory), free(l.memory);
}

static void NAME(indefinite)(int64_t n, int in, int out) {
    NAME(owned) a = NAME(make)(in, n, n), l = NAME(make)(out, n, n), sum = NAME(make)(0, n, n);
    NAME(owned) e = NAME(make)(0, n, 1);
    int64_t permutation[16];
    NAME(scatter)(a, (uint64_t)n);
    for (int64_t i = 0; i < n; ++i)
        for (int64_t j = 0; j < i; ++j) *NAME(at)(a, i, j) = *NAME(at)(a, j, i);
    *NAME(at)(a, 0, 0) = -1;
    for (int32_t method = LAPWING_SCHNABEL_ESKOW; method <= LAPWING_SHIFT; ++method) {
        const NAME(lapwing_vec_mut) e_view = {e.memory, n, 1};
        EXPECT(LAPWING_OK, NAME(lapwing_modified_cholesky)(NAME(read_only)(a), LAPWING_LOWER, method, l.view,
                                                           permutation, e_view));
        CHECK(NAME(is_permutation)(permutation, n));
        double added = 0;
        for (int64_t i = 0; i < n; ++i) {
            for (int64_t j = 0; j < n; ++j) *NAME(at)(sum, i, j) = *NAME(at)(a, i, j);
            *NAME(at)(sum, i, i) += e.memory[i];
            CHECK(e.memory[i] >= 0);
            added = fmax(added, e.memory[i]);
        }
        CHECK(added >= 1 - 4 * (double)n * UNIT_ROUNDOFF);
        CHECK(NAME(defect)(sum, permutation, l, 0) <= (1 + added) * NAME(bound)(n, 1));
        EXPECT(LAPWING_OK, NAME(lapwing_modified_cholesky)(NAME(read_only)(a), LAPWING_UPPER, method, l.view, NULL,
                                                           e_view));
    }
    free(a.memory), free(l.memory), free(sum.memory), free(e.memory);
}

static void NAME(rank_one)(int64_t n, int in, int out, int32_t uplo) {
    NAME(owned) a = NAME(make)(0, n, n), factor = NAME(make)(in, n, n), updated = NAME(make)(out, n, n);
    NAME(owned) back = NAME(make)(in, n, n), v = NAME(make)(0, n, 1);
    const NAME(lapwing_vec) v_view = {v.memory, n, 1};
    const int upper = uplo == LAPWING_UPPER;
    NAME(gram)(a, n + 2);
    NAME(scatter)(v, 5);
    for (int64_t i = 0; i < n; ++i) *NAME(at)(a, i, i) += 1;
    EXPECT(LAPWING_OK, NAME(lapwing_cholesky)(NAME(read_only)(a), uplo, factor.view));
    EXPECT(LAPWING_OK, NAME(lapwing_cholesky_update)(NAME(read_only)(factor), uplo, v_view, updated.view));
    EXPECT(LAPWING_OK, NAME(lapwing_cholesky_downdate)(NAME(read_only)(updated), uplo, v_view, back.view));
    CHECK(NAME(defect)(a, NULL, back, upper) <= NAME(bound)(n, n + 4));
    for (int64_t i = 0; i < n; ++i)
        for (int64_t j = 0; j < n; ++j) *NAME(at)(a, i, j) += v.memory[i] * v.memory[j];
    CHECK(NAME(defect)(a, NULL, updated, upper) <= NAME(bound)(n, n + 4));
    free(a.memory), free(factor.memory), free(updated.memory), free(back.memory), free(v.memory);
}

static void NAME(qr_follows)(int64_t m, int64_t n, int in, int out) {
    const int64_t k = m < n ? m : n;
    NAME(owned) a = NAME(make)(in, m, n), q = NAME(make)(in, m, k), r = NAME(make)(in, k, n);
    NAME(owned) q_updated = NAME(make)(out, m, k), r_updated = NAME(make)(out, k, n);
    NAME(owned) u = NAME(make)(0, m, 1), v = NAME(make)(0, n, 1);
    const NAME(lapwing_vec) u_view = {u.memory, m, 1}, v_view = {v.memory, n, 1};
    NAME(scatter)(a, 1), NAME(scatter)(u, 2), NAME(scatter)(v, 3);
    EXPECT(LAPWING_OK, NAME(lapwing_qr)(NAME(read_only)(a), q.view, r.view));
    EXPECT(LAPWING_OK, NAME(lapwing_qr_update)(NAME(read_only)(q), NAME(read_only)(r), u_view, v_view, q_updated.view,
                                               r_updated.view));
    /* 30 m eps times norms of at most m each. */
    const double bound = 30.0 * 2 * (double)(m * m) * UNIT_ROUNDOFF;
    for (int64_t i = 0; i < m; ++i) {
        for (int64_t j = 0; j < n; ++j) {
            double sum = *NAME(at)(a, i, j) + (double)u.memory[i] * v.memory[j];
            for (int64_t l = 0; l < k; ++l)
                sum -= (double)*NAME(at)(q_updated, i, l) * *NAME(at)(r_updated, l, j);
            CHECK(fabs(sum) <= bound);
            CHECK(i >= k || j >= i || *NAME(at)(r_updated, i, j) == 0);
        }
    }
    for (int64_t i = 0; i < k; ++i) {
        for (int64_t j = 0; j < k; ++j) {
            double sum = i == j ? 1 : 0;
            for (int64_t l = 0; l < m; ++l)
                sum -= (double)*NAME(at)(q_updated, l, i) * *NAME(at)(q_updated, l, j);
            CHECK(fabs(sum) <= bound);
        }
    }
    free(a.memory), free(q.memory), free(r.memory), free(q_updated.memory), free(r_updated.memory);
    free(u.memory), free(v.memory);
}

/* Systems, inverses and summaries of a matrix whose triangle that is not referenced holds NaN. */
static void NAME(definite_systems)(int in, int out, int32_t uplo) {
    enum { N = 5, K = 2 };
    NAME(owned) a = NAME(make)(in, N, N), full = NAME(make)(0, N, N), b = NAME(make)(in, N, K), x = NAME(make)(out, N, K);
    NAME(owned) inverse = NAME(make)(out, N, N);
    const NAME(lapwing_mat) a_view = NAME(read_only)(a), b_view = NAME(read_only)(b);
    NAME(lapwing_mat) no_a = a_view, oblong = a_view;
    REAL value = 77, expected = 77;
    const double bound = 30 * N * 10 * UNIT_ROUNDOFF;
    no_a.data = NULL, oblong.cols = N - 1;
    NAME(scatter)(full, 3);
    for (int64_t i = 0; i < N; ++i) {
        for (int64_t j = 0; j < N; ++j) {
            if (j > i) *NAME(at)(full, i, j) = *NAME(at)(full, j, i) = (REAL)(i - j) / 8;
            if (j == i) *NAME(at)(full, i, j) = N;
        }
    }
    for (int64_t i = 0; i < N; ++i) {
        for (int64_t j = 0; j < N; ++j)
            *NAME(at)(a, i, j) = (uplo == LAPWING_LOWER ? j <= i : j >= i) ? *NAME(at)(full, i, j) : (REAL)NAN;
        for (int64_t k = 0; k < K; ++k) {
            double sum = 0;
            for (int64_t j = 0; j < N; ++j) sum += (double)*NAME(at)(full, i, j) * (double)(j - k);
            *NAME(at)(b, i, k) = (REAL)sum;
        }
    }
    EXPECT(LAPWING_OK, NAME(lapwing_cholesky_solve)(a_view, uplo, b_view, x.view));
    for (int64_t i = 0; i < N; ++i)
        for (int64_t k = 0; k < K; ++k) CHECK(fabs((double)*NAME(at)(x, i, k) - (double)(i - k)) <= 5 * bound);
    EXPECT(LAPWING_OK, NAME(lapwing_cholesky_inverse)(a_view, uplo, inverse.view));
    for (int64_t i = 0; i < N; ++i) {
        for (int64_t j = 0; j < N; ++j) {
            double sum = i == j ? -1 : 0;
            for (int64_t k = 0; k < N; ++k) sum += (double)*NAME(at)(full, i, k) * *NAME(at)(inverse, k, j);
            CHECK(fabs(sum) <= bound);
        }
    }
    EXPECT(LAPWING_OK, NAME(lapwing_log_determinant)(NAME(read_only)(full), NULL, &expected));
    EXPECT(LAPWING_OK, NAME(lapwing_cholesky_log_determinant)(a_view, uplo, &value));
    CHECK(fabs((double)value - expected) <= bound);
    EXPECT(LAPWING_OK, NAME(lapwing_reciprocal_condition)(NAME(read_only)(full), LAPWING_CONDITION_ONE, &expected));
    EXPECT(LAPWING_OK, NAME(lapwing_cholesky_reciprocal_condition)(a_view, uplo, &value));
    CHECK(value <= 3 * expected && expected <= 3 * value);

    /* Nothing is added to what is definite; of -identity, the solution still goes along b. */
    for (int32_t method = LAPWING_SCHNABEL_ESKOW; method <= LAPWING_SHIFT; ++method) {
        EXPECT(LAPWING_OK, NAME(lapwing_modified_cholesky_solve)(a_view, uplo, method, b_view, x.view));
        for (int64_t i = 0; i < N; ++i)
            for (int64_t k = 0; k < K; ++k) CHECK(fabs((double)*NAME(at)(x, i, k) - (double)(i - k)) <= 5 * bound);
    }
    for (int64_t i = 0; i < N; ++i)
        for (int64_t j = 0; j < N; ++j) *NAME(at)(full, i, j) = (REAL)(i == j ? -1 : 0);
    EXPECT(LAPWING_OK, NAME(lapwing_modified_cholesky_solve)(NAME(read_only)(full), uplo, LAPWING_SHIFT, b_view, x.view));
    for (int64_t i = 0; i < N; ++i) CHECK((double)*NAME(at)(x, i, 0) * (double)*NAME(at)(b, i, 0) >= 0);

    value = 77;
    for (int64_t i = 0; i < N; ++i) *NAME(at)(x, i, 0) = 77;
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_cholesky_solve)(no_a, uplo, b_view, x.view));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_cholesky_solve)(oblong, uplo, b_view, x.view));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_cholesky_solve)(a_view, uplo, b_view, inverse.view));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_cholesky_solve)(a_view, 2, b_view, x.view));
    EXPECT(LAPWING_ERR_NOT_POSITIVE_DEFINITE, NAME(lapwing_cholesky_solve)(NAME(read_only)(full), uplo, b_view, x.view));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_cholesky_inverse)(no_a, uplo, inverse.view));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_cholesky_inverse)(a_view, uplo, x.view));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_cholesky_log_determinant)(a_view, uplo, NULL));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_cholesky_log_determinant)(oblong, uplo, &value));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_cholesky_reciprocal_condition)(no_a, uplo, &value));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_cholesky_reciprocal_condition)(oblong, uplo, &value));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_modified_cholesky_solve)(no_a, uplo, LAPWING_SHIFT, b_view, x.view));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_modified_cholesky_solve)(oblong, uplo, LAPWING_SHIFT, b_view, x.view));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_modified_cholesky_solve)(a_view, uplo, 2, b_view, x.view));
    CHECK(value == 77);
    for (int64_t i = 0; i < N; ++i) CHECK(*NAME(at)(x, i, 0) == 77);
    free(a.memory), free(full.memory), free(b.memory), free(x.memory), free(inverse.memory);
}

static void NAME(refusals)(void) {
    REAL entries[9] = {2, 1, 0, 1, 2, 1, 0, 1, 2}, out[9], other[9], vector[3] = {1, 9, 1};
    const NAME(lapwing_mat) a = {entries, 3, 3, 3, 1}, none = {NULL, 3, 3, 3, 1}, wide = {entries, 2, 3, 3, 1};
    const NAME(lapwing_mat_mut) l = {out, 3, 3, 3, 1}, small = {out, 2, 2, 2, 1}, inside = {entries, 3, 3, 3, 1};
    const NAME(lapwing_mat_mut) l2 = {other, 3, 3, 3, 1}, nowhere = {NULL, 3, 3, 3, 1};
    const NAME(lapwing_vec) v = {vector, 3, 1}, shorter = {vector, 2, 1}, no_vector = {NULL, 3, 1};
    const NAME(lapwing_vec_mut) e = {other, 3, 1}, short_e = {other, 2, 1}, no_e = {NULL, 3, 1};
    int64_t p[3] = {7, 7, 7}, rank = 7;
    for (int i = 0; i < 9; ++i) out[i] = other[i] = 77;

    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_pivoted_cholesky)(none, LAPWING_LOWER, -1, l, p, &rank));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_pivoted_cholesky)(a, LAPWING_LOWER, -1, nowhere, p, &rank));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "rank is NULL", NAME(lapwing_pivoted_cholesky)(a, LAPWING_LOWER, -1, l, p, NULL));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_pivoted_cholesky)(wide, LAPWING_LOWER, -1, l, p, &rank));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_pivoted_cholesky)(a, LAPWING_LOWER, -1, small, p, &rank));
    EXPECT(LAPWING_ERR_ALIAS, NAME(lapwing_pivoted_cholesky)(a, LAPWING_LOWER, -1, inside, p, &rank));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_pivoted_cholesky)(a, 2, -1, l, p, &rank));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_pivoted_cholesky)(a, LAPWING_LOWER, 1, l, p, &rank));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_pivoted_cholesky)(a, LAPWING_LOWER, NAN, l, p, &rank));

    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_modified_cholesky)(none, LAPWING_LOWER, LAPWING_SHIFT, l, p, e));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_modified_cholesky)(a, LAPWING_LOWER, LAPWING_SHIFT, l, p, no_e));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_modified_cholesky)(wide, LAPWING_LOWER, LAPWING_SHIFT, l, p, e));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_modified_cholesky)(a, LAPWING_LOWER, LAPWING_SHIFT, l, p, short_e));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_modified_cholesky)(a, -1, LAPWING_SHIFT, l, p, e));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "method is 2", NAME(lapwing_modified_cholesky)(a, LAPWING_LOWER, 2, l, p, e));

    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_cholesky_update)(none, LAPWING_LOWER, v, l));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_cholesky_update)(a, LAPWING_LOWER, no_vector, l));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_cholesky_update)(a, LAPWING_LOWER, shorter, l));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_cholesky_downdate)(a, LAPWING_LOWER, v, nowhere));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_cholesky_downdate)(a, LAPWING_LOWER, v, small));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_cholesky_downdate)(a, 7, v, l));
    EXPECT_MESSAGE(LAPWING_ERR_NOT_POSITIVE_DEFINITE, "order 2", NAME(lapwing_cholesky_downdate)(a, LAPWING_LOWER, v, l));

    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_qr_update)(none, a, v, v, l, l2));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_qr_update)(a, a, v, v, l, nowhere));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_qr_update)(a, wide, v, v, l, l2));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_qr_update)(a, a, shorter, v, l, l2));
    EXPECT(LAPWING_ERR_ALIAS, NAME(lapwing_qr_update)(a, a, v, v, l, l));

    /* What the diagonal alone does not show: the second minor is 4 - 9. */
    entries[1] = entries[3] = 3;
    EXPECT_MESSAGE(LAPWING_ERR_DOES_NOT_EXIST, "not positive semidefinite",
                   NAME(lapwing_pivoted_cholesky)(a, LAPWING_LOWER, -1, l, p, &rank));
    entries[4] = -1;
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_cholesky_update)(a, LAPWING_LOWER, v, l));
    entries[0] = (REAL)NAN;
    EXPECT(LAPWING_ERR_NON_FINITE, NAME(lapwing_pivoted_cholesky)(a, LAPWING_LOWER, -1, l, p, &rank));
    EXPECT(LAPWING_ERR_NON_FINITE, NAME(lapwing_modified_cholesky)(a, LAPWING_LOWER, LAPWING_SHIFT, l, p, e));
    EXPECT(LAPWING_ERR_NON_FINITE, NAME(lapwing_cholesky_update)(a, LAPWING_LOWER, v, l));
    EXPECT(LAPWING_ERR_NON_FINITE, NAME(lapwing_qr_update)(a, a, v, v, l, l2));
    for (int i = 0; i < 9; ++i) CHECK(out[i] == 77 && other[i] == 77);
    CHECK(p[0] == 7 && p[1] == 7 && p[2] == 7 && rank == 7);
}

static void NAME(definite)(void) {
    for (int in = 0; in < LAYOUTS; ++in) {
        for (int out = 0; out < LAYOUTS; ++out) {
            NAME(semidefinite)(9, 4, in, out);
            NAME(semidefinite)(1, 1, in, out);
            NAME(indefinite)(8, in, out);
            NAME(definite_systems)(in, out, LAPWING_LOWER);
            NAME(definite_systems)(in, out, LAPWING_UPPER);
            NAME(rank_one)(7, in, out, LAPWING_LOWER);
            NAME(rank_one)(7, in, out, LAPWING_UPPER);
            NAME(qr_follows)(8, 5, in, out);
            NAME(qr_follows)(5, 8, in, out);
            NAME(qr_follows)(6, 6, in, out);
        }
    }
    NAME(refusals)();
}
