"""Runs scripts one after another in one process, as `python script arguments` in their folders would.

    python runMany.py '[["/tmp/a", ["train.py", "--dataset", "wine"]], ["/tmp/b", ["train.py", "--dataset", "digits"]]]'

Importing MLflow takes seconds, so only what lies in the scripts' own folders is imported anew for each of them.
"""

import json
import os
import runpy
import sys

from mlflow.tracking.context import registry


def run(folder: str, command: list[str]) -> None:
    os.chdir(folder)
    sys.path.insert(0, folder)
    sys.argv = command
    # MLflow looks up the commit once in a process; these folders have one each.
    for provider in registry._run_context_provider_registry:
        getattr(provider, "_cache", {}).clear()
    before = set(sys.modules)
    try:
        runpy.run_path(command[0], run_name="__main__")
    finally:
        sys.path.remove(folder)
        for name in set(sys.modules) - before:
            file = getattr(sys.modules[name], "__file__", None) or ""
            if file.startswith(folder + os.sep):
                del sys.modules[name]


for where, what in json.loads(sys.argv[1]):
    run(where, what)
