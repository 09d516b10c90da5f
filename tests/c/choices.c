/* What is chosen from the data: a penalty, a number of clusters; and between what a norm lies. */
#include <math.h>
#include <stdint.h>

#include "check.h"

#define SCALAR double
#define SUFFIX f64
#include "choices_of.h"
#undef SCALAR
#undef SUFFIX
#define SCALAR float
#define SUFFIX f32
#include "choices_of.h"

int main(void) {
    penalties_f64(), penalties_f32();
    clusters_f64(), clusters_f32();
    norms_f64(), norms_f32();
    return failures == 0 ? 0 : 1;
}
