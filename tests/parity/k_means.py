"""Writes k_means.json: scikit-learn's k-means from given centres, option by option, and what its own starts end in.

Run with the packages of requirements.txt:  python k_means.py

The data sets are those of examples/data.
"""

import csv
import json
import platform
from pathlib import Path

import numpy
import scipy
import sklearn
from sklearn.cluster import KMeans

HERE = Path(__file__).resolve().parent
SEEDS = range(10)


def data(name):
    with open(HERE.parents[1] / "examples" / "data" / f"{name}.csv", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return numpy.array([[float(value) for value in row[:-1]] for row in rows])


SETS = {"iris": data("iris"), "wine": data("wine"), "digits": data("digits")}


def cases():
    for name, x in SETS.items():
        for clusters in [3, 10]:
            # Every so many rows is a start, so that the classes, which are sorted, are met; beside the rows, whose distances
            # from one another tie.
            start = x[:: len(x) // clusters][:clusters]
            start = start + 0.01 * (numpy.arange(clusters)[:, None] + 1.0) / (numpy.arange(x.shape[1]) + 3.0)
            for tolerance in [1e-4, 0.0]:
                for limit in [300, 4]:
                    for weighted in [False, True]:
                        weights = 1.0 + numpy.arange(len(x)) % 3 if weighted else None
                        model = KMeans(clusters, init=start, n_init=1, tol=tolerance, max_iter=limit, algorithm="lloyd")
                        model.fit(x, sample_weight=weights)
                        yield {
                            "set": name,
                            "clusters": clusters,
                            "tolerance": tolerance,
                            "max_iterations": limit,
                            "weighted": weighted,
                            "iterations": model.n_iter_,
                            "inertia": model.inertia_,
                            "centers": model.cluster_centers_[:, : 8],
                            "labels": "".join(str(label) for label in model.predict(x)),
                        }


def quality():
    for name, x in SETS.items():
        for clusters in [3, 10]:
            inertias = [KMeans(clusters, n_init=1, random_state=seed).fit(x).inertia_ for seed in SEEDS]
            yield {"set": name, "clusters": clusters, "least": min(inertias), "median": float(numpy.median(inertias))}


def plain(value):
    """Arrays as nested lists of numbers with 13 digits, which are more than two routes agree to."""
    if isinstance(value, numpy.ndarray):
        return plain(value.tolist())
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, float):
        return float(f"{value:.13g}")
    return [plain(entry) for entry in value] if isinstance(value, (list, tuple)) else value


def main():
    document = {
        "about": "scikit-learn's k-means; made by k_means.py",
        "versions": {
            "python": platform.python_version(),
            "numpy": numpy.__version__,
            "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__,
        },
        "cases": list(cases()),
        "quality": list(quality()),
    }
    target = HERE / "k_means.json"
    text = json.dumps(plain(document), separators=(",", ":"), allow_nan=False)
    target.write_text(text.replace('{"set"', '\n{"set"') + "\n")
    print(f"{target.name}: {target.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
