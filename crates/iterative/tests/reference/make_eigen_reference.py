#!/usr/bin/env python3
"""Reference eigenpairs of sparse matrices, written to eigen.json beside this file.

    python -m venv venv && venv/bin/pip install numpy scipy && venv/bin/python make_eigen_reference.py

The values are those of SciPy's eigsh, eigs and lobpcg at machine precision; each is checked here against LAPACK on the
dense matrix, and how far the two are apart stands beside it.
"""

import json
import pathlib

import numpy as np
import scipy
import scipy.sparse as sp
from scipy.sparse.linalg import eigs, eigsh, lobpcg

rng = np.random.default_rng(20240711)
N = 300


def triplets(a):
    a = sp.coo_array(a)
    return {"order": a.shape[0], "rows": a.row.tolist(), "columns": a.col.tolist(), "entries": a.data.tolist()}


def graph(n, neighbours):
    """The Laplacian of a random weighted graph."""
    rows = np.repeat(np.arange(n), neighbours)
    columns = rng.integers(0, n, n * neighbours)
    weights = sp.coo_array((rng.uniform(0.1, 1.0, n * neighbours), (rows, columns)), shape=(n, n))
    weights = (weights + weights.T).tolil()
    weights.setdiag(0.0)
    weights = weights.tocsr()
    return (sp.diags_array(weights.sum(axis=1)) - weights).tocsr()


laplacian = graph(N, 3)
dense = np.linalg.eigvalsh(laplacian.toarray())
symmetric = {}
for name, which, k in [("largest", "LA", 5), ("smallest", "SA", 4), ("both", "BE", 5), ("magnitude", "LM", 3)]:
    values = np.sort(eigsh(laplacian, k, which=which, v0=rng.standard_normal(N))[0])
    exact = {"LA": dense[-k:], "SA": dense[:k], "BE": np.r_[dense[:2], dense[-3:]], "LM": dense[-k:]}[which]
    symmetric[name] = {"k": k, "values": values.tolist(), "difference": float(abs(values - exact).max())}

mass = sp.diags_array(rng.uniform(0.5, 2.0, N)).tocsr()
shifted = (laplacian + 0.1 * sp.eye_array(N)).tocsr()
start = rng.standard_normal((N, 4))
values, _ = lobpcg(shifted, start, B=mass, M=sp.diags_array(1.0 / shifted.diagonal()), largest=False, tol=1e-9, maxiter=500)
exact = scipy.linalg.eigh(shifted.toarray(), mass.toarray(), eigvals_only=True)[:4]
pencil = {"mass": mass.diagonal().tolist(), "shift": 0.1, "k": 4, "values": np.sort(values).tolist(),
          "difference": float(abs(np.sort(values) - exact).max())}

# Convection and diffusion on a path, with a few random couplings: complex pairs at every end.
general = sp.diags_array([-1.4, 2.0, -0.6], offsets=[-1, 0, 1], shape=(N, N)) + sp.random_array(
    (N, N), density=0.01, rng=rng, data_sampler=rng.standard_normal)
general = general.tocsr()
dense = np.linalg.eigvals(general.toarray())
unsymmetric = {}
for name, which in [("magnitude", "LM"), ("largest_real", "LR"), ("smallest_real", "SR"), ("largest_imaginary", "LI")]:
    key = {"LM": -abs(dense), "LR": -dense.real, "SR": dense.real, "LI": -abs(dense.imag)}[which]
    for k in [6, 5, 7]:
        # A number of pairs that does not split a conjugate one.
        exact = dense[np.argsort(key, kind="stable")[:k]]
        if np.isclose(exact.imag.sum(), 0.0):
            break
    values = eigs(general, k, which=which, v0=rng.standard_normal(N), maxiter=100000)[0]
    pair = lambda z: np.array(sorted(z, key=lambda z: (round(z.real, 8), z.imag)))
    values, exact = pair(values), pair(exact)
    unsymmetric[name] = {"k": k, "real": values.real.tolist(), "imaginary": values.imag.tolist(),
                         "difference": float(abs(values - exact).max())}

reference = {
    "versions": {"numpy": np.__version__, "scipy": scipy.__version__},
    "laplacian": triplets(laplacian), "symmetric": symmetric, "pencil": pencil,
    "general": triplets(general), "unsymmetric": unsymmetric,
}
for group in [symmetric, unsymmetric, {"pencil": pencil}]:
    for name, case in group.items():
        print(name, case["k"], case["difference"])
        assert case["difference"] < 1e-8, name
path = pathlib.Path(__file__).with_name("eigen.json")
path.write_text(json.dumps(reference, separators=(",", ":")) + "\n")
