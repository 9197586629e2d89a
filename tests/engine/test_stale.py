"""Evidence answers again only while everything it depends on is as it was."""

import dataclasses

import pytest
from engine_fakes import FAKE, FakeAsk, claim, model

from mltspec.engine import distributions
from mltspec.plan.subject import Data, Origin


@pytest.fixture
def user(forked):
    """A project whose model imports two levels deep, and reads a file and a variable at run time."""
    forked.write("user.py", "from pkg import middle\nimport json\n\ndef build():\n    return middle.value()\n")
    forked.write("pkg/__init__.py", "")
    forked.write("pkg/middle.py", "from .deep import VALUE\n\ndef value():\n    return VALUE\n")
    forked.write("pkg/deep.py", "VALUE = 1\n")
    return forked


ASK = FakeAsk(does="user", model=model())


def runs_again(project, ask=ASK, **more) -> bool:
    before = len(project.calls())
    outcome = project.run(claim(ask), **more)
    assert not project.failures(), project.failures()
    assert outcome.judgements["e0"]
    return len(project.calls()) > before


def settled(project, ask=ASK):
    assert runs_again(project, ask)
    assert not runs_again(project, ask)


@pytest.mark.parametrize("file", ["user.py", "pkg/middle.py", "pkg/deep.py", "pkg/__init__.py"])
def test_a_changed_module_is_measured_again(user, file):
    settled(user)
    source = user.root / file
    source.write_text(source.read_text() + "\n# changed\n")
    assert runs_again(user)
    assert not runs_again(user)


def test_an_unrelated_file_changes_nothing(user):
    settled(user)
    user.write("notes.md", "hello")
    user.write("other.py", "x = 1")
    user.write("pkg/unused.py", "x = 1")
    assert not runs_again(user)


def test_going_back_finds_the_old_evidence(user):
    settled(user)
    old = (user.root / "pkg/deep.py").read_text()
    user.write("pkg/deep.py", "VALUE = 2\n")
    assert runs_again(user)
    user.write("pkg/deep.py", old)
    assert not runs_again(user)


def test_a_seed_is_part_of_the_key(user):
    settled(user)
    assert runs_again(user, ASK.model_copy(update={"seed": 1}))


def test_the_kinds_version_is_part_of_the_key(user):
    settled(user)
    assert runs_again(user, kinds={"fake": dataclasses.replace(FAKE, version=2)})


def test_a_package_version_is_part_of_the_key(user, monkeypatch):
    user.write("user.py", "import pydantic\n\ndef build():\n    return pydantic.VERSION\n")
    settled(user)
    newer = {**distributions.versions(), "pydantic": "99.0"}
    monkeypatch.setattr(distributions, "versions", lambda: newer)
    assert runs_again(user)


def test_a_package_nobody_imports_is_not(user, monkeypatch):
    settled(user)
    newer = {**distributions.versions(), "pytest": "99.0"}
    monkeypatch.setattr(distributions, "versions", lambda: newer)
    assert not runs_again(user)


def test_a_changed_observer_is_never_answered_from_the_store(user, monkeypatch):
    settled(user)
    monkeypatch.setattr("mltspec.engine.inputs.observer_digest", lambda digests: "other")
    assert runs_again(user)


def test_a_file_opened_at_run_time_is_an_input(user):
    user.write("user.py", "from pathlib import Path\n\ndef build():\n    return Path('d' + 'ata').read_text()\n")
    user.write("data", "1")
    settled(user)
    user.write("data", "2")
    assert runs_again(user)
    assert not runs_again(user)
    user.write("data", "1")
    assert not runs_again(user)


def test_a_file_that_was_not_there_is_an_input(user):
    user.write(
        "user.py",
        "def build():\n    try:\n        return open('ex' + 'tra').read()\n    except OSError:\n        return ''\n",
    )
    settled(user)
    user.write("extra", "1")
    assert runs_again(user)


def test_a_listed_folder_is_an_input(user):
    user.write("user.py", "import os\n\ndef build():\n    return os.listdir('da' + 'ta')\n")
    user.write("data/a", "")
    settled(user)
    user.write("data/b", "")
    assert runs_again(user)


def test_a_module_imported_by_name_is_an_input(user):
    user.write("user.py", "import importlib\n\ndef build():\n    return importlib.import_module('hid' + 'den').X\n")
    user.write("hidden.py", "X = 1\n")
    settled(user)
    user.write("hidden.py", "X = 22\n")
    assert runs_again(user)


def test_a_file_named_in_the_source_is_an_input(user):
    user.write("user.py", "PATH = 'tables/rows.csv'\n\ndef build():\n    return 1\n")
    user.write("tables/rows.csv", "a\n1\n")
    settled(user)
    user.write("tables/rows.csv", "a\n2\n")
    assert runs_again(user)


@pytest.mark.parametrize("reads", ["os.environ['RATE']", "os.environ.get('RATE')", "os.getenv('RATE', '')"])
def test_a_variable_that_is_read_is_an_input(user, monkeypatch, reads):
    monkeypatch.setenv("RATE", "secret-1")
    user.write("user.py", f"import os\n\ndef build():\n    return {reads}\n")
    settled(user)
    monkeypatch.setenv("OTHER", "1")
    assert not runs_again(user)
    monkeypatch.setenv("RATE", "secret-2")
    assert runs_again(user)
    stored = "".join(file.read_text() for file in (user.root / ".mltspec/evidence").rglob("*.json"))
    assert '"RATE"' in stored


def test_a_variable_that_is_not_there_is_an_input(user, monkeypatch):
    monkeypatch.delenv("RATE", raising=False)
    user.write("user.py", "import os\n\ndef build():\n    return 'RATE' in os.environ\n")
    settled(user)
    monkeypatch.setenv("RATE", "1")
    assert runs_again(user)


def test_copying_the_environment_depends_on_no_variable(user, monkeypatch):
    user.write("user.py", "import os\n\ndef build():\n    return len({**os.environ})\n")
    settled(user)
    monkeypatch.setenv("SOME_TERMINAL_ID", "1")
    assert not runs_again(user)


def test_what_a_child_writes_itself_is_no_input(user):
    user.write(
        "user.py",
        "import time\n\ndef build():\n    open('out', 'w').write(str(time.time()))\n    return open('out').read()\n",
    )
    settled(user)
    user.write("out", "other")
    assert not runs_again(user)


def test_a_cache_that_the_child_fills_is_measured_once(user):
    user.write(
        "user.py",
        "def build():\n    try:\n        return open('cache').read()\n    except OSError:\n"
        "        open('cache', 'w').write('1')\n        return '1'\n",
    )
    settled(user)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_data_file_is_an_input(user, kind):
    ask = FakeAsk(data=Data(name="d", origin=Origin(kind=kind, target="rows.bin")))
    user.write("rows.bin", "1")
    settled(user, ask)
    user.write("rows.bin", "2")
    assert runs_again(user, ask)


def test_a_folder_is_an_input_with_all_it_holds(user):
    ask = FakeAsk(model=model("saved").model_copy(update={"build": Origin(kind="savedmodel", target="saved")}))
    user.write("saved/variables/v", "1")
    settled(user, ask)
    user.write("saved/variables/v", "2")
    assert runs_again(user, ask)


def test_declared_reads_are_inputs(user):
    data = Data(name="d", origin=Origin(kind="python", target="user:build"), reads=("more/*.txt",))
    user.write("more/a.txt", "1")
    settled(user, FakeAsk(data=data))
    user.write("more/b.txt", "1")
    assert runs_again(user, FakeAsk(data=data))


def test_fresh_measures_again(user):
    settled(user)
    assert runs_again(user, fresh=True)


def test_dependants_of_changed_evidence_are_measured_again(user):
    ask = FakeAsk(seed=1, of=(FakeAsk(seed=2, data=Data(name="d", origin=Origin(kind="csv", target="x"))),))
    user.write("x", "1")
    settled(user, ask)
    user.write("x", "2")
    user.run(claim(ask))
    assert len(user.calls()) == 4


def test_a_started_program_is_reported_as_untracked(user):
    user.write(
        "user.py", "import subprocess\n\ndef build():\n    return subprocess.run(['true'], check=True).returncode\n"
    )
    assert user.run(claim(ASK)).untracked == ("starts `true`",)
    assert user.run(claim(ASK)).untracked == ("starts `true`",)


def test_a_users_module_hides_one_that_is_loaded_already(user):
    user.write("statistics.py", "X = 'mine'\n")
    user.write("user.py", "import statistics\n\ndef build():\n    return statistics.X\n")
    settled(user)
