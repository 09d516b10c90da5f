#include "contents.h"

#include <math.h>
#include <stdlib.h>

/* A number between -1 and 1 that depends on all three, in no way that can be seen. */
static double scattered(int64_t i, int64_t j, unsigned seed) {
    uint64_t x = (uint64_t)i * 0x9E3779B97F4A7C15u + (uint64_t)j * 0xC2B2AE3D27D4EB4Fu + (seed + 1u) * 0x165667B19E3779F9u;
    x ^= x >> 31;
    x *= 0xBF58476D1CE4E5B9u;
    x ^= x >> 29;
    return (double)(x >> 11) / (double)(1ull << 52) - 1.0;
}

double contents_entry(char contents, int64_t i, int64_t j, int64_t rows, unsigned seed) {
    double any = scattered(i, j, seed);
    double distance = (double)llabs((long long)(i - j));
    switch (contents) {
        case 'p': return i == j ? 3.0 + 0.1 * (double)i : -1.0 / (1.0 + distance * distance);
        case 's': return (i == j ? 2.0 * (double)(i % 3) - 1.5 : 0.0) + (i < j ? scattered(i, j, seed) : scattered(j, i, seed));
        case 't': return i == j ? 2.0 + 0.1 * (double)i : i > j ? any : 0.0;
        case 'r': return i == j ? 2.0 + 0.1 * (double)i : i < j ? any : 0.0;
        /* Columns of the discrete cosine transform. */
        case 'o': return sqrt(2.0 / (double)rows) * cos(3.14159265358979323846 * (2.0 * (double)i + 1.0) * (double)(j + 1) / (2.0 * (double)rows));
        /* Three groups, weakly connected. */
        case 'n': return i == j ? 0.0 : (i % 3 == j % 3 ? 1.0 : 0.05) + 0.01 * (double)((i + j) % 5);
        case 'd': return (j % 3 == i % 3 ? 5.0 : 0.0) + 0.5 * any;
        case '+': return 1.5 + 0.5 * any;
        case 'w': return 1.0 / (double)rows;
        case 'e': return (double)((rows - i) * (rows - i));
        case 'g': return (double)((i + 1) * (i + 1));
        case 'b': return i == 0 ? 4.0 : 1.0;
        case 'h': return 0.3 * any;
        case '-': return 0.3 * any - (i == j ? 2.0 : 0.0);
        case 'z': return 0.0;
        default: return any;
    }
}

int contents_has_entry(char contents, int64_t i, int64_t j) {
    switch (contents) {
        case 'p': return llabs((long long)(i - j)) <= 1;
        case 'n': return i != j;
        default: return (i + 2 * j) % 3 != 1;
    }
}
