"""Candidates that must not be released, on a real rehearsal server: each is caught at its stage, its cause named."""

import shutil
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

pytest.importorskip("tensorflow")
pytest.importorskip("uvicorn")

import canary_subjects
import tensorflow as tf

from mltspec.checks.canary import agrees, answers, loads, under_traffic
from mltspec.compile.expectations import understand
from mltspec.compile.names import Declared, Names
from mltspec.compile.planning import params_of
from mltspec.evidence.canary import CanaryAsk, CanaryEvidence
from mltspec.evidence.traffic import TrafficEvidence
from mltspec.language.parse import parse
from mltspec.language.source import Source, Span
from mltspec.plan.quantity import Quantity
from mltspec.plan.subject import Data, Model, Origin, Server
from mltspec.serving.asking import wait_ready
from mltspec.serving.canary import Stream
from mltspec.serving.systems.local import Local
from mltspec.subjects.bench import Bench
from mltspec.subjects.observers.canary import observe

HERE = Path(__file__).parent
SERVER = Server(name="s", system="local", serves="models/m")
pytestmark = [
    pytest.mark.tensorflow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """A folder with ``models/m/1``: what serves before any candidate comes."""
    root = tmp_path_factory.mktemp("served")
    canary_subjects.export_fine(canary_subjects.build(), root / "models" / "m" / "1")
    return root


@pytest.fixture
def tried(tmp_path, served):
    """Try a candidate beside what serves; return what loads, answers and agrees say of it."""

    def go(build="build", export=None, data="data", rows=16, server=SERVER, **more):
        def target(name):
            return name and f"canary_subjects:{name}"

        more = {name: target(value) for name, value in more.items()}
        origin = Origin(kind="python", target=target(build))
        model = Model(name="m", build=origin, export=target(export), **more)
        rows_from = Data(name="d", origin=Origin(kind="python", target=target(data)))
        ask = CanaryAsk(model=model, data=rows_from, server=server, rows=rows, seed=3)
        (tmp_path / "objects").mkdir()
        bench = Bench((served, HERE), tmp_path, tmp_path / "objects", lambda done, total, unit: None, None, 1)
        (found,) = observe([ask], [], bench)
        seen = CanaryEvidence.from_json(found.to_json())
        within = Quantity(text="1e-4")
        return (
            loads.judge(loads.LoadsParams(on="s", within=Quantity(text="60s")), [seen]),
            answers.judge(answers.AnswersParams(on="s", rows=Quantity(text=f"{rows} rows"), source=None), [seen]),
            agrees.judge(agrees.AgreesParams(on="s", rows=rows, source=None, within=within), [seen]),
        )

    return go


def test_a_healthy_candidate_beside_what_serves_passes(tried):
    stages = tried()
    assert [stage.verdict for stage in stages] == ["passed"] * 3, stages


def test_another_signature(tried):
    loaded, answered, _ = tried(export="export_renamed")
    assert loaded.verdict == "passed"
    assert answered.verdict == "failed"
    assert "callers of version 1 would be refused, for the signature has changed" in answered.explanation
    assert "`rows` (FP32 [-1, 3]) is not taken any more" in answered.explanation
    assert "`features` (FP32 [-1, 3]) must be sent now" in answered.explanation


@pytest.mark.slow
def test_a_wrong_dtype(tried):
    loaded, answered, agreed = tried(export="export_whole_numbers")
    assert loaded.verdict == "passed"
    assert "`rows` takes INT32 [-1, 3] where it took FP32 [-1, 3]" in answered.explanation
    assert agreed.verdict == "failed"


def test_a_lambda_layer_that_calls_python(tried):
    loaded, *_ = tried("build_with_lambda")
    assert loaded.verdict == "failed"
    assert "the model calls Python (a Lambda layer" in loaded.explanation


@pytest.fixture(scope="session")
def halve_op(tmp_path_factory):
    """A custom op, compiled."""
    if shutil.which("g++") is None:
        pytest.skip("no compiler")
    library = tmp_path_factory.mktemp("op") / "halve.so"
    flags = [*tf.sysconfig.get_compile_flags(), *tf.sysconfig.get_link_flags()]
    source = str(HERE / "halve_op.cc")
    subprocess.run(["g++", "-w", "-shared", "-fPIC", "-O1", source, "-o", str(library), *flags], check=True)
    return str(library)


@pytest.mark.slow
def test_a_custom_op(tried, halve_op, monkeypatch):
    monkeypatch.setenv("HALVE_OP", halve_op)
    loaded, *_ = tried("build_with_custom_op")
    assert loaded.verdict == "failed"
    assert "Op type not registered 'MltspecHalve'" in loaded.explanation
    assert "`MltspecHalve` is a custom op, whose library was loaded where the model was made" in loaded.explanation


@pytest.mark.slow
def test_equal_features_in_serving_pass(tried):
    *_, agreed = tried(raw="raw", features="features", serving="features")
    assert agreed.verdict == "passed", agreed


@pytest.mark.slow
def test_a_missing_preprocessing_in_serving(tried):
    *_, agreed = tried(raw="raw", features="features_unscaled", serving="features")
    assert agreed.verdict == "failed"
    assert "raw rows are answered otherwise than in memory" in agreed.explanation
    assert "serving computes other features" in agreed.explanation


def test_swapped_inputs(tried):
    *_, agreed = tried("build_named", "export_swapped", "named_data", server=Server(name="s", system="local"))
    assert agreed.verdict == "failed"
    assert "the inputs arrive in another order: their names are swapped" in agreed.explanation


@pytest.mark.slow
def test_a_crash_on_one_row_in_a_thousand(tried):
    _, answered, _ = tried(export="export_crashing", data="thousand", rows=1000)
    assert answered.verdict == "failed"
    assert "1 of 1,000 rows got no answer" in answered.explanation
    assert "index out of the vocabulary" in answered.explanation


NAMES = Names({"s": Declared("server", Span(0, 0), lambda: SERVER)})


@pytest.fixture
def held(tmp_path, served):
    """Hold a canary of an export under traffic, on a real server beside what serves."""

    def go(export, line, seconds=4.0, rate=120.0):
        export(canary_subjects.build(), tmp_path / "candidate")
        shutil.copytree(served / "models" / "m", tmp_path / "m")
        (statement,) = parse(Source("a.mlt", f"{line}\n")).spec.statements
        params = params_of(understand(statement, NAMES, False), Span(0, 0))
        x, _ = canary_subjects.data()
        rows = [{"rows": x[at : at + 1]} for at in range(32)]
        with closing(Local("m", tmp_path / "m", tmp_path)) as system:
            system.start()
            wait_ready(system, 60)
            system.load("2", tmp_path / "candidate")
            stream = Stream(system, "1", "2", rows, [None] * 32, (0.5,), seconds, rate, 1, tmp_path)
            seen = TrafficEvidence(
                system="local",
                production=False,
                baseline="1",
                canary="2",
                looks_planned=stream.looks,
                looks=tuple(stream.run(params.claims(), under_traffic.ALPHA)),
                live_after=system.live_version(),
            )
        assert seen.live_after == "1"
        return under_traffic.judge(params, [seen])

    return go


HEALTHY = "expect canary on s at 50% of traffic { errors <= 0  p90 latency <= 2x  memory <= 12MB }"


@pytest.mark.slow
def test_a_healthy_candidate_under_traffic_passes(held):
    judgement = held(canary_subjects.export_fine, HEALTHY)
    assert judgement.verdict == "passed", judgement


@pytest.mark.slow
def test_ten_times_slower(held):
    judgement = held(canary_subjects.export_slow, HEALTHY, seconds=6.0, rate=40.0)
    assert judgement.verdict == "failed", judgement
    assert "the candidate is slower: p90" in judgement.explanation


@pytest.mark.slow
def test_leaking_memory(held):
    judgement = held(canary_subjects.export_leaking, HEALTHY)
    assert judgement.verdict == "failed"
    assert "the server's memory grew by" in judgement.explanation
    assert "it leaks" in judgement.explanation
