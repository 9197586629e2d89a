"""What each diagnostic means, for ``mltspec explain`` and for the reference: read from a table beside this file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

PREAMBLE = """edition 2026
model delay { build python "flights.model:build" }
data history = python "flights.data:training"
data holdout = python "flights.data:holdout"
baseline prod = run seed 1
let drop = 0.5pp
suite "s" for delay on history {
"""


WHOLE = ("edition", "model ", "let ")
"""How examples begin that are whole files."""


@dataclass(frozen=True)
class Entry:
    """One diagnostic: what it says, why it matters, and a bad and a good example."""

    name: str
    what: str
    why: str
    bad: str
    good: str


def whole(example: str) -> str:
    """Return an example as a file that can be linted: one that is no whole file is put into a suite."""
    return example + "\n" if example.startswith(WHOLE) else f"{PREAMBLE}{example}\n}}\n"


@cache
def diagnostics() -> Mapping[str, Entry]:
    """Return every entry by name."""
    entries: dict[str, Entry] = {}
    for package, table in (("mltspec.language", "diagnostics.toml"), ("mltspec.compile", "diagnostics.toml")):
        file = files(package) / table
        if file.is_file():
            read = tomllib.loads(file.read_text("utf-8"))
            entries |= {name: Entry(name, **fields) for name, fields in sorted(read.items())}
    return MappingProxyType(entries)
