/* Linear systems and least squares by iteration, the answers known or their residuals computed anew. */

#include <float.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#include "check.h"

enum { MINRES, GMRES, BICGSTAB, METHODS };

#define REAL double
#define SUFFIX f64
#define UNIT_ROUNDOFF (DBL_EPSILON / 2)
#include "solvers_of.h"
#undef REAL
#undef SUFFIX
#undef UNIT_ROUNDOFF

#define REAL float
#define SUFFIX f32
#define UNIT_ROUNDOFF (FLT_EPSILON / 2)
#include "solvers_of.h"

int main(void) {
    solvers_f64();
    solvers_f32();
    return failures != 0;
}
