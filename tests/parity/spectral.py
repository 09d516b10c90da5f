"""Writes spectral.json: scikit-learn's spectral clustering and embedding, and SciPy's dense eigenvectors beneath them.

Run with the packages of requirements.txt:  python spectral.py

Every case holds its data, rounded so that both sides read the same numbers, or the name of an example data set; its
affinities as the gamma of a Gaussian kernel, or as the edges of a graph; and the true labels. The answers are the smallest
eigenvalues of the symmetric Laplacian, their vectors where there are few enough samples, and how well each assignment of
labels meets the truth.
"""

import json
import platform
from pathlib import Path

import numpy
import scipy
import sklearn
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, laplacian
from sklearn.cluster import SpectralClustering
from sklearn.datasets import make_blobs, make_circles, make_moons
from sklearn.manifold import spectral_embedding
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.neighbors import kneighbors_graph

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parent.parent / "examples" / "data"
ASSIGNMENTS = ["kmeans", "cluster_qr", "discretize"]
# Above this many samples, the vectors are left out.
FEW = 200


def example(name, label):
    lines = (EXAMPLES / name).read_text().splitlines()
    column = lines[0].split(",").index(label)
    rows = [line.split(",") for line in lines[1:]]
    x = numpy.array([[float(field) for i, field in enumerate(row) if i != column] for row in rows])
    return x, numpy.unique([row[column] for row in rows], return_inverse=True)[1]


def standardized(x):
    return (x - x.mean(axis=0)) / x.std(axis=0)


def stochastic_blocks(random, sizes, within, between):
    truth = numpy.repeat(numpy.arange(len(sizes)), sizes)
    chance = numpy.where(truth[:, None] == truth, within, between)
    upper = numpy.triu(random.random(chance.shape) < chance, 1)
    return (upper + upper.T).astype(float), truth


def neighbours(x, count):
    """What SpectralClustering(affinity="nearest_neighbors") makes."""
    graph = kneighbors_graph(x, count, include_self=True)
    return (0.5 * (graph + graph.T)).toarray()


def answers(affinity, clusters, truth):
    matrix = laplacian(affinity, normed=True)
    values, vectors = scipy.linalg.eigh(matrix)
    few = len(truth) <= FEW
    # scikit-learn's embedding of a graph that is not connected is any basis of the null space.
    connected = connected_components(affinity, directed=False)[0] == 1
    scores = {}
    for assignment in ASSIGNMENTS:
        model = SpectralClustering(
            clusters, affinity="precomputed", assign_labels=assignment, random_state=0, n_init=10
        )
        labels = model.fit(affinity).labels_
        scores[assignment] = [adjusted_rand_score(truth, labels), normalized_mutual_info_score(truth, labels)]
    return {
        "clusters": clusters,
        "truth": truth,
        "components": connected_components(affinity, directed=False)[0],
        "eigenvalues": values[: clusters + 2],
        "vectors": vectors[:, :clusters].round(14) if few else None,
        "embedding": spectral_embedding(affinity, n_components=2, random_state=0) if few and connected else None,
        "scores": scores,
    }


def gaussian(name, source, x, gamma, clusters, truth):
    return {"name": name, **source, "gamma": gamma, **answers(rbf_kernel(x, gamma=gamma), clusters, truth)}


def graph(name, affinity, clusters, truth):
    upper = csr_array(numpy.triu(affinity, 1)).tocoo()
    edges = {"from": upper.row, "to": upper.col, "weight": upper.data}
    return {"name": name, "nodes": len(truth), "edges": edges, **answers(affinity, clusters, truth)}


def cases():
    moons, moon = make_moons(200, noise=0.06, random_state=0)
    circles, circle = make_circles(200, factor=0.4, noise=0.05, random_state=0)
    blobs, blob = make_blobs(200, centers=4, cluster_std=1.2, random_state=3)
    moons, circles, blobs = moons.round(6), circles.round(6), blobs.round(6)
    (iris, species), (wine, cultivar), (digits, digit) = (
        example("iris.csv", "species"),
        example("wine.csv", "cultivar"),
        example("digits.csv", "digit"),
    )
    wine = standardized(wine)
    blocks, block = stochastic_blocks(numpy.random.default_rng(300), [40, 50, 60], 0.3, 0.04)
    return [
        gaussian("moons", {"x": moons}, moons, 30.0, 2, moon),
        graph("moons, neighbours", neighbours(moons, 10), 2, moon),
        gaussian("circles", {"x": circles}, circles, 20.0, 2, circle),
        graph("circles, neighbours", neighbours(circles, 10), 2, circle),
        gaussian("blobs", {"x": blobs}, blobs, 1.0, 4, blob),
        graph("blobs, neighbours", neighbours(blobs, 10), 4, blob),
        graph("stochastic blocks", blocks, 3, block),
        gaussian("iris", {"csv": "iris.csv", "label": "species"}, iris, 1.0, 3, species),
        graph("iris, neighbours", neighbours(iris, 10), 3, species),
        gaussian(
            "wine", {"csv": "wine.csv", "label": "cultivar", "standardized": True}, wine, 1 / 13, 3, cultivar
        ),
        graph("wine, neighbours", neighbours(wine, 10), 3, cultivar),
        graph("digits, neighbours", neighbours(digits, 10), 10, digit),
    ]


def plain(value):
    """Arrays as nested lists."""
    if isinstance(value, (numpy.ndarray, numpy.generic)):
        return value.tolist()
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    return [plain(entry) for entry in value] if isinstance(value, (list, tuple)) else value


def main():
    document = {
        "about": "scikit-learn's spectral clustering and embedding, and SciPy's eigenvectors; made by spectral.py",
        "versions": {
            "python": platform.python_version(),
            "numpy": numpy.__version__,
            "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__,
        },
        "cases": cases(),
    }
    target = HERE / "spectral.json"
    text = json.dumps(plain(document), separators=(",", ":"), allow_nan=False)
    target.write_text(text.replace('{"name"', '\n{"name"') + "\n")
    print(f"{target.name}: {target.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
