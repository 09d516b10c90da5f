/* Structured and random matrices in one precision: REAL, SUFFIX and UNIT_ROUNDOFF come from the including file. */

#include "matrix_of.h"

#ifndef ROW_MAJOR
/* Packed row-major views of arrays, to read and to write. */
#define ROW_MAJOR(data, rows, cols) ((NAME(lapwing_mat)){data, rows, cols, cols, 1})
#define OUT(data, rows, cols) ((NAME(lapwing_mat_mut)){data, rows, cols, cols, 1})
#define ENTRIES(data, len) ((NAME(lapwing_vec)){data, len, 1})
#define OUT_ENTRIES(data, len) ((NAME(lapwing_vec_mut)){data, len, 1})
/* The first entries of y are these integers, exactly. */
#define HOLDS(y, ...)                                                                                        \
    do {                                                                                                     \
        static const int expected_[] = {__VA_ARGS__};                                                        \
        for (size_t i_ = 0; i_ < sizeof expected_ / sizeof *expected_; ++i_) CHECK((y)[i_] == expected_[i_]); \
    } while (0)
/* These are equal but for rounding. */
#define CLOSE(found, expected) CHECK(fabs((double)(found) - (double)(expected)) <= 64 * UNIT_ROUNDOFF)
#endif

/* The largest entry in magnitude of transpose(q) * q - identity, for a row-major q. */
static double NAME(loss)(const REAL *q, int64_t m, int64_t n) {
    double largest = 0;
    for (int64_t i = 0; i < n; ++i) {
        for (int64_t j = 0; j < n; ++j) {
            double sum = i == j ? -1 : 0;
            for (int64_t k = 0; k < m; ++k) sum += (double)q[k * n + i] * q[k * n + j];
            largest = fmax(largest, fabs(sum));
        }
    }
    return largest;
}

static void NAME(kronecker_products)(void) {
    static const REAL a[] = {1, 2, 3, 4}, b[] = {0, 5, 6, 7}, x[] = {1, 2, 3, 4}, wide[] = {1, 2, 3, 4, 5, 6};
    REAL y[36];
    EXPECT(LAPWING_OK, NAME(lapwing_kronecker)(ROW_MAJOR(a, 2, 2), ROW_MAJOR(b, 2, 2), OUT(y, 4, 4)));
    HOLDS(y, 0, 5, 0, 10, 6, 7, 12, 14, 0, 15, 0, 20, 18, 21, 24, 28);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_kronecker)(ROW_MAJOR(NULL, 2, 2), ROW_MAJOR(b, 2, 2), OUT(y, 4, 4)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_kronecker)(ROW_MAJOR(a, 2, 2), ROW_MAJOR(b, 2, 2), OUT(y, 4, 3)));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "out has 4 rows",
                   NAME(lapwing_kronecker)((NAME(lapwing_mat)){a, INT64_MAX, 1, 0, 0},
                                           (NAME(lapwing_mat)){a, INT64_MAX, 1, 0, 0}, OUT(y, 4, 1)));

    EXPECT(LAPWING_OK, NAME(lapwing_kronecker_apply)(ROW_MAJOR(a, 2, 2), ROW_MAJOR(b, 2, 2), ROW_MAJOR(x, 4, 1),
                                                     OUT(y, 4, 1)));
    HOLDS(y, 50, 112, 110, 244);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_kronecker_apply)(ROW_MAJOR(a, 2, 2), ROW_MAJOR(b, 2, 2),
                                                           ROW_MAJOR(NULL, 4, 1), OUT(y, 4, 1)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_kronecker_apply)(ROW_MAJOR(a, 2, 2), ROW_MAJOR(b, 2, 2),
                                                            ROW_MAJOR(x, 3, 1), OUT(y, 4, 1)));

    EXPECT(LAPWING_OK, NAME(lapwing_kronecker_sum)(ROW_MAJOR(a, 2, 2), ROW_MAJOR(b, 2, 2), OUT(y, 4, 4)));
    HOLDS(y, 1, 5, 2, 0, 6, 8, 0, 2, 3, 0, 4, 5, 0, 3, 6, 11);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_kronecker_sum)(ROW_MAJOR(a, 2, 2), ROW_MAJOR(b, 2, 2), OUT(NULL, 4, 4)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_kronecker_sum)(ROW_MAJOR(wide, 2, 3), ROW_MAJOR(b, 2, 2), OUT(y, 4, 4)));

    EXPECT(LAPWING_OK, NAME(lapwing_kronecker_sum_apply)(ROW_MAJOR(a, 2, 2), ROW_MAJOR(b, 2, 2), ROW_MAJOR(x, 4, 1),
                                                         OUT(y, 4, 1)));
    HOLDS(y, 17, 30, 35, 68);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_kronecker_sum_apply)(ROW_MAJOR(a, 2, 2), ROW_MAJOR(NULL, 2, 2),
                                                               ROW_MAJOR(x, 4, 1), OUT(y, 4, 1)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_kronecker_sum_apply)(ROW_MAJOR(a, 2, 2), ROW_MAJOR(b, 2, 2),
                                                                ROW_MAJOR(x, 4, 1), OUT(y, 4, 2)));

    EXPECT(LAPWING_OK, NAME(lapwing_khatri_rao)(ROW_MAJOR(a, 2, 2), ROW_MAJOR(b, 2, 2), OUT(y, 4, 2)));
    HOLDS(y, 0, 10, 6, 14, 0, 20, 18, 28);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_khatri_rao)(ROW_MAJOR(NULL, 2, 2), ROW_MAJOR(b, 2, 2), OUT(y, 4, 2)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_khatri_rao)(ROW_MAJOR(a, 2, 2), ROW_MAJOR(wide, 2, 3), OUT(y, 4, 2)));

    EXPECT(LAPWING_OK, NAME(lapwing_hadamard)(ROW_MAJOR(a, 2, 2), ROW_MAJOR(b, 2, 2), OUT(y, 2, 2)));
    HOLDS(y, 0, 10, 18, 28);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_hadamard)(ROW_MAJOR(a, 2, 2), ROW_MAJOR(NULL, 2, 2), OUT(y, 2, 2)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_hadamard)(ROW_MAJOR(a, 2, 2), ROW_MAJOR(b, 1, 2), OUT(y, 2, 2)));

    EXPECT(LAPWING_OK, NAME(lapwing_stack_columns)(ROW_MAJOR(wide, 2, 3), OUT_ENTRIES(y, 6)));
    HOLDS(y, 1, 4, 2, 5, 3, 6);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_stack_columns)(ROW_MAJOR(NULL, 2, 3), OUT_ENTRIES(y, 6)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_stack_columns)(ROW_MAJOR(wide, 2, 3), OUT_ENTRIES(y, 5)));
    EXPECT(LAPWING_OK, NAME(lapwing_unstack_columns)(ENTRIES(wide, 6), OUT(y, 2, 3)));
    HOLDS(y, 1, 3, 5, 2, 4, 6);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_unstack_columns)(ENTRIES(wide, 6), OUT(NULL, 2, 3)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_unstack_columns)(ENTRIES(wide, 6), OUT(y, 2, 2)));

    EXPECT(LAPWING_OK, NAME(lapwing_commutation)(2, 3, OUT(y, 6, 6)));
    HOLDS(y, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_commutation)(2, 3, OUT(NULL, 6, 6)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_commutation)(2, 3, OUT(y, 5, 5)));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_commutation)(-2, 3, OUT(y, 6, 6)));
}

static void NAME(toeplitz_and_kin)(void) {
    static const REAL c[] = {1, 2, 3}, r[] = {9, 4}, x[] = {5, 6}, z[] = {5, 6, 7}, dominant[] = {4, 1, 1};
    REAL y[16], im[3];
    EXPECT(LAPWING_OK, NAME(lapwing_toeplitz)(ENTRIES(c, 3), ENTRIES(r, 2), OUT(y, 3, 2)));
    HOLDS(y, 1, 4, 2, 1, 3, 2);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_toeplitz)(ENTRIES(NULL, 3), ENTRIES(r, 2), OUT(y, 3, 2)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_toeplitz)(ENTRIES(c, 3), ENTRIES(r, 2), OUT(y, 2, 3)));
    EXPECT(LAPWING_OK, NAME(lapwing_toeplitz_apply)(ENTRIES(c, 3), ENTRIES(r, 2), ROW_MAJOR(x, 2, 1), OUT(y, 3, 1)));
    HOLDS(y, 29, 16, 27);
    EXPECT(LAPWING_ERR_NULL,
           NAME(lapwing_toeplitz_apply)(ENTRIES(c, 3), ENTRIES(NULL, 2), ROW_MAJOR(x, 2, 1), OUT(y, 3, 1)));
    EXPECT(LAPWING_ERR_SHAPE,
           NAME(lapwing_toeplitz_apply)(ENTRIES(c, 3), ENTRIES(r, 2), ROW_MAJOR(z, 3, 1), OUT(y, 3, 1)));

    EXPECT(LAPWING_OK, NAME(lapwing_hankel)(ENTRIES(c, 3), ENTRIES(r, 2), OUT(y, 3, 2)));
    HOLDS(y, 1, 2, 2, 3, 3, 4);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_hankel)(ENTRIES(c, 3), ENTRIES(r, 2), OUT(NULL, 3, 2)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_hankel)(ENTRIES(c, 3), ENTRIES(r, 2), OUT(y, 3, 3)));
    EXPECT(LAPWING_OK, NAME(lapwing_hankel_apply)(ENTRIES(c, 3), ENTRIES(r, 2), ROW_MAJOR(x, 2, 1), OUT(y, 3, 1)));
    HOLDS(y, 17, 28, 39);
    EXPECT(LAPWING_ERR_NULL,
           NAME(lapwing_hankel_apply)(ENTRIES(c, 3), ENTRIES(r, 2), ROW_MAJOR(NULL, 2, 1), OUT(y, 3, 1)));
    EXPECT(LAPWING_ERR_SHAPE,
           NAME(lapwing_hankel_apply)(ENTRIES(c, 3), ENTRIES(r, 2), ROW_MAJOR(x, 2, 1), OUT(y, 2, 1)));

    EXPECT(LAPWING_OK, NAME(lapwing_circulant)(ENTRIES(c, 3), OUT(y, 3, 3)));
    HOLDS(y, 1, 3, 2, 2, 1, 3, 3, 2, 1);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_circulant)(ENTRIES(NULL, 3), OUT(y, 3, 3)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_circulant)(ENTRIES(c, 3), OUT(y, 3, 2)));
    EXPECT(LAPWING_OK, NAME(lapwing_circulant_apply)(ENTRIES(c, 3), ROW_MAJOR(z, 3, 1), OUT(y, 3, 1)));
    HOLDS(y, 37, 37, 34);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_circulant_apply)(ENTRIES(c, 3), ROW_MAJOR(z, 3, 1), OUT(NULL, 3, 1)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_circulant_apply)(ENTRIES(c, 3), ROW_MAJOR(x, 2, 1), OUT(y, 3, 1)));
    EXPECT(LAPWING_OK, NAME(lapwing_circulant_solve)(ENTRIES(dominant, 3), ROW_MAJOR(z, 3, 1), OUT(y, 3, 1)));
    for (int i = 0; i < 3; ++i) CLOSE(4 * y[i] + y[(i + 1) % 3] + y[(i + 2) % 3], z[i]);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_circulant_solve)(ENTRIES(NULL, 3), ROW_MAJOR(z, 3, 1), OUT(y, 3, 1)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_circulant_solve)(ENTRIES(c, 3), ROW_MAJOR(z, 3, 1), OUT(y, 3, 2)));
    /* One for every entry: rank one. */
    EXPECT(LAPWING_ERR_RANK_DEFICIENT, NAME(lapwing_circulant_solve)((NAME(lapwing_vec)){c, 3, 0},
                                                                     ROW_MAJOR(z, 3, 1), OUT(y, 3, 1)));
    EXPECT(LAPWING_OK, NAME(lapwing_circulant_eigenvalues)(ENTRIES(c, 3), OUT_ENTRIES(y, 3), OUT_ENTRIES(im, 3)));
    CLOSE(y[0], 6); CLOSE(y[1], -1.5); CLOSE(y[2], -1.5);
    CLOSE(im[0], 0); CLOSE(im[1], sqrt(0.75)); CLOSE(im[2], -sqrt(0.75));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_circulant_eigenvalues)(ENTRIES(c, 3), OUT_ENTRIES(y, 3), OUT_ENTRIES(NULL, 3)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_circulant_eigenvalues)(ENTRIES(c, 3), OUT_ENTRIES(y, 3), OUT_ENTRIES(im, 2)));
    EXPECT(LAPWING_ERR_ALIAS, NAME(lapwing_circulant_eigenvalues)(ENTRIES(c, 3), OUT_ENTRIES(y, 3), OUT_ENTRIES(y, 3)));

    REAL reciprocal = 77;
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_circulant_reciprocal_condition)(ENTRIES(c, 3), NULL));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_circulant_reciprocal_condition)(ENTRIES(NULL, 3), &reciprocal));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_circulant_reciprocal_condition)(ENTRIES(c, -3), &reciprocal));
    CHECK(reciprocal == 77);
    EXPECT(LAPWING_OK, NAME(lapwing_circulant_reciprocal_condition)(ENTRIES(c, 3), &reciprocal));
    CLOSE(reciprocal, sqrt(3.0) / 6);

    EXPECT(LAPWING_OK, NAME(lapwing_convolution_matrix)(ENTRIES(c, 3), LAPWING_CONVOLUTION_FULL, OUT(y, 4, 2)));
    HOLDS(y, 1, 0, 2, 1, 3, 2, 0, 3);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_convolution_matrix)(ENTRIES(NULL, 3), LAPWING_CONVOLUTION_FULL, OUT(y, 4, 2)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_convolution_matrix)(ENTRIES(c, 3), LAPWING_CONVOLUTION_SAME, OUT(y, 4, 2)));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_convolution_matrix)(ENTRIES(c, 3), 3, OUT(y, 4, 2)));
    EXPECT(LAPWING_OK, NAME(lapwing_convolve)(ENTRIES(c, 3), ENTRIES(x, 2), LAPWING_CONVOLUTION_FULL, OUT_ENTRIES(y, 4)));
    HOLDS(y, 5, 16, 27, 18);
    EXPECT(LAPWING_OK, NAME(lapwing_convolve)(ENTRIES(c, 3), ENTRIES(x, 2), LAPWING_CONVOLUTION_SAME, OUT_ENTRIES(y, 3)));
    HOLDS(y, 5, 16, 27);
    EXPECT(LAPWING_OK, NAME(lapwing_convolve)(ENTRIES(c, 3), ENTRIES(x, 2), LAPWING_CONVOLUTION_VALID, OUT_ENTRIES(y, 2)));
    HOLDS(y, 16, 27);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_convolve)(ENTRIES(c, 3), ENTRIES(x, 2), LAPWING_CONVOLUTION_FULL, OUT_ENTRIES(NULL, 4)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_convolve)(ENTRIES(c, 3), ENTRIES(x, 2), LAPWING_CONVOLUTION_VALID, OUT_ENTRIES(y, 3)));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_convolve)(ENTRIES(c, 3), ENTRIES(x, 2), -1, OUT_ENTRIES(y, 4)));
}

/* The matrices are those of toeplitz_and_kin. */
static void NAME(transposed_products)(void) {
    static const REAL c[] = {1, 2, 3}, r[] = {9, 4}, z[] = {5, 6, 7};
    REAL y[4];
    /* [1 4; 2 1; 3 2] */
    EXPECT(LAPWING_OK, NAME(lapwing_toeplitz_apply_transposed)(ENTRIES(c, 3), ENTRIES(r, 2), ROW_MAJOR(z, 3, 1), OUT(y, 2, 1)));
    HOLDS(y, 38, 40);
    EXPECT(LAPWING_ERR_NULL,
           NAME(lapwing_toeplitz_apply_transposed)(ENTRIES(c, 3), ENTRIES(r, 2), ROW_MAJOR(NULL, 3, 1), OUT(y, 2, 1)));
    EXPECT(LAPWING_ERR_SHAPE,
           NAME(lapwing_toeplitz_apply_transposed)(ENTRIES(c, 3), ENTRIES(r, 2), ROW_MAJOR(z, 3, 1), OUT(y, 3, 1)));
    EXPECT(LAPWING_ERR_SHAPE,
           NAME(lapwing_toeplitz_apply_transposed)(ENTRIES(c, 3), ENTRIES(r, 2), ROW_MAJOR(z, 2, 1), OUT(y, 2, 1)));
    /* [1 2; 2 3; 3 4] */
    EXPECT(LAPWING_OK, NAME(lapwing_hankel_apply_transposed)(ENTRIES(c, 3), ENTRIES(r, 2), ROW_MAJOR(z, 3, 1), OUT(y, 2, 1)));
    HOLDS(y, 38, 56);
    EXPECT(LAPWING_ERR_NULL,
           NAME(lapwing_hankel_apply_transposed)(ENTRIES(c, 3), ENTRIES(NULL, 2), ROW_MAJOR(z, 3, 1), OUT(y, 2, 1)));
    EXPECT(LAPWING_ERR_SHAPE,
           NAME(lapwing_hankel_apply_transposed)(ENTRIES(c, 3), ENTRIES(r, 2), ROW_MAJOR(z, 2, 1), OUT(y, 2, 1)));
    /* [1 3 2; 2 1 3; 3 2 1] */
    EXPECT(LAPWING_OK, NAME(lapwing_circulant_apply_transposed)(ENTRIES(c, 3), ROW_MAJOR(z, 3, 1), OUT(y, 3, 1)));
    HOLDS(y, 38, 35, 35);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_circulant_apply_transposed)(ENTRIES(c, 3), ROW_MAJOR(z, 3, 1), OUT(NULL, 3, 1)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_circulant_apply_transposed)(ENTRIES(c, 3), ROW_MAJOR(z, 2, 1), OUT(y, 3, 1)));
    EXPECT(LAPWING_ERR_ALIAS, NAME(lapwing_circulant_apply_transposed)(ENTRIES(y, 3), ROW_MAJOR(z, 3, 1), OUT(y, 3, 1)));
}

static void NAME(rotations_and_reflections)(void) {
    static const REAL x[] = {3, 0, 4}, diagonal[] = {1, 1, 1}, zero[] = {0, 0, 0};
    static const REAL basis[] = {1, 0, 1, 0, 0, 2}, dependent[] = {1, 2, 1, 2, 1, 2};
    const REAL third = (REAL)(2 * acos(-1.0) / 3);
    REAL y[9], v[3], tau = 77, beta = 77, c = 77, s = 77, r = 77;
    EXPECT(LAPWING_OK, NAME(lapwing_rotation_2d)(third, OUT(y, 2, 2)));
    CLOSE(y[0], -0.5); CLOSE(y[1], -sqrt(0.75)); CLOSE(y[2], sqrt(0.75)); CLOSE(y[3], -0.5);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_rotation_2d)(third, OUT(NULL, 2, 2)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_rotation_2d)(third, OUT(y, 3, 3)));
    EXPECT(LAPWING_ERR_NON_FINITE, NAME(lapwing_rotation_2d)((REAL)NAN, OUT(y, 2, 2)));

    EXPECT(LAPWING_OK, NAME(lapwing_rotation_3d)(ENTRIES(diagonal, 3), third, OUT(y, 3, 3)));
    for (int i = 0; i < 9; ++i) CLOSE(y[i], i == 2 || i == 3 || i == 7);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_rotation_3d)(ENTRIES(NULL, 3), third, OUT(y, 3, 3)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_rotation_3d)(ENTRIES(diagonal, 2), third, OUT(y, 3, 3)));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_rotation_3d)(ENTRIES(zero, 3), third, OUT(y, 3, 3)));

    EXPECT(LAPWING_OK, NAME(lapwing_plane_rotation)(0, 2, third, OUT(y, 3, 3)));
    CLOSE(y[0], -0.5); CLOSE(y[2], -sqrt(0.75)); CLOSE(y[4], 1); CLOSE(y[6], sqrt(0.75)); CLOSE(y[8], -0.5);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_plane_rotation)(0, 2, third, OUT(NULL, 3, 3)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_plane_rotation)(0, 2, third, OUT(y, 3, 2)));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_plane_rotation)(0, 3, third, OUT(y, 3, 3)));

    EXPECT(LAPWING_OK, NAME(lapwing_reflection)(ENTRIES(x, 3), OUT(y, 3, 3)));
    CLOSE(y[0], 0.28); CLOSE(y[2], -0.96); CLOSE(y[4], 1); CLOSE(y[8], -0.28);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_reflection)(ENTRIES(NULL, 3), OUT(y, 3, 3)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_reflection)(ENTRIES(x, 3), OUT(y, 2, 2)));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_reflection)(ENTRIES(zero, 3), OUT(y, 3, 3)));
    EXPECT(LAPWING_OK, NAME(lapwing_reflect)(ENTRIES(x, 3), ROW_MAJOR(x, 3, 1), OUT(y, 3, 1)));
    CLOSE(y[0], -3); CLOSE(y[1], 0); CLOSE(y[2], -4);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_reflect)(ENTRIES(x, 3), ROW_MAJOR(NULL, 3, 1), OUT(y, 3, 1)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_reflect)(ENTRIES(x, 3), ROW_MAJOR(x, 1, 3), OUT(y, 3, 3)));

    EXPECT(LAPWING_OK, NAME(lapwing_projection)(ROW_MAJOR(basis, 3, 2), OUT(y, 3, 3)));
    for (int i = 0; i < 9; ++i) CLOSE(y[i], i == 8 ? 1 : i % 3 < 2 && i / 3 < 2 ? 0.5 : 0);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_projection)(ROW_MAJOR(basis, 3, 2), OUT(NULL, 3, 3)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_projection)(ROW_MAJOR(basis, 3, 2), OUT(y, 2, 2)));
    EXPECT(LAPWING_ERR_RANK_DEFICIENT, NAME(lapwing_projection)(ROW_MAJOR(dependent, 3, 2), OUT(y, 3, 3)));
    EXPECT(LAPWING_OK, NAME(lapwing_project)(ROW_MAJOR(basis, 3, 2), ROW_MAJOR(x, 3, 1), OUT(y, 3, 1)));
    CLOSE(y[0], 1.5); CLOSE(y[1], 1.5); CLOSE(y[2], 4);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_project)(ROW_MAJOR(NULL, 3, 2), ROW_MAJOR(x, 3, 1), OUT(y, 3, 1)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_project)(ROW_MAJOR(basis, 3, 2), ROW_MAJOR(x, 2, 1), OUT(y, 3, 1)));

    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_householder)(ENTRIES(x, 3), OUT_ENTRIES(v, 3), &tau, NULL));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_householder)(ENTRIES(x, 3), OUT_ENTRIES(v, 3), NULL, &beta));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_householder)(ENTRIES(NULL, 3), OUT_ENTRIES(v, 3), &tau, &beta));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_householder)(ENTRIES(x, 3), OUT_ENTRIES(v, 2), &tau, &beta));
    CHECK(tau == 77 && beta == 77);
    EXPECT(LAPWING_OK, NAME(lapwing_householder)(ENTRIES(x, 3), OUT_ENTRIES(v, 3), &tau, &beta));
    CHECK(v[0] == 1 && v[1] == 0);
    CLOSE(beta, -5); CLOSE(tau, 1.6); CLOSE(v[2], 0.5);
    EXPECT(LAPWING_OK, NAME(lapwing_householder_apply)(ENTRIES(x, 3), ROW_MAJOR(x, 3, 1), OUT(y, 3, 1)));
    CLOSE(y[0], -5); CLOSE(y[1], 0); CLOSE(y[2], 0);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_householder_apply)(ENTRIES(x, 3), ROW_MAJOR(x, 3, 1), OUT(NULL, 3, 1)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_householder_apply)(ENTRIES(x, 3), ROW_MAJOR(x, 2, 1), OUT(y, 3, 1)));

    EXPECT(LAPWING_OK, NAME(lapwing_householder_apply_right)(ENTRIES(x, 3), ROW_MAJOR(x, 1, 3), OUT(y, 1, 3)));
    CLOSE(y[0], -5); CLOSE(y[1], 0); CLOSE(y[2], 0);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_householder_apply_right)(ENTRIES(x, 3), ROW_MAJOR(NULL, 1, 3), OUT(y, 1, 3)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_householder_apply_right)(ENTRIES(x, 3), ROW_MAJOR(x, 3, 1), OUT(y, 3, 3)));

    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_givens)(3, 4, &c, &s, NULL));
    EXPECT(LAPWING_ERR_NON_FINITE, NAME(lapwing_givens)((REAL)INFINITY, 4, &c, &s, &r));
    CHECK(c == 77 && s == 77 && r == 77);
    EXPECT(LAPWING_OK, NAME(lapwing_givens)(3, 4, &c, &s, &r));
    CLOSE(c, 0.6); CLOSE(s, 0.8); CLOSE(r, 5);
}

/* In every layout, and nothing but the two rows or columns changes. */
static void NAME(lanes_are_rotated_in_place)(void) {
    enum { M = 4, N = 5 };
    for (int layout = 0; layout < LAYOUTS; ++layout) {
        NAME(owned) a = NAME(make)(layout, M, N), before = NAME(make)(0, M, N);
        NAME(scatter)(a, (uint64_t)layout + 3);
        for (int64_t i = 0; i < M; ++i)
            for (int64_t j = 0; j < N; ++j) *NAME(at)(before, i, j) = *NAME(at)(a, i, j);
        EXPECT(LAPWING_OK, NAME(lapwing_givens_rows_inplace)(3, 4, 3, 1, a.view));
        for (int64_t i = 0; i < M; ++i) {
            for (int64_t j = 0; j < N; ++j) {
                const double x = *NAME(at)(before, 3, j), y = *NAME(at)(before, 1, j);
                const double expected = i == 3 ? 0.6 * x + 0.8 * y : i == 1 ? 0.6 * y - 0.8 * x : *NAME(at)(before, i, j);
                CLOSE(*NAME(at)(a, i, j), expected);
                CHECK(i % 2 == 1 || *NAME(at)(a, i, j) == *NAME(at)(before, i, j));
                *NAME(at)(a, i, j) = *NAME(at)(before, i, j);
            }
        }
        EXPECT(LAPWING_OK, NAME(lapwing_givens_columns_inplace)(3, 4, 0, 4, a.view));
        for (int64_t i = 0; i < M; ++i) {
            for (int64_t j = 0; j < N; ++j) {
                const double x = *NAME(at)(before, i, 0), y = *NAME(at)(before, i, 4);
                const double expected = j == 0 ? 0.6 * x + 0.8 * y : j == 4 ? 0.6 * y - 0.8 * x : *NAME(at)(before, i, j);
                CLOSE(*NAME(at)(a, i, j), expected);
                CHECK(j % 4 == 0 || *NAME(at)(a, i, j) == *NAME(at)(before, i, j));
            }
        }
        free(a.memory), free(before.memory);
    }

    REAL y[] = {1, 2, 3, (REAL)NAN, 5, 6};
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_givens_rows_inplace)(3, 4, 0, 1, OUT(NULL, 2, 3)));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_givens_columns_inplace)(3, 4, 0, 1, OUT(NULL, 2, 3)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_givens_rows_inplace)(3, 4, 0, 1, OUT(y, 2, -3)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_givens_columns_inplace)(3, 4, 0, 1, OUT(y, -2, 3)));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "i is 2", NAME(lapwing_givens_rows_inplace)(3, 4, 2, 1, OUT(y, 2, 3)));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "k is -1", NAME(lapwing_givens_rows_inplace)(3, 4, 0, -1, OUT(y, 2, 3)));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "k is 3", NAME(lapwing_givens_columns_inplace)(3, 4, 0, 3, OUT(y, 2, 3)));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "another index", NAME(lapwing_givens_columns_inplace)(3, 4, 1, 1, OUT(y, 2, 3)));
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "a[1, 0]", NAME(lapwing_givens_rows_inplace)(3, 4, 0, 1, OUT(y, 2, 3)));
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "a[1, 0]", NAME(lapwing_givens_columns_inplace)(3, 4, 2, 0, OUT(y, 2, 3)));
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "g", NAME(lapwing_givens_columns_inplace)(3, (REAL)NAN, 1, 2, OUT(y, 2, 3)));
    EXPECT(LAPWING_ERR_ALIAS, NAME(lapwing_givens_rows_inplace)(3, 4, 0, 1, ((NAME(lapwing_mat_mut)){y, 2, 3, 1, 1})));
    CHECK(y[0] == 1 && y[1] == 2 && y[2] == 3 && y[4] == 5 && y[5] == 6);
    EXPECT(LAPWING_OK, NAME(lapwing_givens_rows_inplace)(3, 4, 0, 1, OUT(NULL, 2, 0)));
}

static void NAME(lists_and_blocks)(void) {
    static const REAL x[] = {2, 3}, a[] = {2, -6, 4}, rows[] = {1, 2, 3, 4, 5, 6}, zero[] = {0, 1};
    static const int64_t order[] = {2, 0, 1}, twice[] = {0, 0, 1}, some[] = {2, 2};
    REAL y[12];
    EXPECT(LAPWING_OK, NAME(lapwing_vandermonde)(ENTRIES(x, 2), LAPWING_POWERS_INCREASING, OUT(y, 2, 3)));
    HOLDS(y, 1, 2, 4, 1, 3, 9);
    EXPECT(LAPWING_OK, NAME(lapwing_vandermonde)(ENTRIES(x, 2), LAPWING_POWERS_DECREASING, OUT(y, 2, 3)));
    HOLDS(y, 4, 2, 1, 9, 3, 1);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_vandermonde)(ENTRIES(NULL, 2), LAPWING_POWERS_INCREASING, OUT(y, 2, 3)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_vandermonde)(ENTRIES(x, 2), LAPWING_POWERS_INCREASING, OUT(y, 3, 3)));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_vandermonde)(ENTRIES(x, 2), 2, OUT(y, 2, 3)));

    EXPECT(LAPWING_OK, NAME(lapwing_companion)(ENTRIES(a, 3), OUT(y, 2, 2)));
    HOLDS(y, 3, -2, 1, 0);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_companion)(ENTRIES(a, 3), OUT(NULL, 2, 2)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_companion)(ENTRIES(a, 3), OUT(y, 3, 3)));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_companion)(ENTRIES(zero, 2), OUT(y, 1, 1)));

    EXPECT(LAPWING_OK, NAME(lapwing_hilbert)(OUT(y, 3, 3)));
    CHECK(y[0] == 1 && y[1] == (REAL)0.5 && y[8] == (REAL)1 / (REAL)5);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_hilbert)(OUT(NULL, 3, 3)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_hilbert)(OUT(y, 3, 2)));

    EXPECT(LAPWING_OK, NAME(lapwing_permute_rows)(ROW_MAJOR(rows, 3, 2), order, OUT(y, 3, 2)));
    HOLDS(y, 5, 6, 1, 2, 3, 4);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_permute_rows)(ROW_MAJOR(rows, 3, 2), NULL, OUT(y, 3, 2)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_permute_rows)(ROW_MAJOR(rows, 3, 2), order, OUT(y, 2, 2)));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "0 at positions 0 and 1",
                   NAME(lapwing_permute_rows)(ROW_MAJOR(rows, 3, 2), twice, OUT(y, 3, 2)));

    EXPECT(LAPWING_OK, NAME(lapwing_select_rows)(ROW_MAJOR(rows, 3, 2), some, OUT(y, 2, 2)));
    HOLDS(y, 5, 6, 5, 6);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_select_rows)(ROW_MAJOR(NULL, 3, 2), some, OUT(y, 2, 2)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_select_rows)(ROW_MAJOR(rows, 3, 2), some, OUT(y, 2, 1)));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "2 at position 0",
                   NAME(lapwing_select_rows)(ROW_MAJOR(rows, 2, 2), some, OUT(y, 2, 2)));

    EXPECT(LAPWING_OK, NAME(lapwing_permute_columns)(ROW_MAJOR(rows, 2, 3), order, OUT(y, 2, 3)));
    HOLDS(y, 2, 3, 1, 5, 6, 4);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_permute_columns)(ROW_MAJOR(rows, 2, 3), NULL, OUT(y, 2, 3)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_permute_columns)(ROW_MAJOR(rows, 2, 3), order, OUT(y, 3, 2)));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "0 at positions 0 and 1",
                   NAME(lapwing_permute_columns)(ROW_MAJOR(rows, 2, 3), twice, OUT(y, 2, 3)));

    EXPECT(LAPWING_OK, NAME(lapwing_select_columns)(ROW_MAJOR(rows, 2, 3), some, OUT(y, 2, 2)));
    HOLDS(y, 3, 3, 6, 6);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_select_columns)(ROW_MAJOR(rows, 2, 3), some, OUT(NULL, 2, 2)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_select_columns)(ROW_MAJOR(rows, 2, 3), some, OUT(y, 1, 2)));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "2 at position 0",
                   NAME(lapwing_select_columns)(ROW_MAJOR(rows, 3, 2), some, OUT(y, 3, 2)));

    EXPECT(LAPWING_OK, NAME(lapwing_scatter_rows)(ROW_MAJOR(rows, 2, 3), some, OUT(y, 3, 3)));
    HOLDS(y, 0, 0, 0, 0, 0, 0, 5, 7, 9);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_scatter_rows)(ROW_MAJOR(rows, 2, 3), NULL, OUT(y, 3, 3)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_scatter_rows)(ROW_MAJOR(rows, 2, 3), some, OUT(y, 3, 2)));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "2 at position 0",
                   NAME(lapwing_scatter_rows)(ROW_MAJOR(rows, 2, 3), some, OUT(y, 2, 3)));

    const NAME(lapwing_mat) blocks[] = {ROW_MAJOR(x, 1, 2), ROW_MAJOR(a, 2, 1)};
    const NAME(lapwing_mat) missing[] = {ROW_MAJOR(x, 1, 2), ROW_MAJOR(NULL, 2, 1)};
    EXPECT(LAPWING_OK, NAME(lapwing_block_diagonal)(blocks, 2, OUT(y, 3, 3)));
    HOLDS(y, 2, 3, 0, 0, 0, 2, 0, 0, -6);
    EXPECT(LAPWING_OK, NAME(lapwing_block_diagonal)(NULL, 0, OUT(NULL, 0, 0)));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_block_diagonal)(NULL, 2, OUT(y, 3, 3)));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_block_diagonal)(missing, 2, OUT(y, 3, 3)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_block_diagonal)(blocks, 2, OUT(y, 3, 2)));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_block_diagonal)(blocks, -1, OUT(y, 3, 3)));
}

static void NAME(random_matrices)(void) {
    static const REAL values[] = {3, 2, 1}, mixed[] = {3, -2, 1};
    const double bound = 64 * UNIT_ROUNDOFF;
    REAL q[9], again[9], s[3], wide[12];
    const NAME(lapwing_mat_mut) unwanted = {NULL, 0, 0, 0, 0};
    EXPECT(LAPWING_OK, NAME(lapwing_random_normal)(7, OUT(q, 3, 3)));
    EXPECT(LAPWING_OK, NAME(lapwing_random_normal)(7, OUT(again, 3, 3)));
    for (int i = 0; i < 9; ++i) CHECK(q[i] == again[i] && fabs((double)q[i]) < 8);
    CHECK(q[0] != q[1]);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_random_normal)(7, OUT(NULL, 3, 3)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_random_normal)(7, OUT(q, -3, 3)));

    EXPECT(LAPWING_OK, NAME(lapwing_random_orthogonal)(7, OUT(q, 3, 3)));
    CHECK(NAME(loss)(q, 3, 3) <= bound);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_random_orthogonal)(7, OUT(NULL, 3, 3)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_random_orthogonal)(7, OUT(q, 3, 2)));

    EXPECT(LAPWING_OK, NAME(lapwing_random_rotation)(7, OUT(q, 3, 3)));
    CHECK(NAME(loss)(q, 3, 3) <= bound);
    CLOSE((double)q[0] * (q[4] * q[8] - q[5] * q[7]) - (double)q[1] * (q[3] * q[8] - q[5] * q[6]) +
              (double)q[2] * (q[3] * q[7] - q[4] * q[6]),
          1);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_random_rotation)(7, OUT(NULL, 3, 3)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_random_rotation)(7, OUT(q, 2, 3)));

    EXPECT(LAPWING_OK, NAME(lapwing_random_orthonormal_columns)(7, OUT(wide, 4, 3)));
    CHECK(NAME(loss)(wide, 4, 3) <= bound);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_random_orthonormal_columns)(7, OUT(NULL, 4, 3)));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_random_orthonormal_columns)(7, OUT(wide, 3, 4)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_random_orthonormal_columns)(7, OUT(wide, 4, -3)));

    EXPECT(LAPWING_OK, NAME(lapwing_random_symmetric)(ENTRIES(mixed, 3), 7, OUT(q, 3, 3)));
    EXPECT(LAPWING_OK, NAME(lapwing_eigh)(ROW_MAJOR(q, 3, 3), LAPWING_LOWER, OUT_ENTRIES(s, 3), unwanted));
    CHECK(q[1] == q[3] && q[2] == q[6] && q[5] == q[7]);
    CLOSE(s[0], -2); CLOSE(s[1], 1); CLOSE(s[2], 3);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_random_symmetric)(ENTRIES(NULL, 3), 7, OUT(q, 3, 3)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_random_symmetric)(ENTRIES(mixed, 3), 7, OUT(q, 2, 2)));

    EXPECT(LAPWING_OK, NAME(lapwing_random_positive_definite)(ENTRIES(values, 3), 7, OUT(q, 3, 3)));
    EXPECT(LAPWING_OK, NAME(lapwing_eigh)(ROW_MAJOR(q, 3, 3), LAPWING_LOWER, OUT_ENTRIES(s, 3), unwanted));
    CLOSE(s[0], 1); CLOSE(s[1], 2); CLOSE(s[2], 3);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_random_positive_definite)(ENTRIES(values, 3), 7, OUT(NULL, 3, 3)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_random_positive_definite)(ENTRIES(values, 2), 7, OUT(q, 3, 3)));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_random_positive_definite)(ENTRIES(mixed, 3), 7, OUT(q, 3, 3)));

    EXPECT(LAPWING_OK, NAME(lapwing_random_with_singular_values)(ENTRIES(values, 3), 7, OUT(wide, 4, 3)));
    EXPECT(LAPWING_OK, NAME(lapwing_svd)(ROW_MAJOR(wide, 4, 3), OUT_ENTRIES(s, 3), unwanted, unwanted));
    CLOSE(s[0], 3); CLOSE(s[1], 2); CLOSE(s[2], 1);
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_random_with_singular_values)(ENTRIES(NULL, 3), 7, OUT(wide, 4, 3)));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_random_with_singular_values)(ENTRIES(values, 2), 7, OUT(wide, 4, 3)));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_random_with_singular_values)(ENTRIES(mixed, 3), 7, OUT(wide, 4, 3)));
}

/* Every layout of input and output holds the same numbers, and what is long goes through a transform. */
static void NAME(layouts_and_lengths)(void) {
    enum { N = 50, COLUMNS = 3 };
    REAL c[N], r[N];
    for (int i = 0; i < N; ++i) c[i] = (REAL)(i * 5 % 11 - 5), r[i] = (REAL)(i * 7 % 13 - 6);
    for (int layout = 0; layout < LAYOUTS; ++layout) {
        NAME(owned) t = NAME(make)(layout, N, N), y = NAME(make)((layout + 1) % LAYOUTS, N, COLUMNS);
        NAME(owned) x = NAME(make)(layout, N, COLUMNS);
        NAME(scatter)(x, (uint64_t)layout + 1);
        EXPECT(LAPWING_OK, NAME(lapwing_toeplitz)(ENTRIES(c, N), ENTRIES(r, N), t.view));
        EXPECT(LAPWING_OK, NAME(lapwing_toeplitz_apply)(ENTRIES(c, N), ENTRIES(r, N), NAME(read_only)(x), y.view));
        for (int i = 0; i < N; ++i) {
            for (int k = 0; k < COLUMNS; ++k) {
                double sum = 0;
                for (int j = 0; j < N; ++j) sum += (double)*NAME(at)(t, i, j) * (double)*NAME(at)(x, j, k);
                /* 4 log2(2 * 100) times the norm of the 99 numbers, 600 at most, and that of x, 8 at most. */
                CHECK(fabs(sum - (double)*NAME(at)(y, i, k)) <= 4 * 8 * 600 * 8 * UNIT_ROUNDOFF);
            }
        }
        free(t.memory), free(x.memory), free(y.memory);
    }
}

static void NAME(structured)(void) {
    NAME(kronecker_products)();
    NAME(toeplitz_and_kin)();
    NAME(transposed_products)();
    NAME(rotations_and_reflections)();
    NAME(lanes_are_rotated_in_place)();
    NAME(lists_and_blocks)();
    NAME(random_matrices)();
    NAME(layouts_and_lengths)();
}
