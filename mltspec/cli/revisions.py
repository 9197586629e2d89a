"""Specs as they stand in the working tree, or as they stood in a revision of git."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

import click

from mltspec.compile.specs import find_specs

_LIMIT_S = 60.0


@contextmanager
def specs_of(given: str) -> Iterator[list[Path]]:
    """Find the specs of a path, of ``REVISION``, or of ``REVISION:PATH``; nothing of a revision is checked out.

    Raises:
        click.UsageError: it is neither, or there is no spec in it.
    """
    if Path(given).exists():
        yield _found([Path(given)], given)
        return
    revision, _, below = given.partition(":")
    if _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}") is None:
        raise click.UsageError(f"`{given}` is no path here, and `{revision}` is no revision of git")
    with TemporaryDirectory(prefix="mltspec-") as folder:
        _take(revision, Path(folder))
        yield _found([Path(folder) / below if below else Path(folder)], given)


def _found(paths: list[Path], given: str) -> list[Path]:
    missing = [path for path in paths if not path.exists()]
    files = [] if missing else find_specs(paths)
    if not files:
        raise click.UsageError(f"`{given}`: there is no spec")
    return files


def _take(revision: str, folder: Path) -> None:
    """Write every spec of a revision below a folder, and no other file."""
    listed = _git("ls-tree", "-r", "-z", "--name-only", "--full-tree", revision) or ""
    for name in listed.split("\0"):
        if not name.endswith(".mlt") or ".." in PurePosixPath(name).parts:
            continue
        text = _git("show", f"{revision}:{name}")
        if text is not None:
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")


def _git(*words: str) -> str | None:
    command = ["git", "--no-optional-locks", *words]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_LIMIT_S)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None
