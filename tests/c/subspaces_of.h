/* Subspaces in one precision. The matrix of the tests is of integers and of rank 2:
 *
 *      1  2  3  1        column 2 is column 0 + column 1, column 3 is 3 * column 0 - column 1;
 *      1  0  1  3        it has 5 rows and 4 columns. */

#include "matrix_of.h"

enum { NAME(M) = 5, NAME(N) = 4 };

static const int NAME(first)[5] = {1, 1, 0, 2, -1}, NAME(second)[5] = {2, 0, 1, -1, 3};

static void NAME(fill)(NAME(owned) a) {
    for (int64_t i = 0; i < NAME(M); ++i) {
        const int x = NAME(first)[i], y = NAME(second)[i];
        *NAME(at)(a, i, 0) = (REAL)x, *NAME(at)(a, i, 1) = (REAL)y;
        *NAME(at)(a, i, 2) = (REAL)(x + y), *NAME(at)(a, i, 3) = (REAL)(3 * x - y);
    }
}

static NAME(owned) NAME(filled)(int layout, int64_t rows, int64_t cols, REAL value) {
    NAME(owned) a = NAME(make)(layout, rows, cols);
    for (size_t i = 0; i < a.count; ++i) a.memory[i] = value;
    return a;
}

/* The leading columns are orthonormal, to 50 * rows * unit roundoff as LAPACK holds its SVD to, and the others hold 77
 * still. */
static void NAME(orthonormal)(NAME(owned) q, int64_t count) {
    for (int64_t j = 0; j < q.view.cols; ++j) {
        for (int64_t k = 0; k < count; ++k) {
            double sum = j == k ? -1 : 0;
            for (int64_t i = 0; i < q.view.rows; ++i) sum += (double)*NAME(at)(q, i, j) * *NAME(at)(q, i, k);
            CHECK(j >= count || fabs(sum) <= 50 * (double)q.view.rows * UNIT_ROUNDOFF);
        }
        for (int64_t i = 0; j >= count && i < q.view.rows; ++i) CHECK(*NAME(at)(q, i, j) == 77);
    }
}

/* Every entry of a * q is zero to rounding, or every one of transpose(a) * q: norm(a) is below 16. */
static void NAME(annihilated)(NAME(owned) a, NAME(owned) q, int64_t count, int transposed) {
    for (int64_t i = 0; i < (transposed ? a.view.cols : a.view.rows); ++i) {
        for (int64_t j = 0; j < count; ++j) {
            double sum = 0;
            for (int64_t k = 0; k < q.view.rows; ++k)
                sum += (double)(transposed ? *NAME(at)(a, k, i) : *NAME(at)(a, i, k)) * *NAME(at)(q, k, j);
            CHECK(fabs(sum) <= 50 * 5 * 16 * UNIT_ROUNDOFF);
        }
    }
}

static NAME(owned) NAME(leading)(NAME(owned) a, int64_t cols) {
    a.view.cols = cols;
    return a;
}

/* A view of the right shape, with NULL data. */
static NAME(lapwing_mat_mut) NAME(nothing)(NAME(owned) a) {
    a.view.data = NULL;
    return a.view;
}

static void NAME(ranks)(int layout) {
    NAME(owned) a = NAME(make)(layout, NAME(M), NAME(N)), s = NAME(make)(0, NAME(N), 1);
    NAME(lapwing_vec_mut) s_view = {s.memory, NAME(N), 1}, unwanted = {NULL, 0, 0};
    int64_t rank = 77, columns[4] = {77, 77, 77, 77}, count = 77;
    int32_t clear_cut = 77;
    double effective = 77, stable = 77;
    NAME(fill)(a);
    EXPECT(LAPWING_OK, NAME(lapwing_rank)(NAME(read_only)(a), LAPWING_TOLERANCE_STANDARD, 0, s_view, &rank, &clear_cut));
    CHECK(rank == 2 && clear_cut == 1 && s.memory[0] >= s.memory[1] && s.memory[2] < 1e-5);
    /* The sum of squares of singular values is that of the entries: 7 + 15 + 16 + 96 = 134. */
    CHECK(fabs((double)s.memory[0] * s.memory[0] + (double)s.memory[1] * s.memory[1] - 134) <= 134 * 500 * UNIT_ROUNDOFF);
    EXPECT(LAPWING_OK, NAME(lapwing_rank)(NAME(read_only)(a), LAPWING_TOLERANCE_ABSOLUTE, 1000, unwanted, &rank, NULL));
    CHECK(rank == 0);
    EXPECT(LAPWING_OK, NAME(lapwing_rank)(NAME(read_only)(a), LAPWING_TOLERANCE_RELATIVE, 0.999, unwanted, &rank, NULL));
    CHECK(rank == 1);

    EXPECT(LAPWING_OK, NAME(lapwing_effective_rank)(NAME(read_only)(a), &effective, &stable));
    CHECK(effective > 1 && effective < 2.0001);
    CHECK(fabs(stable - 134 / ((double)s.memory[0] * s.memory[0])) <= 500 * UNIT_ROUNDOFF);
    EXPECT(LAPWING_OK, NAME(lapwing_effective_rank)(NAME(read_only)(a), NULL, NULL));
    EXPECT(LAPWING_OK, NAME(lapwing_energy_rank)(NAME(read_only)(a), 1.0, &rank));
    CHECK(rank == 2);

    EXPECT(LAPWING_OK,
           NAME(lapwing_independent_columns)(NAME(read_only)(a), LAPWING_TOLERANCE_STANDARD, 0, columns, &count));
    CHECK(count == 2 && columns[0] == 0 && columns[1] == 1 && columns[2] == 77);

    NAME(owned) made_of = NAME(make)((layout + 1) % LAYOUTS, NAME(N), NAME(N));
    REAL far[NAME(N)];
    NAME(lapwing_vec_mut) distances = {far, NAME(N), 1};
    EXPECT(LAPWING_OK, NAME(lapwing_column_combinations)(NAME(read_only)(a), LAPWING_TOLERANCE_STANDARD, 0, made_of.view,
                                                         distances));
    for (int64_t j = 0; j < NAME(N); ++j) {
        for (int64_t i = 0; i < NAME(M); ++i) {
            double sum = *NAME(at)(a, i, j);
            for (int64_t k = 0; k < NAME(N); ++k) sum -= (double)*NAME(at)(a, i, k) * *NAME(at)(made_of, k, j);
            CHECK(fabs(sum) <= 500 * UNIT_ROUNDOFF);
        }
        for (int64_t k = 0; k < NAME(N); ++k) CHECK((k < 2 && j >= 2) || *NAME(at)(made_of, k, j) == (REAL)(k == j && j < 2));
        CHECK(far[j] >= 0 && far[j] <= (j < 2 ? 0 : 500 * UNIT_ROUNDOFF));
    }
    EXPECT(LAPWING_OK, NAME(lapwing_column_combinations)(NAME(read_only)(a), 0, 0, made_of.view, unwanted));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_column_combinations)(NAME(read_only)(a), 0, 0, NAME(nothing)(made_of), distances));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_column_combinations)(NAME(read_only)(a), 0, 0, NAME(leading)(made_of, 1).view,
                                                                distances));
    distances.len = 1;
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_column_combinations)(NAME(read_only)(a), 0, 0, made_of.view, distances));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "rule is 3",
                   NAME(lapwing_column_combinations)(NAME(read_only)(a), 3, 0, made_of.view, unwanted));
    free(made_of.memory);

    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_rank)(NAME(read_only)(a), 0, 0, unwanted, NULL, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "rule is 3", NAME(lapwing_rank)(NAME(read_only)(a), 3, 0, s_view, &rank, NULL));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_rank)(NAME(read_only)(a), 1, -1.0, s_view, &rank, NULL));
    s_view.len = 3;
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_rank)(NAME(read_only)(a), 0, 0, s_view, &rank, NULL));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_energy_rank)(NAME(read_only)(a), 0, &rank));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_energy_rank)(NAME(read_only)(a), 0.5, NULL));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_independent_columns)(NAME(read_only)(a), 0, 0, NULL, &count));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_independent_columns)(NAME(read_only)(a), 0, 0, columns, NULL));
    *NAME(at)(a, 2, 1) = (REAL)NAN;
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "a[2, 1]", NAME(lapwing_effective_rank)(NAME(read_only)(a), &effective, NULL));
    CHECK(rank == 2 && count == 2);
    free(a.memory), free(s.memory);
}

static void NAME(bases)(int layout_in, int layout_out) {
    NAME(owned) a = NAME(make)(layout_in, NAME(M), NAME(N));
    NAME(owned) null = NAME(filled)(layout_out, NAME(N), NAME(N), 77), range = NAME(filled)(layout_out, NAME(M), NAME(N), 77);
    NAME(owned) rest = NAME(filled)(layout_out, NAME(M), NAME(M), 77), rows = NAME(filled)(layout_out, NAME(N), NAME(N), 77);
    NAME(owned) onto = NAME(make)(layout_out, NAME(M), NAME(M)), off = NAME(make)(layout_out, NAME(M), NAME(M));
    const NAME(lapwing_mat_mut) unwanted = {NULL, 0, 0, 0, 0};
    int64_t count = 77;
    NAME(fill)(a);
    EXPECT(LAPWING_OK, NAME(lapwing_null_space)(NAME(read_only)(a), 0, 0, null.view, &count));
    CHECK(count == 2);
    NAME(orthonormal)(null, 2), NAME(annihilated)(a, null, 2, 0);
    EXPECT(LAPWING_OK, NAME(lapwing_orthonormal_basis)(NAME(read_only)(a), 0, 0, range.view, &count));
    CHECK(count == 2);
    NAME(orthonormal)(range, 2);
    EXPECT(LAPWING_OK, NAME(lapwing_orthogonal_complement)(NAME(read_only)(a), 0, 0, rest.view, &count));
    CHECK(count == 3);
    NAME(orthonormal)(rest, 3), NAME(annihilated)(a, rest, 3, 1), NAME(annihilated)(NAME(leading)(range, 2), rest, 3, 1);

    for (size_t i = 0; i < range.count; ++i) range.memory[i] = 77;
    for (size_t i = 0; i < null.count; ++i) null.memory[i] = 77;
    for (size_t i = 0; i < rest.count; ++i) rest.memory[i] = 77;
    EXPECT(LAPWING_OK, NAME(lapwing_fundamental_subspaces)(NAME(read_only)(a), 0, 0, range.view, rows.view, null.view,
                                                           rest.view, &count));
    CHECK(count == 2);
    NAME(orthonormal)(range, 2), NAME(orthonormal)(rows, 2), NAME(orthonormal)(null, 2), NAME(orthonormal)(rest, 3);
    NAME(annihilated)(a, null, 2, 0), NAME(annihilated)(a, rest, 3, 1), NAME(annihilated)(NAME(leading)(rows, 2), null, 2, 1);
    EXPECT(LAPWING_OK, NAME(lapwing_fundamental_subspaces)(NAME(read_only)(a), 0, 0, unwanted, unwanted, unwanted,
                                                           unwanted, &count));

    EXPECT(LAPWING_OK, NAME(lapwing_projectors)(NAME(read_only)(a), 0, 0, onto.view, off.view, &count));
    CHECK(count == 2);
    for (int64_t i = 0; i < NAME(M); ++i) {
        double x = 0, y = 0;
        for (int64_t j = 0; j < NAME(M); ++j) {
            x += (double)*NAME(at)(onto, i, j) * NAME(first)[j];
            y += (double)*NAME(at)(off, i, j) * NAME(second)[j];
            CHECK(*NAME(at)(onto, i, j) == *NAME(at)(onto, j, i));
        }
        CHECK(fabs(x - NAME(first)[i]) <= 50 * 5 * 16 * UNIT_ROUNDOFF && fabs(y) <= 50 * 5 * 16 * UNIT_ROUNDOFF);
    }
    EXPECT(LAPWING_OK, NAME(lapwing_projectors)(NAME(read_only)(a), 0, 0, unwanted, unwanted, NULL));

    /* Refused: NULL, wrong shapes, overlaps. */
    for (size_t i = 0; i < null.count; ++i) null.memory[i] = 77;
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_null_space)(NAME(read_only)(a), 0, 0, null.view, NULL));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_null_space)(NAME(read_only)(a), 0, 0, NAME(nothing)(null), &count));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_null_space)(NAME(read_only)(a), 0, 0, rest.view, &count));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_null_space)(NAME(read_only)(a), -1, 0, null.view, &count));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_null_space)(NAME(read_only)(a), 2, NAN, null.view, &count));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_orthonormal_basis)(NAME(read_only)(a), 0, 0, rest.view, &count));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_orthonormal_basis)(NAME(read_only)(a), 0, 0, NAME(nothing)(range), &count));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_orthogonal_complement)(NAME(read_only)(a), 0, 0, range.view, &count));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_orthogonal_complement)(NAME(read_only)(a), 0, 0, rest.view, NULL));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_fundamental_subspaces)(NAME(read_only)(a), 0, 0, rest.view, rows.view, null.view,
                                                                  unwanted, &count));
    EXPECT(LAPWING_ERR_ALIAS, NAME(lapwing_fundamental_subspaces)(NAME(read_only)(a), 0, 0, unwanted, null.view, null.view,
                                                                  unwanted, &count));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_fundamental_subspaces)(NAME(read_only)(a), 0, 0, unwanted, unwanted, unwanted,
                                                                 unwanted, NULL));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_projectors)(NAME(read_only)(a), 0, 0, null.view, unwanted, &count));
    for (size_t i = 0; i < null.count; ++i) CHECK(null.memory[i] == 77);
    a.view.data = NULL;
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_projectors)(NAME(read_only)(a), 0, 0, onto.view, unwanted, &count));
    CHECK(count == 2);
    free(a.memory), free(null.memory), free(range.memory), free(rest.memory), free(rows.memory);
    free(onto.memory), free(off.memory);
}

/* A plane, and the plane turned by an angle about one of its axes. */
static void NAME(angles)(int layout) {
    static const double turns[] = {1e-12, 1e-3, 0.5, 1.5};
    NAME(owned) plane = NAME(filled)(layout, 4, 3, 0), turned = NAME(filled)(layout, 4, 2, 0);
    NAME(owned) angles = NAME(filled)(0, 2, 1, 77);
    NAME(lapwing_vec_mut) view = {angles.memory + 1, 2, -1};
    for (size_t turn = 0; turn < sizeof turns / sizeof *turns; ++turn) {
        const REAL theta = (REAL)turns[turn];
        REAL distance = 77;
        int64_t count = 77;
        int32_t contained = 77;
        /* The third column of the plane is the sum of the others, and adds no dimension. */
        *NAME(at)(plane, 0, 0) = 1, *NAME(at)(plane, 1, 1) = 1;
        *NAME(at)(plane, 0, 2) = 1, *NAME(at)(plane, 1, 2) = 1;
        *NAME(at)(turned, 0, 0) = 1;
        *NAME(at)(turned, 1, 1) = (REAL)cos(theta), *NAME(at)(turned, 2, 1) = (REAL)sin(theta);
        EXPECT(LAPWING_OK, NAME(lapwing_principal_angles)(NAME(read_only)(plane), NAME(read_only)(turned), view, &count));
        CHECK(count == 2 && fabs((double)angles.memory[1] - theta) <= 8 * UNIT_ROUNDOFF);
        CHECK(fabs((double)angles.memory[0]) <= 8 * UNIT_ROUNDOFF);
        EXPECT(LAPWING_OK, NAME(lapwing_subspace_distance)(NAME(read_only)(plane), NAME(read_only)(turned),
                                                           LAPWING_DISTANCE_GAP, &distance));
        CHECK(fabs((double)distance - sin(theta)) <= 8 * UNIT_ROUNDOFF);
        EXPECT(LAPWING_OK, NAME(lapwing_subspace_distance)(NAME(read_only)(plane), NAME(read_only)(turned),
                                                           LAPWING_DISTANCE_GEODESIC, &distance));
        CHECK(fabs((double)distance - theta) <= 16 * UNIT_ROUNDOFF);
        EXPECT(LAPWING_OK, NAME(lapwing_subspace_distance)(NAME(read_only)(plane), NAME(read_only)(turned),
                                                           LAPWING_DISTANCE_CHORDAL, &distance));
        CHECK(fabs((double)distance - sin(theta)) <= 16 * UNIT_ROUNDOFF);
        EXPECT(LAPWING_OK, NAME(lapwing_subspace_contains)(NAME(read_only)(plane), NAME(read_only)(turned), 1e-2, &contained));
        CHECK(contained == (theta < 1e-2));
    }
    NAME(owned) other = NAME(filled)(layout, 3, 2, 1);
    REAL distance = 77;
    int64_t count = 77;
    int32_t contained = 77;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "b has 3 rows",
                   NAME(lapwing_principal_angles)(NAME(read_only)(plane), NAME(read_only)(other), view, &count));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_subspace_distance)(NAME(read_only)(plane), NAME(read_only)(other), 0, &distance));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_subspace_contains)(NAME(read_only)(plane), NAME(read_only)(other), 1, &contained));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_subspace_distance)(NAME(read_only)(plane), NAME(read_only)(turned), 3, &distance));
    EXPECT(LAPWING_ERR_ARGUMENT,
           NAME(lapwing_subspace_contains)(NAME(read_only)(plane), NAME(read_only)(turned), -1, &contained));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_subspace_distance)(NAME(read_only)(plane), NAME(read_only)(turned), 0, NULL));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_subspace_contains)(NAME(read_only)(plane), NAME(read_only)(turned), 0, NULL));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_principal_angles)(NAME(read_only)(plane), NAME(read_only)(turned), view, NULL));
    view.len = 1;
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_principal_angles)(NAME(read_only)(plane), NAME(read_only)(turned), view, &count));
    *NAME(at)(turned, 3, 1) = (REAL)INFINITY;
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "b[3, 1]",
                   NAME(lapwing_subspace_distance)(NAME(read_only)(plane), NAME(read_only)(turned), 0, &distance));
    CHECK(distance == 77 && count == 77 && contained == 77);
    free(plane.memory), free(turned.memory), free(angles.memory), free(other.memory);
}

static void NAME(orthogonalizations)(int layout_in, int layout_out) {
    NAME(owned) a = NAME(make)(layout_in, NAME(M), NAME(N));
    NAME(owned) q = NAME(make)(layout_out, NAME(M), NAME(N)), r = NAME(make)(layout_out, NAME(N), NAME(N));
    NAME(owned) g = NAME(make)(layout_out, NAME(N), NAME(N));
    const NAME(lapwing_mat_mut) unwanted = {NULL, 0, 0, 0, 0};
    int64_t columns[4] = {77, 77, 77, 77}, count = 77;
    NAME(fill)(a);
    for (int32_t method = LAPWING_GRAM_SCHMIDT_CLASSICAL; method <= LAPWING_GRAM_SCHMIDT_REORTHOGONALIZED; ++method) {
        for (size_t i = 0; i < q.count; ++i) q.memory[i] = 77;
        for (size_t i = 0; i < r.count; ++i) r.memory[i] = 77;
        EXPECT(LAPWING_OK, NAME(lapwing_gram_schmidt)(NAME(read_only)(a), method, LAPWING_DEPENDENT_SKIP, -1, q.view, r.view,
                                                      columns, &count));
        CHECK(count == 2 && columns[0] == 0 && columns[1] == 1 && columns[2] == 77);
        NAME(orthonormal)(q, 2);
        for (int64_t i = 0; i < NAME(M); ++i) {
            for (int64_t j = 0; j < NAME(N); ++j) {
                double sum = -(double)*NAME(at)(a, i, j);
                for (int64_t k = 0; k < 2; ++k) sum += (double)*NAME(at)(q, i, k) * *NAME(at)(r, k, j);
                CHECK(fabs(sum) <= 30 * 5 * 16 * UNIT_ROUNDOFF);
            }
        }
        for (int64_t j = 0; j < NAME(N); ++j) CHECK(*NAME(at)(r, 2, j) == 77 && *NAME(at)(r, 3, j) == 77);
        CHECK(*NAME(at)(r, 1, 0) == 0);
        count = 77;
        EXPECT_MESSAGE(LAPWING_ERR_RANK_DEFICIENT, "column 2 ",
                       NAME(lapwing_gram_schmidt)(NAME(read_only)(a), method, LAPWING_DEPENDENT_REFUSE, -1, q.view, r.view,
                                                  columns, &count));
        CHECK(count == 77);
    }
    EXPECT(LAPWING_OK, NAME(lapwing_gram_schmidt)(NAME(read_only)(a), 2, 1, 0.5, unwanted, unwanted, NULL, &count));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_gram_schmidt)(NAME(read_only)(a), 3, 1, -1, q.view, r.view, NULL, &count));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_gram_schmidt)(NAME(read_only)(a), 0, 2, -1, q.view, r.view, NULL, &count));
    EXPECT(LAPWING_ERR_ARGUMENT, NAME(lapwing_gram_schmidt)(NAME(read_only)(a), 0, 1, NAN, q.view, r.view, NULL, &count));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_gram_schmidt)(NAME(read_only)(a), 0, 1, -1, q.view, r.view, NULL, NULL));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_gram_schmidt)(NAME(read_only)(a), 0, 1, -1, r.view, unwanted, NULL, &count));
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_gram_schmidt)(NAME(read_only)(a), 0, 1, -1, unwanted, q.view, NULL, &count));

    /* Products of small integers are exact. */
    EXPECT(LAPWING_OK, NAME(lapwing_gram)(NAME(read_only)(a), g.view));
    for (int64_t i = 0; i < NAME(N); ++i) {
        for (int64_t j = 0; j < NAME(N); ++j) {
            double sum = 0;
            for (int64_t k = 0; k < NAME(M); ++k) sum += (double)*NAME(at)(a, k, i) * *NAME(at)(a, k, j);
            CHECK(*NAME(at)(g, i, j) == sum);
        }
    }
    /* Nothing is dependent here, and nothing refused. */
    NAME(scatter)(a, 11);
    EXPECT(LAPWING_OK, NAME(lapwing_gram_schmidt)(NAME(read_only)(a), LAPWING_GRAM_SCHMIDT_REORTHOGONALIZED,
                                                  LAPWING_DEPENDENT_REFUSE, -1, q.view, r.view, NULL, &count));
    CHECK(count == 4);
    NAME(orthonormal)(q, 4);
    EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_gram)(NAME(read_only)(a), q.view));
    EXPECT(LAPWING_ERR_NULL, NAME(lapwing_gram)(NAME(read_only)(a), NAME(nothing)(g)));
    free(a.memory), free(q.memory), free(r.memory), free(g.memory);
}

static void NAME(subspaces)(void) {
    for (int layout = 0; layout < LAYOUTS; ++layout) {
        NAME(ranks)(layout);
        NAME(angles)(layout);
        for (int out = 0; out < LAYOUTS; out += 1 + layout % 3) {
            NAME(bases)(layout, out);
            NAME(orthogonalizations)(layout, out);
        }
    }
}
