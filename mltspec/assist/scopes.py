"""What each name of a spec stands for, where it was defined, and every place that it is used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mltspec.assist.pieces import lines_of
from mltspec.compile.files import Loaded
from mltspec.compile.forms import Slot
from mltspec.compile.names import Names
from mltspec.language.source import Source, Span
from mltspec.language.tree import (
    Declaration,
    ForAny,
    ForEach,
    Item,
    Items,
    Let,
    Statement,
    Suite,
    Use,
    Word,
)

REFERRING: Mapping[str, str] = {
    "data": "data",
    "model": "model",
    "server": "server",
    "pipeline": "pipeline",
    "baseline": "baseline",
}
"""Slots that hold the name of something declared, and of what kind it is."""

Key = tuple[str, int]


@dataclass(frozen=True)
class Binding:
    """A name and where it was given: ``kind`` is a declaration's keyword, ``let``, ``loop`` or ``alias``."""

    kind: str
    name: str
    source: Source
    span: Span
    statement: Statement

    @property
    def key(self) -> Key:
        """What tells it from every other: its file and its place in it."""
        return self.source.path, self.span.start


@dataclass(frozen=True)
class Occurrence:
    """A place that speaks of a binding; ``defines`` where it is given its name."""

    span: Span
    binding: Binding
    defines: bool = False


@dataclass(frozen=True)
class Scope:
    """A statement with what stands around it."""

    statement: Statement
    names: Names
    bindings: Mapping[str, Binding]
    in_batch: bool = False


Found = dict[str, Binding]


def bindings_of(loaded: Loaded) -> Found:
    """Return what can be referred to at the top of a spec, its own and what it borrows under an alias."""
    found: Found = {}
    source = loaded.spec.source
    uses = [statement for statement in loaded.spec.statements if isinstance(statement, Use)]
    for used in loaded.used:
        prefix = f"{used.alias}." if used.alias else ""
        theirs = bindings_of(used.loaded)
        found |= {prefix + name: binding for name, binding in theirs.items() if binding.kind != "alias"}
        at = next((use for use in uses if use.path.span == used.place), None)
        if at is not None and at.alias is not None:
            found[f"{at.alias.text}."] = Binding("alias", at.alias.text, source, at.alias.span, at)
    for statement in loaded.spec.statements:
        if isinstance(statement, Declaration | Let):
            kind = statement.keyword if isinstance(statement, Declaration) else "let"
            name = statement.name
            if name.text not in found or found[name.text].source is not source:
                found[name.text] = Binding(kind, name.text, source, name.span, statement)
    return found


def scopes(
    statements: Sequence[Statement], around: Scope | None, names: Names, top: Found, source: Source
) -> Iterator[Scope]:
    """Walk through statements and what stands in them, outermost first."""
    bindings = dict(around.bindings if around else top)
    in_batch = around.in_batch if around else False
    for statement in statements:
        scope = Scope(statement, names, dict(bindings), in_batch)
        yield scope
        match statement:
            case Let() if around is not None:
                names = names.with_let(statement.name.text, statement.items)
                name = statement.name
                bindings[name.text] = Binding("let", name.text, source, name.span, statement)
            case Suite():
                yield from scopes(statement.body, scope, names, top, source)
            case ForAny():
                inner = Scope(statement, names, scope.bindings, True)
                yield from scopes(statement.body, inner, names, top, source)
            case ForEach():
                inner_names, inner = _loop(statement, scope, source)
                yield from scopes(statement.body, inner, inner_names, top, source)


def _loop(loop: ForEach, scope: Scope, source: Source) -> tuple[Names, Scope]:
    """Inside a loop its name stands for the first of its values: all are of one kind."""
    first = loop.values.items[:1]
    if isinstance(first[0] if first else None, Word):
        value = scope.names.value(first[0])
        first = value.items[:1] if isinstance(value, Items) else (value,)
    binding = Binding("loop", loop.name.text, source, loop.name.span, loop)
    names = scope.names.with_let(loop.name.text, first)
    return names, Scope(loop, names, {**scope.bindings, loop.name.text: binding}, scope.in_batch)


@dataclass
class Occurrences:
    """Every place of one spec that speaks of something named."""

    loaded: Loaded
    names: Names
    found: list[Occurrence] = field(default_factory=list)

    def collect(self) -> list[Occurrence]:
        """Return them in the order of the text."""
        source = self.loaded.spec.source
        top = bindings_of(self.loaded)
        for binding in {binding.key: binding for binding in top.values() if binding.source is source}.values():
            self.found.append(Occurrence(binding.span, binding, True))
        for scope in scopes(self.loaded.spec.statements, None, self.names, top, source):
            self.of(scope)
        unique = {(each.span.start, each.span.end): each for each in self.found}
        return sorted(unique.values(), key=lambda each: each.span.start)

    def of(self, scope: Scope) -> None:
        """Add those of one statement, without what stands in its body."""
        statement, source = scope.statement, self.loaded.spec.source
        if isinstance(statement, Let):
            known = scope.bindings.get(statement.name.text)
            if known is None or known.span != statement.name.span:
                own = Binding("let", statement.name.text, source, statement.name.span, statement)
                self.found.append(Occurrence(own.span, own, True))
            self._values(statement.items, scope)
        elif isinstance(statement, ForEach):
            own = Binding("loop", statement.name.text, source, statement.name.span, statement)
            self.found.append(Occurrence(own.span, own, True))
            self._values(statement.values.items, scope)
        for line in lines_of(statement, scope.names):
            for piece in line.pieces:
                kind = REFERRING.get(piece.token.kind, "") if isinstance(piece.token, Slot) else ""
                for item in _words(piece.items):
                    self._refer(item, kind if item is piece.items[0] else "", isinstance(piece.token, Slot), scope)

    def _values(self, items: Sequence[Item], scope: Scope) -> None:
        for item in _words(items):
            self._refer(item, "", True, scope)

    def _refer(self, word: Word, kind: str, in_slot: bool, scope: Scope) -> None:
        binding = scope.bindings.get(word.text)
        if binding is None or not in_slot:
            return
        if binding.kind not in ("let", "loop", kind):
            return
        end = word.span.end
        self.found.append(Occurrence(Span(end - len(binding.name), end), binding))
        alias, dot, _ = word.text.rpartition(".")
        if dot and f"{alias}." in scope.bindings:
            start = word.span.start
            self.found.append(Occurrence(Span(start, start + len(alias)), scope.bindings[f"{alias}."]))


def _words(items: Sequence[Item]) -> Iterator[Word]:
    for item in items:
        if isinstance(item, Word):
            yield item
        elif isinstance(item, Items):
            yield from _words(item.items)


def scope_at(loaded: Loaded, names: Names, offset: int) -> Scope | None:
    """Return the innermost statement around an offset, with what can be referred to there."""
    top, best = bindings_of(loaded), None
    around = [each for each in loaded.spec.statements if each.span.start <= offset <= each.span.end]
    for scope in scopes(around[:1], None, names, top, loaded.spec.source):
        if scope.statement.span.start <= offset <= scope.statement.span.end:
            best = scope
    return best


def occurrence_at(loaded: Loaded, names: Names, offset: int) -> Occurrence | None:
    """Return the place that speaks of a binding at an offset; only the statement around it is looked at."""
    top = bindings_of(loaded)
    source = loaded.spec.source
    around = [each for each in loaded.spec.statements if each.span.start <= offset <= each.span.end]
    places = Occurrences(loaded, names)
    for binding in top.values():
        if binding.source is source:
            places.found.append(Occurrence(binding.span, binding, True))
    for scope in scopes(around, None, names, top, source):
        if scope.statement.span.start <= offset <= scope.statement.span.end:
            places.of(scope)
    fitting = [each for each in places.found if each.span.start <= offset <= each.span.end]
    return min(fitting, key=lambda each: each.span.end - each.span.start, default=None)
