"""Writes cluster_scores.json: scikit-learn's scores of clusters, on labels and on points of a few digits.

Run with the packages of requirements.txt:  python cluster_scores.py
"""

import json
import platform
from pathlib import Path

import numpy
import sklearn
from sklearn import metrics

HERE = Path(__file__).resolve().parent
AVERAGES = ["min", "geometric", "arithmetic", "max"]


def agreement(random):
    """Random labels, nearly equal ones, many small clusters, one label, a label for each sample."""
    classes = random.integers(0, 4, 60)
    noisy = numpy.where(random.random(60) < 0.2, random.integers(0, 4, 60), classes)
    each, one = numpy.arange(60), numpy.zeros(60, dtype=int)
    pairs = [(classes, random.integers(0, 3, 60)), (classes, noisy), (random.integers(0, 25, 60), classes)]
    pairs += [(classes, classes), (classes, one), (one, classes), (classes, each), (one, each)]
    cases = []
    for true, found in pairs:
        case = {"labels_true": true, "labels_pred": found}
        names = ["rand_score", "adjusted_rand_score", "fowlkes_mallows_score", "mutual_info_score"]
        for name in names + ["homogeneity_score", "completeness_score"]:
            case[name] = getattr(metrics, name)(true, found)
        for name in ["normalized_mutual_info_score", "adjusted_mutual_info_score"]:
            case[name] = [getattr(metrics, name)(true, found, average_method=average) for average in AVERAGES]
        case["v_measure_score"] = [metrics.v_measure_score(true, found, beta=beta) for beta in (1.0, 0.5, 3.0)]
        cases.append(case)
    return cases


def separation(random):
    """Overlapping and separate clusters, one of a single sample."""
    cases = []
    for spread, features in [(0.3, 2), (3.0, 4), (1.0, 1)]:
        labels = random.integers(0, 4, 50)
        labels[17] = 9
        centres = random.normal(size=(10, features)) * 3
        x = (centres[labels] + spread * random.normal(size=(50, features))).round(3)
        case = {"x": x, "labels": labels, "silhouette_samples": metrics.silhouette_samples(x, labels)}
        for name in ["silhouette_score", "davies_bouldin_score", "calinski_harabasz_score"]:
            case[name] = getattr(metrics, name)(x, labels)
        cases.append(case)
    return cases


def plain(value):
    """Arrays as nested lists."""
    if isinstance(value, (numpy.ndarray, numpy.floating)):
        return value.tolist()
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    return [plain(entry) for entry in value] if isinstance(value, (list, tuple)) else value


def main():
    document = {
        "about": "scikit-learn's scores of clusters; made by cluster_scores.py",
        "versions": {
            "python": platform.python_version(),
            "numpy": numpy.__version__,
            "scikit-learn": sklearn.__version__,
        },
    }
    for seed, section in enumerate([agreement, separation]):
        document[section.__name__] = section(numpy.random.default_rng(600 + seed))
    target = HERE / "cluster_scores.json"
    target.write_text(json.dumps(plain(document), separators=(",", ":"), allow_nan=False) + "\n")
    print(f"{target.name}: {target.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
