"""Writes covariance.json: scikit-learn's covariance estimators, option by option.

Run with the packages of requirements.txt:  python covariance.py

Every section holds its data, rounded to a few decimals so that both sides read the same numbers, and a list of cases: the
options, and what scikit-learn answers. `offset` is added to the data before Lapwing sees it, and not before scikit-learn
does, which loses digits there: the rounded data plus the offset are exact numbers, and only the location moves.
"""

import json
import platform
from pathlib import Path

import numpy
import scipy
import scipy.stats
import sklearn
from sklearn.covariance import (
    OAS,
    EmpiricalCovariance,
    LedoitWolf,
    MinCovDet,
    ShrunkCovariance,
    ledoit_wolf_shrinkage,
    shrunk_covariance,
)

HERE = Path(__file__).resolve().parent
HEAD = 4
# Multiples of 1/256: added to 1e8 they are exact.
GRID = 256.0


def spread(random, samples, spreads, offset=0.0):
    """Rows with these standard deviations along random orthogonal directions."""
    features = len(spreads)
    rotation = numpy.linalg.qr(random.normal(size=(features, features)))[0]
    x = offset + (random.normal(size=(samples, features)) * spreads) @ rotation
    return numpy.round(x * GRID) / GRID


def fitted(model, x, truth):
    """What every model answers; the errors by norm, then scaling, then power, the defaults first."""
    features = x.shape[1]
    rank = int(numpy.linalg.matrix_rank(model.covariance_, hermitian=True))
    errors = [
        float(model.error_norm(truth, norm, scaling, squared))
        for norm in ("frobenius", "spectral")
        for scaling in (True, False)
        for squared in (True, False)
    ]
    regular = rank == features
    return {
        "location": model.location_,
        "covariance": model.covariance_,
        "rank": rank,
        "precision": model.precision_,
        "score": float(model.score(x)) if regular else None,
        "mahalanobis": model.mahalanobis(x[:HEAD]) if regular else None,
        "errors": errors,
    }


def estimators(random):
    sets = {
        "tall": (spread(random, 40, [4, 2, 1, 0.5], offset=3.0), 0.0),
        "wide": (spread(random, 4, [3, 2, 1, 1, 0.5]), 0.0),
        "one column": (spread(random, 20, [2.0], offset=1.0), 0.0),
        "far": (spread(random, 30, [2, 1, 0.5]), 1e8),
    }
    document = {}
    for name, (x, offset) in sets.items():
        truth = numpy.diag(numpy.arange(1.0, x.shape[1] + 1))
        cases = []
        for centred in (False, True):
            if centred and offset:
                continue
            models = {
                "empirical": EmpiricalCovariance(assume_centered=centred),
                "shrunk by default": ShrunkCovariance(assume_centered=centred),
                "shrunk": ShrunkCovariance(assume_centered=centred, shrinkage=0.7),
                "ledoit_wolf": LedoitWolf(assume_centered=centred),
                "oas": OAS(assume_centered=centred),
            }
            for kind, model in models.items():
                model.fit(x)
                case = {"model": kind, "assume_centered": centred} | fitted(model, x, truth)
                case["shrinkage"] = getattr(model, "shrinkage_", getattr(model, "shrinkage", None))
                cases.append(case)
        document[name] = {"x": x, "offset": offset, "truth": truth, "cases": cases}
    return document


def functions(random):
    x = spread(random, 12, [2, 1, 1, 0.5], offset=1.0)
    covariance = numpy.cov(x.T, bias=True).round(6)
    precision = numpy.linalg.inv(numpy.cov(x.T))
    scale = numpy.sqrt(numpy.diag(precision))
    partial = -precision / numpy.outer(scale, scale)
    numpy.fill_diagonal(partial, 1.0)
    return {
        "x": x,
        "covariance": covariance,
        "shrunk_covariance": shrunk_covariance(covariance, 0.25),
        "ledoit_wolf_shrinkage": float(ledoit_wolf_shrinkage(x)),
        "ledoit_wolf_shrinkage_centred": float(ledoit_wolf_shrinkage(x, assume_centered=True)),
        "correlation": numpy.corrcoef(x, rowvar=False),
        "partial_correlation": partial,
    }


def robust(name, x, offset=0.0, unique=True, **options):
    """The best of five seeds; `unique` where they all find the same support."""
    models = [MinCovDet(random_state=seed, **options).fit(x) for seed in range(5)]
    assert not unique or all((model.raw_support_ == models[0].raw_support_).all() for model in models), name
    model = min(models, key=lambda model: numpy.linalg.slogdet(model.raw_covariance_)[1])
    return {
        "name": name,
        "x": x,
        "offset": offset,
        "unique": unique,
        "assume_centered": options.get("assume_centered", False),
        "support_fraction": options.get("support_fraction"),
        "log_determinant": float(numpy.linalg.slogdet(model.raw_covariance_)[1]),
        "raw_location": model.raw_location_,
        "raw_covariance": model.raw_covariance_,
        "raw_support": numpy.flatnonzero(model.raw_support_),
        "outside": numpy.flatnonzero(~model.support_),
        "location": model.location_,
        "covariance": model.covariance_,
        "distances": model.dist_[:: max(1, len(x) // 20)],
    }


def min_cov_det(random):
    """Outliers in a share of the rows that the support just leaves out: one subset is the best by far."""

    def contaminated(samples, spreads, support, distance):
        x = spread(random, samples, spreads)
        x[support:] += distance
        return x

    # The two ends of the shortest interval of one column are equally far from its middle, and scikit-learn's sort decides
    # which is left out: here, the one without which the variance is smaller.
    small = contaminated(64, [2, 1, 0.5], 56, 40.0)
    return [
        robust("clear outliers", small, support_fraction=0.875),
        robust("assumed centred", small, support_fraction=0.875, assume_centered=True),
        robust("far", small, offset=1e8, support_fraction=0.875),
        robust("default support", contaminated(80, [2, 1], 60, 30.0), unique=False),
        robust("one column", contaminated(35, [2.0], 24, 50.0)),
        robust("one column, all", contaminated(15, [2.0], 12, 50.0), support_fraction=1.0),
        robust("two subsets", contaminated(640, [2, 1], 560, 40.0), support_fraction=0.875),
    ]


def log_determinant(x, inside):
    return float(numpy.linalg.slogdet(numpy.cov(x[inside].T, bias=True))[1])


def exchanged(x, inside):
    """The support after exchanges of single samples, the best one each time, until none makes the determinant smaller."""
    inside, size = inside.copy(), inside.sum()
    while True:
        z = x - x[inside].mean(axis=0)
        products = z @ numpy.linalg.inv(z[inside].T @ z[inside]) @ z.T
        i, j = numpy.flatnonzero(inside), numpy.flatnonzero(~inside)
        a, b, c = products[i, i][:, None], products[j, j][None, :], products[numpy.ix_(i, j)]
        # What the determinant of the scatter is multiplied by when i leaves and j enters.
        factor = 1 - a + b - (a + b - 2 * c) / size - (a * b - c * c)
        out, into = numpy.unravel_index(factor.argmin(), factor.shape)
        if factor[out, into] > 1 - 1e-10:
            return inside
        inside[i[out]], inside[j[into]] = False, True


def reweighted(x, raw):
    """What scikit-learn does with the support it has found, in NumPy and SciPy."""

    def distances(location, covariance):
        z = x - location
        return numpy.einsum("ij,ij->i", z, numpy.linalg.solve(covariance, z.T).T)

    def consistency(share):
        return share / scipy.stats.chi2.cdf(scipy.stats.chi2.ppf(share, features), features + 2)

    samples, features = x.shape
    cutoff = scipy.stats.chi2.ppf(0.975, features)
    covariance = consistency(raw.sum() / samples) * numpy.cov(x[raw].T, bias=True)
    support = distances(x[raw].mean(axis=0), covariance) < cutoff
    location = x[support].mean(axis=0)
    covariance = consistency(0.975) * numpy.cov(x[support].T, bias=True)
    return {
        "raw_support": numpy.flatnonzero(raw),
        "support": numpy.flatnonzero(support),
        "location": location,
        "covariance": covariance,
        "outliers": numpy.flatnonzero(distances(location, covariance) > cutoff),
    }


def wine(_):
    """The wines, for which each seed of scikit-learn has another answer: 30 of them, and the one that exchanges lead to."""
    x = numpy.loadtxt(HERE.parents[1] / "examples/data/wine.csv", delimiter=",", skiprows=1)[:, :-1]
    cutoff = scipy.stats.chi2.ppf(0.975, x.shape[1])
    models = [MinCovDet(random_state=seed).fit(x) for seed in range(30)]
    # In plain NumPy, what follows from scikit-learn's own support is what scikit-learn answers.
    for model in models:
        plain = reweighted(x, model.raw_support_)
        assert (numpy.flatnonzero(model.support_) == plain["support"]).all()
        assert numpy.allclose(model.covariance_, plain["covariance"], rtol=1e-10, atol=1e-12)
    raw = min((exchanged(x, model.raw_support_) for model in models), key=lambda inside: log_determinant(x, inside))
    return {
        "seeds": [
            {
                "log_determinant": log_determinant(x, model.raw_support_),
                "support": int(model.support_.sum()),
                "outliers": int((model.dist_ > cutoff).sum()),
            }
            for model in models
        ],
        "exchanged": {"log_determinant": log_determinant(x, raw)} | reweighted(x, raw),
    }


SECTIONS = [estimators, functions, min_cov_det, wine]


def plain(value):
    """Arrays as nested lists."""
    if isinstance(value, (numpy.ndarray, numpy.generic)):
        return value.tolist()
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    return [plain(entry) for entry in value] if isinstance(value, (list, tuple)) else value


def main():
    document = {
        "about": "scikit-learn's covariance estimators, option by option; made by covariance.py",
        "versions": {
            "python": platform.python_version(),
            "numpy": numpy.__version__,
            "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__,
        },
    }
    for seed, section in enumerate(SECTIONS):
        # A generator of its own for each, so that a new section changes no other.
        document[section.__name__] = section(numpy.random.default_rng(200 + seed))
    target = HERE / "covariance.json"
    text = json.dumps(plain(document), separators=(",", ":"), allow_nan=False)
    target.write_text(text.replace('{"model"', '\n{"model"').replace('{"name"', '\n{"name"') + "\n")
    print(f"{target.name}: {target.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
