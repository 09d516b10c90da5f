"""One Python library, in a process of its own, timed on request: JSON lines in, JSON lines out.

    python_worker.py scipy | numpy | scikit-learn

    {"op": "versions"}                                -> {"versions": {...}}
    {"op": "make", "recipe", "rows", "columns", "order", "path"}   writes a matrix as .npy
    {"op": "load", "call", "path", "options"}         reads the input; nothing is timed
    {"op": "threads", "count"}                        sets every BLAS pool of this process
    {"op": "run"}                                     -> {"seconds": ...}; the call alone
    {"op": "digest"}                                  -> {"digest": {name: [numbers]}} of the last result

The previous result is dropped before the clock starts and the new one after it stops.
"""

import gc
import json
import platform
import sys
import time

import numpy
import threadpoolctl

library = sys.argv[1]
if library == "scipy":
    import scipy.linalg
    import scipy.sparse.linalg
elif library == "scikit-learn":
    import sklearn
    from sklearn.cluster import KMeans, SpectralClustering
    from sklearn.covariance import EmpiricalCovariance, MinCovDet
    from sklearn.decomposition import PCA, IncrementalPCA, TruncatedSVD
    from sklearn.linear_model import LinearRegression, Ridge, RidgeCV, lasso_path
    from sklearn.metrics import silhouette_samples
    from sklearn.neighbors import NearestNeighbors


def triplets(recipe, count):
    """The entries of a sparse matrix: (row, column, value)."""
    random = numpy.random.default_rng(7)
    if recipe == "sparse_ratings":
        row, column = random.integers(50_000, size=count), random.integers(20_000, size=count)
        value = 1.0 + 2.0 * (row % 10 == column % 10) + random.normal(size=count)
    elif recipe == "poisson":
        node = numpy.arange(count * count).reshape(count, count)
        across = numpy.stack([node[:, 1:].ravel(), node[:, :-1].ravel()])
        down = numpy.stack([node[1:].ravel(), node[:-1].ravel()])
        pairs = numpy.hstack([across, down])
        row = numpy.concatenate([node.ravel(), pairs[0], pairs[1]])
        column = numpy.concatenate([node.ravel(), pairs[1], pairs[0]])
        value = numpy.where(row == column, 4.0, -1.0)
    else:
        # The symmetrically normalized affinity of ten nearest neighbours in a square.
        points = random.uniform(size=(count, 2))
        squares = (points**2).sum(axis=1)
        near = numpy.concatenate(
            [
                numpy.argpartition(squares - 2 * points[first : first + 500] @ points.T, 11, axis=1)[:, :11]
                for first in range(0, count, 500)
            ]
        )
        row, column = numpy.repeat(numpy.arange(count), 11), near.ravel()
        row, column = row[row != column], column[row != column]
        code = numpy.unique(numpy.concatenate([row * count + column, column * count + row]))
        row, column = code // count, code % count
        degree = numpy.bincount(row, minlength=count)
        value = 1 / numpy.sqrt(degree[row] * degree[column])
    return numpy.stack([row, column, value], axis=1)


def make(recipe, rows, columns, order, path):
    if recipe in ("sparse_ratings", "knn_affinity", "poisson"):
        return numpy.save(path, triplets(recipe, rows))
    random = numpy.random.default_rng(7)
    if recipe == "slow_decay":
        left, right = random.normal(size=(rows, 200)), random.normal(size=(200, columns))
        matrix = (left / numpy.arange(1, 201)) @ right + 1e-3 * random.normal(size=(rows, columns))
    else:
        matrix = random.normal(size=(rows, columns))
    if recipe == "symmetric":
        matrix = (matrix + matrix.T) / 2
    elif recipe == "positive":
        matrix = matrix @ matrix.T / columns + numpy.eye(columns)
    elif recipe == "contaminated":
        matrix[: rows // 10] += 10.0
    elif recipe == "blobs":
        # Row i is of blob i % 20, in as many dimensions as 20 centres span, so that distances are what they are in 20.
        centres = random.normal(size=(20, columns)) * 4 / columns**0.5 * 20**0.5
        matrix = matrix * (20 / columns) ** 0.5 + centres[numpy.arange(rows) % 20]
    elif recipe == "moons":
        # Two half circles, which lie in each other, one after the other.
        angle = numpy.pi * random.uniform(size=rows)
        upper = numpy.arange(rows) < rows // 2
        moons = numpy.where(upper, [numpy.cos(angle), numpy.sin(angle)], [1 - numpy.cos(angle), 0.5 - numpy.sin(angle)])
        matrix = moons.T + 0.05 * random.normal(size=(rows, 2))
    elif recipe == "clouds":
        # On a square lattice of side 4, near enough that most nearest-neighbour graphs of them are connected.
        cloud = numpy.arange(rows) % 9
        matrix += 4.0 * numpy.stack([cloud // 3, cloud % 3], axis=1)
    elif recipe == "decaying":
        rotation = numpy.linalg.qr(random.normal(size=(columns, columns)))[0]
        matrix = (matrix * 0.9 ** numpy.arange(columns)) @ rotation + random.normal(size=columns)
    numpy.save(path, numpy.asarray(matrix, order=order))


def load(path, shape):
    matrix = numpy.load(path)
    if shape is None:
        return matrix
    # Here, since only the peers of sparse cases have SciPy.
    import scipy.sparse

    row, column, value = matrix.T
    return scipy.sparse.csr_array((value, (row.astype("int32"), column.astype("int32"))), shape=shape)


def distances(x):
    """A covariance and the squared distances of the samples by it."""
    return EmpiricalCovariance().fit(x).mahalanobis(x)


def call_of(name, options, matrix):
    """The function to time: a matrix in, a result out, every option of the library at its default."""

    def near_clusters(x):
        model = SpectralClustering(
            n_clusters=options["clusters"], affinity="nearest_neighbors", n_jobs=-1, random_state=0
        )
        return model.fit(x)

    k, b = options.get("components"), right_hand_side(matrix, options)
    if library == "scipy":
        return {
            "svd": lambda a: scipy.linalg.svd(a, full_matrices=False),
            "eigh": lambda a: scipy.linalg.eigh(a),
            "eigh_evd": lambda a: scipy.linalg.eigh(a, driver="evd"),
            "qr": lambda a: scipy.linalg.qr(a, mode="economic"),
            "cholesky": lambda a: scipy.linalg.cholesky(a, lower=True),
            "lu": scipy.linalg.lu_factor,
            "lstsq": lambda a: scipy.linalg.lstsq(a, b),
            "lstsq_gelsy": lambda a: scipy.linalg.lstsq(a, b, lapack_driver="gelsy"),
            "eig": scipy.linalg.eig,
            "eigsh": lambda a: scipy.sparse.linalg.eigsh(a, k=k, which="LA"),
            "cg": lambda a: scipy.sparse.linalg.cg(a, b, rtol=options["tolerance"]),
        }[name]
    if library == "numpy":
        return {
            "svd": lambda a: numpy.linalg.svd(a, full_matrices=False),
            "eigh": numpy.linalg.eigh,
            "qr": numpy.linalg.qr,
            "cholesky": numpy.linalg.cholesky,
            "lstsq": lambda a: numpy.linalg.lstsq(a, b),
            "eig": numpy.linalg.eig,
        }[name]
    return {
        "pca": lambda x: PCA(n_components=k).fit(x),
        "pca_full": lambda x: PCA(n_components=k, svd_solver="full").fit(x),
        "pca_randomized": lambda x: PCA(
            n_components=k, svd_solver="randomized", iterated_power=options["power_iterations"], random_state=0
        ).fit(x),
        "truncated_svd": lambda x: TruncatedSVD(
            n_components=k, n_iter=options["power_iterations"], random_state=0
        ).fit(x),
        "incremental_pca": lambda x: IncrementalPCA(n_components=k, batch_size=options["batch_rows"]).fit(x),
        "linear_regression": lambda x: LinearRegression().fit(x, b),
        "ridge": lambda x: Ridge().fit(x, b),
        "ridge_cv": lambda x: RidgeCV().fit(x, b),
        "lasso_path": lambda x: lasso_path(x, b),
        "mahalanobis": distances,
        "min_cov_det": lambda x: MinCovDet(random_state=0).fit(x),
        "k_means": lambda x: KMeans(n_clusters=options["clusters"], random_state=0).fit(x),
        "k_means_given": lambda x: KMeans(n_clusters=options["clusters"], init=x[: options["clusters"]]).fit(x),
        "silhouette": lambda x: silhouette_samples(x, numpy.arange(len(x)) % options["clusters"]),
        "k_neighbors": lambda x: NearestNeighbors(n_neighbors=options["neighbors"], n_jobs=-1).fit(x).kneighbors(),
        "spectral_rbf": lambda x: SpectralClustering(
            n_clusters=options["clusters"], gamma=options["gamma"], random_state=0
        ).fit(x),
        "spectral_neighbors": near_clusters,
        "spectral_clouds": near_clusters,
    }[name]


def right_hand_side(matrix, options):
    """Of systems and fits; with the option "informative", a response to that many of the features, and what looks like noise."""
    b = probe(matrix.shape[0])
    informative = options.get("informative")
    return b if informative is None else matrix[:, :informative] @ probe(informative) + 3 * b


def probe(length):
    """The vector both sides multiply by: their products with it do not depend on signs."""
    return numpy.sin(numpy.arange(1.0, length + 1))


def digest(name, matrix, result):
    """Numbers that determine whether a result is right, free of the signs a library may choose."""
    if name == "svd":
        u, s, vt = result
        z, w = probe(vt.shape[1]), probe(len(s))
        numbers = {"singular_values": s, "product": u @ (s * (vt @ z)), "left": u.T @ (u @ w), "right": vt @ (vt.T @ w)}
    elif name in ("eigh", "eigh_evd"):
        w, v = result
        z = probe(len(w))
        numbers = {"eigenvalues": w, "product": v @ (w * (v.T @ z)), "vectors": v.T @ (v @ z)}
    elif name == "qr":
        q, r = result
        below = [float(numpy.abs(numpy.tril(r, -1)).sum())]
        z, w = probe(r.shape[1]), probe(r.shape[0])
        numbers = {"product": q @ (r @ z), "orthogonal": q.T @ (q @ w), "below_diagonal": below}
    elif name == "cholesky":
        z = probe(len(result))
        numbers = {"diagonal": numpy.diag(result), "product": result @ (result.T @ z)}
    elif name == "lu":
        # The factors themselves depend on the memory order: one may be those of the transpose.
        pivots = numpy.abs(numpy.diag(result[0]))
        solution = scipy.linalg.lu_solve(result, probe(len(matrix)))
        numbers = {"solution": solution, "log_determinant": [numpy.log(pivots).sum()]}
    elif name.startswith("lstsq"):
        numbers = {"solution": result[0]}
    elif name == "eigsh":
        numbers = {"eigenvalues": numpy.sort(result[0])}
    elif name == "cg":
        numbers = {"solution": result[0]}
    elif name == "truncated_svd":
        numbers = {"singular_values": result.singular_values_}
    elif name == "incremental_pca":
        numbers = {"explained_variance": result.explained_variance_}
    elif name in ("linear_regression", "ridge", "ridge_cv"):
        numbers = {"coefficients": result.coef_, "intercept": [result.intercept_]}
        if name == "ridge_cv":
            numbers["alpha"] = [result.alpha_]
    elif name == "lasso_path":
        numbers = {"alphas": result[0], "coefficients": result[1].ravel()}
    elif name == "mahalanobis":
        numbers = {"distances": result}
    elif name == "min_cov_det":
        # The location is near zero, and its error is a share of the deviations: beside a one, it is compared in their unit.
        standardized = result.location_ / numpy.sqrt(numpy.diag(result.covariance_))
        numbers = {
            "one_and_location": 1 + standardized,
            "covariance": result.covariance_.ravel(),
            "raw_log_determinant": [numpy.linalg.slogdet(result.raw_covariance_)[1]],
        }
    elif name == "k_means":
        # Another start ends elsewhere, in a minimum that is as good or better.
        numbers = {"inertia": [result.inertia_]}
    elif name == "k_means_given":
        numbers = {"inertia": [result.inertia_], "centers": result.cluster_centers_.ravel(), "iterations": [result.n_iter_]}
    elif name == "silhouette":
        numbers = {"one_and_silhouettes": 1 + result}
    elif name == "k_neighbors":
        numbers = {"distances": result[0].ravel()}
    elif name == "spectral_clouds":
        # A sample between two clouds may go to either.
        numbers = {"sizes": numpy.sort(numpy.bincount(result.labels_))}
    elif name.startswith("spectral"):
        # Each cluster by its first member, so that numbering does not matter.
        first = {}
        for row, label in enumerate(result.labels_):
            first.setdefault(int(label), row)
        numbers = {"first_of_cluster": [first[int(label)] for label in result.labels_]}
    elif name == "eig":
        values, vectors = result
        lengths = numpy.linalg.norm(vectors, axis=0) * numpy.linalg.norm(matrix)
        residual = numpy.linalg.norm(matrix @ vectors - vectors * values, axis=0) / lengths
        values = values[numpy.lexsort((values.imag, values.real))]
        # Every pair is an eigenpair of a matrix this close to the given one, whatever the condition.
        numbers = {"real_parts": values.real, "imaginary_parts": values.imag, "one_and_residual": 1 + residual}
    else:
        numbers = {"explained_variance": result.explained_variance_, "mean": result.mean_}
        if name != "pca_randomized":
            # Randomized components are converged far less than their variances.
            numbers |= {"components": result.components_.ravel(), "noise_variance": [result.noise_variance_]}
    return {key: numpy.asarray(value).tolist() for key, value in numbers.items()}


def versions():
    found = {"python": platform.python_version(), "numpy": numpy.__version__}
    if library == "scipy":
        found["scipy"] = scipy.__version__
    elif library == "scikit-learn":
        found["scikit-learn"] = sklearn.__version__
    pools = [pool for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"]
    found["BLAS"] = " and ".join(f"{pool['internal_api']} {pool['version']}" for pool in pools)
    found["kernels"] = " and ".join(sorted({pool.get("architecture") or "unknown" for pool in pools}))
    return found


def main():
    gc.disable()
    state, result = {}, None
    for line in sys.stdin:
        request = json.loads(line)
        op, answer = request.pop("op"), {}
        try:
            if op == "versions":
                answer["versions"] = versions()
            elif op == "make":
                make(**request)
            elif op == "load":
                result = None
                matrix = load(request["path"], request["options"].get("shape"))
                function = call_of(request["call"], request["options"], matrix)
                state = request | {"input": matrix, "function": function}
            elif op == "threads":
                threadpoolctl.threadpool_limits(request["count"])
            elif op == "run":
                function, matrix, result = state["function"], state["input"], None
                start = time.perf_counter()
                result = function(matrix)
                answer["seconds"] = time.perf_counter() - start
            elif op == "digest":
                answer["digest"] = digest(state["call"], state["input"], result)
            else:
                answer["error"] = f"unknown op {op!r}"
        except Exception as error:
            answer["error"] = f"{type(error).__name__}: {error}"
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
