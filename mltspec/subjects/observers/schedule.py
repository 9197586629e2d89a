"""Reads the learning rates of a run, and asks the user's function what they ought to be. Needs no framework."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

from mltspec.checks.model_spec.learning_rate import ScheduleAsk, ScheduleEvidence
from mltspec.evidence.kind import Ask, Evidence
from mltspec.evidence.training import RatePoint, TrainingEvidence
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.targets import resolve


def observe(asks: Sequence[Ask], found: Sequence[Evidence], bench: Bench) -> list[ScheduleEvidence]:
    """Read each run's rates.

    Raises:
        Unfit: the function answers something that is no number. What it raises goes through.
    """
    return [_one(cast(ScheduleAsk, ask), cast(TrainingEvidence, found[0]), bench) for ask in asks]


def _one(ask: ScheduleAsk, run: TrainingEvidence, bench: Bench) -> ScheduleEvidence:
    if run.rates is None or ask.function is None:
        return ScheduleEvidence(rates=run.rates, steps=run.steps)
    function = resolve(ask.function.target, bench)
    wanted = tuple(_wanted(function, ask.function.target, run.rates.points))
    return ScheduleEvidence(rates=run.rates, steps=run.steps, wanted=wanted)


def _wanted(function: Callable[..., Any], target: str, points: Sequence[RatePoint]) -> Iterator[float]:
    takes_epoch = len(inspect.signature(function).parameters) > 1
    for point in points:
        answer = function(point.step - 1, point.epoch - 1) if takes_epoch else function(point.step - 1)
        try:
            yield float(answer)
        except (TypeError, ValueError) as error:
            said = f"`{target}` answers {answer!r} for step {point.step - 1}, which is no learning rate"
            raise Unfit(said) from error
