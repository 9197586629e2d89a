"""Whatever is typed, compiling ends in a plan and findings, never in an exception."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mltspec.compile.specs import compile_specs
from mltspec.language.render import as_json, render

REPOSITORY = Path(__file__).parents[2]
SPECS = [file.read_text() for file in sorted((REPOSITORY / "specs").rglob("*.mlt"))]
WORDS = sorted(
    {word for spec in SPECS for word in spec.split()} | {"[", "]", "{", "}", ",", "..", "≤", "5%", "5pp", "3 s", "std."}
)
RELAXED = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def compiles(text: str) -> None:
    compiled = compile_specs([REPOSITORY / "specs/examples/digits/never.mlt"], text=text)
    for finding in compiled.diagnostics:
        assert render(finding)
        assert as_json(finding)
    assert type(compiled.plan).from_json(compiled.plan.to_json()) == compiled.plan


@RELAXED
@given(st.text(max_size=200))
def test_any_text(text: str):
    compiles(text)


@RELAXED
@given(st.lists(st.sampled_from([*WORDS, "\n", "expect", "\nexpect "]), max_size=40))
def test_any_words_of_the_language(words: list[str]):
    compiles("edition 2026\n" + " ".join(words))


@RELAXED
@given(st.data())
def test_any_mutation_of_a_real_spec(data: st.DataObject):
    text = data.draw(st.sampled_from(SPECS))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        length = data.draw(st.integers(0, 20))
        insert = data.draw(st.one_of(st.just(""), st.sampled_from(WORDS), st.text(max_size=3)))
        text = text[:start] + insert + text[start + length :]
    compiles(text)


@pytest.mark.parametrize("spec", SPECS, ids=range(len(SPECS)))
def test_every_spec_of_the_repository_is_read_without_a_syntax_error(spec: str):
    names = {finding.name for finding in compile_specs([REPOSITORY / "specs/never.mlt"], text=spec).diagnostics}
    assert names <= {"no-model", "no-training-data", "unknown-name"}
