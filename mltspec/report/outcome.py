"""What a run comes to: the table of verdicts, and the one rule that turns many verdicts into one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from mltspec.plan.events import Judged
from mltspec.plan.plan import Marks
from mltspec.plan.verdict import Verdict


class Overall(StrEnum):
    """How a whole run ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_JUDGED = "not judged"
    NOTHING_RAN = "nothing ran"
    SPEC_ERROR = "spec error"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class Shown:
    """How a verdict looks: its word in a report, its colour (SGR), and what it makes of the run."""

    word: str
    tone: str
    makes: Overall | None


VERDICTS: Mapping[Verdict, Shown] = MappingProxyType(
    {
        Verdict.PASSED: Shown("passed", "32", None),
        Verdict.FAILED: Shown("FAILED", "1;31", Overall.FAILED),
        Verdict.XPASS: Shown("XPASS", "1;31", Overall.FAILED),
        Verdict.ERROR: Shown("ERROR", "1;35", Overall.NOT_JUDGED),
        Verdict.TIMED_OUT: Shown("TIMED OUT", "1;35", Overall.NOT_JUDGED),
        Verdict.INCONCLUSIVE: Shown("inconclusive", "33", Overall.NOT_JUDGED),
        Verdict.SKIPPED: Shown("skipped", "36", None),
        Verdict.XFAIL: Shown("xfail", "36", None),
    }
)
"""In the order in which a summary counts them, after what failed."""


def decides(marks: Marks) -> bool:
    """Return whether an expectation's verdict counts: those of severity ``warn`` or ``dry run`` only inform."""
    return marks.severity == "error" and not marks.dry_run


def overall(judged: Iterable[Judged], interrupted: bool = False) -> Overall:
    """Return what the verdicts come to. A failure outweighs what could not be judged.

    Where every expectation was skipped nothing was measured, and that is never a pass.
    """
    seen = list(judged)
    if interrupted:
        return Overall.INTERRUPTED
    if all(each.judgement.verdict is Verdict.SKIPPED for each in seen):
        return Overall.NOTHING_RAN
    made = {VERDICTS[each.judgement.verdict].makes for each in seen if decides(each.expectation.marks)}
    return next((each for each in (Overall.FAILED, Overall.NOT_JUDGED) if each in made), Overall.PASSED)
