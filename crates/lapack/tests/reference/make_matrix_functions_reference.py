#!/usr/bin/env python3
"""Reference values for matrix functions and matrix equations, written to matrix_functions.json beside this file.

    python -m venv venv && venv/bin/pip install mpmath numpy scipy && venv/bin/python make_matrix_functions_reference.py

The values are mpmath's, with 100 to 460 digits, rounded to double precision at the end: each is checked against the
equation that defines it. SciPy's relative error against them stands beside each, and so does the relative condition
number that the tests scale their tolerance with: of a function, norm(K) norm(A) / norm(f(A)) in the Frobenius norm, with
the Kronecker form K of its Frechet derivative; of an equation, the bounds of Higham (Accuracy and Stability, chapter 16)
and Byers (Linear Algebra Appl. 72, 1985).
"""

import json
import pathlib
import warnings

import mpmath as mp
import numpy as np
import scipy
import scipy.linalg as la

warnings.filterwarnings("ignore")
rng = np.random.default_rng(20240607)


def to_mp(a):
    a = np.asarray(a)
    return mp.matrix([[mp.mpmathify(complex(x) if np.iscomplexobj(a) else float(x)) for x in row] for row in a])


def to_numpy(a):
    values = np.array([[complex(a[i, j]) for j in range(a.cols)] for i in range(a.rows)])
    return values if abs(values.imag).max() > 1e-30 * max(abs(values).max(), 1e-300) else values.real.copy()


def frobenius(a):
    return mp.sqrt(mp.fsum(abs(x) ** 2 for x in a))


# --- functions -------------------------------------------------------------------------------------------------------


def by_eigenvectors(a, f):
    """f(A) = V f(D) inv(V). A small matrix, which may be defective here, is moved by 1e-60 so that it is not; the digits
    outlast the condition of its eigenvectors."""
    n = a.rows
    small = n <= 6
    with mp.workdps(100 + 60 * n if small else 120):
        shift = mp.mpf(10) ** -60 * frobenius(a) / n if small else mp.mpf(0)
        moved = a + mp.diag([shift * mp.mpf(i * i + 3 * i) / n for i in range(n)])
        values, vectors = mp.eig(moved)
        return vectors * mp.diag([f(x) for x in values]) * vectors ** -1


def frechet(x):
    """The Kronecker form of the Frechet derivative of the exponential at x."""
    n = len(x)
    columns = []
    for j in range(n):
        for i in range(n):
            e = np.zeros((n, n))
            e[i, j] = 1
            columns.append(la.expm_frechet(x, e, compute_expm=False).flatten("F"))
    return np.array(columns).T


def sign_frechet(a):
    n = len(a)
    columns = []
    for j in range(n):
        for i in range(n):
            e = np.zeros((n, n))
            e[i, j] = 1
            block = np.block([[a, e], [np.zeros((n, n)), a]])
            columns.append(la.signm(block)[:n, n:].real.flatten("F"))
    return np.array(columns).T


def condition(function, a, value, p):
    n = len(a)
    a_norm, f_norm = la.norm(a), la.norm(value)
    if function == "expm":
        k = frechet(a)
    elif function == "logm":
        k = la.inv(frechet(value))
    elif function == "sqrtm":
        k = la.inv(np.kron(np.eye(n), value) + np.kron(value.T, np.eye(n)))
    elif function == "signm":
        k = sign_frechet(a)
    elif function == "fractional_power":
        logarithm = to_numpy(by_eigenvectors(to_mp(a), mp.log))
        k = p * frechet(p * logarithm) @ la.inv(frechet(logarithm))
    return max(1.0, la.norm(k, 2) * a_norm / max(f_norm, 1e-300))


def number(f):
    return {
        "expm": mp.exp,
        "logm": mp.log,
        "sqrtm": mp.sqrt,
        "signm": lambda x: mp.sign(mp.re(x)),
    }[f]


def function_case(name, function, a, p=None):
    a = np.array(a, dtype=float)
    exact = to_mp(a)
    if function == "fractional_power":
        value = by_eigenvectors(exact, lambda x: mp.power(x, mp.mpf(p)))
    else:
        value = by_eigenvectors(exact, number(function))
    # The defining equation, to far beyond double precision.
    with mp.workdps(100):
        n = a.shape[0]
        defect = {
            "expm": lambda: mp.expm(exact) - value if frobenius(exact) < 1e4 else mp.zeros(n),
            "logm": lambda: mp.expm(value) - exact,
            "sqrtm": lambda: value * value - exact,
            "signm": lambda: value * value - mp.eye(n),
            "fractional_power": lambda: mp.expm(mp.mpf(p) * by_eigenvectors(exact, mp.log)) - value,
        }[function]()
        assert frobenius(defect) <= mp.mpf(10) ** -25 * (1 + frobenius(value) + frobenius(exact)), (name, function)
    value = to_numpy(value)
    peer = {
        "expm": la.expm,
        "logm": la.logm,
        "sqrtm": la.sqrtm,
        "signm": la.signm,
        "fractional_power": lambda x: la.fractional_matrix_power(x, p),
    }[function](a)
    case = {
        "name": name,
        "function": function,
        "a": a.tolist(),
        "value": value.real.tolist(),
        "condition": condition(function, a, value, p),
        "scipy_error": float(la.norm(peer - value) / la.norm(value)),
    }
    if np.iscomplexobj(value):
        case["value_im"] = value.imag.tolist()
    if p is not None:
        case["exponent"] = p
    print(f"{function:18} {name:32} condition {case['condition']:9.2e}  scipy {case['scipy_error']:9.2e}", flush=True)
    return case


def orthogonal(n):
    return la.qr(rng.standard_normal((n, n)))[0]


def jordan(value, n):
    return value * np.eye(n) + np.diag(np.ones(n - 1), 1)


def with_eigenvalues(values, skew=1.0):
    """Real, not normal: eigenvectors of condition about exp(skew)."""
    n = len(values)
    v = orthogonal(n) @ np.diag(np.exp(np.linspace(0, skew, n))) @ orthogonal(n)
    return v @ np.diag(values) @ la.inv(v)


def function_cases():
    general = {
        "1x1": [[0.37]],
        "2x2": [[2.0, 1.0], [-0.5, 0.25]],
        "2x2 rotation": [[np.cos(2.5), -np.sin(2.5)], [np.sin(2.5), np.cos(2.5)]],
        "Jordan block": jordan(0.7, 5),
        "Jordan block, orthogonally turned": (lambda q: q @ jordan(1.5, 4) @ q.T)(orthogonal(4)),
        "normal": (lambda q: q @ la.block_diag([[1, 2], [-2, 1]], [[0.3, -1], [1, 0.3]], [[4]]) @ q.T)(orthogonal(5)),
        "symmetric positive definite": (lambda b: b @ b.T + 0.1 * np.eye(8))(rng.standard_normal((8, 8))),
        "graded": np.diag([1e2, 10, 1, 0.1, 1e-2]) @ (np.eye(5) + 0.3 * np.triu(rng.standard_normal((5, 5)), 1)),
        "ill-conditioned eigenvectors": with_eigenvalues(np.linspace(1, 3, 8), 6),
        "near the negative real axis": la.block_diag([[-1, 1e-3], [-1e-3, -1]], [[2, 1], [0, 3]])
        + np.triu(np.ones((4, 4)), 2) * 0.5,
        "triangular": np.triu(rng.standard_normal((6, 6))) + np.diag(np.arange(1, 7)),
        "Frank": np.array([[float(9 - max(i, j)) if j >= i - 1 else 0.0 for j in range(1, 9)] for i in range(1, 9)]),
        "Lotkin, shifted": la.hilbert(6) + np.eye(6) + np.ones((6, 6)) * np.array([[1.0]] + [[0.0]] * 5),
        "random 10": rng.standard_normal((10, 10)) + 5 * np.eye(10),
        "random 20": rng.standard_normal((20, 20)) / np.sqrt(20) + 1.5 * np.eye(20),
        "transition matrix": [[0.90, 0.08, 0.02], [0.05, 0.90, 0.05], [0.0, 0.10, 0.90]],
        "close eigenvalues": np.array([[1.0, 1e6], [0.0, 1.0 + 1e-7]]),
    }
    for name, a in general.items():
        yield function_case(name, "expm", a)
        yield function_case(name, "logm", a)
        yield function_case(name, "sqrtm", a)
        for p in [0.3, -0.5, 2.7]:
            yield function_case(name, "fractional_power", a, p)
    exponential = {
        "nilpotent": np.diag(np.ones(5), 1) * 3,
        "nilpotent, huge": [[0, 1e10, 3], [0, 0, 1e5], [0, 0, 0]],
        "large norm": rng.standard_normal((6, 6)) * 30 - 100 * np.eye(6),
        "large norm, skew": (lambda s: s - s.T)(rng.standard_normal((5, 5)) * 50),
        "overscaling": [[1, 1e6], [0, -1]],
        "stiff": with_eigenvalues([-1e3, -10.0, -0.1, 1.0], 2),
        "random 40": rng.standard_normal((40, 40)) / 4,
        "Ward 1": [[4, 2, 0], [1, 4, 1], [1, 1, 4]],
        "Ward 3": [[-131, 19, 18], [-390, 56, 54], [-387, 57, 52]],
    }
    for name, a in exponential.items():
        yield function_case(name, "expm", a)
    negative = {
        "negative eigenvalue": [[1.0, 2.0], [3.0, 0.5]],
        "negative symmetric": [[-2.0, 1.0], [1.0, 3.0]],
        "negative 1x1": [[-8.0]],
        "negative, random": with_eigenvalues([-3.0, -1.0, 0.5, 2.0, 4.0], 1),
    }
    for name, a in negative.items():
        yield function_case(name, "logm", a)
        yield function_case(name, "sqrtm", a)
        yield function_case(name, "fractional_power", a, 0.4)
    sign = {
        "1x1": [[-3.0]],
        "random 6": rng.standard_normal((6, 6)),
        "random 10": rng.standard_normal((10, 10)),
        "Jordan blocks": la.block_diag(jordan(1.0, 3), jordan(-2.0, 2)) + np.triu(np.ones((5, 5)), 3),
        "near the imaginary axis": la.block_diag([[1e-3, 1], [-1, 1e-3]], [[-1e-3, 2], [-2, -1e-3]]),
        "stable": with_eigenvalues([-1.0, -2.0, -3.0], 1),
        "Hamiltonian": [[0, 1, 0, 0], [0, 0, 0, -1], [-1, 0, 0, 0], [0, -1, -1, 0]],
    }
    for name, a in sign.items():
        yield function_case(name, "signm", a)


# --- equations -------------------------------------------------------------------------------------------------------


def solve_sylvester(a, b, c):
    """A X + X B = C by Kronecker's product, in mpmath."""
    m, n = a.rows, b.rows
    k = mp.zeros(m * n)
    for j in range(n):
        for i in range(m):
            for l in range(m):
                k[j * m + i, j * m + l] += a[i, l]
            for l in range(n):
                k[j * m + i, l * m + i] += b[l, j]
    x = mp.lu_solve(k, mp.matrix([c[i, j] for j in range(n) for i in range(m)]))
    return mp.matrix([[x[j * m + i] for j in range(n)] for i in range(m)])


def solve_stein(a, q):
    """A X A' - X + Q = 0, likewise."""
    n = a.rows
    k = mp.zeros(n * n)
    for j in range(n):
        for i in range(n):
            k[j * n + i, j * n + i] += 1
            for l in range(n):
                for m in range(n):
                    k[j * n + i, m * n + l] -= a[i, l] * a[j, m]
    x = mp.lu_solve(k, mp.matrix([q[i, j] for j in range(n) for i in range(n)]))
    return mp.matrix([[x[j * n + i] for j in range(n)] for i in range(n)])


def case(name, equation, inputs, x, peer, condition):
    x = to_numpy(x)
    result = {
        "name": name,
        "equation": equation,
        **{key: np.asarray(value, dtype=float).tolist() for key, value in inputs.items()},
        "x": x.tolist(),
        "condition": max(1.0, float(condition)),
        "scipy_error": float(la.norm(peer - x) / la.norm(x)),
    }
    print(f"{equation:22} {name:30} condition {result['condition']:9.2e}  scipy {result['scipy_error']:9.2e}", flush=True)
    return result


def sylvester_case(name, a, b, c):
    a, b, c = (np.array(x, dtype=float) for x in (a, b, c))
    x = solve_sylvester(to_mp(a), to_mp(b), to_mp(c))
    value, k = to_numpy(x), np.kron(np.eye(len(b)), a) + np.kron(b.T, np.eye(len(a)))
    bound = la.norm(la.inv(k), 2) * ((la.norm(a) + la.norm(b)) * la.norm(value) + la.norm(c)) / la.norm(value)
    return case(name, "sylvester", {"a": a, "b": b, "c": c}, x, la.solve_sylvester(a, b, c), bound)


def continuous_lyapunov_case(name, a, q):
    a, q = np.array(a, dtype=float), np.array(q, dtype=float)
    x = solve_sylvester(to_mp(a), to_mp(a.T), to_mp(q))
    value, k = to_numpy(x), np.kron(np.eye(len(a)), a) + np.kron(a, np.eye(len(a)))
    bound = la.norm(la.inv(k), 2) * (2 * la.norm(a) * la.norm(value) + la.norm(q)) / la.norm(value)
    peer = la.solve_continuous_lyapunov(a, q)
    return case(name, "continuous_lyapunov", {"a": a, "q": q}, x, peer, bound)


def discrete_lyapunov_case(name, a, q):
    a, q = np.array(a, dtype=float), np.array(q, dtype=float)
    x = solve_stein(to_mp(a), to_mp(q))
    value, k = to_numpy(x), np.kron(a, a) - np.eye(len(a) ** 2)
    bound = la.norm(la.inv(k), 2) * (2 * la.norm(a) ** 2 * la.norm(value) + la.norm(q)) / la.norm(value)
    return case(name, "discrete_lyapunov", {"a": a, "q": q}, x, la.solve_discrete_lyapunov(a, q), bound)


def riccati_case(name, kind, a, b, q, r, e=None, s=None):
    """Newton's method in mpmath from SciPy's solution, quadratically convergent to the stabilizing one."""
    a, b, q, r = (np.array(x, dtype=float) for x in (a, b, q, r))
    solver = la.solve_continuous_are if kind == "continuous_riccati" else la.solve_discrete_are
    peer = solver(a, b, q, r, e, s)
    big = [to_mp(x) for x in (a, b, q, r)]
    n, m = b.shape
    big_e = mp.eye(n) if e is None else to_mp(e)
    big_s = mp.zeros(n, m) if s is None else to_mp(s)
    am, bm, qm, rm = big
    ei = big_e ** -1
    x = to_mp((peer + peer.T) / 2)
    for _ in range(8):
        if kind == "continuous_riccati":
            gain = rm ** -1 * (bm.T * x * big_e + big_s.T)
            closed = am - bm * gain
            # closed' Y E + E' Y closed = -(Q - S K - K' S' + K' R K)
            right = qm - big_s * gain - gain.T * big_s.T + gain.T * rm * gain
            f = closed * ei
            x = solve_sylvester(f.T, f, -(ei.T * right * ei))
            residual = am.T * x * big_e + big_e.T * x * am + qm
            t = big_e.T * x * bm + big_s
            residual -= t * rm ** -1 * t.T
        else:
            inner = rm + bm.T * x * bm
            gain = inner ** -1 * (bm.T * x * am + big_s.T)
            closed = am - bm * gain
            right = qm - big_s * gain - gain.T * big_s.T + gain.T * rm * gain
            f = closed * ei
            x = solve_stein(f.T, ei.T * right * ei)
            t = am.T * x * bm + big_s
            residual = am.T * x * am - big_e.T * x * big_e + qm - t * (rm + bm.T * x * bm) ** -1 * t.T
    assert frobenius(residual) <= mp.mpf(10) ** -40 * (1 + frobenius(x)), name
    value, closed = to_numpy(x), to_numpy(f)
    eigenvalues = la.eigvals(closed)
    stable = eigenvalues.real.max() < 0 if kind == "continuous_riccati" else abs(eigenvalues).max() < 1
    assert stable, name
    if kind == "continuous_riccati":
        k = np.kron(np.eye(n), closed.T) + np.kron(closed.T, np.eye(n))
        g = b @ la.inv(r) @ b.T
        size = la.norm(q) + 2 * la.norm(a) * la.norm(value) + la.norm(value) ** 2 * la.norm(g)
    else:
        k = np.kron(closed.T, closed.T) - np.eye(n * n)
        size = la.norm(q) + (2 * la.norm(a) ** 2 + 1) * la.norm(value)
    weights = np.linalg.cond(r) * (1 if e is None else np.linalg.cond(e) ** 2)
    inputs = {"a": a, "b": b, "q": q, "r": r}
    if e is not None:
        inputs["e"] = e
    if s is not None:
        inputs["s"] = s
    return case(name, kind, inputs, x, peer, la.norm(la.inv(k), 2) * size * weights / la.norm(value))


def equation_cases():
    yield sylvester_case("1x1", [[2.0]], [[3.0]], [[10.0]])
    yield sylvester_case("2x2", [[1.0, 2.0], [0.0, 3.0]], [[4.0, 1.0], [1.0, 4.0]], [[1.0, 0.0], [0.0, 1.0]])
    yield sylvester_case(
        "rectangular 3x5",
        rng.standard_normal((3, 3)) + 3 * np.eye(3),
        rng.standard_normal((5, 5)) + 3 * np.eye(5),
        rng.standard_normal((3, 5)),
    )
    yield sylvester_case("random 10", *(rng.standard_normal((10, 10)) + s * np.eye(10) for s in (4, 4, 0)))
    yield sylvester_case("Jordan", jordan(1.0, 4), jordan(2.0, 3), np.ones((4, 3)))
    yield sylvester_case("nearly singular", np.diag([1.0, 2.0, 3.0]) + np.triu(np.ones((3, 3)), 1), np.diag([-1.0 + 1e-8, 5.0]), np.ones((3, 2)))
    stable = rng.standard_normal((6, 6)) - 4 * np.eye(6)
    spd = (lambda b: b @ b.T)(rng.standard_normal((6, 6)))
    yield continuous_lyapunov_case("1x1", [[-2.0]], [[-8.0]])
    yield continuous_lyapunov_case("stable 6", stable, -spd)
    yield continuous_lyapunov_case("unsymmetric right side", stable, rng.standard_normal((6, 6)))
    yield continuous_lyapunov_case("unstable", [[1.0, 2.0], [0.0, 3.0]], np.eye(2))
    yield continuous_lyapunov_case("oscillator, lightly damped", [[0.0, 1.0], [-1.0, -1e-4]], -np.eye(2))
    contraction = rng.standard_normal((6, 6)) / 4
    yield discrete_lyapunov_case("1x1", [[0.5]], [[3.0]])
    yield discrete_lyapunov_case("contraction 6", contraction, spd)
    yield discrete_lyapunov_case("unsymmetric right side", contraction, rng.standard_normal((6, 6)))
    yield discrete_lyapunov_case("unstable", [[2.0, 1.0], [0.0, 3.0]], np.eye(2))
    yield discrete_lyapunov_case("eigenvalue -0.999", [[-0.999, 1.0], [0.0, 0.5]], np.eye(2))
    yield discrete_lyapunov_case("random 12", rng.standard_normal((12, 12)) / 5, np.eye(12))

    double = ([[0.0, 1.0], [0.0, 0.0]], [[0.0], [1.0]], np.eye(2), [[1.0]])
    # Cart of 0.5 kg with a pendulum of 0.2 kg and 0.3 m, upright: cart position and speed, angle and its speed.
    pendulum = (
        [[0, 1, 0, 0], [0, -0.1818, 2.6727, 0], [0, 0, 0, 1], [0, -0.4545, 31.1818, 0]],
        [[0.0], [1.8182], [0.0], [4.5455]],
        np.diag([5000.0, 0, 100, 0]),
        [[1.0]],
    )
    wide = (rng.standard_normal((8, 8)), rng.standard_normal((8, 3)), np.eye(8), np.eye(3))
    cross = rng.standard_normal((8, 3)) / 10
    descriptor = np.eye(8) + rng.standard_normal((8, 8)) / 10
    yield riccati_case("1x1", "continuous_riccati", [[1.0]], [[1.0]], [[3.0]], [[1.0]])
    yield riccati_case("double integrator", "continuous_riccati", *double)
    yield riccati_case("inverted pendulum", "continuous_riccati", *pendulum)
    yield riccati_case("random 8", "continuous_riccati", *wide)
    yield riccati_case("cross weight", "continuous_riccati", *wide, s=cross)
    yield riccati_case("descriptor and cross weight", "continuous_riccati", *wide, e=descriptor, s=cross)
    yield riccati_case("cheap control", "continuous_riccati", double[0], double[1], np.eye(2), [[1e-6]])
    yield riccati_case("badly scaled", "continuous_riccati", [[0, 1e3], [0, 0]], [[0.0], [1e-2]], np.diag([1e4, 1e-2]), [[1e-1]])
    step = 0.1
    discrete = ([[1.0, step], [0.0, 1.0]], [[step**2 / 2], [step]], np.eye(2), [[1.0]])
    pendulum_step = la.expm(np.block([[np.array(pendulum[0]) * 0.01, np.array(pendulum[1]) * 0.01], [np.zeros((1, 5))]]))
    yield riccati_case("1x1", "discrete_riccati", [[2.0]], [[1.0]], [[1.0]], [[1.0]])
    yield riccati_case("double integrator", "discrete_riccati", *discrete)
    yield riccati_case("inverted pendulum", "discrete_riccati", pendulum_step[:4, :4], pendulum_step[:4, 4:], *pendulum[2:])
    yield riccati_case("random 8", "discrete_riccati", *wide)
    yield riccati_case("cross weight", "discrete_riccati", *wide, s=cross)
    yield riccati_case("descriptor and cross weight", "discrete_riccati", *wide, e=descriptor, s=cross)
    yield riccati_case("singular transition", "discrete_riccati", [[0.0, 1.0], [0.0, 0.0]], [[0.0], [1.0]], np.eye(2), [[1.0]])


# --- the largest norms that a Pade approximant serves ------------------------------------------------------------------


def bisect(too_large):
    low, high = mp.mpf(0), mp.mpf("0.999")
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (low, middle) if too_large(middle) else (middle, high)
    return low


def logarithm_theta(m, unit):
    """Where sum |c_k| theta^(k-1) is the unit roundoff, for the series c of exp(r(x)) - 1 - x."""
    count = 2 * m + 60
    p, q = mp.pade([mp.mpf(0)] + [mp.mpf((-1) ** (k + 1)) / k for k in range(1, 2 * m + 1)], m, m)
    r = []
    for k in range(count + 1):
        r.append(((p[k] if k < len(p) else 0) - mp.fsum(q[j] * r[k - j] for j in range(1, min(k, m) + 1))) / q[0])
    c = [mp.mpf(1)]
    for k in range(1, count + 1):
        c.append(mp.fsum(j * r[j] * c[k - j] for j in range(1, k + 1)) / k)
    return bisect(lambda x: mp.fsum(abs(c[k]) * x ** (k - 1) for k in range(2 * m + 1, count + 1)) > unit)


def power_theta(m, unit):
    """Where (1 - x)^p and its approximant part by the unit roundoff, for the worst p in (-1, 1)."""
    worst = mp.mpf(1)
    for p in (mp.mpf(i) / 20 for i in range(-19, 20) if i != 0):
        top, bottom = mp.pade([(-1) ** k * mp.binomial(p, k) for k in range(2 * m + 1)], m, m)
        error = lambda x: abs((1 - x) ** p - mp.polyval(top[::-1], x) / mp.polyval(bottom[::-1], x))
        worst = min(worst, bisect(lambda x: error(x) > unit))
    return worst


def thetas():
    with mp.workdps(60):
        return {
            f"{what}_{scalar}": [float(theta(m, mp.mpf(2) ** -bits)) for m in range(1, 8)]
            for what, theta in [("logarithm", logarithm_theta), ("power", power_theta)]
            for scalar, bits in [("f32", 24), ("f64", 53)]
        }


mp.mp.dps = 100
reference = {
    "versions": {"mpmath": mp.__version__, "numpy": np.__version__, "scipy": scipy.__version__},
    "thetas": thetas(),
    "functions": list(function_cases()),
    "equations": list(equation_cases()),
}
path = pathlib.Path(__file__).with_name("matrix_functions.json")
path.write_text(json.dumps(reference) + "\n")
print(f"{path}: {path.stat().st_size} bytes")
