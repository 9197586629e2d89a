"""A judgement of evidence: pure, instant, repeatable without a framework."""

from __future__ import annotations

from enum import StrEnum

from mltspec.plan.wire import Wire


class Verdict(StrEnum):
    """How an expectation ended. ``error`` is ours or the user's code breaking, never the model's fault."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    ERROR = "error"
    TIMED_OUT = "timed out"
    SKIPPED = "skipped"
    XFAIL = "xfail"
    XPASS = "xpass"


class Figure(Wire):
    """A number as people read it and, where it is one number, as machines do."""

    text: str
    value: float | None = None


class Judgement(Wire):
    """A verdict with its grounds.

    ``measured`` and ``bound`` are the two operands with their units; ``explanation`` is one sentence or
    two: what was expected, what was seen, the likely cause and where to look. ``measured`` is given
    also when the verdict is passed. ``details`` are further lines for a reader who wants more.
    """

    verdict: Verdict
    explanation: str
    measured: Figure | None = None
    bound: Figure | None = None
    details: tuple[str, ...] = ()
