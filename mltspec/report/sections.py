"""What is said when a run is over: what failed, what could not be judged, what was not checked, the sum."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mltspec.language.render import printable
from mltspec.plan.events import Judged
from mltspec.plan.verdict import Verdict
from mltspec.report.account import Account
from mltspec.report.finding import WIDTH, again, details, fact, finding, remark, wrapped
from mltspec.report.outcome import VERDICTS, Overall, decides
from mltspec.report.paint import BOLD, DIM, Paint, counted, duration

TONES = {
    Overall.PASSED: "1;32",
    Overall.FAILED: "1;31",
    Overall.NOT_JUDGED: "1;35",
    Overall.NOTHING_RAN: "1;33",
    Overall.SPEC_ERROR: "1;31",
    Overall.INTERRUPTED: "1;33",
}


def sections(account: Account, paint: Paint) -> list[str]:
    """Return the end of a report, without the lines told while it ran."""
    lines: list[str] = []
    for judged in _with(account, Verdict.FAILED, Verdict.XPASS):
        lines += ["", *finding(judged, paint)]
    broken = _with(account, Verdict.ERROR, Verdict.TIMED_OUT)
    if broken:
        lines += ["", paint("could not judge (this says nothing about the model)", BOLD)]
        for group in _by_cause(broken):
            lines += ["", *_broken(group, paint)]
    for title, verdict in (
        ("inconclusive (the evidence cannot decide)", Verdict.INCONCLUSIVE),
        ("not checked", Verdict.SKIPPED),
        ("known to fail", Verdict.XFAIL),
    ):
        found = _with(account, verdict)
        if found:
            lines += ["", paint(title, BOLD), *_listed(found, paint)]
    return [*lines, *notes(account, paint), "", summary(account, paint)]


def summary(account: Account, paint: Paint) -> str:
    """Return the last line: the verdict, counts, time, and where the evidence came from."""
    total = account.overall
    counts = ", ".join(_counted(account)) or "no expectation judged"
    if account.unreached:
        counts += f", {account.unreached:,} not reached"
    gathered, cached = (account.ended.gathered, account.ended.cached) if account.ended else (0, 0)
    source = f"evidence: {gathered:,} gathered, {cached:,} from the store"
    return f"{paint(total.upper(), TONES[total])}: {counts} in {duration(account.seconds)} ({source})"


def _counted(account: Account) -> list[str]:
    """Return ``3 failed (1 of no weight)`` and so on: what does not decide is counted, and told apart."""
    counts: list[str] = []
    for verdict, count in account.counts().items():
        found = _with(account, verdict)
        light = sum(not decides(each.expectation.marks) for each in found) if VERDICTS[verdict].makes else 0
        word = "errors" if verdict is Verdict.ERROR and count > 1 else verdict
        remark = f" ({light:,} of no weight)" if light else ""
        counts.append(f"{count:,} {word}{remark}")
    return counts


def notes(account: Account, paint: Paint) -> list[str]:
    """Return what a reader should know about the run as a whole."""
    lines: list[str] = []
    if account.stopped:
        lines.append(f"stopped after the failure limit; {counted(account.unreached, 'expectation')} not reached")
    elif account.interrupted:
        lines.append(f"interrupted; {counted(account.unreached, 'expectation')} not reached")
    untracked = account.ended.untracked if account.ended else ()
    if untracked:
        names = ", ".join(untracked[:6]) + (f" and {len(untracked) - 6} more" if len(untracked) > 6 else "")
        lines.append(f"stored evidence cannot follow changes behind: {names}; use --fresh after such a change")
    pieces = [piece for line in lines for piece in wrapped(f"note: {line}", WIDTH)]
    return ["", *(paint(piece, DIM) for piece in pieces)] if pieces else []


def _with(account: Account, *verdicts: Verdict) -> list[Judged]:
    return [each for each in account.judged if each.judgement.verdict in verdicts]


def _by_cause(broken: Iterable[Judged]) -> list[list[Judged]]:
    """Group by what went wrong: one fault in the model's code is one fault, however many ask for it."""
    groups: dict[tuple[object, ...], list[Judged]] = {}
    for each in broken:
        judgement = each.judgement
        cause = judgement.details or (judgement.explanation,)
        groups.setdefault((judgement.verdict, *cause), []).append(each)
    return list(groups.values())


def _broken(group: Sequence[Judged], paint: Paint) -> list[str]:
    first = min(group, key=lambda each: len(each.judgement.explanation))
    look = VERDICTS[first.judgement.verdict]
    margin = " "
    lines = [
        f"{paint(look.word, look.tone)} {paint(printable(each.expectation.id), BOLD)}  "
        f"{_place(each)}{paint(remark(each.expectation.marks), DIM)}"
        for each in group
    ]
    lines += fact("because", first.judgement.explanation, margin, paint)
    lines += details(first.judgement.details, margin)
    lines += fact("seed", str(first.expectation.seed), margin, paint)
    return lines + again(first.reproduce, margin, paint)


def _listed(found: Sequence[Judged], paint: Paint) -> list[str]:
    lines: list[str] = []
    for each in found:
        look = VERDICTS[each.judgement.verdict]
        name = printable(each.expectation.id)
        lines.append(f"  {paint(name, look.tone)}  {_place(each)}{paint(remark(each.expectation.marks), DIM)}")
        lines += [f"    {piece}" for piece in wrapped(each.judgement.explanation, WIDTH - 4)]
        if each.judgement.verdict is Verdict.INCONCLUSIVE and each.reproduce:
            lines.append(f"    again: {printable(each.reproduce)}")
    return lines


def _place(judged: Judged) -> str:
    at = judged.expectation.at
    return f"{printable(at.file)}:{at.line}"
