/* LSQR and LSMR, which C programs see alike. */

typedef lapwing_status NAME(fitter)(NAME(lapwing_csr), NAME(lapwing_vec), NAME(lapwing_vec),
                                    const lapwing_iteration_options *, NAME(lapwing_vec_mut), int64_t *, double *, double *,
                                    double *);
typedef lapwing_status NAME(operator_fitter)(NAME(lapwing_operator), NAME(lapwing_vec), NAME(lapwing_vec),
                                             const lapwing_iteration_options *, NAME(lapwing_vec_mut), int64_t *, double *,
                                             double *, double *);
static NAME(fitter) *const NAME(fitters)[] = {NAME(lapwing_lsqr), NAME(lapwing_lsmr)};
static NAME(operator_fitter) *const NAME(operator_fitters)[] = {NAME(lapwing_lsqr_operator), NAME(lapwing_lsmr_operator)};

/* A line through 2 + 3 t, moved up and down by 1, against the formula of the textbooks. The columns 1 and t have the singular
 * values 92.6 and 2.8, so that a tolerance of 10 unit roundoffs leaves an error of 10 * 92.6 / 2.8^2 of them times the
 * residual of 5.5, and rounding one of the square of the condition, 1100, a few times. */
static void NAME(a_line_is_fitted)(int method) {
    REAL values[2 * ORDER], b[ORDER], x[2];
    int32_t columns[2 * ORDER], row_starts[ORDER + 1] = {0};
    double sum_t = 0, sum_tt = 0, sum_b = 0, sum_tb = 0;
    for (int i = 0; i < ORDER; ++i) {
        values[2 * i] = 1, values[2 * i + 1] = (REAL)i;
        columns[2 * i] = 0, columns[2 * i + 1] = 1, row_starts[i + 1] = 2 * i + 2;
        b[i] = (REAL)(2 + 3 * i + (i % 2 ? 1 : -1));
        sum_t += i, sum_tt += i * i, sum_b += (double)b[i], sum_tb += i * (double)b[i];
    }
    const double slope = (ORDER * sum_tb - sum_t * sum_b) / (ORDER * sum_tt - sum_t * sum_t);
    const double intercept = (sum_b - slope * sum_t) / ORDER;
    double square = 0;
    for (int i = 0; i < ORDER; ++i) square += pow((double)b[i] - intercept - slope * i, 2);

    const NAME(lapwing_csr) a = {values, columns, row_starts, ORDER, 2};
    const NAME(lapwing_vec) right = {b, ORDER, 1};
    lapwing_iteration_options options = {.struct_size = sizeof options, .tolerance = 10 * UNIT_ROUNDOFF};
    int64_t iterations = -1;
    double residual = -1, normal_residual = -1, condition = -1;
    EXPECT(LAPWING_OK, NAME(fitters)[method](a, right, NAME(no_guess), &options, NAME(list)(x, 2), &iterations, &residual,
                                             &normal_residual, &condition));
    const double bound = (10 * 92.6 / 7.8 * 5.5 + 10 * 1100) * UNIT_ROUNDOFF;
    CHECK(fabs((double)x[0] - intercept) <= bound && fabs((double)x[1] - slope) <= bound);
    CHECK(iterations > 0 && iterations <= 20 && condition > 1);
    /* Where it is smallest, a residual changes by the square of an error. */
    CHECK(fabs(residual - sqrt(square)) <= 93 * 93 * bound * bound + 100 * sqrt(ORDER) * ROUNDING);
    CHECK(normal_residual >= 0 && normal_residual <= 93 * 93 * bound + 93 * 100 * sqrt(ORDER) * ROUNDING);
}

/* First differences have the constants for a null space: of the solutions, the one that is nearest to a guess has the guess's
 * sum. Their smallest singular value is above 0.1, and the largest below 2. */
static void NAME(the_nearest_solution_is_found)(int method) {
    NAME(rows) memory;
    const NAME(lapwing_csr) a = NAME(differences)(&memory);
    REAL b[ORDER], guess[ORDER + 1], x[ORDER + 1];
    double whole = 0, sum = 0;
    for (int i = 0; i < ORDER; ++i) b[i] = (REAL)(i % 5 - 1), whole += (double)b[i] * (double)b[i];
    for (int i = 0; i <= ORDER; ++i) guess[i] = (REAL)(i % 3), sum += i % 3;
    const NAME(lapwing_vec) right = {b, ORDER, 1}, from = {guess, ORDER + 1, 1};
    instructions mine = {ORDER, 0, 0, 0}, watched = {ORDER, 0, 0, 0};
    const NAME(lapwing_operator) op = {ORDER, ORDER + 1, NAME(first), NAME(first_transposed), &mine};
    lapwing_iteration_options options = {.struct_size = sizeof options, .tolerance = 1e-5,
                                         .right_hand_side_tolerance = 1e-5, .progress = watch, .user = &watched};
    for (int products = 0; products < 2; ++products)
        for (int guessed = 0; guessed < 2; ++guessed) {
            const NAME(lapwing_vec) start = guessed ? from : NAME(no_guess);
            int64_t iterations = -1;
            double residual = -1, square = 0, total = 0, length = 0;
            watched.calls = 0;
            EXPECT(LAPWING_OK,
                   products ? NAME(operator_fitters)[method](op, right, start, &options, NAME(list)(x, ORDER + 1),
                                                             &iterations, &residual, NULL, NULL)
                            : NAME(fitters)[method](a, right, start, &options, NAME(list)(x, ORDER + 1), &iterations,
                                                    &residual, NULL, NULL));
            for (int i = 0; i < ORDER; ++i) square += pow((double)x[i + 1] - (double)x[i] - (double)b[i], 2);
            for (int i = 0; i <= ORDER; ++i) total += (double)x[i], length += (double)x[i] * (double)x[i];
            length = sqrt(length);
            /* The rule: 1e-5 of the norm of b, and of the norm of a, which is estimated in the Frobenius norm, times x. */
            CHECK(residual <= 1e-5 * (sqrt(whole) + 8 * length) + length * ROUNDING);
            CHECK(fabs(sqrt(square) - residual) <= length * ROUNDING);
            CHECK(fabs(total - (guessed ? sum : 0)) <= 20 * ORDER * length * ROUNDING);
            CHECK(watched.calls == iterations && iterations > 0);
        }
    CHECK(mine.calls > 0);
}

/* One equation 2 x = 3 with lambda = 1: x = 6 / 5, and the norm of (3 - 2 x, -x) is the root of 9 / 5. */
static void NAME(damping_holds_the_solution_down)(int method) {
    REAL value = 2, b = 3, x = 0;
    const int32_t column = 0, row_starts[] = {0, 1};
    const NAME(lapwing_csr) a = {&value, &column, row_starts, 1, 1};
    const NAME(lapwing_vec) right = {&b, 1, 1};
    lapwing_iteration_options options = {.struct_size = sizeof options, .damping = 1};
    double residual = -1, normal_residual = -1;
    EXPECT(LAPWING_OK, NAME(fitters)[method](a, right, NAME(no_guess), &options, NAME(list)(&x, 1), NULL, &residual,
                                             &normal_residual, NULL));
    CHECK(fabs((double)x - 1.2) <= 20 * UNIT_ROUNDOFF && fabs(residual - sqrt(1.8)) <= 20 * UNIT_ROUNDOFF);
    CHECK(normal_residual <= 100 * UNIT_ROUNDOFF);
}

static void NAME(least_squares_refuse)(int method) {
    NAME(rows) memory;
    NAME(lapwing_csr) a = NAME(differences)(&memory);
    REAL b[ORDER] = {1, 2, 3}, x[ORDER + 1];
    for (int i = 0; i <= ORDER; ++i) x[i] = 77;
    NAME(lapwing_vec) right = {b, ORDER, 1}, guess = NAME(no_guess);
    const NAME(lapwing_vec_mut) to = NAME(list)(x, ORDER + 1);
    int64_t iterations = 77;
    double residual = 77, normal_residual = 77, condition = 77;
    lapwing_iteration_options options = {.struct_size = sizeof options, .max_iterations = 2};
#define FIT(chosen) \
    NAME(fitters)[method](a, right, guess, chosen, to, &iterations, &residual, &normal_residual, &condition)
    EXPECT_MESSAGE(LAPWING_ERR_NO_CONVERGENCE, "did not converge in 2 iterations", FIT(&options));
    options.max_iterations = 0, options.condition_limit = 1.5;
    EXPECT_MESSAGE(LAPWING_ERR_BREAKDOWN, "the condition number is estimated to be", FIT(&options));
    options.condition_limit = 0.5;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "condition_limit is 0.5", FIT(&options));
    options.condition_limit = 0, options.damping = -1;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "damping is -1", FIT(&options));
    options.damping = 0, options.right_hand_side_tolerance = NAN;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "right_hand_side_tolerance is NaN", FIT(&options));
    b[4] = (REAL)NAN;
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "b[4, 0]", FIT(NULL));
    b[4] = 0, right.len = ORDER + 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "b has 31 entries, but must have 30: the rows of a", FIT(NULL));
    right.len = ORDER, guess = right;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "guess has 30 entries, but must have 31: the columns of a", FIT(NULL));
    guess.data = x, guess.len = ORDER + 1;
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "x overlaps guess", FIT(NULL));
    guess = NAME(no_guess), right.data = NULL;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "b.data is NULL", FIT(NULL));
    right.data = b;
#undef FIT

    instructions mine = {ORDER, 0, 2, 0}, watched = {ORDER, 0, 3, 0};
    NAME(lapwing_operator) op = {ORDER, ORDER + 1, NAME(first), NAME(first_transposed), &mine};
#define FIT(chosen) \
    NAME(operator_fitters)[method](op, right, guess, chosen, to, &iterations, &residual, &normal_residual, &condition)
    EXPECT_MESSAGE(LAPWING_ERR_CANCELLED, "returned 3, which asks to stop", FIT(NULL));
    CHECK(mine.calls == 2);
    options = (lapwing_iteration_options){.struct_size = sizeof options, .progress = watch, .user = &watched};
    EXPECT_MESSAGE(LAPWING_ERR_CANCELLED, "cancelled after 3 iterations", FIT(&options));
    mine.poison = 1;
    EXPECT(LAPWING_ERR_OVERFLOW, FIT(NULL));
    op.multiply_transposed = NULL;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "a.multiply_transposed is NULL", FIT(NULL));
#undef FIT
    CHECK(iterations == 77 && residual == 77 && normal_residual == 77 && condition == 77);
    for (int i = 0; i <= ORDER; ++i) CHECK(x[i] == 77);
}
