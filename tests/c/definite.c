/* Pivoted and modified Cholesky factorizations and rank-one updates give back their matrix, in both precisions. */

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "check.h"

#define REAL double
#define SUFFIX f64
#define UNIT_ROUNDOFF (DBL_EPSILON / 2)
#include "definite_of.h"
#undef REAL
#undef SUFFIX
#undef UNIT_ROUNDOFF

#define REAL float
#define SUFFIX f32
#define UNIT_ROUNDOFF (FLT_EPSILON / 2)
#include "definite_of.h"

int main(void) {
    definite_f64();
    definite_f32();
    return failures != 0;
}
