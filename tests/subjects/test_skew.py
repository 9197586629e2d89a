"""Raw rows on both paths to a model, judged as the check judges them."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tensorflow")

from mltspec.checks.pipeline import serving_matches_training as check
from mltspec.evidence.skew import SkewAsk, SkewEvidence
from mltspec.plan.quantity import Quantity
from mltspec.plan.subject import Data, Model, Origin
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.observers.skew import observe
from mltspec.subjects.skew_relation import compare

pytestmark = pytest.mark.tensorflow


def target(name):
    return Origin(kind="python", target=f"served_subjects:{name}")


@pytest.fixture
def skew(tmp_path):
    def go(features="matrix", serving="matrix", build="build", data="train_data", raw="raw"):
        paths = {"features": features, "serving": serving}
        named = {path: f"served_subjects:{name}" for path, name in paths.items() if name}
        model = Model(name="m", build=target(build), raw=raw and f"served_subjects:{raw}", **named)
        ask = SkewAsk(model=model, data=Data(name="d", origin=target(data)), rows=256, seed=3)
        bench = Bench((Path(__file__).parent,), tmp_path, tmp_path, lambda done, total, unit: None, None, 1)
        (found,) = observe([ask], [], bench)
        return SkewEvidence.from_json(found.to_json())

    return go


def judged(seen):
    params = check.SkewParams(within=Quantity(text="1e-4"), rows=Quantity(text="256 rows"))
    return check.judge(params, [seen])


HEALTHY = [
    {},
    {"serving": "doubled"},
    {"raw": "raw_list"},
    {"serving": None},
    {"features": None},
    {"features": "by_name", "serving": "listed", "build": "build_named", "data": "named_data"},
    {"features": "by_name", "serving": "by_name_and_more", "build": "build_named", "data": "named_data"},
    {"features": "town", "serving": "town", "build": "build_text", "data": "text_data"},
    {"features": "standard", "serving": "standard"},
]


@pytest.mark.parametrize("healthy", HEALTHY, ids=str)
def test_equal_paths_are_let_through(skew, healthy):
    judgement = judged(skew(**healthy))
    assert judgement.verdict == "passed"
    assert "and the model answers each with numbers" in judgement.explanation


SKEWED = [
    ("divided", "serving is training / 255: one side scales"),
    ("shifted", "serving is training / 5 - 1: the two scale or normalise by different figures"),
    ("reversed_columns", "serving holds the same columns in another order (they come in reverse)"),
    ("other_columns", "another order (column 0 of serving is column 1 of training)"),
    ("logged", "serving is log(1 + training)"),
    ("rounded", "serving rounds to whole numbers"),
    ("standard_by_column", "each column is scaled by figures of its own"),
    ("two_columns", "shapes differ: (rows, 3) in training, (rows, 2) in serving"),
    ("raises", "serving raises on raw rows that training's features take: KeyError: 'colour'"),
    ("noisy", "no single scale, offset or order of columns explains it"),
]


@pytest.mark.parametrize(("serving", "says"), SKEWED)
def test_the_rule_behind_a_skew_is_named(skew, serving, says):
    judgement = judged(skew(serving=serving))
    assert judgement.verdict == "failed"
    assert says in judgement.explanation


def test_gaps_filled_in_differently(skew):
    judgement = judged(skew(features="filled_with_mean", serving="filled_with_zero"))
    assert "missing values are filled in differently: serving holds 0 in each of those cells" in judgement.explanation


def test_inputs_by_name(skew):
    named = {"features": "by_name", "build": "build_named", "data": "named_data"}
    swapped = judged(skew(serving="by_name_swapped", **named)).explanation
    assert "features differ in `age`" in swapped
    assert "inputs are swapped: serving puts training's `mileage` there" in swapped
    assert (
        "serving leaves it out: serving gives weight, mileage"
        in judged(skew(serving="by_name_less", **named)).explanation
    )


def test_texts(skew):
    seen = skew(features="town", serving="town_lower", build="build_text", data="text_data")
    assert "texts differ: they differ in case and blanks alone" in judged(seen).explanation


def test_normalisation_by_the_request(skew):
    seen = skew(features="standard_by_request", serving="standard_by_request")
    assert seen.inputs[0].largest == 0
    assert "normalised by statistics of the request" in judged(seen).explanation


@pytest.mark.parametrize(("build", "layer"), [("build_log", "log_scale"), ("build_log_operation", "log")])
def test_a_raw_row_without_an_answer(skew, build, layer):
    judgement = judged(skew("rooms", "rooms", build, "more_rooms"))
    assert judgement.verdict == "failed"
    assert "8 of 40 raw rows get no finite answer (NaN or infinity), first row 0" in judgement.explanation
    assert f"layer `{layer}`" in judgement.explanation
    assert "it is given 0 there" in judgement.explanation
    assert "training rows never do" in judgement.explanation


def test_gaps_in_the_features(skew):
    judgement = judged(skew(serving="with_gaps", features="with_gaps"))
    assert "the training features hold NaN or infinity already" in judgement.explanation


def test_no_raw_rows(skew):
    with pytest.raises(Unfit, match="declares no raw rows"):
        skew(raw=None)


def test_rules_hold_for_every_cell_or_not_at_all():
    generator = np.random.default_rng(0)
    a = generator.normal(size=(30, 12))
    b = a / 255
    assert compare("x", a, b, {}).relation == "ratio"
    b[3, 4] += 0.01
    assert compare("x", a, b, {}).relation == "other"
    image = generator.uniform(size=(5, 4, 4, 3))
    assert compare("x", image, image[..., ::-1], {}).note == "each three are reversed, as RGB and BGR are"
    assert compare("x", a, a.astype("float32"), {}).relation == "equal"
    assert compare("x", a, -a, {}).factor == pytest.approx(-1)
