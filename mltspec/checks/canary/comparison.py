"""The sequential comparison of a canary with its baseline: looks, error rates, and the first alarm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mltspec.evidence.traffic import Arm, Claim, Look


@dataclass(frozen=True)
class Alarm:
    """A claim that no longer holds: at which look, with which p-value, and both arms until then."""

    claim: Claim
    look: int
    p: float
    canary: Arm
    baseline: Arm


def together(arms: Sequence[Arm]) -> Arm:
    """Return arms of one version as one."""
    return Arm(
        requests=sum(arm.requests for arm in arms),
        failed=sum(arm.failed for arm in arms),
        latencies_s=tuple(each for arm in arms for each in arm.latencies_s),
        answers=tuple(each for arm in arms for each in arm.answers),
        mistakes=sum(arm.mistakes for arm in arms),
        labelled=sum(arm.labelled for arm in arms),
        first_error=next((arm.first_error for arm in arms if arm.first_error), ""),
    )


def first_alarm(claims: Sequence[Claim], looks: Sequence[Look], planned: int, alpha: float) -> Alarm | None:
    """Return the first look at which a claim fails, None if all hold so far.

    The chance that a candidate equal to its baseline is ever stopped is at most ``alpha``, over all claims and looks.
    """
    from mltspec.statistics.arms import spent

    for number in range(1, len(looks) + 1):
        found = alarm_at(claims, looks, number, spent(alpha, number, planned))
        if found is not None:
            return found
    return None


def alarm_at(claims: Sequence[Claim], looks: Sequence[Look], number: int, alpha: float) -> Alarm | None:
    """Return the claim that fails worst at one look, of an error rate of its own, None if all hold."""
    canary = together([look.canary for look in looks[:number]])
    baseline = together([look.baseline for look in looks[:number]])
    found = [
        Alarm(claim, number, _p_value(claim, canary, baseline, looks[:number]), canary, baseline) for claim in claims
    ]
    worst = min(found, key=lambda alarm: alarm.p, default=None)
    return worst if worst is not None and worst.p <= alpha / len(claims) else None


def grown(looks: Sequence[Look]) -> int | None:
    """Return by how many bytes the server's memory has grown since the first look, None if it was not seen."""
    sizes = [look.memory_bytes for look in looks]
    return sizes[-1] - sizes[0] if len(sizes) > 1 and sizes[0] is not None and sizes[-1] is not None else None


def _p_value(claim: Claim, canary: Arm, baseline: Arm, looks: Sequence[Look]) -> float:
    """Return a claim's p-value; memory is read and not sampled, so a claim about it holds or does not."""
    if claim.what == "memory":
        return 0.0 if (grown(looks) or 0) > claim.bound else 1.0
    return p_value(claim, canary, baseline)


def p_value(claim: Claim, canary: Arm, baseline: Arm) -> float:
    """Return the p-value that a claim holds."""
    import numpy as np

    from mltspec.statistics.arms import elsewhere, longer, more_often

    if claim.what == "errors":
        return more_often(canary.failed, canary.requests, baseline.failed, baseline.requests, claim.bound)
    if claim.what == "mistakes":
        return more_often(canary.mistakes, canary.labelled, baseline.mistakes, baseline.labelled, claim.bound)
    if claim.what == "latency":
        times = np.array(canary.latencies_s), np.array(baseline.latencies_s)
        return longer(*times, claim.quantile, claim.bound)
    return elsewhere(np.array(canary.answers), np.array(baseline.answers), claim.bound)
