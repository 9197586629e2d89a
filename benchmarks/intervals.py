"""The statistics held against simulation: how often intervals cover the truth, and how often gates cry wolf.

Each kind of interval that decides a verdict is made from 10,000 simulated data sets whose truth is known: 95% of them
must hold it, within 94% and 96%. Gates are simulated through the checks that judge them, with a true difference exactly
at the margin. `python -m benchmarks.intervals 2000` takes fewer data sets.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from benchmarks.figure import Figure
from mltspec.checks.quality.measuring import AgainstBaseline
from mltspec.checks.quality.not_worse_than_baseline import BaselineParams, judge
from mltspec.evidence.predictions import DifferenceEvidence, SliceDifference
from mltspec.plan.quantity import Quantity
from mltspec.plan.verdict import Verdict
from mltspec.statistics.areas import Areas
from mltspec.statistics.auc import delong_difference, macro_difference
from mltspec.statistics.bootstrap import bootstrap_over_rows, paired_bootstrap
from mltspec.statistics.interval import Interval
from mltspec.statistics.moments import Moments
from mltspec.statistics.proportions import paired_proportions
from mltspec.statistics.shares import wilson
from mltspec.statistics.weighted import WeightedMoments

TESTS = 10_000
EACH_SIDE = 0.975
"""Of each one-sided bound: both together hold with 95%."""

GATE = 0.95
"""The confidence of a gate's one-sided bound."""

Floats = NDArray[np.float64]
AT_ONCE = 500
"""Simulated data sets held in memory at a time."""


@dataclass(frozen=True)
class Covered:
    """How often intervals held the truth, and how often it lay beyond either end, as shares of the tests."""

    what: str
    tests: int
    below: float
    above: float

    @property
    def rate(self) -> float:
        """The share that held it."""
        return 1 - self.below - self.above


def covered(what: str, tests: int, low: Floats, high: Floats, truth: float) -> Covered:
    """Count intervals; NaN holds nothing."""
    holds_low, holds_high = low <= truth, high >= truth
    return Covered(what, tests, float(np.mean(~holds_low)), float(np.mean(~holds_high)))


def in_parts(tests: int, make: Callable[[np.random.Generator, int], tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    """Return the ends of so many intervals, made some at a time."""
    generator = np.random.default_rng(2026)
    parts = [make(generator, min(AT_ONCE, tests - start)) for start in range(0, tests, AT_ONCE)]
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def one_by_one(tests: int, make: Callable[[np.random.Generator, int], Interval]) -> tuple[Floats, Floats]:
    """Return the ends of so many intervals, made one after the other."""
    generator = np.random.default_rng(2026)
    found = [make(generator, at) for at in range(tests)]
    return np.array([each.low for each in found]), np.array([each.high for each in found])


def shares(tests: int) -> Covered:
    """Wilson's interval of a share of right answers: 500 rows, of which 87% are right."""

    def make(generator: np.random.Generator, count: int) -> tuple[Floats, Floats]:
        return wilson(generator.binomial(500, 0.87, count), np.full(count, 500), EACH_SIDE)

    return covered("share of rows (Wilson)", tests, *in_parts(tests, make), 0.87)


def means(tests: int) -> Covered:
    """Hall's interval of a mean: 200 losses, skewed as losses are (exponential)."""

    def make(generator: np.random.Generator, count: int) -> tuple[Floats, Floats]:
        codes = np.repeat(np.arange(count), 200)
        return Moments.of(generator.exponential(0.4, len(codes)), codes, count, 0.4).bounds(EACH_SIDE)

    return covered("mean of losses (Student, Hall)", tests, *in_parts(tests, make), 0.4)


def weighted_means(tests: int) -> Covered:
    """The interval of a weighted mean: 400 rows, weights between one half and two."""

    def make(generator: np.random.Generator, count: int) -> tuple[Floats, Floats]:
        codes = np.repeat(np.arange(count), 400)
        values, weights = generator.exponential(0.4, len(codes)), generator.uniform(0.5, 2, len(codes))
        return WeightedMoments.of(values, weights, codes, count, 0.4).bounds(EACH_SIDE)

    return covered("weighted mean of losses", tests, *in_parts(tests, make), 0.4)


def areas(tests: int) -> Covered:
    """DeLong's interval of an area, on log-odds: 300 rows, a third of them positive, area 0.85."""
    apart = float(norm.ppf(0.85)) * np.sqrt(2)

    def make(generator: np.random.Generator, count: int) -> tuple[Floats, Floats]:
        codes = np.repeat(np.arange(count), 300)
        truth = np.tile(np.arange(300) < 100, count)
        found = Areas(count)
        found.add(truth, generator.normal(size=len(codes)) + apart * truth, codes)
        return found.bounds(EACH_SIDE)

    return covered("area under ROC (DeLong, log-odds)", tests, *in_parts(tests, make), 0.85)


def answered(generator: np.random.Generator, rows: int, worse: float) -> tuple[int, int]:
    """Return how many rows only ours, and only theirs, has right: of one in eight they differ."""
    only_ours, only_theirs, _ = generator.multinomial(rows, [(0.125 - worse) / 2, (0.125 + worse) / 2, 0.875])
    return int(only_ours), int(only_theirs)


def paired_shares(tests: int) -> Covered:
    """Tango's interval of two paired shares: 500 rows, ours is truly 1.5 points worse."""

    def make(generator: np.random.Generator, at: int) -> Interval:
        return paired_proportions(500, *answered(generator, 500, 0.015), EACH_SIDE)

    return covered("difference of shares (Tango)", tests, *one_by_one(tests, make), -0.015)


def lost(generator: np.random.Generator, rows: int, worse: float) -> Floats:
    """Return differences of losses, ours less theirs, (rows,): correlated, and skewed to the bad side."""
    together = generator.exponential(0.4, rows)
    return np.asarray(together * generator.normal(0, 0.3, rows) + generator.exponential(0.1, rows) - 0.1 + worse)


def bootstrapped(tests: int) -> Covered:
    """The bootstrap of a paired difference of losses: 300 rows, 2,000 resamples."""

    def make(generator: np.random.Generator, at: int) -> Interval:
        return paired_bootstrap(lost(generator, 300, 0.02), EACH_SIDE, seed=at)

    return covered("difference of losses (bootstrap)", tests, *one_by_one(tests, make), 0.02)


def two_models(generator: np.random.Generator, rows: int, ours: float, theirs: float) -> tuple[Floats, ...]:
    """Return labels, a third of them positive, and correlated scores of two models with these true areas."""
    truth = np.arange(rows) < rows // 3
    common = generator.normal(size=rows)
    scores = [
        np.sqrt(0.6) * common + np.sqrt(0.4) * generator.normal(size=rows) + norm.ppf(area) * np.sqrt(2) * truth
        for area in (ours, theirs)
    ]
    return truth, scores[0], scores[1]


def paired_areas(tests: int) -> Covered:
    """DeLong's interval of two areas on the same 300 rows: 0.85 against 0.88."""

    def make(generator: np.random.Generator, at: int) -> Interval:
        return delong_difference(*two_models(generator, 300, 0.85, 0.88), EACH_SIDE)

    return covered("difference of areas (DeLong)", tests, *one_by_one(tests, make), -0.03)


def macro_areas(tests: int) -> Covered:
    """The interval of two mean areas over three classes, by the influence of rows: 450 rows."""

    def make(generator: np.random.Generator, at: int) -> Interval:
        truth = np.arange(450)[:, None] % 3 == np.arange(3)
        common = generator.normal(size=truth.shape)
        ours, theirs = (
            np.sqrt(0.6) * common + np.sqrt(0.4) * generator.normal(size=truth.shape) + norm.ppf(area) * 2**0.5 * truth
            for area in (0.85, 0.88)
        )
        return macro_difference(truth, ours, theirs, EACH_SIDE)

    return covered("difference of mean areas (influence)", tests, *one_by_one(tests, make), -0.03)


def over_rows(tests: int) -> Covered:
    """The bootstrap over rows, for what is no mean: a difference of F1, 400 rows, 400 resamples."""
    rates = np.array([0.72, 0.78]), np.array([0.10, 0.09])

    def f1(truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> float:
        both = np.count_nonzero(truth & said)
        return 2 * both / (np.count_nonzero(truth) + np.count_nonzero(said))

    def make(generator: np.random.Generator, at: int) -> Interval:
        truth = generator.random(400) < 0.3
        luck = generator.random(400)
        ours, theirs = (np.where(truth, luck < rates[0][each], luck < rates[1][each]) for each in (0, 1))
        return bootstrap_over_rows(
            lambda rows: f1(truth[rows], ours[rows]) - f1(truth[rows], theirs[rows]), 400, EACH_SIDE, 400, at
        )

    true = [2 * 0.3 * hit / (0.3 + 0.3 * hit + 0.7 * miss) for hit, miss in zip(*rates, strict=True)]
    return covered("difference of F1 (bootstrap over rows)", tests, *one_by_one(tests, make), true[0] - true[1])


INTERVALS = (shares, means, weighted_means, areas, paired_shares, bootstrapped, paired_areas, macro_areas, over_rows)

MARGIN = 0.015


def gate(interval: Interval, *slices: Interval, more: bool = True) -> Verdict:
    """Return the verdict of the check that compares with a baseline, by a margin of 1.5 points."""
    margin = AgainstBaseline(baseline="prod", sign="-" if more else "+", margin=Quantity(text=str(MARGIN)))
    by = ("town",) if slices else None
    params = BaselineParams(
        metric="m", on=None, by=by, quantiles=None, least_rows=None, only=None, confidence=None,
        compare=">=" if more else "<=", bound=margin,
    )  # fmt: skip
    ends = {"ours": 0.8, "theirs": 0.8, "rows": 500}
    parts = tuple(
        SliceDifference(where={"town": str(at)}, difference=each.estimate, low=each.low, high=each.high, **ends)
        for at, each in enumerate(slices)
    )
    seen = DifferenceEvidence(
        difference=interval.estimate, low=interval.low, high=interval.high, same_rows=True, higher_is_better=more,
        method=interval.method, confidence=GATE, slices=parts, share=more, **ends,
    )  # fmt: skip
    return judge(params, [seen]).verdict


def accuracy_gate(generator: np.random.Generator, at: int) -> Verdict:
    """Shares of right answers, ours truly worse by the margin."""
    return gate(paired_proportions(800, *answered(generator, 800, MARGIN), GATE))


def loss_gate(generator: np.random.Generator, at: int) -> Verdict:
    """Losses, ours truly worse by the margin."""
    return gate(paired_bootstrap(lost(generator, 300, MARGIN), GATE, resamples=1000, seed=at), more=False)


def area_gate(generator: np.random.Generator, at: int) -> Verdict:
    """Areas, ours truly worse by the margin."""
    return gate(delong_difference(*two_models(generator, 300, 0.85, 0.85 + MARGIN), GATE))


def sliced_gate(generator: np.random.Generator, at: int) -> Verdict:
    """Twenty slices of 400 rows, on each of which ours is truly worse by the margin."""
    slices = [paired_proportions(400, *answered(generator, 400, MARGIN), GATE) for _ in range(20)]
    return gate(slices[0], *slices)


GATES = {"accuracy": accuracy_gate, "loss": loss_gate, "auc": area_gate, "accuracy on 20 slices": sliced_gate}


def verdicts(name: str, tests: int) -> tuple[float, float]:
    """Return how often a gate fails, and how often it passes, with a true difference exactly at the margin."""
    generator = np.random.default_rng(2026)
    found = [GATES[name](generator, at) for at in range(tests)]
    return found.count(Verdict.FAILED) / tests, found.count(Verdict.PASSED) / tests


def figures(tests: int = TESTS) -> Iterator[Figure]:
    """Simulate every kind of interval, and every gate."""
    for simulate in INTERVALS:
        found = simulate(tests)
        note = f"truth below {found.below:.2%}, above {found.above:.2%}"
        # One figure for both sides: how far the coverage is from 95%, in points.
        yield Figure(f"coverage of 95%: {found.what}", abs(found.rate - 0.95) * 100, 1.0, "points", at_most=True,
                     note=f"{found.rate:.2%}; {note}")  # fmt: skip
    for name in GATES:
        several = tests // 10 if "slices" in name else tests
        noise = 3 * (0.05 * 0.95 / several) ** 0.5 * 100
        failed, passed = (100 * rate for rate in verdicts(name, several))
        note = f"{noise:.2f} is three standard errors of {several:,} tests"
        yield Figure(f"false alarms at the margin: {name}", failed, round(5 + noise, 2), "%", at_most=True, note=note)
        yield Figure(f"let through at the margin: {name}", passed, round(5 + noise, 2), "%", at_most=True)


if __name__ == "__main__":
    missed = 0
    for figure in figures(int(sys.argv[1]) if len(sys.argv) > 1 else TESTS):
        print(figure, flush=True)
        missed += not figure.held
    sys.exit(bool(missed))
