import time

import pytest

from mltspec.language.parse import parse
from mltspec.language.source import Source
from mltspec.language.tokens import lex
from mltspec.language.tree import Declaration, Expect, ForAny, ForEach, Items, Let, Operator, Suite, Text, Use, Word


def read(text):
    return parse(Source("a.mlt", text))


def found(text):
    parsed = read(text)
    return [(one.name, parsed.spec.source.position(one.primary.span.start)[0]) for one in parsed.diagnostics]


SOUND = """edition 2026
use "std/training" as std

## What must hold.
## Always.
model delay {
  build python "flights.model:build"   # comment

  fit 8 epochs in batches of 32 rows
}
data holdout = parquet "data/holdout.parquet" label arrived_late
let drop = 0.5pp
suite "quality" for delay tags [commit,
    nightly] {
  for each unit in [jax, 5, "t"] { expect auc >= prod - drop }
  for any batch of 1..64 rows {
    ## Doc.
    expect outputs in 0..1 { errors ≤ 0  p99 latency <= 1.2x }
  }
  expect use model data each for any in as
}"""


def test_a_sound_spec_is_read_whole():
    parsed = read(SOUND)
    assert parsed.diagnostics == ()
    _, use, model, data, let, suite = parsed.spec.statements
    assert isinstance(use, Use) and use.path.value == "std/training" and use.alias.text == "std"
    assert isinstance(model, Declaration) and model.doc == "What must hold.\nAlways."
    assert [len(line.items) for line in model.lines] == [3, 7 - 1]
    assert isinstance(data, Declaration) and data.lines is None and len(data.items) == 4
    assert isinstance(let, Let) and let.name.text == "drop"
    assert isinstance(suite, Suite) and suite.title.value == "quality"
    assert isinstance(suite.items[-1], Items) and [tag.text for tag in suite.items[-1].items] == ["commit", "nightly"]
    each, search, words = suite.body
    assert isinstance(each, ForEach) and isinstance(search, ForAny) and isinstance(words, Expect)
    assert isinstance(each.values.items[2], Text)
    assert all(isinstance(item, Word) for item in words.items)
    expectation = search.body[0]
    assert expectation.doc == "Doc."
    assert [item.text for item in expectation.lines[0].items if isinstance(item, Operator)] == ["<=", "<="]


def test_spans_cover_what_was_written():
    parsed = read(SOUND)
    source = parsed.spec.source
    assert source.slice(parsed.spec.statements[-1].span).startswith('suite "quality"')
    assert source.slice(parsed.spec.statements[-1].span).endswith("}")
    assert source.slice(parsed.spec.statements[4].span) == "let drop = 0.5pp"


@pytest.mark.parametrize("ending", ["\r\n", "\n"])
def test_line_ends_and_a_byte_order_mark_do_not_matter(ending):
    parsed = read("\ufeff" + SOUND.replace("\n", ending))
    assert parsed.diagnostics == ()
    assert len(parsed.spec.statements) == 6


def test_five_mistakes_give_five_diagnostics_on_their_lines():
    text = SOUND.replace("let drop =", "let drop").replace('"flights.model:build"', '"flights')
    text = (
        text.replace(">= prod", "== prod").replace("expect use", "expct use") + "\nlet x = 30m\nsuite good { expect a }"
    )
    assert found(text) == [
        ("unterminated-string", 7), ("missing-equals", 12), ("double-equals", 15), ("unknown-statement", 20),
        ("ambiguous-minutes", 22), ("missing-quotes", 23),
    ]  # fmt: skip
    assert len(read(text).spec.statements) == 8


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('suite "a" {\n  expect x\n\nsuite "b" {\n  expect y\n}\n', [("unclosed-brace", 2)]),
        ('suite "a" {\n  for any b {\n    expect x\n\n  expect y\n}\nlet z = 1\n', [("unclosed-brace", 3)]),
        ('suite "a" {\n  expect x { a <= 1\n  expect y\n}\nlet z = 1\n', [("unclosed-brace", 3)]),
        ('suite "a" {\n  expect x\n}\n}\nlet z = 1\n', [("unmatched-brace", 5)]),
        ('model m {\n  a b\nsuite "b" {\n  expect y\n}\n', [("unclosed-brace", 2)]),
        ('suite "a" tags [x {\n  expect y\n}\n', [("unclosed-bracket", 2)]),
        ('let a = [1, 2\nlet b = 3\nsuite "a" {\n  expect y\n}\n', [("unclosed-bracket", 2)]),
    ],
)
def test_one_bracket_gives_one_diagnostic_where_it_stands(text, expected):
    assert found("edition 2026\n" + text) == expected


def test_statements_in_a_block_survive_a_broken_header():
    parsed = read('edition 2026\nsuite "a" ( {\n  expect x\n  expect y\n}\nexpect z')
    _, suite, last = parsed.spec.statements
    assert len(suite.body) == 2 and isinstance(last, Expect)
    assert len(parsed.diagnostics) == 1


def test_every_line_may_be_wrong_but_fifty_are_enough():
    assert len(read("nonsense here\n" * 1000).diagnostics) == 50


@pytest.mark.parametrize("opener", ["[", "{", 'suite "a" {', "let a = [", "expect a { ", "for any b {\n", "}", "]"])
def test_deep_nesting_is_refused_and_not_fallen_into(opener):
    parsed = read(opener * 10_000)
    assert parsed.diagnostics
    repr(parsed.spec)


@pytest.mark.parametrize(
    "line",
    ["a", "a ", "1", "9.", '"', "'", "“", "„a", "[", "{", "}", "\x00", "\ud800", "=", "\r", "#", "\t", "1_", "a.", "1e",
     "é", "suite ", "for each x in [", "expect "],
)  # fmt: skip
def test_a_very_long_line_is_read(line):
    text = line * (100_000 // len(line))
    parsed = read(text)
    assert "".join(token.text for token in lex(text)) == text
    assert parsed.tokens == tuple(token for token in lex(text) if token.kind != "WHITESPACE")


def _seconds(text):
    start = time.process_time()
    read(text)
    return time.process_time() - start


@pytest.mark.parametrize(
    "statement", [SOUND[SOUND.index("suite") :] + "\n", "expct x == 5\n", 'suite "a" {\n', "let a = [1\n"]
)
def test_time_grows_with_length_and_not_with_its_square(statement):
    _seconds(statement * 10)
    small = min(_seconds(statement * 100) for _ in range(3))
    large = min(_seconds(statement * 1000) for _ in range(2))
    assert large < 40 * small + 0.05


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("let a = 1\n", [("missing-edition", 1)]),
        ("edition 2027\nwhatever\n", [("unknown-edition", 1)]),
        ("edition 2026 rows\nlet a = 1", [("missing-year", 1)]),
        ("let a = 1\nedition 2026\n", [("edition-not-first", 2)]),
        ("edition 2026\nedition 2026\n", [("repeated-edition", 2)]),
        ("# only a comment\n", []),
        ("", []),
    ],
)
def test_editions(text, expected):
    assert found(text) == expected
