"""Before and after anything runs: servers that a killed drill left behind are put right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


def put_right(store: Path, say: Callable[[str], None]) -> None:
    """Roll back every server that the journal of a store says was left in the middle of a drill, and tell of it."""
    folder = store / "drills"
    if not (folder.is_dir() and any(folder.glob("*.json"))):
        return
    from mltspec.serving.journal import Journal

    for each in Journal(folder).replay():
        if each.trouble:
            say(
                f"a drill was killed on server `{each.server}`, which must be rolled back to version {each.version}, "
                f"and could not be: {each.trouble}; it is tried again at the next start"
            )
        elif not each.ours:
            say(f"a drill was killed on server `{each.server}`; it is rolled back to version {each.version}")
