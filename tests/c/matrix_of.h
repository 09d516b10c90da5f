/* Matrices in every layout, for one precision: REAL, SUFFIX and UNIT_ROUNDOFF come from the including file. */

typedef struct {
    REAL *memory;
    size_t count;
    NAME(lapwing_mat_mut) view;
} NAME(owned);

/* Memory of exactly the size that the layout needs, so that a memory checker sees a step outside. */
static inline NAME(owned) NAME(make)(int layout, int64_t rows, int64_t cols) {
    NAME(owned) result;
    NAME(lapwing_mat_mut) view = {NULL, rows, cols, 0, 0};
    int64_t first = 0;
    switch (layout) {
    case 0: /* row-major */
        view.row_stride = cols, view.col_stride = 1;
        break;
    case 1: /* column-major */
        view.row_stride = 1, view.col_stride = rows;
        break;
    case 2: /* row-major, padded */
        view.row_stride = cols + 3, view.col_stride = 1;
        break;
    case 3: /* column-major, padded */
        view.row_stride = 1, view.col_stride = rows + 2;
        break;
    case 4: /* both axes reversed */
        view.row_stride = -cols, view.col_stride = -1, first = rows * cols - 1;
        break;
    default: /* every other entry of every other row, rows reversed */
        view.row_stride = -4 * cols, view.col_stride = 2, first = (rows - 1) * 4 * cols;
        break;
    }
    result.count = rows * cols == 0 ? 0
                                    : (size_t)((rows - 1) * (view.row_stride < 0 ? -view.row_stride : view.row_stride) +
                                               (cols - 1) * (view.col_stride < 0 ? -view.col_stride : view.col_stride) + 1);
    result.memory = result.count == 0 ? NULL : malloc(result.count * sizeof(REAL));
    if (result.memory != NULL) view.data = result.memory + first;
    result.view = view;
    return result;
}

static inline NAME(lapwing_mat) NAME(read_only)(NAME(owned) a) {
    NAME(lapwing_mat) view = {a.view.data, a.view.rows, a.view.cols, a.view.row_stride, a.view.col_stride};
    return view;
}

static inline REAL *NAME(at)(NAME(owned) a, int64_t i, int64_t j) {
    return a.view.data + i * a.view.row_stride + j * a.view.col_stride;
}

/* Entries in [-1, 1), the same on every machine. */
static inline void NAME(scatter)(NAME(owned) a, uint64_t state) {
    for (int64_t i = 0; i < a.view.rows; ++i) {
        for (int64_t j = 0; j < a.view.cols; ++j) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            *NAME(at)(a, i, j) = (REAL)((double)(state >> 40) / 8388608.0 - 1.0);
        }
    }
}
