"""What a user points at: a folder, a spec, a line of it, or expectations of it by id."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from mltspec.compile.files import find_specs
from mltspec.language.parse import parse
from mltspec.language.source import Source
from mltspec.language.suggest import closest
from mltspec.language.tree import ForAny, ForEach, Statement, Suite
from mltspec.plan.plan import Expectation

_WITH_LINE = re.compile(r"^(?P<path>.+?):(?P<line>\d+)(?::\d+)?$")


@dataclass(frozen=True)
class Target:
    """One PATH of the command line; ``files`` are the specs that it stands for."""

    given: str
    files: tuple[Path, ...]
    line: int | None = None
    id: str | None = None


def read_targets(arguments: Sequence[str]) -> list[Target]:
    """Read PATH, PATH:LINE (a column may follow, as in reports) and PATH::ID; nothing given is ``specs``, else here."""
    return [_target(each) for each in arguments or ["specs" if Path("specs").is_dir() else "."]]


def files_of(targets: Sequence[Target]) -> list[Path]:
    """Return every spec that targets stand for, once each."""
    return list(dict.fromkeys(file for target in targets for file in target.files))


def pick(target: Target, expectations: Sequence[Expectation], specs: Collection[str]) -> list[Expectation]:
    """Return the expectations that a target stands for.

    ``specs`` are all specs of the command line: what stands in none of them comes from a pack that they use.

    Raises:
        click.UsageError: it names a line or an id where there is no expectation.
    """
    files = {str(file) for file in target.files}
    mine = [each for each in expectations if each.at.file in files]
    if target.line is not None:
        return _on_line(target, target.line, mine)
    mine = [each for each in expectations if each.at.file in files or each.at.file not in specs]
    return mine if target.id is None else _called(target, target.id, mine)


def bare_id(expectation: Expectation) -> str:
    """Return an id without the spec's name, which it bears where several specs of a run have the same ids."""
    return expectation.id.removeprefix(f"{Path(expectation.at.file).stem}:")


def _target(given: str) -> Target:
    if Path(given).exists():
        return _found(given, given)
    path, colons, name = given.partition("::")
    if colons and name:
        return _found(given, path, id=name)
    match = _WITH_LINE.match(given)
    if match:
        return _found(given, match["path"], line=int(match["line"]))
    return _found(given, given)


def _found(given: str, path: str, line: int | None = None, id: str | None = None) -> Target:
    files = tuple(Path(os.path.normpath(file)) for file in find_specs([Path(path)]))
    if line is not None and Path(path).is_dir():
        raise click.UsageError(f"`{path}` is a folder and has no line {line}")
    return Target(given, files, line, id)


def _called(target: Target, name: str, mine: Sequence[Expectation]) -> list[Expectation]:
    """An id, a suite, or an id whose loops are all meant."""
    bare = {each.id: bare_id(each) for each in mine}
    names = {name, *(name.removeprefix(f"{file.stem}:") for file in target.files)}
    found = [each for each in mine if _is_called({each.id, bare[each.id]}, names)]
    if not found:
        suites = {each.partition("/")[0] for each in bare.values()}
        near = closest(name, {*bare.values(), *suites})
        hint = f"did you mean {' or '.join(f'`{each}`' for each in near)}?" if near else "`mltspec list` shows all ids"
        raise click.UsageError(f"`{target.given}`: there is no expectation `{name}`; {hint}")
    return found


def _is_called(ids: set[str], names: set[str]) -> bool:
    return any(id == name or id.startswith((f"{name}/", f"{name}[")) for id in ids for name in names)


def _on_line(target: Target, line: int, mine: Sequence[Expectation]) -> list[Expectation]:
    """The expectations of the smallest statement around a line, so that a suite's head stands for the suite."""
    source = Source(str(target.files[0]), target.files[0].read_text("utf-8", errors="replace"))
    around = [span for span in _lines(source, parse(source).spec.statements) if span[0] <= line <= span[1]]
    first, last = min(around, key=lambda span: span[1] - span[0], default=(line, line))
    found = [each for each in mine if first <= each.at.line <= last]
    if not found:
        near = sorted({each.at.line for each in mine}, key=lambda other: (abs(other - line), other))[:1]
        hint = f"the nearest is on line {near[0]}" if near else "there is none in this file"
        raise click.UsageError(f"`{target.given}`: there is no expectation on line {line}; {hint}")
    return found


def _lines(source: Source, statements: Sequence[Statement]) -> Iterator[tuple[int, int]]:
    """Every statement's first and last line."""
    for statement in statements:
        end = max(statement.span.start, statement.span.end - 1)
        yield source.position(statement.span.start)[0], source.position(end)[0]
        if isinstance(statement, Suite | ForEach | ForAny):
            yield from _lines(source, statement.body)
