"""Suites to expectations: what each is about, loops unrolled, marks inherited."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from mltspec.checks.clause import Clause
from mltspec.compile.about import model_of, training_of
from mltspec.compile.declarations import enter_let
from mltspec.compile.expectations import MARKS, Claim, understand
from mltspec.compile.fault import Fault, Faulty
from mltspec.compile.match import Clauses, Line, match_clauses, match_form
from mltspec.compile.names import Names
from mltspec.compile.reading import shown
from mltspec.compile.setting import Setting
from mltspec.language.diagnostic import Label
from mltspec.language.quantity import parse_amount
from mltspec.language.source import Source, Span
from mltspec.language.tree import (
    Declaration,
    Edition,
    Expect,
    ForAny,
    ForEach,
    Items,
    Let,
    Statement,
    Suite,
    Use,
)

HEAD = Clauses(
    (
        Clause("for {model:model}", "the model it is about"),
        Clause("on {data:data}", "the data the model is trained on"),
        *MARKS,
    )
)
BATCH = Clauses(
    (
        Clause("of {rows:batch}", "how many rows a batch has", default="of 1..64 rows"),
        Clause("from {source:data}", "the data whose rows and ranges batches are made from"),
        Clause("from schema", "made from the types and shapes of the model's inputs alone, without looking at data"),
        Clause("hostile to {reach:ratio}", "also values so many times beyond the range seen: `hostile to 1000x`"),
        Clause("hostile", "also values beyond the range seen, up to the ends of their type, and texts that trip code"),
    )
)
MOST_UNROLLED = 10_000

Understand = Callable[[Expect, Names, bool], Claim]
"""What returns what a statement claims, under some names, in a search over batches or not."""


@dataclass(frozen=True)
class Around:
    """What stands around a statement."""

    names: Names
    model: str | None = None
    training: str | None = None
    marks: dict[str, Any] = field(default_factory=dict)
    title: str = ""
    loops: tuple[tuple[str, str], ...] = ()
    batch: dict[str, Any] | None = None


class Hearer(Protocol):
    """Who is told of every claim that was understood: a planner, or a linter."""

    def add(self, expect: Expect, claim: Claim, name: str, setting: Setting) -> None:
        """Take a claim, its id, and what it is about."""


@dataclass
class Writer:
    """Reads the suites of one spec, and tells a hearer what it understood, if there is one.

    ``model_data`` says what a model is trained on where no suite does; ``understand`` reads a claim; ``settled`` is
    what the last claim was about.
    """

    source: Source
    path: Path
    model_data: dict[str, str]
    hearer: Hearer | None = None
    understand: Understand = understand
    faults: list[Fault] = field(default_factory=list)
    spans: dict[str, Span] = field(default_factory=dict)
    settled: tuple[Around, str, Setting] | None = None

    def write(self, statements: Sequence[Statement], around: Around) -> None:
        """Compile statements in order; one that is faulty is reported and left out."""
        for statement in statements:
            try:
                around = self._statement(statement, around)
            except Faulty as faulty:
                self.faults.append(faulty.fault)

    def _statement(self, statement: Statement, around: Around) -> Around:
        match statement:
            case Let() if around.title:
                enter_let(around.names, statement, self.faults)
                return replace(around, names=around.names.with_let(statement.name.text, statement.items))
            case Suite() | Use() | Declaration() | Edition() if around.title:
                raise Faulty(_misplaced(statement))
            case Suite():
                self.write(statement.body, self._suite(statement, around))
            case ForEach():
                self._each(statement, around)
            case ForAny():
                self.write(statement.body, replace(around, batch=self._batch(statement, around)))
            case Expect():
                self._expect(statement, around)
        return around

    def _suite(self, suite: Suite, around: Around) -> Around:
        line = Line(suite.items, around.names, f'suite "{suite.title.value}"', suite.title.span)
        values = match_clauses(HEAD, line, 0).values
        return replace(
            around,
            model=values.pop("model", around.model),
            training=values.pop("data", around.training),
            marks=around.marks | values,
            title=suite.title.value,
        )

    def _batch(self, search: ForAny, around: Around) -> dict[str, Any]:
        line = Line(search.items, around.names, "for any batch", search.span)
        head = match_form("batch", line, 0)
        body = match_clauses(BATCH, line, head.end)
        values = body.values
        low, high = values.get("rows", (1, 64))
        if not 1 <= low <= high:
            raise Faulty(Fault("empty-range", f"no batch has {low}..{high} rows", search.items[-1].span))
        reach = math.inf if "hostile" in body.used else None
        if "reach" in values:
            reach = float(parse_amount(values["reach"]["text"]).base)
            if reach <= 1:
                help_text = "write by how many times, for example `hostile to 1000x`"
                raise Faulty(Fault("empty-range", "nothing hostile lies within the range", search.span, help=help_text))
        made_up = "from schema" in body.used
        if made_up and "source" in values:
            raise Faulty(Fault("clause-twice", "batches come from data or from the schema", search.span, label="both"))
        return {"least": low, "most": high, "source": values.get("source"), "made_up": made_up, "reach": reach}

    def _each(self, loop: ForEach, around: Around) -> None:
        values = around.names.value(loop.values.items[0]) if len(loop.values.items) == 1 else loop.values
        items = values.items if isinstance(values, Items) else loop.values.items
        if not items:
            raise Faulty(Fault("empty-loop", "a loop over nothing expects nothing", loop.values.span, label="empty"))
        if loop.name.text in around.names.lets or loop.name.text in around.names.declared:
            raise Faulty(Fault("shadowed-name", f"`{loop.name.text}` is already defined", loop.name.span))
        if len(self.spans) + len(items) > MOST_UNROLLED:
            raise Faulty(
                Fault("too-many-expectations", f"loops unroll to more than {MOST_UNROLLED:,} expectations", loop.span)
            )
        for item in items:
            names = around.names.with_let(loop.name.text, (item,))
            loops = (*around.loops, (loop.name.text, shown(item).strip('"')))
            self.write(loop.body, replace(around, names=names, loops=loops))

    def _expect(self, expect: Expect, around: Around) -> None:
        claim = self.understand(expect, around.names, around.batch is not None)
        name = self._id(claim, around)
        if name in self.spans:
            raise Faulty(self._same_id(name, expect))
        self.spans[name] = expect.keyword
        setting = self._setting(expect, claim.words.about, around)
        if self.hearer is not None:
            self.hearer.add(expect, claim, name, setting)

    def _setting(self, expect: Expect, about: str, around: Around) -> Setting:
        """Return what a claim is about: the same record for neighbours."""
        if self.settled is None or self.settled[0] is not around or self.settled[1] != about:
            model, training = self._subjects(expect.keyword, about, around)
            title = around.title or self.path.stem
            setting = Setting(around.names, model, training, title, around.marks, around.batch)
            self.settled = around, about, setting
        return self.settled[2]

    def _subjects(self, place: Span, about: str, around: Around) -> tuple[str, str]:
        """Return the model and its training data; empty for a claim about a pipeline, which is about neither."""
        if about == "pipeline":
            return "", ""
        model = model_of(place, around.model, around.names)
        named = around.training or self.model_data.get(model)
        return model, training_of(place, named, model, around.names)

    def _id(self, claim: Claim, around: Around) -> str:
        suite = _slug(around.title or self.path.stem)
        loops = "".join(f"[{name}={value}]" for name, value in around.loops)
        return f"{suite}/{claim.slug}{loops}"

    def _same_id(self, name: str, expect: Expect) -> Fault:
        return Fault(
            "duplicate-id",
            f"two expectations are called `{name}`",
            expect.keyword,
            label="again here",
            related=(Label(self.spans[name], "first here"),),
            help="give one of them a name of its own: `… id some_name`",
        )


@lru_cache(maxsize=64)
def _slug(title: str) -> str:
    return re.sub(r"[^\w.-]+", "-", title).strip("-").lower()


def _misplaced(statement: Statement) -> Fault:
    what = "a suite" if isinstance(statement, Suite) else "a declaration"
    return Fault(
        "misplaced-statement",
        f"{what} stands inside a suite",
        Span(statement.span.start, statement.span.start + 1),
        label="belongs at the top of the file",
        help="a suite holds expectations, loops and `let`",
    )
