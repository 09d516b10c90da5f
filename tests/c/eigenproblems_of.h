/* Every function in one precision: the numbers by LAPACK's own test ratios, of which an entry of a residual is at most
 * the norm, then what is refused. N is the order of the square matrices. */

#include "matrix_of.h"

#ifndef EIGENPROBLEMS_ORDER
#define EIGENPROBLEMS_ORDER
enum { N = 6, M = 4, P = 5 };
#endif

static dense NAME(load)(NAME(owned) a) {
    dense result = zeros(a.view.rows, a.view.cols);
    for (int64_t i = 0; i < a.view.rows; ++i)
        for (int64_t j = 0; j < a.view.cols; ++j) result.entries[i * a.view.cols + j] = *NAME(at)(a, i, j);
    return result;
}

static dense NAME(load_complex)(NAME(owned) re, NAME(owned) im) {
    dense result = NAME(load)(re);
    for (int64_t i = 0; i < re.view.rows; ++i)
        for (int64_t j = 0; j < re.view.cols; ++j)
            result.entries[i * re.view.cols + j] += (double)*NAME(at)(im, i, j) * I;
    return result;
}

static NAME(lapwing_vec_mut) NAME(list)(REAL *entries, int64_t len) {
    NAME(lapwing_vec_mut) view = {entries, len, 1};
    return view;
}

static const NAME(lapwing_mat_mut) NAME(no_matrix) = {NULL, 0, 0, 0, 0};
static const NAME(lapwing_vec_mut) NAME(no_list) = {NULL, 0, 0};

static void NAME(schur_reconstructs)(int in, int out) {
    NAME(owned) a = NAME(make)(in, N, N), t = NAME(make)(out, N, N), q = NAME(make)(out, N, N);
    REAL re[N], im[N];
    const NAME(lapwing_vec_mut) w_re = NAME(list)(re, N), w_im = NAME(list)(im, N);
    int64_t leading = -1;
    NAME(scatter)(a, 3);
    EXPECT(LAPWING_OK, NAME(lapwing_schur)(NAME(read_only)(a), LAPWING_LEFT_HALF_PLANE, w_re, w_im, t.view, q.view,
                                           &leading));
    dense a_ = NAME(load)(a), t_ = NAME(load)(t), q_ = NAME(load)(q);
    CHECK(defect(a_, q_, t_, q_) <= 20 * N * norm(a_) * UNIT_ROUNDOFF);
    CHECK(skew(q_) <= 20 * N * UNIT_ROUNDOFF);
    CHECK(0 < leading && leading < N);
    for (int64_t i = 0; i < N; ++i) {
        CHECK((re[i] < 0) == (i < leading));
        CHECK(re[i] == *NAME(at)(t, i, i));
        for (int64_t j = 0; j + 1 < i; ++j) CHECK(*NAME(at)(t, i, j) == 0);
    }
    EXPECT(LAPWING_OK, NAME(lapwing_schur)(NAME(read_only)(a), LAPWING_ANYWHERE, NAME(no_list), NAME(no_list),
                                           NAME(no_matrix), NAME(no_matrix), &leading));
    CHECK(leading == 0);

    leading = 77;
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_schur)(NAME(read_only)(a), LAPWING_ANYWHERE, w_re, w_im, t.view, q.view, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "region is 5",
                   NAME(lapwing_schur)(NAME(read_only)(a), 5, w_re, w_im, t.view, q.view, &leading));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "w_im has 5 entries",
                   NAME(lapwing_schur)(NAME(read_only)(a), 0, w_re, NAME(list)(im, N - 1), t.view, q.view, &leading));
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "q overlaps t",
                   NAME(lapwing_schur)(NAME(read_only)(a), 0, w_re, w_im, t.view, t.view, &leading));
    *NAME(at)(a, 1, 2) = (REAL)NAN;
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "a[1, 2]",
                   NAME(lapwing_schur)(NAME(read_only)(a), 0, w_re, w_im, t.view, q.view, &leading));
    CHECK(leading == 77);
    free(a.memory), free(t.memory), free(q.memory), free(a_.entries), free(t_.entries), free(q_.entries);
}

static void NAME(complex_schur_reconstructs)(int in, int out) {
    NAME(owned) a = NAME(make)(in, N, N), t_re = NAME(make)(out, N, N), t_im = NAME(make)(in, N, N);
    NAME(owned) q_re = NAME(make)(out, N, N), q_im = NAME(make)(out, N, N);
    NAME(scatter)(a, 3);
    EXPECT(LAPWING_OK, NAME(lapwing_complex_schur)(NAME(read_only)(a), t_re.view, t_im.view, q_re.view, q_im.view));
    dense a_ = NAME(load)(a), t = NAME(load_complex)(t_re, t_im), q = NAME(load_complex)(q_re, q_im);
    CHECK(defect(a_, q, t, q) <= 20 * N * norm(a_) * UNIT_ROUNDOFF);
    CHECK(skew(q) <= 20 * N * UNIT_ROUNDOFF);
    for (int64_t i = 0; i < N; ++i)
        for (int64_t j = 0; j < i; ++j) CHECK(t.entries[i * N + j] == 0);
    EXPECT(LAPWING_OK, NAME(lapwing_complex_schur)(NAME(read_only)(a), t_re.view, NAME(no_matrix), NAME(no_matrix),
                                                   NAME(no_matrix)));
    q_im.view.cols = N - 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "q_im has 5 columns",
                   NAME(lapwing_complex_schur)(NAME(read_only)(a), t_re.view, t_im.view, q_re.view, q_im.view));
    NAME(lapwing_mat) nothing = NAME(read_only)(a);
    nothing.data = NULL;
    EXPECT(LAPWING_ERR_NULL,
           NAME(lapwing_complex_schur)(nothing, t_re.view, t_im.view, q_re.view, NAME(no_matrix)));
    free(a.memory), free(t_re.memory), free(t_im.memory), free(q_re.memory), free(q_im.memory);
    free(a_.entries), free(t.entries), free(q.entries);
}

/* Of the residual a * v - v * diag(w), or of the same with the adjoint of a and conjugate values for left vectors. */
static double NAME(pair_defect)(dense a, int left, dense v, const REAL *re, const REAL *im) {
    double complex w[N];
    for (int i = 0; i < N; ++i) w[i] = (double)re[i] + (left ? -(double)im[i] : (double)im[i]) * I;
    dense product = times(a, left, v, 0), scaled = zeros(N, N);
    memcpy(scaled.entries, v.entries, N * N * sizeof *v.entries);
    scale_columns(scaled, w);
    const double result = distance(product, scaled);
    free(product.entries), free(scaled.entries);
    return result;
}

static void NAME(eigenvectors_are_scaled)(int in, int out) {
    NAME(owned) a = NAME(make)(in, N, N), v_re = NAME(make)(out, N, N), v_im = NAME(make)(in, N, N);
    NAME(owned) u_re = NAME(make)(out, N, N), u_im = NAME(make)(out, N, N);
    REAL re[N], im[N], of_values[N], of_vectors[N], condition = -1;
    const NAME(lapwing_vec_mut) w_re = NAME(list)(re, N), w_im = NAME(list)(im, N);
    const NAME(lapwing_mat_mut) none = NAME(no_matrix);
    NAME(scatter)(a, 5);
    for (int32_t balancing = LAPWING_BALANCE_BOTH; balancing <= LAPWING_BALANCE_SCALE; ++balancing) {
        EXPECT(LAPWING_OK, NAME(lapwing_eig)(NAME(read_only)(a), balancing, w_re, w_im, v_re.view, v_im.view, u_re.view,
                                             u_im.view, NAME(list)(of_values, N), NAME(list)(of_vectors, N), &condition));
        dense a_ = NAME(load)(a), v = NAME(load_complex)(v_re, v_im), u = NAME(load_complex)(u_re, u_im);
        const double bound = 20 * N * norm(a_) * UNIT_ROUNDOFF;
        CHECK(NAME(pair_defect)(a_, 0, v, re, im) <= bound);
        CHECK(NAME(pair_defect)(a_, 1, u, re, im) <= bound);
        CHECK(condition >= 1 && condition < 1000);
        for (int i = 0; i < N; ++i) {
            CHECK(of_values[i] > 0 && of_values[i] <= 1 + 20 * N * UNIT_ROUNDOFF && of_vectors[i] > 0);
            /* Adjoint(u) * v is the reciprocal condition number, which balancing changes. */
            if (balancing == LAPWING_BALANCE_NONE || balancing == LAPWING_BALANCE_PERMUTE) {
                double complex cosine = 0;
                for (int k = 0; k < N; ++k) cosine += conj(u.entries[k * N + i]) * v.entries[k * N + i];
                CHECK(fabs(cabs(cosine) - (double)of_values[i]) <= 1000 * N * UNIT_ROUNDOFF);
            }
        }
        free(a_.entries), free(v.entries), free(u.entries);
    }
    /* Values alone: their sum is the trace. */
    EXPECT(LAPWING_OK, NAME(lapwing_eig)(NAME(read_only)(a), 0, w_re, w_im, none, none, none, none, NAME(no_list),
                                         NAME(no_list), NULL));
    double sum = 0, trace = 0;
    for (int i = 0; i < N; ++i) sum += re[i], trace += *NAME(at)(a, i, i);
    CHECK(fabs(sum - trace) <= 20 * N * N * UNIT_ROUNDOFF);

    REAL jordan[4] = {1, 1, 0, 1};
    const NAME(lapwing_mat) defective = {jordan, 2, 2, 2, 1};
    EXPECT(LAPWING_OK, NAME(lapwing_eig)(defective, 0, NAME(list)(re, 2), NAME(list)(im, 2), none, none, none, none,
                                         NAME(no_list), NAME(no_list), &condition));
    CHECK(condition > 0.1 / sqrt(UNIT_ROUNDOFF));

    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_eig)(NAME(read_only)(a), 0, NAME(list)(NULL, N), w_im, none, none, none, none,
                                               NAME(no_list), NAME(no_list), NULL));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "balancing is -1",
                   NAME(lapwing_eig)(NAME(read_only)(a), -1, w_re, w_im, none, none, none, none, NAME(no_list),
                                     NAME(no_list), NULL));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "value_conditions has 5 entries",
                   NAME(lapwing_eig)(NAME(read_only)(a), 0, w_re, w_im, none, none, none, none,
                                     NAME(list)(of_values, N - 1), NAME(no_list), NULL));
    free(a.memory), free(v_re.memory), free(v_im.memory), free(u_re.memory), free(u_im.memory);
}

static void NAME(hessenberg_reconstructs)(int in, int out) {
    NAME(owned) a = NAME(make)(in, N, N), h = NAME(make)(out, N, N), q = NAME(make)(out, N, N);
    NAME(scatter)(a, 7);
    EXPECT(LAPWING_OK, NAME(lapwing_hessenberg)(NAME(read_only)(a), h.view, q.view));
    dense a_ = NAME(load)(a), h_ = NAME(load)(h), q_ = NAME(load)(q);
    CHECK(defect(a_, q_, h_, q_) <= 30 * N * norm(a_) * UNIT_ROUNDOFF);
    CHECK(skew(q_) <= 30 * N * UNIT_ROUNDOFF);
    for (int64_t i = 0; i < N; ++i)
        for (int64_t j = 0; j + 1 < i; ++j) CHECK(*NAME(at)(h, i, j) == 0);
    EXPECT(LAPWING_OK, NAME(lapwing_hessenberg)(NAME(read_only)(a), h.view, NAME(no_matrix)));
    NAME(lapwing_mat) wrong = NAME(read_only)(a);
    wrong.rows = N - 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "must be square", NAME(lapwing_hessenberg)(wrong, h.view, q.view));
    wrong.rows = N, wrong.data = NULL;
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_hessenberg)(wrong, h.view, q.view));
    free(a.memory), free(h.memory), free(q.memory), free(a_.entries), free(h_.entries), free(q_.entries);
}

static void NAME(generalized_schur_reconstructs)(int in, int out) {
    NAME(owned) a = NAME(make)(in, N, N), b = NAME(make)(out, N, N), s = NAME(make)(out, N, N), t = NAME(make)(in, N, N);
    NAME(owned) q = NAME(make)(out, N, N), z = NAME(make)(out, N, N);
    REAL re[N], im[N], beta[N];
    const NAME(lapwing_vec_mut) alpha_re = NAME(list)(re, N), alpha_im = NAME(list)(im, N), denominator = NAME(list)(beta, N);
    const NAME(lapwing_mat_mut) none = NAME(no_matrix);
    int64_t leading = -1;
    NAME(scatter)(a, 11), NAME(scatter)(b, 13);
    EXPECT(LAPWING_OK, NAME(lapwing_generalized_schur)(NAME(read_only)(a), NAME(read_only)(b), LAPWING_INSIDE_UNIT_CIRCLE,
                                                       alpha_re, alpha_im, denominator, s.view, t.view, q.view, z.view,
                                                       &leading));
    dense a_ = NAME(load)(a), b_ = NAME(load)(b), s_ = NAME(load)(s), t_ = NAME(load)(t), q_ = NAME(load)(q), z_ = NAME(load)(z);
    CHECK(defect(a_, q_, s_, z_) <= 20 * N * norm(a_) * UNIT_ROUNDOFF);
    CHECK(defect(b_, q_, t_, z_) <= 20 * N * norm(b_) * UNIT_ROUNDOFF);
    CHECK(skew(q_) <= 20 * N * UNIT_ROUNDOFF && skew(z_) <= 20 * N * UNIT_ROUNDOFF);
    CHECK(0 <= leading && leading <= N);
    for (int64_t i = 0; i < N; ++i) CHECK((hypot(re[i], im[i]) < beta[i]) == (i < leading));

    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_generalized_schur)(NAME(read_only)(a), NAME(read_only)(b), 0, alpha_re, alpha_im,
                                                             denominator, none, none, none, none, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "region is 99",
                   NAME(lapwing_generalized_schur)(NAME(read_only)(a), NAME(read_only)(b), 99, alpha_re, alpha_im,
                                                   denominator, none, none, none, none, &leading));
    b.view.rows = N - 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "b has 5 rows",
                   NAME(lapwing_generalized_schur)(NAME(read_only)(a), NAME(read_only)(b), 0, alpha_re, alpha_im,
                                                   denominator, none, none, none, none, &leading));
    free(a.memory), free(b.memory), free(s.memory), free(t.memory), free(q.memory), free(z.memory);
    free(a_.entries), free(b_.entries), free(s_.entries), free(t_.entries), free(q_.entries), free(z_.entries);
}

static void NAME(pencil_vectors_are_scaled)(int in, int out) {
    NAME(owned) a = NAME(make)(in, N, N), b = NAME(make)(out, N, N), v_re = NAME(make)(out, N, N), v_im = NAME(make)(in, N, N);
    NAME(owned) u_re = NAME(make)(out, N, N), u_im = NAME(make)(out, N, N);
    REAL re[N], im[N], beta[N];
    const NAME(lapwing_vec_mut) alpha_re = NAME(list)(re, N), alpha_im = NAME(list)(im, N), denominator = NAME(list)(beta, N);
    const NAME(lapwing_mat_mut) none = NAME(no_matrix);
    NAME(scatter)(a, 17), NAME(scatter)(b, 19);
    for (int64_t j = 0; j < N; ++j) *NAME(at)(b, N - 1, j) = 0; /* so that one eigenvalue is infinite */
    EXPECT(LAPWING_OK, NAME(lapwing_generalized_eig)(NAME(read_only)(a), NAME(read_only)(b), alpha_re, alpha_im, denominator,
                                                     v_re.view, v_im.view, u_re.view, u_im.view));
    dense a_ = NAME(load)(a), b_ = NAME(load)(b), v = NAME(load_complex)(v_re, v_im), u = NAME(load_complex)(u_re, u_im);
    int infinite = 0;
    for (int left = 0; left < 2; ++left) {
        dense of_a = times(a_, left, left ? u : v, 0), of_b = times(b_, left, left ? u : v, 0);
        for (int j = 0; j < N; ++j) {
            const double complex alpha = (double)re[j] + (left ? -(double)im[j] : (double)im[j]) * I;
            const double size = fmax(beta[j] * norm(a_), cabs(alpha) * norm(b_)) * sqrt(N);
            for (int i = 0; i < N; ++i)
                CHECK(cabs((double)beta[j] * of_a.entries[i * N + j] - alpha * of_b.entries[i * N + j]) <=
                      20 * N * N * size * UNIT_ROUNDOFF);
        }
        free(of_a.entries), free(of_b.entries);
    }
    EXPECT(LAPWING_OK, NAME(lapwing_generalized_eig)(NAME(read_only)(a), NAME(read_only)(b), alpha_re, alpha_im, denominator,
                                                     none, none, none, none));
    for (int j = 0; j < N; ++j) infinite += beta[j] == 0;
    CHECK(infinite == 1);

    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "beta has 5 entries",
                   NAME(lapwing_generalized_eig)(NAME(read_only)(a), NAME(read_only)(b), alpha_re, alpha_im,
                                                 NAME(list)(beta, N - 1), none, none, none, none));
    NAME(lapwing_mat) nothing = NAME(read_only)(b);
    nothing.data = NULL;
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_generalized_eig)(NAME(read_only)(a), nothing, alpha_re, alpha_im, denominator, none,
                                                           none, none, none));
    free(a.memory), free(b.memory), free(v_re.memory), free(v_im.memory), free(u_re.memory), free(u_im.memory);
    free(a_.entries), free(b_.entries), free(v.entries), free(u.entries);
}

/* The triangle that is not referenced holds NaN: reading it would be seen. */
static void NAME(relative_to_a_definite_matrix)(int in, int out, int32_t uplo) {
    NAME(owned) a = NAME(make)(0, N, N), b = NAME(make)(0, N, N), half_a = NAME(make)(in, N, N), half_b = NAME(make)(out, N, N);
    NAME(owned) v = NAME(make)(out, N, N);
    REAL w[N], alone[N];
    NAME(scatter)(a, 23), NAME(scatter)(b, 29);
    for (int64_t i = 0; i < N; ++i) {
        for (int64_t j = 0; j < N; ++j) {
            /* Diagonally dominant, so positive definite. */
            if (j < i) *NAME(at)(a, i, j) = *NAME(at)(a, j, i), *NAME(at)(b, i, j) = *NAME(at)(b, j, i);
            if (j == i) *NAME(at)(b, i, j) = N + 1;
        }
    }
    for (int64_t i = 0; i < N; ++i) {
        for (int64_t j = 0; j < N; ++j) {
            const int read = uplo == LAPWING_LOWER ? j <= i : j >= i;
            *NAME(at)(half_a, i, j) = read ? *NAME(at)(a, i, j) : (REAL)NAN;
            *NAME(at)(half_b, i, j) = read ? *NAME(at)(b, i, j) : (REAL)NAN;
        }
    }
    dense a_ = NAME(load)(a), b_ = NAME(load)(b), product = times(a_, 0, b_, 0), backwards = times(b_, 0, a_, 0);
    for (int32_t problem = LAPWING_AX_IS_LAMBDA_BX; problem <= LAPWING_BAX_IS_LAMBDA_X; ++problem) {
        EXPECT(LAPWING_OK, NAME(lapwing_generalized_eigh)(NAME(read_only)(half_a), NAME(read_only)(half_b), problem, uplo,
                                                          NAME(list)(w, N), v.view));
        double complex values[N];
        for (int i = 0; i < N; ++i) values[i] = w[i];
        dense v_ = NAME(load)(v);
        dense left = times(problem == 0 ? a_ : problem == 1 ? product : backwards, 0, v_, 0);
        const double bound = 60 * N * norm(a_) * norm(b_) * norm(v_) * UNIT_ROUNDOFF;
        scale_columns(v_, values);
        dense right = problem == 0 ? times(b_, 0, v_, 0) : v_;
        CHECK(distance(left, right) <= bound);
        for (int i = 1; i < N; ++i) CHECK(w[i - 1] <= w[i]);
        EXPECT(LAPWING_OK, NAME(lapwing_generalized_eigh)(NAME(read_only)(half_a), NAME(read_only)(half_b), problem, uplo,
                                                          NAME(list)(alone, N), NAME(no_matrix)));
        for (int i = 0; i < N; ++i) CHECK(fabs((double)w[i] - alone[i]) <= 60 * N * norm(a_) * norm(b_) * UNIT_ROUNDOFF);
        if (problem == 0) free(right.entries);
        free(left.entries), free(v_.entries);
    }
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_generalized_eigh)(NAME(read_only)(half_a), NAME(read_only)(half_b), 0, uplo,
                                                            NAME(list)(NULL, N), v.view));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "problem is 3",
                   NAME(lapwing_generalized_eigh)(NAME(read_only)(half_a), NAME(read_only)(half_b), 3, uplo,
                                                  NAME(list)(w, N), v.view));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "w has 5 entries",
                   NAME(lapwing_generalized_eigh)(NAME(read_only)(half_a), NAME(read_only)(half_b), 0, uplo,
                                                  NAME(list)(w, N - 1), v.view));
    *NAME(at)(half_b, 1, 1) = -1;
    EXPECT_MESSAGE(LAPWING_ERR_NOT_POSITIVE_DEFINITE, "order 2",
                   NAME(lapwing_generalized_eigh)(NAME(read_only)(half_a), NAME(read_only)(half_b), 0, uplo,
                                                  NAME(list)(w, N), v.view));
    free(a.memory), free(b.memory), free(half_a.memory), free(half_b.memory), free(v.memory);
    free(a_.entries), free(b_.entries), free(product.entries), free(backwards.entries);
}

static void NAME(generalized_svd_reconstructs)(int in, int out) {
    NAME(owned) a = NAME(make)(in, M, N), b = NAME(make)(out, P, N), u = NAME(make)(out, M, M), v = NAME(make)(in, P, P);
    NAME(owned) q = NAME(make)(out, N, N), r = NAME(make)(out, N, N);
    REAL c[N], s[N];
    const NAME(lapwing_vec_mut) cosines = NAME(list)(c, N), sines = NAME(list)(s, N);
    const NAME(lapwing_mat_mut) none = NAME(no_matrix);
    int64_t rank = -1, infinite = -1;
    NAME(scatter)(a, 31), NAME(scatter)(b, 37);
    EXPECT(LAPWING_OK, NAME(lapwing_generalized_svd)(NAME(read_only)(a), NAME(read_only)(b), cosines, sines, u.view, v.view,
                                                     q.view, r.view, &rank, &infinite));
    /* Of full rank: one direction is not seen by b, which has one row less than columns. */
    CHECK(rank == N && infinite == N - P);
    dense a_ = NAME(load)(a), b_ = NAME(load)(b), u_ = NAME(load)(u), v_ = NAME(load)(v), q_ = NAME(load)(q), r_ = NAME(load)(r);
    dense d1 = zeros(M, N), d2 = zeros(P, N);
    for (int64_t i = 0; i < N; ++i) {
        if (i < M) d1.entries[i * N + i] = c[i];
        if (i >= infinite) d2.entries[(i - infinite) * N + i] = s[i];
        CHECK(fabs(hypot(c[i], s[i]) - 1) <= 20 * UNIT_ROUNDOFF);
        for (int64_t j = 0; j < i; ++j) CHECK(*NAME(at)(r, i, j) == 0);
    }
    dense left = times(d1, 0, r_, 0), right = times(d2, 0, r_, 0);
    CHECK(defect(a_, u_, left, q_) <= 20 * N * norm(a_) * UNIT_ROUNDOFF);
    CHECK(defect(b_, v_, right, q_) <= 20 * N * norm(b_) * UNIT_ROUNDOFF);
    CHECK(skew(u_) <= 20 * N * UNIT_ROUNDOFF && skew(v_) <= 20 * N * UNIT_ROUNDOFF && skew(q_) <= 20 * N * UNIT_ROUNDOFF);

    EXPECT(LAPWING_OK, NAME(lapwing_generalized_svd)(NAME(read_only)(a), NAME(read_only)(b), NAME(no_list), NAME(no_list),
                                                     none, none, none, none, &rank, &infinite));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_generalized_svd)(NAME(read_only)(a), NAME(read_only)(b), cosines, sines, none,
                                                           none, none, none, &rank, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "u has 5 rows",
                   NAME(lapwing_generalized_svd)(NAME(read_only)(a), NAME(read_only)(b), cosines, sines, v.view, none, none,
                                                 none, &rank, &infinite));
    free(a.memory), free(b.memory), free(u.memory), free(v.memory), free(q.memory), free(r.memory);
    free(a_.entries), free(b_.entries), free(u_.entries), free(v_.entries), free(q_.entries), free(r_.entries);
    free(d1.entries), free(d2.entries), free(left.entries), free(right.entries);
}

/* diag(-1, 2) with c above the diagonal: the mean of the first has the condition number 1 / sqrt(1 + (c / 3)^2), and the
 * separation is 3. */
static void NAME(subspaces_have_a_condition)(void) {
    const REAL entries[] = {-1, 4, 0, 2};
    const NAME(lapwing_mat) a = {entries, 2, 2, 2, 1}, none = {NULL, 2, 2, 2, 1}, flat = {entries, 1, 2, 2, 1};
    REAL mean = 77, separation = 77;
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_schur_condition)(none, LAPWING_LEFT_HALF_PLANE, &mean, &separation));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_schur_condition)(flat, LAPWING_LEFT_HALF_PLANE, &mean, &separation));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "region is 5", NAME(lapwing_schur_condition)(a, 5, &mean, &separation));
    CHECK(mean == 77 && separation == 77);
    EXPECT(LAPWING_OK, NAME(lapwing_schur_condition)(a, LAPWING_LEFT_HALF_PLANE, &mean, &separation));
    CHECK(fabs((double)mean - 0.6) <= 60 * UNIT_ROUNDOFF && fabs((double)separation - 3) <= 60 * UNIT_ROUNDOFF);
    EXPECT(LAPWING_OK, NAME(lapwing_schur_condition)(a, LAPWING_ANYWHERE, &mean, NULL));
    CHECK(mean == 1);
    EXPECT(LAPWING_OK, NAME(lapwing_schur_condition)(a, LAPWING_OUTSIDE_UNIT_CIRCLE, NULL, NULL));
}

static void NAME(eigenproblems)(void) {
    for (int in = 0; in < LAYOUTS; ++in) {
        const int out = (in + 1) % LAYOUTS;
        NAME(schur_reconstructs)(in, out);
        NAME(complex_schur_reconstructs)(in, out);
        NAME(eigenvectors_are_scaled)(in, out);
        NAME(hessenberg_reconstructs)(in, out);
        NAME(generalized_schur_reconstructs)(in, out);
        NAME(pencil_vectors_are_scaled)(in, out);
        NAME(relative_to_a_definite_matrix)(in, out, LAPWING_LOWER);
        NAME(relative_to_a_definite_matrix)(in, out, LAPWING_UPPER);
        NAME(generalized_svd_reconstructs)(in, out);
    }
    NAME(subspaces_have_a_condition)();
    /* Nothing to do is done. */
    const NAME(lapwing_mat) empty = {NULL, 0, 0, 0, 0};
    int64_t leading = -1;
    EXPECT(LAPWING_OK, NAME(lapwing_schur)(empty, LAPWING_LEFT_HALF_PLANE, NAME(no_list), NAME(no_list), NAME(no_matrix),
                                           NAME(no_matrix), &leading));
    CHECK(leading == 0);
    EXPECT(LAPWING_OK, NAME(lapwing_generalized_eigh)(empty, empty, 0, LAPWING_LOWER, NAME(no_list), NAME(no_matrix)));
}
