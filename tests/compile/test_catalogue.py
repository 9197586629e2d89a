"""Each diagnostic is explained, its bad example gives it, and its good example gives nothing."""

import re
from pathlib import Path

import pytest

import mltspec
from mltspec.compile.catalogue import diagnostics, whole
from mltspec.compile.specs import compile_specs

PACKAGE = Path(mltspec.__file__).parent
NOT_SHOWN = {"not-a-spec", "unreadable-file", "bad-value", "too-many-expectations"}
"""Need a file that is none, or more lines than an example should have; tested by themselves."""
NO_DIAGNOSTICS = {"utf-8"}
"""Other texts of that form."""


@pytest.mark.parametrize("name", diagnostics())
def test_examples(name: str, tmp_path: Path):
    entry = diagnostics()[name]
    for text, expected in ((entry.bad, [name]), (entry.good, [])):
        spec = tmp_path / "example.mlt"
        spec.write_text(whole(text))
        assert [finding.name for finding in compile_specs([spec]).diagnostics] == expected


def test_every_diagnostic_about_writing_is_explained():
    named = set()
    for file in (PACKAGE / "language").glob("*.py"):
        named |= set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', file.read_text()))
    assert len(named) > 35
    assert named - NO_DIAGNOSTICS <= set(diagnostics())


def test_every_diagnostic_about_meaning_is_explained():
    raised = set()
    for file in (PACKAGE / "compile").glob("*.py"):
        raised |= set(re.findall(r'(?:Fault\(\s*(?:name=)?|twice\()"([a-z]+(?:-[a-z]+)+)"', file.read_text()))
    assert len(raised) > 25
    assert raised - NOT_SHOWN <= set(diagnostics())
