"""What the canary's first three stages share: one look at the candidate on a server, and its figures."""

from __future__ import annotations

import re

from mltspec.checks.check import Params, Scope
from mltspec.checks.servers import meant
from mltspec.checks.wording import failed
from mltspec.evidence.canary import CanaryAsk, CanaryEvidence
from mltspec.evidence.exported import Likeness
from mltspec.plan.verdict import Figure, Judgement

_NO_OP = re.compile(r"Op type not registered '(\w+)'")
_PYTHON = re.compile(r"\bpyfunc_\d+\b|EagerPyFunc|PyFuncStateless")
ROWS = 128
"""Rows that are asked about where nothing is said; equal asks are one look."""


class TriedParams(Params):
    """The server that the candidate is tried on."""

    on: str


def ask_of(on: str, scope: Scope, data: str | None = None, rows: int = ROWS) -> CanaryAsk:
    """Return the ask for one look."""
    server = meant(on, scope)
    assert server is not None
    return CanaryAsk(
        model=scope.model,
        data=scope.data[data] if data else scope.training,
        server=server,
        rows=rows,
        seed=scope.seed,
    )


def unloaded(seen: CanaryEvidence, bound: Figure) -> Judgement | None:
    """Return the failure of a candidate that never came to answer, None if it did."""
    if not seen.load_error:
        return None
    return failed(
        f"{seen.system} cannot load the candidate, so nothing else of it is known: {seen.load_error}"
        f"{_missing_there(seen.load_error)}",
        bound=bound,
        details=seen.log.splitlines(),
    )


def _missing_there(error: str) -> str:
    """Say what a model needs that a server has not, where TensorFlow's message does not say it in these words."""
    found = _NO_OP.search(error)
    if found:
        return (
            f"; `{found[1]}` is a custom op, whose library was loaded where the model was made, and not in the server"
        )
    if _PYTHON.search(error):
        return (
            "; the model calls Python (a Lambda layer or other code with `tf.py_function` or `tf.numpy_function`), "
            "which lives in the process that exported it and in no server"
        )
    return ""


def stand_in(seen: CanaryEvidence) -> str:
    """Say that a server is no production binary, where it is none."""
    return stand_in_of(seen.production)


def stand_in_of(production: bool) -> str:
    """Say that a server is no production binary, where it is none."""
    return "" if production else "; tried on mltspec's own server, which is no production binary"


def example(**seen: object) -> CanaryEvidence:
    """Return a healthy look, changed as said."""
    healthy = CanaryEvidence(
        system="local",
        production=False,
        version="2",
        load_s=0.61,
        load_error="",
        rows=128,
        precision=1.2e-7,
        doors=(Likeness(name="V2 REST", largest=1e-7), Likeness(name="V1 REST", largest=1e-7)),
    )
    return healthy.model_copy(update=seen)
