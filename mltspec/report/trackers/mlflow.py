"""A run as a run of MLflow: verdicts, values and curves as metrics, the report and its page as artifacts."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from mltspec.report.forms import written
from mltspec.report.json_report import RunReport
from mltspec.report.outcome import Overall
from mltspec.report.trackers.tensorboard import NotInstalled
from mltspec.report.trackers.tracked import series

EXPERIMENT = "mltspec"
BATCH = 1000
"""As many metrics as MLflow takes at once."""

LONGEST = 250
_REFUSED = re.compile(r"[^\w\-. :/]")


def write(run: RunReport, uri: str, experiment: str = EXPERIMENT) -> str:
    """Log a run to a tracking server or a local store, and return the id that MLflow gives it.

    Args:
        run: the report of a run.
        uri: as MLflow reads it: ``http://…``, ``sqlite:///mlflow.db``, ``file:///…``.
        experiment: the experiment that it is logged to, made if it is not there.

    Raises:
        NotInstalled: the package ``mlflow`` is not there.
        mlflow.exceptions.MlflowException: the store refuses.
    """
    try:
        from mlflow.entities import Metric
        from mlflow.tracking import MlflowClient
    except ImportError as missing:
        raise NotInstalled("MLflow is not installed: `pip install 'mltspec[mlflow]'`") from missing
    client = MlflowClient(uri)
    known = client.get_experiment_by_name(experiment)
    home = known.experiment_id if known else client.create_experiment(experiment)
    tags = {"mltspec.verdict": str(run.verdict), "mltspec.version": run.version, **_environment(run)}
    id = str(client.create_run(home, tags=tags).info.run_id)
    now = int(time.time() * 1000)
    metrics = (Metric(name_of(each.name), value, now, step) for each in series(run) for step, value in each.points)
    while batch := list(islice(metrics, BATCH)):
        client.log_batch(id, metrics=batch)
    for file in _files(run):
        client.log_artifact(id, str(file))
    client.set_terminated(id, "FINISHED" if run.verdict is Overall.PASSED else "FAILED")
    return id


def name_of(text: str) -> str:
    """Return a name in the characters that MLflow takes; what it refuses becomes an underscore."""
    return _REFUSED.sub("_", text)[:LONGEST]


def _environment(run: RunReport) -> dict[str, str]:
    return {f"mltspec.{name_of(key)}": value for key, value in run.environment.items() if value}


def _files(run: RunReport) -> Iterator[Path]:
    with TemporaryDirectory(prefix="mltspec-") as folder:
        for form, name in (("json", "run.json"), ("html", "report.html")):
            file = Path(folder) / name
            file.write_text(written(run, form), encoding="utf-8", errors="backslashreplace")
            yield file
