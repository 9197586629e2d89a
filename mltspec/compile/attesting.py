"""What a person did by hand and stands for: who, when, and where the record lies.

    attest rollback {
      by "Ada Lovelace" on 2026-10-02
      record "drills/2026-10.md"
    }

One of the infrastructure tests, done by hand, is worth half a point in `mltspec score`. The three sections of the paper
that mltspec does not test may be attested with their points, so that the final score can be told.

Source: Breck et al., "What's your ML Test Score? A rubric for ML production systems", NIPS 2016: half a point for
a test done by hand with documented results.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mltspec.checks.clause import Clause
from mltspec.compile.fault import Fault, Faulty
from mltspec.compile.match import Clauses, Line, match_clauses
from mltspec.compile.names import Attested
from mltspec.language.quantity import parse_amount
from mltspec.language.suggest import closest
from mltspec.language.tree import Word

TESTS: Mapping[str, int] = MappingProxyType(
    {
        "reproducibility": 1,
        "model_code": 2,
        "integration": 3,
        "quality": 4,
        "debugging": 5,
        "canary": 6,
        "rollback": 7,
    }
)
"""The infrastructure tests by the names under which they are attested."""

SECTIONS = ("data_tests", "model_tests", "monitoring_tests")
MOST_POINTS = 7

ATTEST = Clauses(
    (
        Clause("by {by:text} on {on:date}", "who did it, and when", required=True),
        Clause(
            "record {record:text}", "where it is written down: a file beside the spec, or an address", required=True
        ),
        Clause("points {points:number}", f"of a section of the paper: how many of its {MOST_POINTS}"),
    )
)


def attested(name: Word, line: Line) -> Attested:
    """Read what is attested.

    Raises:
        Faulty: there is no such test or section, or points where none are due.
    """
    _known(name)
    values = match_clauses(ATTEST, line, 0).values
    points = values.get("points")
    amount = None if points is None else float(parse_amount(points["text"]).base)
    due = name.text in SECTIONS
    if due != (amount is not None) or not 0 <= (amount or 0) <= MOST_POINTS:
        wanted = f"`{name.text}` is a section: how many of its {MOST_POINTS} points?"
        given = f"`{name.text}` done by hand is worth half a point, and no other number"
        raise Faulty(
            Fault(
                "impossible-attestation",
                wanted if due else given,
                name.span,
                label="points are due" if due else "no points are due",
                help="for example `points 4.5`" if due else "remove `points`",
            )
        )
    return Attested(name.text, values["by"], values["on"], values["record"], amount)


def _known(name: Word) -> None:
    names = (*TESTS, *SECTIONS)
    if name.text not in names:
        near = closest(name.text, names)
        hint = f"did you mean `{near[0]}`?" if near else f"one of {', '.join(names)}"
        raise Faulty(
            Fault(
                "unknown-name",
                f"there is no test and no section called `{name.text}`",
                name.span,
                label="cannot be attested",
                help=hint,
                replacements=tuple(near[:1]),
            )
        )
