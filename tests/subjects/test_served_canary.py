"""Exports, healthy and not, on a real server of our own: each is judged as the canary's stages judge it."""

from pathlib import Path

import pytest

pytest.importorskip("tensorflow")
pytest.importorskip("uvicorn")

from mltspec.checks.canary import agrees, answers, loads
from mltspec.evidence.canary import CanaryAsk, CanaryEvidence
from mltspec.plan.quantity import Quantity
from mltspec.plan.subject import Data, Model, Origin, Server
from mltspec.subjects.bench import Bench
from mltspec.subjects.observers.canary import observe

pytestmark = [
    pytest.mark.tensorflow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


@pytest.fixture
def tried(tmp_path):
    def go(build, export=None, **more):
        model = Model(
            name="m",
            build=Origin(kind="python", target=f"served_subjects:{build}"),
            export=export and f"served_subjects:{export}",
            **more,
        )
        data = Data(name="d", origin=Origin(kind="python", target="served_subjects:train_data"))
        ask = CanaryAsk(model=model, data=data, server=Server(name="s", system="local"), rows=16, seed=3)
        (tmp_path / "objects").mkdir()
        bench = Bench((Path(__file__).parent,), tmp_path, tmp_path / "objects", lambda done, total, unit: None, None, 1)
        (found,) = observe([ask], [], bench)
        seen = CanaryEvidence.from_json(found.to_json())
        text = {"within": Quantity(text="1e-4")}
        return (
            loads.judge(loads.LoadsParams(on="s", within=Quantity(text="60s")), [seen]),
            answers.judge(answers.AnswersParams(on="s", rows=Quantity(text="16 rows"), source=None), [seen]),
            agrees.judge(agrees.AgreesParams(on="s", rows=16, source=None, **text), [seen]),
        )

    return go


def test_a_healthy_candidate_passes_all_stages(tried):
    loaded, answered, agreed = tried("build_dropout")
    assert loaded.verdict == answered.verdict == agreed.verdict == "passed", (loaded, answered, agreed)
    assert "5 bad requests were refused clearly" in answered.explanation
    assert "V2 REST and V1 REST" in agreed.explanation


def test_a_candidate_with_dropout_left_on_agrees_not(tried):
    loaded, _, agreed = tried("build_dropout", "export_in_training")
    assert loaded.verdict == "passed"
    assert agreed.verdict == "failed"
    assert "training=True" in agreed.explanation
