"""Versions in server processes of their own behind HAProxy: loading, promoting and rolling back touch nobody else.

A version is loaded by starting a server, promoted by weight, and rolled back by weight, as fleets do it in production.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from mltspec.serving.asking import predict, wait_ready
from mltspec.serving.balancing.haproxy import MOST_WEIGHT, PLACES, HAProxy
from mltspec.serving.system import Answer, Asker, Call, Rows, Trouble

START_S = 120.0


class Fleet:
    """One model, one server a version, one way in.

    Args:
        start: starts a server of one version, from its folder, in a scratch folder.
        folder: holds the versions; the highest is live at first.
        work: scratch.
    """

    addresses_versions = True
    loads_aside = True

    def __init__(self, start: Callable[[Path, Path], Any], folder: Path, work: Path) -> None:
        self._start = start
        self._folder = folder
        self._work = work
        self._proxy = HAProxy(work)
        self._servers: dict[str, Any] = {}
        self._places: dict[str, int] = {}
        self._weights: dict[str, int] = {}
        self.name, self.production = "haproxy", False

    def open(self) -> None:
        """Start the proxy, and the highest version there is.

        Raises:
            Trouble: one of them does not come up.
        """
        try:
            self._proxy.start()
            there = sorted((each.name for each in self._folder.iterdir() if each.name.isdigit()), key=int)
            if there:
                self.load(there[-1])
                self.promote(there[-1])
        except Trouble:
            self.close()
            raise

    def ready(self) -> bool:
        """Return whether the live version is."""
        live = self._live()
        return live is not None and bool(self._servers[live].ready())

    def versions(self) -> tuple[str, ...]:
        """Return the versions that have a server."""
        return tuple(sorted(self._servers, key=int))

    def live_version(self) -> str:
        """Return the version that gets most requests."""
        live = self._live()
        if live is None:
            raise Trouble("no version gets requests")
        return live

    def load(self, version: str, folder: Path | None = None) -> None:
        """Start a server of a version, which gets no requests yet."""
        home = self._work / f"version-{version}"
        if folder is not None and home.exists():
            raise Trouble(f"version {version} is there already; a version is never overwritten")
        if version in self._servers:
            return
        source = folder or (home / "versions" / version if home.exists() else self._folder / version)
        if not source.is_dir():
            raise Trouble(f"there is no version {version}")
        free = next((at for at in range(PLACES) if at not in self._places.values()), None)
        if free is None:
            raise Trouble(f"there are {PLACES} versions already; unload one")
        if not home.exists():
            (home / "versions").mkdir(parents=True)
            (home / "versions" / version).symlink_to(source.resolve())
        server = self._start(home / "versions", _scratch(home))
        try:
            wait_ready(server, START_S)
            self._proxy.put(free, server.address)
        except Trouble:
            server.close()
            raise
        self._servers[version], self._places[version], self._weights[version] = server, free, 0
        self.name, self.production = f"{server.name} behind haproxy", server.production

    def unload(self, version: str) -> None:
        """End a version's server."""
        if version not in self._servers:
            raise Trouble(f"version {version} is not loaded")
        if version == self._live():
            raise Trouble(f"version {version} is live; promote another one first")
        self._proxy.empty(self._places.pop(version))
        del self._weights[version]
        self._servers.pop(version).close()

    def promote(self, version: str) -> None:
        """Give all requests to a version."""
        self.split({version: 1.0})

    def rollback(self, to: str) -> None:
        """Give all requests to the version before, starting it where it has ended."""
        if to not in self._servers:
            self.load(to)
        self.promote(to)

    def split(self, weights: Mapping[str, float]) -> None:
        """Share requests out by weight, to a two hundred and fifty-sixth."""
        for version in weights:
            if version not in self._servers:
                raise Trouble(f"version {version} is not loaded")
        whole = sum(weights.values())
        shares = {each: round(MOST_WEIGHT * weights.get(each, 0.0) / whole) for each in self._servers}
        self._proxy.weigh({self._places[each]: share for each, share in shares.items()})
        self._weights = shares

    def call(self, rows: Rows, version: str | None = None) -> Call:
        """Return a request to the proxy, or to a version's own server."""
        server = self._server(version)
        call: Call = server.call(rows)
        if version is not None:
            return call
        return dataclasses.replace(call, host=self._proxy.address.host, port=self._proxy.address.port)

    def read(self, status: int, body: bytes) -> Answer:
        """Read an answer as a version's server would."""
        answer: Answer = self._server(None).read(status, body)
        return answer

    def doors(self) -> Mapping[str, Asker]:
        """Return the proxy, and what each version's server offers besides."""
        names = [name for name in self._server(None).doors() if name != "V2 REST"]
        return {"V2 REST": partial(predict, self)} | {name: partial(self._ask, name) for name in names}

    def signature(self, version: str | None = None) -> Mapping[str, str]:
        """Return what a version declares."""
        found: Mapping[str, str] = self._server(version).signature()
        return found

    def memory_bytes(self) -> int | None:
        """Return the memory of all servers."""
        return sum(server.memory_bytes() or 0 for server in self._servers.values())

    def log(self) -> str:
        """Return the ends of all logs."""
        return "\n".join([self._proxy.log(), *(server.log() for server in self._servers.values())]).strip()

    def close(self) -> None:
        """End everything."""
        with contextlib.ExitStack() as stack:
            for server in self._servers.values():
                stack.callback(server.close)
            stack.callback(self._proxy.close)

    def _ask(self, name: str, rows: Rows, version: str | None) -> Answer:
        answer: Answer = self._server(version).doors()[name](rows, None)
        return answer

    def _server(self, version: str | None) -> Any:
        chosen = version or self.live_version()
        if chosen not in self._servers:
            raise Trouble(f"version {chosen} is not loaded")
        return self._servers[chosen]

    def _live(self) -> str | None:
        heaviest = max(self._weights, key=lambda each: self._weights[each], default=None)
        return heaviest if heaviest is not None and self._weights[heaviest] else None


def _scratch(home: Path) -> Path:
    """Return a new folder for one run of a version's server."""
    runs = home / f"run-{len(list(home.iterdir()))}"
    runs.mkdir()
    return runs
