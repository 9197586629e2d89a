"""One expectation in full: what was expected, what was seen, why, and how to see it again."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from mltspec.language.render import printable, shown
from mltspec.plan.events import Judged
from mltspec.plan.plan import Marks
from mltspec.report.frame import frame
from mltspec.report.outcome import VERDICTS
from mltspec.report.paint import BOLD, DIM, FRAME, Paint

WIDTH = 100
MOST_DETAILS = 40
_LABEL = 10


def finding(judged: Judged, paint: Paint) -> list[str]:
    """Return a failure as its reader needs it: operands, cause, place, seed and one command."""
    expectation, judgement = judged.expectation, judged.judgement
    look = VERDICTS[judgement.verdict]
    title = f"{paint(look.word, look.tone)} {paint(printable(expectation.id), BOLD)}"
    lines = [f"{title}{paint(remark(expectation.marks), DIM)}", *frame(expectation, paint, look.tone)]
    margin = " " * len(str(expectation.at.line))
    facts: list[tuple[str, str]] = []
    if judgement.bound is not None:
        facts.append(("expected", judgement.bound.text))
    if judgement.measured is not None:
        facts.append(("measured", judgement.measured.text))
    facts.append(("because", judgement.explanation))
    if expectation.doc:
        facts.append(("note", expectation.doc))
    if expectation.defaults:
        facts.append(("assumed", ", ".join(expectation.defaults)))
    if expectation.marks.owner:
        facts.append(("owner", expectation.marks.owner))
    for label, text in facts:
        lines += fact(label, text, margin, paint)
        if label == "because":
            lines += details(judgement.details, margin)
    lines += fact("seed", str(expectation.seed), margin, paint)
    return lines + again(judged.reproduce, margin, paint)


def fact(label: str, text: str, margin: str, paint: Paint) -> list[str]:
    """Return ``= label: text``, the text wrapped below itself."""
    head = f"{margin} {paint('=', FRAME)} {label + ':':<{_LABEL}}"
    room = " " * (len(margin) + 3 + _LABEL)
    pieces = wrapped(text, WIDTH - len(room))
    return [f"{head}{pieces[0]}".rstrip(), *(f"{room}{piece}" for piece in pieces[1:])]


def again(command: str, margin: str, paint: Paint) -> list[str]:
    """Return the command that repeats it, on one line whatever its length, to be copied."""
    return [f"{margin} {paint('=', FRAME)} {'again:':<{_LABEL}}{paint(printable(command), BOLD)}"] if command else []


def details(lines: Sequence[str], margin: str) -> list[str]:
    """Return further lines, indented, the middle of very many left out."""
    kept = list(lines)
    if len(kept) > MOST_DETAILS:
        head = MOST_DETAILS // 2
        kept = [*kept[:head], f"… {len(kept) - MOST_DETAILS:,} lines left out …", *kept[head - MOST_DETAILS :]]
    room = " " * (len(margin) + 3 + _LABEL)
    return [f"{room}{shown(line)}".rstrip() for line in kept]


def wrapped(text: str, width: int) -> list[str]:
    """Return a text as printable lines; words are never cut, so that paths can be copied."""
    lines: list[str] = []
    for line in text.splitlines() or [""]:
        lines += textwrap.wrap(printable(line), width, break_long_words=False, break_on_hyphens=False) or [""]
    return lines


def remark(marks: Marks) -> str:
    """Return a note on an expectation that does not decide."""
    if marks.dry_run:
        return "  (dry run: does not decide)"
    return "  (severity warn: does not decide)" if marks.severity == "warn" else ""
