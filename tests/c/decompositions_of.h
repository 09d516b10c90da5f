/* Every decomposition in one precision, checked by LAPACK's own test ratios: a residual entry is at most its
 * 1-norm, and that at most threshold * extent * norm(a) * unit roundoff. The thresholds are LAPACK's. */

#include "matrix_of.h"

/* The largest entry in magnitude of a - l * diag(d) * r, where a NULL diagonal is of ones. r may be read as its
 * transpose. */
static double NAME(defect)(NAME(owned) a, NAME(owned) l, const REAL *d, NAME(owned) r, int transposed) {
    double largest = 0;
    for (int64_t i = 0; i < a.view.rows; ++i) {
        for (int64_t j = 0; j < a.view.cols; ++j) {
            double sum = *NAME(at)(a, i, j);
            for (int64_t k = 0; k < l.view.cols; ++k) {
                const double right = transposed ? *NAME(at)(r, j, k) : *NAME(at)(r, k, j);
                sum -= (double)*NAME(at)(l, i, k) * (d == NULL ? 1.0 : (double)d[k]) * right;
            }
            largest = fmax(largest, fabs(sum));
        }
    }
    return largest;
}

/* The largest entry in magnitude of the identity - transpose(q) * q, or of q * transpose(q) for rows. */
static double NAME(skew)(NAME(owned) q, int of_rows) {
    const int64_t count = of_rows ? q.view.rows : q.view.cols, length = of_rows ? q.view.cols : q.view.rows;
    double largest = 0;
    for (int64_t i = 0; i < count; ++i) {
        for (int64_t j = 0; j < count; ++j) {
            double sum = i == j ? 1.0 : 0.0;
            for (int64_t k = 0; k < length; ++k)
                sum -= of_rows ? (double)*NAME(at)(q, i, k) * *NAME(at)(q, j, k)
                               : (double)*NAME(at)(q, k, i) * *NAME(at)(q, k, j);
            largest = fmax(largest, fabs(sum));
        }
    }
    return largest;
}

/* The largest absolute column sum. */
static double NAME(norm)(NAME(owned) a) {
    double largest = 0;
    for (int64_t j = 0; j < a.view.cols; ++j) {
        double sum = 0;
        for (int64_t i = 0; i < a.view.rows; ++i) sum += fabs((double)*NAME(at)(a, i, j));
        largest = fmax(largest, sum);
    }
    return largest;
}

static void NAME(svd_reconstructs)(int64_t m, int64_t n, int layout_in, int layout_out) {
    const int64_t k = m < n ? m : n;
    const double most = (double)(m > n ? m : n);
    NAME(owned) a = NAME(make)(layout_in, m, n), u = NAME(make)(layout_out, m, k), vt = NAME(make)(layout_out, k, n);
    NAME(owned) s = NAME(make)(0, k, 1), values = NAME(make)(0, k, 1);
    NAME(lapwing_vec_mut) s_view = {s.memory, k, 1};
    /* Backwards: the negative stride puts the largest value last in memory. */
    NAME(lapwing_vec_mut) values_view = {k == 0 ? NULL : values.memory + k - 1, k, -1};
    const NAME(lapwing_mat_mut) unwanted = {NULL, 0, 0, 0, 0};
    NAME(scatter)(a, (uint64_t)(m * 100 + n));
    EXPECT(LAPWING_OK, NAME(lapwing_svd)(NAME(read_only)(a), s_view, u.view, vt.view));
    CHECK(NAME(defect)(a, u, s.memory, vt, 0) <= 50 * most * NAME(norm)(a) * UNIT_ROUNDOFF);
    CHECK(NAME(skew)(u, 0) <= 50 * (double)m * UNIT_ROUNDOFF);
    CHECK(NAME(skew)(vt, 1) <= 50 * (double)n * UNIT_ROUNDOFF);
    for (int64_t i = 0; i + 1 < k; ++i) CHECK(s.memory[i] >= s.memory[i + 1] && s.memory[i + 1] >= 0);

    EXPECT(LAPWING_OK, NAME(lapwing_svd)(NAME(read_only)(a), values_view, unwanted, unwanted));
    for (int64_t i = 0; i < k; ++i)
        CHECK(fabs((double)values.memory[k - 1 - i] - s.memory[i]) <= 50 * most * s.memory[0] * UNIT_ROUNDOFF);

    /* One side alone is the same as with the other. */
    if (k > 0) {
        NAME(owned) alone = NAME(make)(layout_out, m, k);
        EXPECT(LAPWING_OK, NAME(lapwing_svd)(NAME(read_only)(a), values_view, alone.view, unwanted));
        CHECK(NAME(defect)(a, alone, s.memory, vt, 0) <= 50 * most * NAME(norm)(a) * UNIT_ROUNDOFF);
        EXPECT(LAPWING_OK, NAME(lapwing_svd)(NAME(read_only)(a), values_view, unwanted, vt.view));
        CHECK(NAME(defect)(a, alone, s.memory, vt, 0) <= 50 * most * NAME(norm)(a) * UNIT_ROUNDOFF);
        free(alone.memory);
    }
    free(a.memory), free(u.memory), free(vt.memory), free(s.memory), free(values.memory);
}

static void NAME(qr_reconstructs)(int64_t m, int64_t n, int layout_in, int layout_out) {
    const int64_t k = m < n ? m : n;
    NAME(owned) a = NAME(make)(layout_in, m, n), q = NAME(make)(layout_out, m, k), r = NAME(make)(layout_out, k, n);
    NAME(owned) alone = NAME(make)(0, k, n);
    const NAME(lapwing_mat_mut) unwanted = {NULL, 0, 0, 0, 0};
    NAME(scatter)(a, (uint64_t)(m * 100 + n));
    EXPECT(LAPWING_OK, NAME(lapwing_qr)(NAME(read_only)(a), q.view, r.view));
    CHECK(NAME(defect)(a, q, NULL, r, 0) <= 30 * (double)(m > n ? m : n) * NAME(norm)(a) * UNIT_ROUNDOFF);
    CHECK(NAME(skew)(q, 0) <= 30 * (double)m * UNIT_ROUNDOFF);
    EXPECT(LAPWING_OK, NAME(lapwing_qr)(NAME(read_only)(a), unwanted, alone.view));
    for (int64_t i = 0; i < k; ++i) {
        for (int64_t j = 0; j < n; ++j) {
            CHECK(j >= i || *NAME(at)(r, i, j) == 0);
            CHECK(*NAME(at)(r, i, j) == *NAME(at)(alone, i, j));
        }
    }
    EXPECT(LAPWING_OK, NAME(lapwing_qr)(NAME(read_only)(a), q.view, unwanted));
    CHECK(NAME(defect)(a, q, NULL, r, 0) <= 30 * (double)(m > n ? m : n) * NAME(norm)(a) * UNIT_ROUNDOFF);
    free(a.memory), free(q.memory), free(r.memory), free(alone.memory);
}

/* The triangle that is not referenced holds NaN: reading it would be seen. */
static void NAME(symmetric_reconstruct)(int64_t n, int layout_in, int layout_out, int32_t uplo) {
    NAME(owned) full = NAME(make)(0, n, n), given = NAME(make)(layout_in, n, n), v = NAME(make)(layout_out, n, n);
    NAME(owned) w = NAME(make)(0, n, 1), values = NAME(make)(0, n, 1), factor = NAME(make)(layout_out, n, n);
    NAME(lapwing_vec_mut) w_view = {w.memory, n, 1}, values_view = {values.memory, n, 1};
    const NAME(lapwing_mat_mut) unwanted = {NULL, 0, 0, 0, 0};
    NAME(scatter)(full, (uint64_t)n + 7);
    for (int64_t i = 0; i < n; ++i) {
        /* Diagonally dominant, so positive definite. */
        for (int64_t j = 0; j < i; ++j) *NAME(at)(full, j, i) = *NAME(at)(full, i, j);
        *NAME(at)(full, i, i) = (REAL)(n + 1);
    }
    for (int64_t i = 0; i < n; ++i)
        for (int64_t j = 0; j < n; ++j)
            *NAME(at)(given, i, j) =
                (uplo == LAPWING_LOWER ? j <= i : j >= i) ? *NAME(at)(full, i, j) : (REAL)NAN;

    EXPECT(LAPWING_OK, NAME(lapwing_eigh)(NAME(read_only)(given), uplo, w_view, v.view));
    CHECK(NAME(defect)(full, v, w.memory, v, 1) <= 60 * (double)n * NAME(norm)(full) * UNIT_ROUNDOFF);
    CHECK(NAME(skew)(v, 0) <= 60 * (double)n * UNIT_ROUNDOFF);
    EXPECT(LAPWING_OK, NAME(lapwing_eigh)(NAME(read_only)(given), uplo, values_view, unwanted));
    for (int64_t i = 0; i < n; ++i) {
        CHECK(i == 0 || w.memory[i - 1] <= w.memory[i]);
        CHECK(fabs((double)values.memory[i] - w.memory[i]) <= 60 * (double)n * NAME(norm)(full) * UNIT_ROUNDOFF);
    }

    EXPECT(LAPWING_OK, NAME(lapwing_cholesky)(NAME(read_only)(given), uplo, factor.view));
    for (int64_t i = 0; i < n; ++i) {
        for (int64_t j = 0; j < n; ++j)
            CHECK((uplo == LAPWING_LOWER ? j <= i : j >= i) || *NAME(at)(factor, i, j) == 0);
    }
    if (uplo == LAPWING_UPPER && n > 0) { /* the lower factor is its transpose */
        const int64_t stride = factor.view.row_stride;
        factor.view.row_stride = factor.view.col_stride, factor.view.col_stride = stride;
    }
    CHECK(NAME(defect)(full, factor, NULL, factor, 1) <= 30 * (double)n * NAME(norm)(full) * UNIT_ROUNDOFF);
    free(full.memory), free(given.memory), free(v.memory);
    free(w.memory), free(values.memory), free(factor.memory);
}

/* A zero stride repeats a row: a matrix of rank one, whose singular value is known. */
static void NAME(zero_stride_repeats)(void) {
    const REAL row[3] = {2, 3, 6};
    REAL s[3];
    const NAME(lapwing_mat) a = {row, 4, 3, 0, 1};
    const NAME(lapwing_vec_mut) s_view = {s, 3, 1};
    const NAME(lapwing_mat_mut) unwanted = {NULL, 0, 0, 0, 0};
    EXPECT(LAPWING_OK, NAME(lapwing_svd)(a, s_view, unwanted, unwanted));
    CHECK(fabs((double)s[0] - 14) <= 50 * 4 * 14 * UNIT_ROUNDOFF);
    CHECK(s[1] <= 50 * 4 * 14 * UNIT_ROUNDOFF && s[2] <= 50 * 4 * 14 * UNIT_ROUNDOFF);
}

/* Completed to orthogonal matrices, q applied without being formed, and columns exchanged. */
static void NAME(other_forms_reconstruct)(int64_t m, int64_t n, int in, int out) {
    const int64_t k = m < n ? m : n;
    const double most = (double)(m > n ? m : n), bound = 50 * most * UNIT_ROUNDOFF;
    NAME(owned) a = NAME(make)(in, m, n), q = NAME(make)(out, m, m), r = NAME(make)(in, m, n);
    NAME(owned) u = NAME(make)(out, m, m), vt = NAME(make)(in, n, n), s = NAME(make)(0, k, 1);
    NAME(owned) thin = NAME(make)(out, m, k), upper = NAME(make)(in, k, n), moved = NAME(make)(0, m, n);
    const NAME(lapwing_vec_mut) s_view = {s.memory, k, 1}, no_values = {NULL, 0, 1};
    const NAME(lapwing_mat_mut) unwanted = {NULL, 0, 0, 0, 0};
    const NAME(lapwing_mat) a_view = NAME(read_only)(a);
    int64_t permutation[40], rank = 77;
    NAME(scatter)(a, (uint64_t)(m * 10 + n));

    EXPECT(LAPWING_OK, NAME(lapwing_svd_full)(a_view, s_view, u.view, vt.view));
    CHECK(NAME(skew)(u, 0) <= bound && NAME(skew)(vt, 1) <= bound);
    NAME(owned) leading = u, rows = vt;
    leading.view.cols = k, rows.view.rows = k;
    CHECK(NAME(defect)(a, leading, s.memory, rows, 0) <= bound * NAME(norm)(a));
    EXPECT(LAPWING_OK, NAME(lapwing_svd_full)(a_view, no_values, unwanted, vt.view));

    EXPECT(LAPWING_OK, NAME(lapwing_qr_full)(a_view, q.view, r.view));
    CHECK(NAME(skew)(q, 0) <= bound && NAME(defect)(a, q, NULL, r, 0) <= bound * NAME(norm)(a));
    for (int64_t i = 0; i < m; ++i)
        for (int64_t j = 0; j < i && j < n; ++j) CHECK(*NAME(at)(r, i, j) == 0);
    EXPECT(LAPWING_OK, NAME(lapwing_qr_full)(a_view, unwanted, r.view));
    /* q * r is a, and transpose(q) * a is r; products that are formed agree. */
    EXPECT(LAPWING_OK, NAME(lapwing_qr_apply)(a_view, LAPWING_AS_GIVEN, NAME(read_only)(r), moved.view));
    for (int64_t i = 0; i < m; ++i)
        for (int64_t j = 0; j < n; ++j)
            CHECK(fabs((double)*NAME(at)(moved, i, j) - *NAME(at)(a, i, j)) <= bound * NAME(norm)(a));
    EXPECT(LAPWING_OK, NAME(lapwing_qr_apply)(a_view, LAPWING_TRANSPOSED, a_view, moved.view));
    for (int64_t i = 0; i < m; ++i)
        for (int64_t j = 0; j < n; ++j)
            CHECK(fabs((double)*NAME(at)(moved, i, j) - *NAME(at)(r, i, j)) <= bound * NAME(norm)(a));
    EXPECT(LAPWING_OK, NAME(lapwing_matmul)(NAME(read_only)(q), NAME(read_only)(r), moved.view));
    for (int64_t i = 0; i < m; ++i)
        for (int64_t j = 0; j < n; ++j)
            CHECK(fabs((double)*NAME(at)(moved, i, j) - *NAME(at)(a, i, j)) <= bound * NAME(norm)(a));

    EXPECT(LAPWING_OK, NAME(lapwing_pivoted_qr)(a_view, -1, thin.view, upper.view, permutation, &rank));
    CHECK(rank == k && NAME(skew)(thin, 0) <= bound);
    for (int64_t i = 0; i < m; ++i)
        for (int64_t j = 0; j < n; ++j) *NAME(at)(moved, i, j) = *NAME(at)(a, i, permutation[j]);
    CHECK(NAME(defect)(moved, thin, NULL, upper, 0) <= bound * NAME(norm)(a));
    for (int64_t j = 1; j < k; ++j)
        CHECK(fabs((double)*NAME(at)(upper, j, j)) <= fabs((double)*NAME(at)(upper, j - 1, j - 1)) * (1 + bound));
    /* So coarse a tolerance that nothing counts. */
    EXPECT(LAPWING_OK, NAME(lapwing_pivoted_qr)(a_view, 1, unwanted, unwanted, NULL, &rank));
    CHECK(rank == 0);
    free(a.memory), free(q.memory), free(r.memory), free(u.memory), free(vt.memory), free(s.memory);
    free(thin.memory), free(upper.memory), free(moved.memory);
}

/* The second difference has the eigenvalues 2 - 2 cos(pi j / (n + 1)); what is not read holds NaN. */
static void NAME(parts_of_a_spectrum)(int in, int out, int32_t uplo) {
    enum { N = 6 };
    const double pi = acos(-1.0), bound = 60 * N * 4 * UNIT_ROUNDOFF;
    NAME(owned) a = NAME(make)(in, N, N), full = NAME(make)(0, N, N), v = NAME(make)(out, N, 2), room = NAME(make)(out, N, N);
    REAL w[N];
    const NAME(lapwing_vec_mut) two = {w, 2, 1}, all = {w, N, 1}, none = {NULL, 2, 1};
    const NAME(lapwing_mat_mut) unwanted = {NULL, 0, 0, 0, 0};
    const NAME(lapwing_mat) a_view = NAME(read_only)(a);
    NAME(lapwing_mat) oblong = a_view;
    int64_t found = 77;
    oblong.rows = N - 1;
    for (int64_t i = 0; i < N; ++i) {
        for (int64_t j = 0; j < N; ++j) {
            *NAME(at)(full, i, j) = (REAL)(i == j ? 2 : i == j + 1 || j == i + 1 ? -1 : 0);
            *NAME(at)(a, i, j) = (uplo == LAPWING_LOWER ? j <= i : j >= i) ? *NAME(at)(full, i, j) : (REAL)NAN;
            *NAME(at)(room, i, j) = 77;
        }
    }
    EXPECT(LAPWING_OK, NAME(lapwing_eigh_index)(a_view, uplo, N - 2, two, v.view));
    CHECK(NAME(skew)(v, 0) <= bound);
    for (int j = 0; j < 2; ++j) {
        CHECK(fabs((double)w[j] - (2 - 2 * cos(pi * (N - 1 + j) / (N + 1)))) <= bound);
        for (int64_t i = 0; i < N; ++i) {
            double sum = -(double)w[j] * *NAME(at)(v, i, j);
            for (int64_t k = 0; k < N; ++k) sum += (double)*NAME(at)(full, i, k) * *NAME(at)(v, k, j);
            CHECK(fabs(sum) <= bound);
        }
    }
    EXPECT(LAPWING_OK, NAME(lapwing_eigh_index)(a_view, uplo, 0, two, unwanted));
    for (int j = 0; j < 2; ++j) CHECK(fabs((double)w[j] - (2 - 2 * cos(pi * (1 + j) / (N + 1)))) <= bound);

    for (int i = 0; i < N; ++i) w[i] = 77;
    /* 0.198, 0.753, 1.555, ... */
    EXPECT(LAPWING_OK, NAME(lapwing_eigh_interval)(a_view, uplo, 0.5, 2, all, room.view, &found));
    CHECK(found == 2 && w[2] == 77);
    for (int j = 0; j < 2; ++j) {
        CHECK(fabs((double)w[j] - (2 - 2 * cos(pi * (2 + j) / (N + 1)))) <= bound);
        for (int64_t i = 0; i < N; ++i) {
            double sum = -(double)w[j] * *NAME(at)(room, i, j);
            for (int64_t k = 0; k < N; ++k) sum += (double)*NAME(at)(full, i, k) * *NAME(at)(room, k, j);
            CHECK(fabs(sum) <= bound);
            CHECK(*NAME(at)(room, i, 2) == 77);
        }
    }
    EXPECT(LAPWING_OK, NAME(lapwing_eigh_interval)(a_view, uplo, -INFINITY, INFINITY, all, unwanted, &found));
    CHECK(found == N);
    EXPECT(LAPWING_OK, NAME(lapwing_eigh_interval)(a_view, uplo, 10, 20, all, room.view, &found));
    CHECK(found == 0);

    found = 77, w[0] = 77;
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_eigh_index)(a_view, uplo, 0, none, v.view));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_eigh_index)(oblong, uplo, 0, two, v.view));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_eigh_index)(a_view, uplo, 0, two, room.view));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_eigh_index)(a_view, uplo, N - 1, two, v.view));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_eigh_index)(a_view, uplo, INT64_MAX, two, v.view));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_eigh_index)(a_view, uplo, -1, two, v.view));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_eigh_index)(a_view, 2, 0, two, v.view));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_eigh_interval)(a_view, uplo, 0, 1, all, unwanted, NULL));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_eigh_interval)(a_view, uplo, 0, 1, two, unwanted, &found));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_eigh_interval)(a_view, uplo, 0, 1, all, v.view, &found));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_eigh_interval)(a_view, uplo, 1, 0, all, unwanted, &found));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_eigh_interval)(a_view, uplo, NAN, 0, all, unwanted, &found));
    CHECK(found == 77 && w[0] == 77);
    free(a.memory), free(full.memory), free(v.memory), free(room.memory);
}

static void NAME(other_forms_refuse)(void) {
    const REAL entries[] = {1, 2, 3, 4, 5, 6};
    REAL out[9], other[9], values[2] = {77, 77};
    const NAME(lapwing_mat) a = {entries, 3, 2, 2, 1}, none = {NULL, 3, 2, 2, 1}, flat = {entries, 2, 3, 3, 1};
    const NAME(lapwing_mat_mut) square = {out, 3, 3, 3, 1}, small = {other, 2, 2, 2, 1}, same = {other, 3, 2, 2, 1};
    const NAME(lapwing_mat_mut) nowhere = {NULL, 3, 2, 2, 1}, unwanted = {NULL, 0, 0, 0, 0};
    const NAME(lapwing_vec_mut) s = {values, 2, 1}, one = {values, 1, 1};
    int64_t permutation[2] = {77, 77}, rank = 77;
    for (int i = 0; i < 9; ++i) out[i] = other[i] = 77;
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_svd_full)(none, s, square, small));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_svd_full)(a, one, square, small));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_svd_full)(a, s, same, small));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_svd_full)(a, s, unwanted, square));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_qr_full)(none, square, same));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_qr_full)(a, same, unwanted));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_qr_full)(a, square, small));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_qr_apply)(a, LAPWING_AS_GIVEN, none, same));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_qr_apply)(a, LAPWING_AS_GIVEN, a, nowhere));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_qr_apply)(a, LAPWING_AS_GIVEN, flat, same));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_qr_apply)(a, LAPWING_AS_GIVEN, a, small));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_qr_apply)(a, 2, a, same));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_pivoted_qr)(none, -1, same, small, permutation, &rank));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_pivoted_qr)(a, -1, same, unwanted, permutation, NULL));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_pivoted_qr)(a, -1, square, small, permutation, &rank));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_pivoted_qr)(a, -1, unwanted, same, permutation, &rank));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_pivoted_qr)(a, NAN, unwanted, small, permutation, &rank));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_pivoted_qr_solve)(a, -1, none, small));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_pivoted_qr_solve)(a, -1, flat, small));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_pivoted_qr_solve)(a, -1, a, same));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_pivoted_qr_solve)(a, NAN, a, small));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_matmul)(a, none, square));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_matmul)(a, flat, nowhere));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_matmul)(a, a, square));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_matmul)(a, flat, small));
    EXPECT(LAPWING_ERR_ALIAS, NAME(lapwing_matmul)(a, ((NAME(lapwing_mat)){out, 2, 3, 3, 1}), square));
    for (int i = 0; i < 9; ++i) CHECK(out[i] == 77 && other[i] == 77);
    CHECK(values[0] == 77 && permutation[0] == 77 && rank == 77);
    /* (1, 2) and twice that: the second column alone does. */
    const REAL dependent[] = {1, 2, 2, 4}, right[] = {2, 4};
    EXPECT(LAPWING_OK, NAME(lapwing_pivoted_qr_solve)(((NAME(lapwing_mat)){dependent, 2, 2, 2, 1}), -1,
                                                      ((NAME(lapwing_mat)){right, 2, 1, 1, 1}),
                                                      ((NAME(lapwing_mat_mut)){values, 2, 1, 1, 1})));
    CHECK(values[0] == 0 && fabs((double)values[1] - 1) <= 30 * UNIT_ROUNDOFF);
    EXPECT(LAPWING_OK, NAME(lapwing_matmul)(flat, a, small));
    CHECK(other[0] == 22 && other[1] == 28 && other[2] == 49 && other[3] == 64);
}

static void NAME(decompositions)(void) {
    static const int64_t shapes[][2] = {{1, 1}, {7, 4}, {4, 7}, {12, 12}, {40, 3}, {3, 40}, {0, 3}, {3, 0}, {0, 0}};
    for (size_t shape = 0; shape < sizeof shapes / sizeof *shapes; ++shape) {
        for (int in = 0; in < LAYOUTS; ++in) {
            /* Every layout in, every layout out, and in the course of the shapes every pair of them. */
            const int out = (in + (int)shape) % LAYOUTS;
            const int64_t m = shapes[shape][0], n = shapes[shape][1];
            NAME(svd_reconstructs)(m, n, in, out);
            if (m * n > 0) NAME(qr_reconstructs)(m, n, in, out);
            if (m * n > 0) NAME(other_forms_reconstruct)(m, n, in, out);
            NAME(symmetric_reconstruct)(m, in, out, LAPWING_LOWER);
            NAME(symmetric_reconstruct)(m, in, out, LAPWING_UPPER);
        }
    }
    for (int in = 0; in < LAYOUTS; ++in) {
        NAME(parts_of_a_spectrum)(in, (in + 1) % LAYOUTS, LAPWING_LOWER);
        NAME(parts_of_a_spectrum)(in, (in + 2) % LAYOUTS, LAPWING_UPPER);
    }
    NAME(other_forms_refuse)();
    NAME(zero_stride_repeats)();
}
