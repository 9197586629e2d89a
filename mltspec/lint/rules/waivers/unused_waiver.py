"""A waiver for something that is not found there any more.

It would hide the next finding of its kind in that place, without anybody having looked at it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mltspec.language.diagnostic import Fix
from mltspec.language.source import Span
from mltspec.lint.editing import without_lines, without_remark
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View
from mltspec.lint.waivers import Waiver


def look(view: View) -> Iterator[Offence]:
    """Find waivers, or single names in them, that waived nothing; rules that did not look are not spoken of."""
    for waiver in view.waivers:
        if waiver.until is None or waiver.until < view.today:
            continue
        idle = [(n, span) for n, span in waiver.rules if n in view.active and (waiver, n) not in view.used]
        everything = len(idle) == len(waiver.rules)
        for name, span in idle:
            yield Offence(
                f"nothing here is `{name}`",
                span,
                "waives nothing",
                fixes=(_removal(view, waiver),) if everything else (),
            )


def _removal(view: View, waiver: Waiver) -> Fix:
    own_line = not view.source.text[view.source.line_start(waiver.span.start) : waiver.span.start].strip()
    return _line(view, waiver.span) if own_line else without_remark(view.source, waiver.span)


def _line(view: View, span: Span) -> Fix:
    return replace(without_lines(view.source, span, "remove the waiver"), safe=True)


RULE = Rule(
    look,
    bad="# mlt: allow trailing-space until 2027-02-01 -- generated\nexpect accuracy on holdout >= 0.8",
    good="# mlt: allow trailing-space until 2027-02-01 -- generated\nexpect accuracy on holdout >= 0.8  ",
)
