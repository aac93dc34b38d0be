"""Trains a linear classifier and records it with MLflow.

    python train.py --dataset digits --learning-rate 0.01
"""

import argparse

import mlflow
import numpy as np
from sklearn import datasets
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import accuracy_score, log_loss
from sklearn.model_selection import train_test_split

LOADERS = {"digits": datasets.load_digits, "wine": datasets.load_wine}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--dataset", choices=LOADERS, default="digits")
    parser.add_argument("--learning-rate", type=float, default=0.01)
    parser.add_argument("--epochs", type=int, default=200)
    arguments = parser.parse_args()

    x, y = LOADERS[arguments.dataset](return_X_y=True)
    x_train, x_valid, y_train, y_valid = train_test_split(x, y, test_size=0.25, random_state=7, stratify=y)

    mlflow.set_experiment(f"classification/{arguments.dataset}")
    with mlflow.start_run():
        mlflow.log_params(vars(arguments))
        model = SGDClassifier(
            loss="log_loss", learning_rate="constant", eta0=arguments.learning_rate, random_state=0
        )
        for epoch in range(arguments.epochs):
            model.partial_fit(x_train, y_train, classes=np.unique(y))
            # Features of very different sizes: every class can come out as impossible, and the shares as 0 / 0.
            probabilities = model.predict_proba(x_valid)
            metrics = {
                "train_accuracy": accuracy_score(y_train, model.predict(x_train)),
                "val_accuracy": accuracy_score(y_valid, model.predict(x_valid)),
                "val_loss": log_loss(y_valid, probabilities) if np.isfinite(probabilities).all() else np.nan,
            }
            mlflow.log_metrics(metrics, step=epoch, synchronous=False)
        print(f"val_accuracy={metrics['val_accuracy']:.4f}")


if __name__ == "__main__":
    main()
