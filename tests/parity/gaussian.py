"""Writes gaussian.json: scikit-learn's discriminant analyses and distances, and SciPy's Gaussians, option by option.

Run with the packages of requirements.txt:  python gaussian.py

The data sets are those of examples/data. Numbers that scikit-learn counts from the origin are counted from the overall mean here,
as Lapwing counts them: a term that all classes have in common is taken off.
"""

import csv
import json
import platform
from pathlib import Path

import numpy
import scipy
import sklearn
from scipy.stats import chi2, multivariate_normal
from sklearn.covariance import EmpiricalCovariance
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis

HERE = Path(__file__).resolve().parent
EVERY = 29


def data(name, label):
    with open(HERE.parents[1] / "examples" / "data" / f"{name}.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    x = numpy.array([[float(value) for key, value in row.items() if key != label] for row in rows])
    return x, numpy.array([row[label] for row in rows])


SETS = {"wine": data("wine", "cultivar"), "iris": data("iris", "species")}
PRIORS = [None, [0.2, 0.5, 0.3]]


def predictions(model, x):
    return {
        "probabilities": model.predict_proba(x[::EVERY]).round(15),
        "score": float(numpy.mean(model.predict(x) == model.labels)),
    }


def linear():
    cases = []
    choices = [("svd", None), ("lsqr", None), ("lsqr", 0.3), ("lsqr", "auto"), ("eigen", None), ("eigen", 0.3), ("eigen", "auto")]
    for name, (x, y) in SETS.items():
        for solver, shrinkage in choices:
            for priors in PRIORS:
                model = LinearDiscriminantAnalysis(solver=solver, shrinkage=shrinkage, priors=priors).fit(x, y)
                model.labels = y
                weights = model.priors_
                centre = weights @ model.means_
                coefficients = model.coef_ - weights @ model.coef_
                decisions = model.decision_function(x[::EVERY])
                case = {
                    "set": name,
                    "solver": solver,
                    "shrinkage": shrinkage,
                    "priors": priors,
                    "coefficients": coefficients,
                    "decisions": decisions - decisions[:, :1],
                } | predictions(model, x)
                if solver != "lsqr":
                    case["explained_variance_ratio"] = model.explained_variance_ratio_
                    case["scores"] = model.transform(x[::EVERY]) - model.transform(centre[None, :])
                cases.append(case)
    return cases


def quadratic():
    cases = []
    for name, (x, y) in SETS.items():
        for regularization in [0.0, 0.1, 0.7]:
            for priors in PRIORS:
                model = QuadraticDiscriminantAnalysis(reg_param=regularization, priors=priors).fit(x, y)
                model.labels = y
                case = {
                    "set": name,
                    "regularization": regularization,
                    "priors": priors,
                    "decisions": model.decision_function(x[::EVERY]),
                    "variances": model.scalings_,
                } | predictions(model, x)
                cases.append(case)
    return cases


def gaussian():
    cases = []
    for name, (x, _) in SETS.items():
        model = EmpiricalCovariance().fit(x)
        squared = model.mahalanobis(x[::EVERY])
        normal = multivariate_normal(model.location_, model.covariance_)
        p = x.shape[1]
        cases.append(
            {
                "set": name,
                "location": model.location_,
                "covariance": model.covariance_,
                "squared_distances": squared,
                "p_values": chi2.sf(squared, p),
                "cutoff": float(chi2.ppf(0.975, p)),
                "log_density": normal.logpdf(x[::EVERY]),
                "entropy": float(normal.entropy()),
            }
        )
    return cases


def plain(value):
    """Arrays as nested lists of numbers with 13 digits, which are more than two routes agree to."""
    if isinstance(value, numpy.ndarray):
        return plain(value.tolist())
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, float):
        return float(f"{value:.13g}")
    return [plain(entry) for entry in value] if isinstance(value, (list, tuple)) else value


def main():
    document = {
        "about": "scikit-learn's discriminant analyses and distances, SciPy's Gaussians; made by gaussian.py",
        "versions": {
            "python": platform.python_version(),
            "numpy": numpy.__version__,
            "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__,
        },
        "linear": linear(),
        "quadratic": quadratic(),
        "gaussian": gaussian(),
    }
    target = HERE / "gaussian.json"
    text = json.dumps(plain(document), separators=(",", ":"), allow_nan=False)
    target.write_text(text.replace('{"set"', '\n{"set"') + "\n")
    print(f"{target.name}: {target.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
