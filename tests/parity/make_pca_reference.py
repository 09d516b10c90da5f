#!/usr/bin/env python3
"""Writes pca.json: what scikit-learn's PCA answers, option by option, for `tests/pca_parity.rs`.

    python -m venv .venv && .venv/bin/pip install -r requirements.txt
    .venv/bin/python make_pca_reference.py

Every number is checked against `exact_pca.py`. A field keeps scikit-learn's value (svd_solver='full')
where it is right to AGREEMENT; where scikit-learn loses digits the exact value is stored instead, and
the case lists that field under "exact". The largest deviation of each solver is printed and stored.

Deliberately not taken from scikit-learn:
  - covariance, precision and score with whiten=True, which scale the components twice;
  - the noise variance of svd_solver='covariance_eigh' when n_features > n_samples, which averages over
    n_features - k eigenvalues; 'full' averages over min(n_samples, n_features) - k, and so does Lapwing;
  - components, and scores along them, whose variance is exactly zero: their basis is arbitrary.
"""

import csv
import json
import math
import platform
import sys
import warnings
from pathlib import Path

import numpy
import scipy
import sklearn
from sklearn.decomposition import PCA

from exact_pca import ExactPca

HERE = Path(__file__).resolve().parent
DATA = HERE.parent.parent / "examples" / "data"
AGREEMENT = 1e-12
ROWS = 5
SOLVERS = ["full", "covariance_eigh", "auto"]
# Matrices p x p are stored up to this many features.
SMALL = 20


def from_csv(name, label):
    """The features of one of the example data sets, without its label column."""
    with open(DATA / name, newline="") as file:
        reader = csv.DictReader(file)
        features = [field for field in reader.fieldnames if field != label]
        rows = [[float(row[field]) for field in features] for row in reader]
    return {"csv": name, "label": label}, rows


def stored(rows):
    """A data set small enough to live in the JSON itself."""
    rows = numpy.asarray(rows, dtype=float).tolist()
    return {"rows": rows}, rows


def data_sets():
    """name -> (where the data is, its rows, the numbers of components to ask for)."""
    random = numpy.random.default_rng(20)
    few = [None, 0.95, 0.5, "mle"]
    wide = random.normal(size=(8, 20)).round(4)
    # Integer factors make the rank exact, in every arithmetic.
    deficient = random.integers(-4, 5, (20, 3)) @ random.integers(-4, 5, (3, 6))
    offset = 1e6 + (random.normal(size=(40, 5)) * [4, 2, 1, 0.5, 0.25]).round(4)
    tiny = numpy.ldexp((random.normal(size=(30, 4)) * [4, 2, 1, 0.5]).round(3), -498)
    rotation = numpy.linalg.qr(random.normal(size=(8, 8)))[0]
    spiked = ((random.normal(size=(200, 8)) * [6, 4, 3, 1, 1, 1, 1, 1]) @ rotation).round(4)
    return {
        "iris": (*from_csv("iris.csv", "species"), [2, *few]),
        "wine": (*from_csv("wine.csv", "cultivar"), [3, *few]),
        "diabetes": (*from_csv("diabetes.csv", "progression"), [4, *few]),
        "digits": (*from_csv("digits.csv", "digit"), [10, *few]),
        "wide 8x20": (*stored(wide), [3, *few]),
        "rank 3 of 20x6": (*stored(deficient), [2, *few]),
        "offset mean 1e6": (*stored(offset), [2, *few]),
        "scale 1e-150": (*stored(tiny), [2, *few]),
        "spiked covariance": (*stored(spiked), [3, *few]),
    }


def scikit_learn(x, n_components, solver, determined, with_matrices):
    """One fit and its answers; `determined` is how many components are not arbitrary."""
    pca = PCA(n_components=n_components, svd_solver=solver).fit(x)
    whitened = PCA(n_components=n_components, svd_solver=solver, whiten=True).fit(x)
    kept = min(determined, int(pca.n_components_))
    head = x[:ROWS]
    answer = {
        "n_components_": int(pca.n_components_),
        "mean": pca.mean_,
        "components": pca.components_[:kept],
        "explained_variance": pca.explained_variance_,
        "explained_variance_ratio": pca.explained_variance_ratio_,
        "singular_values": pca.singular_values_,
        "noise_variance": numpy.asarray(pca.noise_variance_, dtype=float),
        "transform": pca.transform(head)[:, :kept],
        "transform_whitened": whitened.transform(head)[:, :kept],
    }
    wanted = {
        "inverse_transform": lambda: pca.inverse_transform(pca.transform(head)),
        "score_samples": lambda: pca.score_samples(head),
        "score": lambda: numpy.asarray(pca.score(x)),
    }
    if with_matrices:
        wanted |= {"covariance": pca.get_covariance, "precision": pca.get_precision}
    for name, compute in wanted.items():
        try:
            answer[name] = compute()
        except (numpy.linalg.LinAlgError, ValueError):
            # A singular covariance, or no components left: recorded as lost.
            pass
    return pca._fit_svd_solver, answer


def deviation(found, exact, elementwise):
    """The largest difference, relative to each entry for spectra and to the largest entry otherwise."""
    found, exact = numpy.asarray(found, dtype=float), numpy.asarray(exact, dtype=float)
    if found.shape != exact.shape:
        return math.inf
    if found.size == 0:
        return 0.0
    difference = numpy.abs(found - exact)
    scale = numpy.abs(exact) if elementwise else numpy.full(exact.shape, numpy.abs(exact).max())
    relative = numpy.divide(difference, scale, out=numpy.where(difference > 0, math.inf, 0.0), where=scale > 0)
    return float(relative.max()) if numpy.isfinite(relative).all() else math.inf


SPECTRA = ("explained_variance", "explained_variance_ratio", "singular_values")


def fit_case(name, rows, exact, n_components):
    """One case of the JSON, or the note that scikit-learn refuses it."""
    x = numpy.array(rows)
    case = {"dataset": name, "n_components": n_components}
    if n_components == "mle":
        if exact.samples < exact.features:
            return case | {"refused": "n_components='mle' needs n_samples >= n_features"}
        k = exact.dimension()
    elif n_components is None:
        k = min(exact.samples, exact.features)
    else:
        k = n_components if isinstance(n_components, int) else exact.count_for(n_components)
    truth = exact.model(k, rows[:ROWS], exact.features <= SMALL)
    reference, deviations, ran = None, {}, {}
    for solver in SOLVERS:
        ran[solver], answer = scikit_learn(x, n_components, solver, exact.rank, exact.features <= SMALL)
        reference = reference or answer
        deviations[solver] = {
            field: deviation(answer[field], truth[field], field in SPECTRA) if field in answer else math.inf
            for field in truth
        }
    case |= {"solver_run": ran, "exact": []}
    # 64 x 64 components once are enough.
    skipped = {"components"} if name == "digits" and n_components not in (10, None) else set()
    for field, value in truth.items():
        if field in skipped:
            continue
        if deviations["full"][field] > AGREEMENT:
            case["exact"].append(field)
        else:
            value = reference[field]
        case[field] = value.tolist() if isinstance(value, numpy.ndarray) else value
    case["deviation"] = {
        solver: {field: float(f"{d:.1e}") if math.isfinite(d) else None for field, d in by_field.items()}
        for solver, by_field in deviations.items()
    }
    return case


def report(cases):
    """Prints, per data set and solver, how far scikit-learn is from the exact values."""
    headings = ["spectrum", "components", "transform", "noise", "score"]
    title = f"{'data set, k':22} {'solver':16}"
    print(title, *(f"{heading:>10}" for heading in headings), " replaced by the exact value")
    for case in cases:
        if "refused" in case or case["n_components"] not in (None, 0.5):
            continue
        for solver in SOLVERS[:2]:
            d = case["deviation"][solver]
            columns = ["explained_variance", "components", "transform", "noise_variance", "score"]
            cells = ["-" if field not in d else "lost" if d[field] is None else f"{d[field]:.1e}" for field in columns]
            title = f"{case['dataset']}, {case['n_components_']}"
            replaced = ", ".join(case["exact"]) if solver == "full" else ""
            print(f"{title:22} {solver:16}", *(f"{cell:>10}" for cell in cells), "", replaced)


def main():
    # Singular covariances and underflow are part of what is recorded.
    warnings.simplefilter("ignore")
    numpy.seterr(all="ignore")
    sets, cases = {}, []
    for name, (source, rows, counts) in data_sets().items():
        exact = ExactPca(rows)
        sets[name] = source | {
            "n_samples": exact.samples,
            "n_features": exact.features,
            "rank": exact.rank,
            # The whole spectrum: error bounds need the gaps between eigenvalues, kept or not.
            "eigenvalues": [float(value) for value in exact.eigenvalues],
        }
        cases += [fit_case(name, rows, exact, count) for count in counts]
    document = {
        "about": "scikit-learn's PCA, option by option; made by make_pca_reference.py, which says what each field is",
        "versions": {
            "python": platform.python_version(),
            "numpy": numpy.__version__,
            "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__,
        },
        "agreement": AGREEMENT,
        "datasets": sets,
        "cases": cases,
    }
    target = HERE / "pca.json"
    text = json.dumps(document, separators=(",", ":"), allow_nan=False)
    target.write_text(text.replace('{"dataset"', '\n{"dataset"') + "\n")
    report(cases)
    print(f"{target.name}: {len(cases)} cases, {target.stat().st_size / 1e6:.2f} MB", file=sys.stderr)


if __name__ == "__main__":
    main()
