"""The comparison of two arms keeps its error rate, and has the power that it says it has."""

import numpy as np
import pytest

from mltspec.checks.canary.comparison import first_alarm
from mltspec.evidence.traffic import Arm, Claim, Look
from mltspec.statistics.arms import elsewhere, longer, more_often, smallest_caught, spent

CLAIMS = (Claim(what="errors", bound=0.0), Claim(what="latency", bound=1.0))


def canary(generator, errors=(0.002, 0.002), slower=1.0, looks=10, each=300):
    """Looks of a canary whose latencies come in bursts that hit both arms."""
    found = []
    for _ in range(looks):
        burst = np.repeat(generator.lognormal(0.0, 0.4, each // 20), 40) * generator.lognormal(0, 0.3, 2 * each)
        ours = generator.permutation(2 * each) < each
        arms = []
        for mine, rate, factor in ((ours, errors[0], slower), (~ours, errors[1], 1.0)):
            times = burst[mine] * factor
            failed = int((generator.random(len(times)) < rate).sum())
            arms.append(Arm(requests=len(times), failed=failed, latencies_s=tuple(times)))
        found.append(Look(share=0.05, canary=arms[0], baseline=arms[1]))
    return found


def share_of_alarms(times, **given):
    generator = np.random.default_rng(7)
    return sum(first_alarm(CLAIMS, canary(generator, **given), 10, 0.05) is not None for _ in range(times)) / times


def test_an_equal_candidate_is_seldom_stopped():
    assert share_of_alarms(100) <= 0.05


def test_one_point_more_errors_is_caught():
    assert share_of_alarms(40, errors=(0.012, 0.002)) >= 0.9


def test_a_fifth_more_latency_is_caught():
    assert share_of_alarms(40, slower=1.2, each=500) >= 0.9


def test_what_is_spent_is_all_there_is():
    assert sum(spent(0.05, look, 10) for look in range(1, 11)) == pytest.approx(0.05)


def test_exact_values():
    # Fisher's tea: four of four right by chance one time in seventy.
    assert more_often(4, 4, 0, 4) == pytest.approx(1 / 70)
    assert more_often(0, 100, 50, 100) == 1.0
    assert more_often(3, 100, 0, 100, margin=0.03) == 1.0
    assert longer(np.zeros(0), np.ones(5), 0.5, 1.0) == 1.0
    assert longer(np.full(50, 1.1), np.ones(50), 0.5, 1.2) > 0.5
    assert longer(np.full(50, 1.3), np.ones(50), 0.5, 1.2) < 1e-6
    assert elsewhere(np.arange(100.0), np.arange(100.0), 0.0) == 1.0
    assert elsewhere(np.arange(100.0), np.arange(100.0) + 50, 0.1) < 0.001


def test_more_requests_catch_less():
    assert smallest_caught(0, 0.0, 0.05) == 1.0
    assert smallest_caught(10_000, 0.01, 0.01) < smallest_caught(1_000, 0.01, 0.01) < 0.05
