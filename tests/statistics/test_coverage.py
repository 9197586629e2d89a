"""Intervals and gates against simulated data whose truth is known: fewer of them than `make simulate` takes.

The seeds are fixed, so these never fail by chance; the room left is three standard errors of so many tests.
"""

import numpy as np
import pytest

from benchmarks.intervals import (
    GATES,
    areas,
    bootstrapped,
    covered,
    means,
    paired_areas,
    paired_shares,
    shares,
    verdicts,
    weighted_means,
)

VECTORS = (shares, means, weighted_means, areas)
SINGLES = (paired_shares, bootstrapped, paired_areas)


@pytest.mark.parametrize(
    ("simulate", "tests"),
    [*((each, 4000) for each in VECTORS), *((each, 800) for each in SINGLES)],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_intervals_hold_the_truth_as_often_as_they_say(simulate, tests):
    found = simulate(tests)
    assert found.rate == pytest.approx(0.95, abs=0.01 + 3 * (0.95 * 0.05 / tests) ** 0.5), found


@pytest.mark.parametrize("name", ["accuracy", "auc", "loss"])
def test_gates_at_the_margin_seldom_cry_wolf_and_seldom_let_through(name):
    tests = 600
    for rate in verdicts(name, tests):
        assert rate <= 0.05 + 3 * (0.05 * 0.95 / tests) ** 0.5


def test_a_gate_on_many_slices_cries_wolf_no_more_often():
    failed, _ = verdicts("accuracy on 20 slices", 60)
    assert failed <= 0.05


def test_an_interval_that_is_too_narrow_would_be_seen():
    generator = np.random.default_rng(0)
    estimates = generator.normal(size=4000)
    narrow = covered("too narrow", 4000, estimates - 1.645, estimates + 1.645, 0.0)
    assert narrow.rate < 0.94
    assert covered("nothing", 10, np.full(10, np.nan), np.full(10, np.nan), 0.0).rate < 0


def test_every_gate_is_simulated():
    assert set(GATES) == {"accuracy", "loss", "auc", "accuracy on 20 slices"}
