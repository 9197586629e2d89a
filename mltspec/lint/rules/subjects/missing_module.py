"""A Python target in a module that is not there.

It is looked for as a run would: in the spec's folder, at the project's top, in its `src`, and among what is installed
where the linter runs. Nothing is imported.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.language.source import Span
from mltspec.language.suggest import closest
from mltspec.lint.disk import names_in
from mltspec.lint.python import find_file, is_elsewhere
from mltspec.lint.rule import Offence, Rule, replacement
from mltspec.lint.subjects import targets
from mltspec.lint.view import View


def look(view: View) -> Iterator[Offence]:
    """Look for the file of every target's module."""
    for target in targets(view):
        if target.module is not None:
            continue
        module = target.named.text.partition(":")[0]
        if find_file(module, view.roots) is not None or is_elsewhere(module, view.roots):
            continue
        start = target.named.span.start + 1
        span = Span(start, start + len(module))
        near = _near(module, view)
        yield Offence(
            f"there is no module `{module}`",
            span,
            "not found",
            "" if near else "it is looked for beside the spec, at the project's top and in `src`",
            fixes=tuple(replacement(span, each) for each in near[:1]),
        )


def _near(module: str, view: View) -> list[str]:
    """Modules of the same package whose names are like it."""
    package, _, name = module.rpartition(".")
    folders = (root.joinpath(*package.split(".")) if package else root for root in view.roots)
    names = {each.removesuffix(".py") for folder in folders for each in names_in(folder) if each.endswith(".py")}
    return [f"{package}.{each}".strip(".") for each in closest(name, names)]


RULE = Rule(
    look,
    bad='edition 2026\ndata history = python "flights.dta:training"',
    good='edition 2026\ndata history = python "flights.data:training"',
    files={"flights/data.py": "def training():\n    return [[0.0]], [[1.0]]\n"},
)
