/* Arguments of a call, made as its recipe says. */
#ifndef ARGUMENTS_H
#define ARGUMENTS_H

#include "memory.h"
#include "table.h"

/* How the entries of a view follow each other. */
enum layout { ROWS, COLUMNS, REVERSED, PADDED, SPACED, LAYOUTS };

/* Makes the fixtures that a call will need, before any memory for it is placed. */
void arguments_prepare(const struct function *function);

/* Makes all values of a call, with one extent of one view changed by so much: extent is its place, argument -1 is none. */
void arguments_make(const struct function *function, union value *values, enum layout layout, int argument, int extent,
                    int change);

/* Overwrites what the outputs among the views hold with UNTOUCHED again, but not what lies between their entries. */
void arguments_forget_outputs(const struct function *function, const union value *values);

/* The entry (0, 0) of a view. */
void arguments_set_first(const struct argument *argument, struct view view, double entry);

/* A view of any kind as one of a matrix, and back. */
struct view arguments_view(const struct argument *argument, const union value *value);
void arguments_set_view(const struct argument *argument, union value *value, struct view view);

/* The model of a fixture, which is made once; or a new one. */
void *fixture_model(int fixture);
void *fixture_new_model(int fixture);

/* Frees all fixtures. */
void fixtures_free(void);

/* What all operators answer; not 0 makes them fail. */
extern int32_t operator_answer;

#endif
