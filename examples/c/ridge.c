/* The fuel that cars need, from their weight and their power, which go together: least squares gives the two slopes with
 * opposite signs, and a ridge regression shares the effect between them.
 *
 *   cc examples/c/ridge.c -o ridge $(pkg-config --cflags --libs lapwing)
 *   ./ridge
 */
#include <lapwing.h>

#include <stdio.h>

enum { CARS = 6, FEATURES = 2 };

/* In tonnes and hundreds of kilowatts; the fuel in litres for 100 km. */
static const double FEATURE[CARS][FEATURES] = {{1.0, 0.50}, {1.2, 0.61}, {1.4, 0.69}, {1.6, 0.80}, {1.8, 0.91}, {2.0, 0.99}};
static const double FUEL[CARS] = {5.1, 5.8, 6.9, 7.8, 8.6, 9.8};

/* Whether the call succeeded; if not, says why. */
static int succeeded(lapwing_status status) {
    char message[512];
    if (status == LAPWING_OK) return 1;
    lapwing_last_error(message, sizeof message);
    fprintf(stderr, "error: %s (%s)\n", message, lapwing_status_name(status));
    return 0;
}

/* The line of a table for one penalty: slopes, intercept, and the prediction for a car of 1.5 tonnes and 75 kW. */
static int print_fit(double alpha) {
    const lapwing_ridge_options options = {.struct_size = sizeof options,
                                           .penalty = alpha == 0 ? LAPWING_PENALTY_NONE : LAPWING_PENALTY_ALPHA,
                                           .alpha = alpha};
    const lapwing_mat_f64 x = {FEATURE[0], CARS, FEATURES, FEATURES, 1}, y = {FUEL, CARS, 1, 1, 1};
    const lapwing_vec_f64 unweighted = {NULL, 0, 0};
    const double car[FEATURES] = {1.5, 0.75};
    const lapwing_mat_f64 row = {car, 1, FEATURES, FEATURES, 1};
    double fuel = 0;
    const lapwing_mat_mut_f64 prediction = {&fuel, 1, 1, 1, 1};
    lapwing_linear_model_f64 *model = NULL;
    lapwing_mat_f64 slopes;
    lapwing_vec_f64 intercept;
    const int done = succeeded(lapwing_ridge_fit_f64(x, y, unweighted, &options, &model)) &&
                     succeeded(lapwing_linear_model_coefficients_f64(model, &slopes)) &&
                     succeeded(lapwing_linear_model_intercept_f64(model, &intercept)) &&
                     succeeded(lapwing_linear_model_predict_f64(model, row, prediction));
    /* Views of the model end with it, so that they are printed first. */
    if (done)
        printf("%5.2f  %8.3f  %8.3f  %9.3f  %10.3f\n", alpha, slopes.data[0], slopes.data[slopes.col_stride],
               intercept.data[0], fuel);
    lapwing_linear_model_free_f64(model);
    return done;
}

int main(void) {
    printf("alpha    weight     power  intercept  prediction\n");
    return print_fit(0) && print_fit(0.01) && print_fit(0.1) ? 0 : 1;
}
