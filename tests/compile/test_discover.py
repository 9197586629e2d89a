"""Conventional names are found by reading, and amount to a spec that compiles."""

from pathlib import Path

import pytest

from mltspec.compile.discover import NotASubject, find_module, spec_of
from mltspec.compile.specs import compile_specs

SUBJECT = """
raise RuntimeError("must never be imported")
def build(): ...
def train_data(): ...
if True:
    holdout_data = None
from elsewhere import job as train
FIT: dict = {}
"""


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def test_names_are_found_without_importing(tmp_path):
    write(tmp_path, "net.py", SUBJECT)
    module = find_module("net.py", tmp_path)
    assert module.name == "net"
    assert {"build", "train_data", "holdout_data", "train", "FIT"} <= module.defines
    text = spec_of(module)
    compiled = compile_specs([module.spec_path], text=text)
    assert not compiled.diagnostics
    assert 'train python "net:train"' in text
    assert 'fit as python "net:FIT"' in text
    assert "epochs" not in text
    assert "std/restore" in text
    assert "restore/restore-after-crash" in [e.id for e in compiled.plan.expectations]


def test_least_subject(tmp_path):
    write(tmp_path, "net.py", "def build(): ...\ntrain_data = build\n")
    text = spec_of(find_module("net.py", tmp_path))
    assert "holdout" not in text.partition("# The packs")[0]
    assert "std/restore" not in text
    assert "fit 5 epochs" in text, "how long it trains is a choice that nobody should have to guess"
    assert not compile_specs([tmp_path / "net.mlt"], text=text).diagnostics


def test_dotted_names_and_packages(tmp_path):
    write(tmp_path, "pyproject.toml", "")
    write(tmp_path, "src/pkg/__init__.py", "")
    write(tmp_path, "src/pkg/net.py", SUBJECT)
    module = find_module("pkg.net", tmp_path)
    assert module.root == tmp_path / "src"
    assert module.spec_path == tmp_path / "src" / "net.mlt"


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("gone.py", "no module `gone.py`"),
        ("broken.py", r"no Python that can be read \(line 1\)"),
        ("bare.py", "defines no `build` and no `train_data`"),
        ("binary.py", "no Python"),
        ("../../etc/passwd", "no module"),
    ],
)
def test_what_is_no_subject(tmp_path, target, words):
    write(tmp_path, "broken.py", "def build(:\n")
    write(tmp_path, "bare.py", "x = 1\n")
    (tmp_path / "binary.py").write_bytes(b"\x7fELF\0\0\0")
    with pytest.raises(NotASubject, match=words):
        find_module(target, tmp_path)
