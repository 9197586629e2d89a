"""Pictures of a crash drill: how far training had come, where it was killed and went on, and what was lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mltspec.checks.wording import number
from mltspec.evidence.crash import CrashEvidence, Drill, LostState
from mltspec.plan.picture import Curves, Line, Moment, Phase, Picture, Table

MOST_DRILLS = 6


def depicted(evidence: CrashEvidence, words: Mapping[str, str]) -> Sequence[Picture]:
    """Return a timeline of every drill that was killed, and a table of the state that was lost.

    Args:
        evidence: of the drills.
        words: what each kind of state is called.
    """
    drills = [drill for drill in evidence.drills if drill.killed_at is not None][:MOST_DRILLS]
    return [*(_timeline(drill, evidence, len(drills) > 1) for drill in drills), *_lost(drills, words)]


def _timeline(drill: Drill, evidence: CrashEvidence, several: bool) -> Curves:
    """Draw the optimizer's step over the steps that were worked for: a restart from further back falls down there."""
    killed = float(drill.killed_at or 0)
    title = f"training killed {drill.place}" if several else "where training was killed, and where it went on"
    control = Line(name="uninterrupted", x=(0.0, float(evidence.control_steps)), y=(0.0, float(evidence.control_steps)))
    lines = [control, Line(name="killed", x=(0.0, killed), y=(0.0, killed))]
    moments, phases = [Moment(at=killed, text=f"killed at step {killed:g}")], [_phase(0, killed, "first start")]
    if drill.resumed_at is None:
        moments.append(Moment(at=killed, text="did not start again"))
    else:
        start, after = float(drill.resumed_at), float(drill.steps_after)
        lines.append(Line(name="started again", x=(killed, killed + after), y=(start, start + after)))
        moments.append(Moment(at=killed, text=f"resumed at step {start:g}"))
        phases.append(_phase(killed, killed + after, "started again"))
        if drill.parted_at_step is not None and drill.parted_at_step >= start:
            parted = killed + drill.parted_at_step - start
            moments.append(Moment(at=parted, text=f"losses part at step {drill.parted_at_step}"))
    return Curves(
        title=title, x="steps trained, all starts together", y="step of the optimizer",
        lines=tuple(lines), moments=tuple(moments), phases=tuple(phases),
    )  # fmt: skip


def _phase(start: float, end: float, text: str) -> Phase:
    return Phase(start=float(start), end=float(end), text=text)


def _lost(drills: Sequence[Drill], words: Mapping[str, str]) -> Iterator[Table]:
    rows = [
        (drill.place, when, words.get(lost.what, lost.what), lost.path, str(lost.variables), number(lost.largest))
        for drill in drills
        for when, states in (("at the restart", drill.lost_at_restart), ("at the end", drill.lost))
        for lost in _ordered(states, words)
    ]
    if rows:
        yield Table(
            title="state that differs from the uninterrupted run",
            head=("killed", "seen", "state", "most in", "variables", "off by"),
            rows=tuple(rows),
            marked=tuple((at, 2) for at, row in enumerate(rows) if row[1] == "at the restart"),
        )


def _ordered(states: Sequence[LostState], words: Mapping[str, str]) -> list[LostState]:
    order = list(words)
    return sorted(states, key=lambda lost: order.index(lost.what) if lost.what in order else len(order))
