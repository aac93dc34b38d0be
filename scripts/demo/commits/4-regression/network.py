"""A small neural network that can be trained one epoch at a time."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.metrics import accuracy_score, log_loss, mean_absolute_error, r2_score
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from data import Data, features


@dataclass(frozen=True)
class Settings:
    hidden: int = 32
    learning_rate: float = 0.005
    alpha: float = 0.0001
    epochs: int = 200
    seed: int = 0


def epochs(data: Data, settings: Settings) -> Iterator[tuple[Pipeline, dict[str, float]]]:
    """Trains the network; yields it with its measurements after every epoch."""
    scaler = StandardScaler().set_output(transform="default").fit(features(data.train))
    network = (MLPRegressor if data.is_regression else MLPClassifier)(
        hidden_layer_sizes=(settings.hidden,),
        learning_rate_init=settings.learning_rate,
        alpha=settings.alpha,
        random_state=settings.seed,
    )
    model = Pipeline([("scale", scaler), ("network", network)])
    inputs = scaler.transform(features(data.train))
    classes = {} if data.is_regression else {"classes": np.unique(data.train["target"])}
    for epoch in range(settings.epochs):
        # scikit-learn wants to be told the classes with the first batch only.
        network.partial_fit(inputs, data.train["target"], **(classes if epoch == 0 else {}))
        yield model, {"train_loss": network.loss_, **measure(model, data, data.valid, "val")}


def measure(model: Pipeline, data: Data, frame: pd.DataFrame, prefix: str) -> dict[str, float]:
    truth, predicted = frame["target"], model.predict(features(frame))
    if data.is_regression:
        values = {"mae": mean_absolute_error(truth, predicted), "r2": r2_score(truth, predicted)}
    else:
        values = {
            "loss": log_loss(truth, model.predict_proba(features(frame)), labels=model.classes_),
            "accuracy": accuracy_score(truth, predicted),
        }
    return {f"{prefix}_{name}": float(value) for name, value in values.items()}
