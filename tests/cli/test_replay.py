"""`--replay` chooses a kept counterexample, and the expectations that it broke."""

import click
import pytest

from mltspec.cli.replaying import kept, replayed
from mltspec.compile.specs import compile_specs
from mltspec.evidence.kind import Blob
from mltspec.evidence.probes import Kept, ProbesAsk

SPEC = """edition 2026
model m { build python "m:build" }
data d = python "m:data"
suite "s" for m on d {
  expect loss decreases
  for any batch of 1..16 rows {
    expect outputs finite
    expect rows independent
  }
}
"""
ID = "4f6efb7cbf35"


@pytest.fixture
def plan(tmp_path):
    (tmp_path / "s.mlt").write_text(SPEC)
    return compile_specs([tmp_path / "s.mlt"]).plan


def keep(store, about, id=ID):
    folder = store / "counterexamples" / about
    folder.mkdir(parents=True, exist_ok=True)
    record = Kept(id=id, about=about, label="probe m", seen="NaN", rows=1, batch=Blob(digest="0", size_bytes=1))
    (folder / f"{id}.json").write_text(record.to_json())


def about(plan, claim):
    asks = [ProbesAsk.model_validate(each.ask) for each in plan.requests if each.kind == "probes"]
    return next(ask.about() for ask in asks if ask.claim == claim)


def test_only_what_it_broke_is_judged_and_on_it_alone(plan, tmp_path):
    keep(tmp_path, about(plan, "outputs finite"))
    changed, found = replayed(plan, plan.expectations, ID[:6], tmp_path)
    assert [each.id for each in found] == ["s/outputs-finite"]
    replays = {request.id: request.ask["replay"] for request in changed.requests if request.kind == "probes"}
    assert [replays[need] for need in found[0].needs] == [ID]
    assert sorted(map(str, replays.values())) == [ID, "None"]


def test_one_batch_may_have_broken_several_claims(plan, tmp_path):
    for claim in ("outputs finite", "rows independent"):
        keep(tmp_path, about(plan, claim))
    _, found = replayed(plan, plan.expectations, ID, tmp_path)
    assert [each.id for each in found] == ["s/outputs-finite", "s/rows-independent"]


@pytest.mark.parametrize(
    ("id", "says"),
    [
        ("nonsense", "is no id"),
        ("../../etc", "is no id"),
        ("0000", f"kept are {ID}, 4f6e00000000"[:12]),
        ("4f6e", "all begin with"),
    ],
)
def test_what_is_not_there_is_told_with_what_is(tmp_path, id, says):
    keep(tmp_path, "a")
    keep(tmp_path, "b", "4f6e00000000")
    with pytest.raises(click.UsageError, match=says):
        kept(id, tmp_path)


def test_nothing_kept_and_nothing_chosen(plan, tmp_path):
    with pytest.raises(click.UsageError, match="nothing has broken a claim"):
        kept(ID, tmp_path)
    keep(tmp_path, "somewhere else")
    with pytest.raises(click.UsageError, match="none of the expectations that were chosen"):
        replayed(plan, plan.expectations, ID, tmp_path)
