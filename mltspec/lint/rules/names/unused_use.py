"""A used spec that brings along no suite, and of whose names none is used.

It is read on every run for nothing, and a reader looks there for what is not there.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.compile.files import Loaded
from mltspec.compile.linking import is_generic
from mltspec.language.tree import Declaration, Let
from mltspec.lint.editing import without_lines
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.view import View


def look(view: View) -> Iterator[Offence]:
    """Find specs that are used in name only."""
    if not view.is_expecting():
        return
    # An only model or data set is meant without being named.
    meant = {name for kind in ("model", "data") if len(only := view.linked.names.of(kind)) == 1 for name in only}
    statements = {each.path.span: each for each in view.top if hasattr(each, "path")}
    for used in view.linked.loaded.used:
        prefix = f"{used.alias}." if used.alias else ""
        if _brings_suites(used.loaded) or any(view.words[prefix + name] for name in _names(used.loaded)):
            continue
        if any(prefix + name in meant for name in _names(used.loaded)):
            continue
        whole = statements[used.place].span if used.place in statements else used.place
        yield Offence(
            f"nothing of `{used.loaded.path.stem}` is used",
            used.place,
            "it brings no suite, and none of its names stands below",
            fixes=(without_lines(view.source, whole, "remove it"),),
        )


def _brings_suites(loaded: Loaded) -> bool:
    return any(map(is_generic, loaded.spec.statements)) or any(_brings_suites(each.loaded) for each in loaded.used)


def _names(loaded: Loaded) -> Iterator[str]:
    """Every name that a spec hands on; those that it uses itself are handed on too."""
    yield from (each.name.text for each in loaded.spec.statements if isinstance(each, Declaration | Let))
    for used in loaded.used:
        prefix = f"{used.alias}." if used.alias else ""
        yield from (prefix + name for name in _names(used.loaded))


RULE = Rule(
    look,
    bad='use "bounds"\nsuite "s" {\n  expect accuracy on holdout >= 0.8\n}',
    good='use "bounds"\nsuite "s" {\n  expect accuracy on holdout >= least\n}',
    files={"bounds.mlt": "edition 2026\nlet least = 0.8\n"},
)
