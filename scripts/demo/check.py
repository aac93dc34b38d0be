"""What the demo is to show, looked for on its server with the official client.

    MLFLOW_TRACKING_URI=http://127.0.0.1:5000 python check.py [--running]

Prints a list of claims as JSON, each with what was found. `--running`: somebody is logging to the server as well.
"""

import argparse
import collections
import json
import logging
import math
import time

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Run

MODEL = "digits-classifier"
PARENT, COMMIT = "mlflow.parentRunId", "mlflow.source.git.commit"
ENDINGS = {".png", ".json", ".csv", ".log", ".md"}

client = MlflowClient()
claims = []


def claim(text: str, holds: bool, found: object) -> None:
    claims.append({"claim": text, "holds": bool(holds), "found": str(found)})


def check_runs(runs: list[Run]) -> None:
    experiments = {run.info.experiment_id for run in runs}
    commits = {run.data.tags[COMMIT] for run in runs if COMMIT in run.data.tags}
    claim("3 experiments or more", len(experiments) >= 3, len(experiments))
    claim("40 runs or more", len(runs) >= 40, len(runs))
    claim("of several commits, every run of one", len(commits) >= 6 and all(COMMIT in run.data.tags for run in runs), len(commits))
    parents = collections.Counter(run.data.tags[PARENT] for run in runs if PARENT in run.data.tags)
    claim("one sweep with nested runs", len(parents) == 1 and min(parents.values()) >= 4, dict(parents))
    failed = [run for run in runs if run.info.status == "FAILED"]
    claim("one failed run", len(failed) == 1, [run.info.run_name for run in failed])
    others = collections.Counter(run.info.status for run in runs if run.info.status not in ("FAILED", "FINISHED"))
    claim("no run was cut off", not set(others) - {"KILLED", "RUNNING"}, dict(others))


def check_metrics(runs: list[Run]) -> None:
    long, undefined = 0, []
    for run in runs:
        histories = {key: client.get_metric_history(run.info.run_id, key) for key in run.data.metrics}
        long += any(len({metric.step for metric in history}) >= 200 for history in histories.values())
        names = {key for key, history in histories.items() if any(math.isnan(metric.value) for metric in history)}
        undefined += sorted(names - set(undefined))
    claim("metrics of 200 steps or more", long >= 30, f"in {long} runs")
    claim("NaN in a metric", bool(undefined), undefined)


def check_artifacts(runs: list[Run]) -> None:
    finished = [run for run in runs if run.info.status == "FINISHED" and "hidden" in run.data.params]
    seen: dict[str, str] = {}
    for run in finished[:20]:
        waiting = [""]
        while waiting and len(seen) < len(ENDINGS):
            for file in client.list_artifacts(run.info.run_id, waiting.pop() or None):
                if file.is_dir:
                    waiting.append(file.path)
                for ending in ENDINGS:
                    if file.path.endswith(ending):
                        seen.setdefault(ending, f"runs:/{run.info.run_id}/{file.path}")
    claim("plot, JSON, CSV, log and Markdown among the artifacts", set(seen) == ENDINGS, sorted(seen))
    if set(seen) != ENDINGS:
        return
    read = {ending: open(mlflow.artifacts.download_artifacts(uri), "rb").read() for ending, uri in seen.items()}
    json.loads(read[".json"])
    sizes = {ending: len(content) for ending, content in read.items()}
    claim("they hold what they say", read[".png"].startswith(b"\x89PNG") and min(sizes.values()) > 50, sizes)
    datasets = {item.dataset.name for run in runs for item in run.inputs.dataset_inputs}
    claim("data sets are logged", len(datasets) >= 4, sorted(datasets))


def check_registry() -> None:
    versions = client.search_model_versions(f"name = '{MODEL}'")
    claim("a registered model with 4 versions", len(versions) == 4, len(versions))
    registered = client.get_registered_model(MODEL)
    claim("aliases", len(registered.aliases) >= 2, registered.aliases)
    stages = {version.version: version.current_stage for version in versions if version.current_stage != "None"}
    claim("one version in a stage", len(stages) == 1, stages)
    model = mlflow.pyfunc.load_model(f"models:/{MODEL}@champion")
    signature, example = model.metadata.signature, model.input_example
    claim("the model has a signature", signature is not None and signature.outputs is not None, signature)
    claim("the model has an input example and predicts it", len(model.predict(example)) == len(example), example.shape)


def check_running(runs: list[Run]) -> None:
    running = [run.info.run_id for run in runs if run.info.status == "RUNNING"]
    claim("one run is running", len(running) == 1, running)
    if not running:
        return
    count = lambda: len(client.get_metric_history(running[0], "batch_accuracy"))
    before, deadline = count(), time.monotonic() + 10
    while (now := count()) <= before and time.monotonic() < deadline:
        time.sleep(0.2)
    claim("it is logging", now > before, f"{before} values, then {now}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--running", action="store_true")
    arguments = parser.parse_args()
    logging.getLogger("mlflow").setLevel(logging.ERROR)
    experiments = [experiment.experiment_id for experiment in client.search_experiments()]
    runs = client.search_runs(experiments, max_results=1000)
    check_runs(runs)
    check_metrics(runs)
    check_artifacts(runs)
    check_registry()
    if arguments.running:
        check_running(runs)
    print(json.dumps(claims))


if __name__ == "__main__":
    main()
