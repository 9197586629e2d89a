"""Training is killed for real and started again; what was lost is named."""

from pathlib import Path

import pytest

pytest.importorskip("tensorflow")
from training_bench import ask, make_bench

from mltspec.checks.model_spec.restore_after_crash import CrashAsk
from mltspec.subjects.bench import Unfit
from mltspec.subjects.observers.crash import observe
from mltspec.subjects.observers.training import observe as observe_training

pytestmark = [pytest.mark.tensorflow, pytest.mark.timeout(600)]


@pytest.fixture
def drill(tmp_path):
    def run(step=None, **wanted):
        bench = make_bench(tmp_path, Path(__file__).parent)
        once = ask(**{"epochs": None} | wanted)
        (control,) = observe_training([once], [], bench)
        controls = (once, once.model_copy(update={"replica": 1}))
        (seen,) = observe([CrashAsk(controls=controls, step=step)], [control, control], bench)
        return seen

    return run


def what(lost):
    return {each.what for each in lost}


def test_a_backup_every_epoch_is_exact_for_a_plain_model(drill):
    seen = drill(train="job", step=26)
    assert seen.finished and seen.controls_agree
    assert (seen.killed_at, seen.epoch_at_kill, seen.resumed_at, seen.steps_after) == (26, 2, 20, 20)
    assert seen.lost == () and seen.lost_at_restart == () and seen.parted_at_step is None
    assert "backup/latest.weights.h5" in seen.files


def test_without_a_job_fit_is_backed_up_and_dropout_loses_its_seeds(drill):
    seen = drill(build="noisy")
    assert seen.finished and (seen.killed_at, seen.resumed_at) == (15, 10)
    assert what(seen.lost_at_restart) == {"seed state"}
    assert {"seed state", "weights", "optimizer slots"} <= what(seen.lost)
    assert seen.parted_at_step == 11


def test_a_backup_by_steps_trains_batches_twice(drill):
    seen = drill(train="job_backed_up_by_steps", step=25)
    assert seen.resumed_at == 21 and seen.steps_after == 20
    assert seen.resumed_at + seen.steps_after == seen.control_steps + 1


def test_weights_alone_lose_the_optimizer(drill):
    seen = drill(train="job_without_optimizer_state", step=25)
    assert (seen.resumed_at, seen.steps_after) == (20, 20)
    assert what(seen.lost_at_restart) == {"iteration count", "optimizer slots"}


def test_a_job_that_cannot_resume_says_why(drill):
    seen = drill(train="job_that_cannot_resume", step=15)
    assert not seen.finished and "FileExistsError" in seen.refused_with
    assert seen.files == ()


def test_training_that_ends_before_the_step_is_not_killed(drill):
    seen = drill(train="job", step=500)
    assert seen.killed_at is None and seen.control_steps == 40


def test_a_training_that_fails_by_itself_is_refused(tmp_path):
    bench = make_bench(tmp_path / "other", Path(__file__).parent)
    (control,) = observe_training([ask()], [], bench)
    broken = ask("broken")
    with pytest.raises(Unfit, match="failed before it was to be killed: RuntimeError: no such bucket"):
        observe([CrashAsk(controls=(broken, broken), step=5)], [control, control], bench)
