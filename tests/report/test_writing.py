from pathlib import Path

import pytest

from mltspec.report.writing import obstacle, write_whole


def test_a_file_is_replaced_whole_and_keeps_its_mode(tmp_path):
    file = tmp_path / "run.json"
    file.write_text("old")
    file.chmod(0o600)
    write_whole(file, "new é")
    assert file.read_text("utf-8") == "new é"
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    write_whole(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_nothing_is_left_where_writing_fails(tmp_path, monkeypatch):
    def refuse(self, target):
        raise OSError("full")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="full"):
        write_whole(tmp_path / "run.json", "new")
    assert not list(tmp_path.iterdir())


def test_what_is_in_the_way_is_known_beforehand(tmp_path):
    (tmp_path / "file").write_text("")
    assert obstacle(tmp_path / "new.json") == ""
    assert "there is no folder" in obstacle(tmp_path / "nowhere" / "x.json")
    assert "is a folder" in obstacle(tmp_path)
    assert "is not a folder" in obstacle(tmp_path / "file" / "x.json")
