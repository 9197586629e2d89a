"""Splits that leak by row, by group, by time or by label, and splits that do not, judged as the check judges them."""

from pathlib import Path
from tempfile import mkdtemp

import pytest
from forking_bench import make_bench

pytest.importorskip("pandas")
pytest.importorskip("scipy")

import numpy as np
import pandas as pd

from mltspec.checks.pipeline import splits_apart
from mltspec.evidence.pipeline import PipelineAsk
from mltspec.evidence.splits import SplitsAsk
from mltspec.plan.subject import Pipeline, Stage
from mltspec.subjects.bench import Unfit
from mltspec.subjects.observers import pipeline, splits

STAGES = """
import shutil
from pathlib import Path

def split(output: Path):
    for name in ("train.csv", "test.csv"):
        shutil.copyfile(Path(__file__).parent / name, output / name)
"""


@pytest.fixture
def judged(tmp_path):
    def go(train, test, **more):
        (tmp_path / "given_splits.py").write_text(STAGES)
        train.to_csv(tmp_path / "train.csv", index=False)
        test.to_csv(tmp_path / "test.csv", index=False)
        stage = Stage(name="split", python="given_splits:split")
        run = PipelineAsk(pipeline=Pipeline(name="p", stages=(stage,)), rows=None, seed=0)
        bench = make_bench(Path(mkdtemp(dir=tmp_path)), tmp_path)
        found = pipeline.observe([run], [], bench)
        names = {"first": "train.csv", "second": "test.csv", "stage": "split"}
        ask = SplitsAsk(run=run, **names, **{"label_column" if k == "label" else k: v for k, v in more.items()})
        blank = dict.fromkeys(splits_apart.SplitsParams.model_fields)
        params = splits_apart.SplitsParams.model_validate(blank | names | more)
        return splits_apart.judge(params, splits.observe([ask], found, bench))

    return go


def table(rows=200, seed=0):
    draw = np.random.default_rng(seed)
    score = draw.normal(size=rows).round(6)
    return pd.DataFrame(
        {
            "id": range(seed * 1000, seed * 1000 + rows),
            "score": score,
            "patient": [f"p{seed}-{at % 20}" for at in range(rows)],
            "day": [f"2020-{seed + 1:02d}-{at % 28 + 1:02d}" for at in range(rows)],
            "ill": (score + draw.normal(size=rows) > 0).astype(int),
        }
    )


ALL = {"apart_from": ("id",), "groups": ("patient",), "time": "day", "label": "ill"}


def test_a_sound_split_is_let_through(judged):
    judgement = judged(table(), table(80, 1), **ALL)
    assert judgement.verdict == "passed", judgement.explanation
    assert "0 of 80 rows" in judgement.explanation


def test_rows_in_both(judged):
    train = table()
    leaking = pd.concat([table(80, 1), train.head(20).assign(id=range(9000, 9020))])
    assert judged(train, leaking).verdict == "passed"  # ids make all rows different
    judgement = judged(train, leaking, apart_from=("id",))
    assert judgement.verdict == "failed"
    assert "20 of 100 rows (20.0%) of `test.csv` stand in `train.csv` too" in judgement.explanation


def test_equal_rows_of_a_small_domain_are_chance(judged):
    small = pd.DataFrame({"die": np.random.default_rng(0).integers(1, 7, 100)})
    judgement = judged(small, small.head(30))
    assert judgement.verdict == "passed"
    assert "no more than by chance" in judgement.explanation


def test_groups_in_both(judged):
    judgement = judged(table(), table(80, 1).assign(patient="p0-3"), groups=("patient",))
    assert judgement.verdict == "failed"
    assert "1 of 1 values of patient stand in both (`p0-3`, …), in 80 rows" in judgement.explanation


def test_the_past_judged_by_its_future(judged):
    judgement = judged(table(seed=1), table(80, 0), time="day")
    assert judgement.verdict == "failed"
    assert "200 rows of `train.csv` are not before `test.csv`, which begins at 2020-01-01" in judgement.explanation


@pytest.mark.parametrize(
    ("make", "tells"),
    [
        (lambda ill: ill.map({0: "well", 1: "ill"}), True),
        (lambda ill: ill * 10.0 + np.random.default_rng(1).uniform(size=len(ill)), True),
        (lambda ill: ill.where(np.arange(len(ill)) != 7, 1 - ill), False),
    ],
)
def test_a_feature_that_is_the_label(judged, make, tells):
    tables = [each.assign(after=make(each["ill"])) for each in (table(), table(80, 1))]
    judgement = judged(*tables, label="ill")
    assert judgement.verdict == ("failed" if tells else "passed"), judgement.explanation
    assert ("`after` tells ill of every row" in judgement.explanation) is tells


def test_what_is_not_there_is_no_verdict(judged):
    with pytest.raises(Unfit, match="there is no column `patents` in both tables; did you mean `patient`"):
        judged(table(), table(80, 1), groups=("patents",))


def test_nothing_is_never_a_pass(judged):
    assert judged(table(), table(0, 1)).verdict in ("inconclusive", "failed")
