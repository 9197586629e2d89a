"""What was found out about former states of a text, kept for its next."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")

MOST = 4096


class Memo(dict[K, V]):
    """Keeps what was asked for lately: once it holds ``MOST`` answers, those not asked for again are dropped."""

    def __init__(self) -> None:
        super().__init__()
        self._before: dict[K, V] = {}

    def turn(self) -> None:
        """A new state begins."""
        if len(self) > MOST:
            self._before = dict(self)
            self.clear()

    def known(self, key: K, make: Callable[[K], V]) -> V:
        """Return what is kept under a key, or make it."""
        found = self.get(key)
        if found is None:
            found = self._before.get(key)
            found = self[key] = make(key) if found is None else found
        return found
