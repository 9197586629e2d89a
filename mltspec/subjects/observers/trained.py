"""Looks at a finished training run: its model restored once, and asked everything while it is there."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from mltspec.checks.quality.standing import fell_short, passes_nothing
from mltspec.evidence.kind import Ask, Evidence
from mltspec.evidence.trained import RateTry, Standing, TrainedAsk, TrainedEvidence
from mltspec.evidence.training import TrainingEvidence
from mltspec.plan.subject import Data
from mltspec.statistics.rank import mann_kendall_decreasing
from mltspec.subjects import data as datasets
from mltspec.subjects import framework
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.intent import declared
from mltspec.subjects.nests import leaves, taken
from mltspec.subjects.trained_inputs import look_at_inputs
from mltspec.subjects.trained_measures import Judged
from mltspec.subjects.trained_model import Scored, load
from mltspec.subjects.trained_modes import Modes, look_at_modes
from mltspec.subjects.trained_passes import look_at_passes
from mltspec.subjects.trained_rates import try_rates
from mltspec.subjects.trained_rows import Rows, sampled
from mltspec.subjects.trained_scale import other_scale
from mltspec.subjects.trained_standing import Reference, judged_heads, reference, standing
from mltspec.subjects.trained_units import hidden_units, linear_chain
from mltspec.subjects.trained_weights import look_at_weights

ROWS = 384
"""At most so many rows of each data set are looked at."""


def observe(asks: Sequence[Ask], found: Sequence[Evidence], bench: Bench) -> list[Evidence]:
    """Look at one run's model on its training rows and on each data set asked about.

    Args:
        asks: TrainedAsks of one run.
        found: that run's TrainingEvidence.
        bench: where its state lies, and the user's code.

    Raises:
        Unfit: the run kept no state, or its outputs are ragged. What the user's code raises goes through.
    """
    wanted = [cast(TrainedAsk, ask) for ask in asks]
    run = cast(TrainingEvidence, found[0])
    look = _Look(wanted[0], run, bench)
    return [look.on(ask.data) for ask in wanted]


@dataclass
class _Look:
    """One run's model, and what has been seen of it so far."""

    ask: TrainedAsk
    run: TrainingEvidence
    bench: Bench
    _seen: dict[Data, TrainedEvidence] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.run.state is None:
            raise Unfit(f"the training run of `{self.ask.run.model.name}` was cut short and kept no state to look at")
        self.declares: Mapping[str, Any] = declared(self.ask.run.model, self.bench)
        framework.prepare(self.ask.run.seed, self.bench.threads)
        loaded = datasets.load(self.ask.run.data, self.bench)
        rows = sampled(loaded, ROWS, self.ask.run.seed)
        example = taken(rows.batch[0], slice(0, 1))
        self.restored, self.start = load(self.ask.run, self.bench.path(self.run.state), example, self.bench)
        fitting = loaded.for_model(self.restored.model)
        rows = rows if fitting is loaded else sampled(fitting, ROWS, self.ask.run.seed)
        self.training: Scored = self.restored.score(rows)
        self.learnt: Reference = reference(self.training)
        self.heads, unseen = self._heads(self.training)
        self.standing: Standing = standing(self.heads, self.training, self.learnt, unseen)
        self.modes: Modes = look_at_modes(self.restored, self.training, self.heads, self.declares)
        self.layers = hidden_units(self.modes.calls, self.modes.outputs)
        self.rates = self._rates()

    def on(self, data: Data) -> TrainedEvidence:
        """Return what is seen of the model on a data set."""
        if data not in self._seen:
            self._seen[data] = self._evidence(data)
        return self._seen[data]

    def _evidence(self, data: Data) -> TrainedEvidence:
        model, own = self.restored.model, data == self.ask.run.data
        scored = self.training if own else self.restored.score(self._rows(data))
        second = self.run.points[len(self.run.points) // 2 :]
        losses = [point.loss for point in self.run.points]
        return TrainedEvidence(
            training=self.standing,
            on=self.standing if own else self._stands(scored),
            inputs=look_at_inputs(self.restored, self.training.rows.batch[0]),
            layers=self.layers,
            weights=look_at_weights(
                model,
                self.start,
                self.run.steps,
                self.ask.run.model.train is None and self.ask.run.model.job is None,
                self.training.penalty,
                linear_chain(self.modes.calls),
            ),
            modes=self.modes.look,
            passes=look_at_passes(model, scored, own),
            rates=self.rates,
            first_bad_step=self.run.first_bad_step,
            bad_data=self.run.bad_data,
            start_loss=losses[0] if losses else math.nan,
            end_loss=losses[-1] if losses else math.nan,
            falling=mann_kendall_decreasing([point.loss for point in second]),
        )

    def _stands(self, scored: Scored) -> Standing:
        heads, unseen = self._heads(scored)
        found = standing(heads, scored, self.learnt, unseen)
        if len(scored.heads) != 1 or not heads or len(leaves(scored.seen.outputs)) != 1:
            return found
        scale = other_scale(next(iter(heads.values())), self.training)
        return found.model_copy(update={"scale": scale})

    def _heads(self, scored: Scored) -> tuple[dict[str, Judged], tuple[str, ...]]:
        frozen = self.declares.get("frozen") or ()
        names = [frozen] if isinstance(frozen, str) else list(frozen) if isinstance(frozen, list | tuple | set) else []
        return judged_heads(self.restored, scored, self.learnt, self.ask.confidence, names)

    def _rows(self, data: Data) -> Rows:
        return sampled(datasets.load(data, self.bench, self.restored.model), ROWS, self.ask.run.seed)

    def _rates(self) -> tuple[RateTry, ...]:
        """Try other learning rates, but only where training ended badly: healthy runs pay nothing."""
        broke = self.run.first_bad_step is not None or not self.standing.finite
        if self.run.bad_data or not (broke or fell_short(self.standing)):
            return ()
        losses = [point.loss for point in self.run.points]
        diverged = broke or (len(losses) > 1 and not losses[-1] <= losses[0])
        wired_wrong = any(head.ones for head in self.standing.heads) or any(map(passes_nothing, self.layers))
        if wired_wrong and not diverged:
            return ()
        try:
            return try_rates(self.ask.run, self.run.steps, self.training.rows.batch, self.bench)
        except Exception:
            # What the user's code makes of a trial that it never asked for is no finding.
            return ()
