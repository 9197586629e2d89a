"""Looking at the disk for what a spec names; whatever a name is made of, the answer is yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def is_file(path: Path) -> bool:
    """Whether a file is there; a name too long for any is no file."""
    try:
        return path.is_file()
    except OSError:
        return False


def is_folder(path: Path) -> bool:
    """Whether a folder is there."""
    try:
        return path.is_dir()
    except OSError:
        return False


def find(name: str, roots: Sequence[Path]) -> Path | None:
    """Return the first file or folder of a relative name below the roots, as a run would find it."""
    return next((root / name for root in roots if is_file(root / name) or is_folder(root / name)), None)


def names_in(folder: Path) -> list[str]:
    """Return what lies in a folder; nothing where there is none, or none that may be listed."""
    try:
        return sorted(each.name for each in folder.iterdir())
    except (OSError, ValueError):
        return []
