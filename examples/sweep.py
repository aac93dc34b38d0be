"""Trains one network for every combination of a grid, as nested runs, and keeps the best.

    python sweep.py --dataset digits --grid grids/small.yaml
"""

import argparse
import itertools
import logging

import mlflow
import yaml

import data as datasets
from data import Data
from network import Settings
from report import log_report
from tracking import choose_experiment, log_new_params
from train import log_model, train

log = logging.getLogger("sweep")


def combinations(file: str, epochs: int) -> list[Settings]:
    with open(file, encoding="utf-8") as stream:
        grid = yaml.safe_load(stream)
    return [Settings(**dict(zip(grid, values)), epochs=epochs) for values in itertools.product(*grid.values())]


def sweep(data: Data, candidates: list[Settings]) -> None:
    metric = "val_mae" if data.is_regression else "val_loss"
    best = None
    for number, settings in enumerate(candidates, start=1):
        name = f"hidden={settings.hidden} rate={settings.learning_rate:g}"
        with mlflow.start_run(run_name=name, nested=True) as run:
            model, history = train(data, settings)
        score = history[metric].min()
        log.info("%d of %d  %s  best %s %.4f", number, len(candidates), name, metric, score)
        # The parent shows how the best score falls while the sweep goes on.
        if best is None or score < best[0]:
            best = (score, run.info.run_id, settings, model, history)
        mlflow.log_metric(f"best_{metric}", best[0], step=number)
    score, run_id, settings, model, history = best
    mlflow.set_tags({"best_run": run_id, "candidates": len(candidates)})
    log_report(data, settings, model, history)
    log_model(data, model, registered_as=None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dataset", choices=datasets.LOADERS, default="digits")
    parser.add_argument("--grid", default="grids/small.yaml")
    parser.add_argument("--epochs", type=int, default=200)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", force=True)
    data = datasets.load(arguments.dataset)
    choose_experiment(data.experiment)
    with mlflow.start_run():
        log_new_params({"dataset": data.name, "grid": arguments.grid, "epochs": arguments.epochs})
        mlflow.log_artifact(arguments.grid)
        sweep(data, combinations(arguments.grid, arguments.epochs))


if __name__ == "__main__":
    main()
