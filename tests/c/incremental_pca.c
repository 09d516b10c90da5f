/* Principal component analysis in blocks: what comes out is the analysis of all rows, and what is refused changes nothing. */

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "check.h"

#define REAL double
#define SUFFIX f64
#define UNIT_ROUNDOFF (DBL_EPSILON / 2)
#include "incremental_pca_of.h"
#undef REAL
#undef SUFFIX
#undef UNIT_ROUNDOFF

#define REAL float
#define SUFFIX f32
#define UNIT_ROUNDOFF (FLT_EPSILON / 2)
#include "incremental_pca_of.h"

int main(void) {
    incremental_pca_f64();
    incremental_pca_f32();
    return failures != 0;
}
