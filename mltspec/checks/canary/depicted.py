"""Pictures of a canary under traffic: what both arms met, look by look, with its stages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mltspec.evidence.traffic import Arm, Look, TrafficEvidence
from mltspec.plan.picture import Curves, Line, Phase

_QUANTILE = 0.99


def stages(seen: TrafficEvidence) -> list[Curves]:
    """Return failures and latency of candidate and baseline over the looks, stage by stage."""
    if not seen.looks:
        return []
    return [
        _beside(seen, "failed requests, candidate beside baseline", "% of an arm's requests", _failed),
        _beside(seen, "latency at the 99th percentile, candidate beside baseline", "ms", _slow),
    ]


def _beside(seen: TrafficEvidence, title: str, y: str, of: Callable[[Arm], float | None]) -> Curves:
    def line(name: str, arms: Sequence[Arm]) -> Line:
        met = [(float(at), value) for at, arm in enumerate(arms, 1) if (value := of(arm)) is not None]
        return Line(name=name, x=tuple(at for at, _ in met), y=tuple(value for _, value in met))

    return Curves(
        title=title,
        x=f"look, of {seen.looks_planned}",
        y=y,
        lines=(
            line(f"candidate {seen.canary}", [look.canary for look in seen.looks]),
            line(f"baseline {seen.baseline}", [look.baseline for look in seen.looks]),
        ),
        phases=_phases(seen.looks),
    )


def _phases(looks: Sequence[Look]) -> tuple[Phase, ...]:
    found: list[Phase] = []
    for at, look in enumerate(looks, 1):
        text = f"{look.share * 100:g}% of traffic"
        if found and found[-1].text == text:
            found[-1] = found[-1].model_copy(update={"end": float(at)})
        else:
            found.append(Phase(start=float(at - 1 if at > 1 else at), end=float(at), text=text))
    return tuple(found)


def _failed(arm: Arm) -> float | None:
    return round(100 * arm.failed / arm.requests, 4) if arm.requests else None


def _slow(arm: Arm) -> float | None:
    times = sorted(arm.latencies_s)
    return round(times[min(len(times) - 1, int(_QUANTILE * len(times)))] * 1e3, 4) if times else None
