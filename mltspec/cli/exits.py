"""Exit codes, in one table."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType

from mltspec.report.outcome import Overall


class Exit(IntEnum):
    """How a command ends."""

    HELD = 0
    FAILED = 1
    USAGE = 2
    SPEC = 3
    NOT_JUDGED = 4
    NOTHING_RAN = 5
    INTERRUPTED = 130


OF_RUN: Mapping[Overall, Exit] = MappingProxyType(
    {
        Overall.PASSED: Exit.HELD,
        Overall.FAILED: Exit.FAILED,
        Overall.NOT_JUDGED: Exit.NOT_JUDGED,
        Overall.SPEC_ERROR: Exit.SPEC,
        Overall.NOTHING_RAN: Exit.NOTHING_RAN,
        Overall.INTERRUPTED: Exit.INTERRUPTED,
    }
)
"""A failure outweighs what could not be judged; what only warns or runs dry never decides."""
