"""What is compared: the data, the call each peer makes, the target, and how close the answers must be."""

from dataclasses import dataclass, field

EPSILON = 2.0**-52


@dataclass(frozen=True)
class Data:
    """A matrix of a recipe in python_worker.py, stored row-major ("C") or column-major ("F")."""

    recipe: str
    rows: int
    columns: int
    order: str = "C"

    @property
    def file_name(self):
        return f"{self.recipe}-{self.rows}x{self.columns}-{self.order}.npy"


@dataclass(frozen=True)
class Peer:
    """A call of one Python library; judged peers are those the target speaks of."""

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
    # How much the problem magnifies rounding errors in its eigenvectors or components.
    conditioning: float = 1.0
    # For iterative methods: how far two converged answers may be apart, instead of rounding.
    bound: float | None = None

    @property
    def name(self):
        order = {"C": "row", "F": "column"}[self.data.order]
        return f"{self.work} {self.data.rows}x{self.data.columns} {order}"

    def agreement(self, quantity):
        """The largest difference allowed, relative to the largest entry of the quantity."""
        rounding = self.bound or 100 * max(self.data.rows, self.data.columns) * EPSILON
        return rounding * (self.conditioning if quantity == "components" else 1.0)


def decompositions():
    works = [
        ("svd_thin", "gaussian", [Peer("scipy", "svd"), Peer("numpy", "svd", judged=False)]),
        (
            "eigh",
            "symmetric",
            [Peer("scipy", "eigh"), Peer("scipy", "eigh_evd"), Peer("numpy", "eigh", judged=False)],
        ),
        ("qr_thin", "gaussian", [Peer("scipy", "qr"), Peer("numpy", "qr", judged=False)]),
        ("cholesky", "positive", [Peer("scipy", "cholesky"), Peer("numpy", "cholesky", judged=False)]),
    ]
    for work, recipe, peers in works:
        for order in "CF":
            yield Case(work, Data(recipe, 1000, 1000, order), tuple(peers), target=1.05)
    for work, rows, columns in [("svd_thin", 5000, 200), ("svd_thin", 200, 5000), ("qr_thin", 2000, 500)]:
        call = work.removesuffix("_thin")
        yield Case(work, Data("gaussian", rows, columns), (Peer("scipy", call), Peer("numpy", call)))


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
        bound=1e-4,
    )


def all_cases():
    return [*decompositions(), *principal_components()]
