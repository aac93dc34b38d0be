"""Trains a linear classifier on standardised features and records it with MLflow.

    python train.py --dataset digits --learning-rate 0.01
"""

import argparse

import matplotlib

matplotlib.use("Agg")

import mlflow
import numpy as np
from matplotlib import pyplot as plt
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import ConfusionMatrixDisplay, accuracy_score, log_loss
from sklearn.preprocessing import StandardScaler

import data as datasets
from data import features


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--dataset", choices=datasets.LOADERS, default="digits")
    parser.add_argument("--learning-rate", type=float, default=0.01)
    parser.add_argument("--alpha", type=float, default=0.0001, help="weight of the L2 penalty")
    parser.add_argument("--epochs", type=int, default=200)
    arguments = parser.parse_args()

    data = datasets.load(arguments.dataset)
    scaler = StandardScaler().fit(features(data.train))
    x_train, x_valid = scaler.transform(features(data.train)), scaler.transform(features(data.valid))
    y_train, y_valid = data.train["target"], data.valid["target"]

    mlflow.set_experiment(f"classification/{data.name}")
    with mlflow.start_run():
        mlflow.log_params(vars(arguments))
        data.log()
        model = SGDClassifier(
            loss="log_loss",
            learning_rate="constant",
            eta0=arguments.learning_rate,
            alpha=arguments.alpha,
            random_state=0,
        )
        for epoch in range(arguments.epochs):
            model.partial_fit(x_train, y_train, classes=np.unique(y_train))
            metrics = {
                "train_loss": log_loss(y_train, model.predict_proba(x_train)),
                "val_accuracy": accuracy_score(y_valid, model.predict(x_valid)),
                "val_loss": log_loss(y_valid, model.predict_proba(x_valid)),
            }
            mlflow.log_metrics(metrics, step=epoch, synchronous=False)
        figure, axes = plt.subplots(figsize=(5, 5), layout="constrained")
        ConfusionMatrixDisplay.from_estimator(model, x_valid, y_valid, ax=axes, colorbar=False)
        mlflow.log_figure(figure, "confusion-matrix.png")
        plt.close(figure)
        print(f"val_accuracy={metrics['val_accuracy']:.4f}")


if __name__ == "__main__":
    main()
