"""A bound is called undecidable exactly where the interval that judges it cannot decide for a flawless model."""

import datetime
import json

import pytest

from mltspec.lint.linting import lint
from mltspec.lint.settings import Settings
from mltspec.statistics.proportions import paired_proportions
from mltspec.statistics.shares import wilson

SPEC = """edition 2026
model delay {{ build python "flights.model:build" trains on history }}
data history = python "flights.data:training"
data holdout = python "flights.data:holdout"
data golden = csv "golden.csv" label late
baseline prod = store "delay" {version}
expect {claim}
"""


@pytest.fixture
def told(tmp_path):
    def of(claim, rows=100, version="version 2", holding=None):
        (tmp_path / "pyproject.toml").touch()
        (tmp_path / "golden.csv").write_text("carrier,late\n" + "AA,1\n" * rows)
        (tmp_path / "baselines" / "delay").mkdir(parents=True, exist_ok=True)
        held = holding or json.dumps({"holdings": [{"data": "holdout", "metric": "accuracy", "rows": rows}]})
        (tmp_path / "baselines" / "delay" / "2.json").write_text(held)
        spec = tmp_path / "spec.mlt"
        spec.write_text(SPEC.format(claim=claim, version=version))
        only = Settings(select=frozenset({"undecidable-bound"}))
        return [each.diagnostic.message for each in lint([spec], lambda _: only, today=datetime.date(2026, 1, 1))]

    return of


@pytest.mark.parametrize("rows", [200, 267, 268, 269, 400])
def test_a_margin_that_equal_models_cannot_be_shown_to_keep(told, rows):
    for data in ("golden", "holdout"):
        found = told(f"accuracy on {data} >= prod - 1pp", rows)
        assert bool(found) == (paired_proportions(rows, 0, 0, 0.95).low < -0.01), (data, found)


@pytest.mark.parametrize("rows", [100, 267, 268, 300])
def test_a_bound_that_a_model_without_mistakes_cannot_be_shown_to_meet(told, rows):
    found = told("accuracy on golden >= 99% with 95% confidence", rows)
    assert bool(found) == (wilson(rows, rows, 0.95)[0] < 0.99), found


def test_how_many_rows_would_do_is_right(told):
    found = told("accuracy on holdout >= prod - 0.5pp with 99% confidence", 100)
    assert "100 rows of `holdout`" in found[0]
    assert paired_proportions(1077, 0, 0, 0.99).low >= -0.005 > paired_proportions(1076, 0, 0, 0.99).low


@pytest.mark.parametrize(
    "claim",
    [
        "accuracy on golden >= 99%",
        "auc on golden >= prod - 1pp",
        "accuracy on golden >= prod + 1pp",
        "accuracy on golden by carrier >= prod - 1pp",
        "loss on golden <= prod + 0.1x",
    ],
)
def test_what_is_decided_otherwise_or_not_known_is_left_alone(told, claim):
    assert told(claim) == []


def test_the_latest_version_and_broken_ones(told):
    assert told("accuracy on holdout >= prod - 1pp", version="")
    for broken in ("{", "[]", '{"holdings": [1]}', '{"holdings": null}'):
        assert told("accuracy on holdout >= prod - 1pp", holding=broken) == []
    assert told("accuracy on holdout >= prod - 1pp", version="version 7") == []
