#!/usr/bin/env python3
"""Reference solutions and iteration counts of SciPy's iterative solvers, written to linear_systems.json beside this file.

    python -m venv venv && venv/bin/pip install numpy scipy && venv/bin/python linear_systems.py

Each case has a matrix as triplets, a right-hand side, SciPy's solution with its number of iterations, the solution of a
dense factorization, and the condition number by which a tolerance on the residual becomes one on the solution.
"""

import json
import pathlib

import numpy as np
import scipy
import scipy.sparse as sp
import scipy.sparse.linalg as spl

TOLERANCE = 1e-10


def difference(n):
    return sp.diags([-np.ones(n - 1), 2 * np.ones(n), -np.ones(n - 1)], [-1, 0, 1])


def poisson(n):
    return (sp.kron(difference(n), sp.eye(n)) + sp.kron(sp.eye(n), difference(n))).tocsr()


def scaled_poisson(n):
    """Condition number about 1e12, all of it from the scaling."""
    d = sp.diags(np.logspace(0, 5.5, n * n))
    return (d @ poisson(n) @ d).tocsr()


def convection_diffusion(n, wind):
    """Upwind differences of wind times the derivative along the rows."""
    upwind = sp.diags([np.ones(n), -np.ones(n - 1)], [0, -1])
    return (poisson(n) + wind * sp.kron(sp.eye(n), upwind)).tocsr()


def ring(n):
    """The Laplacian of a cycle: singular, with the constants as its null space."""
    edges = sp.diags([np.ones(n - 1), np.ones(n - 1), [1.0], [1.0]], [1, -1, n - 1, 1 - n])
    return (2 * sp.eye(n) - edges).tocsr()


def rectangular(m, n):
    rng = np.random.default_rng(20240611)
    a = sp.random(m, n, density=0.2, rng=rng, format="csr")
    return (a + sp.diags(np.linspace(1, 3, n), shape=(m, n))).tocsr()


def wave(n):
    return np.sin(1 + np.arange(n) ** 1.5)


def counted(solver, a, b, **options):
    count = 0

    def callback(_):
        nonlocal count
        count += 1

    x, info = solver(a, b, callback=callback, **options)
    assert info == 0, info
    return x, count


def counted_minres(a, b, **options):
    """SciPy's MINRES stops when the residual is small against norm(A) norm(x): it is run further here, and the iterations
    until the residual is small against b are counted."""
    iterates = []
    spl.minres(a, b, callback=lambda x: iterates.append(x.copy()), **(options | {"rtol": options["rtol"] / 1e5}))
    for count, x in enumerate(iterates, 1):
        if np.linalg.norm(b - a @ x) <= options["rtol"] * np.linalg.norm(b):
            return x, count
    raise AssertionError("the tolerance is not met")


def square(name, method, a, b, jacobi=False, condition=None):
    preconditioner = sp.diags(1 / a.diagonal()) if jacobi else None
    options = {"rtol": TOLERANCE, "M": preconditioner, "maxiter": 20 * len(b)}
    if method == "gmres":
        options |= {"restart": 20, "callback_type": "pr_norm"}
    if method == "minres":
        x, iterations = counted_minres(a, b, **options)
    else:
        solver = {"cg": spl.cg, "gmres": spl.gmres, "bicgstab": spl.bicgstab}[method]
        x, iterations = counted(solver, a, b, **options)
    dense = a.toarray()
    return case(name, method, a, b, x, iterations) | {
        "jacobi": jacobi,
        "exact": np.linalg.lstsq(dense, b, rcond=1e-14)[0].tolist(),
        "condition": float(condition or np.linalg.cond(dense)),
    }


def least_squares(name, method, a, b, damping):
    if method == "lsqr":
        result = spl.lsqr(a, b, damp=damping, atol=TOLERANCE, btol=TOLERANCE)
        x, stop, iterations, norm, normal, condition = (result[i] for i in (0, 1, 2, 3, 7, 6))
    else:
        result = spl.lsmr(a, b, damp=damping, atol=TOLERANCE, btol=TOLERANCE)
        x, stop, iterations, norm, normal, condition = (result[i] for i in (0, 1, 2, 3, 4, 6))
    dense = np.vstack([a.toarray(), damping * np.eye(a.shape[1])]) if damping else a.toarray()
    padded = np.concatenate([b, np.zeros(a.shape[1])]) if damping else b
    return case(name, method, a, b, x, iterations) | {
        "damping": damping,
        "stop": int(stop),
        "residual": float(np.linalg.norm(b - a @ x)),
        "exact": np.linalg.lstsq(dense, padded, rcond=None)[0].tolist(),
        "condition": float(np.linalg.cond(dense)),
    }


def case(name, method, a, b, x, iterations):
    entries = a.tocoo()
    return {
        "name": name,
        "method": method,
        "shape": list(a.shape),
        "triplets": [[int(i), int(j), float(v)] for i, j, v in zip(entries.row, entries.col, entries.data)],
        "b": b.tolist(),
        "x": x.tolist(),
        "iterations": int(iterations),
    }


n = 10
grid, scaled = poisson(n), scaled_poisson(n)
shifted = (grid - 1.0 * sp.eye(n * n)).tocsr()
convection = convection_diffusion(n, 3.0)
b = wave(n * n)
cycle = ring(31)
consistent = cycle @ wave(31)
squares = [
    square("grid", "cg", grid, b),
    square("grid, diagonal", "cg", grid, b, jacobi=True),
    square("scaled grid, diagonal", "cg", scaled, b, jacobi=True),
    square("grid", "minres", grid, b),
    square("shifted grid", "minres", shifted, b),
    # The condition number of what is not the null space: 1 / (1 - cos(2 pi / n)) times 2 at the most.
    square("ring", "minres", cycle, consistent, condition=2 / (1 - np.cos(2 * np.pi / 31))),
    square("convection", "gmres", convection, b),
    square("convection, diagonal", "gmres", convection, b, jacobi=True),
    square("shifted grid", "gmres", shifted, b),
    square("convection", "bicgstab", convection, b),
    square("convection, diagonal", "bicgstab", convection, b, jacobi=True),
    square("grid", "bicgstab", grid, b),
]
tall, wide = rectangular(60, 25), rectangular(60, 25).T.tocsr()
least = [
    least_squares(f"{shape}, damping {damping}", method, a, wave(a.shape[0]), damping)
    for method in ("lsqr", "lsmr")
    for shape, a in (("tall", tall), ("wide", wide))
    for damping in (0.0, 0.5)
]
least += [least_squares("consistent", m, tall, tall @ wave(25), 0.0) for m in ("lsqr", "lsmr")]

document = {
    "made_by": {"numpy": np.__version__, "scipy": scipy.__version__},
    "tolerance": TOLERANCE,
    "square": squares,
    "least_squares": least,
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(document, separators=(",", ":")) + "\n")
for c in squares + least:
    print(c["method"], c["name"], c["iterations"], f"{c['condition']:.1e}", c.get("stop", ""))
