"""Writes coordinate_descent.json: scikit-learn's elastic nets, option by option.

Run with the packages of requirements.txt:  python coordinate_descent.py

Data is rounded to a few decimals, so that both sides read the same numbers. With a tolerance of 1e-12 the answers are those
of the problem; with the default one they are those of the algorithm, which both sides share step for step.
"""

import json
import platform
import warnings
from pathlib import Path

import numpy
import scipy
import scipy.sparse
import sklearn
from sklearn.linear_model import ElasticNet, ElasticNetCV, Lasso, LassoCV, enet_path, lasso_path
from sklearn.model_selection import KFold

HERE = Path(__file__).resolve().parent
LOOSE = {"max_iter": 100_000}
TIGHT = LOOSE | {"tol": 1e-12}


def regression(random, samples, features, targets=1):
    """Correlated features of different scales, far from zero; a third of them matters."""
    mixing = numpy.eye(features) + 0.4 * random.normal(size=(features, features))
    x = (random.normal(size=(samples, features)) @ mixing + random.normal(size=features) * 5).round(2)
    truth = numpy.where(numpy.arange(features) % 3 == 0, 1.0 + numpy.arange(features) % 4, 0.0)
    y = (x @ truth)[:, None] * numpy.linspace(1, 0.5, targets) + random.normal(size=(samples, targets)) * 2 + 10
    return x, y.round(2)


def sparse(random, samples, features):
    present = random.random((samples, features)) < 0.2
    x = numpy.where(present, random.integers(1, 9, (samples, features)), 0).astype(float)
    return x, (x[:, ::4].sum(axis=1) + random.normal(size=samples)).round(2)


def answer(model):
    gaps = numpy.atleast_1d(model.dual_gap_)
    return {
        "coefficients": numpy.atleast_2d(model.coef_),
        "intercept": numpy.broadcast_to(model.intercept_, len(numpy.atleast_2d(model.coef_))),
        "iterations": numpy.atleast_1d(model.n_iter_),
        "dual_gaps": gaps,
    }


def fits(random):
    sets = {"tall": regression(random, 40, 7, 2), "wide": regression(random, 12, 20)}
    sets["sparse"] = tuple(v.reshape(len(v), -1) for v in sparse(random, 40, 9))
    weights = {name: random.integers(0, 4, len(x)) / 2 for name, (x, _) in sets.items()}
    cases = []
    for name, (x, y) in sets.items():
        options = [
            {"alpha": 0.3, "l1_ratio": 0.5},
            {"alpha": 1.0, "l1_ratio": 1.0},
            {"alpha": 0.5, "l1_ratio": 0.9},
            {"alpha": 20.0, "l1_ratio": 0.0},
            {"alpha": 0.3, "l1_ratio": 0.7, "fit_intercept": False},
            {"alpha": 0.2, "l1_ratio": 1.0, "positive": True},
            {"alpha": 0.3, "l1_ratio": 0.6, "weighted": True},
        ]
        for option in options:
            chosen = {key: value for key, value in option.items() if key != "weighted"}
            weight = weights[name] if option.get("weighted") else None
            data = scipy.sparse.csc_array(x) if name == "sparse" else x
            for tolerance in (LOOSE, TIGHT):
                # With more samples than features Lapwing takes the Gram matrix; with it, scikit-learn's gap is noise at 1e-12.
                precompute = name == "tall" and tolerance == LOOSE
                model = ElasticNet(precompute=precompute, **chosen, **tolerance)
                model.fit(data, y, sample_weight=weight)
                case = {"x": name, "weighted": weight is not None, "tight": tolerance == TIGHT}
                case |= {"fit_intercept": True, "positive": False} | chosen
                cases.append(case | answer(model))
    data = {name: {"x": x, "y": y, "weights": weights[name]} for name, (x, y) in sets.items()}
    return {"sets": data, "cases": cases}


def paths(random):
    cases, data = [], {}
    for name, (samples, features) in {"tall": (50, 6), "wide": (10, 14)}.items():
        x, y = regression(random, samples, features)
        x, y = x.round(1), y[:, 0]
        data[name] = {"x": x, "y": y}
        centred, target = x - x.mean(axis=0), y - y.mean()
        for l1_ratio in (1.0, 0.5):
            alphas, coefficients, gaps, iterations = enet_path(
                centred, target, l1_ratio=l1_ratio, alphas=8, precompute=False, return_n_iter=True, **TIGHT
            )
            case = {"x": name, "l1_ratio": l1_ratio, "alphas": alphas, "coefficients": coefficients.T}
            loose = enet_path(centred, target, l1_ratio=l1_ratio, alphas=8, return_n_iter=True, **LOOSE)
            cases.append(case | {"loose_iterations": loose[3], "loose_coefficients": loose[1].T})
    return {"sets": data, "cases": cases}


def cross_validation(random):
    x, y = regression(random, 47, 5)
    y, cases = y[:, 0], []
    weights = random.integers(1, 4, len(x)) / 2
    for option in [
        {"model": "lasso"},
        {"model": "lasso", "weighted": True},
        {"model": "elastic_net", "l1_ratio": [0.2, 0.9], "cv": 3},
        {"model": "lasso", "alphas": [0.01, 1.0, 0.1], "fit_intercept": False},
    ]:
        chosen = {key: value for key, value in option.items() if key not in ("model", "weighted", "cv")}
        kind = LassoCV if option["model"] == "lasso" else ElasticNetCV
        folds = option.get("cv", 5)
        chosen = {"alphas": 6} | chosen
        model = kind(cv=KFold(folds), precompute=False, **chosen, **TIGHT)
        model.fit(x, y, sample_weight=weights if option.get("weighted") else None)
        ratios = numpy.atleast_1d(chosen.get("l1_ratio", 1.0 if option["model"] == "lasso" else 0.5))
        case = {
            "l1_ratios": ratios,
            "weighted": option.get("weighted", False),
            "folds": folds,
            "given": chosen["alphas"] if isinstance(chosen["alphas"], list) else None,
            "fit_intercept": chosen.get("fit_intercept", True),
            "alpha": float(model.alpha_),
            "l1_ratio": float(getattr(model, "l1_ratio_", ratios[0])),
            "alphas": numpy.atleast_2d(model.alphas_),
            "errors": model.mse_path_.reshape(len(ratios), -1, folds),
            "coefficients": model.coef_,
            "intercept": float(model.intercept_),
        }
        cases.append(case)
    return {"x": x, "y": y, "weights": weights, "cases": cases}


SECTIONS = [fits, paths, cross_validation]


def plain(value):
    """Arrays as nested lists."""
    if isinstance(value, numpy.ndarray):
        return value.tolist()
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    return [plain(entry) for entry in value] if isinstance(value, (list, tuple)) else value


def main():
    document = {
        "about": "scikit-learn's elastic nets, option by option; made by coordinate_descent.py",
        "versions": {
            "python": platform.python_version(),
            "numpy": numpy.__version__,
            "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__,
        },
    }
    for seed, section in enumerate(SECTIONS):
        # A generator of its own for each, so that a new section changes no other.
        document[section.__name__] = section(numpy.random.default_rng(300 + seed))
    target = HERE / "coordinate_descent.json"
    text = json.dumps(plain(document), separators=(",", ":"), allow_nan=False)
    target.write_text(text.replace('{"x":"', '\n{"x":"').replace('{"l1_ratios"', '\n{"l1_ratios"') + "\n")
    print(f"{target.name}: {target.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    warnings.simplefilter("error", sklearn.exceptions.ConvergenceWarning)
    main()
