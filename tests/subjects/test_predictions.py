import math

import numpy as np
import pytest

pytest.importorskip("tensorflow")
from measured import bench, data, model, run, state_of, trained

from mltspec.evidence.predictions import PredictionsAsk
from mltspec.subjects import data as datasets
from mltspec.subjects import framework, models, state
from mltspec.subjects.bench import Unfit
from mltspec.subjects.observers.predictions import observe

pytestmark = [pytest.mark.tensorflow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


@pytest.fixture
def measured(tmp_path):
    at = bench(tmp_path)

    def go(build, name, *metrics, by=(), label=None):
        asks = [PredictionsAsk(run=run(build, name), data=data(name, label=label), metric=m, by=by) for m in metrics]
        return observe(asks, [state_of(build, at, name)], at)

    go.bench = at
    return go


def evaluated(build, name, measured):
    """What Keras says of the same weights and rows."""
    kept = state_of(build, measured.bench, name)
    framework.prepare(1, 1)
    made = models.build(model(build), measured.bench)
    state.load_state(made, measured.bench.path(kept.state))
    x, y, weight = datasets.load(data(name), measured.bench, made).head(10_000)
    return made.evaluate(x, y, sample_weight=weight, batch_size=96, verbose=0, return_dict=True)


def scores(evidence, measured):
    with np.load(measured.bench.path(evidence.scores)) as kept:
        return {name: kept[name] for name in kept.files}


def test_compiled_and_known_metrics_in_one_pass(measured):
    found = {e.metric: e for e in measured("penalised", "flowers", "loss", "accuracy", "auc", "precision", "recall")}
    expected = evaluated("penalised", "flowers", measured)
    assert found["loss"].value == pytest.approx(expected["loss"], rel=1e-4)
    assert found["accuracy"].value == pytest.approx(expected["accuracy"])
    assert 0.5 < found["auc"].value <= 1
    assert found["loss"].higher_is_better is False
    assert all(e.higher_is_better for name, e in found.items() if name != "loss")
    assert {e.rows for e in found.values()} == {96}
    assert len({e.rows_digest for e in found.values()}) == 1


def test_scores_hold_what_a_comparison_needs(measured):
    loss, accuracy, auc = measured("penalised", "flowers", "loss", "accuracy", "auc")
    kept = scores(accuracy, measured)
    assert kept["truth"].shape == (96,)
    assert kept["score"].shape == (96, 3)
    assert set(np.unique(kept["contribution"])) <= {0.0, 1.0}
    assert kept["contribution"].mean() == pytest.approx(accuracy.value)
    assert scores(loss, measured)["contribution"].mean() == pytest.approx(loss.value, rel=1e-4)
    assert "contribution" not in scores(auc, measured)


def test_sample_weights_count_where_they_do_in_keras(measured):
    loss, accuracy, recall, top2 = measured("with_top2", "weighted_flowers", "loss", "accuracy", "recall", "top2")
    expected = evaluated("with_top2", "weighted_flowers", measured)
    assert loss.value == pytest.approx(expected["loss"], rel=1e-4)
    assert accuracy.value == pytest.approx(expected["accuracy"])
    assert top2.value == pytest.approx(expected["top2"], rel=1e-4)
    kept = scores(recall, measured)
    assert kept["row_weight"].tolist()[:3] == [0, 1, 2]
    assert "weight" not in scores(accuracy, measured)
    assert top2.higher_is_better is True


def test_slices_by_inputs_and_label(measured):
    accuracy, loss = measured("town", "towns", "accuracy", "loss", by=("town", "label"))
    assert {tuple(part.where) for part in accuracy.slices} == {("town", "label")}
    assert sum(part.rows for part in accuracy.slices) == 96
    for found in (accuracy, loss):
        whole = sum(part.value * part.rows for part in found.slices) / 96
        assert whole == pytest.approx(found.value, rel=1e-3)


def test_a_measurement_is_sliced_by_its_quantiles(measured):
    (found,) = measured("town", "towns", "accuracy", by=("price",))
    assert [part.rows for part in found.slices] == [24, 24, 24, 24]
    assert found.slices[0].where["price"].startswith("<= ")


def test_values_have_bounds_overall_and_by_slice(measured):
    accuracy, loss, f1 = measured("town", "towns", "accuracy", "loss", "f1_macro", by=("town",))
    for found in (accuracy, loss):
        assert found.low < found.value < found.high
        assert all(part.low <= part.value <= part.high for part in found.slices)
    assert "Wilson" in accuracy.method
    assert "skew" in loss.method
    assert f1.low is None
    assert f1.share


def test_rows_are_chosen_before_anything_is_measured(measured):
    from mltspec.evidence.predictions import Filter

    (whole,) = measured("town", "towns", "loss", by=("town",))
    only = (Filter(feature="town", compare="=", values=(whole.slices[0].where["town"],)),)
    at = measured.bench
    asked = [
        PredictionsAsk(run=run("town", "towns"), data=data("towns"), metric=metric, only=only)
        for metric in ("loss", "accuracy")
    ]
    loss, accuracy = observe(asked, [state_of("town", at, "towns")], at)
    assert loss.rows == accuracy.rows == whole.slices[0].rows
    assert loss.value == pytest.approx(whole.slices[0].value, rel=1e-4)
    assert loss.rows_digest not in ("", whole.rows_digest)
    none = (Filter(feature="town", compare="=", values=("Atlantis",)),)
    with pytest.raises(Unfit, match="no row meets `where town = Atlantis`"):
        observe([asked[0].model_copy(update={"only": none})], [state_of("town", at, "towns")], at)


def test_metrics_of_keras_scikit_learn_and_ones_own(measured):
    found = {
        each.metric: each
        for each in measured(
            "penalised", "flowers", "sklearn.balanced_accuracy", "keras.SparseCategoricalAccuracy",
            "measured_subjects:sure", "accuracy", "log_loss",
        )
    }  # fmt: skip
    assert found["keras.SparseCategoricalAccuracy"].value == pytest.approx(found["accuracy"].value)
    assert 0 < found["sklearn.balanced_accuracy"].value <= 1
    own = found["measured_subjects:sure"]
    assert own.low < own.value < own.high
    assert own.higher_is_better is True
    assert own.share
    assert len({each.settings for each in found.values()}) == 5


def test_equal_settings_are_told_as_equal_texts_and_others_as_others(measured):
    first, second = (measured("penalised", "flowers", "accuracy", "loss") for _ in "ab")
    assert [each.settings for each in first] == [each.settings for each in second]
    assert "0x" not in first[1].settings
    assert first[0].settings != first[1].settings


def test_the_label_has_its_own_name_too(measured):
    (found,) = measured("town", "towns", "auc", by=("kind",), label="kind")
    assert {part.where["kind"] for part in found.slices} == {"0", "1", "2"}


def test_several_heads(measured):
    found = measured("two_heads", "both", "loss", "kind_accuracy", "price_mae", "price_loss")
    loss, accuracy, mae, price = found
    assert 0 <= accuracy.value <= 1
    assert loss.value > price.value > 0
    assert mae.higher_is_better is False


def test_predictions_meet_the_labels_of_their_own_batch(measured):
    """The data comes in another order at each pass; a model that learnt it is right all the same."""
    (fixed,) = measured("penalised", "flowers", "accuracy")
    (shuffled,) = measured("penalised", "shuffled_flowers", "accuracy")
    assert fixed.value > 0.55
    assert shuffled.value > 0.55
    assert fixed.rows_digest != shuffled.rows_digest


def test_a_nan_prediction_is_nan(measured):
    accuracy, loss = measured("nan_model", "flowers", "accuracy", "loss")
    assert math.isnan(accuracy.value)
    assert math.isnan(loss.value)


@pytest.mark.parametrize(
    ("build", "name", "metric", "by", "says"),
    [
        ("healthy", "flowers", "acuracy", (), "there is no metric `acuracy`: did you mean `accuracy`?"),
        ("healthy", "flowers", "mae", (), "use `accuracy` or `loss`"),
        ("own_step", "houses", "accuracy", (), "for numbers use `mae`"),
        ("two_heads", "both", "accuracy", (), "did you mean `kind_accuracy`?"),
        ("town", "towns", "accuracy", ("twon",), "did you mean `town`?"),
    ],
)
def test_what_cannot_be_measured_says_why(measured, build, name, metric, by, says):
    with pytest.raises(Unfit) as refused:
        measured(build, name, metric, by=by)
    assert says in str(refused.value)


def test_a_run_without_state_is_refused(tmp_path):
    with pytest.raises(Unfit, match="cut short"):
        observe([PredictionsAsk(run=run(), data=data(), metric="loss")], [trained(None)], bench(tmp_path))


def test_every_slice_of_two_features_is_looked_at(measured):
    at = measured.bench
    ask = PredictionsAsk(run=run("town", "towns"), data=data("towns"), metric="accuracy", search=2, search_rows=5)
    (found,) = observe([ask], [state_of("town", at, "towns")], at)
    single = [part for part in found.slices if len(part.where) == 1]
    pairs = [part for part in found.slices if len(part.where) == 2]
    assert {tuple(part.where) for part in found.slices} == {("town",), ("price",), ("town", "price")}
    assert sum(part.rows for part in single) == 2 * 96
    assert 0 < sum(part.rows for part in pairs) <= 96
    assert all(part.rows >= 5 and part.low <= part.value <= part.high for part in found.slices)
    (by_town,) = measured("town", "towns", "accuracy", by=("town",))
    assert {part.where["town"]: part.value for part in single if "town" in part.where} == {
        part.where["town"]: pytest.approx(part.value) for part in by_town.slices
    }
