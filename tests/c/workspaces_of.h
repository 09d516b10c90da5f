/* The test of workspaces in one precision, SCALAR, whose functions end in SUFFIX. */

static void NAME(workspaces)(void) {
    enum { LARGEST = 40 };
    /* Growing, shrinking, tall, wide, empty. */
    static const int64_t shapes[][2] = {{5, 3}, {40, 40}, {2, 2}, {40, 4}, {4, 40}, {0, 3}, {1, 1}, {30, 29}};
    static SCALAR entries[LARGEST * LARGEST];
    static SCALAR s[2][LARGEST], u[2][LARGEST * LARGEST], vt[2][LARGEST * LARGEST];
    struct NAME(lapwing_svd_workspace) *svd = NULL;
    struct NAME(lapwing_eigh_workspace) *eigh = NULL;
    uint64_t state = 7;
    for (int i = 0; i < LARGEST * LARGEST; ++i) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        entries[i] = (SCALAR)(state >> 40) / (SCALAR)(1 << 24) - (SCALAR)0.5;
    }
    EXPECT(LAPWING_OK, NAME(lapwing_svd_workspace_new)(&svd));
    EXPECT(LAPWING_OK, NAME(lapwing_eigh_workspace_new)(&eigh));
    for (size_t k = 0; k < sizeof shapes / sizeof shapes[0]; ++k) {
        const int64_t m = shapes[k][0], n = shapes[k][1], r = m < n ? m : n;
        const struct NAME(lapwing_mat) a = {entries, m, n, LARGEST, 1};
        for (int reused = 0; reused < 2; ++reused) {
            const struct NAME(lapwing_vec_mut) values = {s[reused], r, 1};
            const struct NAME(lapwing_mat_mut) left = {u[reused], m, r, r, 1}, right = {vt[reused], r, n, n, 1};
            memset(s[reused], 0, sizeof s[reused]);
            memset(u[reused], 0, sizeof u[reused]);
            memset(vt[reused], 0, sizeof vt[reused]);
            EXPECT(LAPWING_OK, reused ? NAME(lapwing_svd_with_workspace)(svd, a, values, left, right)
                                      : NAME(lapwing_svd)(a, values, left, right));
        }
        CHECK(memcmp(s[0], s[1], sizeof s[0]) == 0);
        CHECK(memcmp(u[0], u[1], sizeof u[0]) == 0 && memcmp(vt[0], vt[1], sizeof vt[0]) == 0);

        const struct NAME(lapwing_mat) symmetric = {entries, r, r, LARGEST, 1};
        for (int reused = 0; reused < 2; ++reused) {
            const struct NAME(lapwing_vec_mut) values = {s[reused], r, 1};
            const struct NAME(lapwing_mat_mut) vectors = {u[reused], r, r, r, 1};
            EXPECT(LAPWING_OK, reused ? NAME(lapwing_eigh_with_workspace)(eigh, symmetric, LAPWING_LOWER, values, vectors)
                                      : NAME(lapwing_eigh)(symmetric, LAPWING_LOWER, values, vectors));
        }
        CHECK(memcmp(s[0], s[1], sizeof s[0]) == 0 && memcmp(u[0], u[1], sizeof u[0]) == 0);

        /* After a refusal it serves on. */
        const struct NAME(lapwing_vec_mut) too_long = {s[1], r + 1, 1};
        const struct NAME(lapwing_mat_mut) unwanted = {NULL, 0, 0, 0, 0};
        EXPECT(LAPWING_ERR_SHAPE, NAME(lapwing_svd_with_workspace)(svd, a, too_long, unwanted, unwanted));
    }
    NAME(lapwing_svd_workspace_free)(svd);
    NAME(lapwing_eigh_workspace_free)(eigh);
}
