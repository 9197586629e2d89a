"""Linting many specs: shared among the processors, since each spec is looked at by itself."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from mltspec.lint.linting import Finding, distinct, lint
from mltspec.lint.settings import Settings

WORTH_SHARING = 64
"""Below so many specs another process takes longer to start than it saves."""


def lint_all(files: Sequence[Path], settings: Callable[[Path], Settings]) -> list[Finding]:
    """Return every finding about specs, in their order.

    Raises:
        BadSettings: a file of settings cannot be followed.
    """
    workers = min(len(os.sched_getaffinity(0)), len(files) // WORTH_SHARING) if sys.platform == "linux" else 1
    if workers < 2:
        return lint(files, settings)
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    chosen = {file: settings(file) for file in files}
    shares = [files[len(files) * i // workers : len(files) * (i + 1) // workers] for i in range(workers)]
    tasks = [(share, {file: chosen[file] for file in share}) for share in shares]
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        found = pool.map(_lint_share, tasks)
        return distinct(each for share in found for each in share)


def _lint_share(task: tuple[Sequence[Path], dict[Path, Settings]]) -> list[Finding]:
    files, settings = task
    return lint(files, settings.__getitem__)
