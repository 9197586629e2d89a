"""What is formatted has no finding of style; what is not, has some."""

from pathlib import Path

import pytest

from mltspec.language.formatting import format_text
from mltspec.lint.linting import lint
from mltspec.lint.registry import ENTRIES
from mltspec.lint.settings import Settings

SPECS = sorted((Path(__file__).parents[2] / "specs").rglob("*.mlt"))
STYLE = [entry for entry in ENTRIES if entry.group == "style"]
ONLY_STYLE = Settings(select=frozenset(entry.name for entry in STYLE))
UNTIDY = {
    "tabs": lambda text: text.replace("  ", "\t"),
    "blanks": lambda text: text.replace("\n", " \t\n\n\n \n"),
    "no end": lambda text: text.rstrip("\n"),
    "carriage returns": lambda text: text.replace("\n", "   \r\n\r\n\r\n"),
    "operators": lambda text: text.replace(">=", "≥").replace("<=", "≤") + "expect auc on holdout ≠ 1",
}


def found(text: str, folder: Path) -> set[str]:
    spec = folder / "a.mlt"
    spec.write_bytes(text.encode())
    return {finding.name for finding in lint([spec], lambda _: ONLY_STYLE)} & ONLY_STYLE.select


@pytest.mark.parametrize("untidy", UNTIDY.values(), ids=UNTIDY.keys())
@pytest.mark.parametrize("file", SPECS, ids=lambda file: file.stem)
def test_formatted_text_has_no_finding_of_style(file, untidy, tmp_path):
    text = untidy(file.read_text())
    assert found(text, tmp_path)
    assert not found(format_text(text), tmp_path)


@pytest.mark.parametrize("entry", STYLE, ids=lambda entry: entry.name)
def test_formatting_mends_the_bad_example_of_each_rule(entry, tmp_path):
    text = f"edition 2026\n{entry.rule.bad}"
    assert entry.name in found(text, tmp_path)
    assert not found(format_text(text), tmp_path)
