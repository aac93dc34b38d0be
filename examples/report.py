"""What a run leaves behind for people: plots, tables, a model card."""

import matplotlib

matplotlib.use("Agg")

import mlflow
import pandas as pd
from matplotlib import pyplot as plt
from sklearn.metrics import ConfusionMatrixDisplay, classification_report
from sklearn.pipeline import Pipeline

from data import Data, features
from network import Settings


def log_report(data: Data, settings: Settings, model: Pipeline, history: pd.DataFrame) -> None:
    predicted = pd.Series(model.predict(features(data.valid)), index=data.valid.index, name="predicted")
    log_curves(data, history)
    log_predictions(data, predicted)
    mlflow.log_text(model_card(data, settings, history), "model-card.md")
    table = pd.DataFrame({"truth": data.valid["target"], "predicted": predicted})
    mlflow.log_text(table.to_csv(index_label="row"), "tables/predictions.csv")
    mlflow.log_text(history.to_csv(index_label="epoch"), "tables/history.csv")


def log_curves(data: Data, history: pd.DataFrame) -> None:
    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    history.filter(like="val_mae" if data.is_regression else "loss").plot(ax=axes)
    axes.set(title=f"{data.name}: learning curves", xlabel="epoch", yscale="log")
    mlflow.log_figure(figure, "plots/learning-curves.png")
    plt.close(figure)


def log_predictions(data: Data, predicted: pd.Series) -> None:
    truth = data.valid["target"]
    figure, axes = plt.subplots(figsize=(5, 5), layout="constrained")
    if data.is_regression:
        axes.scatter(truth, predicted, s=12)
        axes.axline((truth.mean(), truth.mean()), slope=1, color="grey", linestyle="--")
        axes.set(title="Predicted against measured", xlabel="measured", ylabel="predicted")
        mlflow.log_figure(figure, "plots/predictions.png")
        mlflow.log_dict({"error": (predicted - truth).describe().to_dict()}, "metrics/error.json")
    else:
        ConfusionMatrixDisplay.from_predictions(truth, predicted, ax=axes, colorbar=False)
        mlflow.log_figure(figure, "plots/confusion-matrix.png")
        mlflow.log_dict(
            classification_report(truth, predicted, output_dict=True, zero_division=0), "metrics/report.json"
        )
    plt.close(figure)


def model_card(data: Data, settings: Settings, history: pd.DataFrame) -> str:
    last = "\n".join(f"| {name} | {value:.4g} |" for name, value in history.iloc[-1].items())
    return f"""# A network for *{data.name}*

One hidden layer of {settings.hidden} units, trained for {settings.epochs} epochs with Adam
(learning rate {settings.learning_rate:g}, L2 penalty {settings.alpha:g}) on {len(data.train)} rows of
{data.train.shape[1] - 1} standardised features.

| measured on {len(data.valid)} rows | last epoch |
| --- | ---: |
{last}

Not for use outside this example.
"""
