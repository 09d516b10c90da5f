/* Eigenproblems of one and of two general matrices, in both precisions and in every layout of inputs and outputs. */

#include <complex.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "check.h"

/* What the checks compute with: row-major complex matrices in double precision. */
typedef struct {
    int64_t rows, cols;
    double complex *entries;
} dense;

static dense zeros(int64_t rows, int64_t cols) {
    dense result = {rows, cols, calloc((size_t)(rows * cols) + 1, sizeof(double complex))};
    return result;
}

/* The product, with the left operand or the right one as its conjugate transpose where asked. Frees nothing. */
static dense times(dense a, int adjoint_a, dense b, int adjoint_b) {
    const int64_t rows = adjoint_a ? a.cols : a.rows, inner = adjoint_a ? a.rows : a.cols;
    dense result = zeros(rows, adjoint_b ? b.rows : b.cols);
    for (int64_t i = 0; i < rows; ++i)
        for (int64_t j = 0; j < result.cols; ++j)
            for (int64_t k = 0; k < inner; ++k)
                result.entries[i * result.cols + j] +=
                    (adjoint_a ? conj(a.entries[k * a.cols + i]) : a.entries[i * a.cols + k]) *
                    (adjoint_b ? conj(b.entries[j * b.cols + k]) : b.entries[k * b.cols + j]);
    return result;
}

/* The largest modulus of a difference. */
static double distance(dense a, dense b) {
    double largest = 0;
    for (int64_t i = 0; i < a.rows * a.cols; ++i) largest = fmax(largest, cabs(a.entries[i] - b.entries[i]));
    return largest;
}

/* The largest sum of moduli of a column. */
static double norm(dense a) {
    double largest = 0;
    for (int64_t j = 0; j < a.cols; ++j) {
        double sum = 0;
        for (int64_t i = 0; i < a.rows; ++i) sum += cabs(a.entries[i * a.cols + j]);
        largest = fmax(largest, sum);
    }
    return largest;
}

/* The distance of a from l * m * adjoint(r). */
static double defect(dense a, dense l, dense m, dense r) {
    dense left = times(l, 0, m, 0), product = times(left, 0, r, 1);
    const double result = distance(a, product);
    free(left.entries), free(product.entries);
    return result;
}

/* The distance of adjoint(q) * q from the identity. */
static double skew(dense q) {
    dense gram = times(q, 1, q, 0), identity = zeros(q.cols, q.cols);
    for (int64_t i = 0; i < q.cols; ++i) identity.entries[i * q.cols + i] = 1;
    const double result = distance(gram, identity);
    free(gram.entries), free(identity.entries);
    return result;
}

/* Multiplies column j by factor[j]. */
static void scale_columns(dense a, const double complex *factor) {
    for (int64_t i = 0; i < a.rows; ++i)
        for (int64_t j = 0; j < a.cols; ++j) a.entries[i * a.cols + j] *= factor[j];
}

#define REAL double
#define SUFFIX f64
#define UNIT_ROUNDOFF (DBL_EPSILON / 2)
#include "eigenproblems_of.h"
#undef REAL
#undef SUFFIX
#undef UNIT_ROUNDOFF

#define REAL float
#define SUFFIX f32
#define UNIT_ROUNDOFF (FLT_EPSILON / 2)
#include "eigenproblems_of.h"

int main(void) {
    eigenproblems_f64();
    eigenproblems_f32();
    return failures != 0;
}
