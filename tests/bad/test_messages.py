"""The whole message, as the author of a bad spec sees it. ``BLESS=1 pytest tests/bad`` rewrites them."""

import importlib.util
import os
from pathlib import Path

import pytest

from mltspec.language.render import render

HERE = Path(__file__).parent
SPECS = sorted(HERE.glob("*/*.mlt"))


def _diagnose():
    spec = importlib.util.spec_from_file_location("bad_specs_diagnose", HERE / "diagnose.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.diagnose


diagnose = _diagnose()


@pytest.mark.parametrize("path", SPECS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_message_is_the_agreed_one(path):
    message = "\n\n".join(render(found) for found in diagnose(path)) + "\n"
    golden = path.with_suffix(".txt")
    if os.environ.get("BLESS"):
        golden.write_text(message, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == message


def test_every_message_belongs_to_a_spec():
    assert {path.stem for path in HERE.glob("*/*.txt")} == {path.stem for path in SPECS}
