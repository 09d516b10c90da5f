/* Spectral clustering in one precision: groups that are known, and closed forms. What it computes is in double for both, so
 * that bounds are those of double wherever the entries are exact in single. */

#include "matrix_of.h"

#ifndef SPECTRAL_REFERENCE
#define SPECTRAL_REFERENCE
enum { BLOBS = 12, INNER = 12, OUTER = 24, RING = INNER + OUTER, BLOCKS = 9, POINTS = 10, LARGE = 60 };

/* LAPACK's threshold for an eigenvalue of a Laplacian of n nodes: 60 n roundings of the norm, which is at most 4. */
#define EIGENVALUE_BOUND(n) (60 * (n) * 4 * (DBL_EPSILON / 2))

/* Three groups of 2, 3 and 4 samples, in any order. */
static const int BLOCK[BLOCKS] = {0, 1, 2, 1, 2, 0, 2, 1, 2};

/* In quarters, so that squared distances are exact in single precision. */
static const double POINT[POINTS][2] = {{1, 0.25}, {1.25, 0.25}, {0.25, 3}, {0.5, 3.5},   {4, 2},
                                        {3, 5},    {5, 1},       {1.25, 1}, {1.75, 2.25}, {4.25, 3.5}};

/* Whether two labellings put the same samples together. */
static int same_partition(const int64_t *labels, const int *groups, int64_t count) {
    for (int64_t i = 0; i < count; ++i)
        for (int64_t j = 0; j < i; ++j)
            if ((labels[i] == labels[j]) != (groups[i] == groups[j])) return 0;
    return 1;
}

static void labelled(const lapwing_spectral_clustering *model, int64_t count, int64_t clusters, int64_t *labels) {
    int64_t samples = -1, found = -1;
    EXPECT(LAPWING_OK, lapwing_spectral_clustering_n_samples(model, &samples));
    EXPECT(LAPWING_OK, lapwing_spectral_clustering_n_clusters(model, &found));
    CHECK(samples == count && found == clusters);
    EXPECT(LAPWING_OK, lapwing_spectral_clustering_labels(model, labels));
    for (int64_t i = 0; i < count; ++i) CHECK(labels[i] >= 0 && labels[i] < clusters);
}

/* The smallest eigenvalues agree with those that are expected. */
static void eigenvalues_are(lapwing_vec_f64 found, const double *expected, int64_t count, double bound) {
    CHECK(found.len == count);
    for (int64_t i = 0; i < found.len && i < count; ++i) CHECK(fabs(found.data[i * found.stride] - expected[i]) <= bound);
}

static double entry(lapwing_mat_f64 a, int64_t i, int64_t j) { return a.data[i * a.row_stride + j * a.col_stride]; }

/* Where sample i of two rings lies, one within the other. */
static double on_ring(int i, int j) {
    const double angle = 2 * 3.141592653589793 * (i < INNER ? (double)i / INNER : (double)(i - INNER) / OUTER);
    return (i < INNER ? 1 : 3) * (j == 0 ? cos(angle) : sin(angle));
}

/* The seventh nearest of the others, as a distance. */
static double seventh(int i) {
    double squares[POINTS];
    for (int j = 0; j < POINTS; ++j) {
        const double square = pow(POINT[i][0] - POINT[j][0], 2) + pow(POINT[i][1] - POINT[j][1], 2);
        int place = j;
        for (; place > 0 && squares[place - 1] > square; --place) squares[place] = squares[place - 1];
        squares[place] = square;
    }
    return sqrt(squares[7]);
}

/* How many samples lie nearer to i than j does. No two distances from a point are equal. */
static int rank_of(int i, int j) {
    int nearer = 0;
    for (int k = 0; k < POINTS; ++k)
        nearer += hypot(POINT[i][0] - POINT[k][0], POINT[i][1] - POINT[k][1]) <
                  hypot(POINT[i][0] - POINT[j][0], POINT[i][1] - POINT[j][1]);
    return nearer;
}

static double affinity_of(const lapwing_affinity_options *options, int i, int j) {
    const double *x = POINT[i], *y = POINT[j];
    const double square = pow(x[0] - y[0], 2) + pow(x[1] - y[1], 2), product = x[0] * y[0] + x[1] * y[1];
    switch (options->kind) {
    case LAPWING_AFFINITY_SELF_TUNING:
        return exp(-square / (seventh(i) * seventh(j)));
    case LAPWING_AFFINITY_COSINE:
        return product / (hypot(x[0], x[1]) * hypot(y[0], y[1]));
    case LAPWING_AFFINITY_POLYNOMIAL: {
        const double scaled = (options->gamma == 0 ? 1 : options->gamma) * product;
        const double shift = options->homogeneity == LAPWING_KERNEL_HOMOGENEOUS ? 0 : options->coef0 == 0 ? 1 : options->coef0;
        return pow(scaled + shift, options->degree == 0 ? 3 : (double)options->degree);
    }
    case LAPWING_AFFINITY_NEAREST_NEIGHBORS: {
        const int64_t k = options->neighbors == 0 ? 10 : options->neighbors;
        const int one = rank_of(i, j) < k, other = rank_of(j, i) < k;
        return options->symmetrization == LAPWING_SYMMETRIZE_UNION    ? one || other
               : options->symmetrization == LAPWING_SYMMETRIZE_MUTUAL ? one && other
                                                                      : 0.5 * (one + other);
    }
    case LAPWING_AFFINITY_RADIUS:
        return square <= options->radius * options->radius;
    default:
        return exp(-(options->gamma == 0 ? 1 : options->gamma) * square);
    }
}
#endif

static NAME(owned) NAME(block_affinities)(int layout) {
    NAME(owned) a = NAME(make)(layout, BLOCKS, BLOCKS);
    for (int i = 0; i < BLOCKS; ++i)
        for (int j = 0; j < BLOCKS; ++j) *NAME(at)(a, i, j) = BLOCK[i] == BLOCK[j] ? 1 : 0;
    return a;
}

/* What is not zero, in memory of its own so that a memory checker sees a step outside. */
typedef struct {
    REAL *values;
    int32_t *columns, *row_starts;
    NAME(lapwing_csr) view;
} NAME(rows);

static NAME(rows) NAME(rows_of)(NAME(owned) a) {
    const int64_t n = a.view.rows;
    int32_t count = 0;
    for (int64_t i = 0; i < n; ++i)
        for (int64_t j = 0; j < n; ++j) count += *NAME(at)(a, i, j) != 0;
    NAME(rows) rows = {malloc((size_t)count * sizeof(REAL)), malloc((size_t)count * sizeof(int32_t)),
                       malloc((size_t)(n + 1) * sizeof(int32_t)), {NULL, NULL, NULL, n, n}};
    count = 0;
    for (int64_t i = 0; i < n; ++i) {
        rows.row_starts[i] = count;
        for (int64_t j = 0; j < n; ++j)
            if (*NAME(at)(a, i, j) != 0) rows.values[count] = *NAME(at)(a, i, j), rows.columns[count++] = (int32_t)j;
    }
    rows.row_starts[n] = count;
    rows.view.values = rows.values, rows.view.columns = rows.columns, rows.view.row_starts = rows.row_starts;
    return rows;
}

static void NAME(free_rows)(NAME(rows) rows) { free(rows.values), free(rows.columns), free(rows.row_starts); }

static NAME(owned) NAME(rings)(int layout) {
    NAME(owned) x = NAME(make)(layout, RING, 2);
    for (int i = 0; i < RING; ++i)
        for (int j = 0; j < 2; ++j) *NAME(at)(x, i, j) = (REAL)on_ring(i, j);
    return x;
}

static NAME(owned) NAME(points)(void) {
    NAME(owned) x = NAME(make)(0, POINTS, 2);
    for (int i = 0; i < POINTS; ++i)
        for (int j = 0; j < 2; ++j) *NAME(at)(x, i, j) = (REAL)POINT[i][j];
    return x;
}

/* Ten apart, and half a unit wide. */
static void NAME(far_blobs_are_told_apart)(int layout, int32_t labels_by) {
    NAME(owned) x = NAME(make)(layout, BLOBS, 2), affinity = NAME(make)(layout, 2, BLOBS);
    int groups[BLOBS];
    int64_t labels[BLOBS], predicted[2] = {-1, -1};
    for (int i = 0; i < BLOBS; ++i) {
        groups[i] = i % 2;
        *NAME(at)(x, i, 0) = (REAL)(10 * groups[i] + 0.25 * cos(i));
        *NAME(at)(x, i, 1) = (REAL)(0.25 * sin(i));
        *NAME(at)(affinity, 0, i) = (REAL)groups[i];
        *NAME(at)(affinity, 1, i) = (REAL)(1 - groups[i]);
    }
    const lapwing_spectral_clustering_options options = {.struct_size = sizeof options, .n_clusters = 2, .n_init = 1,
                                                         .labels = labels_by};
    lapwing_spectral_clustering *model = NULL;
    EXPECT(LAPWING_OK, NAME(lapwing_spectral_clustering_fit)(NAME(read_only)(x), NULL, &options, &model));
    labelled(model, BLOBS, 2, labels);
    CHECK(same_partition(labels, groups, BLOBS));
    EXPECT(LAPWING_OK, NAME(lapwing_spectral_clustering_predict_affinity)(model, NAME(read_only)(affinity), predicted));
    CHECK(predicted[0] == labels[1] && predicted[1] == labels[0]);
    lapwing_spectral_clustering_free(model);
    free(x.memory), free(affinity.memory);
}

/* A neighbour on a ring is at most 1.6 away, the other ring at least 2. */
static void NAME(rings_are_told_apart)(int layout) {
    NAME(owned) x = NAME(rings)(layout);
    int groups[RING];
    int64_t labels[RING], components = 0;
    int32_t kind = -1, solver = -1;
    for (int i = 0; i < RING; ++i) groups[i] = i < INNER;
    const lapwing_affinity_options affinity = {.struct_size = sizeof affinity, .kind = LAPWING_AFFINITY_NEAREST_NEIGHBORS,
                                               .neighbors = 5};
    const lapwing_spectral_clustering_options options = {.struct_size = sizeof options, .n_clusters = 2, .n_eigenvalues = 3,
                                                         .n_init = 1};
    lapwing_spectral_clustering *model = NULL;
    lapwing_vec_f64 eigenvalues, norms;
    lapwing_mat_f64 embedding;
    EXPECT(LAPWING_OK, NAME(lapwing_spectral_clustering_fit)(NAME(read_only)(x), &affinity, &options, &model));
    labelled(model, RING, 2, labels);
    CHECK(same_partition(labels, groups, RING));
    EXPECT(LAPWING_OK, lapwing_spectral_clustering_component_count(model, &components));
    EXPECT(LAPWING_OK, lapwing_spectral_clustering_kind(model, &kind));
    EXPECT(LAPWING_OK, lapwing_spectral_clustering_eigen_solver(model, &solver));
    EXPECT(LAPWING_OK, lapwing_spectral_clustering_eigenvalues(model, &eigenvalues));
    EXPECT(LAPWING_OK, lapwing_spectral_clustering_residual_norms(model, &norms));
    EXPECT(LAPWING_OK, lapwing_spectral_clustering_embedding(model, &embedding));
    CHECK(components == 2 && kind == LAPWING_SPECTRAL_OF_AFFINITIES && solver == LAPWING_EIGEN_SOLVER_DENSE);
    /* Every sample of a component has the same coordinates. */
    CHECK(embedding.rows == RING && embedding.cols == 2 && eigenvalues.len == 3 && norms.len == 3);
    CHECK(eigenvalues.data[0] == 0 && eigenvalues.data[eigenvalues.stride] == 0);
    CHECK(eigenvalues.data[2 * eigenvalues.stride] > 0.01);
    for (int i = 0; i < 3; ++i) CHECK(norms.data[i * norms.stride] <= EIGENVALUE_BOUND(RING));
    for (int i = 1; i < RING; ++i)
        for (int j = 0; j < 2; ++j)
            CHECK(fabs(entry(embedding, i, j) - entry(embedding, i < INNER ? 0 : INNER, j)) <= 8 * DBL_EPSILON);
    lapwing_spectral_clustering_free(model);
    free(x.memory);
}

/* Complete graphs of m nodes have the eigenvalues 0 and m / (m - 1). */
static void NAME(blocks_are_found_dense_and_sparse)(int layout) {
    static const double expected[BLOCKS] = {0, 0, 0, 4.0 / 3, 4.0 / 3, 4.0 / 3, 1.5, 1.5, 2};
    NAME(owned) a = NAME(block_affinities)(layout);
    NAME(rows) rows = NAME(rows_of)(a);
    int64_t labels[BLOCKS], of_rows[BLOCKS], suggested = 0;
    lapwing_spectral_clustering_options options = {.struct_size = sizeof options, .n_clusters = 3, .n_eigenvalues = BLOCKS,
                                                   .n_init = 1, .labels = layout % 3};
    lapwing_spectral_clustering *model = NULL, *sparse = NULL;
    lapwing_vec_f64 eigenvalues;
    EXPECT(LAPWING_OK, NAME(lapwing_spectral_clustering_fit_affinity)(NAME(read_only)(a), &options, &model));
    EXPECT(LAPWING_OK, NAME(lapwing_spectral_clustering_fit_affinity_csr)(rows.view, &options, &sparse));
    labelled(model, BLOCKS, 3, labels), labelled(sparse, BLOCKS, 3, of_rows);
    CHECK(same_partition(labels, BLOCK, BLOCKS) && memcmp(labels, of_rows, sizeof labels) == 0);
    EXPECT(LAPWING_OK, lapwing_spectral_clustering_eigenvalues(model, &eigenvalues));
    eigenvalues_are(eigenvalues, expected, BLOCKS, EIGENVALUE_BOUND(BLOCKS));
    EXPECT(LAPWING_OK, lapwing_eigengap_f64(eigenvalues, &suggested));
    CHECK(suggested == 3);
    EXPECT(LAPWING_OK, lapwing_spectral_clustering_eigenvalues(sparse, &eigenvalues));
    eigenvalues_are(eigenvalues, expected, BLOCKS, EIGENVALUE_BOUND(BLOCKS));
    lapwing_spectral_clustering_free(model), lapwing_spectral_clustering_free(sparse);
    free(a.memory), NAME(free_rows)(rows);
}

/* The eigenvalues tell how many there are; fewer than components leave each of them whole, and one leaves no choice. */
static void NAME(other_numbers_of_blocks)(void) {
    NAME(owned) a = NAME(block_affinities)(0);
    int64_t labels[BLOCKS];
    lapwing_spectral_clustering_options options = {.struct_size = sizeof options, .max_clusters = 5,
                                                   .n_init = 1};
    lapwing_spectral_clustering *model = NULL;
    lapwing_vec_f64 eigenvalues;
    EXPECT(LAPWING_OK, NAME(lapwing_spectral_clustering_fit_affinity)(NAME(read_only)(a), &options, &model));
    labelled(model, BLOCKS, 3, labels);
    EXPECT(LAPWING_OK, lapwing_spectral_clustering_eigenvalues(model, &eigenvalues));
    CHECK(eigenvalues.len == 6);
    CHECK(same_partition(labels, BLOCK, BLOCKS));
    lapwing_spectral_clustering_free(model);

    options = (lapwing_spectral_clustering_options){.struct_size = sizeof options, .n_clusters = 2, .n_init = 1};
    EXPECT(LAPWING_OK, NAME(lapwing_spectral_clustering_fit_affinity)(NAME(read_only)(a), &options, &model));
    labelled(model, BLOCKS, 2, labels);
    int zeros = 0;
    for (int i = 0; i < BLOCKS; ++i) {
        zeros += labels[i] == 0;
        for (int j = 0; j < i; ++j) CHECK(BLOCK[i] != BLOCK[j] || labels[i] == labels[j]);
    }
    CHECK(zeros > 0 && zeros < BLOCKS);
    lapwing_spectral_clustering_free(model);
    options.n_clusters = 1;
    for (; options.labels <= LAPWING_LABELS_DISCRETIZE; ++options.labels) {
        EXPECT(LAPWING_OK, NAME(lapwing_spectral_clustering_fit_affinity)(NAME(read_only)(a), &options, &model));
        labelled(model, BLOCKS, 1, labels);
        lapwing_spectral_clustering_free(model);
    }
    free(a.memory);
}

/* Eigenvectors of distinct samples, all of them, tell each apart. */
static void NAME(as_many_clusters_as_samples_are_all_different)(void) {
    NAME(owned) x = NAME(points)();
    const lapwing_spectral_clustering_options options = {.struct_size = sizeof options, .n_clusters = POINTS, .n_init = 1};
    lapwing_spectral_clustering *model = NULL;
    int64_t labels[POINTS];
    int own[POINTS];
    EXPECT(LAPWING_OK, NAME(lapwing_spectral_clustering_fit)(NAME(read_only)(x), NULL, &options, &model));
    labelled(model, POINTS, POINTS, labels);
    for (int i = 0; i < POINTS; ++i) own[i] = i;
    CHECK(same_partition(labels, own, POINTS));
    lapwing_spectral_clustering_free(model);
    free(x.memory);
}

/* All eigenvalues of the clustering of POINT are those of the affinities that the options describe. */
static void NAME(affinities_are_what_the_options_say)(void) {
    static const lapwing_affinity_options choices[] = {
        {.kind = LAPWING_AFFINITY_USUAL},
        {.kind = LAPWING_AFFINITY_USUAL, .gamma = 0.5},
        {.kind = LAPWING_AFFINITY_RBF},
        {.kind = LAPWING_AFFINITY_RBF, .gamma = 0.25},
        {.kind = LAPWING_AFFINITY_SELF_TUNING},
        {.kind = LAPWING_AFFINITY_COSINE},
        {.kind = LAPWING_AFFINITY_POLYNOMIAL},
        {.kind = LAPWING_AFFINITY_POLYNOMIAL, .degree = 2, .gamma = 0.5, .coef0 = 0.25},
        {.kind = LAPWING_AFFINITY_POLYNOMIAL, .homogeneity = LAPWING_KERNEL_HOMOGENEOUS},
        {.kind = LAPWING_AFFINITY_NEAREST_NEIGHBORS},
        {.kind = LAPWING_AFFINITY_NEAREST_NEIGHBORS, .neighbors = 4},
        {.kind = LAPWING_AFFINITY_NEAREST_NEIGHBORS, .neighbors = 4, .symmetrization = LAPWING_SYMMETRIZE_UNION},
        {.kind = LAPWING_AFFINITY_NEAREST_NEIGHBORS, .neighbors = 4, .symmetrization = LAPWING_SYMMETRIZE_MUTUAL},
        {.kind = LAPWING_AFFINITY_RADIUS, .radius = 2.5},
    };
    const lapwing_spectral_clustering_options options = {.struct_size = sizeof options, .n_clusters = 2, .n_eigenvalues = POINTS,
                                                         .labels = LAPWING_LABELS_CLUSTER_QR};
    NAME(owned) x = NAME(points)();
    double entries[POINTS * POINTS];
    const lapwing_mat_f64 matrix = {entries, POINTS, POINTS, POINTS, 1};
    for (size_t choice = 0; choice < sizeof choices / sizeof *choices; ++choice) {
        lapwing_affinity_options affinity = choices[choice];
        affinity.struct_size = sizeof affinity;
        for (int i = 0; i < POINTS; ++i)
            for (int j = 0; j < POINTS; ++j) entries[i * POINTS + j] = affinity_of(&affinity, i, j);
        lapwing_spectral_clustering *model = NULL, *given = NULL;
        lapwing_vec_f64 found, expected;
        double copy[POINTS];
        EXPECT(LAPWING_OK, NAME(lapwing_spectral_clustering_fit)(NAME(read_only)(x), &affinity, &options, &model));
        EXPECT(LAPWING_OK, lapwing_spectral_clustering_fit_affinity_f64(matrix, &options, &given));
        EXPECT(LAPWING_OK, lapwing_spectral_clustering_eigenvalues(model, &found));
        EXPECT(LAPWING_OK, lapwing_spectral_clustering_eigenvalues(given, &expected));
        for (int i = 0; i < POINTS; ++i) copy[i] = expected.data[i * expected.stride];
        /* The affinities themselves are off by some 20 roundings, of their exponents. */
        eigenvalues_are(found, copy, POINTS, 2 * EIGENVALUE_BOUND(POINTS));
        lapwing_spectral_clustering_free(model), lapwing_spectral_clustering_free(given);
    }
    free(x.memory);
}

/* Three and two equal samples share all landmarks or none. */
static void NAME(landmarks_tell_equal_samples_apart)(int layout) {
    static const int groups[5] = {0, 1, 0, 0, 1};
    NAME(owned) x = NAME(make)(layout, 5, 2);
    for (int i = 0; i < 5; ++i)
        for (int j = 0; j < 2; ++j) *NAME(at)(x, i, j) = (REAL)(3 * groups[i] + j);
    const lapwing_landmark_spectral_clustering_options options = {
        .struct_size = sizeof options, .n_clusters = 2, .n_neighbors = 1, .selection = LAPWING_LANDMARKS_RANDOM,
        .labels = LAPWING_LABELS_CLUSTER_QR};
    lapwing_spectral_clustering *model = NULL;
    int64_t labels[5], landmarks = 0, features = 0;
    double bandwidth = -1, places[4];
    const lapwing_mat_mut_f64 of_landmarks = {places, 2, 2, 2, 1};
    lapwing_vec_f64 eigenvalues;
    static const double zeros[2] = {0, 0};
    EXPECT(LAPWING_OK, NAME(lapwing_landmark_spectral_clustering_fit)(NAME(read_only)(x), &options, &model));
    labelled(model, 5, 2, labels);
    CHECK(same_partition(labels, groups, 5));
    EXPECT(LAPWING_OK, lapwing_spectral_clustering_eigenvalues(model, &eigenvalues));
    eigenvalues_are(eigenvalues, zeros, 2, EIGENVALUE_BOUND(5));
    EXPECT(LAPWING_OK, lapwing_spectral_clustering_n_landmarks(model, &landmarks));
    EXPECT(LAPWING_OK, lapwing_spectral_clustering_n_features(model, &features));
    EXPECT(LAPWING_OK, lapwing_spectral_clustering_bandwidth(model, &bandwidth));
    CHECK(landmarks == 2 && features == 2 && bandwidth == 0);
    EXPECT(LAPWING_OK, lapwing_spectral_clustering_landmarks(model, of_landmarks));
    CHECK(fabs(places[0] + places[2] - 3) <= 8 * DBL_EPSILON && fabs(places[1] - places[0] - 1) <= 8 * DBL_EPSILON);
    lapwing_spectral_clustering_free(model);
    free(x.memory);
}

/* New samples are placed by their landmarks as the samples were, and so they are by a model that was read back. */
static void NAME(landmarks_tell_rings_apart)(int layout) {
    NAME(owned) x = NAME(make)(layout, LARGE, 2);
    int groups[LARGE];
    for (int i = 0; i < LARGE; ++i) {
        const double angle = 2 * 3.141592653589793 * (i % 3 == 0 ? i / 60.0 : i / 40.0);
        groups[i] = i % 3 == 0;
        *NAME(at)(x, i, 0) = (REAL)((groups[i] ? 1 : 4) * cos(angle));
        *NAME(at)(x, i, 1) = (REAL)((groups[i] ? 1 : 4) * sin(angle));
    }
    const lapwing_landmark_spectral_clustering_options options = {.struct_size = sizeof options, .n_clusters = 2,
                                                                  .n_landmarks = 30, .n_neighbors = 4, .bandwidth = 0.25};
    lapwing_spectral_clustering *model = NULL, *again = NULL;
    int64_t labels[LARGE], predicted[LARGE];
    int32_t kind = -1;
    double places[2 * LARGE], bandwidth = 0;
    const lapwing_mat_mut_f64 coordinates = {places, LARGE, 2, 1, LARGE};
    lapwing_mat_f64 embedding;
    EXPECT(LAPWING_OK, NAME(lapwing_landmark_spectral_clustering_fit)(NAME(read_only)(x), &options, &model));
    labelled(model, LARGE, 2, labels);
    CHECK(same_partition(labels, groups, LARGE));
    EXPECT(LAPWING_OK, lapwing_spectral_clustering_kind(model, &kind));
    EXPECT(LAPWING_OK, lapwing_spectral_clustering_bandwidth(model, &bandwidth));
    CHECK(kind == LAPWING_SPECTRAL_BY_LANDMARKS && fabs(bandwidth - 0.25) <= DBL_EPSILON);

    size_t length = 0;
    EXPECT(LAPWING_OK, lapwing_spectral_clustering_to_json(model, NULL, 0, &length));
    char *text = malloc(length + 1);
    EXPECT(LAPWING_OK, lapwing_spectral_clustering_to_json(model, text, length + 1, &length));
    CHECK(strlen(text) == length && strstr(text, "lapwing.landmark_spectral_clustering") != NULL);
    EXPECT(LAPWING_OK, lapwing_spectral_clustering_from_json(text, length, &again));
    free(text);
    for (int stored = 0; stored < 2; ++stored) {
        const lapwing_spectral_clustering *of = stored ? again : model;
        memset(predicted, -1, sizeof predicted);
        EXPECT(LAPWING_OK, NAME(lapwing_spectral_clustering_predict)(of, NAME(read_only)(x), predicted));
        CHECK(memcmp(predicted, labels, sizeof labels) == 0);
        EXPECT(LAPWING_OK, NAME(lapwing_spectral_clustering_transform)(of, NAME(read_only)(x), coordinates));
        EXPECT(LAPWING_OK, lapwing_spectral_clustering_embedding(of, &embedding));
        for (int i = 0; i < LARGE; ++i)
            for (int j = 0; j < 2; ++j) CHECK(places[i + j * LARGE] == entry(embedding, i, j));
    }
    lapwing_spectral_clustering_free(model), lapwing_spectral_clustering_free(again);
    free(x.memory);
}

/* With all samples as landmarks the approximation is the affinities themselves, whose eigenvalues are known: two pairs of equal
 * samples, so far apart that the Gaussian is 0, have the eigenvalue 0 twice, and nothing else. */
static void NAME(nystrom_tells_equal_samples_apart)(int layout) {
    static const int groups[4] = {0, 1, 0, 1};
    NAME(owned) x = NAME(make)(layout, 4, 2);
    for (int i = 0; i < 4; ++i)
        for (int j = 0; j < 2; ++j) *NAME(at)(x, i, j) = (REAL)(50 * groups[i] + j);
    lapwing_nystrom_spectral_clustering_options options = {
        .struct_size = sizeof options, .n_clusters = 2, .gamma = 0.5, .selection = LAPWING_LANDMARKS_RANDOM};
    lapwing_spectral_clustering *model = NULL, *none = NULL;
    int64_t labels[4], predicted[4], features = 0, landmarks = -1;
    int32_t kind = -1;
    double gamma = 0, places[8];
    const lapwing_mat_mut_f64 coordinates = {places, 4, 2, 1, 4};
    lapwing_mat_f64 embedding;
    lapwing_vec_f64 eigenvalues;
    static const double zeros[2] = {0, 0};
    EXPECT(LAPWING_OK, NAME(lapwing_nystrom_spectral_clustering_fit)(NAME(read_only)(x), &options, &model));
    labelled(model, 4, 2, labels);
    CHECK(same_partition(labels, groups, 4));
    EXPECT(LAPWING_OK, lapwing_spectral_clustering_eigenvalues(model, &eigenvalues));
    eigenvalues_are(eigenvalues, zeros, 2, EIGENVALUE_BOUND(4));
    EXPECT(LAPWING_OK, lapwing_spectral_clustering_kind(model, &kind));
    EXPECT(LAPWING_OK, lapwing_spectral_clustering_gamma(model, &gamma));
    EXPECT(LAPWING_OK, lapwing_spectral_clustering_n_features(model, &features));
    CHECK(kind == LAPWING_SPECTRAL_BY_NYSTROM && gamma == 0.5 && features == 2);
    EXPECT(LAPWING_OK, NAME(lapwing_spectral_clustering_predict)(model, NAME(read_only)(x), predicted));
    CHECK(memcmp(predicted, labels, sizeof labels) == 0);
    EXPECT(LAPWING_OK, NAME(lapwing_spectral_clustering_transform)(model, NAME(read_only)(x), coordinates));
    EXPECT(LAPWING_OK, lapwing_spectral_clustering_embedding(model, &embedding));
    for (int i = 0; i < 4; ++i)
        for (int j = 0; j < 2; ++j) CHECK(places[i + j * 4] == entry(embedding, i, j));
    EXPECT(LAPWING_ERR_ARGUMENT, lapwing_spectral_clustering_n_landmarks(model, &landmarks));
    CHECK(landmarks == -1);

    /* Two different samples are all there is to tell apart. */
    options.n_clusters = 3;
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_nystrom_spectral_clustering_fit)(NAME(read_only)(x), &options, &none));
    options.n_clusters = 2, options.gamma = -1;
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_nystrom_spectral_clustering_fit)(NAME(read_only)(x), &options, &none));
    options.gamma = 0, options.gamma_rule = 2;
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_nystrom_spectral_clustering_fit)(NAME(read_only)(x), &options, &none));
    options.gamma_rule = LAPWING_GAMMA_MEDIAN, options.struct_size = 3;
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_nystrom_spectral_clustering_fit)(NAME(read_only)(x), &options, &none));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_nystrom_spectral_clustering_fit)(NAME(read_only)(x), NULL, NULL));
    CHECK(none == NULL);
    lapwing_spectral_clustering_free(model);
    free(x.memory);
}

/* Each row is a multiple of its cluster's unit vector, turned. */
static void NAME(vectors_fall_into_clusters)(int layout) {
    NAME(owned) vectors = NAME(make)(layout, BLOBS, 2);
    int groups[BLOBS];
    int64_t labels[BLOBS], count = 0;
    for (int i = 0; i < BLOBS; ++i) {
        groups[i] = i % 3 == 0;
        *NAME(at)(vectors, i, 0) = (REAL)(groups[i] ? 0.6 : -0.8), *NAME(at)(vectors, i, 1) = (REAL)(groups[i] ? 0.8 : 0.6);
    }
    EXPECT(LAPWING_OK, NAME(lapwing_cluster_qr)(NAME(read_only)(vectors), labels));
    CHECK(same_partition(labels, groups, BLOBS));
    EXPECT(LAPWING_OK, NAME(lapwing_discretize)(NAME(read_only)(vectors), 3, labels));
    CHECK(same_partition(labels, groups, BLOBS));
    const REAL eigenvalues[] = {0, (REAL)0.125, (REAL)0.25, (REAL)0.75, (REAL)1.25};
    NAME(lapwing_vec) spectrum = {eigenvalues, 5, 1};
    EXPECT(LAPWING_OK, NAME(lapwing_eigengap)(spectrum, &count));
    CHECK(count == 3); /* the first of two gaps of 1/2 */
    spectrum.stride = 2, spectrum.len = 3;
    EXPECT(LAPWING_OK, NAME(lapwing_eigengap)(spectrum, &count));
    CHECK(count == 2);
    spectrum.len = 0;
    EXPECT(LAPWING_OK, NAME(lapwing_eigengap)(spectrum, &count));
    CHECK(count == 1);
    free(vectors.memory);
}

static void NAME(spectral)(void) {
    for (int layout = 0; layout < LAYOUTS; ++layout) {
        NAME(far_blobs_are_told_apart)(layout, layout % 3);
        NAME(rings_are_told_apart)(layout);
        NAME(blocks_are_found_dense_and_sparse)(layout);
        NAME(landmarks_tell_equal_samples_apart)(layout);
        NAME(nystrom_tells_equal_samples_apart)(layout);
        NAME(vectors_fall_into_clusters)(layout);
    }
    NAME(landmarks_tell_rings_apart)(5);
    NAME(other_numbers_of_blocks)();
    NAME(as_many_clusters_as_samples_are_all_different)();
    NAME(affinities_are_what_the_options_say)();
}
