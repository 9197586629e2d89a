"""Versions of one model as folders, TF Serving's layout: loaded, unloaded, labelled, and shared out."""

from __future__ import annotations

import contextlib
import json
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol


class State(StrEnum):
    """What TF Serving says of a version. ``END`` is unloaded, and also failed: then there is an error."""

    LOADING = "LOADING"
    AVAILABLE = "AVAILABLE"
    UNLOADING = "UNLOADING"
    END = "END"


@dataclass(frozen=True)
class Tensor:
    """What a signature says of an input or output: a dtype as NumPy names it (``string``, ``float32`` …), a shape."""

    dtype: str
    shape: tuple[int | None, ...] | None


class BadInput(ValueError):  # noqa: N818 - the caller's fault, told to the caller
    """The request does not fit the signature; the message says how."""


class Servable(Protocol):
    """A loaded model. Called with arrays by name, it returns arrays by name.

    Raises:
        BadInput: the arrays do not fit its inputs.
    """

    @property
    def inputs(self) -> Mapping[str, Tensor]:
        """What it takes."""
        ...

    @property
    def outputs(self) -> Mapping[str, Tensor]:
        """What it answers."""
        ...

    def __call__(self, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        """Answer rows."""


class NoSuchVersion(LookupError):  # noqa: N818 - a fact about the request, told to the caller
    """The version is not there, or not loaded."""


@dataclass
class Version:
    """One version: its state, what is loaded, and why it could not be."""

    state: State
    servable: Servable | None = None
    error: str = ""


@dataclass
class Repository:
    """The versions of a model below a folder, and which of them answers.

    Args:
        name: the model's.
        folder: holds one folder a version.
        load_from: loads a version's folder.
        choose: a number in 0..1 for each request, which the split is drawn by.

    The live version and the split are kept in a file before they are acknowledged: a server that is killed comes
    back on what it last said.
    """

    name: str
    folder: Path
    load_from: Callable[[Path], Servable]
    choose: Callable[[], float] = field(default_factory=lambda: random.Random(0).random)  # noqa: S311 - a split needs no secrecy
    versions: dict[str, Version] = field(default_factory=dict)
    live: str | None = None
    weights: dict[str, float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def recover(self) -> None:
        """Load the version that was live, else the highest there is; a broken one leaves the server unready."""
        kept = self._kept()
        there = sorted((each.name for each in self.folder.iterdir() if each.name.isdigit()), key=int)
        first = kept.get("live") or (there[-1] if there else None)
        if first is not None:
            with contextlib.suppress(Exception):
                self.load(first)
                self.promote(first)

    def load(self, version: str) -> None:
        """Load a version beside those that are loaded; loading one anew replaces it only when it is ready.

        Raises:
            NoSuchVersion: there is no folder of that name.
            Exception: whatever loading it raises; what was loaded stays.
        """
        home = self.folder / version
        if not (version.isdigit() and home.is_dir()):
            raise NoSuchVersion(f"model `{self.name}` has no version {version}")
        with self._lock:
            before = self.versions.get(version)
            if before is None or before.servable is None:
                self.versions[version] = Version(State.LOADING)
            try:
                servable = self.load_from(home)
            except Exception as error:
                if before is None or before.servable is None:
                    self.versions[version] = Version(State.END, error=f"{type(error).__name__}: {error}")
                raise
            self.versions[version] = Version(State.AVAILABLE, servable)

    def unload(self, version: str) -> None:
        """Unload a version.

        Raises:
            NoSuchVersion: it is not loaded.
            ValueError: it is live.
        """
        self._servable(version)
        if version == self.live:
            raise ValueError(f"version {version} is live; promote another one first")
        self.versions[version] = Version(State.END)
        self.weights.pop(version, None)

    def promote(self, version: str) -> None:
        """Make a loaded version answer everything that asks for no version.

        Raises:
            NoSuchVersion: it is not loaded.
        """
        self._servable(version)
        self._keep(version, {})
        self.live, self.weights = version, {}

    def split(self, weights: Mapping[str, float]) -> None:
        """Share out requests that ask for no version.

        Raises:
            NoSuchVersion: one of the versions is not loaded.
            ValueError: the weights are no shares.
        """
        for version in weights:
            self._servable(version)
        if not weights or min(weights.values()) < 0 or not sum(weights.values()) > 0:
            raise ValueError(f"{dict(weights)} are no shares")
        self.weights = dict(weights)

    def routed(self, version: str | None, label: str | None = None) -> tuple[str, Servable]:
        """Return the version that answers a request, and what is loaded for it.

        Raises:
            NoSuchVersion: it is not loaded, or nothing is.
        """
        if label is not None:
            version = {"stable": self.live, "canary": self._canary()}.get(label)
            if version is None:
                raise NoSuchVersion(f"model `{self.name}` has no version labelled `{label}`")
        chosen = version or (self._drawn() if self.weights else self.live)
        if chosen is None:
            raise NoSuchVersion(f"model `{self.name}` has no live version")
        return chosen, self._servable(chosen)

    def _drawn(self) -> str:
        left = self.choose() * sum(self.weights.values())
        for version, weight in self.weights.items():
            left -= weight
            if left < 0:
                return version
        return next(iter(self.weights))

    def _canary(self) -> str | None:
        others = [v for v, each in self.versions.items() if each.servable is not None and v != self.live]
        return max(others, key=int, default=None)

    def _servable(self, version: str) -> Servable:
        found = self.versions.get(version)
        if found is None or found.servable is None:
            raise NoSuchVersion(f"version {version} of model `{self.name}` is not loaded")
        return found.servable

    @property
    def _state_file(self) -> Path:
        return self.folder / ".live.json"

    def _keep(self, live: str, weights: Mapping[str, float]) -> None:
        part = self._state_file.with_suffix(".part")
        part.write_text(json.dumps({"live": live, "weights": dict(weights)}))
        part.replace(self._state_file)

    def _kept(self) -> dict[str, Any]:
        try:
            kept = json.loads(self._state_file.read_text())
        except (OSError, ValueError):
            return {}
        return kept if isinstance(kept, dict) else {}
