"""Learns from a stream of noisy digits for as long as it is let: a run to watch while it goes on.

    python online.py --minutes 30 --interval 1

Ctrl-C ends it; the run then says KILLED, not FINISHED.
"""

import argparse
import signal
import time

import mlflow
import numpy as np
from sklearn.linear_model import SGDClassifier
from sklearn.preprocessing import StandardScaler

import data as datasets
from data import features
from tracking import choose_experiment, log_new_params


def learn(minutes: float, interval: float) -> None:
    data = datasets.load("digits")
    scaler = StandardScaler().set_output(transform="default").fit(features(data.train))
    train, valid = (scaler.transform(features(frame)) for frame in (data.train, data.valid))
    generator = np.random.default_rng()
    model = SGDClassifier(loss="log_loss", learning_rate="constant", eta0=0.001)
    classes = np.unique(data.train["target"])
    deadline = time.monotonic() + minutes * 60
    batch = 0
    while time.monotonic() < deadline:
        rows = generator.integers(len(train), size=16)
        noisy = train[rows] + generator.normal(scale=0.8, size=(len(rows), train.shape[1]))
        seen = data.train["target"].to_numpy()[rows]
        # Measured before it learns from them, as it is done with streams.
        if batch > 0:
            metrics = {
                "batch_accuracy": model.score(noisy, seen),
                "val_accuracy": model.score(valid, data.valid["target"]),
                "weights": float(np.linalg.norm(model.coef_)),
            }
            mlflow.log_metrics(metrics, step=batch)
        model.partial_fit(noisy, seen, classes=classes)
        batch += 1
        time.sleep(interval)


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--interval", type=float, default=1, help="seconds between two batches")
    arguments = parser.parse_args()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, interrupt)
    choose_experiment("online/digits")
    with mlflow.start_run():
        try:
            log_new_params(vars(arguments))
            learn(arguments.minutes, arguments.interval)
        except KeyboardInterrupt:
            mlflow.end_run("KILLED")
            print("stopped")


if __name__ == "__main__":
    main()
