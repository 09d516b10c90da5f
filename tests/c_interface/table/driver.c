/* Calls every function of the library: well, and in every way that is wrong.
 *
 * Of each wrong call a rule says what it must return. What returns something else is printed, for the test to compare with
 * exceptions.txt. Whatever it returns: inputs are untouched, after a failure outputs are too, and there is a message.
 *
 *     driver          everything
 *     driver brief    good calls in one layout only, for valgrind
 */
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arguments.h"

static int64_t calls;
static int failures;
/* What is being done, for the handler of signals too. */
static char current[256];

static void complain(const char *what) {
    printf("FAIL\t%s\t%s\n", current, what);
    failures++;
}

static void crashed(int number) {
    const char *what = number == SIGSEGV || number == SIGBUS ? "touched memory that is not the caller's: " : "aborted: ";
    if (write(2, what, strlen(what)) < 0 || write(2, current, strlen(current)) < 0 || write(2, "\n", 1) < 0) _exit(4);
    _exit(3);
}

/* --- Distinct errors. --- */

enum { MOST_STATUSES = 256 };
static int64_t statuses[MOST_STATUSES];
static uint64_t *messages;
static size_t message_count, message_room;

static void note(int32_t status) {
    if (status == LAPWING_OK) {
        statuses[0]++;
        return;
    }
    const char *name = lapwing_status_name(status);
    if (status < 0 || status >= MOST_STATUSES || name == NULL || strncmp(name, "LAPWING_ERR_", 12) != 0) {
        complain("the status has no name");
        return;
    }
    statuses[status]++;
    char message[2048];
    size_t length = lapwing_last_error(message, sizeof message);
    if (length == 0 || length != strlen(message)) complain("there is no message");
    if (status == LAPWING_ERR_PANIC) complain(message);
    uint64_t hash = 14695981039346656037u;
    for (const char *at = message; *at != '\0'; at++) hash = (hash ^ (unsigned char)*at) * 1099511628211u;
    for (size_t i = 0; i < message_count; i++) {
        if (messages[i] == hash) return;
    }
    if (message_count == message_room) {
        message_room = 2 * message_room + 1024;
        messages = realloc(messages, message_room * sizeof *messages);
        if (messages == NULL) exit(2);
    }
    messages[message_count++] = hash;
}

/* --- One call. --- */

struct call {
    const struct function *function;
    union value values[MOST_ARGUMENTS];
    void *changed;
};

static void prepare(struct call *call, enum placement placement, enum layout layout, int argument, int extent,
                    int change) {
    const struct function *function = call->function;
    arguments_prepare(function);
    for (size_t a = 0; a < function->count; a++) {
        if (function->arguments[a].kind == CHANGED_MODEL) {
            call->changed = fixture_new_model(function->arguments[a].fixture);
        }
    }
    memory_begin(placement);
    arguments_make(function, call->values, layout, argument, extent, change);
    for (size_t a = 0; a < function->count; a++) {
        if (function->arguments[a].kind == CHANGED_MODEL) call->values[a].pointer = call->changed;
    }
}

/* Gives back what a call has made, and the model that it has changed. */
static void release(struct call *call, int32_t status) {
    const struct function *function = call->function;
    for (size_t a = 0; a < function->count; a++) {
        const struct argument *argument = &function->arguments[a];
        void *model = NULL;
        if (argument->kind == MODEL_OUT && status == LAPWING_OK && call->values[a].pointer != NULL) {
            memcpy(&model, call->values[a].pointer, sizeof model);
            if (model == NULL) complain("success without a model");
            argument->release(model);
        }
        /* A function that frees has no status. */
        if (argument->kind == CHANGED_MODEL && function->fallible) argument->release(call->changed);
    }
}

static int32_t perform(struct call *call) {
    memory_watch();
    int32_t status = call->function->call(call->values);
    calls++;
    note(status);
    /* What has no status says nothing of its outputs. */
    if (!call->function->fallible) return LAPWING_OK;
    if (!memory_is_untouched(status != LAPWING_OK)) {
        complain(status == LAPWING_OK ? "an input was changed" : "a failure has left something behind");
    }
    return status;
}

/* --- Calls that are good, in every layout and against every edge. --- */

static void good(const struct function *function, enum placement placement, enum layout layout) {
    struct call call = {.function = function};
    snprintf(current, sizeof current, "%s\tgood, layout %d", function->name, (int)layout);
    prepare(&call, placement, layout, -1, 0, 0);
    int32_t status = perform(&call);
    release(&call, status);
    if (status != LAPWING_OK) {
        char message[512];
        lapwing_last_error(message, sizeof message);
        complain(message);
        return;
    }
    /* In places between the entries of outputs nothing was written. */
    arguments_forget_outputs(function, call.values);
    int only_views = 1;
    for (size_t a = 0; a < function->count; a++) {
        enum kind kind = function->arguments[a].kind;
        only_views &= kind != NUMBERS_OUT && kind != MODEL_OUT && kind != RESULTS && kind != BUFFER;
    }
    if (only_views && !memory_is_untouched(1)) complain("something was written between the entries of an output");
}

/* --- Calls that are wrong. --- */

/* Prints what was not as the rule has it. */
static void judge(struct call *call, const char *mutation, const char *argument, int32_t rule) {
    snprintf(current, sizeof current, "%s\t%s\t%s", call->function->name, mutation, argument);
    int32_t status = perform(call);
    release(call, status);
    if (status != rule) {
        printf("EXCEPTION\t%s\t%s\n", current, lapwing_status_name(status) + strlen("LAPWING_"));
    }
}

/* Which wrong calls there are of views of any kind. */
static void wrong_views(const struct function *function, size_t a) {
    const struct argument *argument = &function->arguments[a];
    struct call call = {.function = function};
    struct view view;
    char name[128];
    int dimensions = argument->vector ? 1 : 2;
    for (int k = 0; k < dimensions; k++) {
        snprintf(name, sizeof name, "%s%s", argument->name, argument->vector ? "" : k == 0 ? ".rows" : ".cols");
        prepare(&call, BEFORE_A_GUARD, ROWS, (int)a, k, 1);
        judge(&call, "larger", name, LAPWING_ERR_SHAPE);
        prepare(&call, BEFORE_A_GUARD, ROWS, (int)a, k, -1);
        judge(&call, "smaller", name, LAPWING_ERR_SHAPE);
        prepare(&call, BEFORE_A_GUARD, ROWS, -1, 0, 0);
        view = arguments_view(argument, &call.values[a]);
        view.extents[k] = -1;
        arguments_set_view(argument, &call.values[a], view);
        judge(&call, "negative", name, LAPWING_ERR_SHAPE);
        prepare(&call, BEFORE_A_GUARD, ROWS, -1, 0, 0);
        view = arguments_view(argument, &call.values[a]);
        view.extents[k] = INT64_MAX / 2;
        arguments_set_view(argument, &call.values[a], view);
        judge(&call, "huge", name, LAPWING_ERR_TOO_LARGE);
    }
    prepare(&call, BEFORE_A_GUARD, ROWS, -1, 0, 0);
    view = arguments_view(argument, &call.values[a]);
    view.data = NULL;
    arguments_set_view(argument, &call.values[a], view);
    judge(&call, "null", argument->name, LAPWING_ERR_NULL);

    prepare(&call, BEFORE_A_GUARD, ROWS, -1, 0, 0);
    view = arguments_view(argument, &call.values[a]);
    view.data = (unsigned char *)view.data - 1;
    arguments_set_view(argument, &call.values[a], view);
    judge(&call, "misaligned", argument->name, LAPWING_ERR_ARGUMENT);

    if (argument->kind == INPUT) {
        const double bad[] = {(double)NAN, (double)INFINITY, -(double)INFINITY};
        const char *const names[] = {"nan", "infinity", "-infinity"};
        for (int k = 0; k < 3; k++) {
            prepare(&call, BEFORE_A_GUARD, ROWS, -1, 0, 0);
            arguments_set_first(argument, arguments_view(argument, &call.values[a]), bad[k]);
            judge(&call, names[k], argument->name, LAPWING_ERR_NON_FINITE);
        }
        return;
    }
    if (argument->extents[0] > 1) {
        prepare(&call, BEFORE_A_GUARD, ROWS, -1, 0, 0);
        view = arguments_view(argument, &call.values[a]);
        view.strides[0] = 0;
        arguments_set_view(argument, &call.values[a], view);
        judge(&call, "folded", argument->name, LAPWING_ERR_ALIAS);
    }
    for (size_t b = 0; b < function->count; b++) {
        const struct argument *other = &function->arguments[b];
        if (b == a || (other->kind != INPUT && (other->kind != OUTPUT || b > a))) continue;
        prepare(&call, BEFORE_A_GUARD, ROWS, -1, 0, 0);
        view = arguments_view(argument, &call.values[a]);
        view.data = arguments_view(other, &call.values[b]).data;
        arguments_set_view(argument, &call.values[a], view);
        snprintf(name, sizeof name, "%s/%s", argument->name, other->name);
        judge(&call, "overlap", name, LAPWING_ERR_ALIAS);
    }
}

static void wrong_csr(const struct function *function, size_t a) {
    const struct argument *argument = &function->arguments[a];
    static const struct {
        const char *mutation;
        int32_t rule;
    } wrongs[] = {
        {"null values", LAPWING_ERR_NULL},        {"null columns", LAPWING_ERR_NULL},
        {"null row_starts", LAPWING_ERR_NULL},    {"negative rows", LAPWING_ERR_SHAPE},
        {"negative cols", LAPWING_ERR_SHAPE},     {"huge rows", LAPWING_ERR_TOO_LARGE},
        {"first start", LAPWING_ERR_ARGUMENT},    {"decreasing starts", LAPWING_ERR_ARGUMENT},
        {"negative column", LAPWING_ERR_ARGUMENT}, {"column outside", LAPWING_ERR_ARGUMENT},
        {"nan", LAPWING_ERR_NON_FINITE},
    };
    for (size_t k = 0; k < sizeof wrongs / sizeof wrongs[0]; k++) {
        struct call call = {.function = function};
        prepare(&call, BEFORE_A_GUARD, ROWS, -1, 0, 0);
        struct csr *csr = argument->kind == CSR ? &call.values[a].csr : call.values[a].pointer;
        struct view first = {csr->values, {1, 1}, {1, 1}};
        switch (k) {
            case 0: csr->values = NULL; break;
            case 1: csr->columns = NULL; break;
            case 2: csr->row_starts = NULL; break;
            case 3: csr->rows = -1; break;
            case 4: csr->cols = -1; break;
            case 5: csr->rows = INT64_MAX / 2; break;
            case 6: csr->row_starts[0] = 1; break;
            case 7: csr->row_starts[1] = csr->row_starts[2] + 1; break;
            case 8: csr->columns[0] = -1; break;
            case 9: csr->columns[1] = (int32_t)csr->cols; break;
            default: arguments_set_first(argument, first, (double)NAN); break;
        }
        judge(&call, wrongs[k].mutation, argument->name, wrongs[k].rule);
    }
}

static void wrong_operator(const struct function *function, size_t a) {
    const struct argument *argument = &function->arguments[a];
    for (int k = 0; k < 3; k++) {
        struct call call = {.function = function};
        prepare(&call, BEFORE_A_GUARD, ROWS, -1, 0, 0);
        struct lapwing_operator_f64 *matrix =
            argument->kind == OPERATOR ? &call.values[a].operator_f64 : call.values[a].pointer;
        if (k == 0) matrix->multiply = NULL;
        if (k == 1) matrix->rows = -1;
        operator_answer = k == 2;
        static const char *const names[] = {"null multiply", "negative rows", "callback fails"};
        static const int32_t rules[] = {LAPWING_ERR_NULL, LAPWING_ERR_SHAPE, LAPWING_ERR_CANCELLED};
        judge(&call, names[k], argument->name, rules[k]);
        operator_answer = 0;
    }
}

static void wrong_options(const struct function *function, size_t a) {
    const struct argument *argument = &function->arguments[a];
    struct call call = {.function = function};
    const size_t sizes[] = {0, sizeof(size_t) - 1, sizeof(size_t), 1 << 20, SIZE_MAX};
    const char *const names[] = {"size 0", "size 7", "size 8", "size 2^20", "size 2^64-1"};
    for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
        prepare(&call, BEFORE_A_GUARD, ROWS, -1, 0, 0);
        memcpy(call.values[a].pointer, &sizes[k], sizeof(size_t));
        judge(&call, names[k], argument->name, LAPWING_ERR_ARGUMENT);
    }
    /* A struct without its last member was never in use, unless it has grown since. */
    prepare(&call, BEFORE_A_GUARD, ROWS, -1, 0, 0);
    size_t earlier_size = argument->size - sizeof(uint64_t);
    unsigned char *earlier = memory_place(earlier_size, argument->kind == RESULTS);
    memcpy(earlier, argument->options, earlier_size);
    memcpy(earlier, &earlier_size, sizeof earlier_size);
    call.values[a].pointer = earlier;
    judge(&call, "without its last member", argument->name, LAPWING_ERR_ARGUMENT);
    /* A later version's struct: its new member 0, and then set. */
    for (int set = 0; set < 2; set++) {
        prepare(&call, BEFORE_A_GUARD, ROWS, -1, 0, 0);
        size_t size = argument->size + sizeof(uint64_t);
        unsigned char *larger = memory_place(size, argument->kind == RESULTS);
        memset(larger, 0, size);
        memcpy(larger, argument->options, argument->size);
        memcpy(larger, &size, sizeof size);
        larger[argument->size] = (unsigned char)set;
        call.values[a].pointer = larger;
        judge(&call, set ? "later member set" : "later member 0", argument->name,
              set && argument->kind == OPTIONS ? LAPWING_ERR_ARGUMENT : LAPWING_OK);
    }
    for (size_t k = 0; k < argument->field_count; k++) {
        for (int32_t wrong = -1; wrong <= 1000; wrong += 1001) {
            char name[128];
            prepare(&call, BEFORE_A_GUARD, ROWS, -1, 0, 0);
            memcpy((unsigned char *)call.values[a].pointer + argument->fields[k].offset, &wrong, sizeof wrong);
            snprintf(name, sizeof name, "%s.%s", argument->name, argument->fields[k].name);
            judge(&call, wrong < 0 ? "choice -1" : "choice 1000", name, LAPWING_ERR_ARGUMENT);
        }
    }
}

static void wrong_numbers(const struct function *function, size_t a) {
    const struct argument *argument = &function->arguments[a];
    struct call call = {.function = function};
    switch (argument->kind) {
        case CHOICE:
            for (int32_t wrong = -1; wrong <= 1000; wrong += 1001) {
                prepare(&call, BEFORE_A_GUARD, ROWS, -1, 0, 0);
                call.values[a].choice = wrong;
                judge(&call, wrong < 0 ? "choice -1" : "choice 1000", argument->name, LAPWING_ERR_ARGUMENT);
            }
            break;
        case COUNT:
            for (int huge = 0; huge < 2; huge++) {
                prepare(&call, BEFORE_A_GUARD, ROWS, -1, 0, 0);
                call.values[a].count = huge ? INT64_MAX : -1;
                judge(&call, huge ? "huge" : "negative", argument->name,
                      huge ? LAPWING_ERR_TOO_LARGE : LAPWING_ERR_ARGUMENT);
            }
            break;
        case FLOAT:
        case DOUBLE:
            prepare(&call, BEFORE_A_GUARD, ROWS, -1, 0, 0);
            if (argument->kind == FLOAT) call.values[a].single = NAN;
            else call.values[a].number = (double)NAN;
            judge(&call, "nan", argument->name, LAPWING_ERR_ARGUMENT);
            break;
        case INTEGERS:
            for (int huge = 0; huge < 2; huge++) {
                prepare(&call, BEFORE_A_GUARD, ROWS, -1, 0, 0);
                *(int64_t *)call.values[a].pointer = huge ? INT64_MAX : -1;
                judge(&call, huge ? "huge entry" : "negative entry", argument->name, LAPWING_ERR_ARGUMENT);
            }
            break;
        case TEXT:
            for (size_t length = 0; length < 3; length++) {
                prepare(&call, BEFORE_A_GUARD, ROWS, -1, 0, 0);
                if (length < 2) call.values[a + 1].size = length;
                else *(char *)call.values[a].pointer = '\xff';
                static const char *const names[] = {"empty", "cut", "not UTF-8"};
                judge(&call, names[length], argument->name, LAPWING_ERR_ARGUMENT);
            }
            break;
        default: break;
    }
}

static void wrong(const struct function *function) {
    for (size_t a = 0; a < function->count; a++) {
        const struct argument *argument = &function->arguments[a];
        switch (argument->kind) {
            case INPUT:
            case OUTPUT: wrong_views(function, a); break;
            case CSR:
            case CSR_POINTER: wrong_csr(function, a); break;
            case OPERATOR:
            case OPERATOR_POINTER: wrong_operator(function, a); break;
            case OPTIONS:
            case RESULTS: wrong_options(function, a); break;
            default: wrong_numbers(function, a); break;
        }
        switch (argument->kind) {
            case INPUTS:
            case CSR_POINTER:
            case OPERATOR_POINTER:
            case INTEGERS:
            case NUMBERS_OUT:
            case MODEL:
            case CHANGED_MODEL:
            case MODEL_OUT:
            case OPTIONS:
            case RESULTS:
            case TEXT:
            case BUFFER: {
                struct call call = {.function = function};
                prepare(&call, BEFORE_A_GUARD, ROWS, -1, 0, 0);
                call.values[a].pointer = NULL;
                judge(&call, "null", argument->name,
                      argument->kind == OPTIONS || argument->kind == BUFFER ? LAPWING_OK : LAPWING_ERR_NULL);
                break;
            }
            default: break;
        }
    }
}

int main(int count, char **arguments) {
    const int brief = count > 1 && strcmp(arguments[1], "brief") == 0;
    signal(SIGSEGV, crashed);
    signal(SIGBUS, crashed);
    signal(SIGABRT, crashed);
    for (size_t f = 0; f < function_count; f++) {
        const struct function *function = &functions[f];
        good(function, ON_THE_HEAP, ROWS);
        for (int layout = ROWS; !brief && layout < LAYOUTS; layout++) {
            good(function, BEFORE_A_GUARD, (enum layout)layout);
            good(function, AFTER_A_GUARD, (enum layout)layout);
        }
        if (function->fallible) wrong(function);
    }
    memory_begin(ON_THE_HEAP);
    fixtures_free();
    free(messages);
    printf("%zu functions, %" PRId64 " calls, %" PRId64 " of them successful; %zu distinct errors, of these statuses:",
           function_count, calls, statuses[0], message_count);
    for (int32_t status = 1; status < MOST_STATUSES; status++) {
        if (statuses[status] > 0) printf(" %s", lapwing_status_name(status) + strlen("LAPWING_ERR_"));
    }
    printf("\n");
    return failures == 0 ? 0 : 1;
}
