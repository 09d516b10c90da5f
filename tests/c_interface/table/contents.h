/* What recipes.txt calls the contents of a matrix. */
#ifndef CONTENTS_H
#define CONTENTS_H

#include <stdint.h>

/* The entry in row i and column j of a matrix of so many rows, with these contents; the seed tells apart arguments. */
double contents_entry(char contents, int64_t i, int64_t j, int64_t rows, unsigned seed);

/* Whether a sparse matrix with these contents has an entry there. */
int contents_has_entry(char contents, int64_t i, int64_t j);

#endif
