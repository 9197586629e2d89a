from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from mltspec.language.parse import parse
from mltspec.language.quantity import UNITS
from mltspec.language.source import Source
from mltspec.language.tokens import docs_by_statement, lex
from mltspec.language.tree import Expect, Number

FRAGMENTS = st.sampled_from([
    "expect ", "suite ", '"a" ', "{", "}", "[", "]", "\n", "\r\n", "for each x in ", "for any ", "let a = ", "30s",
    "5%", "..", "==", "<=", ",", "# c", "## d", '"', "'x'", "“", "\x00", "\ud800", "\ufeff", "model m ", "edition 2026",
    " ", "30m", "1e5", "2027-01-31", "\\", "\t", "é", "日本", "(", "use std/x as y",
])  # fmt: skip


@given(st.text(st.characters(), max_size=200))
def test_any_text_is_read_and_its_tokens_join_to_it(text):
    parsed = parse(Source("any.mlt", text))
    assert "".join(token.text for token in lex(text)) == text
    assert parsed.tokens == tuple(token for token in lex(text) if token.kind != "WHITESPACE")


@given(st.lists(FRAGMENTS, max_size=40).map("".join))
def test_what_looks_like_a_spec_is_read_and_its_tokens_join_to_it(text):
    parsed = parse(Source("any.mlt", text))
    assert "".join(token.text for token in lex(text)) == text
    assert parsed.tokens == tuple(token for token in lex(text) if token.kind != "WHITESPACE")
    assert len(parsed.diagnostics) <= 50
    for found in parsed.diagnostics:
        assert 0 <= found.primary.span.start <= found.primary.span.end <= len(text)


def test_tokens_touch_each_other():
    text = '\ufeffedition 2026\r\nlet a = 5 % # so\n"'
    position = 0
    for token in lex(text):
        assert (token.start, token.end) == (position, position + len(token.text))
        position = token.end
    assert position == len(text)


def test_every_unit_of_the_table_is_lexed_with_its_number_and_round_trips():
    for unit in UNITS:
        for text in (f"30{unit}", f"30 {unit}", f"1_000.5{unit}", f"1e-6 {unit}"):
            parsed = parse(Source("a.mlt", f"edition 2026\nexpect a < {text}"))
            assert parsed.diagnostics == ()
            statement = parsed.spec.statements[1]
            assert isinstance(statement, Expect)
            number = statement.items[-1]
            assert isinstance(number, Number)
            assert (number.amount.unit, number.amount.text) == (unit, text)
            assert number.amount.number == Decimal(text[: -len(unit)].strip().replace("_", ""))


def test_no_unit_is_lexed_that_the_table_does_not_know():
    for token in lex("1 second 2 sec 3 batches 4 of 5 weeks 6 requests/h 7m"):
        if token.kind == "QUANTITY":
            assert token.text == "1 second"


def test_a_range_is_three_tokens():
    assert [token.text for token in lex("1..64 rows")] == ["1", "..", "64 rows"]


def test_doc_lines_belong_to_the_statement_below():
    text = "## One.\n## Two.\n\nlet a = 1 ## no doc\nlet b = 2\n"
    docs = docs_by_statement(tuple(lex(text)))
    assert docs == {text.index("let a"): "One.\nTwo."}
