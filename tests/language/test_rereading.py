"""Reading a text after an edit gives what reading it afresh gives."""

import random
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mltspec.language.parse import parse
from mltspec.language.rereading import Rereader
from mltspec.language.source import Source
from mltspec.language.tree import Expect, Suite

REPOSITORY = Path(__file__).parents[2]
SPECS = [file.read_text() for file in sorted(REPOSITORY.glob("specs/**/*.mlt"))]
BAD = [file.read_bytes().decode() for file in sorted((REPOSITORY / "tests/bad").rglob("*.mlt"))]
PIECES = [
    *("{", "}", "[", "]", '"', "\n", "\r\n", "\r", " ", "  ", "#", "##", "## why\n"),
    *(",", ";", "&&", "==", "'", "“", "(", "≤", "\ufeff", "😀", "\0", "\ud800", "\f"),
    *("expect", "suite", "for each x in [a]", "for any batch", "let", "edition 2026", "edition", "model m", "use"),
    *("expect auc >= 0.5\n", 'suite "a" {\n', "}\n", "\n}\n", "{\n", "5%", "3 secs"),
    *("  expect loss decreases {\n    a\n  }\n", 'model a { build python "m:f" }\n', "let a = [\n  1,\n  2\n]\n"),
]  # fmt: skip


def shape(value):
    """Everything that a tree or a diagnostic says, as plain data."""
    if isinstance(value, Source):
        return "source"
    if isinstance(value, Expect | Suite):
        kind = Expect if isinstance(value, Expect) else Suite
        return (kind.__name__, *(shape(getattr(value, each.name)) for each in fields(kind)))
    if is_dataclass(value):
        return (type(value).__name__, *(shape(getattr(value, each.name)) for each in fields(value)))
    return tuple(map(shape, value)) if isinstance(value, tuple) else value


def same(reader: Rereader, text: str) -> None:
    source = Source("a.mlt", text)
    again, afresh = reader.parse(source), parse(source)
    assert shape(again.spec.statements) == shape(afresh.spec.statements)
    assert shape(again.diagnostics) == shape(afresh.diagnostics)
    assert again.spec.source is source
    assert all(each.source is source for each in again.diagnostics)


def edited(text: str, pick: random.Random) -> str:
    start = pick.randint(0, len(text))
    end = min(len(text), start + pick.choice([0, 0, 0, 1, 1, 5, 40]))
    return text[:start] + pick.choice(["", *PIECES, text[start : start + 60]]) + text[end:]


@pytest.mark.parametrize("text", [*SPECS, *BAD], ids=range(len(SPECS) + len(BAD)))
def test_every_text_of_the_repository(text):
    same(Rereader(), text)


@pytest.mark.parametrize("seed", range(6))
def test_a_long_session(seed):
    pick = random.Random(seed)
    reader = Rereader()
    text = pick.choice(SPECS)
    for _ in range(150):
        text = edited(text, pick) if pick.random() < 0.97 else pick.choice([*SPECS, *BAD])
        same(reader, text)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_any_pieces_of_the_language(pieces):
    reader = Rereader()
    same(reader, "".join(pieces))
    same(reader, " ".join(reversed(pieces)))


def test_what_is_unchanged_is_not_parsed_again(monkeypatch):
    from mltspec.language import rereading

    parsed = []
    real = rereading.parse_statements
    monkeypatch.setattr(rereading, "parse_statements", lambda s, t: parsed.append(s.text) or real(s, t))
    monkeypatch.setattr(rereading, "parse", None)
    reader = Rereader()
    text = 'edition 2026\n\nsuite "a" {\n  expect auc >= 0.5\n  expect loss decreases\n}\n'
    reader.parse(Source("a", text))
    assert len(parsed) == 4
    parsed.clear()
    reader.parse(Source("a", text.replace("\n\n", "\n# one more line\n\n").replace("0.5", "0.6")))
    assert len(parsed) == 1
    assert "0.6" in parsed[0]


def test_memory_does_not_grow_with_the_session(monkeypatch):
    from mltspec.language import memo

    monkeypatch.setattr(memo, "MOST", 10)
    reader = Rereader()
    for i in range(200):
        reader.parse(Source("a", f'edition 2026\nsuite "a" {{\n  expect auc >= {i}\n}}\n'))
    assert len(reader.units) + len(reader.units._before) < 40
    assert len(reader.blocks) == 1


def test_a_moved_statement_can_be_changed_like_any_other():
    reader = Rereader()
    reader.parse(Source("a", 'edition 2026\nsuite "a" {\n  expect auc >= 1\n}\n'))
    moved = reader.parse(Source("a", '\nedition 2026\nsuite "a" {\n  expect auc >= 1\n}\n')).spec.statements[-1]
    bare = replace(moved, body=())
    assert bare.body == ()
    assert bare.title.value == "a"
    assert replace(moved.body[0], doc="why").items == moved.body[0].items
