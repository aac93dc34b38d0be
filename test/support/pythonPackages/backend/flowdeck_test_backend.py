"""A project backend as a plug-in for MLflow: runs the entry point in a process of its own and makes the run itself."""

import os
import subprocess
import sys
import time

from mlflow.projects.backend.abstract_backend import AbstractBackend
from mlflow.projects.submitted_run import SubmittedRun
from mlflow.projects.utils import fetch_and_validate_project, get_or_create_run


class Submitted(SubmittedRun):
    def __init__(self, run_id, process):
        self._run_id = run_id
        self.process = process

    @property
    def run_id(self):
        return self._run_id

    def wait(self):
        return self.process.wait() == 0

    def get_status(self):
        return "RUNNING" if self.process.poll() is None else "FINISHED"

    def cancel(self):
        with open("cancelled-" + self._run_id, "w") as file:
            file.write("cancelled")
        self.process.kill()
        self.process.wait()


class Backend(AbstractBackend):
    def run(self, project_uri, entry_point, params, version, backend_config, tracking_uri, experiment_id):
        work_dir = fetch_and_validate_project(project_uri, version, entry_point, params)
        run = get_or_create_run(None, project_uri, experiment_id, work_dir, version, entry_point, params)
        if "fails" in backend_config:
            raise RuntimeError(backend_config["fails"])
        if "hangs" in backend_config:
            open(run.info.run_id + ".started", "w").close()
            time.sleep(600)
        env = dict(os.environ, MLFLOW_RUN_ID=run.info.run_id, ANSWER=str(backend_config.get("answer")))
        command = [sys.executable, backend_config["program"], *(str(value) for value in params.values())]
        return Submitted(run.info.run_id, subprocess.Popen(command, cwd=work_dir, env=env))
