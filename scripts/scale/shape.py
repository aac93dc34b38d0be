"""What the scale store holds: read by the code that writes it and by the code that checks it."""

import hashlib

import numpy as np

BEGIN = 1_767_225_600_000  # 1 January 2026, in ms
INTERVAL = 1_000  # ms between two steps


def _experiment(name, runs, metrics, points, params=5, tags=1, children=0):
    return {
        "name": name,
        "runs": runs,
        "metrics": metrics,
        "points": points,
        "params": params,
        "tags": tags,
        "children": children,
    }


EXPERIMENTS = [
    _experiment("runs-10k", runs=10_000, metrics=20, points=1, params=10, tags=3),
    _experiment("long", runs=10, metrics=3, points=100_000),
    _experiment("wide", runs=200, metrics=1_000, points=1),
    # 50 parents, each followed by its 20 children.
    _experiment("nested", runs=50 * 21, metrics=3, points=10, children=20),
    _experiment("charts-100", runs=100, metrics=5, points=1_000),
    _experiment("charts-10", runs=10, metrics=5, points=1_000),
    _experiment("pan", runs=100, metrics=1, points=10_000),
]


def metric_keys(experiment):
    """The metrics of every run of an experiment, in the order they are logged in."""
    digits = len(str(experiment["metrics"] - 1))
    return [f"metric_{number:0{digits}d}" for number in range(experiment["metrics"])]


def run_name(experiment, index):
    return f"{experiment['name']}-{index:05d}"


def run_id(experiment, index):
    """32 hexadecimal digits, as MLflow's own, the same in every store."""
    return hashlib.md5(f"{experiment['name']} {index}".encode()).hexdigest()


def start_of(experiment, index):
    """In ms. One run after the other, so that no two have a start in common and the order is known."""
    return BEGIN + index * (experiment["points"] + 1) * INTERVAL


def parent_of(experiment, index):
    """Index of the parent, None for a run at the top."""
    family = experiment["children"] + 1
    return index - index % family if index % family else None


def _random(experiment, index, purpose):
    name = int(hashlib.sha256(experiment["name"].encode()).hexdigest()[:8], 16)
    return np.random.default_rng([name, index, purpose])


def curves(experiment, index):
    """Falling curves, each with its own level, speed and noise; shape (metrics, points)."""
    random = _random(experiment, index, 0)
    number, points = experiment["metrics"], experiment["points"]
    speed = points / random.uniform(2, 8, (number, 1))
    level = random.uniform(0.05, 0.6, (number, 1))
    return level + np.exp(-np.arange(points) / speed) + random.normal(0, 0.01, (number, points))


def params_of(experiment, index):
    values = _random(experiment, index, 1).uniform(size=experiment["params"])
    return {f"param_{number:02d}": f"{value:.4g}" for number, value in enumerate(values)}


def tags_of(experiment, index):
    values = _random(experiment, index, 2).integers(10, size=experiment["tags"])
    tags = {"mlflow.runName": run_name(experiment, index), "mlflow.user": "scale", "mlflow.source.name": "train.py"}
    parent = parent_of(experiment, index)
    if parent is not None:
        tags["mlflow.parentRunId"] = run_id(experiment, parent)
    return tags | {f"tag_{number}": f"value {value}" for number, value in enumerate(values)}
