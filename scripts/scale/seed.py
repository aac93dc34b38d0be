"""Fills an empty SQLite store of MLflow with experiments of a size that hurts.  python seed.py FOLDER

MLflow makes the schema. Rows go in through its own table definitions, since logging five million points through its
client would take a day. Everything is computed from fixed seeds and a fixed date: two stores are the same.
"""

import sys
import time
from pathlib import Path

from mlflow.store.tracking.dbmodels.models import (
    SqlExperimentTag,
    SqlLatestMetric,
    SqlMetric,
    SqlParam,
    SqlRun,
    SqlTag,
)
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from shape import EXPERIMENTS, INTERVAL, curves, metric_keys, params_of, run_id, run_name, start_of, tags_of

BATCH = 100_000


class Rows:
    """Rows of one table, written as one statement per batch."""

    def __init__(self, connection, model, columns):
        missing = set(columns) - set(model.__table__.columns.keys())
        if missing:
            raise SystemExit(f"{model.__tablename__} has no {missing}")
        self.connection = connection
        places = ", ".join("?" * len(columns))
        self.statement = f"INSERT INTO {model.__tablename__} ({', '.join(columns)}) VALUES ({places})"
        self.waiting = []

    def add(self, rows):
        self.waiting.extend(rows)
        if len(self.waiting) >= BATCH:
            self.flush()

    def flush(self):
        if self.waiting:
            self.connection.exec_driver_sql(self.statement, self.waiting)
        self.waiting = []


class Tables:
    def __init__(self, connection):
        run = ["run_uuid", "name", "source_type", "source_name", "entry_point_name", "user_id", "status"]
        run += ["start_time", "end_time", "source_version", "lifecycle_stage", "artifact_uri", "experiment_id"]
        point = ["key", "value", "timestamp", "step", "is_nan", "run_uuid"]
        self.runs = Rows(connection, SqlRun, run)
        self.metrics = Rows(connection, SqlMetric, point)
        self.latest = Rows(connection, SqlLatestMetric, point)
        self.params = Rows(connection, SqlParam, ["key", "value", "run_uuid"])
        self.tags = Rows(connection, SqlTag, ["key", "value", "run_uuid"])

    def flush(self):
        for rows in (self.runs, self.metrics, self.latest, self.params, self.tags):
            rows.flush()


def write_run(tables, experiment, experiment_id, index):
    uuid, name, start = run_id(experiment, index), run_name(experiment, index), start_of(experiment, index)
    points = experiment["points"]
    last = start + (points - 1) * INTERVAL
    artifacts = f"mlflow-artifacts:/{experiment_id}/{uuid}/artifacts"
    status = "FAILED" if index % 17 == 16 else "FINISHED"
    whole = (uuid, name, "LOCAL", "train.py", "", "scale", status, start, last + INTERVAL, "", "active", artifacts)
    tables.runs.add([(*whole, experiment_id)])
    history = list(zip(metric_keys(experiment), curves(experiment, index).tolist()))
    # As a training logs, all metrics of a step and then the next: what a server reads lies on disk as in real life.
    tables.metrics.add(
        (key, values[step], start + step * INTERVAL, step, False, uuid)
        for step in range(points)
        for key, values in history
    )
    tables.latest.add((key, values[-1], last, points - 1, False, uuid) for key, values in history)
    tables.params.add((key, value, uuid) for key, value in params_of(experiment, index).items())
    tables.tags.add((key, value, uuid) for key, value in tags_of(experiment, index).items())


def write_experiment(connection, store, experiment):
    experiment_id = int(store.create_experiment(experiment["name"]))
    # Otherwise the web UI asks what sort of experiment it is before it shows it.
    kind = {"experiment_id": experiment_id, "key": "mlflow.experimentKind", "value": "custom_model_development"}
    connection.execute(SqlExperimentTag.__table__.insert(), kind)
    tables = Tables(connection)
    for index in range(experiment["runs"]):
        write_run(tables, experiment, experiment_id, index)
    tables.flush()


def drop_indexes(connection):
    """Drops what is faster to build once at the end, and gives the statements that build it."""
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'metrics' AND sql IS NOT NULL"
    found = connection.exec_driver_sql(query).fetchall()
    for name, _ in found:
        connection.exec_driver_sql(f'DROP INDEX "{name}"')
    return [statement for _, statement in found]


def main():
    store = SqlAlchemyStore(f"sqlite:///{Path(sys.argv[1]) / 'mlflow.db'}", "mlflow-artifacts:/")
    with store.engine.connect() as connection:
        # A store that was interrupted is thrown away: nothing has to survive a failure.
        for pragma in ("synchronous = OFF", "journal_mode = OFF", "cache_size = -500000", "foreign_keys = OFF"):
            connection.exec_driver_sql(f"PRAGMA {pragma}")
        indexes = drop_indexes(connection)
        connection.commit()
        for experiment in EXPERIMENTS:
            started = time.monotonic()
            write_experiment(connection, store, experiment)
            connection.commit()
            print(f"{experiment['name']}: {time.monotonic() - started:.1f} s", flush=True)
        for statement in indexes:
            connection.exec_driver_sql(statement)
        connection.commit()
        if connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
            raise SystemExit("a row refers to a run that is not there")
        connection.exec_driver_sql("PRAGMA journal_mode = DELETE")


main()
