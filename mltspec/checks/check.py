"""The shape of a check: a frozen record of plain functions. What you read is what runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from mltspec.checks.clause import Clause as Clause
from mltspec.checks.refusals import Values
from mltspec.evidence.artifact import ArtifactAsk
from mltspec.evidence.kind import Ask, Evidence, Kind
from mltspec.evidence.predictions import PredictionsAsk
from mltspec.evidence.stored import StoredAsk
from mltspec.evidence.training import TrainingAsk
from mltspec.plan.picture import Picture
from mltspec.plan.quantity import Quantity
from mltspec.plan.subject import Data, Model, Origin, Pipeline, Server
from mltspec.plan.verdict import Judgement, Verdict
from mltspec.plan.wire import Wire


class Params(Wire):
    """What an author chose: one field a slot of the phrase or of a clause, defaults filled in."""


class Range(Wire):
    """``0..1`` or ``1..64 rows``, both ends included."""

    low: Quantity
    high: Quantity

    def __str__(self) -> str:
        """Return it as an author writes it."""
        return f"{self.low}..{self.high}"


@dataclass(frozen=True)
class StoredBaseline:
    """A baseline that is kept in a store, by name and version (None: the latest)."""

    name: str
    version: str | None
    may_be_missing: bool


BaselineSource = TrainingAsk | ArtifactAsk | StoredBaseline
"""Where a baseline's answers come from: a run of its own, a model in files, or what was stored."""


NO_MODEL = Model(name="none", build=Origin(kind="python", target=""))
NO_DATA = Data(name="none", origin=Origin(kind="python", target=""))
"""What stands in the scope of a claim about a pipeline, which is about no model and no data."""


@dataclass(frozen=True)
class Scope:
    """What stands around an expectation: its subjects and the profile's settings.

    ``baselines`` maps a name to what it stands for. ``confidence`` is the profile's, as a share.
    ``reach`` is how many times the range seen hostile batches go, None where batches are not hostile.
    ``model`` and ``training`` are ``NO_MODEL`` and ``NO_DATA`` around a claim about a pipeline.
    ``made_up``: batches are made from the model's inputs alone.
    """

    model: Model
    training: Data
    data: Mapping[str, Data]
    baselines: Mapping[str, BaselineSource]
    seed: int
    examples: int
    confidence: float
    least_rows: int | None = None
    most_rows: int | None = None
    probed: Data | None = None
    made_up: bool = False
    reach: float | None = None
    servers: Mapping[str, Server] = field(default_factory=dict)
    pipelines: Mapping[str, Pipeline] = field(default_factory=dict)
    _runs: dict[tuple[int, int, int | None], TrainingAsk] = field(default_factory=dict, compare=False, repr=False)

    def run(self, seed: int | None = None, replica: int = 0, epochs: int | None = None) -> TrainingAsk:
        """Return the ask for a training run of this scope's model on its training data; equal asks are one object."""
        seed = self.seed if seed is None else seed
        key = (seed, replica, epochs)
        if key not in self._runs:
            self._runs[key] = TrainingAsk(
                model=self.model, data=self.training, seed=seed, replica=replica, epochs=epochs
            )
        return self._runs[key]

    def theirs(self, baseline: str, ours: PredictionsAsk) -> PredictionsAsk | StoredAsk:
        """Return the ask for what a baseline answers where our model answers ``ours``."""
        source = self.baselines[baseline]
        if isinstance(source, StoredBaseline):
            return StoredAsk(
                baseline=source.name,
                version=source.version,
                data=ours.rows_named(),
                metric=ours.metric,
                may_be_missing=source.may_be_missing,
            )
        return ours.model_copy(update={"run": source, "by": ()})


@dataclass(frozen=True)
class Example:
    """A line of spec, evidence, and what is said of it: test and documentation at once."""

    line: str
    evidence: tuple[Evidence, ...]
    verdict: Verdict
    says: str


P = TypeVar("P", bound=Params)
E = TypeVar("E", bound=Evidence)


@dataclass(frozen=True)
class Check(Generic[P, E]):
    """A kind of expectation.

    Args:
        name: kebab-case, as reports and selection know it.
        test: which of the ML Test Score's seven infrastructure tests it serves.
        phrase: the words that call it; may hold one slot (``{metric:metric}``).
        summary: one sentence for hover and completion.
        clauses: what may follow the phrase.
        block: what may stand in its braces, one claim a line; fields are collected under ``block_field``.
        params: the record that the slots fill.
        kinds: the evidence it asks for, and any that only those need.
        asks: the evidence it judges, in order.
        judge: evidence to judgement; pure.
        missing: how many more pieces, at the least, would settle it; for claims of the form k of n.
        about: whether it is a claim about a model, or about a pipeline alone, which needs none.
        in_batch: it is a claim about any batch, and may stand only under ``for any batch``.
        refuse: says what is wrong with the values together, or nothing; one of ``mltspec.checks.refusals``.
        depict: pictures of the evidence, as a report shows them; pure, and small (some hundred points).
        examples: lines, evidence and what is said of it; made when they are asked for.
        obstacle: why it cannot be judged for now (nothing to measure on), or an empty string.
    """

    name: str
    test: int
    phrase: str
    summary: str
    params: type[P]
    evidence: type[E]
    kinds: tuple[Kind, ...]
    asks: Callable[[P, Scope], Sequence[Ask]]
    judge: Callable[[P, Sequence[E]], Judgement]
    clauses: tuple[Clause, ...] = ()
    block: tuple[Clause, ...] = ()
    block_field: str = "block"
    missing: Callable[[P, Sequence[E]], int] | None = None
    about: Literal["model", "pipeline"] = "model"
    in_batch: bool = False
    refuse: Callable[[Values], str] | None = None
    obstacle: Callable[[P, Scope], str] = field(default=lambda params, scope: "")
    depict: Callable[[P, Sequence[E]], Sequence[Picture]] = field(default=lambda params, evidence: ())
    examples: Callable[[], tuple[Example, ...]] = tuple


AnyCheck = Check[Any, Any]
