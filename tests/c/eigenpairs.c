/* Eigenpairs by iteration, of matrices whose spectrum is known. */

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "check.h"

#define REAL double
#define SUFFIX f64
#define UNIT_ROUNDOFF (DBL_EPSILON / 2)
#include "eigenpairs_of.h"
#undef REAL
#undef SUFFIX
#undef UNIT_ROUNDOFF

#define REAL float
#define SUFFIX f32
#define UNIT_ROUNDOFF (FLT_EPSILON / 2)
#include "eigenpairs_of.h"

int main(void) {
    eigenpairs_f64();
    eigenpairs_f32();
    return failures != 0;
}
