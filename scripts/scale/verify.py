"""Reads the scale store back through the official client.  MLFLOW_TRACKING_URI=http://… python verify.py

Every run is counted; of the first, a middle and the last run of each experiment everything is compared, histories too.
"""

from mlflow import MlflowClient
from shape import EXPERIMENTS, INTERVAL, curves, metric_keys, params_of, run_id, run_name, start_of, tags_of

client = MlflowClient()


def expect(what, found, wanted):
    if found != wanted:
        raise SystemExit(f"{what}: {str(found)[:200]}, not {str(wanted)[:200]}")


def count_runs(experiment_id, page):
    count, token = 0, None
    while True:
        runs = client.search_runs([experiment_id], max_results=page, page_token=token)
        count, token = count + len(runs), runs.token
        if not token:
            return count


def check_run(experiment, experiment_id, index):
    run = client.get_run(run_id(experiment, index))
    name = run_name(experiment, index)
    keys, values = metric_keys(experiment), curves(experiment, index).tolist()
    expect(f"{name} experiment", run.info.experiment_id, experiment_id)
    expect(f"{name} name", run.info.run_name, name)
    expect(f"{name} start", run.info.start_time, start_of(experiment, index))
    expect(f"{name} params", run.data.params, params_of(experiment, index))
    expect(f"{name} tags", run.data.tags, tags_of(experiment, index))
    expect(f"{name} latest", run.data.metrics, {key: row[-1] for key, row in zip(keys, values)})
    for number in {0, len(keys) - 1}:
        found = [(point.step, point.timestamp, point.value) for point in client.get_metric_history(run.info.run_id, keys[number])]
        start = start_of(experiment, index)
        wanted = [(step, start + step * INTERVAL, value) for step, value in enumerate(values[number])]
        expect(f"{name} {keys[number]}", found, wanted)


def main():
    for experiment in EXPERIMENTS:
        experiment_id = client.get_experiment_by_name(experiment["name"]).experiment_id
        # A thousand metrics make a page of a thousand runs 160 MB.
        found = count_runs(experiment_id, page=max(20, 20_000 // (experiment["metrics"] + 5)))
        expect(f"runs of {experiment['name']}", found, experiment["runs"])
        for index in sorted({0, experiment["runs"] // 2, experiment["runs"] - 1}):
            check_run(experiment, experiment_id, index)
        print(f"{experiment['name']}: {found} runs", flush=True)


main()
