"""A run as TensorBoard's event files: verdicts and values as scalars, curves over their steps, the report as text.

TensorBoard's own records are used; TensorFlow is neither needed nor loaded.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mltspec.report.forms import written
from mltspec.report.json_report import RunReport
from mltspec.report.trackers.tracked import series


class NotInstalled(Exception):  # noqa: N818 - a fact about the environment, told to the user
    """The tracker's package is not there; the message says how to get it."""


def write(run: RunReport, folder: Path) -> Path:
    """Write a run below a folder, and return its own: named by when it was written, so that runs lie side by side.

    Raises:
        NotInstalled: the package ``tensorboard`` is not there.
        OSError: the folder cannot be written.
    """
    try:
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.compat.proto.summary_pb2 import Summary
        from tensorboard.summary.writer.record_writer import RecordWriter
    except ImportError as missing:
        raise NotInstalled("TensorBoard is not installed: `pip install 'mltspec[tensorboard]'`") from missing
    at = _moment(run)
    target = folder / at.strftime("%Y%m%dT%H%M%SZ")
    target.mkdir(parents=True, exist_ok=True)
    # Its writer of whole files would load TensorFlow where that is installed; its writer of records does not.
    with (target / f"events.out.tfevents.{at.timestamp():.0f}.mltspec").open("wb") as file:
        records = RecordWriter(file)

        def add(**what: Any) -> None:
            records.write(Event(wall_time=at.timestamp(), **what).SerializeToString())

        add(file_version="brain.Event:2")
        for each in series(run):
            for step, value in each.points:
                add(step=step, summary=Summary(value=[Summary.Value(tag=each.name, simple_value=value)]))
        add(step=0, summary=Summary(value=[_text(run)]))
    return target


def _moment(run: RunReport) -> datetime:
    return datetime.fromisoformat(run.written) if run.written else datetime.now(UTC)


def _text(run: RunReport) -> Any:
    from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
    from tensorboard.compat.proto.tensor_pb2 import TensorProto
    from tensorboard.compat.proto.types_pb2 import DT_STRING

    shown = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="text"))
    text = TensorProto(dtype=DT_STRING, string_val=[written(run, "markdown").encode()])
    return Summary.Value(tag="report", metadata=shown, tensor=text)
