"""Writes decomposition.json: scikit-learn's other decompositions, option by option.

Run with the packages of requirements.txt:  python decomposition.py

Every section holds its data, rounded to a few decimals so that both sides read the same numbers, and a list of cases: the
options, and what scikit-learn answers. Signs are scikit-learn's own (`svd_flip`), which are Lapwing's as well.
"""

import json
import platform
from pathlib import Path

import numpy
import scipy
import scipy.sparse
import sklearn
from sklearn.decomposition import PCA, IncrementalPCA, KernelPCA, TruncatedSVD
from sklearn.model_selection import KFold, cross_val_score

HERE = Path(__file__).resolve().parent
HEAD = 4


def spread(random, samples, spreads, offset=0.0):
    """Rows with these standard deviations along random orthogonal directions: distinct by design."""
    features = len(spreads)
    rotation = numpy.linalg.qr(random.normal(size=(features, features)))[0]
    return (offset + (random.normal(size=(samples, features)) * spreads) @ rotation).round(4)


def fitted_pca(model, x):
    """What PCA and IncrementalPCA have in common."""
    return {
        "mean": model.mean_,
        "components": model.components_,
        "explained_variance": model.explained_variance_,
        "explained_variance_ratio": model.explained_variance_ratio_,
        "singular_values": model.singular_values_,
        "noise_variance": float(model.noise_variance_),
        "transform": model.transform(x[:HEAD]),
        "inverse_transform": model.inverse_transform(model.transform(x[:HEAD])),
        "covariance": None if model.whiten else model.get_covariance(),
    }


def incremental_pca(random):
    x = spread(random, 95, [8, 5, 3, 2, 1.2, 0.7, 0.3], offset=20.0)
    low_rank = []
    for n_components, batch_size, whiten in [
        (2, 20, False),
        (3, 10, True),
        (5, 31, False),
        (7, 25, False),
        (None, 20, False),
        (4, None, False),
        (4, 47, False),
        (1, 95, True),
    ]:
        model = IncrementalPCA(n_components=n_components, batch_size=batch_size, whiten=whiten).fit(x)
        case = {"n_components": n_components, "batch_size": batch_size, "whiten": whiten}
        low_rank.append(case | fitted_pca(model, x))
    exact = []
    for n_components, whiten in [(None, False), (3, False), (3, True), (0.9, False), ("mle", False)]:
        model = PCA(n_components=n_components, whiten=whiten, svd_solver="full").fit(x)
        exact.append({"n_components": n_components, "whiten": whiten} | fitted_pca(model, x))
    return {"x": x, "low_rank": low_rank, "exact": exact}


def determined(eigenvalues):
    """How many leading eigenvectors are apart from the next by 1e-4 of the largest: the others are badly conditioned."""
    apart = -numpy.diff(numpy.append(eigenvalues, 0.0)) > 1e-4 * eigenvalues[0]
    return len(eigenvalues) if apart.all() else int(numpy.argmin(apart))


def kernel_pca(random):
    x = spread(random, 40, [1.5, 1.0, 0.6, 0.3], offset=0.5)
    new = spread(random, HEAD, [1.5, 1.0, 0.6, 0.3], offset=0.5)
    rbf = {"kernel": "rbf"}
    options = [
        {},
        {"n_components": 2},
        {"n_components": 6},
        {"n_components": 6, "remove_zero_eig": True},
        rbf | {"n_components": 4},
        rbf,
        rbf | {"gamma": 0.05, "n_components": 3, "fit_inverse_transform": True},
        rbf | {"gamma": 2.0, "n_components": 3, "fit_inverse_transform": True, "alpha": 0.1},
        {"kernel": "poly", "n_components": 4},
        {"kernel": "poly", "degree": 2, "gamma": 0.5, "coef0": 0.25, "n_components": 3, "fit_inverse_transform": True},
        {"kernel": "sigmoid", "gamma": 0.01, "coef0": 0.1, "n_components": 2},
        {"kernel": "cosine", "n_components": 3},
        {"kernel": "cosine", "n_components": 2, "fit_inverse_transform": True},
        {"kernel": "linear", "n_components": 2, "fit_inverse_transform": True},
        {"kernel": "precomputed", "n_components": 3},
    ]
    cases = []
    for option in options:
        precomputed = option.get("kernel") == "precomputed"
        # Any positive semidefinite values do; these are not those of a kernel that exists by name.
        fit_on = (1.0 + x @ x.T) ** 2 + x @ x.T if precomputed else x
        applied_to = (1.0 + new @ x.T) ** 2 + new @ x.T if precomputed else new
        model = KernelPCA(eigen_solver="dense", **option).fit(fit_on)
        kept = determined(model.eigenvalues_)
        case = {"n_components": None} | option
        case |= {
            "gamma_": float(model.gamma_),
            "eigenvalues": model.eigenvalues_,
            "eigenvectors": model.eigenvectors_[:, :kept],
            "transform": model.transform(applied_to)[:, :kept],
        }
        if option.get("fit_inverse_transform"):
            case["dual_coef"] = model.dual_coef_
            case["inverse_transform"] = model.inverse_transform(model.transform(applied_to))
        cases.append(case)
    return {"x": x, "new": new, "cases": cases}


def sparse(random, samples, features):
    """A seventh of the entries are small integers, more of them in the first columns, so that the spectrum decays."""
    odds = 0.5 / (1 + numpy.arange(features) / 4)
    present = random.random((samples, features)) < odds
    return numpy.where(present, random.integers(1, 9, (samples, features)), 0).astype(float)


def truncated_svd(random):
    sets, cases = {"narrow": sparse(random, 80, 12), "wide": sparse(random, 40, 60)}, []
    for name, x in sets.items():
        for n_components in (1, 2, 4):
            # ARPACK to working precision is the answer that the randomized algorithm approximates.
            model = TruncatedSVD(n_components, algorithm="arpack", tol=0.0, random_state=0)
            scores = model.fit_transform(scipy.sparse.csr_array(x))
            case = {"n_components": n_components, "x": name, "components": model.components_}
            case |= {
                "explained_variance": model.explained_variance_,
                "explained_variance_ratio": model.explained_variance_ratio_,
                "singular_values": model.singular_values_,
                "transform": scores[:HEAD],
                "inverse_transform": model.inverse_transform(scores[:HEAD]),
            }
            cases.append(case)
    return {"sets": sets, "cases": cases}


def sparse_pca(random):
    x = sparse(random, 80, 12)
    cases = []
    for n_components, whiten in [(1, False), (2, False), (2, True), (5, False)]:
        model = PCA(n_components=n_components, whiten=whiten, svd_solver="arpack", tol=0.0, random_state=0)
        model.fit(scipy.sparse.csr_array(x))
        cases.append({"n_components": n_components, "whiten": whiten} | fitted_pca(model, x))
    return {"x": x, "cases": cases}


def likelihood_validation(random):
    x = spread(random, 53, [5, 3, 2, 1, 0.9, 0.8], offset=3.0)
    cases = []
    for folds in (2, 5):
        for n_components in range(1, 7):
            scores = cross_val_score(PCA(n_components, svd_solver="full"), x, cv=KFold(folds))
            cases.append({"n_components": n_components, "folds": folds, "scores": scores})
    return {"x": x, "cases": cases}


SECTIONS = [incremental_pca, kernel_pca, truncated_svd, sparse_pca, likelihood_validation]


def plain(value):
    """Arrays as nested lists."""
    if isinstance(value, numpy.ndarray):
        return value.tolist()
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    return [plain(entry) for entry in value] if isinstance(value, (list, tuple)) else value


def main():
    document = {
        "about": "scikit-learn's decompositions, option by option; made by decomposition.py",
        "versions": {
            "python": platform.python_version(),
            "numpy": numpy.__version__,
            "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__,
        },
    }
    for seed, section in enumerate(SECTIONS):
        # A generator of its own for each, so that a new section changes no other.
        document[section.__name__] = section(numpy.random.default_rng(100 + seed))
    target = HERE / "decomposition.json"
    text = json.dumps(plain(document), separators=(",", ":"), allow_nan=False)
    target.write_text(text.replace('{"n_components"', '\n{"n_components"') + "\n")
    print(f"{target.name}: {target.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
