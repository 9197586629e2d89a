"""Looks at data sets, healthy and faulty, judged as the checks judge them."""

from pathlib import Path

import pytest

pytest.importorskip("tensorflow")

from mltspec.checks.pipeline import data_passes_agree, data_well_fed, no_leakage
from mltspec.evidence.dataset import DatasetAsk, DatasetEvidence
from mltspec.plan.subject import Data, Fit, Model, Origin
from mltspec.subjects.bench import Bench
from mltspec.subjects.observers.dataset import observe

pytestmark = pytest.mark.tensorflow


def data(name):
    return Data(name=name, origin=Origin(kind="python", target=f"fed_subjects:{name}"))


@pytest.fixture
def look(tmp_path):
    def go(name, training="plain", build="build", rows=10_000, settings=None):
        origin = Origin(kind="python", target=f"fed_subjects:{build}")
        model = Model(name="m", build=origin, fit=Fit(settings=settings and f"fed_subjects:{settings}"))
        ask = DatasetAsk(model=model, training=data(training), data=data(name), rows=rows, seed=3)
        bench = Bench((Path(__file__).parent,), tmp_path, tmp_path, lambda done, total, unit: None, None, 1)
        (found,) = observe([ask], [], bench)
        return DatasetEvidence.from_json(found.to_json())

    return go


def fed(seen):
    return data_well_fed.judge(data_well_fed.DataParams(on=None), [seen])


def leaks(seen):
    return no_leakage.judge(no_leakage.LeakageParams(into="holdout"), [seen])


def agrees(seen):
    return data_passes_agree.judge(data_passes_agree.PassesParams(on="holdout"), [seen])


@pytest.mark.parametrize("name", ["plain", "other", "dealt_once_holdout", "as_sequence", "labelled"])
def test_healthy_data_is_let_through(look, name):
    seen = look(name, training="dealt_once_training" if "dealt" in name else "own_training")
    assert fed(seen).verdict == "passed"
    assert leaks(seen).verdict == "passed"
    assert agrees(seen).verdict == "passed"


def test_a_gap_is_named_by_place(look):
    seen = look("with_gaps", training="with_gaps")
    assert fed(seen).verdict == "failed"
    assert "missing values (NaN, as an empty cell becomes): 3 cells in 3 rows, first at row 7 in column 1" in (
        fed(seen).explanation
    )
    assert seen.missing[0].carried is False


def test_a_gap_that_the_model_fills_is_no_fault(look):
    seen = look("with_gaps", training="with_gaps", build="build_filling")
    assert fed(seen).verdict == "passed"
    assert "3 rows of input hold NaN, and the model takes them" in fed(seen).explanation


def test_a_gap_in_the_labels(look):
    seen = look("with_label_gaps", training="with_label_gaps", build="build_number")
    assert "labels holds missing values" in fed(seen).explanation
    assert "its loss on such rows is not finite" in fed(seen).explanation


def test_inputs_that_tell_nothing(look):
    assert "all 200 rows have the same inputs" in fed(look("all_alike", training="all_alike")).explanation


def test_a_label_among_the_inputs(look):
    explanation = fed(look("label_inside", training="label_inside")).explanation
    assert "the label itself leaks into the inputs: `input, column 2` equals it in every row" in explanation


FROZEN = {
    "frozen_np": "np.random",
    "frozen_python": "random",
    "frozen_generator": "GENERATOR",
    "frozen_both": "np.random",
    "frozen_seed": "a constant seed",
    "frozen_lambda": "np.random",
    "frozen_partial": "np.random",
    "frozen_parallel": "np.random",
}


@pytest.mark.parametrize("name", FROZEN)
def test_noise_that_is_drawn_once_is_found(look, name):
    seen = look(name, training=name)
    (draw,) = seen.frozen
    assert draw.source == FROZEN[name]
    assert draw.place.startswith("fed_subjects.py:")
    assert "adds the same constant noise to every row of every epoch" in fed(seen).explanation


@pytest.mark.parametrize(
    "name",
    [
        "fresh_tf",
        "fresh_seed_drawn",
        "fresh_numpy_function",
        "fresh_row_seed",
        "fresh_keras",
        "drawn_for_nothing",
        "cached_before",
    ],
)
def test_noise_that_is_drawn_row_by_row_is_let_through(look, name):
    seen = look(name, training=name)
    assert seen.frozen == ()
    assert seen.cached == ()
    assert fed(seen).verdict == "passed"


def test_augmentation_before_a_cache(look):
    seen = look("cached_after", training="cached_after")
    assert seen.frozen == ()
    assert "stands before a cache(), so that every epoch repeats" in fed(seen).explanation


def test_a_split_dealt_anew_at_each_pass(look):
    seen = look("dealt_holdout", training="dealt_training")
    assert leaks(seen).verdict == "failed"
    assert "but only 0 in the first epoch: each pass is dealt anew, as shuffle() before take()" in (
        leaks(seen).explanation
    )
    assert "rows are dealt or augmented anew at each pass" in agrees(seen).explanation


def test_a_holdout_in_another_order(look):
    seen = look("shuffled_holdout")
    assert leaks(seen).verdict == "passed"
    assert agrees(seen).verdict == "failed"
    assert "come in another order; it is shuffled at each pass" in agrees(seen).explanation
    assert fed(seen).verdict == "passed"


def test_the_training_data_as_holdout(look):
    assert "the training data itself" in leaks(look("plain")).explanation
    assert leaks(look("frozen_np", training="plain")).verdict == "passed"


def test_batches_of_one_class(look):
    seen = look("sorted_by_class", training="sorted_by_class")
    assert "rows come sorted by label, so shuffle them" in fed(seen).explanation
    seen = look("sorted_then_shuffled", training="sorted_then_shuffled")
    assert seen.batches is not None
    assert fed(seen).verdict == "passed"
    assert look("sorted_by_class").batches is None


def test_a_validation_split_of_sorted_rows(look):
    seen = look("sorted_arrays", training="sorted_arrays", settings="SPLIT")
    assert "validation_split takes the last of them before shuffling" in fed(seen).explanation
    assert fed(look("sorted_arrays", training="sorted_arrays")).verdict == "passed"
    assert fed(look("plain", settings="SPLIT")).verdict == "passed"


def test_a_holdout_on_another_scale(look):
    seen = look("scaled", training="unscaled_training")
    explanation = fed(seen).explanation
    assert "its input is skewed against the training data" in explanation
    assert "scaling was left out on one side" in explanation
    assert fed(look("scaled", training="scaled")).verdict == "passed"


def test_a_holdout_normalised_by_its_own_figures(look):
    assert "normalised by its own mean and spread" in fed(look("own_holdout", training="own_training")).explanation
    assert fed(look("other", training="own_training")).verdict == "passed"


def test_classes_numbered_otherwise(look):
    assert "its classes are numbered differently" in fed(look("numbered_from_one")).explanation


def test_rows_of_weight_zero_count_for_nothing(look):
    seen = look("labelled", training="mostly_unlabelled", build="build_number")
    assert fed(seen).verdict == "passed"


def test_what_is_not_read_is_said(look):
    seen = look("other", rows=32)
    assert (seen.rows, seen.whole) == (32, False)
    assert look("other", rows=80).whole
    seen = look("dealt_once_holdout", training="dealt_once_training", rows=16)
    assert (seen.rows, seen.whole) == (16, False)
    assert "rows after these were not read" in fed(seen).explanation
