"""Writes linear_regression.json: scikit-learn's LinearRegression option by option, and statsmodels' summaries.

Run with the packages of requirements.txt:  python linear_regression.py

Data is rounded to a few decimals, so that both sides read the same numbers, or lies in the repository.
"""

import csv
import json
import platform
from pathlib import Path

import numpy
import scipy
import scipy.sparse
import sklearn
import statsmodels
import statsmodels.api
from sklearn.linear_model import LinearRegression
from statsmodels.stats.outliers_influence import OLSInfluence, variance_inflation_factor

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
HEAD = 4


def table(path, target):
    """Features and target of a CSV file."""
    with open(ROOT / path, newline="") as file:
        names, *rows = csv.reader(file)
    data = numpy.array(rows, dtype=float)
    y = names.index(target)
    return numpy.delete(data, y, axis=1), data[:, y]


def features(random, samples, count):
    """Correlated columns of different lengths, some away from zero."""
    mixing = random.normal(size=(count, count)) + 2 * numpy.eye(count)
    return (random.normal(size=(samples, count)) @ mixing * numpy.linspace(1, 9, count) + 5).round(3)


def fits(random):
    """scikit-learn. Its tolerance is set to NumPy's, as Lapwing's is: that of LSQR to what leaves nothing to compare."""
    x, wide = features(random, 30, 4), features(random, 5, 8)
    dependent = numpy.column_stack([x[:, :2], x[:, 0] - 2 * x[:, 1], numpy.full(30, 3.0), x[:, 3]])
    sets = {"tall": x, "wide": wide, "dependent": dependent}
    sets |= {"sparse": numpy.where(random.random((40, 6)) < 0.3, random.integers(1, 9, (40, 6)), 0).astype(float)}
    cases = []
    for name, data in sets.items():
        samples, count = data.shape
        targets = (data @ random.normal(size=(count, 2)) + 3 * random.normal(size=(samples, 2)) + 7).round(3)
        weights = random.integers(1, 9, samples) / 4
        for fit_intercept in (True, False):
            for weighted in (True, False):
                sparse = name == "sparse"
                tol = 1e-15 if sparse else max(data.shape) * numpy.finfo(float).eps
                model = LinearRegression(fit_intercept=fit_intercept, tol=tol)
                given = scipy.sparse.csr_array(data) if sparse else data
                model.fit(given, targets, sample_weight=weights if weighted else None)
                case = {"x": name, "fit_intercept": fit_intercept, "y": targets}
                case |= {
                    "weights": weights if weighted else None,
                    "coef": model.coef_,
                    "intercept": numpy.broadcast_to(model.intercept_, 2),
                    "rank": None if sparse else int(model.rank_),
                    "singular": None if sparse else model.singular_,
                    "predict": model.predict(given)[:HEAD],
                    "score": model.score(given, targets),
                    "weighted_score": model.score(given, targets, sample_weight=weights),
                }
                cases.append(case)
    return {"sets": sets, "cases": cases}


def summary(x, y, intercept, weights=None):
    """statsmodels, of data that is not stored again. Influence is that of the weighted rows."""
    exog = numpy.column_stack([numpy.ones(len(y)), x]) if intercept else x
    # Without an intercept, none is to be found among the features either.
    options = {"hasconst": intercept}
    if weights is None:
        model = statsmodels.api.OLS(y, exog, **options)
    else:
        model = statsmodels.api.WLS(y, exog, weights=weights, **options)
    fit = model.fit()
    roots = numpy.ones(len(y)) if weights is None else numpy.sqrt(weights)
    whitened = statsmodels.api.OLS(y * roots, exog * roots[:, None], hasconst=False).fit()
    influence = OLSInfluence(whitened)
    answer = {
        "coefficients": fit.params,
        "standard_errors": fit.bse,
        "t": fit.tvalues,
        "p": fit.pvalues,
        "intervals": fit.conf_int(0.1),
        "df_model": fit.df_model,
        "df_resid": fit.df_resid,
        "deviation": numpy.sqrt(fit.scale),
        "r_squared": fit.rsquared,
        "adjusted": fit.rsquared_adj,
        "f": fit.fvalue,
        "f_p": fit.f_pvalue,
        "log_likelihood": fit.llf,
        "aic": fit.aic,
        "bic": fit.bic,
        "condition": fit.condition_number,
        "leverages": influence.hat_matrix_diag[:HEAD],
        "residuals": fit.resid[:HEAD],
        "internal": influence.resid_studentized_internal[:HEAD],
        "external": influence.resid_studentized_external[:HEAD],
        "cook": influence.cooks_distance[0][:HEAD],
    }
    first = int(intercept)
    if weights is None and numpy.linalg.matrix_rank(exog) == exog.shape[1] and intercept:
        answer["inflation"] = [variance_inflation_factor(exog, j) for j in range(first, exog.shape[1])]
    return answer


def summaries(random):
    diabetes = table("examples/data/diabetes.csv", "progression")
    longley = table("tests/data/nist/longley.csv", "y")
    weights = random.integers(1, 9, len(diabetes[1])) / 4
    collinear = numpy.column_stack([diabetes[0][:, :4], diabetes[0][:, 0] + diabetes[0][:, 2]])
    cases = []
    for name, (x, y), intercept, given in [
        ("diabetes", diabetes, True, None),
        ("diabetes", diabetes, False, None),
        ("diabetes", diabetes, True, weights),
        ("longley", longley, True, None),
        ("collinear", (collinear, diabetes[1]), True, None),
    ]:
        case = {"x": name, "intercept": intercept, "weights": given}
        cases.append(case | summary(x, y, intercept, given))
    return {"cases": cases}


SECTIONS = [fits, summaries]


def plain(value):
    """Arrays as nested lists, and NumPy's numbers as Python's."""
    if isinstance(value, numpy.ndarray | numpy.generic):
        return value.tolist()
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    return [plain(entry) for entry in value] if isinstance(value, (list, tuple)) else value


def main():
    document = {
        "about": "scikit-learn's LinearRegression and statsmodels' OLS and WLS; made by linear_regression.py",
        "versions": {
            "python": platform.python_version(),
            "numpy": numpy.__version__,
            "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__,
            "statsmodels": statsmodels.__version__,
        },
    }
    for seed, section in enumerate(SECTIONS):
        # A generator of its own for each, so that a new section changes no other.
        document[section.__name__] = section(numpy.random.default_rng(200 + seed))
    target = HERE / "linear_regression.json"
    text = json.dumps(plain(document), separators=(",", ":"), allow_nan=False)
    target.write_text(text.replace('{"x":"', '\n{"x":"') + "\n")
    print(f"{target.name}: {target.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
