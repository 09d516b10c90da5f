/* Iterative methods on matrices whose spectrum is known: in compressed rows, and by their products alone. */

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "check.h"

#define REAL double
#define SUFFIX f64
#define UNIT_ROUNDOFF (DBL_EPSILON / 2)
#include "iterations_of.h"
#undef REAL
#undef SUFFIX
#undef UNIT_ROUNDOFF

#define REAL float
#define SUFFIX f32
#define UNIT_ROUNDOFF (FLT_EPSILON / 2)
#include "iterations_of.h"

int main(void) {
    iterations_f64();
    iterations_f32();
    return failures != 0;
}
