"""One test of what every serving system must do, on each of them: loaded, asked, promoted, rolled back, refused."""

import numpy as np
import pytest

from mltspec.serving.asking import predict, wait_ready
from mltspec.serving.system import CannotControl, Trouble

pytestmark = [pytest.mark.tensorflow]
ROWS = {"x": np.array([[1, 2, 3, 4], [5, 6, 7, 9]], "float32")}
RIGHT = {"1": [[7.0], [15.5]], "2": [[8.0], [16.5]]}


def said(answer):
    assert not answer.error, answer
    (output,) = answer.outputs.values()
    return output.tolist()


def is_live(system, version):
    wait_ready(system, 30)
    assert system.live_version() == version
    assert version in system.versions()
    for name, door in system.doors().items():
        answer = door(ROWS, None)
        assert said(answer) == RIGHT[version], name
        assert answer.version in (None, version), name


@pytest.fixture(autouse=True)
def version_1_is_live_before_and_after(system):
    is_live(system, "1")
    yield
    if system.live_version() != "1":
        system.rollback("1")
    is_live(system, "1")


def test_a_single_row_is_answered_as_among_others(system):
    alone = predict(system, {"x": ROWS["x"][1:]})
    assert said(alone) == RIGHT["1"][1:]


def test_a_candidate_is_loaded_promoted_and_rolled_back(system, models):
    try:
        system.load("2", models / "2")
        # Loading disturbs nobody.
        is_live(system, "1")
        if system.loads_aside:
            assert said(predict(system, ROWS, "2")) == RIGHT["2"]
        system.promote("2")
        is_live(system, "2")
        if system.addresses_versions:
            assert [said(predict(system, ROWS, version)) for version in ("1", "2")] == [RIGHT["1"], RIGHT["2"]]
    finally:
        system.rollback("1")
    is_live(system, "1")


def test_a_version_is_unloaded_and_comes_back_or_the_system_says_that_it_cannot(system):
    system.load("2")
    system.promote("2")
    try:
        system.unload("1")
    except CannotControl as reason:
        assert len(str(reason)) > 20
        return
    assert "1" not in system.versions()
    is_live(system, "2")
    with pytest.raises(Trouble, match="is live"):
        system.unload("2")
    assert predict(system, ROWS, "1").error
    system.rollback("1")
    is_live(system, "1")


def test_a_version_that_cannot_be_loaded_is_told_and_the_other_goes_on(system, models):
    def attempt():
        system.load("3", models / "3")
        system.promote("3")

    with pytest.raises(Trouble) as told:
        attempt()
    assert len(str(told.value)) > 30
    assert said(predict(system, ROWS)) == RIGHT["1"]


def test_a_version_that_is_not_there_is_refused(system):
    with pytest.raises(Trouble):
        system.promote("99")
    assert said(predict(system, ROWS)) == RIGHT["1"]


def test_a_version_is_never_overwritten(system, models):
    with pytest.raises(Trouble, match="never overwritten"):
        system.load("1", models / "2")


def test_requests_are_shared_out_as_asked_or_the_system_says_that_it_cannot(system):
    try:
        system.load("2")
        system.split({"1": 0.9, "2": 0.1})
    except CannotControl as reason:
        assert len(str(reason)) > 20
        return
    try:
        met = sum(said(predict(system, ROWS)) == RIGHT["2"] for _ in range(400))
    finally:
        system.rollback("1")
    # Four standard deviations of 400 draws at 10%; a proxy that deals in turn is closer still.
    assert abs(met - 40) <= 24


def test_bad_input_is_an_error_in_the_answer(system):
    for name, door in system.doors().items():
        answer = door({"no_such_input": ROWS["x"]}, None)
        assert answer.error, name
        assert not answer.outputs
