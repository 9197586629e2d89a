"""A rehearsal on a server out there leaves no files behind, and never takes a number that is taken."""

import shutil

import pytest

pytest.importorskip("tensorflow")

from mltspec.plan.subject import Server
from mltspec.subjects.rehearsal import guest

pytestmark = pytest.mark.tensorflow


class Standing:
    """A server that is asked which versions it has."""

    def __init__(self, live):
        self.live = live

    def versions(self):
        return (self.live,)

    def live_version(self):
        return self.live


@pytest.fixture
def folder(tmp_path):
    for version in ("1", "4"):
        (tmp_path / version).mkdir()
    return tmp_path


@pytest.fixture
def candidate(tmp_path_factory):
    home = tmp_path_factory.mktemp("candidate")
    (home / "saved_model.pb").write_bytes(b"a graph")
    return home


THERE = Server(name="s", system="open_inference", address="127.0.0.1:1", serves="versions", drill=True)


def test_what_was_put_among_the_versions_is_taken_away(folder, candidate):
    with guest(THERE, Standing("1"), "1", folder, candidate) as version:
        assert version == "5"
        shutil.copytree(candidate, folder / version)
    assert sorted(each.name for each in folder.iterdir()) == ["1", "4"]


def test_a_version_that_is_live_after_all_stays(folder, candidate):
    system = Standing("1")
    with guest(THERE, system, "1", folder, candidate) as version:
        shutil.copytree(candidate, folder / version)
        system.live = version
    assert (folder / "5").is_dir()


def test_nothing_is_taken_away_where_no_folder_of_versions_is_declared(folder, candidate):
    with guest(THERE.model_copy(update={"serves": None}), Standing("1"), "1", folder, candidate) as version:
        assert version == "2"
        shutil.copytree(candidate, folder / version)
    assert (folder / "2").is_dir()


def test_what_another_has_put_there_meanwhile_stays(folder, candidate):
    with guest(THERE, Standing("1"), "1", folder, candidate) as version:
        (folder / version).mkdir()
        (folder / version / "saved_model.pb").write_bytes(b"another graph")
    assert (folder / "5" / "saved_model.pb").read_bytes() == b"another graph"
