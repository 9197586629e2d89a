"""Suites to expectations: what each is about, loops unrolled, marks inherited."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mltspec.checks.check import Clause, Scope
from mltspec.compile.declarations import enter_let
from mltspec.compile.expectations import MARKS, Claim, understand
from mltspec.compile.fault import SILENT, Fault, Faulty
from mltspec.compile.match import Clauses, Line, match_clauses, match_form
from mltspec.compile.names import Baseline, Names
from mltspec.compile.profile import Profile
from mltspec.compile.reading import shown
from mltspec.compile.requests import Requests
from mltspec.evidence.training import TrainingAsk
from mltspec.language.diagnostic import Label
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
from mltspec.plan.plan import Excuse, Expectation, Marks, Place
from mltspec.plan.subject import Data, Model

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
    )
)
MOST_UNROLLED = 10_000


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


@dataclass
class Writer:
    """Collects the expectations of one spec; ``model_data`` says what a model is trained on where no suite does."""

    source: Source
    path: Path
    roots: tuple[Path, ...]
    profile: Profile
    requests: Requests
    model_data: dict[str, str]
    expectations: list[Expectation] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    spans: dict[str, Span] = field(default_factory=dict)
    scopes: dict[tuple[int, str | None, str | None, str], Scope] = field(default_factory=dict)

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
        values = match_clauses(BATCH, line, head.end).values
        low, high = values.get("rows", (1, 64))
        if not 1 <= low <= high:
            raise Faulty(Fault("empty-range", f"no batch has {low}..{high} rows", search.items[-1].span))
        return {"least": low, "most": high, "source": values.get("source")}

    def _each(self, loop: ForEach, around: Around) -> None:
        values = around.names.value(loop.values.items[0]) if len(loop.values.items) == 1 else loop.values
        items = values.items if isinstance(values, Items) else loop.values.items
        if not items:
            raise Faulty(Fault("empty-loop", "a loop over nothing expects nothing", loop.values.span, label="empty"))
        if loop.name.text in around.names.lets or loop.name.text in around.names.declared:
            raise Faulty(Fault("shadowed-name", f"`{loop.name.text}` is already defined", loop.name.span))
        if len(self.expectations) + len(items) > MOST_UNROLLED:
            raise Faulty(
                Fault("too-many-expectations", f"loops unroll to more than {MOST_UNROLLED:,} expectations", loop.span)
            )
        for item in items:
            names = around.names.with_let(loop.name.text, (item,))
            loops = (*around.loops, (loop.name.text, shown(item).strip('"')))
            self.write(loop.body, replace(around, names=names, loops=loops))

    def _expect(self, expect: Expect, around: Around) -> None:
        claim = understand(expect, around.names, around.batch is not None)
        name = self._id(claim, around)
        if name in self.spans:
            raise Faulty(self._same_id(name, expect))
        self.spans[name] = expect.keyword
        scope = self._scope(expect, around)
        obstacle = claim.check.obstacle(claim.params, scope) or self._no_baseline(claim, scope)
        asks = [] if obstacle else claim.check.asks(claim.params, scope)
        line, column = self.source.position(expect.keyword.start)
        self.expectations.append(
            Expectation(
                id=name,
                suite=around.title or self.path.stem,
                check=claim.check.name,
                test=claim.check.test,
                text=" ".join(self.source.slice(expect.keyword.to(expect.items[-1].span)).split()),
                params=claim.params.model_dump(mode="json"),
                defaults=claim.defaults,
                needs=tuple(self.requests.add(ask, self.roots) for ask in asks),
                at=Place(file=self.source.path, line=line, column=column),
                marks=marks(around.marks | claim.marks, around.marks),
                seed=scope.seed,
                doc=expect.doc,
                obstacle=obstacle,
            )
        )

    def _id(self, claim: Claim, around: Around) -> str:
        suite = re.sub(r"[^\w.-]+", "-", around.title or self.path.stem).strip("-").lower()
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

    def _scope(self, expect: Expect, around: Around) -> Scope:
        """Return what stands around an expectation; its neighbours in a suite share it."""
        key = (id(around.names), around.model, around.training, str(around.batch))
        if key not in self.scopes:
            self.scopes[key] = self._new_scope(expect, around)
        return self.scopes[key]

    def _new_scope(self, expect: Expect, around: Around) -> Scope:
        names = around.names
        model = self._model(expect, around)
        data = {n: d.subject for n, d in names.of("data").items() if isinstance(d.subject, Data)}
        training = data[self._training(expect, around, model, data)]
        seed, batch = self.profile.seed, around.batch or {}
        run = TrainingAsk(model=model, data=training, seed=seed)
        baselines = {
            name: run.model_copy(update={"seed": declared.subject.seed})
            for name, declared in names.of("baseline").items()
            if isinstance(declared.subject, Baseline) and declared.subject.seed is not None
        }
        return Scope(
            model=model,
            training=training,
            data=data,
            baselines=baselines,
            seed=seed,
            examples=self.profile.examples,
            confidence=self.profile.confidence,
            least_rows=batch.get("least"),
            most_rows=batch.get("most"),
            probed=data[batch["source"]] if batch.get("source") else None,
        )

    def _model(self, expect: Expect, around: Around) -> Model:
        models = {n: d.subject for n, d in around.names.of("model").items()}
        name = around.model or (next(iter(models)) if len(models) == 1 else None)
        subject = models.get(name) if name else None
        if isinstance(subject, Model):
            return subject
        if not models:
            help_text = 'declare one: `model name { build python "module:build" }`'
            raise Faulty(Fault("no-model", "no model is declared to expect this of", expect.keyword, help=help_text))
        if name is None:
            several = " or ".join(f"`for {n}`" for n in models)
            raise Faulty(
                Fault(
                    "which-model",
                    "several models are declared",
                    expect.keyword,
                    help=f"say which in the suite: {several}",
                )
            )
        raise Faulty(SILENT)

    def _training(self, expect: Expect, around: Around, model: Model, data: dict[str, Data]) -> str:
        name = around.training or self.model_data.get(model.name) or (next(iter(data)) if len(data) == 1 else None)
        if name in data:
            return name
        if name is not None:
            raise Faulty(SILENT)
        raise Faulty(
            Fault(
                "no-training-data",
                f"nothing says what `{model.name}` is trained on",
                expect.keyword,
                help="add `on NAME` to the suite, or `trains on NAME` to the model"
                if data
                else 'declare data: `data history = python "module:load"`',
            )
        )

    def _no_baseline(self, claim: Claim, scope: Scope) -> str:
        bound = getattr(claim.params, "bound", None)
        name = getattr(bound, "baseline", None)
        if name is None or name in scope.baselines:
            return ""
        return (
            f"no such baseline yet: `{name}` names no version that could be compared with; a baseline trained by "
            f"the run itself is declared as `baseline {name} = run seed 1`"
        )


def _misplaced(statement: Statement) -> Fault:
    what = "a suite" if isinstance(statement, Suite) else "a declaration"
    return Fault(
        "misplaced-statement",
        f"{what} stands inside a suite",
        Span(statement.span.start, statement.span.start + 1),
        label="belongs at the top of the file",
        help="a suite holds expectations, loops and `let`",
    )


def marks(values: dict[str, Any], suite: dict[str, Any]) -> Marks:
    """Return the marks of an expectation, its suite's tags added to its own."""
    tags = tuple(dict.fromkeys([*suite.get("tags", ()), *values.get("tags", ())]))
    return Marks(
        tags=tags,
        severity=values.get("severity", "error"),
        owner=values.get("owner"),
        skip=_excuse(values, "skip"),
        xfail=_excuse(values, "xfail"),
        dry_run=bool(values.get("dry_run")),
    )


def _excuse(values: dict[str, Any], name: str) -> Excuse | None:
    because = values.get(f"{name}_because")
    return Excuse(because=because, until=values.get(f"{name}_until")) if because is not None else None
