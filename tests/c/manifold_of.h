/* Spectral embeddings and diffusion maps in one precision, after spectral_of.h: closed forms. */

#ifndef MANIFOLD_REFERENCE
#define MANIFOLD_REFERENCE
enum { PATH = 9 };

/* A walk between two states has the second eigenvalue P11 + P22 - 1, and what is orthogonal to 1 in its stationary distribution. */
static void two_states_diffuse_by_their_closed_form(const lapwing_diffusion_maps *model, double eigenvalue,
                                                    double first_share, double time) {
    const double vector[2] = {sqrt((1 - first_share) / first_share), -sqrt(first_share / (1 - first_share))};
    /* A 2 x 2 eigenproblem with a gap of 1 - eigenvalue above 1/3, and powers. */
    const double bound = EIGENVALUE_BOUND(2) * 3 * time;
    lapwing_mat_f64 embedding, vectors;
    lapwing_vec_f64 eigenvalues, stationary, norms;
    EXPECT(LAPWING_OK, lapwing_diffusion_maps_embedding(model, &embedding));
    EXPECT(LAPWING_OK, lapwing_diffusion_maps_eigenvectors(model, &vectors));
    EXPECT(LAPWING_OK, lapwing_diffusion_maps_eigenvalues(model, &eigenvalues));
    EXPECT(LAPWING_OK, lapwing_diffusion_maps_stationary_distribution(model, &stationary));
    EXPECT(LAPWING_OK, lapwing_diffusion_maps_residual_norms(model, &norms));
    CHECK(embedding.rows == 2 && embedding.cols == 1 && vectors.rows == 2 && vectors.cols == 1);
    CHECK(eigenvalues.len == 1 && stationary.len == 2 && norms.len == 1 && norms.data[0] <= bound);
    CHECK(fabs(eigenvalues.data[0] - eigenvalue) <= bound);
    CHECK(fabs(stationary.data[0] - first_share) <= bound && fabs(stationary.data[stationary.stride] + first_share - 1) <= bound);
    const double sign = entry(vectors, 0, 0) < 0 ? -1 : 1;
    for (int i = 0; i < 2; ++i) {
        CHECK(fabs(entry(vectors, i, 0) - sign * vector[i]) <= bound);
        CHECK(fabs(entry(embedding, i, 0) - sign * pow(eigenvalue, time) * vector[i]) <= bound);
    }
}
#endif

/* The Laplacian of a path has the eigenvalues 2 - 2 cos(pi j / n) with the vectors cos(pi j (i + 1/2) / n); the normalized one
 * has 1 - cos(pi j / (n - 1)). */
static void NAME(a_path_is_embedded_by_cosines)(int layout) {
    const double pi = 3.141592653589793;
    NAME(owned) a = NAME(make)(layout, PATH, PATH);
    for (int i = 0; i < PATH; ++i)
        for (int j = 0; j < PATH; ++j) *NAME(at)(a, i, j) = i - j == 1 || j - i == 1 ? 1 : 0;
    NAME(rows) rows = NAME(rows_of)(a);
    lapwing_spectral_embedding_options options = {.struct_size = sizeof options, .laplacian = LAPWING_LAPLACIAN_UNNORMALIZED,
                                                  .n_components = 3};
    for (int csr = 0; csr < 2; ++csr) {
        lapwing_spectral_embedding *model = NULL;
        lapwing_mat_f64 embedding;
        lapwing_vec_f64 eigenvalues, norms;
        int64_t components = 0;
        int32_t solver = -1;
        EXPECT(LAPWING_OK, csr ? NAME(lapwing_spectral_embedding_fit_affinity_csr)(rows.view, &options, &model)
                               : NAME(lapwing_spectral_embedding_fit_affinity)(NAME(read_only)(a), &options, &model));
        EXPECT(LAPWING_OK, lapwing_spectral_embedding_embedding(model, &embedding));
        EXPECT(LAPWING_OK, lapwing_spectral_embedding_eigenvalues(model, &eigenvalues));
        EXPECT(LAPWING_OK, lapwing_spectral_embedding_residual_norms(model, &norms));
        EXPECT(LAPWING_OK, lapwing_spectral_embedding_component_count(model, &components));
        EXPECT(LAPWING_OK, lapwing_spectral_embedding_eigen_solver(model, &solver));
        CHECK(components == 1 && solver == LAPWING_EIGEN_SOLVER_DENSE && norms.len == 3);
        CHECK(embedding.rows == PATH && embedding.cols == 3 && eigenvalues.len == 3);
        for (int j = 1; j <= 3; ++j) {
            const double sign = entry(embedding, 0, j - 1) < 0 ? -1 : 1;
            double largest = 0;
            CHECK(fabs(eigenvalues.data[(j - 1) * eigenvalues.stride] - (2 - 2 * cos(pi * j / PATH))) <= EIGENVALUE_BOUND(PATH));
            CHECK(norms.data[(j - 1) * norms.stride] <= EIGENVALUE_BOUND(PATH));
            for (int i = 0; i < PATH; ++i) {
                const double expected = sign * sqrt(2.0 / PATH) * cos(pi * j * (i + 0.5) / PATH);
                /* The smallest gap, from the first to the second, is 0.12. */
                CHECK(fabs(entry(embedding, i, j - 1) - expected) <= EIGENVALUE_BOUND(PATH) / 0.12);
                if (fabs(entry(embedding, i, j - 1)) > fabs(largest)) largest = entry(embedding, i, j - 1);
            }
            CHECK(largest > 0);
        }
        lapwing_spectral_embedding_free(model);
    }
    options = (lapwing_spectral_embedding_options){.struct_size = sizeof options, .first_vector = LAPWING_FIRST_VECTOR_KEPT,
                                                   .n_components = PATH};
    for (; options.laplacian <= LAPWING_LAPLACIAN_RANDOM_WALK; ++options.laplacian) {
        lapwing_spectral_embedding *model = NULL;
        lapwing_mat_f64 embedding;
        lapwing_vec_f64 eigenvalues;
        double expected[PATH];
        for (int j = 0; j < PATH; ++j) expected[j] = 1 - cos(pi * j / (PATH - 1));
        EXPECT(LAPWING_OK, NAME(lapwing_spectral_embedding_fit_affinity)(NAME(read_only)(a), &options, &model));
        EXPECT(LAPWING_OK, lapwing_spectral_embedding_embedding(model, &embedding));
        EXPECT(LAPWING_OK, lapwing_spectral_embedding_eigenvalues(model, &eigenvalues));
        eigenvalues_are(eigenvalues, expected, PATH, EIGENVALUE_BOUND(PATH));
        /* The constant vector, of which the degrees 1, 2, ..., 2, 1 sum up to 16. */
        for (int i = 0; i < PATH; ++i) CHECK(fabs(entry(embedding, i, 0) - 0.25) <= 8 * DBL_EPSILON);
        lapwing_spectral_embedding_free(model);
    }
    free(a.memory), NAME(free_rows)(rows);
}

/* Of ten samples a tenth is the sample itself, and all of them are components; a Gaussian has 1/p for gamma. */
static void NAME(defaults_of_an_embedding_are_its_own)(void) {
    NAME(owned) x = NAME(points)();
    lapwing_affinity_options affinity = {.struct_size = sizeof affinity, .kind = LAPWING_AFFINITY_RBF};
    lapwing_spectral_embedding *model = NULL, *given = NULL;
    lapwing_mat_f64 found, expected;
    int64_t components = 0;
    EXPECT(LAPWING_OK, NAME(lapwing_spectral_embedding_fit)(NAME(read_only)(x), NULL, NULL, &model));
    EXPECT(LAPWING_OK, lapwing_spectral_embedding_component_count(model, &components));
    CHECK(components == POINTS);
    lapwing_spectral_embedding_free(model);
    EXPECT(LAPWING_OK, NAME(lapwing_spectral_embedding_fit)(NAME(read_only)(x), &affinity, NULL, &model));
    affinity.gamma = 0.5;
    EXPECT(LAPWING_OK, NAME(lapwing_spectral_embedding_fit)(NAME(read_only)(x), &affinity, NULL, &given));
    EXPECT(LAPWING_OK, lapwing_spectral_embedding_embedding(model, &found));
    EXPECT(LAPWING_OK, lapwing_spectral_embedding_embedding(given, &expected));
    CHECK(found.rows == POINTS && found.cols == 2 && expected.rows == POINTS && expected.cols == 2);
    for (int i = 0; i < POINTS; ++i)
        for (int j = 0; j < 2; ++j) CHECK(entry(found, i, j) == entry(expected, i, j));
    lapwing_spectral_embedding_free(model), lapwing_spectral_embedding_free(given);
    free(x.memory);
}

static void NAME(two_states_diffuse)(int layout) {
    NAME(owned) a = NAME(make)(layout, 2, 2), x = NAME(make)(layout, 2, 3);
    *NAME(at)(a, 0, 0) = 2, *NAME(at)(a, 0, 1) = 1, *NAME(at)(a, 1, 0) = 1, *NAME(at)(a, 1, 1) = 1;
    for (int j = 0; j < 3; ++j) *NAME(at)(x, 0, j) = 0, *NAME(at)(x, 1, j) = (REAL)j;
    lapwing_diffusion_maps_options options = {.struct_size = sizeof options, .n_components = 1};
    lapwing_diffusion_maps *model = NULL;
    int32_t solver = -1;
    /* Without the densities 3 and 2: 2/9, 1/6, 1/4. */
    EXPECT(LAPWING_OK, NAME(lapwing_diffusion_maps_fit_affinity)(NAME(read_only)(a), &options, &model));
    two_states_diffuse_by_their_closed_form(model, 6.0 / 35, 14.0 / 29, 1);
    EXPECT(LAPWING_OK, lapwing_diffusion_maps_eigen_solver(model, &solver));
    CHECK(solver == LAPWING_EIGEN_SOLVER_DENSE);
    lapwing_diffusion_maps_free(model);
    options.density = LAPWING_DENSITY_KEPT, options.time = 3;
    EXPECT(LAPWING_OK, NAME(lapwing_diffusion_maps_fit_affinity)(NAME(read_only)(a), &options, &model));
    two_states_diffuse_by_their_closed_form(model, 1.0 / 6, 0.6, 3);
    lapwing_diffusion_maps_free(model);

    /* The median of one squared distance is that distance: the affinity is 1/e. A scale of 1/5 is the same. */
    lapwing_affinity_options affinity = {.struct_size = sizeof affinity, .gamma = 0.2};
    options.density = LAPWING_DENSITY_TAKEN_OUT, options.time = 0;
    for (int given = 0; given < 3; ++given) {
        if (given == 2) affinity.gamma = 0, affinity.gamma_rule = LAPWING_GAMMA_MEDIAN;
        EXPECT(LAPWING_OK, NAME(lapwing_diffusion_maps_fit)(NAME(read_only)(x), given ? &affinity : NULL, &options, &model));
        two_states_diffuse_by_their_closed_form(model, tanh(0.5), 0.5, 1);
        lapwing_diffusion_maps_free(model);
    }
    free(a.memory), free(x.memory);
}

static void NAME(manifold)(void) {
    for (int layout = 0; layout < LAYOUTS; ++layout) {
        NAME(a_path_is_embedded_by_cosines)(layout);
        NAME(two_states_diffuse)(layout);
    }
    NAME(defaults_of_an_embedding_are_its_own)();
}
