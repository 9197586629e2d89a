"""One question to a server, and waiting for it to be ready."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from mltspec.serving import http
from mltspec.serving.system import Answer, Call, Rows, System, Trouble

_LOOK_EVERY_S = 0.05


def predict(system: System, rows: Rows, version: str | None = None, limit_s: float = http.LIMIT_S) -> Answer:
    """Return the server's answer to rows; what goes wrong on the way is an error in the answer."""
    try:
        call = system.call(rows, version)
    except Trouble as trouble:
        return Answer(error=str(trouble))
    return predict_over(call, system.read, limit_s)


def predict_over(call: Call, read: Callable[[int, bytes], Answer], limit_s: float = http.LIMIT_S) -> Answer:
    """Send a request, and return what ``read`` makes of the answer."""
    try:
        return read(*http.send(call, limit_s))
    except Trouble as trouble:
        return Answer(error=str(trouble))


class Awaited(Protocol):
    """What can be waited for."""

    name: str

    def ready(self) -> bool:
        """Return whether it is there."""
        ...

    def log(self) -> str:
        """Return what it said last."""
        ...


def wait_ready(system: Awaited, limit_s: float) -> float:
    """Wait until a server is ready; return the seconds it took.

    Raises:
        Trouble: it is not ready within the limit, told with the end of its log.
    """
    began = time.monotonic()
    trouble = ""
    while time.monotonic() - began < limit_s:
        try:
            if system.ready():
                return time.monotonic() - began
            trouble = "it is up, but not ready"
        except Trouble as error:
            trouble = str(error)
        time.sleep(_LOOK_EVERY_S)
    log = system.log()
    raise Trouble(f"{system.name} was not ready within {limit_s:g} s: {trouble}" + (f"\n{log}" if log else ""))
