"""Metrics and slices without a framework, against scikit-learn."""

import math

import numpy as np
import pytest
from sklearn import metrics as sklearn

from mltspec.evidence.predictions import Filter
from mltspec.subjects.answers import Answers, Task
from mltspec.subjects.bench import Unfit
from mltspec.subjects.metrics import KNOWN, canonical, measure
from mltspec.subjects.slices import chosen, did_you_mean, split

GENERATOR = np.random.default_rng(0)
ROWS = 200
CLASS = GENERATOR.integers(0, 4, ROWS)
CHANCES = GENERATOR.dirichlet(np.ones(4), ROWS)
YES = GENERATOR.integers(0, 2, ROWS)
CHANCE = GENERATOR.random((ROWS, 1))
WEIGHT = GENERATOR.random(ROWS)


def value(name, truth, score, **options):
    return measure(KNOWN[name], Answers(truth, score, **options)).value


@pytest.mark.parametrize("truth", [CLASS, CLASS[:, None], np.eye(4)[CLASS]], ids=["numbers", "column", "one-hot"])
@pytest.mark.parametrize("weights", [None, WEIGHT], ids=["plain", "weighted"])
def test_classes(truth, weights):
    answers = {"truth": truth, "score": CHANCES, "weights": weights}
    decided, w = CHANCES.argmax(axis=1), {"sample_weight": weights}
    assert value("accuracy", **answers) == pytest.approx(sklearn.accuracy_score(CLASS, decided, **w))
    assert value("precision", **answers) == pytest.approx(sklearn.precision_score(CLASS, decided, average="macro", **w))
    assert value("recall", **answers) == pytest.approx(sklearn.recall_score(CLASS, decided, average="macro", **w))
    assert value("auc", **answers) == pytest.approx(
        np.mean([sklearn.roc_auc_score(label == CLASS, CHANCES[:, label], **w) for label in range(4)])
    )


@pytest.mark.parametrize("truth", [YES, YES[:, None].astype("float32"), 2 * YES - 1], ids=["flat", "column", "signs"])
@pytest.mark.parametrize("logits", [False, True])
def test_yes_or_no(truth, logits):
    score = np.log(CHANCE / (1 - CHANCE)) if logits else CHANCE
    decided = (CHANCE[:, 0] > 0.5).astype(int)
    assert value("accuracy", truth, score) == pytest.approx(sklearn.accuracy_score(YES, decided))
    assert value("precision", truth, score) == pytest.approx(sklearn.precision_score(YES, decided))
    assert value("recall", truth, score) == pytest.approx(sklearn.recall_score(YES, decided))
    assert value("auc", truth, score) == pytest.approx(sklearn.roc_auc_score(YES, CHANCE[:, 0]))


def test_two_outputs_are_one_question():
    both = np.concatenate([1 - CHANCE, CHANCE], axis=1)
    assert value("auc", YES, both) == pytest.approx(sklearn.roc_auc_score(YES, CHANCE[:, 0]))


def test_tags_of_which_several_hold():
    tags = GENERATOR.integers(0, 2, (ROWS, 3))
    score = GENERATOR.random((ROWS, 3))
    assert Answers(tags, score).asked is Task.TAGS
    assert value("accuracy", tags, score) == pytest.approx(np.mean((score > 0.5) == tags))
    assert value("auc", tags, score) == pytest.approx(sklearn.roc_auc_score(tags, score, average="macro"))


def test_numbers():
    truth = GENERATOR.normal(size=ROWS)
    score = (truth + GENERATOR.normal(size=ROWS))[:, None]
    assert value("mae", truth, score) == pytest.approx(sklearn.mean_absolute_error(truth, score))
    assert value("mse", truth, score, weights=WEIGHT) == pytest.approx(
        sklearn.mean_squared_error(truth, score, sample_weight=WEIGHT)
    )


def test_labels_every_step_of_a_sequence():
    truth = GENERATOR.integers(0, 4, (20, 7))
    score = GENERATOR.dirichlet(np.ones(4), (20, 7))
    found = measure(KNOWN["accuracy"], Answers(truth, score))
    assert found.value == pytest.approx((score.argmax(axis=-1) == truth).mean())
    assert found.contribution.shape == (20,)


@pytest.mark.parametrize("name", KNOWN)
def test_a_nan_prediction_makes_the_metric_nan(name):
    score = CHANCE.copy()
    score[3] = np.nan
    found = measure(KNOWN[name], Answers(YES, score))
    assert math.isnan(found.value)
    assert found.contribution is None or np.isnan(found.contribution).sum() == 1
    assert math.isnan(measure(KNOWN[name], Answers(YES[:0], CHANCE[:0])).value)


def test_a_slice_is_asked_the_same_question():
    """Rows of a slice may hold one class alone; that makes them no less classes."""
    at = np.flatnonzero(CLASS == 2)
    part = Answers(np.eye(4)[CLASS], CHANCES).take(at)
    assert part.asked is Task.CLASSES
    assert math.isnan(measure(KNOWN["auc"], Answers(YES, CHANCE).take(np.flatnonzero(YES == 1))).value)


def test_accuracy_of_numbers_is_refused_with_a_way_out():
    with pytest.raises(Unfit, match=r"not classes .* use `mae`, `mse` or `loss`"):
        value("accuracy", GENERATOR.normal(size=ROWS), CHANCE)


def test_errors_of_class_numbers_are_refused():
    with pytest.raises(Unfit, match="use `accuracy` or `loss`"):
        value("mae", CLASS, CHANCES)


def test_names_that_keras_gives():
    assert canonical("sparse_categorical_accuracy") == "accuracy"
    assert canonical("nonsense") == ""


COLUMNS = {
    "town": np.array([b"York", b"Bath", b"York", b"Bath"], object),
    "kept": np.array([[True], [True], [False], [True]]),
    "size": np.array([1.0, 2.0, np.nan, 1.0]),
    "pixels": np.zeros((4, 8)),
    "price": np.arange(4.0),
}


def test_slices_are_the_combinations_that_occur():
    found = split(COLUMNS, ["town", "kept"])
    assert [(part.where, part.at.tolist()) for part in found] == [
        ({"town": "Bath", "kept": "true"}, [1, 3]),
        ({"town": "York", "kept": "false"}, [2]),
        ({"town": "York", "kept": "true"}, [0]),
    ]
    assert split(COLUMNS, []) == []


def test_missing_is_a_value():
    assert [part.where["size"] for part in split(COLUMNS, ["size"])] == ["1", "2", "missing"]


def test_a_measurement_is_cut_into_ranges_of_equally_many_rows():
    values = np.concatenate([np.arange(30.0), [np.nan]])
    found = split({"size": values}, ["size"], 3)
    assert [(part.where["size"], len(part.at)) for part in found] == [
        ("<= 9", 10), ("9 to 19", 10), ("> 19", 10), ("missing", 1),
    ]  # fmt: skip


def rows_where(*conditions):
    return chosen(COLUMNS, [Filter(feature=f, compare=c, values=v) for f, c, v in conditions]).tolist()


def test_rows_that_meet_conditions():
    assert rows_where(("town", "=", ("Bath",))) == [1, 3]
    assert rows_where(("town", "!=", ("Bath",)), ("price", ">", ("0",))) == [2]
    assert rows_where(("town", "in", ("Bath", "York"))) == [0, 1, 2, 3]
    assert rows_where(("size", ">=", ("2",))) == [1]
    with pytest.raises(Unfit, match="compares numbers"):
        rows_where(("town", ">", ("2",)))


@pytest.mark.parametrize(
    ("by", "says"),
    [
        ("twon", "the data has no such feature; did you mean `town`?"),
        ("pixels", "it holds 8 values a row, and a slice needs one"),
    ],
)
def test_what_cannot_be_sliced_says_why(by, says):
    with pytest.raises(Unfit, match=says):
        split({**COLUMNS, "price": np.arange(100.0)}, [by])


def test_what_is_offered_for_an_unknown_name():
    assert did_you_mean("acuracy", ["accuracy", "loss"]) == "did you mean `accuracy`?"
    assert did_you_mean("zzz", ["b", "a"]) == "there are `a`, `b`"
    assert did_you_mean("zzz", []) == "there are none"
