"""Held against simulation: a gate fails as often as its power says."""

import math

import numpy as np
import pytest

from mltspec.statistics.power import POWER, of_interval, of_value, spread_of

GENERATOR = np.random.default_rng(0)
ROWS = 2000


def failing(true, fails):
    return np.mean([fails(GENERATOR.binomial(ROWS, true) / ROWS) for _ in range(4000)])


def test_a_bound_on_a_value_fails_as_often_as_told():
    spread = math.sqrt(0.9 * 0.1 / ROWS)
    found = of_value(0.9, spread, 0.895, True)
    assert failing(0.9, lambda seen: seen < 0.895) == pytest.approx(found.false_alarms, abs=0.03)
    assert failing(found.detectable, lambda seen: seen < 0.895) == pytest.approx(POWER, abs=0.03)


@pytest.mark.parametrize(("edge", "more"), [(-0.02, True), (0.02, False)])
def test_a_margin_fails_as_often_as_told(edge, more):
    spread, sign = 0.01, 1 if more else -1
    found = of_interval(spread, edge, 0.95, more)

    def rate(true):
        ends = GENERATOR.normal(true, spread, 8000) + sign * 1.645 * spread
        return np.mean(sign * ends < sign * edge)

    assert rate(0.0) == pytest.approx(found.false_alarms, abs=0.01)
    assert rate(edge) == pytest.approx(0.05, abs=0.01)
    assert rate(found.detectable) == pytest.approx(POWER, abs=0.02)


def test_without_spread_the_value_alone_decides():
    assert of_value(0.9, 0.0, 0.8, True).false_alarms == 0
    assert of_value(0.7, 0.0, 0.8, True).false_alarms == 1
    assert math.isnan(spread_of(-math.inf, math.inf, 0.95))
