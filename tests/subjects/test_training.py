"""A run that is watched ends bitwise where an unwatched one ends, and tells what it showed."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tensorflow")
from training_bench import ask, make_bench

from mltspec.plan.subject import Command
from mltspec.subjects import data, framework, models, state, training
from mltspec.subjects.bench import Unfit
from mltspec.subjects.observers.training import observe

pytestmark = [
    pytest.mark.tensorflow,
    pytest.mark.filterwarnings("ignore:Your input ran out of data"),
    pytest.mark.filterwarnings("ignore:.*np.object.*"),
]


@pytest.fixture
def bench(tmp_path):
    return make_bench(tmp_path, Path(__file__).parent)


def unwatched(wanted, bench):
    """Train as a user would; return the digest of the end and the loss of each epoch."""
    framework.prepare(wanted.seed, 1)
    if wanted.model.train:
        folder = bench.folder / "unwatched"
        folder.mkdir()
        return state.save_state(training._own(wanted.model.train, folder, wanted.seed, bench), folder / "s.npz"), None
    loaded = data.load(wanted.data, bench)
    framework.prepare(wanted.seed, 1)
    model = models.build(wanted.model, bench)
    fit = wanted.model.fit
    history = model.fit(**loaded.for_model(model).fit_arguments(fit), epochs=fit.epochs, verbose=0)
    return state.save_state(model, bench.folder / "unwatched.npz"), history.history["loss"]


@pytest.mark.parametrize(
    ("build", "source", "train"),
    [
        ("noisy", "rows", None),
        ("noisy", "stream", None),
        ("noisy", "pages", None),
        ("own", "rows", None),
        ("two_heads", "named", None),
        ("noisy", "rows", "job_by_batches"),
    ],
)
def test_watching_leaves_no_trace(bench, build, source, train):
    wanted = ask(build, source, train)
    digest, losses = unwatched(wanted, bench)
    (seen,) = observe([wanted], [], bench)
    assert seen.state_digest == digest
    assert seen.inference
    assert seen.rows == 200
    assert len(seen.points) >= 9
    if losses:
        assert seen.metrics["loss"] == losses[-1]
        curve = np.load(bench.path(seen.curve))
        assert curve["logged"][seen.steps_per_epoch - 1] == losses[0]


def test_the_watched_loss_is_what_evaluate_says(bench):
    wanted = ask("noisy")
    (seen,) = observe([wanted], [], bench)
    framework.prepare(wanted.seed, 1)
    model = models.build(wanted.model, bench)
    x, y = data.load(wanted.data, bench).arrays()[:2]
    assert model.evaluate(x, y, verbose=0)[0] == pytest.approx(seen.points[0].loss, rel=1e-5)
    state.load_state(model, bench.path(seen.state))
    assert model.evaluate(x, y, verbose=0)[0] == pytest.approx(seen.points[-1].loss, rel=1e-5)


def test_shorter_runs_are_read_off_the_longest(bench, tmp_path):
    whole, short = observe([ask(epochs=None), ask(epochs=2)], [], bench)
    (alone,) = observe([ask(epochs=2)], [], make_bench(tmp_path / "alone", Path(__file__).parent))
    assert whole.finished and whole.state is not None and whole.steps == 30
    assert short.model_copy(update={"steps_per_second": 0.0, "curve": None}) == alone.model_copy(
        update={"steps_per_second": 0.0, "curve": None}
    )
    assert not short.finished and short.state is None and short.steps == 20 and short.state_digest == ""
    assert max(point.epoch for point in short.points) == 2


def test_three_epochs_of_a_long_run_show_a_trend(bench):
    wanted = ask()
    eight = wanted.model.fit.model_copy(update={"epochs": 8})
    wanted = wanted.model_copy(update={"model": wanted.model.model_copy(update={"fit": eight})})
    (seen,) = observe([wanted], [], bench)
    assert len([point for point in seen.points if point.epoch <= 3]) >= 6
    assert seen.points[0].step == 0 and seen.points[0].epoch == 0


def test_each_steps_own_loss_is_taken_out_of_the_running_mean(bench):
    wanted = ask(batch_rows=64, shuffle=False, epochs=None)
    (seen,) = observe([wanted], [], bench)
    curve = np.load(bench.path(seen.curve))
    weights = np.array([64, 64, 64, 8])
    assert curve["logged"][3] == pytest.approx((curve["loss"][:4] * weights).sum() / 200, rel=1e-6)
    assert curve["loss"][4] == curve["logged"][4]


def test_a_job_of_ones_own_is_cut_after_an_epoch(bench):
    (seen,) = observe([ask(train="job", epochs=2)], [], bench)
    assert (seen.epochs, seen.steps, seen.finished) == (2, 20, False)


def test_a_job_may_return_nothing(bench):
    (seen,) = observe([ask("noisy", train="job_validated")], [], bench)
    assert seen.finished and seen.epochs == 4 and seen.steps == 80
    assert "val_loss" in seen.metrics


def test_nan_is_found_and_traced_to_the_data(bench):
    (seen,) = observe([ask(data="holes", shuffle=False)], [], bench)
    assert seen.first_bad_step == 1
    assert seen.bad_data == "input holds nan at row 15, column 1"


def test_a_run_that_blows_up_is_told_apart_from_bad_data(bench):
    (seen,) = observe([ask("diverging")], [], bench)
    assert seen.first_bad_step is not None and seen.bad_data == ""


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (ask("sparse", "thirteen"), "labels run from 0 to 12 but the output has 10 units"),
        (ask("plain", "uneven"), "x has 200 rows but labels has 199"),
        (ask("plain", "nothing"), "is empty"),
        (ask("plain", "wide"), r"shape \(rows, 12\) .* but the model takes \(rows, 6\)"),
        (ask("plain", "words"), "holds text"),
        (ask("plain", "endless"), "never ends"),
        (ask("plain", "unbatched"), r"add `\.batch\(32\)`"),
        (ask("uncompiled"), "not compiled"),
        (ask("forgetful"), "returned None, not a keras.Model"),
        (ask("plian"), "did you mean `plain`"),
        (ask(train="job_that_does_nothing"), "returned no keras.Model"),
    ],
)
def test_what_cannot_be_trained_is_refused_by_name(bench, wanted, says):
    with pytest.raises(Unfit, match=says):
        observe([wanted], [], bench)


def test_what_user_code_raises_goes_through(bench):
    with pytest.raises(RuntimeError, match="no such bucket") as caught:
        observe([ask("broken")], [], bench)
    assert "raised while calling `training_subjects:broken`" in caught.value.__notes__


@pytest.mark.parametrize(
    ("job", "says"),
    [
        (Command(script="training_script.py", module="", arguments=("--fail", "--workdir", "{workdir}")), "status 2"),
        (Command(script="no_script.py", module="", arguments=("{workdir}",)), "there is no `no_script.py`"),
        (Command(script="", module="no_module", arguments=("{workdir}",)), "there is no module `no_module`"),
    ],
)
def test_a_command_that_cannot_be_run_is_told(bench, job, says):
    with pytest.raises(Unfit, match=says):
        observe([ask(job=job)], [], bench)


def test_a_module_may_be_the_command(bench):
    job = Command(script="", module="training_script", arguments=("--workdir", "{workdir}"))
    (seen,) = observe([ask(job=job)], [], bench)
    assert seen.steps == 40
