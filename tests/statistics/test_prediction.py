import math

import numpy as np
import pytest

from mltspec.statistics.prediction import Spread

DRAWN = 100_000


@pytest.mark.parametrize("count", [3, 8])
@pytest.mark.parametrize("rate", [0.01, 0.1])
def test_the_next_run_misses_a_bound_as_often_as_was_wanted(count, rate):
    """Anew each time: calibrate on a few runs, and see whether one more meets the bound proposed."""
    generator = np.random.default_rng(0)
    runs = generator.normal(0.9, 0.01, (DRAWN, count + 1))
    # A bound lies so many deviations from the mean, whatever they are: that spares a hundred thousand calls.
    away = -Spread(count, 0.0, 1.0).bound(rate, more_is_better=True)
    seen = runs[:, :-1]
    proposed = seen.mean(axis=1) - away * seen.std(axis=1, ddof=1)
    assert Spread.of(seen[0]).bound(rate, more_is_better=True) == pytest.approx(proposed[0])
    assert np.mean(runs[:, -1] < proposed) == pytest.approx(rate, abs=4 * math.sqrt(rate / DRAWN))


def test_the_next_run_on_other_rows_misses_as_often_as_was_wanted():
    generator, drawn, count, rate, error = np.random.default_rng(1), 4000, 5, 0.05, 0.02
    rows = generator.normal(0, error, (drawn, 2))
    runs = generator.normal(0.3, 0.01, (drawn, count + 1))
    missed = sum(
        run[-1] + there > Spread.of(run[:-1] + here, error).bound(rate, more_is_better=False)
        for run, (here, there) in zip(runs, rows, strict=True)
    )
    # Satterthwaite's degrees of freedom are an approximation.
    assert missed / drawn == pytest.approx(rate, abs=0.015)


@pytest.mark.parametrize("more", [True, False])
@pytest.mark.parametrize("error", [0.0, 0.03])
def test_a_bound_and_its_rate_agree(more, error):
    spread = Spread.of([0.1, 0.14, 0.11, 0.12], error)
    assert spread.missed(spread.bound(0.02, more), more) == pytest.approx(0.02)
    assert spread.missed(spread.mean, more) == pytest.approx(0.5)


def test_runs_that_do_not_scatter_miss_always_or_never():
    spread = Spread.of([0.5, 0.5, 0.5])
    assert spread.missed(0.5, more_is_better=True) == 0
    assert spread.missed(0.51, more_is_better=True) == 1
    with pytest.raises(ValueError, match="no spread"):
        Spread.of([0.5])
