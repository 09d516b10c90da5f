/* The table of all functions, which the test writes from lapwing.h and recipes.txt, and what the driver needs of it. */
#ifndef TABLE_H
#define TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "lapwing.h"

enum kind {
    INPUT,         /* a view to read */
    OUTPUT,        /* a view to write */
    INPUTS,        /* a pointer to views to read */
    CSR,           /* compressed rows */
    CSR_POINTER,   /* the same, by pointer */
    OPERATOR,      /* callbacks */
    OPERATOR_POINTER,
    CHOICE,        /* an int32_t */
    COUNT,         /* an int64_t */
    SEED,          /* a uint64_t */
    FLOAT,
    DOUBLE,
    INTEGERS,      /* a const int64_t * */
    NUMBERS_OUT,   /* a pointer to numbers to write */
    MODEL,         /* a const model */
    CHANGED_MODEL, /* one that the function changes or frees */
    MODEL_OUT,     /* a place for a new one */
    OPTIONS,       /* a struct that begins with its size */
    RESULTS,       /* the same, to be written */
    TEXT,          /* a const char * */
    TEXT_LENGTH,   /* its length */
    BUFFER,        /* a char * */
    BUFFER_SIZE    /* its size */
};

/* A view of any kind: all of them have this layout, or begin so. */
struct view {
    void *data;
    int64_t extents[2];
    int64_t strides[2];
};

/* A view of a vector. */
struct vector_view {
    void *data;
    int64_t len;
    int64_t stride;
};

/* Compressed rows in either precision. */
struct csr {
    void *values;
    int32_t *columns;
    int32_t *row_starts;
    int64_t rows;
    int64_t cols;
};

union value {
    struct view view;
    struct vector_view vector;
    struct csr csr;
    struct lapwing_mat_f64 mat_f64;
    struct lapwing_mat_f32 mat_f32;
    struct lapwing_mat_mut_f64 mat_mut_f64;
    struct lapwing_mat_mut_f32 mat_mut_f32;
    struct lapwing_vec_f64 vec_f64;
    struct lapwing_vec_f32 vec_f32;
    struct lapwing_vec_mut_f64 vec_mut_f64;
    struct lapwing_vec_mut_f32 vec_mut_f32;
    struct lapwing_csr_f64 csr_f64;
    struct lapwing_csr_f32 csr_f32;
    struct lapwing_operator_f64 operator_f64;
    struct lapwing_operator_f32 operator_f32;
    int32_t choice;
    int64_t count;
    uint64_t seed;
    size_t size;
    float single;
    double number;
    void *pointer;
};

/* An int32_t of a struct of options. */
struct field {
    const char *name;
    size_t offset;
};

struct argument {
    const char *name;
    enum kind kind;
    int vector;              /* of views: without columns */
    size_t width;            /* of an entry, in bytes */
    char contents;           /* as in recipes.txt */
    int64_t extents[2];      /* of views; how many INTEGERS, NUMBERS_OUT or bytes */
    const int64_t *integers;
    double number;
    const void *options;     /* a good struct */
    size_t size;             /* of it */
    const struct field *fields;
    size_t field_count;
    int fixture;             /* of models and texts: which one */
    int writer;              /* of texts: the function that writes them */
    int (*release)(void *);  /* of new models */
};

struct function {
    const char *name;
    int32_t (*call)(const union value *values);
    int fallible;            /* whether it returns a status */
    const struct argument *arguments;
    size_t count;
};

/* A model, made by one function and, unless that is negative, fed by another. */
struct fixture {
    const char *name;
    int maker;
    int feeder;
    int (*release)(void *);
};

enum { MOST_ARGUMENTS = 16 };

extern const struct function functions[];
extern const size_t function_count;
extern const struct fixture fixtures[];
extern const size_t fixture_count;

#endif
