/* The ten leading principal components of a CSV file with a header line, whose last column is a label.
 *
 *   cc examples/c/quickstart.c -o quickstart_c $(pkg-config --cflags --libs lapwing)
 *   ./quickstart_c examples/data/digits.csv
 */
#include <lapwing.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Longer lines are refused: they would be read in pieces, and each piece taken for a line. */
enum { LONGEST_LINE = 65534 };

/* 1 when the next line was read, 0 at the end of the file, -1 when the line is too long. */
static int next_line(FILE *file, char line[LONGEST_LINE + 2]) {
    if (fgets(line, LONGEST_LINE + 2, file) == NULL) return 0;
    const size_t length = strlen(line);
    return length <= LONGEST_LINE || line[LONGEST_LINE] == '\n' ? 1 : -1;
}

/* The numbers of the file, row-major; the caller frees them. NULL, after a message, when it cannot be read. */
static double *read_features(const char *path, int64_t *rows, int64_t *cols) {
    FILE *file = fopen(path, "r");
    double *entries = NULL;
    int64_t count = 0, capacity = 0;
    char line[LONGEST_LINE + 2];
    int state = file == NULL ? 0 : next_line(file, line);
    *rows = *cols = 0;
    if (state == 0) {
        fprintf(stderr, "error: %s cannot be read\n", path);
        if (file != NULL) fclose(file);
        return NULL;
    }
    /* As many features as commas: the column after the last one is the label. */
    for (const char *comma = strchr(line, ','); comma != NULL; comma = strchr(comma + 1, ',')) ++*cols;
    if (state > 0 && *cols == 0) {
        fprintf(stderr, "error: %s has one column: features come before the label\n", path);
        goto failed;
    }
    while (state > 0 && (state = next_line(file, line)) > 0) {
        char *cell = line;
        if (count + *cols > capacity) {
            capacity = 2 * capacity + 1024 + *cols;
            double *larger = realloc(entries, (size_t)capacity * sizeof *entries);
            if (larger == NULL) {
                fprintf(stderr, "error: %s does not fit in memory\n", path);
                goto failed;
            }
            entries = larger;
        }
        for (int64_t j = 0; j < *cols; ++j) {
            char *end;
            entries[count++] = strtod(cell, &end);
            if (end == cell || *end != ',') {
                fprintf(stderr, "error: %s, row %lld, column %lld: not a number\n", path, (long long)*rows + 1,
                        (long long)j + 1);
                goto failed;
            }
            cell = end + 1;
        }
        ++*rows;
    }
    if (state < 0) {
        fprintf(stderr, "error: %s has a line of more than %d characters\n", path, LONGEST_LINE);
        goto failed;
    }
    if (*rows == 0) {
        fprintf(stderr, "error: %s has a header and no rows\n", path);
        goto failed;
    }
    fclose(file);
    return entries;

failed:
    free(entries);
    fclose(file);
    return NULL;
}

/* Whether the call succeeded; if not, says why. */
static int succeeded(lapwing_status status) {
    char message[512];
    if (status == LAPWING_OK) return 1;
    lapwing_last_error(message, sizeof message);
    fprintf(stderr, "error: %s (%s)\n", message, lapwing_status_name(status));
    return 0;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: %s data.csv\n", argv[0]);
        return 2;
    }
    int64_t rows, cols;
    double *entries = read_features(argv[1], &rows, &cols);
    if (entries == NULL) return 1;

    const lapwing_mat_f64 x = {entries, rows, cols, cols, 1};
    const lapwing_pca_options options = {.struct_size = sizeof options, .n_components = 10};
    lapwing_pca_f64 *pca = NULL;
    lapwing_vec_f64 variance, share, singular;
    const int fitted = succeeded(lapwing_pca_fit_f64(x, &options, &pca)) &&
                       succeeded(lapwing_pca_explained_variance_f64(pca, &variance)) &&
                       succeeded(lapwing_pca_explained_variance_ratio_f64(pca, &share)) &&
                       succeeded(lapwing_pca_singular_values_f64(pca, &singular));
    if (fitted) {
        printf("%-9s  %-22s  %-22s  %s\n", "component", "variance", "share", "singular value");
        for (int64_t i = 0; i < variance.len; ++i)
            printf("%-9lld  %-22.17g  %-22.17g  %.17g\n", (long long)i + 1, variance.data[i * variance.stride],
                   share.data[i * share.stride], singular.data[i * singular.stride]);
    }
    lapwing_pca_free_f64(pca);
    free(entries);
    return fitted ? 0 : 1;
}
