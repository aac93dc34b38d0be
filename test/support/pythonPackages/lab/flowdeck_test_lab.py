"""Only an environment that was made from a project's or a model's own list has this."""

import json
import os
import sys
import urllib.request


def post(path, **body):
    """Asks the server of the run, without the seconds that importing MLflow takes."""
    address = os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow/runs/" + path
    data = json.dumps(dict(body, run_id=os.environ["MLFLOW_RUN_ID"])).encode()
    request = urllib.request.Request(address, data, {"Content-Type": "application/json"})
    urllib.request.urlopen(request).read()


def where():
    """The folder of the environment that runs this."""
    return sys.prefix
