"""Exports, faithful and not, judged as the check judges them."""

from pathlib import Path

import pytest

pytest.importorskip("tensorflow")

from mltspec.checks.canary import exported_model_agrees as check
from mltspec.evidence.exported import ExportedAsk, ExportedEvidence
from mltspec.plan.quantity import Quantity
from mltspec.plan.subject import Data, Model, Origin
from mltspec.subjects.bench import Bench
from mltspec.subjects.observers.exported import observe

pytestmark = [
    pytest.mark.tensorflow,
    # Keras' export and TensorFlow's loader warn about themselves.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


def target(name):
    return f"served_subjects:{name}"


@pytest.fixture
def exported(tmp_path):
    def go(build="build", export=None, data="train_data", **options):
        model = Model(
            name="m",
            build=Origin(kind="python", target=target(build)),
            export=export and target(export),
            **options,
        )
        ask = ExportedAsk(
            model=model, data=Data(name="d", origin=Origin(kind="python", target=target(data))), rows=256, seed=3
        )
        bench = Bench((Path(__file__).parent,), tmp_path, tmp_path, lambda done, total, unit: None, None, 1)
        (found,) = observe([ask], [], bench)
        return ExportedEvidence.from_json(found.to_json())

    return go


def judged(seen):
    params = check.ExportedParams(within=Quantity(text="1e-4"), on=None, rows=Quantity(text="256 rows"))
    return check.judge(params, [seen])


HEALTHY = [
    ("build", "train_data"),
    ("build_dropout", "train_data"),
    ("build_norm", "train_data"),
    ("build_half", "train_data"),
    ("build_two_heads", "train_data"),
    ("build_named", "named_data"),
    ("build_text", "text_data"),
]


@pytest.mark.parametrize(("build", "data"), HEALTHY)
def test_a_faithful_export_is_let_through(exported, build, data):
    judgement = judged(exported(build, data=data))
    assert judgement.verdict == "passed", judgement.explanation
    assert "40 rows differ by at most" in judgement.explanation


def test_an_export_of_the_users_own(exported):
    assert judged(exported("build_dropout", "export_fine")).verdict == "passed"


@pytest.mark.parametrize("export", ["export_with_classes", "export_classes"])
def test_an_export_may_answer_more_or_with_classes(exported, export):
    judgement = judged(exported("build", export))
    assert judgement.verdict == "passed", judgement.explanation


def test_an_export_that_computes_the_features_itself(exported):
    paths = {"raw": target("raw"), "features": target("divided")}
    seen = exported("build", "export_from_raw", **paths)
    assert seen.fed == "raw rows"
    assert judged(seen).verdict == "passed"
    seen = exported("build", "export_from_raw", raw=target("raw"), features=target("matrix"))
    assert judged(seen).verdict == "failed"


FAULTS = [
    ("build_dropout", "export_in_training", "two identical calls of the exported model differ by"),
    ("build_norm", "export_in_training", "answers as the model does in training mode (training=True)"),
    ("build", "export_one_size", "the batch size was fixed when it was traced (its input `rows` has shape (40, 3))"),
    ("build", "export_logits", "the export leaves out the softmax at the end and answers with logits"),
    ("build", "export_softmax_twice", "the export applies softmax once more"),
    ("build", "export_anew", "the export holds other weights than the model it was given, first `"),
    ("build", "export_whole_numbers", "the export leaves out a step, adds one, or casts its inputs"),
    ("build", "export_by_batch", "the exported model's rows depend on each other: a row sent alone"),
    ("build", "export_nothing", "cannot be exported and called: OSError: the disk is full"),
]


@pytest.mark.parametrize(("build", "export", "says"), FAULTS)
def test_the_cause_of_an_unfaithful_export_is_named(exported, build, export, says):
    judgement = judged(exported(build, export))
    assert judgement.verdict == "failed"
    assert says in judgement.explanation


def test_inputs_that_an_export_confuses(exported):
    judgement = judged(exported("build_named", "export_swapped", "named_data"))
    assert "their names are swapped in the signature" in judgement.explanation


def test_inputs_fed_by_position(exported):
    raw = {"raw": target("raw"), "data": "named_data"}
    judgement = judged(exported("build_named", serving=target("listed"), **raw))
    assert judgement.verdict == "failed"
    assert "fed by position, in the order in which serving lists them (weight, age, mileage)" in judgement.explanation
    assert "alphabetical order (age, mileage, weight)" in judgement.explanation
    judgement = judged(exported("build_alphabetical", serving=target("listed_alphabetical"), **raw))
    assert "and fed by position as by name" in judgement.explanation
    assert judged(exported("build_named", serving=target("by_name"), **raw)).verdict == "passed"


def test_a_model_that_is_random_at_inference_is_compared_by_its_means(exported):
    judgement = judged(exported("build_random"))
    assert judgement.verdict == "passed"
    assert "random at inference" in judgement.explanation
    assert judged(exported("build_random", "export_random_scaled")).verdict == "failed"


def test_randomness_that_is_declared_is_no_fault(exported):
    seen = exported("build_dropout", "export_in_training", declares=("stochastic_inference",))
    assert "two identical calls" not in judged(seen).explanation
