"""Measures a logged or registered model on rows that no training has seen.

    python evaluate.py --model models:/digits-classifier/4 --dataset digits
    python evaluate.py --model models:/digits-classifier@champion --dataset digits
"""

import argparse

import mlflow
import pandas as pd

import data as datasets
from data import features
from network import measure
from tracking import choose_experiment, log_new_params


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="models:/name/version, models:/name@alias or runs:/id/model")
    parser.add_argument("--dataset", choices=datasets.LOADERS, default="digits")
    arguments = parser.parse_args()
    data = datasets.load(arguments.dataset)
    choose_experiment(f"evaluation/{data.name}")
    with mlflow.start_run():
        log_new_params({"model": arguments.model, "dataset": data.name})
        mlflow.log_input(
            mlflow.data.from_pandas(data.test, targets="target", name=f"{data.name}-test"), context="test"
        )
        model = mlflow.sklearn.load_model(arguments.model)
        metrics = measure(model, data, data.test, "test")
        mlflow.log_metrics(metrics)
        mlflow.log_dict({"model": arguments.model, "rows": len(data.test), **metrics}, "evaluation.json")
        wrong = data.test.assign(predicted=model.predict(features(data.test)))
        if not data.is_regression:
            wrong = wrong[wrong["predicted"] != wrong["target"]]
        mlflow.log_text(pd.DataFrame(wrong).to_csv(index_label="row"), "mistakes.csv")
        print("  ".join(f"{name}={value:.4f}" for name, value in metrics.items()))


if __name__ == "__main__":
    main()
