"""What was understood of a suite, to expectations of a plan and the evidence that they ask for."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from mltspec.checks.check import NO_DATA, NO_MODEL, BaselineSource, Params, Scope, StoredBaseline
from mltspec.checks.registry import check_named
from mltspec.compile.expectations import Claim, whole
from mltspec.compile.fault import Fault, Faulty
from mltspec.compile.names import Baseline
from mltspec.compile.profile import Profile
from mltspec.compile.requests import Requests
from mltspec.compile.setting import Setting
from mltspec.evidence.artifact import ArtifactAsk
from mltspec.evidence.training import TrainingAsk
from mltspec.language.source import Source, Span
from mltspec.language.tree import Expect
from mltspec.plan.plan import Excuse, Expectation, Marks, Place
from mltspec.plan.subject import Data, Model, Origin, Pipeline, Server


@dataclass
class Planner:
    """Turns claims of one spec into expectations; neighbours in a suite share the scope around them."""

    source: Source
    roots: tuple[Path, ...]
    profile: Profile
    requests: Requests
    expectations: list[Expectation] = field(default_factory=list)
    scopes: dict[tuple[Any, ...], Scope] = field(default_factory=dict)

    def add(self, expect: Expect, claim: Claim, name: str, setting: Setting) -> None:
        """Add an expectation, and what it asks for."""
        scope = self._scope(setting)
        check, params = check_named(claim.words.name), params_of(claim, whole(expect))
        obstacle = check.obstacle(params, scope) or _no_baseline(params, scope)
        asks = [] if obstacle else check.asks(params, scope)
        line, column = self.source.position(expect.keyword.start)
        self.expectations.append(
            Expectation(
                id=name,
                suite=setting.title,
                check=check.name,
                test=check.test,
                text=" ".join(self.source.slice(expect.keyword.to(expect.items[-1].span)).split()),
                params=params.model_dump(mode="json"),
                defaults=claim.defaults,
                needs=tuple(self.requests.add(ask, self.roots) for ask in asks),
                at=Place(file=self.source.path, line=line, column=column),
                marks=marks(setting.marks | claim.marks, setting.marks),
                seed=scope.seed,
                doc=expect.doc,
                obstacle=obstacle,
            )
        )

    def _scope(self, setting: Setting) -> Scope:
        key = (id(setting.names), setting.model, setting.training, tuple((setting.batch or {}).items()))
        if key not in self.scopes:
            self.scopes[key] = self._new_scope(setting)
        return self.scopes[key]

    def _new_scope(self, setting: Setting) -> Scope:
        names, batch = setting.names, setting.batch or {}
        data = {n: d.subject for n, d in names.of("data").items() if isinstance(d.subject, Data)}
        model = names.declared[setting.model].subject if setting.model else NO_MODEL
        assert isinstance(model, Model)
        training = data[setting.training] if setting.training else NO_DATA
        run = TrainingAsk(model=model, data=training, seed=self.profile.seed)
        baselines = {
            name: _source(declared.subject, run)
            for name, declared in names.of("baseline").items()
            if isinstance(declared.subject, Baseline)
        }
        return Scope(
            model=model,
            training=run.data,
            data=data,
            baselines=baselines,
            seed=self.profile.seed,
            examples=self.profile.examples,
            confidence=self.profile.confidence,
            least_rows=batch.get("least"),
            most_rows=batch.get("most"),
            probed=data[batch["source"]] if batch.get("source") else None,
            made_up=batch.get("made_up", False),
            reach=batch.get("reach"),
            pipelines={n: d.subject for n, d in names.of("pipeline").items() if isinstance(d.subject, Pipeline)},
            servers={n: d.subject for n, d in names.of("server").items() if isinstance(d.subject, Server)},
        )


def _source(baseline: Baseline, run: TrainingAsk) -> BaselineSource:
    """Return where a baseline's answers come from."""
    if baseline.store is not None:
        return StoredBaseline(baseline.store, baseline.version, baseline.may_be_missing)
    if baseline.origin is not None:
        return ArtifactAsk(model=run.model, origin=Origin(**baseline.origin), version=baseline.version)
    return run.model_copy(update={"seed": baseline.seed})


def params_of(claim: Claim, place: Span) -> Params:
    """Return the check's own record of what a claim at a place says.

    Raises:
        Faulty: a value does not suit its field.
    """
    kind = check_named(claim.words.name).params
    try:
        params: Params = kind.model_validate(dict.fromkeys(kind.model_fields) | claim.values)
    except ValidationError as problem:
        first = problem.errors()[0]
        text = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise Faulty(Fault("bad-value", text, place)) from problem
    return params


def _no_baseline(params: Params, scope: Scope) -> str:
    bound = getattr(params, "bound", None)
    name = getattr(bound, "baseline", None)
    if name is None or name in scope.baselines:
        return ""
    return (
        f'no such baseline yet: `{name}` is declared nowhere; declare `baseline {name} = store "{name}"` and save one '
        f"with `mltspec baseline save {name}`, or let the run train one: `baseline {name} = run seed 1`"
    )


def marks(values: dict[str, Any], suite: dict[str, Any]) -> Marks:
    """Return the marks of an expectation, its suite's tags added to its own."""
    tags = tuple(dict.fromkeys([*suite.get("tags", ()), *values.get("tags", ())]))
    others = {key: value for key, value in values.items() if key not in ("id", "tags")}
    return _marks(tags, tuple(others.items()))


@lru_cache(maxsize=1024)
def _marks(tags: tuple[str, ...], others: tuple[tuple[str, Any], ...]) -> Marks:
    """Equal marks are one record: a suite's expectations mostly bear the same."""
    values = dict(others)
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
