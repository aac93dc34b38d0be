"""Runs one script several times in one process, as `python script arguments` would; importing MLflow takes seconds.

All of one commit: MLflow looks up a process's commit only once.

    python runMany.py '[["train.py", "--dataset", "wine"], ["train.py", "--dataset", "digits"]]'
"""

import json
import os
import runpy
import sys

sys.path.insert(0, os.getcwd())
for command in json.loads(sys.argv[1]):
    sys.argv = command
    runpy.run_path(command[0], run_name="__main__")
