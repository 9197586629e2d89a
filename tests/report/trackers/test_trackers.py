"""Runs as trackers read them back, by the trackers' own readers."""

import math
import subprocess
import sys

import pytest
from click.testing import CliRunner
from story import ended, judged, started, told

from mltspec.cli.track import command
from mltspec.plan.picture import Curves, Line
from mltspec.plan.verdict import Verdict
from mltspec.report.json_report import report, to_text
from mltspec.report.trackers.mlflow import name_of
from mltspec.report.trackers.tracked import series

CURVE = Curves(
    title="loss", x="step", y="loss",
    lines=(Line(name="run 1", x=(0, 10, 20), y=(1.0, 0.5, math.nan)), Line(name="run 2", x=(0.5, 1.5), y=(2.0, 3.0))),
)  # fmt: skip


@pytest.fixture
def run():
    held = judged(Verdict.PASSED, "s/held[x=1]").model_copy(update={"pictures": (CURVE,)})
    return report(told(started(3), held, judged(Verdict.FAILED, "s/not"), judged(Verdict.ERROR, "s/broken"), ended()))


def test_what_could_not_be_judged_neither_held_nor_failed(run):
    found = {each.name: each.points for each in series(run)}
    assert found["held/s/held[x=1]"] == ((0, 1.0),)
    assert found["held/s/not"] == ((0, 0.0),)
    assert "held/s/broken" not in found
    assert [step for step, _ in found["curves/s/held[x=1]/loss/run 1"]] == [0, 10, 20]
    assert [step for step, _ in found["curves/s/held[x=1]/loss/run 2"]] == [0, 1]


def test_tensorboard_reads_it_back(run, tmp_path):
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing import event_accumulator as reading

    (tmp_path / "run.json").write_text(to_text(run))
    done = CliRunner().invoke(command, [str(tmp_path / "run.json"), "--tensorboard", str(tmp_path / "logs")])
    assert done.exit_code == 0, done.output
    (folder,) = (tmp_path / "logs").iterdir()
    found = reading.EventAccumulator(str(folder))
    found.Reload()
    assert set(found.Tags()["scalars"]) == {each.name for each in series(run)}
    curve = found.Scalars("curves/s/held[x=1]/loss/run 1")
    assert [each.step for each in curve] == [0, 10, 20]
    assert [each.value for each in curve][:2] == [1.0, 0.5]
    assert math.isnan(curve[2].value)
    assert b"s/not" in found.Tensors("report")[0].tensor_proto.string_val[0]


def test_tensorflow_is_not_loaded(run, tmp_path):
    pytest.importorskip("tensorboard")
    (tmp_path / "run.json").write_text(to_text(run))
    code = "import sys\nfrom mltspec.cli.track import command\n"
    code += "command(sys.argv[1:], standalone_mode=False)\nprint('tensorflow' in sys.modules)"
    words = [str(tmp_path / "run.json"), "--tensorboard", str(tmp_path / "logs")]
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code, *words], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "False", done.stderr


def test_mlflow_reads_it_back(run, tmp_path):
    pytest.importorskip("mlflow", reason="MLflow is not installed")
    from mlflow.tracking import MlflowClient

    uri = f"sqlite:///{tmp_path}/mlflow.db"
    (tmp_path / "run.json").write_text(to_text(run))
    done = CliRunner().invoke(command, [str(tmp_path / "run.json"), "--mlflow", uri])
    assert done.exit_code == 0, done.output
    client = MlflowClient(uri)
    home = client.get_experiment_by_name("mltspec")
    (kept,) = client.search_runs([home.experiment_id])
    assert kept.info.status == "FAILED"
    assert kept.data.metrics["held/s/not"] == 0
    history = client.get_metric_history(kept.info.run_id, name_of("curves/s/held[x=1]/loss/run 1"))
    assert [each.step for each in history] == [0, 10, 20]
    assert {each.path for each in client.list_artifacts(kept.info.run_id)} == {"run.json", "report.html"}


def test_names_are_such_as_mlflow_takes():
    assert name_of("held/s/a[x=1]") == "held/s/a_x_1_"
    assert len(name_of("x" * 1000)) == 250


def test_a_place_is_due(run, tmp_path):
    (tmp_path / "run.json").write_text(to_text(run))
    assert CliRunner().invoke(command, [str(tmp_path / "run.json")]).exit_code == 2
