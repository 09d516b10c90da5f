/* Linear systems with the matrices of iterations_of.h. */

/* Jacobi's preconditioner of the path: half of what comes in. */
static int32_t NAME(halve)(void *user, NAME(lapwing_mat) x, NAME(lapwing_mat_mut) result) {
    for (int64_t i = 0; i < x.rows; ++i)
        for (int64_t j = 0; j < x.cols; ++j)
            result.data[i * result.row_stride + j * result.col_stride] = x.data[i * x.row_stride + j * x.col_stride] / 2;
    return NAME(obey)(user, result);
}

/* The 2-norm of b - a * x relative to that of b, for the path with this diagonal. */
static double NAME(residual_of)(const REAL *x, const REAL *b, double diagonal) {
    double square = 0, whole = 0;
    for (int i = 0; i < ORDER; ++i) {
        double sum = (double)b[i] - diagonal * (double)x[i];
        if (i > 0) sum += (double)x[i - 1];
        if (i + 1 < ORDER) sum += (double)x[i + 1];
        square += sum * sum, whole += (double)b[i] * (double)b[i];
    }
    return sqrt(square / whole);
}

static void NAME(systems_are_solved)(void) {
    NAME(rows) memory;
    const NAME(lapwing_csr) a = NAME(path)(&memory, 3);
    REAL b[2 * ORDER], packed[ORDER], reversed[ORDER], x[ORDER], guess[ORDER];
    for (int i = 0; i < ORDER; ++i) b[2 * i] = packed[i] = (REAL)(i % 5 - 1);
    const NAME(lapwing_vec) right = {b, ORDER, 2};
    lapwing_iteration_options options = {.struct_size = sizeof options};
    /* The matrix has a norm of 5, and its inverse one of 1: that is how much the roundings of a product may count. */
    const double rounding = 5 * ROUNDING;
    for (int32_t preconditioner = LAPWING_PRECONDITIONER_NONE;
         preconditioner <= LAPWING_PRECONDITIONER_INCOMPLETE_CHOLESKY; ++preconditioner) {
        for (int digits = 3; digits <= 5; ++digits) {
            int64_t iterations = -1;
            double residual = -1;
            options.tolerance = digits == 5 ? 0 : pow(10, -digits);
            options.omega = digits == 3 ? 1.2 : 0;
            EXPECT(LAPWING_OK, NAME(lapwing_conjugate_gradient)(a, right, NAME(no_guess), preconditioner, &options,
                                                                NAME(list)(x, ORDER), &iterations, &residual));
            CHECK(residual <= pow(10, -digits) && NAME(residual_of)(x, packed, 3) <= residual + rounding);
            CHECK(iterations > 0 && iterations <= ORDER);
        }
    }
    /* From the solution itself there is nothing to do; what goes in and out may be reversed. */
    int64_t iterations = -1;
    memcpy(guess, x, sizeof x);
    const NAME(lapwing_vec) from = {guess, ORDER, 1};
    const NAME(lapwing_vec_mut) backwards = {reversed + ORDER - 1, ORDER, -1};
    options.tolerance = 1e-3;
    EXPECT(LAPWING_OK, NAME(lapwing_conjugate_gradient)(a, right, from, 0, &options, backwards, &iterations, NULL));
    CHECK(iterations == 0 && reversed[0] == guess[ORDER - 1]);

    /* The path itself, by products alone, with and without a preconditioner; it has a condition of 400. */
    instructions mine = {ORDER, 0, 0, 0}, other = {ORDER, 0, 0, 0}, watched = {ORDER, 0, 0, 0};
    const NAME(lapwing_operator) op = {ORDER, ORDER, NAME(second), NULL, &mine};
    const NAME(lapwing_operator) inverse = {ORDER, ORDER, NAME(halve), NULL, &other};
    options.progress = watch, options.user = &watched;
    EXPECT(LAPWING_OK, NAME(lapwing_conjugate_gradient_operator)(op, right, NAME(no_guess), NULL, &options,
                                                                 NAME(list)(x, ORDER), &iterations, NULL));
    CHECK(watched.calls == iterations && NAME(residual_of)(x, packed, 2) <= 1e-3 + 400 * ROUNDING);
    EXPECT(LAPWING_OK, NAME(lapwing_conjugate_gradient_operator)(op, right, NAME(no_guess), &inverse, NULL,
                                                                 NAME(list)(x, ORDER), NULL, NULL));
    CHECK(other.calls > 0 && NAME(residual_of)(x, packed, 2) <= 1e-5 + 400 * ROUNDING);
    /* A right-hand side of zeros has the solution 0, without a product. */
    memset(b, 0, sizeof b), mine.calls = 0;
    EXPECT(LAPWING_OK, NAME(lapwing_conjugate_gradient_operator)(op, right, from, NULL, NULL, NAME(list)(x, ORDER),
                                                                 &iterations, NULL));
    CHECK(iterations == 0 && mine.calls == 0 && x[0] == 0 && x[ORDER - 1] == 0);
}

static void NAME(systems_refuse)(void) {
    NAME(rows) memory;
    NAME(lapwing_csr) a = NAME(path)(&memory, 2);
    REAL b[ORDER] = {1, 2, 3}, x[ORDER];
    for (int i = 0; i < ORDER; ++i) x[i] = 77;
    NAME(lapwing_vec) right = {b, ORDER, 1};
    const NAME(lapwing_vec) guess = NAME(no_guess), mine_already = {x, ORDER, 1}, short_guess = {b, 2, 1};
    const NAME(lapwing_vec_mut) to = NAME(list)(x, ORDER);
    int64_t iterations = 77;
    double residual = 77;
    lapwing_iteration_options options = {.struct_size = sizeof options, .max_iterations = 2};
#define SOLVE(preconditioner, chosen) \
    NAME(lapwing_conjugate_gradient)(a, right, guess, preconditioner, chosen, to, &iterations, &residual)
    EXPECT_MESSAGE(LAPWING_ERR_NO_CONVERGENCE, "did not converge in 2 iterations: its residual is", SOLVE(0, &options));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "preconditioner is 4", SOLVE(4, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "preconditioner is -1", SOLVE(-1, NULL));
    options.max_iterations = 0, options.tolerance = NAN;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "tolerance is NaN", SOLVE(0, &options));
    options.tolerance = 0, options.omega = 2;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "omega is 2", SOLVE(LAPWING_PRECONDITIONER_SSOR, &options));
    options.omega = 0, options.absolute_tolerance = -1;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "absolute_tolerance is -1", SOLVE(0, &options));
    memory.values[0] = 0;
    EXPECT_MESSAGE(LAPWING_ERR_DOES_NOT_EXIST, "row 0", SOLVE(LAPWING_PRECONDITIONER_JACOBI, NULL));
    memory.values[0] = 2, memory.values[1] = -3;
    EXPECT_MESSAGE(LAPWING_ERR_NOT_SYMMETRIC, "a is not symmetric", SOLVE(LAPWING_PRECONDITIONER_INCOMPLETE_CHOLESKY, NULL));
    a = NAME(path)(&memory, -3);
    EXPECT_MESSAGE(LAPWING_ERR_NOT_POSITIVE_DEFINITE, "the matrix is not positive definite", SOLVE(0, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_BREAKDOWN, "the preconditioner is not positive definite",
                   SOLVE(LAPWING_PRECONDITIONER_JACOBI, NULL));
    a = NAME(path)(&memory, 2);
    b[4] = (REAL)INFINITY;
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "b[4, 0]", SOLVE(0, NULL));
    b[4] = 0, right.len = ORDER - 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "b has 29 entries, but must have 30: the rows of a", SOLVE(0, NULL));
    right.len = ORDER, right.data = NULL;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "b.data is NULL", SOLVE(0, NULL));
    right.data = b, a.cols = ORDER + 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "must be square", SOLVE(0, NULL));
    a.cols = ORDER;
#undef SOLVE
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "guess has 2 entries",
                   NAME(lapwing_conjugate_gradient)(a, right, short_guess, 0, NULL, to, NULL, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "x overlaps guess",
                   NAME(lapwing_conjugate_gradient)(a, right, mine_already, 0, NULL, to, NULL, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "x.data is NULL",
                   NAME(lapwing_conjugate_gradient)(a, right, guess, 0, NULL, NAME(list)(NULL, ORDER), NULL, NULL));

    instructions mine = {ORDER, 0, 4, 0}, other = {ORDER, 0, 2, 0}, watched = {ORDER, 0, 3, 0};
    NAME(lapwing_operator) op = {ORDER, ORDER, NAME(second), NULL, &mine};
    NAME(lapwing_operator) inverse = {ORDER, ORDER, NAME(halve), NULL, &other};
#define SOLVE(preconditioner, chosen) \
    NAME(lapwing_conjugate_gradient_operator)(op, right, guess, preconditioner, chosen, to, &iterations, &residual)
    EXPECT_MESSAGE(LAPWING_ERR_CANCELLED, "a.multiply returned 3", SOLVE(NULL, NULL));
    CHECK(mine.calls == 4);
    EXPECT_MESSAGE(LAPWING_ERR_CANCELLED, "preconditioner.multiply returned 3", SOLVE(&inverse, NULL));
    options = (lapwing_iteration_options){.struct_size = sizeof options, .progress = watch, .user = &watched};
    EXPECT_MESSAGE(LAPWING_ERR_CANCELLED, "cancelled after 3 iterations", SOLVE(NULL, &options));
    mine.poison = 1;
    EXPECT(LAPWING_ERR_OVERFLOW, SOLVE(NULL, NULL));
    inverse.multiply = NULL;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "preconditioner.multiply is NULL", SOLVE(&inverse, NULL));
    inverse.multiply = NAME(halve), inverse.rows = inverse.cols = ORDER - 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "preconditioner has 29 rows", SOLVE(&inverse, NULL));
    op.cols = ORDER - 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "must be square", SOLVE(NULL, NULL));
#undef SOLVE
    CHECK(iterations == 77 && residual == 77);
    for (int i = 0; i < ORDER; ++i) CHECK(x[i] == 77);
}
