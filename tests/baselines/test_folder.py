"""Baselines on disk, by real files: written once, never overwritten, and missed when somebody touched them."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from mltspec.baselines.folder import Baselines, Damaged, NoSuchBaseline
from mltspec.evidence.kind import Blob
from mltspec.evidence.stored import Holding, Version


@pytest.fixture
def baselines(tmp_path):
    return Baselines(tmp_path / "baselines")


def kept(baselines, tmp_path, text):
    file = tmp_path / "file"
    file.write_text(text)
    blob = Blob(digest=hashlib.sha256(text.encode()).hexdigest(), size_bytes=len(text))
    baselines.add_object(file, blob)
    return blob


def version(artifact, scores=None, content="c", name="delay"):
    holdings = () if scores is None else (
        Holding(
            data="holdout", metric="auc", value=0.9, rows=5, higher_is_better=True, rows_digest="r", settings="s",
            share=True, scores=scores,
        ),
    )  # fmt: skip
    return Version(
        name=name, number=0, content=content, saved="2026-01-31", origin="a run", note="", model="delay", seed=7,
        form="state", artifact=artifact, code="k", environment={}, holdings=holdings,
    )  # fmt: skip


def test_numbers_count_up_and_the_latest_is_found(baselines, tmp_path):
    blob = kept(baselines, tmp_path, "weights")
    assert [baselines.add(version(blob, content=c)).number for c in "ab"] == [1, 2]
    assert baselines.find("delay").content == "b"
    assert baselines.find("delay", "1").content == "a"
    assert baselines.names() == ["delay"]


def test_equal_content_is_not_kept_twice(baselines, tmp_path):
    blob = kept(baselines, tmp_path, "weights")
    assert [baselines.add(version(blob)).number for _ in "ab"] == [1, 1]
    assert len(baselines.versions("delay")) == 1


def test_writers_at_the_same_time_take_numbers_of_their_own(baselines, tmp_path):
    blob = kept(baselines, tmp_path, "weights")
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda at: baselines.add(version(blob, content=str(at))).number, range(24)))
    assert sorted(numbers) == list(range(1, 25))


@pytest.mark.parametrize(
    ("name", "number", "says"),
    [
        ("dealy", None, "did you mean `delay`"),
        ("delay", "9", "it has 1"),
        ("delay", "x", "it has 1"),
        ("../x", None, "there is no baseline"),
    ],
)
def test_what_is_not_there_says_what_is(baselines, tmp_path, name, number, says):
    baselines.add(version(kept(baselines, tmp_path, "weights")))
    with pytest.raises(NoSuchBaseline, match=says):
        baselines.find(name, number)


def test_a_file_that_was_changed_or_is_gone_is_found_out(baselines, tmp_path):
    blob = kept(baselines, tmp_path, "weights")
    assert baselines.checked(blob).read_text() == "weights"
    baselines.path(blob).write_text("other")
    with pytest.raises(Damaged, match="was changed"):
        baselines.checked(blob)
    baselines.path(blob).unlink()
    with pytest.raises(Damaged, match="version control"):
        baselines.checked(blob)


def test_a_version_that_cannot_be_read_is_damaged_not_missing(baselines, tmp_path):
    baselines.add(version(kept(baselines, tmp_path, "weights")))
    (baselines.folder / "delay" / "1.json").write_text("{")
    with pytest.raises(Damaged, match="is no baseline"):
        baselines.find("delay")


def test_removing_keeps_files_that_others_need(baselines, tmp_path):
    shared, alone = kept(baselines, tmp_path, "weights"), kept(baselines, tmp_path, "scores")
    baselines.add(version(shared, alone, "a"))
    baselines.add(version(shared, None, "b"))
    assert [each.number for each in baselines.remove("delay", "1")] == [1]
    assert baselines.path(shared).exists()
    assert not baselines.path(alone).exists()
    baselines.remove("delay")
    assert baselines.names() == []
    assert not baselines.path(shared).exists()
    with pytest.raises(NoSuchBaseline):
        baselines.remove("delay")
