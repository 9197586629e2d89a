"""The same rows asked elsewhere: of ``model.predict``, of the exported model, and of a server that holds the export."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import tensorflow as tf

from mltspec.evidence.trace import Compared, TraceAsk
from mltspec.plan.subject import Server
from mltspec.serving.asking import predict, wait_ready
from mltspec.serving.system import System, Trouble
from mltspec.subjects.bench import Bench
from mltspec.subjects.exported_served import Served, apart, export, matching
from mltspec.subjects.rehearsal import folder_for, loaded, opened, versions_for
from mltspec.subjects.telling import told

_READY_S = 60.0
_VERSION = "1"


def elsewhere(ask: TraceAsk, model: Any, inputs: Any, outputs: Sequence[Any], bench: Bench) -> Iterator[Compared]:
    """Hold the answers of every place that is asked against those in memory.

    A server of our own is given the exported model and ends with the trace; one out there is asked as it is, and left
    as it is.
    """
    memory = [np.asarray(output) for output in outputs]

    def predicted() -> list[Any]:
        return [np.asarray(leaf) for leaf in tf.nest.flatten(model.predict(inputs, verbose=0))]

    yield _compared("predict", predicted, memory)
    if not ask.export:
        return
    folder = bench.folder / "traced"
    try:
        served = export(ask.run.model, model, bench, folder)
    except Exception as error:
        yield Compared(where="exported", largest=None, why=told(error))
        return
    yield _compared("exported", lambda: matching(served.ask(inputs), memory), memory)
    server = ask.server
    if server is not None:
        name = server.model or ask.run.model.name
        yield _compared(
            "served", lambda: matching(_served(server, name, served, folder, inputs, bench), memory), memory
        )


def _served(server: Server, name: str, served: Served, folder: Path, inputs: Any, bench: Bench) -> list[Any]:
    """Return a server's answers, in the order of their names."""
    home = versions_for(server, bench) if server.ours else folder_for(server, bench)
    with opened(server, name, home, bench) as system, _holding(system, server, folder) as version:
        answer = predict(system, served.fed(inputs), version)
        if answer.error:
            raise Trouble(answer.error)
        return [np.asarray(answer.outputs[output]) for output in sorted(answer.outputs)]


@contextlib.contextmanager
def _holding(system: System, server: Server, folder: Path) -> Iterator[str | None]:
    """Load the export on a server of our own, and return the version to ask for; None asks whichever is live."""
    if not server.ours:
        wait_ready(system, _READY_S)
        yield None
        return
    with loaded(system, _VERSION, folder):
        if not system.loads_aside:
            system.promote(_VERSION)
        yield _VERSION if system.addresses_versions else None


def _compared(
    where: Literal["predict", "exported", "served"], answer: Callable[[], list[Any]], memory: list[Any]
) -> Compared:
    try:
        largest = apart(memory, answer())
    except Exception as error:
        return Compared(where=where, largest=None, why=told(error))
    return Compared(where=where, largest=math.inf if math.isnan(largest) else largest)
