#include "arguments.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contents.h"

int32_t operator_answer;

static void fail(const char *what, const char *name) {
    char message[512];
    lapwing_last_error(message, sizeof message);
    fprintf(stderr, "FAIL %s: %s: %s\n", name, what, message);
    exit(1);
}

/* --- Views. --- */

struct view arguments_view(const struct argument *argument, const union value *value) {
    if (!argument->vector) return value->view;
    struct view view = {value->vector.data, {value->vector.len, 1}, {value->vector.stride, 1}};
    return view;
}

void arguments_set_view(const struct argument *argument, union value *value, struct view view) {
    if (argument->vector) {
        struct vector_view vector = {view.data, view.extents[0], view.strides[0]};
        value->vector = vector;
    } else {
        value->view = view;
    }
}

static void set_entry(size_t width, unsigned char *at, double entry) {
    if (width == sizeof(float)) {
        float single = (float)entry;
        memcpy(at, &single, sizeof single);
    } else {
        memcpy(at, &entry, sizeof entry);
    }
}

static unsigned char *entry_at(size_t width, struct view view, int64_t i, int64_t j) {
    return (unsigned char *)view.data + (i * view.strides[0] + j * view.strides[1]) * (int64_t)width;
}

void arguments_set_first(const struct argument *argument, struct view view, double entry) {
    set_entry(argument->width, view.data, entry);
}

static struct view make_view(const struct argument *argument, const int64_t *extents, enum layout layout, int output,
                             unsigned seed) {
    int64_t m = extents[0], n = extents[1];
    struct view view = {NULL, {m, n}, {n, 1}};
    switch (layout) {
        case COLUMNS: view.strides[0] = 1, view.strides[1] = m; break;
        case REVERSED: view.strides[0] = -n, view.strides[1] = -1; break;
        case PADDED: view.strides[0] = n + 3; break;
        case SPACED: view.strides[0] = 2, view.strides[1] = 2 * m + 1; break;
        default: break;
    }
    int64_t first = 0, last = 0;
    for (int k = 0; k < 2; k++) {
        int64_t reach = (extents[k] - 1) * view.strides[k];
        *(reach < 0 ? &first : &last) += reach;
    }
    int empty = m <= 0 || n <= 0;
    size_t width = argument->width, count = empty ? 0 : (size_t)(last - first + 1);
    unsigned char *data = memory_place(count * width, output);
    if (!output) {
        /* What lies between the entries must not be read. */
        for (size_t k = 0; k < count; k++) set_entry(width, data + k * width, (double)NAN);
    }
    view.data = empty ? data : data - first * (int64_t)width;
    for (int64_t i = 0; !output && i < m; i++) {
        for (int64_t j = 0; j < n; j++) {
            set_entry(width, entry_at(width, view, i, j), contents_entry(argument->contents, i, j, m, seed));
        }
    }
    return view;
}

void arguments_forget_outputs(const struct function *function, const union value *values) {
    for (size_t a = 0; a < function->count; a++) {
        const struct argument *argument = &function->arguments[a];
        if (argument->kind != OUTPUT) continue;
        struct view view = arguments_view(argument, &values[a]);
        for (int64_t i = 0; i < view.extents[0]; i++) {
            for (int64_t j = 0; j < view.extents[1]; j++) {
                memset(entry_at(argument->width, view, i, j), UNTOUCHED, argument->width);
            }
        }
    }
}

/* --- Sparse matrices and operators. --- */

static struct csr make_csr(const struct argument *argument, unsigned seed) {
    int64_t m = argument->extents[0], n = argument->extents[1];
    size_t count = 0;
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < n; j++) count += contents_has_entry(argument->contents, i, j) != 0;
    }
    struct csr csr = {memory_place(count * argument->width, 0), memory_place(count * sizeof(int32_t), 0),
                      memory_place((size_t)(m + 1) * sizeof(int32_t), 0), m, n};
    int32_t at = 0;
    for (int64_t i = 0; i < m; i++) {
        csr.row_starts[i] = at;
        for (int64_t j = 0; j < n; j++) {
            if (!contents_has_entry(argument->contents, i, j)) continue;
            set_entry(argument->width, (unsigned char *)csr.values + (size_t)at * argument->width,
                      contents_entry(argument->contents, i, j, m, seed));
            csr.columns[at++] = (int32_t)j;
        }
    }
    csr.row_starts[m] = at;
    return csr;
}

/* Products with the matrix of an argument, by its definition. */
#define MULTIPLY(NAME, SCALAR, MAT, MAT_MUT, ROW, COLUMN, LENGTH)                                                        \
    static int32_t NAME(void *user, struct MAT x, struct MAT_MUT result) {                                               \
        const struct argument *argument = user;                                                                          \
        for (int64_t i = 0; i < result.rows; i++) {                                                                      \
            for (int64_t c = 0; c < result.cols; c++) {                                                                  \
                double sum = 0.0;                                                                                        \
                for (int64_t k = 0; k < x.rows; k++) {                                                                   \
                    if (!contents_has_entry(argument->contents, ROW, COLUMN)) continue;                                  \
                    sum += contents_entry(argument->contents, ROW, COLUMN, argument->extents[0], 0) *                    \
                           (double)x.data[k * x.row_stride + c * x.col_stride];                                          \
                }                                                                                                        \
                result.data[i * result.row_stride + c * result.col_stride] = (SCALAR)sum;                                \
            }                                                                                                            \
        }                                                                                                                \
        return operator_answer;                                                                                          \
    }
MULTIPLY(multiply_f64, double, lapwing_mat_f64, lapwing_mat_mut_f64, i, k, cols)
MULTIPLY(multiply_f32, float, lapwing_mat_f32, lapwing_mat_mut_f32, i, k, cols)
MULTIPLY(multiply_transposed_f64, double, lapwing_mat_f64, lapwing_mat_mut_f64, k, i, rows)
MULTIPLY(multiply_transposed_f32, float, lapwing_mat_f32, lapwing_mat_mut_f32, k, i, rows)

static void make_operator(const struct argument *argument, union value *value) {
    if (argument->width == sizeof(float)) {
        struct lapwing_operator_f32 made = {argument->extents[0], argument->extents[1], multiply_f32,
                                            multiply_transposed_f32, (void *)argument};
        value->operator_f32 = made;
    } else {
        struct lapwing_operator_f64 made = {argument->extents[0], argument->extents[1], multiply_f64,
                                            multiply_transposed_f64, (void *)argument};
        value->operator_f64 = made;
    }
}

/* --- Fixtures. --- */

enum { MOST_FIXTURES = 64 };
static void *models[MOST_FIXTURES];
static char *texts[MOST_FIXTURES];
static size_t lengths[MOST_FIXTURES];

void *fixture_new_model(int fixture) {
    union value values[MOST_ARGUMENTS];
    const struct function *maker = &functions[fixtures[fixture].maker];
    arguments_prepare(maker);
    memory_begin(ON_THE_HEAP);
    arguments_make(maker, values, ROWS, -1, 0, 0);
    if (maker->call(values) != LAPWING_OK) fail("the fixture cannot be made", fixtures[fixture].name);
    void *model = NULL;
    for (size_t a = 0; a < maker->count; a++) {
        if (maker->arguments[a].kind == MODEL_OUT) memcpy(&model, values[a].pointer, sizeof model);
    }
    if (fixtures[fixture].feeder >= 0) {
        const struct function *feeder = &functions[fixtures[fixture].feeder];
        arguments_make(feeder, values, ROWS, -1, 0, 0);
        values[0].pointer = model;
        if (feeder->call(values) != LAPWING_OK) fail("the fixture cannot be fed", fixtures[fixture].name);
    }
    memory_begin(ON_THE_HEAP);
    return model;
}

void *fixture_model(int fixture) {
    if (models[fixture] == NULL) models[fixture] = fixture_new_model(fixture);
    return models[fixture];
}

void fixtures_free(void) {
    for (size_t i = 0; i < fixture_count; i++) {
        if (models[i] != NULL) fixtures[i].release(models[i]);
        free(texts[i]);
    }
}

static void write_text(const struct argument *argument) {
    int fixture = argument->fixture;
    union value values[MOST_ARGUMENTS];
    values[0].pointer = fixture_model(fixture);
    values[1].pointer = NULL;
    values[2].size = 0;
    values[3].pointer = &lengths[fixture];
    for (int pass = 0; pass < 2; pass++) {
        if (functions[argument->writer].call(values) != LAPWING_OK) fail("cannot be written", fixtures[fixture].name);
        if (pass == 0) {
            texts[fixture] = malloc(lengths[fixture] + 1);
            values[1].pointer = texts[fixture];
            values[2].size = lengths[fixture] + 1;
        }
    }
}

/* --- All of a call. --- */

/* Pointers have room for some spare numbers. */
static void make(const struct function *function, size_t a, union value *values, enum layout layout,
                 const int64_t *extents, size_t spare) {
    const struct argument *argument = &function->arguments[a];
    union value *value = &values[a];
    size_t count = (size_t)argument->extents[0];
    switch (argument->kind) {
        case INPUT:
        case OUTPUT:
            arguments_set_view(argument, value,
                               make_view(argument, extents, layout, argument->kind == OUTPUT, (unsigned)a));
            break;
        case INPUTS: {
            /* As many as the number after it says. */
            size_t number = (size_t)function->arguments[a + 1].number;
            struct view *views = memory_place(number * sizeof *views, 0);
            for (size_t k = 0; k < number; k++) views[k] = make_view(argument, extents, layout, 0, (unsigned)(a + k));
            value->pointer = views;
            break;
        }
        case CSR: value->csr = make_csr(argument, (unsigned)a); break;
        case CSR_POINTER: {
            struct csr csr = make_csr(argument, (unsigned)a);
            value->pointer = memory_place(sizeof csr, 0);
            memcpy(value->pointer, &csr, sizeof csr);
            break;
        }
        case OPERATOR: make_operator(argument, value); break;
        case OPERATOR_POINTER: {
            union value made;
            make_operator(argument, &made);
            value->pointer = memory_place(sizeof made.operator_f64, 0);
            memcpy(value->pointer, &made.operator_f64, sizeof made.operator_f64);
            break;
        }
        case CHOICE: value->choice = (int32_t)argument->number; break;
        case COUNT: value->count = (int64_t)argument->number; break;
        case SEED: value->seed = (uint64_t)argument->number; break;
        case FLOAT: value->single = (float)argument->number; break;
        case DOUBLE: value->number = argument->number; break;
        case INTEGERS:
            value->pointer = memory_place((count + spare) * sizeof(int64_t), 0);
            for (size_t k = 0; k < count + spare; k++) {
                ((int64_t *)value->pointer)[k] = argument->integers[k % count];
            }
            break;
        case NUMBERS_OUT: value->pointer = memory_place((count + spare) * argument->width, 1); break;
        case MODEL: value->pointer = fixture_model(argument->fixture); break;
        case CHANGED_MODEL: break;
        case MODEL_OUT: value->pointer = memory_place(sizeof(void *), 1); break;
        case OPTIONS:
        case RESULTS:
            value->pointer = memory_place(argument->size, argument->kind == RESULTS);
            memcpy(value->pointer, argument->options, argument->size);
            break;
        case TEXT:
            value->pointer = memory_place(lengths[argument->fixture], 0);
            memcpy(value->pointer, texts[argument->fixture], lengths[argument->fixture]);
            break;
        case TEXT_LENGTH: value->size = lengths[function->arguments[a - 1].fixture]; break;
        case BUFFER: value->pointer = memory_place(count, 1); break;
        case BUFFER_SIZE: value->size = (size_t)function->arguments[a - 1].extents[0]; break;
    }
}

void arguments_make(const struct function *function, union value *values, enum layout layout, int argument, int extent,
                    int change) {
    memset(values, 0, MOST_ARGUMENTS * sizeof *values);
    for (size_t a = 0; a < function->count; a++) {
        int64_t extents[2] = {function->arguments[a].extents[0], function->arguments[a].extents[1]};
        if ((int)a == argument) extents[extent] += change;
        /* How many numbers a pointer leads to may be what a larger view says. */
        make(function, a, values, layout, extents, change > 0 ? 1000 : 0);
    }
    memory_watch();
}

void arguments_prepare(const struct function *function) {
    for (size_t a = 0; a < function->count; a++) {
        const struct argument *argument = &function->arguments[a];
        if (argument->kind == MODEL) fixture_model(argument->fixture);
        if (argument->kind == TEXT && texts[argument->fixture] == NULL) write_text(argument);
    }
}
