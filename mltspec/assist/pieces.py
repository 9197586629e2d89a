"""How the words of a line were understood: which form each belongs to, and what may come next. Never raises.

The compiler stops at the first mistake of a line; whoever is still typing wants to know of the rest too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from mltspec.checks.clause import Clause
from mltspec.checks.vocabulary import Words, vocabulary
from mltspec.compile.attesting import ATTEST
from mltspec.compile.declarations import BASELINE, DATA, MODEL, PROFILE
from mltspec.compile.expectations import MARKS
from mltspec.compile.fault import Faulty
from mltspec.compile.forms import Literal, Sign, Slot, Token, form
from mltspec.compile.names import Names
from mltspec.compile.pipelines import HEAD as STAGE_HEAD
from mltspec.compile.pipelines import STAGE
from mltspec.compile.reading import Reading, shown
from mltspec.compile.servers import SERVER, SYSTEMS
from mltspec.compile.slots import read
from mltspec.compile.suites import BATCH, HEAD
from mltspec.language.source import Span
from mltspec.language.tree import Declaration, Expect, ForAny, Item, Operator, Statement, Suite, Text, Word

ORIGIN = Clause("{origin:origin}", 'where the rows come from: `python "module:callable"`, or a file')
SYSTEM = Clause("{system:name}", f"the serving system: {', '.join(f'`{system}`' for system in SYSTEMS)}")
ADDRESS = Clause("{address:text}", "where it listens: a host and a port")


@dataclass(frozen=True)
class Piece:
    """Some items of a line and the place in a form that they fill; ``token`` is None where they fill none.

    ``clause`` is None for the phrase of an expectation. ``sound`` is false where something else is due.
    """

    token: Token | None
    clause: Clause | None
    items: tuple[Item, ...]
    sound: bool = True

    @property
    def span(self) -> Span:
        """Where the items stand."""
        return self.items[0].span.to(self.items[-1].span)


@dataclass(frozen=True)
class Due:
    """What may come next: a place in a clause's form, the clause's rest from there, and its clause."""

    token: Token
    rest: tuple[Token, ...]
    clause: Clause | None


@dataclass
class Line:
    """A run of items as far as it was understood, and what may follow it."""

    names: Names
    words: Words | None = None
    pieces: list[Piece] = field(default_factory=list)
    due: list[Due] = field(default_factory=list)

    def at(self, offset: int) -> Piece | None:
        """Return the piece at an offset."""
        return next((piece for piece in self.pieces if piece.span.start <= offset <= piece.span.end), None)


@dataclass
class _Walk:
    """An attempt to read one form."""

    pieces: list[Piece]
    end: int
    due: Due | None = None
    failed: bool = False


def expectation(items: Sequence[Item], names: Names) -> Line:
    """Understand the items of an ``expect``, by the check that understands most of them."""
    best, most = None, (0, False)
    for words in vocabulary().values():
        walk = _walk(form(words.phrase), None, items, 0, names)
        if walk.failed or (walk.due and not walk.pieces):
            continue
        line = Line(names, words, list(walk.pieces))
        if walk.due:
            line.due.append(walk.due)
        else:
            _clauses(line, (*words.clauses, *MARKS), items, walk.end)
        # Of a whole phrase of words, what is said with it is meant; of a metric's name, only perhaps.
        score = (_understood(line), not walk.due and not words.phrase.startswith("{"))
        if best is None or score > most:
            best, most = line, score
        elif score == most:
            best.due += [due for due in line.due if due.rest not in [each.rest for each in best.due]]
    return best or Line(names, None, [Piece(None, None, (item,), False) for item in items])


def clauses(among: Sequence[Clause], items: Sequence[Item], names: Names, first: Clause | None = None) -> Line:
    """Understand items as clauses in any order; ``first`` comes before all others."""
    line, start = Line(names), 0
    if first is not None:
        walk = _walk(form(first.form), first, items, 0, names)
        line.pieces += walk.pieces
        if walk.due:
            line.due.append(walk.due)
            return line
        start = walk.end
    _clauses(line, among, items, start)
    return line


def block(words: Words, items: Sequence[Item], names: Names) -> Line:
    """Understand a line of an expectation's block: claims, one after the other."""
    line = Line(names, words)
    _clauses(line, words.block, items, 0, again=True)
    return line


def lines_of(statement: Statement, names: Names) -> Iterator[Line]:
    """Understand all that a statement says itself, not what stands in its body."""
    match statement:
        case Expect():
            line = expectation(statement.items, names)
            yield line
            if line.words is not None:
                yield from (block(line.words, row.items, names) for row in statement.lines or ())
        case Suite():
            yield clauses(HEAD.all, statement.items, names)
        case ForAny():
            yield clauses(BATCH.all, statement.items[1:], names)
        case Declaration(keyword="pipeline"):
            yield from (clauses(STAGE.all, row.items, names, STAGE_HEAD) for row in statement.lines or ())
        case Declaration():
            rows = [item for row in statement.lines or () for item in row.items]
            first, among = DECLARED.get(statement.keyword, (None, ()))
            yield clauses(among, [*statement.items, *rows], names, first)


DECLARED: dict[str, tuple[Clause | None, tuple[Clause, ...]]] = {
    "model": (None, MODEL.all),
    "data": (ORIGIN, DATA.all),
    "baseline": (None, BASELINE.all),
    "server": (SYSTEM, (ADDRESS, *SERVER.all)),
    "pipeline": (STAGE_HEAD, STAGE.all),
    "profile": (None, PROFILE.all),
    "attest": (None, ATTEST.all),
}
"""What a declaration of each kind says: what comes first, and clauses."""


def _clauses(line: Line, among: Sequence[Clause], items: Sequence[Item], at: int, again: bool = False) -> None:
    used: set[str] = set()
    while at < len(items):
        walks = [
            (_walk(form(clause.form), clause, items, at, line.names), clause)
            for clause in among
            if clause.form not in used and _begins(clause.form, items[at])
        ]
        walks = [(walk, clause) for walk, clause in walks if walk.pieces]
        open_ = [walk.due for walk, _ in walks if walk.due]
        if open_ and not any(not walk.due and not walk.failed for walk, _ in walks):
            line.pieces += max((walk for walk, _ in walks if walk.due), key=lambda walk: len(walk.pieces)).pieces
            line.due += open_
            return
        if not walks:
            line.pieces.append(Piece(None, None, (items[at],), False))
            at += 1
            continue
        walk, clause = max(walks, key=lambda each: (not each[0].failed and not each[0].due, each[0].end))
        line.pieces += walk.pieces
        line.due = [due for due in open_ if walk.end == len(items)]
        if not again:
            used.add(clause.form)
        at = walk.end
    line.due += [Due(form(each.form)[0], form(each.form), each) for each in among if each.form not in used]


def _walk(tokens: tuple[Token, ...], clause: Clause | None, items: Sequence[Item], at: int, names: Names) -> _Walk:
    walk = _Walk([], at)
    subject, word = items[at].span if at < len(items) else Span(0, 0), ""
    for i, token in enumerate(tokens):
        if walk.end >= len(items):
            walk.due = Due(token, tokens[i:], clause)
            return walk
        start, sound = walk.end, True
        if isinstance(token, Slot):
            try:
                _, walk.end = read(Reading(items, start, names, word, subject, not word, token))
            except Faulty:
                walk.end, sound = _unsound(token, items, start), False
        elif not _stands(token, items[start]):
            walk.failed = True
            return walk
        else:
            walk.end += 1
            word = shown(items[start])
        walk.end = min(walk.end, len(items))
        if walk.end == start:  # a name that may be left out
            continue
        walk.pieces.append(Piece(token, clause, tuple(items[start : walk.end]), sound))
        if not sound and isinstance(token, Slot) and walk.end == len(items) and _is_open(token, items, start):
            walk.due = Due(token, tokens[i:], clause)
            return walk
    return walk


def _stands(token: Literal | Sign, item: Item) -> bool:
    if isinstance(token, Literal):
        return isinstance(item, Word) and item.text == token.word
    return isinstance(item, Operator) and item.text == token.text


def _begins(text: str, item: Item) -> bool:
    token = form(text)[0]
    if isinstance(token, Literal | Sign):
        return _stands(token, item)
    if token.kind == "compare":
        return isinstance(item, Operator) and item.text not in (",", "..", "+", "-")
    return token.kind != "text" or isinstance(item, Text)


def _unsound(token: Slot, items: Sequence[Item], at: int) -> int:
    """How far something reaches that is not what is due: its first item, or two of a source."""
    both = token.kind in ("origin", "target") and isinstance(items[at], Word) and at + 1 < len(items)
    if token.kind == "baseline" and at + 1 < len(items) and shown(items[at + 1]) in ("+", "-"):
        return min(at + 3, len(items))
    return at + 2 if both else at + 1


def _is_open(token: Slot, items: Sequence[Item], at: int) -> bool:
    """Whether a value has only been begun: a kind of source without its place, a margin without its size."""
    last = shown(items[-1])
    return (token.kind in ("origin", "target") and at == len(items) - 1) or last in ("+", "-", "..", ",")


def _understood(line: Line) -> int:
    """How many items are what is due, less those that are not; a value that is still being typed is neither."""
    typing = line.pieces[-1:] if line.due and line.due[0].token == line.pieces[-1].token else []
    wrong = sum(len(piece.items) for piece in line.pieces if not piece.sound and piece not in typing)
    return sum(len(piece.items) for piece in line.pieces if piece.sound and piece.token is not None) - wrong


def written(tokens: Sequence[Token]) -> str:
    """Return tokens of a form as a reader fills them in: ``by >= RATIO``."""
    return " ".join(map(_written, tokens))


def _written(token: Token) -> str:
    match token:
        case Literal(word) | Sign(word):
            return word
        case Slot(_, "amount", dimensions):
            return "|".join(dimensions).upper()
        case Slot(_, "choice", _, choices):
            return "|".join(choices)
        case Slot(_, "run" | "allowed"):
            return token.kind
        case Slot(_, "compare"):
            return ">="
        case Slot(_, kind):
            return kind.upper()


@cache
def clause_words() -> frozenset[str]:
    """Return every word that a clause of any check, mark or declaration is written with."""
    every = [clause for words in vocabulary().values() for clause in (*words.clauses, *words.block)]
    every += [*MARKS, *HEAD.all, *BATCH.all, *(clause for _, among in DECLARED.values() for clause in among)]
    return frozenset(token.word for clause in every for token in form(clause.form) if isinstance(token, Literal))
