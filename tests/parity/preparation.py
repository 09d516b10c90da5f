"""Writes preparation.json: scikit-learn's metrics, folds, scalers and polynomial features.

Run with the packages of requirements.txt:  python preparation.py
"""

import json
import platform
from pathlib import Path

import numpy
import scipy.sparse
import sklearn
from sklearn import metrics
from sklearn.model_selection import KFold
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

HERE = Path(__file__).resolve().parent


def regression_metrics(random):
    cases = []
    for targets in (1, 3):
        for weighted in (False, True):
            observed = (random.normal(size=(9, targets)) * 3 + 20).round(2)
            predicted = (observed + random.normal(size=(9, targets))).round(2)
            if targets == 3:
                observed[:, 2], predicted[:, 2] = 4.0, predicted[:, 2].round(1)
            weights = random.integers(0, 5, 9) / 2 if weighted else None
            case = {"observed": observed, "predicted": predicted, "weights": weights}
            for name in ("r2_score", "explained_variance_score"):
                for average in ("uniform_average", "variance_weighted", "raw_values"):
                    score = getattr(metrics, name)
                    case[f"{name}_{average}"] = score(observed, predicted, sample_weight=weights, multioutput=average)
            for name in ("mean_squared_error", "root_mean_squared_error", "mean_absolute_error"):
                case[name] = getattr(metrics, name)(observed, predicted, sample_weight=weights)
            cases.append(case)
    return cases


def folds(random):
    cases = [(5, 2), (11, 4), (23, 5), (7, 7)]
    return [{"samples": n, "folds": k, "test": [t for _, t in KFold(k).split(numpy.zeros(n))]} for n, k in cases]


def scaler(random):
    x = (random.normal(size=(17, 4)) * [1, 30, 0.01, 0] + [5, -100, 2, 0.1]).round(4)
    sparse = numpy.where(random.random((17, 4)) < 0.4, random.integers(1, 9, (17, 4)), 0).astype(float)
    weights = random.integers(0, 4, 17) / 2
    cases = []
    for data, option, weight in [
        (x, {}, None),
        (x, {"with_mean": False}, None),
        (x, {"with_std": False}, None),
        (x, {}, weights),
        (sparse, {"with_mean": False}, None),
    ]:
        is_sparse = data is sparse
        model = StandardScaler(**option).fit(scipy.sparse.csr_array(data) if is_sparse else data, sample_weight=weight)
        scores = model.transform(scipy.sparse.csr_array(data) if is_sparse else data)
        case = {"x": data, "sparse": is_sparse, "with_mean": True, "with_std": True, "weights": weight} | option
        case |= {"mean": model.mean_, "variance": model.var_, "scale": model.scale_}
        cases.append(case | {"transform": scores.toarray() if is_sparse else scores})
    return cases


def polynomial(random):
    x = random.integers(-4, 5, (3, 3)).astype(float)
    cases = []
    for option in [{}, {"degree": 4}, {"degree": 3, "interaction_only": True}, {"degree": 3, "include_bias": False}]:
        model = PolynomialFeatures(**option).fit(x)
        case = {"degree": 2, "interaction_only": False, "include_bias": True} | option
        cases.append(case | {"powers": model.powers_, "transform": model.transform(x)})
    return {"x": x, "cases": cases}


SECTIONS = [regression_metrics, folds, scaler, polynomial]


def plain(value):
    """Arrays as nested lists."""
    if isinstance(value, (numpy.ndarray, numpy.floating)):
        return value.tolist()
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    return [plain(entry) for entry in value] if isinstance(value, (list, tuple)) else value


def main():
    document = {
        "about": "scikit-learn's metrics, folds, scalers and polynomial features; made by preparation.py",
        "versions": {
            "python": platform.python_version(),
            "numpy": numpy.__version__,
            "scikit-learn": sklearn.__version__,
        },
    }
    for seed, section in enumerate(SECTIONS):
        # A generator of its own for each, so that a new section changes no other.
        document[section.__name__] = section(numpy.random.default_rng(400 + seed))
    target = HERE / "preparation.json"
    target.write_text(json.dumps(plain(document), separators=(",", ":"), allow_nan=False) + "\n")
    print(f"{target.name}: {target.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
