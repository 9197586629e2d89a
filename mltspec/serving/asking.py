"""One question to a server, and waiting for it to be ready."""

from __future__ import annotations

import time
from typing import Protocol

from mltspec.serving import http
from mltspec.serving.system import Answer, Rows, System, Trouble

_LOOK_EVERY_S = 0.05


def predict(system: System, rows: Rows, version: str | None = None, limit_s: float = http.LIMIT_S) -> Answer:
    """Return the server's answer to rows; what goes wrong on the way is an error in the answer."""
    try:
        status, said = http.send(system.call(rows, version), limit_s)
    except Trouble as trouble:
        return Answer(error=str(trouble))
    return system.read(status, said)


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
