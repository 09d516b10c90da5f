/* One step around a circle and half of two: with the roots z of z^ORDER = 1, the eigenvalues are z + z^2 / 2. The matrix is
 * normal, so that an eigenvalue lies as near to a value as the residual is large. Its norm is 1.5. */

static NAME(lapwing_csr) NAME(circle)(NAME(rows) *memory) {
    for (int32_t i = 0; i < ORDER; ++i) {
        const int32_t one = (i + 1) % ORDER, two = (i + 2) % ORDER, turned = two < one;
        memory->columns[2 * i] = turned ? two : one, memory->values[2 * i] = (REAL)(turned ? 0.5 : 1);
        memory->columns[2 * i + 1] = turned ? one : two, memory->values[2 * i + 1] = (REAL)(turned ? 1 : 0.5);
        memory->row_starts[i + 1] = 2 * i + 2;
    }
    memory->row_starts[0] = 0;
    NAME(lapwing_csr) a = {memory->values, memory->columns, memory->row_starts, ORDER, ORDER};
    return a;
}

static int32_t NAME(step)(void *user, NAME(lapwing_mat) x, NAME(lapwing_mat_mut) result) {
    CHECK(x.rows == ORDER && result.rows == ORDER && x.cols == result.cols && x.cols > 0);
    for (int64_t j = 0; j < x.cols; ++j)
        for (int64_t i = 0; i < ORDER; ++i) {
            const REAL *of = x.data + j * x.col_stride;
            result.data[i * result.row_stride + j * result.col_stride] =
                of[(i + 1) % ORDER * x.row_stride] + of[(i + 2) % ORDER * x.row_stride] / 2;
        }
    return NAME(obey)(user, result);
}

/* How far out an eigenvalue is; near -0.6 stands for one more end of the spectrum. */
enum { NAME(NEAR) = -1 };
static double NAME(key)(int32_t which, double re, double im) {
    return which == LAPWING_LARGEST_MAGNITUDE ? hypot(re, im)
           : which == LAPWING_LARGEST_REAL    ? re
           : which == LAPWING_SMALLEST_REAL   ? -re
           : which == NAME(NEAR)              ? -hypot(re + 0.6, im)
                                              : fabs(im);
}

/* The pairs are those that are farthest out, conjugates are neighbours, and 2-norms of a * v - v * w are below the bound. */
static void NAME(complex_pairs_hold)(int32_t which, const REAL *w_re, const REAL *w_im, NAME(owned) v_re, NAME(owned) v_im,
                                     double bound) {
    double keys[ORDER];
    for (int j = 0; j < ORDER; ++j) {
        const double angle = 2 * TURN * j / ORDER;
        const double key = NAME(key)(which, cos(angle) + cos(2 * angle) / 2, sin(angle) + sin(2 * angle) / 2);
        int at = j;
        for (; at > 0 && keys[at - 1] < key; --at) keys[at] = keys[at - 1];
        keys[at] = key;
    }
    for (int64_t j = 0; j < K; ++j) {
        const double re = (double)w_re[j], im = (double)w_im[j];
        double square = 0, length = 0;
        CHECK(fabs(NAME(key)(which, re, im) - keys[j]) <= bound);
        for (int64_t i = 0; i < ORDER; ++i) {
            const int64_t one = (i + 1) % ORDER, two = (i + 2) % ORDER;
            const double x = (double)*NAME(at)(v_re, i, j), y = (double)*NAME(at)(v_im, i, j);
            square += pow((double)*NAME(at)(v_re, one, j) + (double)*NAME(at)(v_re, two, j) / 2 - (re * x - im * y), 2);
            square += pow((double)*NAME(at)(v_im, one, j) + (double)*NAME(at)(v_im, two, j) / 2 - (re * y + im * x), 2);
            length += x * x + y * y;
        }
        CHECK(sqrt(square) <= bound && fabs(length - 1) <= 2 * ROUNDING);
        if (w_im[j] == 0) continue;
        const bool after = j > 0 && w_re[j - 1] == w_re[j] && w_im[j - 1] == -w_im[j];
        const bool before = j + 1 < K && w_re[j + 1] == w_re[j] && w_im[j + 1] == -w_im[j];
        CHECK(after || before || j + 1 == K);
        /* The positive one comes first, but about a shift either may. */
        if (which != NAME(NEAR)) CHECK(after == (w_im[j] < 0));
    }
}

static void NAME(complex_pairs)(int layout) {
    NAME(rows) memory;
    const NAME(lapwing_csr) a = NAME(circle)(&memory);
    NAME(owned) v_re = NAME(make)(layout, ORDER, K), v_im = NAME(make)(layout, ORDER, K);
    NAME(owned) dense = NAME(make)(layout, ORDER, ORDER);
    REAL w_re[K], w_im[K], residuals[K];
    const NAME(lapwing_vec_mut) re = NAME(list)(w_re, K), im = NAME(list)(w_im, K), norms = NAME(list)(residuals, K);
    /* The least tolerance, 100 machine epsilons, relative to a norm of 1.5. */
    const double bound = 1.5 * 200 * UNIT_ROUNDOFF + ROUNDING;
    lapwing_iteration_options options = {.struct_size = sizeof options, .subspace = 25};
    for (int32_t which = LAPWING_LARGEST_MAGNITUDE; which <= LAPWING_LARGEST_IMAGINARY; ++which) {
        EXPECT(LAPWING_OK, NAME(lapwing_partial_eig)(a, K, which, &options, re, im, v_re.view, v_im.view, norms));
        NAME(complex_pairs_hold)(which, w_re, w_im, v_re, v_im, bound);
        for (int j = 0; j < K; ++j) CHECK(residuals[j] >= 0 && (double)residuals[j] <= bound);
    }
    /* 1.5 itself, a pair, and the first of a pair: its conjugate is for the caller to add. */
    EXPECT(LAPWING_OK, NAME(lapwing_partial_eig)(a, K, LAPWING_LARGEST_MAGNITUDE, NULL, re, im, NAME(no_matrix),
                                                 NAME(no_matrix), NAME(no_list)));
    CHECK(fabs((double)w_re[0] - 1.5) <= bound && fabs((double)w_im[0]) <= bound && w_im[3] > 0);

    instructions mine = {ORDER, 0, 0, 0}, watched = {ORDER, 0, 0, 0};
    const NAME(lapwing_operator) op = {ORDER, ORDER, NAME(step), NULL, &mine};
    options.tolerance = 1e-4, options.progress = watch, options.user = &watched;
    EXPECT(LAPWING_OK, NAME(lapwing_partial_eig_operator)(op, K, LAPWING_LARGEST_REAL, &options, re, im, v_re.view,
                                                          v_im.view, NAME(no_list)));
    NAME(complex_pairs_hold)(LAPWING_LARGEST_REAL, w_re, w_im, v_re, v_im, 1.5e-4 + ROUNDING);
    CHECK(mine.calls > 0 && watched.calls > 0);

    /* The four nearest -0.6 lie at distances from 0.0407 to 0.079: what is left is 4 machine epsilons of the condition,
     * (1.5 + 0.6) / 0.0407, times (1.5 + 0.6) * 0.079 / 0.0407, as for symmetric matrices. */
    for (int64_t i = 0; i < ORDER; ++i)
        for (int64_t j = 0; j < ORDER; ++j) {
            const int64_t ahead = (j - i + ORDER) % ORDER;
            *NAME(at)(dense, i, j) = (REAL)(ahead == 1 ? 1 : ahead == 2 ? 0.5 : 0);
        }
    options = (lapwing_iteration_options){.struct_size = sizeof options, .subspace = 25};
    EXPECT(LAPWING_OK, NAME(lapwing_partial_eig_near_dense)(NAME(read_only)(dense), K, (REAL)-0.6, &options, re, im,
                                                            v_re.view, v_im.view, norms));
    NAME(complex_pairs_hold)(NAME(NEAR), w_re, w_im, v_re, v_im, 8 * 52 * 4.1 * UNIT_ROUNDOFF + ROUNDING);
    free(v_re.memory), free(v_im.memory), free(dense.memory);
}

static void NAME(complex_pairs_refuse)(void) {
    NAME(rows) memory;
    NAME(lapwing_csr) a = NAME(circle)(&memory);
    REAL w_re[K] = {77, 77, 77, 77}, w_im[K] = {77, 77, 77, 77}, v[ORDER * K], dense[4] = {1, 0, 0, 2};
    const NAME(lapwing_vec_mut) re = NAME(list)(w_re, K), im = NAME(list)(w_im, K), none = NAME(no_list);
    const NAME(lapwing_mat_mut) unwanted = NAME(no_matrix), narrow = {v, ORDER, K - 1, K, 1};
    const NAME(lapwing_mat) diagonal = {dense, 2, 2, 2, 1};
    lapwing_iteration_options options = {.struct_size = sizeof options, .max_iterations = 1, .subspace = K + 3};
#define PAIRS(k, which, chosen) NAME(lapwing_partial_eig)(a, k, which, chosen, re, im, unwanted, unwanted, none)
    EXPECT_MESSAGE(LAPWING_ERR_NO_CONVERGENCE, "the Krylov-Schur method did not converge in 1 iterations",
                   PAIRS(K, LAPWING_LARGEST_IMAGINARY, &options));
    options.tolerance = NAN;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "tolerance is NaN", PAIRS(K, LAPWING_LARGEST_REAL, &options));
    options.tolerance = 0, options.subspace = K;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "subspace is 4", PAIRS(K, LAPWING_LARGEST_REAL, &options));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "which is 0, but must be one of LAPWING_LARGEST_MAGNITUDE (3)",
                   PAIRS(K, LAPWING_LARGEST, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "which is 7", PAIRS(K, 7, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "k is -1", PAIRS(-1, LAPWING_LARGEST_REAL, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "w_re has 4 entries, but must have 5", PAIRS(K + 1, LAPWING_LARGEST_REAL, NULL));
    memory.values[0] = (REAL)NAN;
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "a[0, 1]", PAIRS(K, LAPWING_LARGEST_REAL, NULL));
    memory.values[0] = 1, a.cols = ORDER + 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "must be square", PAIRS(K, LAPWING_LARGEST_REAL, NULL));
    a.cols = ORDER, a.row_starts = NULL;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "a.row_starts is NULL", PAIRS(K, LAPWING_LARGEST_REAL, NULL));
    a.row_starts = memory.row_starts;
#undef PAIRS
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "v_im has 3 columns",
                   NAME(lapwing_partial_eig)(a, K, LAPWING_LARGEST_REAL, NULL, re, im, unwanted, narrow, none));
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "w_im overlaps w_re",
                   NAME(lapwing_partial_eig)(a, K, LAPWING_LARGEST_REAL, NULL, re, re, unwanted, unwanted, none));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "shift is 2, but must be distinct from the eigenvalues",
                   NAME(lapwing_partial_eig_near_dense)(diagonal, 1, 2, NULL, NAME(list)(w_re, 1), NAME(list)(w_im, 1),
                                                        unwanted, unwanted, none));

    instructions mine = {ORDER, 0, 3, 0}, watched = {ORDER, 0, 1, 0};
    NAME(lapwing_operator) op = {ORDER, ORDER, NAME(step), NULL, &mine};
    options = (lapwing_iteration_options){.struct_size = sizeof options, .progress = watch, .user = &watched,
                                          .subspace = K + 3};
#define PAIRS(chosen) \
    NAME(lapwing_partial_eig_operator)(op, K, LAPWING_LARGEST_IMAGINARY, chosen, re, im, unwanted, unwanted, none)
    EXPECT_MESSAGE(LAPWING_ERR_CANCELLED, "a.multiply returned 3", PAIRS(NULL));
    CHECK(mine.calls == 3);
    EXPECT_MESSAGE(LAPWING_ERR_CANCELLED, "cancelled after 1 iterations", PAIRS(&options));
    mine.poison = 1;
    EXPECT(LAPWING_ERR_OVERFLOW, PAIRS(NULL));
    op.multiply = NULL;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "a.multiply is NULL", PAIRS(NULL));
#undef PAIRS
    for (int j = 0; j < K; ++j) CHECK(w_re[j] == 77 && w_im[j] == 77);
}
