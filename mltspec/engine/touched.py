"""What a measurement was seen to read, and whether that is still so."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from typing import Literal

from mltspec.engine.ledger import ABSENT, FileDigests
from mltspec.plan.wire import Wire

CHANGED = "changed while it was read"
"""The digest of what nobody can vouch for; it never holds."""


class Touch(Wire):
    """One thing read: a file, a folder's names, or an environment variable.

    ``name`` is relative to the root of that index, or absolute where ``root`` is None. ``content`` is a digest; that of
    what was not there is empty. Values of variables are kept as short digests only: they may be secrets.
    """

    what: Literal["file", "folder", "variable"]
    name: str
    root: int | None
    content: str

    def path(self, roots: Sequence[str]) -> str:
        """Return where the file or folder lies on this machine."""
        if self.root is None or self.root >= len(roots):
            return self.name
        return os.path.join(roots[self.root], self.name)  # noqa: PTH118


class Trace(Wire):
    """Everything one child read. ``untracked`` says what could have mattered and cannot be followed."""

    touches: tuple[Touch, ...] = ()
    untracked: tuple[str, ...] = ()

    def holds(self, roots: Sequence[str], digests: FileDigests, hidden: frozenset[str]) -> bool:
        """Return whether each thing read is still as it was."""
        return all(
            touch.content == digest_now(touch.what, _place(touch, roots), digests, hidden) for touch in self.touches
        )


def digest_now(what: str, place: str, digests: FileDigests, hidden: frozenset[str]) -> str:
    """Return the digest of a file, a folder's names, or a variable's value, as it is now."""
    if what == "variable":
        return digest_variable(place, os.environ.get(place))
    if what == "folder":
        return digests.of_listing(place, hidden)
    return digests.of_file(place)


def digest_variable(name: str, value: str | None) -> str:
    """Return a digest long enough to tell values apart, too short to search for a secret."""
    if value is None:
        return ABSENT
    return hashlib.sha256(f"{name}={value}".encode(errors="surrogateescape")).hexdigest()[:12]


def locate(path: str, roots: Sequence[str]) -> tuple[int | None, str]:
    """Return a path as the index of its root and the relative name, or as None and itself."""
    for index, root in enumerate(roots):
        if path.startswith(root.rstrip(os.sep) + os.sep):
            return index, os.path.relpath(path, root)
        if path == root.rstrip(os.sep):
            return index, "."
    return None, path


def _place(touch: Touch, roots: Sequence[str]) -> str:
    return touch.name if touch.what == "variable" else touch.path(roots)
