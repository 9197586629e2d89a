"""Whatever is typed, parsing, linting, formatting and every answer to an author end, and none raises."""

import random
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.lark import from_lark
from lark import Lark

from mltspec.assist import completion, navigation, outline, targets, verdicts
from mltspec.assist.desk import Desk
from mltspec.assist.highlight import Highlighter
from mltspec.assist.hover import hover
from mltspec.language.formatting import NotFormatted, format_text
from mltspec.language.tables import grammar_path

REPOSITORY = Path(__file__).parents[2]
HOME = REPOSITORY / "specs/examples/digits/never.mlt"
SPECS = [file.read_text() for file in sorted((REPOSITORY / "specs").rglob("*.mlt"))]
BAD = [file.read_bytes().decode() for file in sorted((REPOSITORY / "tests/bad").rglob("*.mlt"))]
PIECES = [
    *"{}[]\"'#\n\r,;",
    "expect ",
    "suite ",
    "for each ",
    "for any batch ",
    "let ",
    "= ",
    ">= ",
    "5% ",
    "3 ",
    "\0",
    "😀",
    "\ud800",
]
RELAXED = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)

PHRASES = st.sampled_from(
    ["loss", "decreases", "auc", "on", "holdout", "within", "std.x", "training", "outputs", "finite"]
)
TERMINALS = {
    "WORD": PHRASES,
    "NUMBER": st.sampled_from(["0", "5", "0.5", "1e-6", "2026", "1_000"]),
    "QUANTITY": st.sampled_from(["5%", "3 epochs", "30s", "0.5pp", "64 rows", "10 requests/s", "2x"]),
    "DATE": st.sampled_from(["2027-01-31", "2027-13-99"]),
    "STRING": st.sampled_from(['""', '"a"', '"digits.model:build"', '"std/training"', '"\\"\\n"', '"data/x.csv"']),
    "NEWLINE": st.just("\n"),
    "WHITESPACE": st.just(" "),
    "DOC": st.just("## why"),
    "COMMENT": st.just("# what"),
}


def answer_everything(text: str, pick: random.Random) -> None:
    desk, highlighter = Desk(), Highlighter()
    desk.put(HOME, text)
    page = desk.page(HOME)
    assert isinstance(page.diagnostics, tuple)
    page.lint()
    outline.symbols(page)
    outline.folds(page)
    list(navigation.links(page))
    list(highlighter.colours(page))
    verdicts.runnables(page)
    for offset in {0, len(text), *(pick.randint(0, len(text)) for _ in range(6))}:
        completion.complete(page, offset)
        hover(page, offset)
        navigation.definition(page, offset)
        navigation.references(desk, page, offset, [])
        spans = outline.selections(page, offset)
        assert all(inner.start >= outer.start and inner.end <= outer.end for inner, outer in pairwise(spans))
        with suppress(navigation.CannotRename):
            navigation.rename(desk, page, offset, "other_name", [])
    with suppress(NotFormatted):
        format_text(text)


@RELAXED
@given(st.text(max_size=200), st.randoms(use_true_random=False))
def test_any_text(text, pick):
    answer_everything(text, pick)


@RELAXED
@given(st.binary(max_size=200), st.randoms(use_true_random=False))
def test_any_bytes(data, pick):
    answer_everything(data.decode("utf-8", "surrogateescape"), pick)


@RELAXED
@given(st.data(), st.randoms(use_true_random=False))
def test_any_mutation_of_any_spec(data, pick):
    text = data.draw(st.sampled_from([*SPECS, *BAD]))
    for _ in range(data.draw(st.integers(1, 5))):
        start = data.draw(st.integers(0, len(text)))
        length = data.draw(st.integers(0, 30))
        text = text[:start] + data.draw(st.sampled_from(["", *PIECES])) + text[start + length :]
    answer_everything(text, pick)


@RELAXED
@given(
    from_lark(Lark(grammar_path().read_text(), parser="lalr", lexer="basic"), start="start", explicit=TERMINALS),
    st.randoms(use_true_random=False),
)
def test_any_program_of_the_grammar(program, pick):
    answer_everything("edition 2026\n" + program, pick)


@pytest.mark.parametrize("text", [*SPECS, *BAD], ids=range(len(SPECS) + len(BAD)))
def test_every_spec_of_the_repository_at_every_place(text):
    desk = Desk()
    desk.put(HOME, text)
    page = desk.page(HOME)
    for offset in range(0, len(text) + 1, 3):
        completion.complete(page, offset)
        hover(page, offset)
        navigation.definition(page, offset)


@pytest.mark.parametrize(
    "typed", ["", ".", "..", "/", "../..", "a\0b", "\ud800", "x" * 5000, "digits.model:", ":", "a:b:c"]
)
def test_any_text_in_quotes(typed):
    for look in (targets.specs, targets.files, targets.python):
        list(look(HOME, typed))
    targets.place_of(HOME, typed)
    targets.described(HOME, typed)
