"""What specs state, for whoever compares two of them: each claim with its values, and the ground it stands on.

Two specs that declare the same differ in their claims alone, and those are understood without a record of pydantic,
which takes half the time of a plan. Only where the declarations differ too is a plan made, to see which claims they
reach.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mltspec.compile.expectations import Claim
from mltspec.compile.files import load
from mltspec.compile.linking import link, statements_of
from mltspec.compile.names import Names
from mltspec.compile.reading import shown
from mltspec.compile.setting import Setting
from mltspec.compile.specs import compile_specs, heard
from mltspec.language.diagnostic import Diagnostic, Severity
from mltspec.language.source import Source
from mltspec.language.tree import Declaration, Expect

if TYPE_CHECKING:
    from mltspec.plan.plan import Excuse, Expectation


@dataclass(frozen=True)
class Excused:
    """That a claim is skipped or known to fail, until a day (ISO) or, None, until further notice."""

    until: str | None = None


@dataclass(frozen=True)
class Stated:
    """One claim: ``params`` are its check's values as JSON, ``measured`` equal where the same is measured."""

    id: str
    check: str
    text: str
    params: Mapping[str, Any]
    line: int
    measured: object
    warns: bool = False
    dry_run: bool = False
    skip: Excused | None = None
    xfail: Excused | None = None


@dataclass(frozen=True)
class Statement:
    """What a set of specs states. Claims of two are comparable where their ``ground`` is equal."""

    claims: tuple[Stated, ...]
    diagnostics: tuple[Diagnostic, ...]
    ground: object = None

    @property
    def sound(self) -> bool:
        """Whether no finding is an error."""
        return all(each.severity is not Severity.ERROR for each in self.diagnostics)


def stated(old: Sequence[Path], new: Sequence[Path]) -> tuple[Statement, Statement]:
    """Return what two sets of specs state, so that their claims can be compared."""
    before, after = _read(old), _read(new)
    if not (before.sound and after.sound) or before.ground == after.ground:
        return before, after
    return _planned(old), _planned(new)


# ------------------------------------------------------------------ read


@dataclass
class _Listener:
    source: Source
    claims: list[Stated] = field(default_factory=list)

    def add(self, expect: Expect, claim: Claim, name: str, setting: Setting) -> None:
        marks = setting.marks | claim.marks
        self.claims.append(
            Stated(
                id=name,
                check=claim.words.name,
                text=" ".join(self.source.slice(expect.keyword.to(expect.items[-1].span)).split()),
                params=claim.values,
                line=self.source.position(expect.keyword.start)[0],
                measured=(setting.model, setting.training, tuple((setting.batch or {}).items())),
                warns=marks.get("severity") == "warn",
                dry_run=bool(marks.get("dry_run")),
                skip=Excused(marks.get("skip_until")) if "skip_because" in marks else None,
                xfail=Excused(marks.get("xfail_until")) if "xfail_because" in marks else None,
            )
        )


def _read(paths: Sequence[Path]) -> Statement:
    claims: dict[str, Stated] = {}
    diagnostics: list[Diagnostic] = []
    ground: list[object] = []
    for loaded in map(load, paths):
        linked = link(loaded)
        diagnostics += linked.diagnostics
        declared = [each for each in statements_of(loaded) if isinstance(each, Declaration)]
        ground.append([_words(each, linked.names) for each in declared if each.keyword != "profile"])
        found: dict[str, Stated] = {}
        for prefix, listener, findings in heard(linked, _Listener):
            diagnostics += findings
            found |= {prefix + each.id: each for each in listener.claims}
        taken = claims.keys() & found.keys()
        claims |= {f"{loaded.path.stem}:{id}" if id in taken else id: each for id, each in found.items()}
    return Statement(tuple(_named(claims)), tuple(diagnostics), ground)


def _named(claims: Mapping[str, Stated]) -> Iterator[Stated]:
    for id, each in claims.items():
        yield each if each.id == id else replace(each, id=id)


def _words(declaration: Declaration, names: Names) -> tuple[object, ...]:
    """Return a declaration's words without its layout, `let` names replaced by what they stand for."""
    lines = [declaration.items, *(line.items for line in declaration.lines or ())]
    return (
        declaration.keyword,
        declaration.name.text,
        *(tuple(shown(names.value(item)) for item in items) for items in lines if items),
    )


# ------------------------------------------------------------------ planned


def _planned(paths: Sequence[Path]) -> Statement:
    from mltspec.plan.wire import digest_of

    compiled = compile_specs(paths)
    asks = {request.id: request.ask for request in compiled.plan.requests}
    claims = (_of_plan(each, digest_of([asks.get(need) for need in each.needs])) for each in compiled.plan.expectations)
    return Statement(tuple(claims), compiled.diagnostics)


def _of_plan(each: Expectation, measured: str) -> Stated:
    return Stated(
        id=each.id,
        check=each.check,
        text=each.text,
        params=each.params,
        line=each.at.line,
        measured=measured,
        warns=each.marks.severity == "warn",
        dry_run=each.marks.dry_run,
        skip=_excused(each.marks.skip),
        xfail=_excused(each.marks.xfail),
    )


def _excused(excuse: Excuse | None) -> Excused | None:
    return None if excuse is None else Excused(excuse.until)
