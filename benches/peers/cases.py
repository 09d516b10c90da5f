"""What is compared: the data, the call each peer makes, the target, and how close the answers must be."""

from dataclasses import dataclass, field

EPSILON = 2.0**-52

# A wide decomposition should take the time of the tall one; `compare` reports their ratio.
TALL, WIDE = (5000, 200), (200, 5000)

# What a problem's condition magnifies; every other quantity is as accurate as the arithmetic.
CONDITIONED = {"components", "solution", "real_parts", "imaginary_parts"}

# What a search makes as small as it can: Lapwing's may be smaller, and larger by rounding only.
MINIMIZED = {"raw_log_determinant"}


@dataclass(frozen=True)
class Data:
    """A matrix of a recipe in python_worker.py, stored row-major ("C") or column-major ("F").

    A sparse one is a table of (row, column, value); a case of it has the option "shape".
    """

    recipe: str
    rows: int
    columns: int
    order: str = "C"

    @property
    def file_name(self):
        return f"{self.recipe}-{self.rows}x{self.columns}-{self.order}.npy"


@dataclass(frozen=True)
class Peer:
    """A call of one library; judged peers are those the target speaks of, and every case has one."""

    library: str
    call: str
    judged: bool = True

    @property
    def label(self):
        return f"{self.library} {self.call}"


@dataclass(frozen=True)
class Case:
    work: str
    data: Data
    peers: tuple
    options: dict = field(default_factory=dict)
    # Lapwing's time over that of the fastest judged peer; None is for information.
    target: float | None = None
    # How much the problem magnifies rounding errors in the quantities that are CONDITIONED.
    conditioning: float = 1.0
    # For iterative methods: how far two converged answers may be apart, instead of rounding.
    bound: float | None = None
    # Whether Lapwing may take no more memory than the fastest judged peer.
    memory: bool = False

    @property
    def name(self):
        order = {"C": "row", "F": "column"}[self.data.order]
        rows, columns = self.options.get("shape", (self.data.rows, self.data.columns))
        return f"{self.work} {rows}x{columns} {'sparse' if 'shape' in self.options else order}"

    def agreement(self, quantity):
        """The largest difference allowed, relative to the largest entry of the quantity."""
        rounding = 100 * max(self.data.rows, self.data.columns) * EPSILON
        if quantity in MINIMIZED:
            return rounding
        return (self.bound or rounding) * (self.conditioning if quantity in CONDITIONED else 1.0)


def decompositions():
    scipy, numpy, faer = library("scipy"), library("numpy", judged=False), library("faer", judged=False)
    svd = [scipy("svd"), numpy("svd"), faer("svd")]
    eigh = [scipy("eigh"), scipy("eigh_evd"), numpy("eigh"), faer("eigh")]
    qr = [scipy("qr"), numpy("qr"), faer("qr")]
    cholesky = [scipy("cholesky"), numpy("cholesky"), faer("cholesky")]
    lu = [scipy("lu"), faer("lu")]
    lstsq = [scipy("lstsq"), library("scipy", judged=False)("lstsq_gelsy"), numpy("lstsq"), faer("lstsq")]
    eig = [scipy("eig"), numpy("eig"), faer("eig")]
    works = [
        ("svd_thin", "gaussian", 1000, 1000, svd, 1.0),
        ("svd_thin", "gaussian", *TALL, svd, 1.0),
        ("svd_thin", "gaussian", *WIDE, svd, 1.0),
        ("svd_thin", "decaying", 100_000, 50, svd, 1.0),
        ("eigh", "symmetric", 1000, 1000, eigh, 1.0),
        ("qr_thin", "gaussian", 1000, 1000, qr, 1.0),
        ("cholesky", "positive", 1000, 1000, cholesky, 1.0),
        # The condition number of this matrix is 4620.
        ("lu", "gaussian", 2000, 2000, lu, 5000.0),
        # 1.2, which squared multiplies a residual of the size of the right-hand side.
        ("lstsq", "gaussian", 20_000, 200, lstsq, 1.5),
        # The least angle between the left and the right eigenvector of one eigenvalue has cosine 1 / 78.
        ("eig", "gaussian", 500, 500, eig, 100.0),
    ]
    for work, recipe, rows, columns, peers, conditioning in works:
        for order in "CF":
            data = Data(recipe, rows, columns, order)
            yield Case(work, data, tuple(peers), target=1.05, conditioning=conditioning)
    yield Case("qr_thin", Data("gaussian", 2000, 500), tuple(qr))


def library(name, judged=True):
    return lambda call: Peer(name, call, judged)


def principal_components():
    # The recipe's standard deviations fall by a tenth from feature to feature: the largest variance is
    # 0.81**-19 = 55 times the twentieth, whose distance to the next is 0.19 of itself: 55 / 0.19 < 400.
    tall = {"conditioning": 400.0}
    default, full = (Peer("scikit-learn", "pca"),), (Peer("scikit-learn", "pca_full"),)
    yield Case("pca_covariance", Data("decaying", 100_000, 50), default, {"components": 20}, 0.75, **tall)
    yield Case("pca_covariance", Data("decaying", 1_000_000, 20), default, {"components": 10}, 0.75, **tall)
    yield Case("pca_full", Data("decaying", 100_000, 50), full, {"components": 20}, 0.75, **tall)
    # Singular values 1/i, ten oversamples, seven power iterations: the twentieth variance converges like
    # (20/31)**30 = 2e-6; with two iterations it would be 1e-2, and the bound would tell.
    yield Case(
        "pca_randomized",
        Data("slow_decay", 2000, 5000),
        (Peer("scikit-learn", "pca_randomized"),),
        {"components": 20, "power_iterations": 7},
        target=1.0,
        bound=1e-4,
        memory=True,
    )


def large_and_sparse():
    scipy, sklearn = library("scipy"), library("scikit-learn")
    # Ten groups of users and films, and noise: the leading ten values are far above the rest, whose shares of a random
    # matrix's flat spectrum the iterations cannot resolve; the bound is on those.
    ratings = {"shape": [50_000, 20_000], "components": 50, "power_iterations": 5}
    data = Data("sparse_ratings", 2_000_000, 3)
    yield Case("truncated_svd", data, (sklearn("truncated_svd"),), ratings, 1.0, bound=5e-2, memory=True)
    neighbours = {"shape": [20_000, 20_000], "components": 8}
    yield Case("partial_eigh", Data("knn_affinity", 20_000, 3), (scipy("eigsh"),), neighbours, 1.0, memory=True)
    million = {"shape": [1_000_000, 1_000_000], "tolerance": 1e-6}
    # The tolerance is of the residual; the error of the solution may be as many times larger as the condition number,
    # 8e5, allows, and is bounded by what smooth parts the right-hand side has.
    poisson = Data("poisson", 1000, 3)
    yield Case("conjugate_gradient", poisson, (scipy("cg"),), million, 1.0, bound=1e-2, memory=True)
    blocks = {"components": 20, "batch_rows": 5000}
    # scikit-learn's variances are approximate; ours are those of the whole data.
    incremental = (sklearn("incremental_pca"),)
    tall = Data("decaying", 200_000, 100)
    yield Case("incremental_pca", tall, incremental, blocks, 0.5, bound=5e-2, memory=True)


def statistics():
    sklearn = library("scikit-learn")
    tall, wide = Data("gaussian", 100_000, 100), Data("gaussian", 2000, 5000)
    response = {"informative": 20}
    # Twice as fast where one pass, which forms a Gram matrix, replaces copies and a decomposition.
    yield Case("linear_regression", tall, (sklearn("linear_regression"),), response, 0.5, memory=True)
    yield Case("ridge", tall, (sklearn("ridge"),), response, 0.5, memory=True)
    yield Case("ridge", wide, (sklearn("ridge"),), response, 1.0, memory=True)
    yield Case("ridge_cv", tall, (sklearn("ridge_cv"),), response, 0.5, memory=True)
    yield Case("ridge_cv", wide, (sklearn("ridge_cv"),), response, 1.0, memory=True)
    # Both stop when the duality gap is 1e-4 of the response's variation: the coefficients may be its root apart.
    path = Data("gaussian", 5000, 500)
    yield Case("lasso_path", path, (sklearn("lasso_path"),), response, 1.0, bound=1e-2, memory=True)
    yield Case("mahalanobis", Data("decaying", 200_000, 50), (sklearn("mahalanobis"),), {}, 0.5, memory=True)
    # Lapwing's search ends at a smaller determinant, of other samples by the hundredth: the location moves by less than as
    # many deviations, and the covariance by less than that share of its largest entry.
    outliers = Data("contaminated", 5000, 20)
    yield Case("min_cov_det", outliers, (sklearn("min_cov_det"),), {}, 1.0, bound=2e-2, memory=True)


def clustering():
    sklearn = library("scikit-learn")
    tall, wide = Data("blobs", 200_000, 20), Data("blobs", 20_000, 784)
    for data, clusters in [(tall, 20), (wide, 10)]:
        options = {"clusters": clusters}
        # From starts of their own, of which some leave a blob without a centre, in either library.
        yield Case("k_means", data, (sklearn("k_means"),), options, 1.0, bound=0.5, memory=True)
        # From the first samples, so that both make the same iterations.
        yield Case("k_means_given", data, (sklearn("k_means_given"),), options, 1.0, memory=True)
    points = Data("blobs", 20_000, 20)
    yield Case("silhouette", points, (sklearn("silhouette"),), {"clusters": 20}, 0.5, memory=True)
    for rows, columns in [(50_000, 3), (20_000, 64)]:
        neighbors = {"neighbors": 10}
        yield Case("k_neighbors", Data("gaussian", rows, columns), (sklearn("k_neighbors"),), neighbors, 1.0, memory=True)
    moons, few = Data("moons", 20_000, 2), Data("blobs", 3000, 20)
    # Squared distances are near 40 within a blob, and 640 between two.
    rbf = {"clusters": 20, "gamma": 0.02}
    yield Case("spectral_rbf", few, (sklearn("spectral_rbf"),), rbf, 0.5, memory=True)
    yield Case("spectral_neighbors", moons, (sklearn("spectral_neighbors"),), {"clusters": 2}, 1.0, memory=True)
    clouds = Data("clouds", 20_000, 2)
    yield Case("spectral_clouds", clouds, (sklearn("spectral_clouds"),), {"clusters": 9}, 1.0, bound=5e-3, memory=True)


def all_cases():
    return [*decompositions(), *principal_components(), *large_and_sparse(), *statistics(), *clustering()]
