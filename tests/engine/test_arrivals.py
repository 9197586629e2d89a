"""Versions that appear in folders are told once, when they have settled."""

import pytest

from mltspec.engine.arrivals import Arrivals


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "models"
    put(made / "1" / "saved_model.pb", "one")
    return made


def put(file, text):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_what_was_there_is_no_news(folder):
    arrivals = Arrivals([folder])
    assert arrivals.news() == []
    assert arrivals.news() == []


def test_a_version_counts_when_it_has_settled_and_once(folder):
    arrivals = Arrivals([folder])
    put(folder / "2" / "saved_model.pb", "t")
    assert arrivals.news() == []
    put(folder / "2" / "saved_model.pb", "two, and still being copied")
    assert arrivals.news() == []
    assert arrivals.news() == [f"version 2 in `{folder}`"]
    assert arrivals.news() == []


def test_an_empty_folder_is_no_version_yet(folder):
    arrivals = Arrivals([folder])
    (folder / "2").mkdir()
    assert [arrivals.news() for _ in range(3)] == [[], [], []]


def test_a_version_that_changes_or_comes_back_is_news_and_one_that_goes_is_not(folder):
    arrivals = Arrivals([folder])
    put(folder / "1" / "saved_model.pb", "another one")
    assert [arrivals.news() for _ in range(2)] == [[], [f"version 1 in `{folder}` changed"]]
    put(folder / "2" / "data.csv", "2")
    assert [arrivals.news() for _ in range(2)] == [[], [f"version 2 in `{folder}`"]]
    (folder / "2" / "data.csv").unlink()
    assert [arrivals.news() for _ in range(2)] == [[], []]
    put(folder / "2" / "data.csv", "2")
    assert [arrivals.news() for _ in range(2)] == [[], [f"version 2 in `{folder}`"]]


def test_a_folder_that_is_not_there_yet_and_one_without_numbers(tmp_path):
    late, plain = tmp_path / "late", tmp_path / "plain"
    put(plain / "rows.csv", "1")
    arrivals = Arrivals([late, plain])
    assert arrivals.news() == []
    put(late / "7" / "model.keras", "7")
    put(plain / "rows.csv", "12")
    assert arrivals.news() == []
    assert arrivals.news() == [f"version 7 in `{late}`", f"`{plain}` changed"]
