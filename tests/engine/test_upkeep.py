"""The store can be looked over, mended and made smaller, and no verdict is lost with it."""

import os
import time

import pytest
from click.testing import CliRunner
from engine_fakes import FakeAsk, claim

from mltspec.cli.store import command
from mltspec.engine.store import Store
from mltspec.engine.upkeep import collect, contents, damages

DAY = 86400.0


@pytest.fixture
def kept(forked):
    forked.run(claim(FakeAsk(seed=1)), claim(FakeAsk(does="blob", seed=2)))
    return forked


def store(project):
    return Store(project.root / ".mltspec", read_only=True)


def again(project):
    return project.run(claim(FakeAsk(seed=1)), claim(FakeAsk(does="blob", seed=2)))


def age(project, days):
    then = time.time() - days * DAY
    for file in (project.root / ".mltspec").rglob("*"):
        os.utime(file, (then, then))


def test_a_flipped_digit_in_an_entry_is_no_evidence(kept):
    (entry,) = [piece.file for piece in contents(store(kept)).pieces if not piece.objects]
    entry.write_text(entry.read_text().replace('"seed":1', '"seed":3'))
    assert [damage.what for damage in damages(store(kept))] == ["its content was changed after it was written"]
    assert again(kept).gathered == 1


def test_a_flipped_byte_in_an_object_is_told_and_mended(kept):
    (file,) = contents(store(kept)).objects.values()
    content = file.read_bytes()
    file.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    whats = [damage.what for damage in damages(store(kept))]
    assert whats[0] == "its content is not what its name says"
    assert whats[1].startswith("names an object that is damaged or missing")
    told = CliRunner().invoke(command, ["verify", "--store", str(store(kept).folder)])
    assert told.exit_code == 1 and "2 files damaged" in told.output
    mended = CliRunner().invoke(command, ["verify", "--repair", "--store", str(store(kept).folder)])
    assert mended.exit_code == 0 and list(damages(store(kept))) == []
    assert again(kept).gathered == 1


def test_a_sound_store_is_said_to_be(kept):
    told = CliRunner().invoke(command, ["verify", "--store", str(store(kept).folder)])
    assert (told.exit_code, told.output) == (0, "every file is what was written\n")


def test_what_was_not_used_for_long_goes_with_its_objects(kept):
    age(kept, 40)
    assert collect(store(kept), 50 * DAY, None).entries == 0
    freed = collect(store(kept), 30 * DAY, None)
    assert (freed.entries, freed.objects) == (2, 1)
    assert contents(store(kept)).size_bytes() == 0
    assert again(kept).gathered == 2


def test_being_of_use_keeps_evidence(kept):
    age(kept, 40)
    kept.run(claim(FakeAsk(seed=1)))
    assert collect(store(kept), 30 * DAY, None).entries == 1
    assert kept.run(claim(FakeAsk(seed=1))).cached == 1


def test_what_was_used_longest_ago_goes_first(kept):
    age(kept, 2)
    (older,) = [piece.file for piece in contents(store(kept)).pieces if piece.objects]
    os.utime(older, (time.time() - 3 * DAY,) * 2)
    left = contents(store(kept)).size_bytes() - 1
    assert collect(store(kept), None, left).entries == 1
    assert not older.exists() and contents(store(kept)).objects == {}


def test_a_run_that_may_be_going_on_is_not_robbed(kept):
    assert collect(store(kept), 0.0, 0).entries == 0
    assert again(kept).cached == 2


def test_figures_are_shown_by_kind_and_wrong_quantities_refused(kept):
    folder = str(store(kept).folder)
    told = CliRunner().invoke(command, ["stats", "--store", folder]).output
    assert "fake" in told and "2 pieces" in told and "1 file" in told
    wrong = CliRunner().invoke(command, ["gc", "--older-than", "5GB", "--store", folder])
    assert wrong.exit_code == 2 and "is not a time; for example `30d`" in wrong.output
    missing = CliRunner().invoke(command, ["stats", "--store", folder + "x"])
    assert missing.exit_code == 2 and "there is no store at" in missing.output
