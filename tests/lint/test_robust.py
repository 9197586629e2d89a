"""Whatever is typed, linting ends in findings and mending in a text, and mending that again changes nothing."""

import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mltspec.language.diagnostic import Severity
from mltspec.language.formatting import format_text
from mltspec.language.parse import parse
from mltspec.language.render import render
from mltspec.language.source import Source
from mltspec.lint.catalogue import whole
from mltspec.lint.fixing import mend
from mltspec.lint.linting import lint
from mltspec.lint.registry import ENTRIES
from mltspec.lint.settings import Settings
from mltspec.report.findings import github, gitlab, listing, sarif
from mltspec.report.findings.finding import of_diagnostic

REPOSITORY = Path(__file__).parents[2]
TODAY = datetime.date(2026, 11, 24)
SPECS = [file.read_text() for file in sorted((REPOSITORY / "specs").rglob("*.mlt"))]
SPECS += [whole(text) for entry in ENTRIES for text in (entry.rule.bad, entry.rule.good)]
WAIVER = "# mlt: allow never-fails, unused-let until 2027-02-01 -- why\n"
ODD = {"2027-02-30", "1e300", "0", "-", '"', WAIVER, "# mlt: allow", "≤", "\r\n", "\t", "\n\n\n", "[", "]", "{", "}"}
WORDS = sorted({word for spec in SPECS for word in spec.split()} | ODD)
RELAXED = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
SPEC = REPOSITORY / "specs/examples/digits/never.mlt"


def everywhere(_: Path) -> Settings:
    return Settings()


def lints(text: str) -> None:
    def read(path: Path, name: str):
        return parse(Source(name, text if path == SPEC else "edition 2026\n"))

    found = lint([SPEC], everywhere, read=read, today=TODAY)
    plain = [of_diagnostic(each.diagnostic) for each in found]
    for each in found:
        assert render(each.diagnostic)
    assert sarif.to_text(plain, {})
    assert listing.to_text(plain, 1)
    assert gitlab.to_text(plain)
    assert github.to_text(plain).count("\n") == len(plain)
    for unsafe in (False, True):
        once = mend(SPEC, everywhere, unsafe=unsafe, read=read, today=TODAY)
        errors = [each for each in once.left if each.diagnostic.severity is Severity.ERROR]
        assert len(errors) <= sum(each.diagnostic.severity is Severity.ERROR for each in found)


@RELAXED
@given(st.text(max_size=200))
def test_any_text(text: str):
    lints(text)


@RELAXED
@given(st.lists(st.sampled_from([*WORDS, "\n", "\nexpect "]), max_size=40))
def test_any_words_of_the_language(words: list[str]):
    lints("edition 2026\n" + " ".join(words))


@RELAXED
@given(st.data())
def test_any_mutation_of_a_real_spec(data: st.DataObject):
    text = data.draw(st.sampled_from(SPECS))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        length = data.draw(st.integers(0, 20))
        insert = data.draw(st.one_of(st.just(""), st.sampled_from(WORDS), st.text(max_size=3)))
        text = text[:start] + insert + text[start + length :]
    lints(text)


@pytest.mark.parametrize("text", SPECS, ids=range(len(SPECS)))
def test_mending_twice_is_mending_once(text: str, tmp_path: Path):
    spec = tmp_path / "x.mlt"
    for line_end in ("\n", "\r\n"):
        spec.write_bytes(text.replace("\n", line_end).encode())
        once = mend(spec, everywhere, today=TODAY)
        spec.write_bytes(once.after.encode())
        again = mend(spec, everywhere, today=TODAY)
        assert again.after == once.after
        assert line_end == "\n" or "\n" not in once.after.replace("\r\n", "")


@pytest.mark.parametrize(
    "line",
    [
        'expect loss decreases skip because "data moves" until 2027-02-30',
        f'data rows = csv "{"a" * 300}.csv" label late',
        f'data rows = python "{"a" * 300}.b:c"',
        'data rows = csv "a\\nb.csv" label late',
        f'baseline b = store "{"a" * 300}"',
        'baseline b = store ".." version 1',
        "profile p { seed 1e300\n examples 1e-300 }",
        "# mlt: allow never-fails until 2027-02-30 -- no such day",
    ],
)
def test_names_that_no_disk_or_calendar_has(line: str):
    lints(f"{whole(line)}expect loss decreases\n")


@pytest.mark.parametrize("text", SPECS, ids=range(len(SPECS)))
def test_formatted_text_has_no_finding_of_style(text: str, tmp_path: Path):
    spec = tmp_path / "x.mlt"
    untidy = text.replace("\n  ", "\n\t").replace(" >= ", "  ≥ ").replace("}\n", "}  \n\n\n") + "\n\n"
    for written in (text, untidy):
        if parse(Source("x", written)).diagnostics:
            continue
        spec.write_text(format_text(written))
        style = Settings(select=frozenset({"style"}))
        found = lint([spec], lambda _, style=style: style, today=TODAY)
        assert [each.name for each in found if each.diagnostic.severity is not Severity.ERROR] == []


def test_that_the_test_of_style_can_fail(tmp_path: Path):
    spec = tmp_path / "x.mlt"
    spec.write_text("edition 2026\nlet a ≥ 1  \n")
    assert {each.name for each in lint([spec], everywhere, today=TODAY)} >= {"trailing-space", "unicode-operator"}
