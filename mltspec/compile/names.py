"""What a spec has declared, and how a name that is missing is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from mltspec.compile.fault import Fault
from mltspec.compile.profile import Profile
from mltspec.language.source import Span
from mltspec.language.suggest import closest
from mltspec.language.tree import Item, Word

if TYPE_CHECKING:
    from mltspec.plan.subject import Data, Model, Pipeline, Server


@dataclass(frozen=True)
class Declared:
    """A declared name and where it was written; ``faulty`` if it could not be read.

    What it stands for is made when somebody asks for it: linting never does. ``stages`` are a pipeline's, by name.
    """

    kind: str
    span: Span
    make: Callable[[], Subject] | None
    faulty: bool = False
    stages: tuple[str, ...] = ()

    @cached_property
    def subject(self) -> Subject | None:
        """What the name stands for; None where it could not be read."""
        return self.make() if self.make else None


@dataclass(frozen=True)
class Baseline:
    """``run seed N`` is trained by the run itself; ``store …`` names a stored one, ``origin`` a model in files.

    ``version`` None is the latest; ``may_be_missing`` declares a first run.
    """

    seed: int | None = None
    store: str | None = None
    origin: Mapping[str, str] | None = None
    version: str | None = None
    may_be_missing: bool = False


@dataclass(frozen=True)
class Attested:
    """What somebody stands for. ``on`` is an ISO date; ``points`` None for a test of the infrastructure.

    ``home`` is the folder that a record which is a file is looked up from.
    """

    topic: str
    by: str
    on: str
    record: str
    points: float | None
    home: Path = Path()

    @property
    def missing(self) -> bool:
        """Whether the record is a file that is not there. An address is not looked up."""
        return "://" not in self.record and not (self.home / self.record).is_file()


if TYPE_CHECKING:
    Subject = Model | Data | Baseline | Server | Attested | Pipeline | Profile
    """What a declared name may stand for."""


@dataclass(frozen=True)
class Names:
    """Everything a statement may refer to; `lets`, loop variables among them, map a name to its items."""

    declared: Mapping[str, Declared] = field(default_factory=dict)
    lets: Mapping[str, tuple[Item, ...]] = field(default_factory=dict)

    def of(self, kind: str) -> dict[str, Declared]:
        """Return the names of one kind."""
        return self._by_kind.get(kind, {})

    @cached_property
    def _by_kind(self) -> dict[str, dict[str, Declared]]:
        kinds: dict[str, dict[str, Declared]] = {}
        for name, found in self.declared.items():
            kinds.setdefault(found.kind, {})[name] = found
        return kinds

    def with_let(self, name: str, items: tuple[Item, ...]) -> Names:
        """Return the names with one more."""
        return replace(self, lets={**self.lets, name: items})

    def built_by(self, kind: str, target: str) -> Names:
        """Return the names with every model built by something else, all else as it is declared."""
        from mltspec.plan.subject import Model, Origin

        origin = Origin.model_validate({"kind": kind, "target": target})

        def another(model: Model) -> Callable[[], Model]:
            return lambda: model.model_copy(update={"build": origin})

        models = {name: each.subject for name, each in self.of("model").items()}
        changed = {
            name: replace(self.declared[name], make=another(model))
            for name, model in models.items()
            if isinstance(model, Model)
        }
        return replace(self, declared={**self.declared, **changed})

    def value(self, item: Item) -> Item:
        """Return what an item stands for: a bound name's single item, at the place where it is used."""
        seen = 0
        while isinstance(item, Word) and item.text in self.lets and len(self.lets[item.text]) == 1 and seen < 32:
            item, seen = replace(self.lets[item.text][0], span=item.span), seen + 1
        return item


def unknown(kind: str, word: Word, candidates: list[str]) -> Fault:
    """Return the fault of a name that is not declared, with those that were perhaps meant."""
    near = closest(word.text, candidates)
    known = (
        f"declared: {', '.join(f'`{name}`' for name in candidates[:6])}"
        if candidates
        else f"declare it: `{_hint(kind, word.text)}`"
    )
    return Fault(
        name="unknown-name",
        message=f"there is no {kind} called `{word.text}`",
        span=word.span,
        label=f"no such {kind}",
        help=f"did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else known,
        replacements=tuple(near),
    )


def _hint(kind: str, name: str) -> str:
    return {
        "data": f'data {name} = python "module:callable"',
        "baseline": f"baseline {name} = run seed 1",
        "server": f"server {name} = local",
        "pipeline": f'pipeline {name} {{ stage source python "module:callable" }}',
        "stage": f'stage {name} python "module:callable"',
        "model": f'model {name} {{ build python "module:callable" }}',
    }.get(kind, f"{kind} {name} …")
