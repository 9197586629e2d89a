"""Findings about a text after an edit are those about the text afresh."""

import random
from pathlib import Path

import pytest

from mltspec.assist.desk import Desk
from mltspec.compile.files import load
from mltspec.compile.linking import link
from mltspec.compile.specs import findings
from mltspec.language.render import as_json

SPECS = [file.read_text() for file in sorted((Path(__file__).parents[2] / "specs").rglob("*.mlt"))]
HEAD = """edition 2026
model m { build python "a:b" }
data rows = python "a:c"
baseline prod = run seed 1
let drop = 3pp
"""
LINES = [
    *("expect auc on rows >= prod - drop", "expect auc >= 50", "expect loss decreases within drop", "let drop2 = drop"),
    *('data more = python "a:c"', "}", 'suite "b" for m on rows tags [x] {'),
    *("for each x in [auc, mse] {", "expect x >= 0.5"),
    *("for any batch of 1..64 rows {", "expect outputs finite", "expect rows independent within 1e-5 id same"),
    *('use "std/debugging"', 'use "std/training" as std', "expect auc on more >= 0.5"),
    'model n { build python "a:b" }',
]  # fmt: skip


def afresh(path: Path, text: str) -> list:
    return [as_json(each) for each in findings(link(load(path, text=text)))]


@pytest.mark.parametrize("seed", range(4))
def test_a_long_session(seed, tmp_path):
    pick = random.Random(seed)
    desk, path = Desk(), tmp_path / "a.mlt"
    lines = pick.choice([HEAD, *SPECS]).split("\n")
    for _ in range(80):
        at = pick.randint(0, len(lines))
        lines[at : at + pick.choice([0, 0, 1, 2])] = [pick.choice(LINES)] if pick.random() < 0.8 else []
        if pick.random() < 0.3 and lines:
            at = pick.randrange(len(lines))
            lines[at] = lines[at][: pick.randint(0, len(lines[at]))]
        text = "\n".join(lines)
        desk.put(path, text)
        assert [as_json(each) for each in desk.page(path).diagnostics] == afresh(path, text)


def test_a_name_that_changes_is_told_where_it_is_used(tmp_path):
    desk, path = Desk(), tmp_path / "a.mlt"
    text = HEAD + 'suite "s" {\n  expect auc on rows >= 0.5\n}\n'
    desk.put(path, text)
    assert not desk.page(path).diagnostics
    desk.put(path, text.replace("data rows", "data columns"))
    assert [each.name for each in desk.page(path).diagnostics] == ["unknown-name"]
    desk.put(path, text)
    assert not desk.page(path).diagnostics


def test_a_claim_that_stands_as_it_stood_is_not_understood_again(tmp_path, monkeypatch):
    from mltspec.compile import rereading

    read = []
    real = rereading.understand
    monkeypatch.setattr(rereading, "understand", lambda *args: read.append(args[0]) or real(*args))
    desk, path = Desk(), tmp_path / "a.mlt"
    text = HEAD + 'suite "s" {\n  expect auc on rows >= 0.5\n  expect mse <= 2\n}\n'
    desk.put(path, text)
    assert desk.page(path).diagnostics == ()
    assert len(read) == 2
    desk.put(path, "\n\n" + text.replace("<= 2", "<= 3"))
    assert desk.page(path).diagnostics == ()
    assert len(read) == 3
