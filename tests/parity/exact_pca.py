"""Principal component analysis in exact and high-precision arithmetic.

The covariance matrix is formed exactly: every binary floating-point number is an integer times a
power of two, so sums and products of them are integers. Its eigenvectors come from mpmath at 50
digits. What remains after rounding to double is the right answer to the last bit, and shows which
digits of a floating-point computation are real.
"""

from fractions import Fraction

from mpmath import eigsy, log, loggamma, matrix, mp, mpf, pi, sqrt

mp.dps = 50
# An eigenvalue below this share of the largest is zero: mpmath's own rounding is near 1e-50.
ZERO = mpf(10) ** -35


class ExactPca:
    """All components of one data set; `model(k)` gives what a fit with k components must answer."""

    def __init__(self, rows):
        self.samples, self.features = len(rows), len(rows[0])
        scale = max(Fraction(value).denominator for row in rows for value in row)
        integers = [[int(Fraction(value) * scale) for value in row] for row in rows]
        columns = list(zip(*integers))
        sums = [sum(column) for column in columns]
        covariance = matrix(self.features, self.features)
        divisor = mpf(self.samples) * (self.samples - 1) * mpf(scale) ** 2
        for i, left in enumerate(columns):
            for j, right in enumerate(columns[: i + 1]):
                products = sum(a * b for a, b in zip(left, right))
                entry = mpf(self.samples * products - sums[i] * sums[j]) / divisor
                covariance[i, j] = covariance[j, i] = entry
        self.mean = [mpf(total) / (self.samples * mpf(scale)) for total in sums]
        # mpmath's stopping test is absolute, so hand it a matrix of ordinary size.
        size = max(abs(covariance[i, i]) for i in range(self.features))
        values, vectors = eigsy(covariance / size)
        order = sorted(range(self.features), key=lambda i: -values[i])
        largest = values[order[0]]
        self.eigenvalues = [values[i] * size if values[i] > ZERO * largest else mpf(0) for i in order]
        self.vectors = [_signed([vectors[row, i] for row in range(self.features)]) for i in order]
        self.rank = sum(value > 0 for value in self.eigenvalues)
        self.total = sum(self.eigenvalues)

    def dimension(self):
        """Minka's evidence, maximized over 1 <= k < features; ranks above the data's have no evidence."""
        if self.rank < self.features - 1:
            # The discarded variance is exactly zero from here on: the evidence is infinite.
            return self.rank
        return max(range(1, self.features), key=self._evidence)

    def _evidence(self, k):
        p, n = self.features, self.samples
        noise = sum(self.eigenvalues[k:]) / (p - k)
        model = self.eigenvalues[:k] + [noise] * (p - k)
        evidence = -k * log(2)
        evidence += sum(loggamma(mpf(p - i) / 2) - log(pi) * mpf(p - i) / 2 for i in range(k))
        evidence -= sum(log(value) for value in model) * n / 2
        evidence += log(2 * pi) * (mpf(p * k) - mpf(k * (k + 1)) / 2 + k) / 2 - k * log(n) / 2
        for i in range(k):
            for j in range(i + 1, p):
                gap = self.eigenvalues[i] - self.eigenvalues[j]
                evidence -= (log(gap * (1 / model[j] - 1 / model[i])) + log(n)) / 2
        return evidence

    def count_for(self, share):
        """The smallest number of components that explain more than `share` of the variance."""
        explained, count = mpf(0), 0
        while explained <= share * self.total:
            explained += self.eigenvalues[count]
            count += 1
        return count

    def model(self, k, rows, with_matrices):
        """The fitted model of k components and its answers for `rows`, as lists of floats."""
        p, n = self.features, self.samples
        kept = min(k, self.rank)
        values, vectors = self.eigenvalues[:k], self.vectors[:kept]
        smaller = min(n, p)
        noise = sum(self.eigenvalues[k:smaller]) / (smaller - k) if k < smaller else mpf(0)
        centred = [[mpf(value) - mean for value, mean in zip(row, self.mean)] for row in rows]
        scores = [[_dot(row, vector) for vector in vectors] for row in centred]
        restored = [
            [mean + sum(t * v[j] for t, v in zip(row, vectors)) for j, mean in enumerate(self.mean)]
            for row in scores
        ]
        answer = {
            "n_components_": k,
            "mean": self.mean,
            "components": vectors,
            "explained_variance": values,
            "explained_variance_ratio": [value / self.total for value in values],
            "singular_values": [sqrt(value * (n - 1)) for value in values],
            "noise_variance": noise,
            "transform": scores,
            "inverse_transform": restored,
            "transform_whitened": [[t / sqrt(l) for t, l in zip(row, values)] for row in scores],
        }
        # The probabilistic model has a density only when its covariance is regular.
        variances = values + [noise] * (p - k)
        if all(value > 0 for value in variances):
            log_volume = p * log(2 * pi) + sum(log(value) for value in variances)
            answer["score_samples"] = [
                -(self._distance(row, t, variances, k) + log_volume) / 2 for row, t in zip(centred, scores)
            ]
            mean_distance = sum(e / v for e, v in zip(self.eigenvalues, variances)) * (n - 1) / n
            answer["score"] = -(mean_distance + log_volume) / 2
        if with_matrices:
            answer["covariance"] = self._spectral(vectors, [v - noise for v in values], noise)
            if "score" in answer:
                change = [1 / v - 1 / noise if k < p else 1 / v for v in values]
                answer["precision"] = self._spectral(vectors, change, 1 / noise if k < p else mpf(0))
        return {name: _floats(value) for name, value in answer.items()}

    def _distance(self, row, scores, variances, k):
        inside = sum(t * t / v for t, v in zip(scores, variances))
        if k == self.features:
            return inside
        return inside + (_dot(row, row) - _dot(scores, scores)) / variances[-1]

    def _spectral(self, vectors, values, diagonal):
        def entry(i, j):
            return sum(l * v[i] * v[j] for l, v in zip(values, vectors)) + (diagonal if i == j else 0)

        return [[entry(i, j) for j in range(self.features)] for i in range(self.features)]


def _dot(left, right):
    return sum((a * b for a, b in zip(left, right)), mpf(0))


def _signed(vector):
    return vector if max(vector, key=abs) > 0 else [-value for value in vector]


def _floats(value):
    if isinstance(value, list):
        return [_floats(item) for item in value]
    return value if isinstance(value, int) else float(value)
