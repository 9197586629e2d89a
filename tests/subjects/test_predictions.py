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
        ("town", "towns", "accuracy", ("price",), "96 distinct values"),
    ],
)
def test_what_cannot_be_measured_says_why(measured, build, name, metric, by, says):
    with pytest.raises(Unfit) as refused:
        measured(build, name, metric, by=by)
    assert says in str(refused.value)


def test_a_run_without_state_is_refused(tmp_path):
    with pytest.raises(Unfit, match="cut short"):
        observe([PredictionsAsk(run=run(), data=data(), metric="loss")], [trained(None)], bench(tmp_path))
