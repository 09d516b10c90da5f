#!/usr/bin/env python3
"""Reference singular values of sparse matrices, written to singular_values.json beside this file.

    python -m venv venv && venv/bin/pip install numpy scipy && venv/bin/python make_singular_reference.py

The values are those of SciPy's svds by each of its solvers, at machine precision; how far they are from LAPACK's on the
dense matrix stands beside them. ARPACK works with the Gram matrix: its small values keep half of their digits.
"""

import json
import pathlib

import numpy as np
import scipy
import scipy.sparse as sp
from scipy.sparse.linalg import svds

rng = np.random.default_rng(20241103)


def scattered(rows, columns):
    return sp.random_array((rows, columns), density=0.02, rng=rng, data_sampler=rng.standard_normal).tocsr()


block = scattered(120, 70)
matrices = {
    "tall": scattered(400, 150),
    "wide": scattered(150, 400),
    # Every singular value three times.
    "repeated": sp.block_diag([block, block, block]).tocsr(),
    # Eight decades over the columns.
    "graded": (scattered(300, 200) @ sp.diags_array(np.logspace(0, -8, 200))).tocsr(),
}

reference = {"versions": {"numpy": np.__version__, "scipy": scipy.__version__}, "matrices": {}}
for name, a in matrices.items():
    dense = np.linalg.svd(a.toarray(), compute_uv=False)
    k = 12
    solvers = {}
    for solver in ["arpack", "propack", "lobpcg"]:
        options = {"maxiter": 2000} if solver == "lobpcg" else {}
        found = svds(a, k, solver=solver, random_state=np.random.default_rng(7), return_singular_vectors=True, **options)[1]
        found = np.sort(found)[::-1]
        solvers[solver] = {"values": found.tolist(), "difference": float(abs(found - dense[:k]).max() / dense[0])}
        print(name, solver, solvers[solver]["difference"])
    coo = sp.coo_array(a)
    reference["matrices"][name] = {
        "shape": list(a.shape), "rows": coo.row.tolist(), "columns": coo.col.tolist(), "entries": coo.data.tolist(),
        "k": k, "solvers": solvers,
    }
path = pathlib.Path(__file__).with_name("singular_values.json")
path.write_text(json.dumps(reference, separators=(",", ":")) + "\n")
