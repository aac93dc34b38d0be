"""A small neural network that can be trained one epoch at a time."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.metrics import accuracy_score, log_loss, mean_absolute_error, precision_score, r2_score
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from data import Data, features


@dataclass(frozen=True)
class Settings:
    hidden: int = 48
    learning_rate: float = 0.005
    alpha: float = 0.0001
    epochs: int = 250
    seed: int = 0


def epochs(data: Data, settings: Settings) -> Iterator[tuple[Pipeline, dict[str, float]]]:
    """Trains the network; yields it with its measurements after every epoch.

    Raises FloatingPointError when the training diverges.
    """
    scaler = StandardScaler().set_output(transform="default").fit(features(data.train))
    network = build(data, settings)
    model = Pipeline([("scale", scaler), ("network", network)])
    inputs = scaler.transform(features(data.train))
    classes = {} if data.is_regression else {"classes": np.unique(data.train["target"])}
    limit = np.inf
    for epoch in range(settings.epochs):
        # scikit-learn wants to be told the classes with the first batch only.
        network.partial_fit(inputs, data.train["target"], **(classes if epoch == 0 else {}))
        if not network.loss_ < limit:
            raise FloatingPointError(f"the loss is {network.loss_:g} after epoch {epoch}: try a smaller learning rate")
        limit = min(limit, 10 * network.loss_)
        yield model, {"train_loss": network.loss_, **measure(model, data, data.valid, "val")}


def build(data: Data, settings: Settings) -> MLPClassifier | MLPRegressor:
    network = MLPRegressor if data.is_regression else MLPClassifier
    return network(
        hidden_layer_sizes=(settings.hidden,),
        learning_rate_init=settings.learning_rate,
        alpha=settings.alpha,
        random_state=settings.seed,
    )


def measure(model: Pipeline, data: Data, frame: pd.DataFrame, prefix: str) -> dict[str, float]:
    truth = frame["target"]
    if data.is_regression:
        predicted = model.predict(features(frame))
        values = {"mae": mean_absolute_error(truth, predicted), "r2": r2_score(truth, predicted)}
    else:
        probabilities = model.predict_proba(features(frame))
        predicted = model.classes_[probabilities.argmax(axis=1)]
        # Undefined, that is NaN, for as long as there is a class that is never predicted.
        precisions = precision_score(truth, predicted, labels=model.classes_, average=None, zero_division=np.nan)
        values = {
            "loss": log_loss(truth, probabilities, labels=model.classes_),
            "accuracy": accuracy_score(truth, predicted),
            "worst_precision": float(np.min(precisions)),
        }
    return {f"{prefix}_{name}": float(value) for name, value in values.items()}
