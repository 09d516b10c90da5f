/* MINRES, GMRES and BiCGSTAB, of which C programs see one shape. */

#include "path_of.h"

typedef lapwing_status NAME(solver)(NAME(lapwing_csr), NAME(lapwing_vec), NAME(lapwing_vec), int32_t,
                                    const lapwing_iteration_options *, NAME(lapwing_vec_mut), int64_t *, double *);
typedef lapwing_status NAME(operator_solver)(NAME(lapwing_operator), NAME(lapwing_vec), NAME(lapwing_vec),
                                             const NAME(lapwing_operator) *, const lapwing_iteration_options *,
                                             NAME(lapwing_vec_mut), int64_t *, double *);

/* A method, what messages call it, and the last preconditioner it takes. */
static const struct {
    NAME(solver) * rows;
    NAME(operator_solver) * products;
    const char *name;
    int32_t preconditioners;
} NAME(methods)[] = {
    {NAME(lapwing_minres), NAME(lapwing_minres_operator), "MINRES", LAPWING_PRECONDITIONER_INCOMPLETE_CHOLESKY},
    {NAME(lapwing_gmres), NAME(lapwing_gmres_operator), "GMRES", LAPWING_PRECONDITIONER_INCOMPLETE_LU},
    {NAME(lapwing_bicgstab), NAME(lapwing_bicgstab_operator), "BiCGSTAB", LAPWING_PRECONDITIONER_INCOMPLETE_LU},
};

/* Moves the entries below the diagonal by -wind, and those above it by wind: no symmetry is left. */
static void NAME(blow)(NAME(lapwing_csr) a, NAME(rows) *memory, REAL wind) {
    for (int32_t i = 0; i < a.rows; ++i)
        for (int32_t p = a.row_starts[i]; p < a.row_starts[i + 1]; ++p)
            memory->values[p] += (a.columns[p] > i) ? wind : a.columns[p] < i ? -wind : 0;
}

/* The 2-norm of b - a * x relative to that of b. */
static double NAME(relative_residual)(NAME(lapwing_csr) a, const REAL *x, const REAL *b) {
    double square = 0, whole = 0;
    for (int64_t i = 0; i < a.rows; ++i) {
        double sum = (double)b[i];
        for (int32_t p = a.row_starts[i]; p < a.row_starts[i + 1]; ++p)
            sum -= (double)a.values[p] * (double)x[a.columns[p]];
        square += sum * sum, whole += (double)b[i] * (double)b[i];
    }
    return sqrt(square / whole);
}

/* Jacobi's preconditioner of the path: half of what comes in. */
static int32_t NAME(half)(void *user, NAME(lapwing_mat) x, NAME(lapwing_mat_mut) result) {
    for (int64_t i = 0; i < x.rows; ++i) result.data[i * result.row_stride] = x.data[i * x.row_stride] / 2;
    return NAME(obey)(user, result);
}

/* The path with a diagonal of 3, so that no eigenvalue is below 1: as it is for MINRES, and for the others with a skew part.
 * MINRES without a preconditioner solves it with a diagonal of 1 as well: eigenvalues then lie on both sides of 0, at a
 * distance of 0.057 and more. Norms are below 6. */
static void NAME(any_matrix_is_solved)(int method) {
    NAME(rows) memory;
    const NAME(lapwing_csr) a = NAME(path)(&memory, 3);
    if (method != MINRES) NAME(blow)(a, &memory, (REAL)0.5);
    REAL b[2 * ORDER], packed[ORDER], reversed[ORDER], x[ORDER], guess[ORDER];
    for (int i = 0; i < ORDER; ++i) b[2 * i] = packed[i] = (REAL)(i % 5 - 1);
    const NAME(lapwing_vec) right = {b, ORDER, 2}, none = NAME(no_guess), from = {guess, ORDER, 1};
    const NAME(lapwing_vec_mut) to = NAME(list)(x, ORDER), backwards = {reversed + ORDER - 1, ORDER, -1};
    const double rounding = 6 * ROUNDING;
    lapwing_iteration_options options = {.struct_size = sizeof options, .omega = 1.1};
    int64_t iterations = -1;
    double residual = -1;
    for (int32_t preconditioner = 0; preconditioner <= NAME(methods)[method].preconditioners; ++preconditioner) {
        /* Of a matrix that is not symmetric there is no Cholesky factorization. */
        if (method != MINRES && preconditioner == LAPWING_PRECONDITIONER_INCOMPLETE_CHOLESKY) {
            EXPECT(LAPWING_ERR_NOT_SYMMETRIC,
                   NAME(methods)[method].rows(a, right, none, preconditioner, NULL, to, NULL, NULL));
            continue;
        }
        for (int digits = 3; digits <= 5; ++digits) {
            options.tolerance = digits == 5 ? 0 : pow(10, -digits);
            EXPECT(LAPWING_OK, NAME(methods)[method].rows(a, right, none, preconditioner, &options, to, &iterations,
                                                          &residual));
            CHECK(residual <= pow(10, -digits) && NAME(relative_residual)(a, x, packed) <= residual + rounding);
            CHECK(iterations > 0 && iterations <= ORDER);
        }
    }
    /* From the solution itself there is nothing to do; what goes in and out may be reversed. */
    memcpy(guess, x, sizeof x);
    options.tolerance = 1e-3;
    EXPECT(LAPWING_OK, NAME(methods)[method].rows(a, right, from, 0, &options, backwards, &iterations, NULL));
    CHECK(iterations == 0 && reversed[0] == guess[ORDER - 1]);
    /* The residual that is allowed may be given as it is. */
    options.tolerance = 1e-5, options.absolute_tolerance = 1;
    EXPECT(LAPWING_OK, NAME(methods)[method].rows(a, right, none, 0, &options, to, NULL, &residual));
    CHECK(residual <= 1 / sqrt(90.0) + rounding && residual > 1e-5); /* b has six times 1 + 0 + 1 + 4 + 9. */
    if (method != MINRES) return;
    NAME(path)(&memory, 1);
    options.absolute_tolerance = 0, options.tolerance = 1e-4;
    EXPECT(LAPWING_OK, NAME(lapwing_minres)(a, right, none, 0, &options, to, NULL, &residual));
    CHECK(residual <= 1e-4 && NAME(relative_residual)(a, x, packed) <= residual + 6 / 0.057 * ROUNDING);
}

/* The path itself, by products alone, with and without a preconditioner; it has a condition of 400. */
static void NAME(products_are_enough)(int method) {
    NAME(rows) memory;
    const NAME(lapwing_csr) a = NAME(path)(&memory, 2);
    REAL b[ORDER], x[ORDER];
    for (int i = 0; i < ORDER; ++i) b[i] = (REAL)(i % 5 - 1);
    const NAME(lapwing_vec) right = {b, ORDER, 1}, none = NAME(no_guess);
    instructions mine = {ORDER, 0, 0, 0}, other = {ORDER, 0, 0, 0}, watched = {ORDER, 0, 0, 0};
    const NAME(lapwing_operator) op = {ORDER, ORDER, NAME(second), NULL, &mine};
    const NAME(lapwing_operator) inverse = {ORDER, ORDER, NAME(half), NULL, &other};
    /* GMRES that restarts is slow on this: it keeps as many vectors as there are. */
    lapwing_iteration_options options = {.struct_size = sizeof options, .tolerance = 1e-4, .progress = watch,
                                         .user = &watched, .restart = ORDER};
    int64_t iterations = -1;
    EXPECT(LAPWING_OK, NAME(methods)[method].products(op, right, none, NULL, &options, NAME(list)(x, ORDER), &iterations,
                                                      NULL));
    CHECK(watched.calls == iterations && mine.calls > 0 && other.calls == 0);
    CHECK(NAME(relative_residual)(a, x, b) <= 1e-4 + 400 * ROUNDING);
    EXPECT(LAPWING_OK, NAME(methods)[method].products(op, right, none, &inverse, &options, NAME(list)(x, ORDER), NULL,
                                                      NULL));
    CHECK(other.calls > 0 && NAME(relative_residual)(a, x, b) <= 1e-4 + 400 * ROUNDING);
}

static void NAME(every_method_refuses)(int method) {
    NAME(rows) memory;
    NAME(lapwing_csr) a = NAME(path)(&memory, 2);
    REAL b[ORDER] = {1, 2, 3}, x[ORDER], other_guess[ORDER] = {0};
    for (int i = 0; i < ORDER; ++i) x[i] = 77;
    NAME(lapwing_vec) right = {b, ORDER, 1}, guess = NAME(no_guess);
    const NAME(lapwing_vec_mut) to = NAME(list)(x, ORDER);
    int64_t iterations = 77;
    double residual = 77;
    lapwing_iteration_options options = {.struct_size = sizeof options, .max_iterations = 2};
#define SOLVE(preconditioner, chosen) \
    NAME(methods)[method].rows(a, right, guess, preconditioner, chosen, to, &iterations, &residual)
    EXPECT_MESSAGE(LAPWING_ERR_NO_CONVERGENCE, "did not converge in 2 iterations: its residual is", SOLVE(0, &options));
    EXPECT_MESSAGE(LAPWING_ERR_NO_CONVERGENCE, NAME(methods)[method].name, SOLVE(0, &options));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "preconditioner is 5", SOLVE(5, NULL));
    if (method == MINRES)
        EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "preconditioner is 4", SOLVE(LAPWING_PRECONDITIONER_INCOMPLETE_LU, NULL));
    options.max_iterations = -1;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "max_iterations is -1", SOLVE(0, &options));
    options.max_iterations = 0, options.tolerance = NAN;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "tolerance is NaN", SOLVE(0, &options));
    memory.values[0] = 0;
    EXPECT_MESSAGE(LAPWING_ERR_DOES_NOT_EXIST, "row 0", SOLVE(LAPWING_PRECONDITIONER_JACOBI, NULL));
    memory.values[0] = (REAL)NAN;
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "a[0, 0]", SOLVE(0, NULL));
    memory.values[0] = 2, b[4] = (REAL)INFINITY;
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "b[4, 0]", SOLVE(0, NULL));
    b[4] = 0, guess = (NAME(lapwing_vec)){other_guess, ORDER, 1}, other_guess[2] = (REAL)NAN;
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "guess[2, 0]", SOLVE(0, NULL));
    guess.len = 2;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "guess has 2 entries", SOLVE(0, NULL));
    guess.data = x, guess.len = ORDER;
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "x overlaps guess", SOLVE(0, NULL));
    guess = NAME(no_guess), right.len = ORDER - 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "b has 29 entries, but must have 30: the rows of a", SOLVE(0, NULL));
    right.len = ORDER, right.data = NULL;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "b.data is NULL", SOLVE(0, NULL));
    right.data = b, a.cols = ORDER + 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "must be square", SOLVE(0, NULL));
    a.cols = ORDER;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "x.data is NULL",
                   NAME(methods)[method].rows(a, right, guess, 0, NULL, NAME(list)(NULL, ORDER), NULL, NULL));
#undef SOLVE

    instructions mine = {ORDER, 0, 3, 0}, other = {ORDER, 0, 2, 0}, watched = {ORDER, 0, 3, 0};
    NAME(lapwing_operator) op = {ORDER, ORDER, NAME(second), NULL, &mine};
    NAME(lapwing_operator) inverse = {ORDER, ORDER, NAME(half), NULL, &other};
#define SOLVE(preconditioner, chosen) \
    NAME(methods)[method].products(op, right, guess, preconditioner, chosen, to, &iterations, &residual)
    EXPECT_MESSAGE(LAPWING_ERR_CANCELLED, "a.multiply returned 3", SOLVE(NULL, NULL));
    CHECK(mine.calls == 3);
    EXPECT_MESSAGE(LAPWING_ERR_CANCELLED, "preconditioner.multiply returned 3", SOLVE(&inverse, NULL));
    options = (lapwing_iteration_options){.struct_size = sizeof options, .progress = watch, .user = &watched};
    EXPECT_MESSAGE(LAPWING_ERR_CANCELLED, "cancelled after 3 iterations", SOLVE(NULL, &options));
    mine.poison = 1;
    EXPECT(LAPWING_ERR_OVERFLOW, SOLVE(NULL, NULL));
    inverse.multiply = NULL;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "preconditioner.multiply is NULL", SOLVE(&inverse, NULL));
    inverse.multiply = NAME(half), inverse.rows = inverse.cols = ORDER - 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "preconditioner has 29 rows", SOLVE(&inverse, NULL));
    op.cols = ORDER - 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "must be square", SOLVE(NULL, NULL));
#undef SOLVE
    CHECK(iterations == 77 && residual == 77);
    for (int i = 0; i < ORDER; ++i) CHECK(x[i] == 77);
}

/* What each method cannot go on from has a status of its own, and so has a matrix that must be definite and is not. */
static void NAME(breakdowns_are_told_apart)(void) {
    NAME(rows) memory;
    NAME(lapwing_csr) a = NAME(path)(&memory, 0);
    REAL b[ORDER], x[ORDER] = {77};
    for (int i = 0; i < ORDER; ++i) b[i] = (REAL)(i % 5 - 1);
    const NAME(lapwing_vec) right = {b, ORDER, 1}, none = NAME(no_guess);
    const NAME(lapwing_vec_mut) to = NAME(list)(x, ORDER);
    for (int32_t i = 0; i < ORDER; ++i)
        for (int32_t p = memory.row_starts[i]; p < memory.row_starts[i + 1]; ++p)
            if (memory.columns[p] > i) memory.values[p] = 1;
    /* Skew-symmetric: every vector is orthogonal to its product. */
    EXPECT_MESSAGE(LAPWING_ERR_BREAKDOWN, "orthogonal", NAME(lapwing_bicgstab)(a, right, none, 0, NULL, to, NULL, NULL));
    memset(memory.row_starts, 0, sizeof memory.row_starts); /* A matrix of zeros. */
    EXPECT_MESSAGE(LAPWING_ERR_BREAKDOWN, "singular", NAME(lapwing_gmres)(a, right, none, 0, NULL, to, NULL, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_BREAKDOWN, "not consistent", NAME(lapwing_minres)(a, right, none, 0, NULL, to, NULL, NULL));
    a = NAME(path)(&memory, -1);
    EXPECT_MESSAGE(LAPWING_ERR_BREAKDOWN, "the preconditioner is not positive definite",
                   NAME(lapwing_minres)(a, right, none, LAPWING_PRECONDITIONER_JACOBI, NULL, to, NULL, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NOT_POSITIVE_DEFINITE, "the matrix is not positive definite",
                   NAME(lapwing_conjugate_gradient)(a, right, none, 0, NULL, to, NULL, NULL));
    CHECK(strcmp(lapwing_status_name(LAPWING_ERR_BREAKDOWN), "LAPWING_ERR_BREAKDOWN") == 0);
    CHECK(x[0] == 77);
}

/* A program that was compiled before the options grew says so by their size; what comes after is not read. */
static void NAME(older_programs_keep_their_options)(void) {
    NAME(rows) memory;
    const NAME(lapwing_csr) a = NAME(path)(&memory, 3);
    REAL b[ORDER] = {1}, x[ORDER];
    const NAME(lapwing_vec) right = {b, ORDER, 1}, none = NAME(no_guess);
    lapwing_iteration_options options = {.struct_size = sizeof options, .restart = -1};
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "restart is -1",
                   NAME(lapwing_gmres)(a, right, none, 0, &options, NAME(list)(x, ORDER), NULL, NULL));
    options.struct_size = offsetof(lapwing_iteration_options, restart);
    EXPECT(LAPWING_OK, NAME(lapwing_gmres)(a, right, none, 0, &options, NAME(list)(x, ORDER), NULL, NULL));
}

#include "least_squares_solvers_of.h"

static void NAME(solvers)(void) {
    for (int method = 0; method < METHODS; ++method) {
        NAME(any_matrix_is_solved)(method);
        NAME(products_are_enough)(method);
        NAME(every_method_refuses)(method);
    }
    NAME(breakdowns_are_told_apart)();
    NAME(older_programs_keep_their_options)();
    for (int method = 0; method < 2; ++method) {
        NAME(a_line_is_fitted)(method);
        NAME(the_nearest_solution_is_found)(method);
        NAME(damping_holds_the_solution_down)(method);
        NAME(least_squares_refuse)(method);
    }
}
