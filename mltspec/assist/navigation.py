"""From a place to where its meaning is: a declaration, another spec, a file, a function in Python; and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mltspec.assist import targets
from mltspec.assist.desk import Desk, Page
from mltspec.assist.pieces import lines_of
from mltspec.assist.scopes import Binding, Occurrence, Occurrences, occurrence_at, scope_at
from mltspec.compile.files import find_specs, roots_of, std_folder
from mltspec.compile.forms import Slot
from mltspec.compile.names import Names
from mltspec.compile.reading import shown
from mltspec.language.source import Source, Span
from mltspec.language.tables import load
from mltspec.language.tree import Statement, Text, Use

_NO_NAMES = Names()
NOWHERE = Span(0, 0)


@dataclass(frozen=True)
class Location:
    """A place in a spec (``span`` in ``source``), or in another file (``line`` from 1, ``column`` from 0)."""

    path: Path
    source: Source | None = None
    span: Span = NOWHERE
    line: int = 1
    column: int = 0


@dataclass(frozen=True)
class Link:
    """A text in quotes that names a file."""

    span: Span
    target: Path
    what: str


def definition(page: Page, offset: int) -> list[Location]:
    """Return where what stands at an offset is defined."""
    named = occurrence_at(page.linked.loaded, page.linked.names, offset)
    if named is not None:
        binding = named.binding
        if binding.kind == "alias":
            return _used(page, binding)
        return [Location(Path(binding.source.path), binding.source, binding.span)]
    link = _link_at(page, offset)
    return [link] if link else []


def _used(page: Page, alias: Binding) -> list[Location]:
    path = next((each for each in page.linked.loaded.used if each.alias == alias.name), None)
    return [Location(path.loaded.path, path.loaded.spec.source)] if path else []


def _link_at(page: Page, offset: int) -> Location | None:
    scope = scope_at(page.linked.loaded, page.linked.names, offset)
    if scope is None:
        return None
    for text, kind in _texts(scope.statement):
        if text.span.start <= offset <= text.span.end:
            if kind == "python":
                place = targets.place_of(page.path, text.value)
                return Location(place[0], line=place[1], column=place[2]) if place else None
            path = _file(page, text, kind)
            return Location(path) if path else None
    return None


def links(page: Page) -> Iterator[Link]:
    """Return every text of a spec that names a file which is there."""
    for statement in page.parsed.spec.statements:
        for text, kind in _texts(statement):
            inner = Span(text.span.start + 1, text.span.end - 1)
            if kind == "python":
                place = targets.place_of(page.path, text.value)
                if place:
                    yield Link(inner, place[0], f"{text.value} (line {place[1]})")
            else:
                path = _file(page, text, kind)
                if path:
                    yield Link(inner, path, path.name)


def _texts(statement: Statement) -> Iterator[tuple[Text, str]]:
    """The texts of a statement that name something, each with what it names: ``use``, ``python``, or a kind of file."""
    if isinstance(statement, Use):
        yield statement.path, "use"
        return
    for line in lines_of(statement, _NO_NAMES):
        for piece in line.pieces:
            kind = piece.token.kind if isinstance(piece.token, Slot) else ""
            if kind in ("origin", "target") and len(piece.items) == 2 and isinstance(piece.items[1], Text):
                yield piece.items[1], shown(piece.items[0])
            elif kind == "callable" and isinstance(piece.items[0], Text):
                yield piece.items[0], "python"
            elif kind == "texts":
                yield from ((item, "file") for item in piece.items if isinstance(item, Text))


def _file(page: Page, text: Text, kind: str) -> Path | None:
    if kind == "use":
        used = next((each for each in page.linked.loaded.used if each.place == text.span), None)
        return used.loaded.path if used else None
    for root in roots_of(page.path):
        path = root / text.value
        if path.exists():
            return path
    return None


# ----------------------------------------------------------------- references


def references(desk: Desk, page: Page, offset: int, folders: Iterable[Path]) -> dict[Path, list[Occurrence]]:
    """Return every place that speaks of what stands at an offset, in all specs of some folders."""
    named = occurrence_at(page.linked.loaded, page.linked.names, offset)
    if named is None:
        return {}
    found: dict[Path, list[Occurrence]] = {}
    for other in _pages(desk, page, named.binding, folders):
        places = Occurrences(other.linked.loaded, other.linked.names).collect()
        mine = [each for each in places if each.binding.key == named.binding.key]
        if mine:
            found[other.path] = mine
    return found


def alike(page: Page, offset: int) -> list[Occurrence]:
    """Return every place of one spec that speaks of what stands at an offset."""
    named = occurrence_at(page.linked.loaded, page.linked.names, offset)
    places = Occurrences(page.linked.loaded, page.linked.names).collect() if named else []
    return [each for each in places if named and each.binding.key == named.binding.key]


def _pages(desk: Desk, page: Page, binding: Binding, folders: Iterable[Path]) -> Iterator[Page]:
    """The spec itself, the one that defines it and, where others could borrow it, all others."""
    paths = {page.path.resolve(): page.path}
    if binding.kind not in ("loop", "alias"):
        home = Path(binding.source.path)
        paths.setdefault(home.resolve(), home)
        for path in (*desk.opened(), *find_specs(folders)):
            paths.setdefault(path.resolve(), path)
    for path in paths.values():
        other = desk.page(path)
        if other is not None:
            yield other


# ----------------------------------------------------------------- renaming


class CannotRename(ValueError):  # noqa: N818 - a fact about the name, told to the author
    """The name may not be taken; the message says why."""


def renamable(page: Page, offset: int) -> Occurrence | None:
    """Return what would be renamed at an offset; None where nothing can."""
    named = occurrence_at(page.linked.loaded, page.linked.names, offset)
    if named is None or std_folder() in Path(named.binding.source.path).resolve().parents:
        return None
    return named


def rename(desk: Desk, page: Page, offset: int, name: str, folders: Iterable[Path]) -> dict[Path, list[Span]]:
    """Return the places to write another name, by file.

    Raises:
        CannotRename: it is no name, a word of the language, or taken where it would stand.
    """
    if renamable(page, offset) is None:
        raise CannotRename("nothing that can be renamed stands here")
    _check_name(name)
    found = references(desk, page, offset, folders)
    for path in found:
        other = desk.page(path)
        if other is not None and name in _taken(other):
            raise CannotRename(f"`{name}` is taken in {path.name}")
    return {path: [each.span for each in places] for path, places in found.items()}


def _taken(page: Page) -> set[str]:
    """Every name that is given or used in a spec: to take one of them could change what a line means."""
    places = Occurrences(page.linked.loaded, page.linked.names).collect()
    return {each.binding.name for each in places} | set(page.linked.names.declared) | set(page.linked.names.lets)


def _check_name(name: str) -> None:
    words = load().keywords
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise CannotRename(f"`{name}` is no name: letters, digits and `_`, and no digit first")
    if name in words:
        raise CannotRename(f"`{name}` is a word of the language")
