"""Writes ridge.json: scikit-learn's ridge regressions, option by option.

Run with the packages of requirements.txt:  python ridge.py

Every case names its data, its options, and what scikit-learn answers. Data is rounded to a few decimals, so that both sides
read the same numbers.
"""

import json
import platform
from pathlib import Path

import numpy
import scipy
import scipy.sparse
import sklearn
from sklearn.linear_model import BayesianRidge, Ridge, RidgeCV
from sklearn.model_selection import KFold

HERE = Path(__file__).resolve().parent
GRID = [0.01, 0.3, 2.0, 40.0]


def data(random, samples, features, density=1.0):
    x = random.normal(loc=2.0, size=(samples, features)) * (random.random((samples, features)) < density)
    y = x @ random.normal(size=(features, 2)) + random.normal(size=(samples, 2)) * [1.0, 6.0] + 10.0
    return {"x": x.round(3), "y": y.round(3), "weights": random.integers(0, 4, samples).astype(float)}


def sets():
    random = numpy.random.default_rng(7)
    return {
        "tall": data(random, 30, 5),
        "wide": data(random, 8, 20),
        "sparse": data(random, 40, 8, density=0.2),
    }


def options(weighted=(False, True), intercepts=(True, False)):
    return [(w, i) for w in weighted for i in intercepts]


def ridge(name, set):
    cases = []
    for alpha in (1e-3, [0.5, 20.0]):
        for solver in ("cholesky", "svd", "lsqr", "sparse_cg"):
            for weighted, intercept in options():
                model = Ridge(alpha=alpha, solver=solver, fit_intercept=intercept, tol=1e-14, max_iter=100_000)
                model.fit(set["x"], set["y"], sample_weight=set["weights"] if weighted else None)
                case = {"set": name, "alpha": alpha, "solver": solver, "weighted": weighted, "intercept": intercept}
                cases.append(case | {"coefficients": model.coef_, "intercepts": model.intercept_ * numpy.ones(2)})
    return cases


def sparse_ridge(name, set):
    cases = []
    for solver in ("lsqr", "sparse_cg"):
        for weighted, intercept in options():
            if solver == "lsqr" and intercept:
                continue
            model = Ridge(alpha=0.7, solver=solver, fit_intercept=intercept, tol=1e-14, max_iter=100_000)
            x = scipy.sparse.csr_array(set["x"])
            model.fit(x, set["y"], sample_weight=set["weights"] if weighted else None)
            case = {"set": name, "alpha": 0.7, "solver": solver, "weighted": weighted, "intercept": intercept}
            cases.append(case | {"coefficients": model.coef_, "intercepts": model.intercept_ * numpy.ones(2)})
    return cases


def ridge_cv(name, set):
    cases = []
    for scoring in (None, "r2"):
        for per_target in (False, True):
            for weighted, intercept in options(intercepts=(True, False)):
                weights = set["weights"] if weighted else None
                if scoring == "r2" and weighted:
                    # The scorer divides by the roots of the weights, which are zero here.
                    weights = weights + 1.0
                model = RidgeCV(GRID, scoring=scoring, alpha_per_target=per_target, fit_intercept=intercept)
                model.fit(set["x"], set["y"], sample_weight=weights)
                cases.append(
                    {
                        "set": name,
                        "scoring": scoring or "neg_mean_squared_error",
                        "folds": 0,
                        "per_target": per_target,
                        "weights": weights,
                        "intercept": intercept,
                        "alpha": model.alpha_ * numpy.ones(2),
                        "best_score": numpy.mean(model.best_score_),
                        "coefficients": model.coef_,
                        "intercepts": model.intercept_ * numpy.ones(2),
                    }
                )
    for scoring in ("neg_mean_squared_error", "r2"):
        model = RidgeCV(GRID, scoring=scoring, cv=KFold(3)).fit(set["x"], set["y"])
        cases.append(
            {
                "set": name,
                "scoring": scoring,
                "folds": 3,
                "per_target": False,
                "weights": None,
                "intercept": True,
                "alpha": model.alpha_ * numpy.ones(2),
                "best_score": model.best_score_,
                "coefficients": model.coef_,
                "intercepts": model.intercept_,
            }
        )
    return cases


def bayesian_ridge(name, set):
    cases = []
    for weighted, intercept in options():
        for extra in ({}, {"alpha_1": 0.5, "alpha_2": 2.0, "lambda_1": 1.0, "lambda_2": 0.1}, {"alpha_init": 3.0, "lambda_init": 0.2}):
            # So many iterations that all are made: where an iteration stops is decided by a rounding.
            model = BayesianRidge(max_iter=7, tol=1e-300, compute_score=True, fit_intercept=intercept, **extra)
            model.fit(set["x"], set["y"][:, 0], sample_weight=set["weights"] if weighted else None)
            mean, deviation = model.predict(set["x"][:4], return_std=True)
            cases.append(
                {
                    "set": name,
                    "weighted": weighted,
                    "intercept": intercept,
                    "options": extra,
                    "coefficients": model.coef_,
                    "alpha": model.alpha_,
                    "lambda": model.lambda_,
                    "sigma_diagonal": numpy.diag(model.sigma_),
                    "scores": model.scores_,
                    "mean": mean,
                    "deviation": deviation,
                }
            )
    default = BayesianRidge().fit(set["x"], set["y"][:, 0])
    return {"cases": cases, "default_iterations": default.n_iter_, "default_coefficients": default.coef_, "set": name}


def plain(value):
    """Arrays as nested lists, numbers to 13 digits: what two correct computations agree on."""
    if isinstance(value, numpy.ndarray):
        return plain(value.tolist())
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    return float(f"{value:.13g}") if isinstance(value, float) else value


def main():
    known = sets()
    dense = {name: known[name] for name in ("tall", "wide")}
    document = {
        "about": "scikit-learn's ridge regressions, option by option; made by ridge.py",
        "versions": {
            "python": platform.python_version(),
            "numpy": numpy.__version__,
            "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__,
        },
        "sets": known,
        "ridge": [case for name, set in dense.items() for case in ridge(name, set)],
        "sparse_ridge": sparse_ridge("sparse", known["sparse"]),
        "ridge_cv": [case for name, set in dense.items() for case in ridge_cv(name, set)],
        "bayesian_ridge": [bayesian_ridge(name, set) for name, set in dense.items()],
    }
    target = HERE / "ridge.json"
    text = json.dumps(plain(document), separators=(",", ":"), allow_nan=False)
    target.write_text(text.replace('{"set"', '\n{"set"') + "\n")
    print(f"{target.name}: {target.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
