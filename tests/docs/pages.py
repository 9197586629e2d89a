"""What the documentation shows: specs, and commands with what they print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

REPOSITORY = Path(__file__).parents[2]
DOCS = REPOSITORY / "docs"
GENERATED = ("reference", "gallery")
"""Folders of pages that are written from the code, and tested there."""

_FENCE = re.compile(
    r"^(?P<indent> *)```(?:\{code-block\} )?(?P<language>\w+)\n(?::caption: (?P<caption>.+)\n)?"
    r"(?P<text>.*?)^(?P=indent)```",
    flags=re.DOTALL | re.MULTILINE,
)


class Fence(NamedTuple):
    """A block of code: its page and line, its language, and the file that its caption names."""

    page: str
    line: int
    language: str
    caption: str
    text: str

    @property
    def name(self) -> str:
        return f"{self.page}:{self.line}"


def pages() -> list[Path]:
    return sorted(p for p in DOCS.rglob("*.md") if p.relative_to(DOCS).parts[0] not in GENERATED)


def fences(*languages: str) -> Iterator[Fence]:
    for page in pages():
        yield from (each for each in fences_of(page) if each.language in languages)


def fences_of(page: Path) -> Iterator[Fence]:
    text = page.read_text(encoding="utf-8")
    for found in _FENCE.finditer(text):
        indent = len(found["indent"])
        body = "\n".join(line[indent:] for line in found["text"].splitlines())
        line = text.count("\n", 0, found.start()) + 1
        yield Fence(str(page.relative_to(DOCS)), line, found["language"], found["caption"] or "", body + "\n")
