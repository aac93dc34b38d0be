"""What NumPy and pandas say of smoothing and of bands of runs, for the unit tests.

    python scripts/reference/smoothing.py && npx biome check --write test/unit/series

Needs numpy and pandas, in any environment; their versions are written down. Gaps are written as null.
"""

import json
import math
import platform
from pathlib import Path

import numpy as np
import pandas as pd

OUT = Path(__file__).parents[2] / "test" / "unit" / "series" / "smoothing.reference.json"
random = np.random.default_rng(20240607)


def written(values) -> list:
    return [None if not math.isfinite(value) else float(value) for value in values]


def series(points: int, gaps: int):
    """Steps as a resumed run logs them, unevenly and some of them twice; values fall with noise and a spike."""
    x = np.cumsum(random.choice([0, 1, 1, 1, 2, 7], points)).astype(float)
    y = np.exp(-x / 40) + random.normal(0, 0.05, points)
    y[points // 3] = 25.0
    y[random.choice(points, gaps, replace=False)] = np.nan
    return x, y


def gaussian(x, y, sigma):
    known = np.isfinite(y)
    distance = np.abs(x[:, None] - x[None, known])
    weight = np.where(distance <= 3 * sigma, np.exp(-((distance / sigma) ** 2) / 2), 0)
    return np.where(known, (weight * y[known]).sum(1) / weight.sum(1), np.nan)


def kept_gaps(y, smoothed):
    return np.where(np.isfinite(y), smoothed, np.nan)


def smoothed(x, y):
    column = pd.Series(y)
    times = pd.to_datetime((x * 1e9).astype("int64"))
    cases = []
    for weight in [0.3, 0.6, 0.97]:
        result = pd.Series(y[np.isfinite(y)]).ewm(alpha=1 - weight, adjust=True).mean()
        full = np.full(len(y), np.nan)
        full[np.isfinite(y)] = result
        cases.append(("ema", weight, full))
    for half_life in [0.5, 4, 60]:
        result = column.ewm(halflife=pd.Timedelta(seconds=half_life), times=times).mean()
        cases.append(("timeEma", half_life, kept_gaps(y, result)))
    for points in [2, 3, 4, 11, 64, 1000]:
        result = column.rolling(points, center=True, min_periods=1).mean()
        cases.append(("mean", points, kept_gaps(y, result)))
    for sigma in [0.4, 3, 25, 1000]:
        cases.append(("gaussian", sigma, gaussian(x, y, sigma)))
    return [{"method": method, "amount": amount, "values": written(result)} for method, amount, result in cases]


def band():
    """Runs of different lengths; each counts inside its own range only, on straight lines between its points."""
    runs = [
        (np.array([0.0, 10, 20, 30]), np.array([5.0, 3, 2, 1.5])),
        (np.array([5.0, 12, 18]), np.array([4.0, 4, -1])),
        (np.array([10.0, 11, 29, 40]), np.array([2.5, 2.25, 7, 8])),
    ]
    grid = np.unique(np.concatenate([x for x, _ in runs]))
    rows = np.array([np.interp(grid, x, y, left=np.nan, right=np.nan) for x, y in runs])
    table = pd.DataFrame(rows)
    return {
        "runs": [{"x": x.tolist(), "y": y.tolist()} for x, y in runs],
        "x": grid.tolist(),
        "n": table.count().tolist(),
        "mean": written(table.mean()),
        "min": written(table.min()),
        "max": written(table.max()),
        "deviation": written(table.std(ddof=1)),
        "error": written(table.sem(ddof=1)),
    }


inputs = [series(60, 0), series(80, 9)]
OUT.write_text(
    json.dumps(
        {
            "madeWith": {"python": platform.python_version(), "numpy": np.__version__, "pandas": pd.__version__},
            "smoothing": [{"x": written(x), "y": written(y), "cases": smoothed(x, y)} for x, y in inputs],
            "band": band(),
        }
    )
    + "\n"
)
