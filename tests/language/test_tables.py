import json

import pytest

from mltspec.language import tables
from mltspec.language.faults import FAULTS, NEVER_WORDS, STATEMENTS, failure


def test_the_stored_tables_are_current():
    grammar = tables.grammar_path().read_text(encoding="utf-8")
    stored = tables.STORED.read_text(encoding="utf-8")
    assert stored == tables.as_json(tables.build(grammar)), "run python -m mltspec.language.tables"
    assert len(stored) < 40_000


def test_no_conflict_is_settled_in_silence():
    pytest.importorskip("interegular")
    tables.build(tables.grammar_path().read_text(encoding="utf-8"), strict=True)


def test_strict_building_can_fail():
    pytest.importorskip("interegular")
    grammar = tables.grammar_path().read_text(encoding="utf-8")
    with pytest.raises(Exception, match=r"[Cc]ollision|conflict"):
        tables.build(grammar + "\nSAME: /[a-z]+x/\n%ignore SAME\n", strict=True)


def test_old_tables_are_not_used(monkeypatch, tmp_path):
    old = tmp_path / "tables.json"
    data = json.loads(tables.STORED.read_text(encoding="utf-8"))
    old.write_text(json.dumps({**data, "grammar": 0, "states": []}), encoding="utf-8")
    monkeypatch.setattr(tables, "STORED", old)
    assert tables.load.__wrapped__().actions


@pytest.mark.parametrize("example", [example for fault in FAULTS for example in fault.examples])
def test_each_example_of_a_mistake_fails_at_its_last_token(example):
    failure(example)


def test_an_example_that_does_not_fail_is_refused():
    with pytest.raises(ValueError, match="sound"):
        failure("let a = 1\n")


def test_statement_keywords_are_those_of_the_grammar():
    start = tables.load().gotos[0]["statements"]
    assert {kind for kind in tables.load().actions[start] if kind not in ("NEWLINE", "$END")} == STATEMENTS
    assert STATEMENTS > NEVER_WORDS
