"""A version's files beside the others, so that a server that looks at any moment sees all of it or nothing."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from mltspec.serving.system import Trouble


def put(home: Path, fill: Callable[[Path], object]) -> None:
    """Make the folder ``home`` out of what ``fill`` writes into a hidden one beside it.

    Raises:
        Trouble: there is a version of that name; none is ever overwritten.
    """
    home.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=".part-", dir=home.parent))
    try:
        fill(part)
        if home.exists():
            raise Trouble(f"`{home}` is there already; a version is never overwritten")
        part.chmod(0o755)
        part.rename(home)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def put_copy(source: Path, home: Path) -> None:
    """Make ``home`` a copy of a folder.

    Raises:
        Trouble: there is a version of that name; none is ever overwritten.
    """
    put(home, lambda part: shutil.copytree(source, part, dirs_exist_ok=True))
