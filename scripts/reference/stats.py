"""What NumPy, pandas and SciPy say of rank correlations and distributions, for the unit tests.

    python scripts/reference/stats.py && npx biome check --write test/unit/stats

Needs numpy, pandas and scipy, in any environment; their versions are written down.
"""

import json
import platform
from pathlib import Path

import numpy as np
import pandas as pd
import scipy
from scipy import stats

OUT = Path(__file__).parents[2] / "test" / "unit" / "stats" / "stats.reference.json"
random = np.random.default_rng(7)


def correlations():
    """Runs of a sweep; the metric has ties, and one param explains it better than the others."""
    n = 40
    rate = random.choice([1e-4, 3e-4, 1e-3, 3e-3, 1e-2], n)
    layers = random.integers(1, 9, n)
    optimizer = random.choice(["adam", "sgd", "lion"], n, p=[0.5, 0.3, 0.2])
    seed = random.permutation(n)
    quality = np.log10(rate) + 0.3 * layers + 0.8 * (optimizer == "adam") + random.normal(0, 0.5, n)
    metric = np.round(quality, 1)
    h = stats.kruskal(*[metric[optimizer == name] for name in np.unique(optimizer)]).statistic
    k = len(np.unique(optimizer))
    return {
        "metric": metric.tolist(),
        "rate": [repr(float(value)) for value in rate],
        "layers": layers.tolist(),
        "seed": seed.tolist(),
        "optimizer": optimizer.tolist(),
        "spearman": {
            "rate": float(stats.spearmanr(rate, metric).statistic),
            "layers": float(pd.Series(layers).corr(pd.Series(metric), method="spearman")),
            "seed": float(stats.spearmanr(seed, metric).statistic),
        },
        "kruskal": {"h": float(h), "epsilon": float(np.sqrt((h - k + 1) / (n - k)))},
        "ranks": stats.rankdata(metric).tolist(),
    }


def distribution(values):
    values = np.asarray(values, dtype=float)
    q1, median, q3 = np.percentile(values, [25, 50, 75])
    reach = 1.5 * (q3 - q1)
    inside = values[(values >= q1 - reach) & (values <= q3 + reach)]
    counts, edges = np.histogram(values, bins="fd")
    return {
        "values": values.tolist(),
        "quantiles": np.quantile(values, [0, 0.05, 0.1, 0.333, 0.5, 0.95, 1]).tolist(),
        "box": [float(value) for value in [q1, median, q3, inside.min(), inside.max()]],
        "outliers": sorted(values[(values < inside.min()) | (values > inside.max())].tolist()),
        "counts": counts.tolist(),
        "edges": edges.tolist(),
        "aggregate": {
            "count": len(values),
            "min": float(values.min()),
            "max": float(values.max()),
            "sum": float(pd.Series(values).sum()),
            "mean": float(pd.Series(values).mean()),
            "median": float(pd.Series(values).median()),
            "std": float(pd.Series(values).std()),
        },
    }


distributions = [
    distribution(random.normal(3, 1, 50)),
    distribution(random.lognormal(0, 1.2, 80)),
    distribution([2, 4, 4, 5, 7, 9, 30]),
]
OUT.write_text(
    json.dumps(
        {
            "madeWith": {
                "python": platform.python_version(),
                "numpy": np.__version__,
                "pandas": pd.__version__,
                "scipy": scipy.__version__,
            },
            "correlations": correlations(),
            "distributions": distributions,
        }
    )
    + "\n"
)
