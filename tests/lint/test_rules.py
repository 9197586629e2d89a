"""Every rule finds its bad example and is silent on its good one; what it mends is mended."""

import datetime
from pathlib import Path

import pytest

import mltspec
from mltspec.language.parse import parse
from mltspec.language.source import Source
from mltspec.lint.catalogue import whole
from mltspec.lint.fixing import mend
from mltspec.lint.linting import lint
from mltspec.lint.registry import ENTRIES, GROUPS
from mltspec.lint.settings import Settings

TODAY = datetime.date(2026, 11, 24)
RULES = Path(mltspec.__file__).parent / "lint" / "rules"
COMPANIONS = {"never-fails", "trailing-space"}
each_rule = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)


def found(text, entry, folder):
    (folder / "pyproject.toml").touch()
    for name, content in entry.rule.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    spec = folder / "example.mlt"
    spec.write_bytes(whole(text, entry.rule.exact).encode())
    # A rule about waivers needs the rules that are waived; all others are tried by themselves.
    waived = COMPANIONS if entry.group == "waivers" else set()
    only = Settings(select=frozenset({entry.name} | waived))
    return spec, only, [each for each in lint([spec], lambda _: only, today=TODAY) if each.counts]


@each_rule
def test_the_bad_example_gives_the_finding_and_nothing_else(entry, tmp_path):
    _, _, findings = found(entry.rule.bad, entry, tmp_path)
    assert {each.name for each in findings if each.name == entry.name or each.name not in COMPANIONS} == {entry.name}
    assert all(each.diagnostic.severity is entry.severity for each in findings if each.name == entry.name)


@each_rule
def test_the_good_example_gives_none(entry, tmp_path):
    assert found(entry.rule.good, entry, tmp_path)[2] == []


@each_rule
def test_fixes_mend_what_they_say_and_leave_a_spec_that_parses(entry, tmp_path):
    spec, only, findings = found(entry.rule.bad, entry, tmp_path)
    safe = any(fix.safe for each in findings for fix in each.diagnostic.fixes)
    single = any(len(each.diagnostic.fixes) == 1 for each in findings)
    for unsafe, expected in ((False, safe), (True, safe or single)):
        result = mend(spec, lambda _: only, unsafe=unsafe, today=TODAY)
        assert (result.after != result.before) == expected
        assert not parse(Source("mended", result.after)).diagnostics
        if expected:
            assert len(result.left) < len(findings)
        spec.write_bytes(result.after.encode())
        again = mend(spec, lambda _: only, unsafe=unsafe, today=TODAY)
        assert again.after == again.before
        spec.write_bytes(whole(entry.rule.bad, entry.rule.exact).encode())


def test_every_rule_is_a_file_of_its_own_and_is_listed():
    files = {f"{file.parent.name}/{file.stem}" for file in RULES.glob("*/*.py") if file.stem != "__init__"}
    listed = {f"{entry.group}/{entry.name.replace('-', '_')}" for entry in ENTRIES}
    assert files == listed
    assert len({entry.name for entry in ENTRIES}) == len(ENTRIES)
    assert {entry.group for entry in ENTRIES} | {"language"} == set(GROUPS)


@each_rule
def test_every_rule_says_what_and_why(entry):
    what, why = entry.doc
    assert what.endswith(".")
    assert len(what) < 120
    assert why.rstrip().endswith((".", ":"))


def test_a_used_spec_whose_only_model_is_meant_without_a_name_is_used(tmp_path):
    (tmp_path / "subjects.mlt").write_text(
        'edition 2026\nmodel m { build python "m:build" }\ndata d = python "m:data"\n'
    )
    spec = tmp_path / "a.mlt"
    spec.write_text('edition 2026\nuse "subjects"\nsuite "s" {\n  expect loss decreases\n}\n')
    found = lint([spec], lambda _: Settings(ignore=frozenset({"subjects"})), today=TODAY)
    assert [each.name for each in found] == []


def test_a_fix_that_would_break_a_spec_is_left_out_and_the_others_are_made(tmp_path, monkeypatch):
    from mltspec.language.diagnostic import Edit, Fix
    from mltspec.language.source import Span
    from mltspec.lint.registry import BY_NAME
    from mltspec.lint.rule import Offence, Rule

    def look(view):
        yield Offence("x", Span(0, 1), fixes=(Fix("break it", (Edit(Span(0, 0), "nonsense "),)),))

    monkeypatch.setitem(BY_NAME["confusable-names"].__dict__, "rule", Rule(look, "", ""))
    spec = tmp_path / "a.mlt"
    spec.write_text("edition 2026\nlet a = 1  \n")
    result = mend(spec, lambda _: Settings(), today=TODAY)
    assert result.after == "edition 2026\nlet a = 1\n"
    assert "confusable-names" in {each.name for each in result.left}
