import os
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(autouse=True)
def at_the_top(monkeypatch):
    monkeypatch.chdir(Path(__file__).parents[2])


@pytest.fixture
def golden():
    """Hold a text against its file; ``BLESS=1 pytest`` writes the file instead."""

    def hold(name: str, text: str) -> None:
        file = GOLDEN / name
        if os.environ.get("BLESS"):
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, "utf-8")
        assert text == file.read_text("utf-8")

    return hold
