/* Inverses in one precision. Every matrix here has norms and conditions of at most 30, so that the bound of each check,
 * a threshold of LAPACK's times extent, norms and unit roundoff, is below 1e5 unit roundoffs. */

#include "matrix_of.h"

#define NEAR(x, y) CHECK(fabs((double)(x) - (double)(y)) <= 1e5 * UNIT_ROUNDOFF)

static NAME(owned) NAME(holding)(int layout, int64_t rows, int64_t cols, const double *values) {
    NAME(owned) a = NAME(make)(layout, rows, cols);
    for (int64_t i = 0; i < rows; ++i)
        for (int64_t j = 0; j < cols; ++j) *NAME(at)(a, i, j) = (REAL)values[i * cols + j];
    return a;
}

static NAME(owned) NAME(marked)(int layout, int64_t rows, int64_t cols) {
    NAME(owned) a = NAME(make)(layout, rows, cols);
    for (size_t i = 0; i < a.count; ++i) a.memory[i] = 77;
    return a;
}

static void NAME(holds)(NAME(owned) a, const double *values) {
    for (int64_t i = 0; i < a.view.rows; ++i)
        for (int64_t j = 0; j < a.view.cols; ++j) NEAR(*NAME(at)(a, i, j), values[i * a.view.cols + j]);
}

static void NAME(is_untouched)(NAME(owned) a) {
    for (size_t i = 0; i < a.count; ++i) CHECK(a.memory[i] == 77);
}

static void NAME(square_and_one_sided)(int in, int out) {
    static const double regular[] = {2, 1, 4, 4}, its_inverse[] = {1, -0.25, -1, 0.5};
    static const double singular[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    static const double tall[] = {1, 0, 1, 1, 1, 2}, its_left[] = {5 / 6.0, 2 / 6.0, -1 / 6.0, -0.5, 0, 0.5};
    static const double wide[] = {1, 1, 1, 0, 1, 2}, its_right[] = {5 / 6.0, -0.5, 2 / 6.0, 0, -1 / 6.0, 0.5};
    NAME(owned) a = NAME(holding)(in, 2, 2, regular), x = NAME(marked)(out, 2, 2), bad = NAME(holding)(in, 3, 3, singular);
    NAME(owned) y = NAME(marked)(out, 3, 3), t = NAME(holding)(in, 3, 2, tall), w = NAME(holding)(in, 2, 3, wide);
    NAME(owned) left = NAME(marked)(out, 2, 3), right = NAME(marked)(out, 3, 2);
    const NAME(lapwing_mat_mut) none = {NULL, 2, 2, 2, 1};

    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_inverse)(NAME(read_only)(a), y.view));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_inverse)(NAME(read_only)(t), left.view));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_inverse)(NAME(read_only)(a), none));
    const lapwing_status refused = NAME(lapwing_inverse)(NAME(read_only)(bad), y.view);
    CHECK(refused == LAPWING_ERR_SINGULAR || refused == LAPWING_ERR_RANK_DEFICIENT);
    EXPECT_MESSAGE(LAPWING_ERR_RANK_DEFICIENT, "rank 2", NAME(lapwing_left_inverse)(NAME(read_only)(bad), y.view));
    EXPECT_MESSAGE(LAPWING_ERR_RANK_DEFICIENT, "needs 3", NAME(lapwing_right_inverse)(NAME(read_only)(t), left.view));
    EXPECT(LAPWING_ERR_RANK_DEFICIENT, NAME(lapwing_left_inverse)(NAME(read_only)(w), right.view));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_left_inverse)(NAME(read_only)(t), right.view));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_right_inverse)(NAME(read_only)(w), left.view));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_left_inverse)(NAME(read_only)(a), none));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_right_inverse)(NAME(read_only)(a), none));
    NAME(is_untouched)(x), NAME(is_untouched)(y), NAME(is_untouched)(left), NAME(is_untouched)(right);

    EXPECT(LAPWING_OK, NAME(lapwing_inverse)(NAME(read_only)(a), x.view));
    NAME(holds)(x, its_inverse);
    EXPECT(LAPWING_OK, NAME(lapwing_left_inverse)(NAME(read_only)(t), left.view));
    NAME(holds)(left, its_left);
    EXPECT(LAPWING_OK, NAME(lapwing_right_inverse)(NAME(read_only)(w), right.view));
    NAME(holds)(right, its_right);
    /* Diagonally dominant, of condition below 5: x * a is the identity. */
    NAME(scatter)(bad, 5);
    for (int64_t i = 0; i < 3; ++i) *NAME(at)(bad, i, i) += 6;
    EXPECT(LAPWING_OK, NAME(lapwing_inverse)(NAME(read_only)(bad), y.view));
    for (int64_t i = 0; i < 3; ++i) {
        for (int64_t j = 0; j < 3; ++j) {
            double sum = 0;
            for (int64_t k = 0; k < 3; ++k) sum += (double)*NAME(at)(y, i, k) * *NAME(at)(bad, k, j);
            NEAR(sum, i == j);
        }
    }
    free(a.memory), free(x.memory), free(bad.memory), free(y.memory), free(t.memory), free(w.memory);
    free(left.memory), free(right.memory);
}

static void NAME(pseudoinverses)(int in, int out) {
    static const double line[] = {1, 2, 1, 2, 1, 2}, its[] = {1 / 15.0, 1 / 15.0, 1 / 15.0, 2 / 15.0, 2 / 15.0, 2 / 15.0};
    static const double ones[] = {2, 99, 2, 2}, its_symmetric[] = {0.125, 0.125, 0.125, 0.125};
    NAME(owned) a = NAME(holding)(in, 3, 2, line), x = NAME(marked)(out, 2, 3);
    NAME(owned) b = NAME(holding)(in, 2, 2, ones), y = NAME(marked)(out, 2, 2);
    int64_t rank = 77;
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_pseudoinverse)(NAME(read_only)(a), 0, 0, y.view, &rank));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_pseudoinverse)(NAME(read_only)(a), 7, 0, x.view, &rank));
    EXPECT(LAPWING_ERR_ARGUMENT,
           NAME(lapwing_pseudoinverse)(NAME(read_only)(a), LAPWING_TOLERANCE_RELATIVE, -1, x.view, &rank));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_symmetric_pseudoinverse)(NAME(read_only)(b), 2, 0, 0, y.view));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_symmetric_pseudoinverse)(NAME(read_only)(a), LAPWING_LOWER, 0, 0, x.view));
    CHECK(rank == 77);
    NAME(is_untouched)(x), NAME(is_untouched)(y);
    EXPECT(LAPWING_OK, NAME(lapwing_pseudoinverse)(NAME(read_only)(a), 0, 0, x.view, &rank));
    CHECK(rank == 1);
    NAME(holds)(x, its);
    EXPECT(LAPWING_OK, NAME(lapwing_pseudoinverse)(NAME(read_only)(a), LAPWING_TOLERANCE_ABSOLUTE, 1, x.view, NULL));
    NAME(holds)(x, its);
    /* The other triangle holds 99. */
    EXPECT(LAPWING_OK, NAME(lapwing_symmetric_pseudoinverse)(NAME(read_only)(b), LAPWING_LOWER, 0, 0, y.view));
    NAME(holds)(y, its_symmetric);
    x.view.data = NULL, y.view.data = NULL;
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_pseudoinverse)(NAME(read_only)(a), 0, 0, x.view, NULL));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_symmetric_pseudoinverse)(NAME(read_only)(b), LAPWING_LOWER, 0, 0, y.view));
    free(a.memory), free(x.memory), free(b.memory), free(y.memory);
}

/* Singular values 5, 4, 3 with the coordinate axes for vectors. */
static void NAME(approximations)(int in, int out) {
    static const double values[] = {3, 0, 0, 0, 5, 0, 0, 0, 4, 0, 0, 0}, best[] = {0, 0, 0, 0, 5, 0, 0, 0, 4, 0, 0, 0};
    NAME(owned) a = NAME(holding)(in, 4, 3, values), u = NAME(marked)(out, 4, 3), vt = NAME(marked)(out, 3, 3);
    NAME(owned) product = NAME(marked)(out, 4, 3), s = NAME(marked)(0, 3, 1);
    const NAME(lapwing_mat_mut) unwanted = {NULL, 0, 0, 0, 0};
    NAME(lapwing_vec_mut) s_view = {s.memory, 3, 1}, no_values = {NULL, 0, 0};
    int64_t rank = 77;
    REAL spectral = 77, frobenius = 77;
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_low_rank)(NAME(read_only)(a), LAPWING_KEEP_RANK, 2, u.view, s_view, vt.view,
                                                    product.view, NULL, &spectral, &frobenius));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_low_rank)(NAME(read_only)(a), LAPWING_KEEP_RANK, 2, vt.view, s_view, unwanted,
                                                     product.view, &rank, &spectral, &frobenius));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_low_rank)(NAME(read_only)(a), LAPWING_KEEP_RANK, 1.5, u.view, s_view, vt.view,
                                                        product.view, &rank, &spectral, &frobenius));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_low_rank)(NAME(read_only)(a), LAPWING_KEEP_ENERGY, 2, u.view, s_view, vt.view,
                                                        product.view, &rank, &spectral, &frobenius));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_low_rank)(NAME(read_only)(a), 4, 2, u.view, s_view, vt.view, product.view,
                                                        &rank, &spectral, &frobenius));
    CHECK(rank == 77 && spectral == 77 && frobenius == 77);
    NAME(is_untouched)(u), NAME(is_untouched)(vt), NAME(is_untouched)(product), NAME(is_untouched)(s);

    EXPECT(LAPWING_OK, NAME(lapwing_low_rank)(NAME(read_only)(a), LAPWING_KEEP_RANK, 2, u.view, s_view, vt.view,
                                              product.view, &rank, &spectral, &frobenius));
    CHECK(rank == 2);
    NAME(holds)(product, best);
    NEAR(s.memory[0], 5);
    NEAR(s.memory[1], 4);
    CHECK(s.memory[2] == 77 && *NAME(at)(vt, 2, 0) == 77 && *NAME(at)(u, 3, 2) == 77);
    NEAR(spectral, 3);
    NEAR(frobenius, 3);
    for (int64_t i = 0; i < 4; ++i) {
        for (int64_t j = 0; j < 3; ++j) {
            double sum = 0;
            for (int64_t k = 0; k < 2; ++k) sum += (double)*NAME(at)(u, i, k) * s.memory[k] * *NAME(at)(vt, k, j);
            NEAR(sum, best[3 * i + j]);
        }
    }
    static const struct {
        int32_t keep;
        double value;
        int64_t rank;
    } cases[] = {{LAPWING_KEEP_RANK, 9, 3},   {LAPWING_KEEP_ABOVE, 3.5, 2},   {LAPWING_KEEP_ABOVE_RELATIVE, 0.9, 1},
                 {LAPWING_KEEP_ENERGY, 0.5, 1}, {LAPWING_KEEP_ENERGY, 0.83, 3}, {LAPWING_KEEP_RANK, 0, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        EXPECT(LAPWING_OK, NAME(lapwing_low_rank)(NAME(read_only)(a), cases[i].keep, cases[i].value, unwanted, no_values,
                                                  unwanted, unwanted, &rank, NULL, NULL));
        CHECK(rank == cases[i].rank);
    }
    free(a.memory), free(u.memory), free(vt.memory), free(product.memory), free(s.memory);
}

/* A quarter turn after a stretch by 2 and 3. */
static void NAME(polar_factors)(int in, int out) {
    static const double values[] = {0, -3, 2, 0}, turn[] = {0, -1, 1, 0}, right[] = {2, 0, 0, 3}, left[] = {3, 0, 0, 2};
    NAME(owned) a = NAME(holding)(in, 2, 2, values), u = NAME(marked)(out, 2, 2), p = NAME(marked)(out, 2, 2);
    NAME(owned) larger = NAME(marked)(out, 3, 3);
    const NAME(lapwing_mat_mut) unwanted = {NULL, 0, 0, 0, 0};
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_polar)(NAME(read_only)(a), 2, u.view, p.view));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_polar)(NAME(read_only)(a), 0, larger.view, p.view));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_polar)(NAME(read_only)(a), 0, u.view, larger.view));
    EXPECT(LAPWING_ERR_ALIAS, NAME(lapwing_polar)(NAME(read_only)(a), 0, u.view, u.view));
    NAME(is_untouched)(u), NAME(is_untouched)(p), NAME(is_untouched)(larger);
    EXPECT(LAPWING_OK, NAME(lapwing_polar)(NAME(read_only)(a), LAPWING_POLAR_RIGHT, u.view, p.view));
    NAME(holds)(u, turn), NAME(holds)(p, right);
    EXPECT(LAPWING_OK, NAME(lapwing_polar)(NAME(read_only)(a), LAPWING_POLAR_LEFT, unwanted, p.view));
    NAME(holds)(p, left);
    a.view.data = NULL;
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_polar)(NAME(read_only)(a), LAPWING_POLAR_LEFT, u.view, p.view));
    free(a.memory), free(u.memory), free(p.memory), free(larger.memory);
}

/* b is a, mirrored in the second axis, doubled, and moved by (5, 7). */
static void NAME(motions)(int in, int out) {
    static const double points[] = {1, 0, -1, 0, 0, 2, 0, -2}, moved[] = {7, 7, 3, 7, 5, 3, 5, 11};
    static const double mirror[] = {1, 0, 0, -1}, same[] = {1, 0, 0, 1}, constant[] = {1, 2, 1, 2, 1, 2, 1, 2};
    NAME(owned) a = NAME(holding)(in, 4, 2, points), b = NAME(holding)(in, 4, 2, moved), still = NAME(holding)(in, 4, 2, constant);
    NAME(owned) rotation = NAME(marked)(out, 2, 2), translation = NAME(marked)(0, 2, 1);
    NAME(lapwing_vec_mut) shift = {translation.memory, 2, 1}, unwanted = {NULL, 0, 0};
    REAL scale = 77, residual = 77;
    const int32_t all = LAPWING_PROCRUSTES_SCALE + LAPWING_PROCRUSTES_TRANSLATION;
    EXPECT(LAPWING_ERR_ARGUMENT,
           NAME(lapwing_procrustes)(NAME(read_only)(a), NAME(read_only)(b), 8, rotation.view, shift, &scale, &residual));
    EXPECT(LAPWING_ERR_ARGUMENT,
           NAME(lapwing_procrustes)(NAME(read_only)(a), NAME(read_only)(b), -1, rotation.view, shift, &scale, &residual));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_procrustes)(NAME(read_only)(a), NAME(read_only)(rotation), all, rotation.view, shift,
                                                       &scale, &residual));
    EXPECT(LAPWING_ERR_DOES_NOT_EXIST,
           NAME(lapwing_procrustes)(NAME(read_only)(still), NAME(read_only)(b), all, rotation.view, shift, &scale, &residual));
    shift.len = 3;
    EXPECT(LAPWING_ERR_SHAPE,
           NAME(lapwing_procrustes)(NAME(read_only)(a), NAME(read_only)(b), all, rotation.view, shift, &scale, &residual));
    shift.len = 2;
    NAME(is_untouched)(rotation), NAME(is_untouched)(translation);
    CHECK(scale == 77 && residual == 77);

    EXPECT(LAPWING_OK,
           NAME(lapwing_procrustes)(NAME(read_only)(a), NAME(read_only)(b), all, rotation.view, shift, &scale, &residual));
    NAME(holds)(rotation, mirror);
    NEAR(scale, 2);
    NEAR(residual, 0);
    NEAR(translation.memory[0], 5);
    NEAR(translation.memory[1], 7);
    /* Without the reflection, some rotation. */
    EXPECT(LAPWING_OK, NAME(lapwing_procrustes)(NAME(read_only)(a), NAME(read_only)(b),
                                                LAPWING_PROCRUSTES_ROTATION_ONLY + LAPWING_PROCRUSTES_TRANSLATION,
                                                rotation.view, unwanted, &scale, NULL));
    CHECK(scale == 1);
    NEAR(*NAME(at)(rotation, 0, 0) * *NAME(at)(rotation, 1, 1) - *NAME(at)(rotation, 0, 1) * *NAME(at)(rotation, 1, 0), 1);
    EXPECT(LAPWING_OK, NAME(lapwing_procrustes)(NAME(read_only)(a), NAME(read_only)(a), 0, rotation.view, shift, NULL, &residual));
    NAME(holds)(rotation, same);
    NEAR(residual, 0);
    rotation.view.data = NULL;
    EXPECT(LAPWING_ERR_NULL,
           NAME(lapwing_procrustes)(NAME(read_only)(a), NAME(read_only)(b), 0, rotation.view, shift, NULL, NULL));
    free(a.memory), free(b.memory), free(still.memory), free(rotation.memory), free(translation.memory);
}

static void NAME(inverses)(void) {
    for (int in = 0; in < LAYOUTS; ++in) {
        for (int out = 0; out < LAYOUTS; out += 1 + in % 3) {
            NAME(square_and_one_sided)(in, out);
            NAME(pseudoinverses)(in, out);
            NAME(approximations)(in, out);
            NAME(polar_factors)(in, out);
            NAME(motions)(in, out);
        }
    }
}
