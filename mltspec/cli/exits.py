"""Exit codes, in one table."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType


class Exit(IntEnum):
    """How a command ends."""

    HELD = 0
    FAILED = 1
    USAGE = 2
    SPEC = 3
    NOT_JUDGED = 4
    NOTHING_RAN = 5
    INTERRUPTED = 130


OF_RUN: Mapping[str, Exit] = MappingProxyType(
    {
        "passed": Exit.HELD,
        "failed": Exit.FAILED,
        "not judged": Exit.NOT_JUDGED,
        "spec error": Exit.SPEC,
        "nothing ran": Exit.NOTHING_RAN,
        "interrupted": Exit.INTERRUPTED,
    }
)
"""By how a run ended (``report.outcome.Overall``), in words: what only reads specs need not load verdicts.

A failure outweighs what could not be judged; what only warns or runs dry never decides.
"""
