"""Faults of real serving systems, on those systems: each is caught and its cause named, and its counterpart passes."""

from pathlib import Path

import numpy as np
import pytest
from conftest import needed
from real_systems import SYSTEMS, mlserver

from mltspec.checks.canary import agrees
from mltspec.checks.rollback import quick_and_safe as rollback
from mltspec.compile.expectations import understand
from mltspec.compile.names import Names
from mltspec.compile.planning import params_of
from mltspec.evidence.canary import CanaryAsk
from mltspec.evidence.drill import RollbackEvidence
from mltspec.language.parse import parse
from mltspec.language.source import Source, Span
from mltspec.plan.quantity import Quantity
from mltspec.plan.subject import Data, Model, Origin, Server
from mltspec.serving import environments
from mltspec.serving.drill import Course
from mltspec.serving.open import open_system
from mltspec.serving.system import Trouble
from mltspec.serving.systems.ray_serve import RayServe
from mltspec.subjects.bench import Bench
from mltspec.subjects.observers.canary import observe

pytestmark = [
    pytest.mark.tensorflow,
    pytest.mark.serving,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]
ROWS = [{"x": np.random.default_rng(at).normal(size=(1, 4)).astype("float32")} for at in range(8)]
SUBJECTS = Path(__file__).parents[2] / "subjects"


def drilled(system, models, work, line, rate=100.0, cold=False):
    """Hold one drill on a system with version 1 live, and judge it."""
    system.load("2", models / "2")
    course = Course(system, "1", "2", ROWS, rate, 1, cold, work, seed=1)
    expected = course.expected()
    seen = RollbackEvidence(
        system=system.name,
        production=system.production,
        served_before="1",
        target="1",
        candidate="2",
        told_apart=expected.told_apart,
        rows=len(ROWS),
        drills=tuple(course.hold(expected)),
    )
    (statement,) = parse(Source("a.mlt", f"{line}\n")).spec.statements
    return seen, rollback.judge(params_of(understand(statement, Names(), False), Span(0, 0)), [seen])


@pytest.fixture
def tried(tmp_path):
    """Try a model on a Triton of our own, as `expect canary … agrees` does."""

    def go():
        model = Model(name="m", build=Origin(kind="python", target="served_subjects:build"))
        data = Data(name="d", origin=Origin(kind="python", target="served_subjects:train_data"))
        ask = CanaryAsk(model=model, data=data, server=Server(name="s", system="triton"), rows=16, seed=3)
        (tmp_path / "objects").mkdir()
        bench = Bench((SUBJECTS,), tmp_path, tmp_path / "objects", lambda done, total, unit: None, None, 1)
        (seen,) = observe([ask], [], bench)
        params = agrees.AgreesParams(on="s", rows=16, source=None, within=Quantity(text="1e-4"))
        return seen, agrees.judge(params, [seen])

    return go


def test_a_triton_that_is_healthy_agrees(tried):
    needed("triton")
    seen, judgement = tried()
    assert judgement.verdict == "passed", (judgement, seen.log)
    assert "over V2 REST and V2 gRPC and V2 gRPC, typed" in judgement.explanation


def test_a_triton_that_gives_the_model_the_first_number_everywhere(tried, tmp_path, monkeypatch):
    """Its backend was built for NumPy 1: with NumPy 2 it is live, ready, answers 200, and is wrong."""
    needed("triton")
    whole = environments.environment("triton")
    crippled = tmp_path / "environments" / "triton"
    (crippled / "np1").mkdir(parents=True)
    for name in ("trt", "tb", "ready"):
        (crippled / name).symlink_to(whole / name)
    monkeypatch.setenv("MLTSPEC_SERVING_ENVS", str(crippled.parent))
    seen, judgement = tried()
    assert (seen.load_error, seen.unanswered) == ("", 0)
    assert judgement.verdict == "failed"
    assert "the server gives the model the first number of each input in place of every number" in judgement.explanation


@pytest.mark.parametrize(("control", "verdict"), [("mlserver", "failed"), ("mlserver_in_place", "passed")])
def test_an_mlserver_fails_requests_while_a_new_version_is_loaded(models, tmp_path, control, verdict):
    needed("mlserver")
    with mlserver(models, tmp_path, control) as system:
        seen, judgement = drilled(system, models, tmp_path, "expect rollback < 5s")
    assert judgement.verdict == verdict, judgement
    if verdict == "failed":
        assert "requests failed (status" in judgement.explanation
        assert "not ready" in judgement.explanation
    assert sum(drill.wrong for drill in seen.drills) == 0


def test_an_mlserver_that_never_becomes_ready(models, tmp_path):
    """With uvloop 0.22 its workers end, and the server stays up without a model."""
    needed("mlserver")
    needed("mlserver-uvloop")
    overlay = [str(environments.environment("mlserver-uvloop"))]
    with (
        pytest.raises(Trouble, match=r"was not ready within|nothing listens") as told,
        mlserver(models, tmp_path, environment=overlay, limit_s=15),
    ):
        pass
    assert "uvloop" in str(told.value) or "event loop" in str(told.value)


@pytest.fixture(scope="module")
def ray(models, tmp_path_factory):
    needed("ray")
    with SYSTEMS["ray"](models, tmp_path_factory.mktemp("ray")) as system:
        yield system


@pytest.mark.parametrize(("waits", "verdict"), [(False, "failed"), (True, "passed")])
def test_a_ray_serve_whose_command_returns_before_the_rollback_is_true(ray, models, tmp_path, waits, verdict):
    if ray.versions() == ("1",) and not (ray._folder / "2").exists():
        ray.load("2", models / "2")
    system = RayServe(ray._address, "half", None, waits=waits)
    system.load = lambda version, folder=None: None
    seen, judgement = drilled(system, models, tmp_path, "expect rollback < 20s { slowest answer <= 5s }", rate=20.0)
    assert judgement.verdict == verdict, judgement
    if verdict == "failed":
        assert "were sent after the server had said it was done, and met the candidate" in judgement.explanation
    assert sum(drill.failed + drill.wrong for drill in seen.drills) == 0


@pytest.mark.parametrize(("over", "verdict"), [("rest", "failed"), ("grpc", "passed")])
def test_a_triton_that_keeps_a_caller_waiting_while_it_loads(models, tmp_path, over, verdict):
    """An order to load over REST holds one of the server's threads, and every caller whose connection is on it."""
    needed("triton")
    with SYSTEMS["triton"](models, tmp_path) as ours:
        server = Server(
            name="s", system="open_inference", address=str(ours.address), serves="half", model="half", drill=True,
            grpc=str(ours._grpc) if over == "grpc" else None,
        )  # fmt: skip
        system = open_system(server, "half", ours._home, tmp_path)
        line = "expect rollback < 60s { slowest answer <= 3s }"
        seen, judgement = drilled(system, models, tmp_path, line, rate=50.0, cold=True)
    assert judgement.verdict == verdict, judgement
    assert sum(drill.wrong for drill in seen.drills) == 0
    if verdict == "failed":
        assert "a caller was kept waiting while versions changed" in judgement.explanation
