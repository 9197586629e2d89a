"""Forms: how the words of a clause are declared, read once into tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

OPERATORS = frozenset({"<=", ">=", "<", ">", "=", "!="})

DIMENSIONS = frozenset(
    {
        "number", "time", "ratio", "percentage points", "size", "steps", "epochs", "rows", "runs", "seeds",
        "requests", "drills", "bins", "examples", "requests per time",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Literal:
    """A word that must stand as it is."""

    word: str


@dataclass(frozen=True)
class Sign:
    """A comparison operator that must stand as it is."""

    text: str


@dataclass(frozen=True)
class Slot:
    """A place for a value: the field it fills and what may stand there.

    ``kind`` is ``amount`` (then ``dimensions`` are those allowed), ``choice`` (then ``choices``), or the
    name of another reader.
    """

    field: str
    kind: str
    dimensions: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


Token = Literal | Sign | Slot

_PARTS = re.compile(r"\{(?P<field>\w+):(?P<kind>[^}]+)\}|(?P<word>\S+)")


@cache
def form(text: str) -> tuple[Token, ...]:
    """Read a form such as ``by >= {by:ratio}``."""
    return tuple(_token(part) for part in _PARTS.finditer(text))


def _token(part: re.Match[str]) -> Token:
    if part["word"]:
        return Sign(part["word"]) if part["word"] in OPERATORS else Literal(part["word"])
    kind = part["kind"]
    if "/" in kind:
        return Slot(part["field"], "choice", choices=tuple(filter(None, kind.split("/"))))
    alternatives = tuple(kind.split("|"))
    if set(alternatives) <= DIMENSIONS:
        return Slot(part["field"], "amount", dimensions=alternatives)
    return Slot(part["field"], kind)
