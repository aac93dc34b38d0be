"""Small differences between runs started by `mlflow run` and by hand, and between MLflow 2 and 3."""

import os
from typing import Any

import mlflow

# Metrics are sent once a second, not once an epoch: a server busy with single rows would slow the training down.
os.environ.setdefault("MLFLOW_ASYNC_LOGGING_BUFFERING_SECONDS", "1")


def choose_experiment(name: str) -> None:
    """Does nothing under `mlflow run`, which has chosen the experiment and created the run already."""
    if "MLFLOW_RUN_ID" not in os.environ:
        mlflow.set_experiment(name)


def log_new_params(params: dict[str, Any]) -> None:
    """`mlflow run` has logged the entry point's parameters as they were typed: `5e-3` would clash with 0.005."""
    run = mlflow.active_run()
    known = mlflow.get_run(run.info.run_id).data.params
    mlflow.log_params({name: value for name, value in params.items() if name not in known})


def model_options(name: str) -> dict[str, Any]:
    """MLflow 3 gives models a name of their own, and stores them without pickle: it asks which types are safe to load.

    Before, they were a folder among a run's artifacts.
    """
    if int(mlflow.__version__.split(".")[0]) < 3:
        return {"artifact_path": name}
    return {"name": name, "skops_trusted_types": ["sklearn.neural_network._stochastic_optimizers.AdamOptimizer"]}
