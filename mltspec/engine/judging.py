"""From evidence to a verdict: judges, explains what could not be judged, and applies marks."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from datetime import date

from mltspec.checks.check import AnyCheck
from mltspec.evidence.kind import Evidence
from mltspec.plan.events import Failure
from mltspec.plan.picture import Picture, Table
from mltspec.plan.plan import Excuse, Expectation
from mltspec.plan.verdict import Judgement, Verdict

FAILING = frozenset({Verdict.FAILED, Verdict.ERROR, Verdict.TIMED_OUT, Verdict.XPASS})


def judge(check: AnyCheck, expectation: Expectation, evidence: Sequence[Evidence]) -> Judgement:
    """Return the check's judgement; a check that raises is an error of ours."""
    try:
        params = check.params.model_validate(expectation.params)
        return check.judge(params, evidence)
    except Exception as error:
        return Judgement(
            verdict=Verdict.ERROR,
            explanation=f"the check `{expectation.check}` broke: {type(error).__name__}: {error}",
            details=tuple(line.rstrip() for line in traceback.format_exception(error)),
        )


def depict(check: AnyCheck, expectation: Expectation, evidence: Sequence[Evidence]) -> tuple[Picture, ...]:
    """Return pictures of what an expectation was judged by; a verdict never fails for want of one."""
    if not evidence:
        return ()
    try:
        return tuple(check.depict(check.params.model_validate(expectation.params), evidence))
    except Exception as error:
        broke = f"the picture of `{expectation.check}` broke: {type(error).__name__}: {error}"
        return (Table(title=broke, head=(), rows=()),)


def unjudged(failure: Failure, cause: Failure) -> Judgement:
    """Return the judgement where evidence could not be gathered; ``cause`` is what failed first."""
    late = cause.kind == "timed out"
    return Judgement(
        verdict=Verdict.TIMED_OUT if late else Verdict.ERROR,
        explanation=failure.message,
        details=tuple(line for part in (failure.trace, failure.output) for line in part.splitlines()),
    )


def obstructed(text: str) -> Judgement:
    """Return the judgement where something stands in the way of judging."""
    return Judgement(verdict=Verdict.ERROR, explanation=text)


def is_skipped(expectation: Expectation, today: date) -> bool:
    """Return whether a skip holds today."""
    skip = expectation.marks.skip
    return skip is not None and not _expired(skip, today)


def skipped(expectation: Expectation) -> Judgement:
    """Return the judgement of a skipped expectation."""
    skip = expectation.marks.skip
    assert skip is not None
    until = f", until {skip.until}" if skip.until else ""
    return Judgement(verdict=Verdict.SKIPPED, explanation=f"{skip.because}{until}")


def marked(expectation: Expectation, judgement: Judgement, today: date) -> Judgement:
    """Return a judgement as the marks of its expectation have it."""
    skip, xfail = expectation.marks.skip, expectation.marks.xfail
    if skip is not None and _expired(skip, today):
        return _overdue("skip", skip, judgement)
    if xfail is None:
        return judgement
    if judgement.verdict is Verdict.PASSED:
        text = f"passed, though it is marked as known to fail ({xfail.because}): remove the mark"
        return _said(judgement, Verdict.XPASS, text)
    if judgement.verdict is not Verdict.FAILED:
        return judgement
    if _expired(xfail, today):
        return _overdue("xfail", xfail, judgement)
    return _said(judgement, Verdict.XFAIL, f"{judgement.explanation} (known: {xfail.because})")


def _overdue(mark: str, excuse: Excuse, judgement: Judgement) -> Judgement:
    verdict = judgement.verdict if judgement.verdict in {Verdict.ERROR, Verdict.TIMED_OUT} else Verdict.FAILED
    text = (
        f"the {mark} expired on {excuse.until} ({excuse.because}): renew it with a new date or remove it; "
        f"now it is {judgement.verdict}: {judgement.explanation}"
    )
    return _said(judgement, verdict, text)


def _said(judgement: Judgement, verdict: Verdict, text: str) -> Judgement:
    return judgement.model_copy(update={"verdict": verdict, "explanation": text})


def _expired(excuse: Excuse, today: date) -> bool:
    return excuse.until is not None and date.fromisoformat(excuse.until) < today
