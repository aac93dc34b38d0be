"""Runs an MLflow project on a backend that does not take the id of a run, and says which run it became.

Argument: a JSON object with what `mlflow.projects.run` takes. The id of the run goes out in an escape sequence that no
terminal shows, as soon as the backend gives it; nobody has to guess. Then the run is waited for, and cancelled when
this process is asked to end, so that a job elsewhere does not outlive the person's interest in it.

Python 3.8 and later.
"""

import json
import signal
import sys


def interrupt(*_):
    raise KeyboardInterrupt


def main():
    # A `logging.py` of the project would be found before Python's own.
    own = sys.path.pop(0) if sys.path else ""
    sys.path[:] = [place for place in sys.path if place and place != own]
    options = json.loads(sys.argv[1])
    sys.argv[:] = ["mlflow"]
    import mlflow.projects
    from mlflow.exceptions import ExecutionException, MlflowException

    try:
        submitted = mlflow.projects.run(synchronous=False, **options)
    except (ExecutionException, MlflowException) as error:
        print("=== " + str(error) + " ===", file=sys.stderr, flush=True)
        return 1
    run_id = submitted.run_id
    sys.stdout.write("\x1b]5379;flowdeck-run=" + str(run_id) + "\x07")
    sys.stdout.flush()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, interrupt)
    try:
        succeeded = submitted.wait()
    except KeyboardInterrupt:
        # Once more would interrupt the cancelling.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        print("=== Run (ID '" + str(run_id) + "') interrupted, cancelling run ===", file=sys.stderr, flush=True)
        submitted.cancel()
        return 130
    print("=== Run (ID '" + str(run_id) + "') " + ("succeeded" if succeeded else "failed") + " ===", file=sys.stderr)
    return 0 if succeeded else 1


if __name__ == "__main__":
    sys.exit(main())
