"""The bench: what an observer works on, inside a child process. Imports no framework itself."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mltspec.evidence.kind import Blob


class Unfit(Exception):  # noqa: N818 - it is the subject that is unfit, not the program
    """The subject cannot be measured; the message names the thing, the place and the way out."""


Progress = Callable[[int, int, str], None]
"""Told how far a measurement is: done, total (0: unknown), unit."""

Isolate = Callable[[str, dict[str, object], float], "Ending"]
"""Run ``module:function`` on a JSON payload and the bench's roots in a process of its own, with a limit in seconds."""


@dataclass(frozen=True)
class Ending:
    """How an isolated process ended: its exit status (negative: the signal) and its last words."""

    status: int
    output: str
    timed_out: bool = False


@dataclass(frozen=True)
class Bench:
    """Where an observer finds its tools.

    Args:
        roots: absolute folders that hold the user's modules and files, searched in order.
        folder: scratch of this process alone; removed afterwards.
        objects: the store's folder of files named by digest.
        progress: tells how far the measurement is; cheap, may be called at every step.
        isolate: runs a function in a fresh process that shares nothing, for crash drills.
        threads: how many threads the framework may use.
    """

    roots: tuple[Path, ...]
    folder: Path
    objects: Path
    progress: Progress
    isolate: Isolate
    threads: int

    def keep(self, file: Path) -> Blob:
        """Move a file into the store under its digest; atomic, and harmless when it is there already."""
        digest = digest_file(file)
        home = self.objects / digest[:2] / digest
        size = file.stat().st_size
        if not home.exists():
            home.parent.mkdir(parents=True, exist_ok=True)
            handle, part = tempfile.mkstemp(dir=home.parent, prefix=".part-")
            os.close(handle)
            shutil.copyfile(file, part)
            Path(part).replace(home)
        file.unlink()
        return Blob(digest=digest, size_bytes=size)

    def path(self, blob: Blob) -> Path:
        """Return where a kept file lies; read it, never write it.

        Raises:
            Unfit: its content is not what was kept.
        """
        file = self.objects / blob.digest[:2] / blob.digest
        if not file.exists() or digest_file(file) != blob.digest:
            raise Unfit(f"the store is damaged ({blob.digest[:12]}…); `mltspec store verify --repair` mends it")
        return file

    def find(self, name: str) -> Path:
        """Return the first file of that relative name under the roots.

        Raises:
            Unfit: no root holds it.
        """
        for root in self.roots:
            if (root / name).exists():
                return root / name
        raise Unfit(f"there is no `{name}` under {', '.join(map(str, self.roots))}")


def digest_file(file: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hex."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
