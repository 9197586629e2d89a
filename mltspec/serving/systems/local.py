"""The rehearsal server: started here as a process of its own, on loopback, from a folder of versions.

It speaks the protocols of production servers and loads SavedModels as they do, but it is none of them; reports say so.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import mltspec
from mltspec.plan.subject import Server
from mltspec.serving import open_inference, tf_rest
from mltspec.serving.asking import predict, predict_over, wait_ready
from mltspec.serving.http import Address, ask, ask_json
from mltspec.serving.placing import put_copy
from mltspec.serving.process import Process
from mltspec.serving.system import Answer, Asker, Call, Rows, Trouble

START_S = 120.0
_ALIVE_S = 5.0


class Local:
    """A server process over ``folder``; it ends when it is closed, and when this process does.

    Args:
        model: the name that the model is served under.
        folder: holds the versions; this class adds to it and never deletes from it.
        work: scratch for the log.
        module: what is run; it takes the model's name and the folder, and prints the port it chose.
        python: the interpreter that runs it, of another environment perhaps; this one, if None.
    """

    name = "local"
    production = False
    addresses_versions = True
    loads_aside = True

    def __init__(
        self,
        model: str,
        folder: Path,
        work: Path,
        module: str = "mltspec.subjects.local_server",
        python: str | None = None,
    ) -> None:
        self.model = model
        self.folder = folder
        # Another environment has packages of its own: of ours it gets this one alone.
        paths = [str(Path(mltspec.__file__).parents[1])] if python else filter(None, sys.path)
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
        command = [python or sys.executable, "-m", module, model, str(folder)]
        self._process = Process(command, work / "server.log", environment)
        self._address: Address | None = None
        self._types: dict[str, dict[str, str]] = {}

    def start(self, limit_s: float = START_S) -> None:
        """Start the process, and wait until it answers HTTP; it may still have nothing to serve.

        Raises:
            Trouble: it ends or stays silent; told with its log.
        """
        try:
            said = self._process.start(says=True)
        except OSError as error:
            raise Trouble(f"the local server cannot be started: {error}") from None
        if not said.isdigit():
            self.close()
            raise Trouble(f"the local server ended before it served\n{self.log()}")
        self._address = Address("127.0.0.1", int(said))
        wait_ready(_Alive(self), limit_s)

    @property
    def address(self) -> Address:
        """Where it listens.

        Raises:
            Trouble: it is not running.
        """
        if self._address is None or not self._process.running:
            raise Trouble(f"the local server is not running\n{self.log()}".rstrip())
        return self._address

    @property
    def pid(self) -> int:
        """The server's process id."""
        return self._process.pid

    def kill(self) -> None:
        """Kill the server as a failing machine would: at once, with nothing said."""
        self._process.kill()

    def alive(self) -> bool:
        """Return whether it answers HTTP."""
        return ask(self.address, "GET", "/v2/health/live", limit_s=_ALIVE_S)[0] == 200

    def ready(self) -> bool:
        """Return whether a version is live."""
        return ask(self.address, "GET", "/v2/health/ready", limit_s=_ALIVE_S)[0] == 200

    def versions(self) -> tuple[str, ...]:
        """Return the versions that are loaded."""
        index = ask_json(self.address, "POST", "/v2/repository/index")
        return tuple(sorted((each["version"] for each in index if each["state"] == "READY"), key=int))

    def live_version(self) -> str:
        """Return the live version."""
        return str(self._about()["parameters"]["live_version"])

    def load(self, version: str, folder: Path | None = None) -> None:
        """Put a version's folder beside the others, whole or not at all, and load it."""
        if folder is not None:
            put_copy(folder, self.folder / version)
        self._types.pop(version, None)
        self._order("load", version=version, limit_s=START_S)

    def unload(self, version: str) -> None:
        """Unload a version; its folder stays."""
        self._order("unload", version=version)

    def promote(self, version: str) -> None:
        """Make a loaded version live."""
        self._order("promote", version=version)

    def rollback(self, to: str) -> None:
        """Make a version live again, loading it first where it is not loaded any more."""
        if to not in self.versions():
            self.load(to)
        self.promote(to)

    def split(self, weights: Mapping[str, float]) -> None:
        """Share out requests that ask for no version."""
        self._order("split", weights=dict(weights))

    def call(self, rows: Rows, version: str | None = None) -> Call:
        """Return a V2 request, typed as the version declares."""
        path = f"/v2/models/{self.model}" + (f"/versions/{version}" if version else "")
        return self.address.call(f"{path}/infer", open_inference.payload(rows, self._declared(version or "")))

    def read(self, status: int, body: bytes) -> Answer:
        """Read a V2 answer."""
        return open_inference.answer(status, body)

    def doors(self) -> Mapping[str, Asker]:
        """Return both protocols."""
        return {"V2 REST": partial(predict, self), "V1 REST": self._ask_v1}

    def _ask_v1(self, rows: Rows, version: str | None) -> Answer:
        path = f"/v1/models/{self.model}" + (f"/versions/{version}" if version else "")
        return predict_over(self.address.call(f"{path}:predict", tf_rest.payload(rows)), tf_rest.answer)

    def signature(self, version: str | None = None) -> Mapping[str, str]:
        """Return what the version declares."""
        return open_inference.signature_of(self._about(version or ""))

    def memory_bytes(self) -> int | None:
        """Return the server's resident memory."""
        return self._process.memory_bytes()

    def log(self) -> str:
        """Return the last lines that the server wrote."""
        return self._process.log()

    def close(self) -> None:
        """End the server; harmless when it has ended."""
        self._process.close()

    def _about(self, version: str = "") -> Any:
        return ask_json(self.address, "GET", f"/v2/models/{self.model}" + (f"/versions/{version}" if version else ""))

    def _declared(self, version: str) -> dict[str, str]:
        if version not in self._types:
            self._types[version] = open_inference.types_of(self._about(version))
        return self._types[version]

    def _order(self, verb: str, limit_s: float = 30.0, **parameters: Any) -> None:
        home = "/v2/repository" if verb in ("load", "unload") else "/control"
        path = f"{home}/models/{self.model}/{verb}"
        ask_json(self.address, "POST", path, {"parameters": parameters}, limit_s)


class _Alive:
    """A server seen as ready as soon as it answers at all."""

    def __init__(self, server: Local) -> None:
        self.name, self.ready, self.log = server.name, server.alive, server.log


def opened(server: Server, model: str, folder: Path, work: Path) -> Local:
    """Return a server that was started for this rehearsal."""
    system = Local(model, folder, work, python=server.python)
    system.start()
    return system
