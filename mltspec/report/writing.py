"""Files that are there whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import mkstemp


def obstacle(file: Path) -> str:
    """Return what keeps a file from being written, as far as it shows beforehand; empty when nothing does."""
    folder = file.parent
    if not folder.exists():
        return f"there is no folder `{folder}`"
    if not folder.is_dir():
        return f"`{folder}` is not a folder"
    if file.is_dir():
        return f"`{file}` is a folder"
    if not os.access(folder, os.W_OK):
        return f"the folder `{folder}` is not writable"
    return ""


def write_whole(file: Path, text: str) -> None:
    """Replace a file in one step; whoever reads it sees the old text or the new one. Line ends stay as they are.

    Something that is no regular file (``/dev/stdout``, a pipe) is written to directly.

    Raises:
        OSError: the file cannot be written.
    """
    if file.exists() and not file.is_file():
        file.write_text(text, "utf-8", errors="backslashreplace")
        return
    target = file.resolve()
    handle, part = mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
            stream.write(text)
        Path(part).chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        Path(part).replace(target)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
