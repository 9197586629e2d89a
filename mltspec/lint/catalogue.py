"""A page on every finding, for ``mltspec explain``, for reports and for the reference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from mltspec.compile.catalogue import diagnostics
from mltspec.language.diagnostic import Severity
from mltspec.lint.registry import BY_NAME, COMPILER_WARNINGS

PREAMBLE = """edition 2026
model delay {
  build python "flights.model:build"
  trains on history
}
data history = python "flights.data:training"
data holdout = python "flights.data:holdout"
baseline prod = run seed 1
"""
"""What stands above the examples of rules that are no whole files themselves."""


@dataclass(frozen=True)
class Page:
    """A finding's name, what it says, why it matters, and a bad and a good example."""

    name: str
    group: str
    severity: Severity
    what: str
    why: str
    bad: str
    good: str


def whole(example: str, exact: bool = False) -> str:
    """Return a rule's example as a file that can be linted."""
    above = "" if example.startswith("edition") else PREAMBLE
    return above + example + ("" if exact else "\n")


def page(name: str) -> Page | None:
    """Return the page on a finding, None where nothing is called so."""
    if name in BY_NAME:
        entry = BY_NAME[name]
        rule, (what, why) = entry.rule, entry.doc
        return Page(name, entry.group, entry.severity, what, why, rule.bad, rule.good)
    found = diagnostics().get(name)
    if found is None:
        return None
    severity = Severity.WARNING if name in COMPILER_WARNINGS else Severity.ERROR
    return Page(name, "language", severity, found.what, found.why, found.bad, found.good)


@cache
def pages() -> Mapping[str, Page]:
    """Return the page on every finding by its name: the rules in the order of their table, then the compiler's."""
    names = [*BY_NAME, *sorted(diagnostics())]
    return MappingProxyType({name: found for name in names if (found := page(name))})
