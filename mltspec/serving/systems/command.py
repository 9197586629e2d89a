"""Any stack: commands promote, roll back and tell the live version; answers come over HTTP.

A command is a list of words, run without a shell; ``{version}`` in it is replaced. It has succeeded when it ends with
status 0.
"""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from mltspec.plan.secrets import redacted
from mltspec.plan.subject import Server
from mltspec.serving import open_inference, tf_rest
from mltspec.serving.asking import predict
from mltspec.serving.http import Address
from mltspec.serving.system import Answer, Asker, Call, CannotControl, Rows, Trouble

LIMIT_S = 300.0


class Commanded:
    """A stack that is told what to do by commands. Its versions are what these call them."""

    name = "command"
    production = True
    addresses_versions = False
    loads_aside = False

    def __init__(self, server: Server, folder: Path) -> None:
        self._server = server
        self._folder = folder
        self._address = Address.of(server.address or "", server.token_from)
        self._path = server.predicts or ""
        self._tf = self._path.endswith(":predict")

    def ready(self) -> bool:
        """Return whether the stack tells a live version."""
        return bool(self.live_version())

    def versions(self) -> tuple[str, ...]:
        """Return the live version: a stack tells of no other."""
        return (self.live_version(),)

    def live_version(self) -> str:
        """Return the last line that the command prints."""
        said = self._run(self._server.live or "").strip().splitlines()
        if not said:
            raise Trouble(f"`{redacted(self._server.live or '')}` printed no version")
        return said[-1].strip()

    def load(self, version: str, folder: Path | None = None) -> None:
        """Leave loading to the promotion, as these stacks do."""

    def unload(self, version: str) -> None:
        """Refuse: no command says how."""
        raise CannotControl("a stack behind commands is not told to unload; drill it warm")

    def promote(self, version: str) -> None:
        """Run the command that promotes."""
        self._run(self._server.promote or "", version)

    def rollback(self, to: str) -> None:
        """Run the command that rolls back."""
        self._run(self._server.rollback or "", to)

    def split(self, weights: Mapping[str, float]) -> None:
        """Refuse: no command says how."""
        raise CannotControl("a stack behind commands is not told to share out traffic")

    def call(self, rows: Rows, version: str | None = None) -> Call:
        """Return a request to whatever is live."""
        return self._address.call(self._path, tf_rest.payload(rows) if self._tf else open_inference.payload(rows))

    def read(self, status: int, body: bytes) -> Answer:
        """Read an answer of the protocol that the path belongs to."""
        return tf_rest.answer(status, body) if self._tf else open_inference.answer(status, body)

    def doors(self) -> Mapping[str, Asker]:
        """Return the one way in."""
        return {"V1 REST" if self._tf else "V2 REST": partial(predict, self)}

    def signature(self, version: str | None = None) -> Mapping[str, str]:
        """Return nothing: it is not told."""
        return {}

    def memory_bytes(self) -> int | None:
        """Return nothing: it does not run here."""
        return None

    def log(self) -> str:
        """Return nothing: the stack's log is its own."""
        return ""

    def close(self) -> None:
        """Let go; nothing was started."""

    def _run(self, command: str, version: str = "") -> str:
        words = [word.replace("{version}", version) for word in shlex.split(command)]
        shown = redacted(command)
        try:
            run = subprocess.run(
                words, cwd=self._folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT_S
            )
        except subprocess.TimeoutExpired:
            raise Trouble(f"`{shown}` did not end within {LIMIT_S:g} s") from None
        except (OSError, IndexError) as error:
            raise Trouble(f"`{shown}` cannot be run: {error}") from None
        if run.returncode != 0:
            last = redacted(" ".join((run.stderr or run.stdout).split()))[-300:]
            raise Trouble(f"`{shown}` ended with status {run.returncode}: {last or 'no message'}")
        return run.stdout


def opened(server: Server, model: str, folder: Path, work: Path) -> Commanded:
    """Return the stack; its commands run where the spec's versions lie."""
    return Commanded(server, folder)
