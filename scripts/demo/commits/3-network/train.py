"""Trains one small neural network and records it with MLflow.

    python train.py --dataset digits --hidden 32 --learning-rate 0.005
"""

import argparse

import matplotlib

matplotlib.use("Agg")

import mlflow
import numpy as np
import sklearn
from matplotlib import pyplot as plt
from mlflow.models import infer_signature
from sklearn.metrics import ConfusionMatrixDisplay, accuracy_score, classification_report, log_loss
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

import data as datasets
from data import Data, features
from tracking import choose_experiment, log_new_params, model_options


def train(data: Data, arguments: argparse.Namespace) -> Pipeline:
    scaler = StandardScaler().set_output(transform="default").fit(features(data.train))
    network = MLPClassifier(
        hidden_layer_sizes=(arguments.hidden,), learning_rate_init=arguments.learning_rate, random_state=0
    )
    model = Pipeline([("scale", scaler), ("network", network)])
    inputs = scaler.transform(features(data.train))
    for epoch in range(arguments.epochs):
        network.partial_fit(inputs, data.train["target"], classes=np.unique(data.train["target"]))
        metrics = {
            "train_loss": network.loss_,
            "val_accuracy": accuracy_score(data.valid["target"], model.predict(features(data.valid))),
            "val_loss": log_loss(data.valid["target"], model.predict_proba(features(data.valid))),
        }
        mlflow.log_metrics(metrics, step=epoch, synchronous=False)
    print(f"val_accuracy={metrics['val_accuracy']:.4f}")
    return model


def log_results(data: Data, model: Pipeline, registered_as: str | None) -> None:
    truth, predicted = data.valid["target"], model.predict(features(data.valid))
    figure, axes = plt.subplots(figsize=(5, 5), layout="constrained")
    ConfusionMatrixDisplay.from_predictions(truth, predicted, ax=axes, colorbar=False)
    mlflow.log_figure(figure, "plots/confusion-matrix.png")
    plt.close(figure)
    mlflow.log_dict(classification_report(truth, predicted, output_dict=True, zero_division=0), "report.json")
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
    parser.add_argument("--hidden", type=int, default=32)
    parser.add_argument("--learning-rate", type=float, default=0.005)
    parser.add_argument("--epochs", type=int, default=200)
    parser.add_argument("--register", metavar="MODEL")
    arguments = parser.parse_args()
    data = datasets.load(arguments.dataset)
    choose_experiment(f"classification/{data.name}")
    with mlflow.start_run():
        parameters = vars(arguments).copy()
        registered_as = parameters.pop("register")
        log_new_params(parameters)
        data.log()
        log_results(data, train(data, arguments), registered_as)


if __name__ == "__main__":
    main()
