"""Runs an MLflow project on a backend that does not take the id of a run, and says which run it became.

Argument: a JSON object with what `mlflow.projects.run` takes. The id of the run goes out in an escape sequence that no
terminal shows, as soon as this process makes the run; nobody has to guess. Then the run is waited for, and cancelled
when this process is asked to end, so that a job elsewhere does not outlive the person's interest in it. A backend that
fails with its run made leaves it running: it is closed here, and the reason goes out as the id does.

Python 3.8 and later.
"""

import json
import re
import signal
import sys
import traceback

made = []


def interrupt(*_):
    raise KeyboardInterrupt


def tell(key, text):
    """To the window, not to a person."""
    plain = "".join(character if character.isprintable() else " " for character in str(text))
    sys.stdout.write("\x1b]5379;flowdeck-" + key + "=" + " ".join(plain.split())[:500] + "\x07")
    sys.stdout.flush()


def close(status):
    """Nothing else will end the runs that were made here."""
    from mlflow import MlflowClient

    for run_id in made:
        try:
            if MlflowClient().get_run(run_id).info.status in ("RUNNING", "SCHEDULED"):
                MlflowClient().set_terminated(run_id, status)
        except Exception as error:
            print("run " + run_id + " stays open: " + str(error), file=sys.stderr)


WITH_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://([^/?#]*)(.*)", re.IGNORECASE)
SCP_FORM = re.compile(r"(?:[^@/:\s]+@)?(?:\[[^\]\s]+\]|[^@/:\s\[\]]+):(?!//)(.*)")
PLAIN_HOST = re.compile(r"(\[[0-9a-f:.%]+\]|[^\s:@\[\]]*)(:[0-9]*)?", re.IGNORECASE)


def without_credentials(address):
    """As stripCredentials in git/remoteUrl.ts. None where nobody can say what in it is secret."""
    text = address.strip()
    if text == "" or any(character < " " or character == "\x7f" for character in text):
        return None
    helper = re.fullmatch(r"[a-z0-9+.-]+::(.*)", text, re.IGNORECASE)
    if helper:
        return without_credentials(helper.group(1))
    parts = WITH_SCHEME.fullmatch(text)
    if parts:
        scheme, (user, _, host) = parts.group(1).lower(), parts.group(2).rpartition("@")
        # A password with a slash in it looks like a host with a path.
        if not PLAIN_HOST.fullmatch(host) or (":" in host and "@" in parts.group(3)):
            return None
        user = user.split(":")[0]
        is_kept = scheme in ("ssh", "git+ssh", "ssh+git") and user != "" and "@" not in user
        path = parts.group(3) if scheme == "file" else re.sub(r"[?#].*", "", parts.group(3))
        return scheme + "://" + (user + "@" if is_kept else "") + host + path
    if re.match(r"[a-z]:[\\/]", text, re.IGNORECASE):
        return text
    scp = SCP_FORM.fullmatch(text)
    secret = "@" in scp.group(1) if scp else "@" in text and ":" in text
    return None if secret else text


def without_credentials_in(tags):
    """MLflow tags a run with the address of its remote as git has it, version 2 twice."""
    plain = dict(tags)
    for key in ("mlflow.source.git.repoURL", "mlflow.gitRepoURL"):
        if key in tags:
            plain[key] = without_credentials(str(tags[key]))
    address, sharp, folder = str(tags.get("mlflow.source.name", "")).partition("#")
    if "://" in address or "@" in address:
        name = without_credentials(address)
        plain["mlflow.source.name"] = None if name is None else name + sharp + folder
    return {key: value for key, value in plain.items() if value is not None}


def tell_of_made_runs():
    from mlflow import MlflowClient

    create = MlflowClient.create_run

    def create_run(*args, **kwargs):
        tags = kwargs.get("tags")
        if isinstance(tags, dict):
            kwargs["tags"] = without_credentials_in(tags)
        run = create(*args, **kwargs)
        if not made:
            tell("run", run.info.run_id)
        made.append(run.info.run_id)
        return run

    MlflowClient.create_run = create_run


def main():
    # A `logging.py` of the project would be found before Python's own.
    own = sys.path.pop(0) if sys.path else ""
    sys.path[:] = [place for place in sys.path if place and place != own]
    options = json.loads(sys.argv[1])
    sys.argv[:] = ["mlflow"]
    import mlflow.projects
    from mlflow.exceptions import ExecutionException, MlflowException

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, interrupt)
    tell_of_made_runs()
    submitted = None
    try:
        submitted = mlflow.projects.run(synchronous=False, **options)
        run_id = str(submitted.run_id)
        # The last word, for a backend may have made others on its way.
        tell("submitted", run_id)
        succeeded = submitted.wait()
    except KeyboardInterrupt:
        # Once more would interrupt the cancelling.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        print("=== Interrupted, cancelling the run ===", file=sys.stderr, flush=True)
        if submitted is not None:
            submitted.cancel()
        close("KILLED")
        return 130
    except Exception as error:
        said = str(error)
        if isinstance(error, (ExecutionException, MlflowException)):
            print("=== " + said + " ===", file=sys.stderr, flush=True)
        else:
            traceback.print_exc()
            said = type(error).__name__ + ": " + said
        tell("reason", said)
        close("FAILED")
        return 1
    print("=== Run (ID '" + run_id + "') " + ("succeeded" if succeeded else "failed") + " ===", file=sys.stderr)
    return 0 if succeeded else 1


if __name__ == "__main__":
    sys.exit(main())
