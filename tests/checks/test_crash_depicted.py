"""The timeline of a crash drill shows the kill, the restart and the loss where they were."""

from mltspec.checks.model_spec.crash_depicted import depicted
from mltspec.checks.model_spec.restore_after_crash import CAUSES, _drill, _example
from mltspec.evidence.crash import LostState

SLOTS = LostState(what="optimizer slots", path="adam/m", largest=0.5, variables=3)
WEIGHTS = LostState(what="weights", path="dense/kernel", largest=0.03, variables=4)


def test_a_restart_from_further_back_falls_down_there():
    (timeline,) = depicted(_example(), CAUSES)
    control, killed, again = timeline.lines
    assert (control.x, control.y) == ((0, 328), (0, 328))
    assert (killed.x, killed.y) == ((0, 50), (0, 50))
    assert (again.x, again.y) == ((50, 337), (41, 328))
    assert [each.text for each in timeline.moments] == ["killed at step 50", "resumed at step 41"]


def test_what_was_lost_is_a_table_causes_first():
    drill = _drill(lost=(WEIGHTS, SLOTS), lost_at_restart=(SLOTS,), parted_at_step=43)
    timeline, table = depicted(_example(drills=(drill,)), CAUSES)
    assert timeline.moments[-1].at == 52
    assert [(row[1], row[3]) for row in table.rows] == [
        ("at the restart", "adam/m"), ("at the end", "adam/m"), ("at the end", "dense/kernel"),
    ]  # fmt: skip
    assert table.marked == ((0, 2),)


def test_a_run_that_did_not_start_again_ends_there():
    (timeline,) = depicted(_example(drills=(_drill(resumed_at=None, finished=False),)), CAUSES)
    assert [line.name for line in timeline.lines] == ["uninterrupted", "killed"]
    assert timeline.moments[-1].text == "did not start again"


def test_nothing_killed_is_no_picture_and_many_are_told_apart():
    assert depicted(_example(drills=(_drill(killed_at=None),)), CAUSES) == []
    two = depicted(_example(drills=(_drill(), _drill(place="after step 82", killed_at=82))), CAUSES)
    assert [each.title for each in two] == ["training killed after step 50", "training killed after step 82"]
