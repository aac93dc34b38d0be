"""Trains one small neural network and records it with MLflow.

    python train.py --dataset diabetes --hidden 64 --learning-rate 0.02
"""

import argparse
from dataclasses import asdict

import mlflow
import pandas as pd
import sklearn
from mlflow.models import infer_signature
from sklearn.pipeline import Pipeline

import data as datasets
from data import Data, features
from network import Settings, epochs
from report import log_report
from tracking import choose_experiment, log_new_params, model_options


def train(data: Data, settings: Settings) -> tuple[Pipeline, pd.DataFrame]:
    """Trains in the active run; returns the model and its measurements, one row per epoch."""
    log_new_params({"dataset": data.name, **asdict(settings)})
    data.log()
    history = []
    for epoch, (model, metrics) in enumerate(epochs(data, settings)):
        mlflow.log_metrics(metrics, step=epoch, synchronous=False)
        history.append(metrics)
    print("  ".join(f"{name}={value:.4f}" for name, value in metrics.items()))
    return model, pd.DataFrame(history)


def log_model(data: Data, model: Pipeline, registered_as: str | None) -> None:
    example = features(data.valid).head(3)
    mlflow.sklearn.log_model(
        model,
        **model_options("model"),
        signature=infer_signature(example, model.predict(example)),
        input_example=example,
        registered_model_name=registered_as,
        pip_requirements=[f"scikit-learn=={sklearn.__version__}"],
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--dataset", choices=datasets.LOADERS, default="digits")
    parser.add_argument("--hidden", type=int, default=Settings.hidden)
    parser.add_argument("--learning-rate", type=float, default=Settings.learning_rate)
    parser.add_argument("--alpha", type=float, default=Settings.alpha)
    parser.add_argument("--epochs", type=int, default=Settings.epochs)
    parser.add_argument("--seed", type=int, default=Settings.seed)
    parser.add_argument("--register", metavar="MODEL")
    arguments = vars(parser.parse_args())
    registered_as = arguments.pop("register")
    data = datasets.load(arguments.pop("dataset"))
    settings = Settings(**arguments)
    choose_experiment(data.experiment)
    with mlflow.start_run():
        model, history = train(data, settings)
        log_report(data, settings, model, history)
        log_model(data, model, registered_as)


if __name__ == "__main__":
    main()
