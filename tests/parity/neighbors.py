"""Writes neighbors.json: scikit-learn's neighbours, their graphs, and the affinities of its spectral clustering.

Run with the packages of requirements.txt:  python neighbors.py
"""

import json
import platform
from pathlib import Path

import numpy
import sklearn
from sklearn.cluster import SpectralClustering
from sklearn.neighbors import NearestNeighbors, kneighbors_graph

HERE = Path(__file__).resolve().parent
K = 10
# Name, radius, every which sample is looked at. No distance lies near the radius.
DATA = [("iris", 0.55, 7), ("digits", 25.5, 60)]


def read(name):
    lines = (HERE.parent.parent / "examples/data" / f"{name}.csv").read_text().split()
    return numpy.array([[float(field) for field in line.split(",")[:-1]] for line in lines[1:]])


def tied(x, k):
    """The samples whose k-th and next neighbour are equally far, so that which of them is taken is an accident."""
    distances = NearestNeighbors(n_neighbors=k + 1).fit(x).kneighbors(x)[0]
    return numpy.flatnonzero(distances[:, k] - distances[:, k - 1] <= 1e-9 * distances[:, k])


def rows(graph, step):
    graph = graph.tocsr()
    graph.sort_indices()
    ends = [slice(*graph.indptr[i : i + 2]) for i in range(0, graph.shape[0], step)]
    return [{"indices": graph.indices[end], "values": graph.data[end]} for end in ends]


def spectral(x, **options):
    """The affinity matrix; the clustering itself is not of interest."""
    return SpectralClustering(2, random_state=0, n_init=1, eigen_solver="arpack", **options).fit(x).affinity_matrix_


def case(name, radius, step):
    x = read(name)
    model = NearestNeighbors(n_neighbors=K).fit(x)
    # Between the samples, where distances are not tied.
    queries = (x[:-1:step] * 0.75 + x[1::step][: len(x[:-1:step])] * 0.25)[:20]
    distances, indices = model.kneighbors(queries)
    own_distances, _ = model.kneighbors(None)
    within = model.radius_neighbors(x[::step], radius, sort_results=True)
    return {
        "data": name,
        "k": K,
        "radius": radius,
        "step": step,
        "queries": queries,
        "distances": distances,
        "indices": indices,
        "own_distances": own_distances[::step],
        "within_distances": within[0].tolist(),
        "within_indices": [numpy.sort(found) for found in within[1]],
        "tied_without_self": tied(x, K + 1),
        "tied_with_self": tied(x, K),
        "distance_graph": rows(kneighbors_graph(x, K, mode="distance"), step),
        "connectivity_graph": rows(kneighbors_graph(x, K, include_self=True), step),
        "spectral_nearest": rows(spectral(x, affinity="nearest_neighbors", n_neighbors=K), step),
        "spectral_rbf": spectral(x[:40], affinity="rbf", gamma=0.01)[:3],
        "spectral_polynomial": spectral(x[:40], affinity="polynomial", gamma=0.01, degree=2, coef0=1)[:3],
        "spectral_cosine": spectral(x[:40], affinity="cosine")[:3],
    }


def plain(value):
    """Arrays as nested lists."""
    if isinstance(value, (numpy.ndarray, numpy.generic)):
        return plain(value.tolist())
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    return [plain(entry) for entry in value] if isinstance(value, (list, tuple)) else value


def main():
    document = {
        "about": "scikit-learn's neighbours, graphs of them and affinities; made by neighbors.py",
        "versions": {
            "python": platform.python_version(),
            "numpy": numpy.__version__,
            "scikit-learn": sklearn.__version__,
        },
        "cases": [case(*data) for data in DATA],
    }
    target = HERE / "neighbors.json"
    target.write_text(json.dumps(plain(document), separators=(",", ":"), allow_nan=False) + "\n")
    print(f"{target.name}: {target.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
