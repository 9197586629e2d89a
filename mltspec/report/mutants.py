"""What a run of mutants comes to: who caught which fault, survivors first, and what would catch those."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from mltspec.evidence.faults import NOT_INJECTED, Fault
from mltspec.language.render import printable
from mltspec.plan.plan import Expectation
from mltspec.plan.verdict import Judgement, Verdict
from mltspec.plan.wire import Wire
from mltspec.report.paint import BOLD, DIM, Paint, counted, duration

UNJUDGED = frozenset({Verdict.ERROR, Verdict.TIMED_OUT})


class Fate(StrEnum):
    """How a mutant ended. One that is ``stopped`` fails no expectation, but none that broke would let it be released.

    One that is ``out`` never came to be: the subject has no such part.
    """

    SURVIVED = "survived"
    STOPPED = "stopped"
    CAUGHT = "caught"
    OUT = "not injected"


TONES = {Fate.SURVIVED: "1;31", Fate.STOPPED: "33", Fate.CAUGHT: "32", Fate.OUT: DIM}


class Witness(Wire):
    """An expectation of the spec, and how it was judged with the fault in the subject."""

    id: str
    verdict: Verdict
    explanation: str


class MutantRow(Wire):
    """A mutant as it is reported; ``reason`` says why it was not injected."""

    name: str
    says: str
    fate: Fate
    caught_by: tuple[Witness, ...]
    others: tuple[Witness, ...]
    advice: str
    reason: str = ""


class MutationReport(Wire):
    """A whole run. ``silent`` are expectations that do not hold without a fault, and so can notice none."""

    mutants: tuple[MutantRow, ...]
    silent: tuple[Witness, ...]
    seconds: float
    interrupted: bool = False

    def count(self, fate: Fate) -> int:
        """Return how many mutants ended so."""
        return sum(row.fate is fate for row in self.mutants)


def witness(expectation: Expectation, judgement: Judgement) -> Witness:
    """Return how an expectation was judged."""
    return Witness(id=expectation.id, verdict=judgement.verdict, explanation=judgement.explanation)


def row(fault: Fault, seen: Sequence[Witness], obstacle: str = "") -> MutantRow:
    """Return what became of a fault.

    Args:
        fault: the fault.
        seen: every expectation that was judged with it.
        obstacle: why it could not be injected at all; empty where it could.
    """
    within = [each for each in seen if NOT_INJECTED not in each.explanation]
    caught = [each for each in within if each.verdict is Verdict.FAILED]
    if obstacle or (seen and not within):
        fate, reason = Fate.OUT, obstacle or seen[0].explanation.partition(NOT_INJECTED)[2]
    elif caught:
        fate, reason = Fate.CAUGHT, ""
    else:
        fate, reason = (Fate.STOPPED if any(e.verdict in UNJUDGED for e in within) else Fate.SURVIVED), ""
    return MutantRow(
        name=fault.name,
        says=fault.says,
        fate=fate,
        caught_by=tuple(caught),
        others=tuple(each for each in within if each not in caught),
        advice=fault.advice,
        reason=reason,
    )


def line(each: MutantRow, paint: Paint, pace: str = "") -> str:
    """Return the line that is told as soon as a mutant's fate is known; ``pace`` says how far the run is."""
    word = f"{each.fate.upper() if each.fate is Fate.SURVIVED else each.fate:<{len(Fate.OUT)}}"
    by = ", ".join(witness.id for witness in each.caught_by) or each.reason
    return f"{paint(word, TONES[each.fate])}  {each.name:<22}  {printable(by)}{paint(pace, DIM)}".rstrip()


def sections(report: MutationReport, paint: Paint) -> list[str]:
    """Return the end of the report: survivors first, and the sum last."""
    lines: list[str] = []
    titles = {
        Fate.SURVIVED: "survived: nothing in the spec notices these faults",
        Fate.STOPPED: "stopped: nothing failed, but something broke; a claim that fails would name the cause",
        Fate.OUT: "not injected: these say nothing about the spec",
        Fate.CAUGHT: "caught",
    }
    for fate, title in titles.items():
        rows = [each for each in report.mutants if each.fate is fate]
        if rows:
            lines += ["", paint(f"{title}", BOLD), *(text for each in rows for text in _lines(each, paint))]
    if report.silent:
        lines += ["", paint("silent: what does not hold without a fault can notice none", BOLD)]
        lines += [f"  {printable(each.id)}: {each.verdict}" for each in report.silent]
    return [*lines, "", summary(report, paint)]


def summary(report: MutationReport, paint: Paint) -> str:
    """Return the last line."""
    injected = len(report.mutants) - report.count(Fate.OUT)
    survived = report.count(Fate.SURVIVED)
    counts = ", ".join(f"{report.count(fate)} {fate}" for fate in Fate if report.count(fate))
    if report.interrupted:
        word, tone = "INTERRUPTED", "1;33"
    elif survived or not injected:
        word, tone = ("SURVIVED", "1;31") if survived else ("NOTHING INJECTED", "1;33")
    else:
        word, tone = "ALL CAUGHT", "1;32"
    return f"{paint(word, tone)}: {counted(len(report.mutants), 'mutant')}: {counts} in {duration(report.seconds)}"


def _lines(each: MutantRow, paint: Paint) -> list[str]:
    lines = [f"  {each.name}: {each.says}"]
    if each.fate is Fate.OUT:
        return [*lines, f"    {printable(each.reason)}"]
    if each.fate is Fate.CAUGHT:
        return [*lines, *(f"    by {printable(w.id)}: {printable(w.explanation)}" for w in each.caught_by)]
    broken = [w for w in each.others if w.verdict in UNJUDGED]
    held = [w for w in each.others if w.verdict not in UNJUDGED]
    lines += [f"    {w.verdict} {printable(w.id)}: {printable(w.explanation)}" for w in broken]
    if held:
        lines.append(f"    judged and not failed: {printable(', '.join(w.id for w in held))}")
    elif not broken:
        lines.append("    no expectation of the spec could notice it")
    return [*lines, f"    {paint('add', BOLD)}  {each.advice}"]
