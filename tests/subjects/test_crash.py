"""Training is killed for real and started again; what was lost is named."""

from pathlib import Path

import pytest

pytest.importorskip("tensorflow")
from training_bench import ask, make_bench

from mltspec.evidence.crash import CrashAsk
from mltspec.plan.subject import Command
from mltspec.subjects.bench import Unfit
from mltspec.subjects.observers.crash import drawn_steps, observe
from mltspec.subjects.observers.training import observe as observe_training

pytestmark = [pytest.mark.tensorflow, pytest.mark.timeout(600)]


@pytest.fixture
def drill(tmp_path):
    def run(step=None, where="step", twice=False, drills=1, **wanted):
        bench = make_bench(tmp_path, Path(__file__).parent)
        once = ask(**{"epochs": None} | wanted)
        (control,) = observe_training([once], [], bench)
        controls = (once, once.model_copy(update={"replica": 1}))
        (seen,) = observe(
            [CrashAsk(controls=controls, step=step, where=where, twice=twice, drills=drills)], [control, control], bench
        )
        return seen

    return run


def what(lost):
    return {each.what for each in lost}


def test_a_backup_every_epoch_is_exact_for_a_plain_model(drill):
    seen = drill(train="job", step=26)
    assert seen.controls_agree
    (once,) = seen.drills
    assert once.finished and (once.killed_at, once.epoch_at_kill, once.resumed_at, once.steps_after) == (26, 2, 20, 20)
    assert once.lost == () and once.lost_at_restart == () and once.parted_at_step is None
    assert "backup/latest.weights.h5" in once.files


def test_a_job_may_be_a_command(drill):
    arguments = ("--workdir", "{workdir}", "--seed", "{seed}")
    seen = drill(job=Command(script="training_script.py", module="", arguments=arguments), step=26)
    (once,) = seen.drills
    assert seen.control_steps == 40 and (once.killed_at, once.resumed_at, once.steps_after) == (26, 20, 20)
    assert once.lost == ()


def test_without_a_job_fit_is_backed_up_and_dropout_loses_its_seeds(drill):
    (seen,) = drill(build="noisy").drills
    assert seen.finished and (seen.killed_at, seen.resumed_at) == (15, 10)
    assert what(seen.lost_at_restart) == {"seed state"}
    assert {"seed state", "weights", "optimizer slots"} <= what(seen.lost)
    assert seen.parted_at_step == 11


def test_a_backup_by_steps_trains_batches_twice(drill):
    seen = drill(train="job_backed_up_by_steps", step=25)
    (once,) = seen.drills
    assert once.resumed_at == 21 and once.steps_after == 20
    assert once.resumed_at + once.steps_after == seen.control_steps + 1


def test_weights_alone_lose_the_optimizer(drill):
    (seen,) = drill(train="job_without_optimizer_state", step=25).drills
    assert (seen.resumed_at, seen.steps_after) == (20, 20)
    assert what(seen.lost_at_restart) == {"iteration count", "optimizer slots"}


def test_a_job_that_cannot_resume_says_why(drill):
    (seen,) = drill(train="job_that_cannot_resume", step=15).drills
    assert not seen.finished and "FileExistsError" in seen.refused_with
    assert seen.files == ()


def test_training_that_ends_before_the_step_is_not_killed(drill):
    seen = drill(train="job", step=500)
    assert seen.drills[0].killed_at is None and seen.control_steps == 40


@pytest.mark.slow
def test_a_run_that_is_killed_twice_still_ends_as_if_nothing_had_happened(drill):
    (seen,) = drill(train="job", step=12, twice=True).drills
    assert seen.place == "after step 12 and once more 14 steps after it was started again"
    assert seen.finished and (seen.killed_at, seen.resumed_at, seen.steps_after) == (12, 20, 20)
    assert seen.lost == () and seen.parted_at_step is None


def test_steps_are_drawn_and_the_ends_of_epochs_are_among_them():
    assert drawn_steps(40, 10, 4, seed=7) == drawn_steps(40, 10, 4, seed=7)
    drawn = {step for seed in range(20) for step in drawn_steps(40, 10, 3, seed)}
    assert drawn <= set(range(1, 40)) and drawn & {10, 20, 30} and len(drawn) > 6
    assert drawn_steps(2, 1, 5, seed=7) == [1]


def test_a_checkpoint_that_is_overwritten_in_place_is_torn(drill):
    seen = drill(train="job_overwriting", where="save", drills=2)
    places = [each.place for each in seen.drills]
    assert any("while `latest.keras` was written" in place for place in places), places
    refused = [each for each in seen.drills if not each.finished]
    assert refused and all("latest.keras" in each.files for each in refused)


@pytest.mark.slow
def test_a_checkpoint_that_is_put_in_place_whole_is_never_torn(drill):
    seen = drill(train="job_replacing", where="save", drills=3)
    assert len(seen.drills) == 3
    assert all(each.finished and each.lost == () and each.resumed_at in (10, 20) for each in seen.drills)


@pytest.mark.slow
def test_a_training_that_saves_nothing_cannot_be_killed_in_a_save(drill):
    seen = drill(train="job_that_saves_nothing", where="save")
    assert seen.drills == () and seen.unobserved == "training wrote no checkpoint before its last step"


def test_a_training_that_fails_by_itself_is_refused(tmp_path):
    bench = make_bench(tmp_path / "other", Path(__file__).parent)
    (control,) = observe_training([ask()], [], bench)
    broken = ask("broken")
    with pytest.raises(Unfit, match="failed before it was to be killed: RuntimeError: no such bucket"):
        observe([CrashAsk(controls=(broken, broken), step=5)], [control, control], bench)
