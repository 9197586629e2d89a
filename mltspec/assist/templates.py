"""What to write for a whole statement, with stops for what an author fills in (snippets in the protocol's syntax)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from mltspec.compile.dimensions import SPEECH
from mltspec.compile.forms import Literal, Sign, Slot, Token


@dataclass(frozen=True)
class Template:
    """A statement to begin with; ``top`` and ``inside`` say whether it may stand at the top, and in a suite."""

    label: str
    detail: str
    snippet: str
    top: bool = True
    inside: bool = False


STATEMENTS = (
    Template("expect", "a claim that must hold", "expect $0", inside=True),
    Template("suite", "claims about one model", 'suite "${1:title}" for ${2:model} on ${3:data} {\n  expect $0\n}'),
    Template("model", "a model and how it is built", 'model ${1:name} {\n  build python "${2:module:build}"\n}'),
    Template("data", "rows to train on or to measure on", 'data ${1:name} = python "${2:module:load}"'),
    Template("baseline", "what a model is compared with", "baseline ${1:name} = run seed ${2:1}"),
    Template("let", "a name for a value", "let ${1:name} = ${2:0.5pp}", inside=True),
    Template("use", "claims and names of another spec", 'use "${1:std/training}"'),
    Template(
        "for each", "the same claims for each of several", "for each ${1:x} in [${2:a, b}] {\n  $0\n}", inside=True
    ),
    Template(
        "for any batch",
        "claims about every batch that could come",
        "for any batch of ${1:1..64 rows} {\n  expect $0\n}",
        inside=True,
    ),
    Template("profile", "seeds, budgets and tags of a run", "profile ${1:name} {\n  $0\n}"),
    Template(
        "attest",
        "what was done by hand, for the score",
        'attest ${1:rollback} {\n  by "${2:name}" on ${3:2026-01-31}\n  record "${4:docs/drill.md}"\n}',
    ),
    Template("server", "a serving system", 'server ${1:name} = ${2:tensorflow_serving} "${3:127.0.0.1:8500}"'),
    Template(
        "pipeline",
        "stages from raw sources to serving",
        'pipeline ${1:name} {\n  stage ${2:source} python "${3:module:callable}"\n  $0\n}',
    ),
    Template("edition", "which year's language this is", "edition 2026"),
)

PHRASES: Mapping[str, str] = MappingProxyType(
    {"training-reproducible": "training reproducible {\n  predictions within ${1:1e-6}$0\n}"}
)
"""Snippets for phrases of which more than the words is wanted."""

_EXAMPLES: Mapping[str, str] = MappingProxyType(
    {
        "count": "1", "number": "0.9", "name": "name", "names": "name", "text": '"…"', "texts": '"…"',
        "data": "data", "model": "model", "server": "server", "baseline": "baseline", "metric": "auc",
        "pipeline": "pipeline", "stage": "stage",
        "range": "0..1", "batch": "1..64 rows", "date": "2027-01-31", "compare": ">=",
        "origin": 'python "module:callable"', "target": 'python "module:callable"',
        "allowed": "allowed", "run": "run",
    }
)  # fmt: skip


def as_snippet(tokens: Sequence[Token]) -> str:
    """Return the rest of a form as a snippet: words as they are, slots as stops that show an example."""
    parts, stop = [], 0
    for token in tokens:
        if isinstance(token, Literal | Sign):
            parts.append(token.word if isinstance(token, Literal) else token.text)
            continue
        stop += 1
        parts.append(f"${{{stop}{_stop(token)}}}")
    return " ".join(parts) if stop else ""


def _stop(slot: Slot) -> str:
    if slot.kind == "choice":
        return f"|{','.join(slot.choices)}|"
    if slot.kind == "amount":
        unit = SPEECH[slot.dimensions[0]].units[0]
        return f":{'0.9' if not unit else '5' + unit}"
    return ":" + _EXAMPLES.get(slot.kind, slot.kind)
