"""Slots: one reader for each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from mltspec.compile import commands, references, values
from mltspec.compile.reading import Read, Reading

READERS: Mapping[str, Callable[[Reading], Read]] = MappingProxyType(
    {
        "amount": values.amount,
        "ratios": values.ratios,
        "count": values.count,
        "compare": values.compare,
        "choice": values.choice,
        "range": values.range_of,
        "batch": values.rows,
        "shape": values.shape,
        "literal": values.literal,
        "text": values.text,
        "texts": values.texts,
        "date": values.date,
        "allowed": values.flag("allowed"),
        "run": values.flag("run"),
        "missing": values.flag("missing"),
        "version": values.version,
        "name": references.name,
        "names": references.names,
        "filters": references.filters,
        "metric": references.metric,
        "data": references.declared("data"),
        "model": references.declared("model"),
        "server": references.declared("server"),
        "pipeline": references.pipeline,
        "stage": references.stage,
        "baseline": references.baseline,
        "origin": references.origin,
        "artifact": references.artifact,
        "target": references.target,
        "command": commands.command,
        "callable": references.callable_of,
    }
)


def read(reading: Reading) -> Read:
    """Read one slot's value.

    Raises:
        Faulty: something else stands there.
    """
    return READERS[reading.slot.kind](reading)
