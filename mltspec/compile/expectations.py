"""One ``expect`` statement to one expectation: choose the check, fill its params, ask for evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from mltspec.checks.clause import Clause
from mltspec.checks.vocabulary import Words, vocabulary
from mltspec.compile.fault import Fault, Faulty
from mltspec.compile.forms import Literal, Slot, form
from mltspec.compile.match import Clauses, Line, Matched, begins, is_word, match_clauses, match_form
from mltspec.compile.names import Names
from mltspec.compile.reading import shown
from mltspec.language.parse import parse
from mltspec.language.source import Source, Span
from mltspec.language.suggest import closest
from mltspec.language.tree import Expect, Item, Operator, Word

MARKS = (
    Clause("id {id:name}", "a name of its own for selection and records"),
    Clause("tags {tags:names}", "words to select by"),
    Clause("severity {severity:warn/error}", "whether a failure decides"),
    Clause("owner {owner:text}", "who is asked"),
    Clause("skip because {skip_because:text} until {skip_until:date}", "not run, and why, until a day"),
    Clause("skip because {skip_because:text}", "not run, and why"),
    Clause("xfail because {xfail_because:text} until {xfail_until:date}", "known to fail, and why, until a day"),
    Clause("xfail because {xfail_because:text}", "known to fail, and why"),
    Clause("dry {dry_run:run}", "is run and shown, never decides"),
)
NAMING = ("data", "name", "names", "text", "baseline", "server", "pipeline", "stage", "metric", "callable")


ANY_WORD = ""


@cache
def _fields(clauses: tuple[Clause, ...]) -> tuple[str, ...]:
    return tuple({token.field: None for clause in clauses for token in form(clause.form) if isinstance(token, Slot)})


MARKED = _fields(MARKS)


@cache
def _by_first_word() -> dict[str, list[Words]]:
    found: dict[str, list[Words]] = {ANY_WORD: []}
    for check in vocabulary().values():
        first = form(check.phrase)[0]
        found.setdefault(first.word if isinstance(first, Literal) else ANY_WORD, []).append(check)
    return found


@cache
def _following(name: str) -> Clauses:
    return Clauses((*vocabulary()[name].clauses, *MARKS))


@dataclass(frozen=True)
class Claim:
    """A claim that was understood: whose words it uses, params, marks, the clauses filled in, and its name."""

    words: Words
    values: dict[str, Any]
    marks: dict[str, Any]
    defaults: tuple[str, ...]
    slug: str


def understand(expect: Expect, names: Names, in_batch: bool) -> Claim:
    """Hold a statement against every check's phrase and clauses.

    Raises:
        Faulty: no check understands it; the fault is of the check that came closest.
    """
    first = expect.items[0].text if isinstance(expect.items[0], Word) else ""
    candidates = [check for check in _by_first_word().get(first, ()) if _phrase_fits(check.phrase, expect.items)]
    # What claims something of a batch may name a metric outside of one: `python "module:function" >= 0.5`.
    others = not candidates or (not in_batch and all(check.in_batch for check in candidates))
    if others and first and any(isinstance(item, Operator) for item in expect.items):
        candidates = [*candidates, *_by_first_word()[ANY_WORD]]
    if not candidates:
        raise Faulty(_unknown(expect))
    faults: list[Faulty] = []
    # The same words may be a claim about any batch, and one beside it.
    for check in sorted(candidates, key=lambda check: check.in_batch != in_batch):
        try:
            claim = _claim(check, expect, names)
        except Faulty as faulty:
            faults.append(faulty)
        else:
            _refuse_place(check, expect, in_batch)
            return claim
    raise _closest_fault(faults)


def _closest_fault(faults: Sequence[Faulty]) -> Faulty:
    """Return the fault of the check that understood most; a name is told as the later check, a baseline's, sees it."""
    furthest = max(faulty.fault.span.start for faulty in faults)
    best = [faulty for faulty in faults if faulty.fault.span.start == furthest]
    return best[-1] if best[-1].fault.name == "unknown-name" else best[0]


def _phrase_fits(phrase: str, items: Sequence[Item]) -> bool:
    for i, token in enumerate(form(phrase)):
        if isinstance(token, Slot):
            return i < len(items) and (i > 0 or isinstance(items[i], Word))
        if i >= len(items) or not is_word(items[i], getattr(token, "word", "")):
            return False
    return True


def _claim(check: Words, expect: Expect, names: Names) -> Claim:
    phrase = _phrase_line(check, expect, names)
    head = match_form(check.phrase, phrase, 0)
    line = Line(expect.items, names, _spoken(check, expect.items, head), _span(expect.items, head))
    body = match_clauses(_following(check.name), line, head.end)
    values = head.values | body.values
    marks = {name: values.pop(name) for name in MARKED if name in values}
    defaults = [c.default for c in check.clauses if c.default and c.form not in body.used]
    for clause in check.clauses:
        if clause.default and clause.form not in body.used:
            values = _filled(clause.form, clause.default) | values
    if check.block:
        values[check.block_field] = _block(check, expect, line)
    elif expect.lines:
        raise Faulty(
            Fault("unexpected-block", f"`{line.phrase}` takes no block", expect.lines[0].span, label="not understood")
        )
    slug = str(marks.get("id") or _slug(check, head, body))
    claim = Claim(check, values, marks, tuple(defaults), slug)
    wrong = check.refuse(values)
    if wrong:
        raise Faulty(Fault("impossible-claim", wrong, whole(expect), label="cannot be meant"))
    return claim


def _phrase_line(check: Words, expect: Expect, names: Names) -> Line:
    return Line(expect.items, names, check.phrase, expect.items[0].span)


def _spoken(check: Words, items: Sequence[Item], head: Matched) -> str:
    return " ".join(shown(item) for item in items[: head.end]) if head.end else check.phrase


def _span(items: Sequence[Item], head: Matched) -> Span:
    return items[0].span.to(items[head.end - 1].span)


@cache
def _filled(form: str, default: str) -> dict[str, Any]:
    """Read a clause's default, written as an author would: it is the same in every spec, for it uses no names."""
    (statement,) = parse(Source("default", f"expect {default}\n")).spec.statements
    assert isinstance(statement, Expect)
    return match_form(form, Line(statement.items, Names(), default, statement.span), 0).values


def whole(expect: Expect) -> Span:
    """Return where a claim stands, without its block."""
    return expect.items[0].span.to(expect.items[-1].span)


def _block(check: Words, expect: Expect, line: Line) -> list[dict[str, Any]]:
    """Read a block's claims, one or several a line; fields that a form does not name are None."""
    blank = dict.fromkeys(_fields(check.block))
    found: list[dict[str, Any]] = []
    for row in expect.lines or ():
        at, here = 0, replace(line, items=row.items)
        while at < len(row.items):
            matched = _block_claim(check, here, at)
            found.append(blank | matched.values)
            at = matched.end
    return found


def _block_claim(check: Words, line: Line, at: int) -> Matched:
    faults: list[Faulty] = []
    for clause in check.block:
        if begins(clause.form, line.items, at):
            try:
                return match_form(clause.form, line, at)
            except Faulty as faulty:
                faults.append(faulty)
    if faults:
        raise max(faults, key=lambda faulty: faulty.fault.span.start)
    item = line.items[at]
    raise Faulty(Fault("unexpected-item", f"`{shown(item)}` begins no claim", item.span, label="not understood"))


def _refuse_place(check: Words, expect: Expect, in_batch: bool) -> None:
    if check.in_batch == in_batch:
        return
    phrase = " ".join(shown(item) for item in expect.items[:2])
    if check.in_batch:
        raise Faulty(
            Fault(
                "claim-about-batches",
                f"`{phrase}` is a claim about any batch",
                whole(expect),
                label="no batch is declared around it",
                help="put it into `for any batch of 1..64 rows { … }`",
            )
        )
    raise Faulty(
        Fault(
            "not-about-batches",
            f"`{phrase}` is no claim about a batch",
            whole(expect),
            label="stands under `for any batch`",
            help="move it out of the block",
        )
    )


def _slug(check: Words, head: Matched, body: Matched) -> str:
    """Name a claim by its check and the names in it, never by its bounds: a changed bound keeps the id."""
    tokens = form(check.phrase)
    slotted = isinstance(tokens[0], Slot)
    named = [token.field for token in tokens if isinstance(token, Slot) and token.kind in NAMING]
    parts = [*([] if slotted else [check.name]), *(_name_in(head.values[field]) for field in named)]
    for clause in check.clauses:
        if clause.form in body.used:
            parts += _named(clause, body.values)
    return re.sub(r"[^\w.-]+", "-", "-".join(parts)).strip("-").lower()


def _name_in(value: Any) -> str:
    """Return the name in a slot's value; a baseline comes with its margin, which is no part of it."""
    return str(value["baseline"] if isinstance(value, dict) else value)


def _named(clause: Clause, values: dict[str, Any]) -> list[str]:
    parts: list[str] = []
    for token in form(clause.form):
        if isinstance(token, Slot) and (token.kind in NAMING or len(token.choices) == 1):
            value = values[token.field]
            names = value if isinstance(value, list) else [value["baseline"] if isinstance(value, dict) else value]
            first = form(clause.form)[0]
            parts += [first.word] if isinstance(first, Literal) else []
            parts += [str(name) for name in names]
    return parts


def _unknown(expect: Expect) -> Fault:
    words = " ".join(shown(item) for item in expect.items if isinstance(item, Word))
    phrases = [check.phrase for check in vocabulary().values() if isinstance(form(check.phrase)[0], Literal)]
    near = [p for p in phrases if closest(" ".join(words.split()[: len(p.split())]), [p])]
    if not near:
        near = [p for p in phrases if p.split()[0] == words.split(" ")[0]]
    span = whole(expect)
    if near:
        count = min(len(near[0].split()), len(expect.items))
        span = expect.items[0].span.to(expect.items[count - 1].span)
    return Fault(
        "unknown-expectation",
        "no kind of expectation is written so",
        span,
        label="not understood",
        help=f"did you mean `{near[0]}`?" if near else "`mltspec explain` lists every kind of expectation",
        replacements=tuple(near[:1]),
    )
