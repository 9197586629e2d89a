"""The one style: what it looks like, and what it never does to a spec."""

import dataclasses
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.lark import from_lark
from lark import Lark

from mltspec.language import formatting
from mltspec.language.formatting import NotFormatted, applied, format_edits, format_text
from mltspec.language.parse import parse
from mltspec.language.source import Source, Span
from mltspec.language.tables import grammar_path, load
from mltspec.language.tokens import lex

REPOSITORY = Path(__file__).parents[2]
SPECS = [file.read_text() for file in sorted((REPOSITORY / "specs").rglob("*.mlt"))]
RELAXED = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)

STYLE = {
    "words stand one space apart": (
        "expect   auc\ton holdout>=0.8",
        "expect auc on holdout >= 0.8\n",
    ),
    "operators are written in ASCII": (
        "expect auc ≥ 0.8\nexpect loss ≤ 1\nexpect loss ≠ 0",
        "expect auc >= 0.8\nexpect loss <= 1\nexpect loss != 0\n",
    ),
    "literals stay as they are": (
        'expect a<=1_000.50e-3 within 30 s of "a\\t\\"b" until 2027-01-01',
        'expect a <= 1_000.50e-3 within 30 s of "a\\t\\"b" until 2027-01-01\n',
    ),
    "ranges and signs": (
        "expect y in - 1 .. 1\nexpect auc >= prod-0.5pp\nfor any batch of 1 .. 64 rows{expect x < - 1}",
        "expect y in -1..1\nexpect auc >= prod - 0.5pp\nfor any batch of 1..64 rows {\n  expect x < -1\n}\n",
    ),
    "a block of statements is opened": (
        'suite "a"{for any batch{expect x}}',
        'suite "a" {\n  for any batch {\n    expect x\n  }\n}\n',
    ),
    "a block around one line may stay": (
        'model m{build python "a:b"}\nmodel n {\nbuild python "a:b"\n}',
        'model m { build python "a:b" }\nmodel n {\n  build python "a:b"\n}\n',
    ),
    "a block that does not fit is opened": (
        f"expect {'word ' * 18}{{ a <= 1 }}",
        f"expect {'word ' * 18}{{\n  a <= 1\n}}\n",
    ),
    "empty blocks are closed at once": (
        'model m {\n\n}\nsuite "s" { }',
        'model m {}\n\nsuite "s" {}\n',
    ),
    "at most one empty line, none at the edges": (
        "\n\nlet a = 1\n\n\n\nexpect training reproducible {\n\n  a\n\n\n  b\n\n}\n\n\n",
        "let a = 1\n\nexpect training reproducible {\n  a\n\n  b\n}\n",
    ),
    "suites are set apart, with what leads them": (
        'let a = 1\n# why\n## What.\nsuite "a" {}  # end\nsuite "b" {}\nlet c = 1',
        'let a = 1\n\n# why\n## What.\nsuite "a" {}  # end\n\nsuite "b" {}\n\nlet c = 1\n',
    ),
    "a comment above the first suite stays with it": (
        '# why\nsuite "a" {}',
        '# why\nsuite "a" {}\n',
    ),
    "a list that fits is one line": (
        "expect x tags [ a ,\n  b,\n ]",
        "expect x tags [a, b]\n",
    ),
    "a list that does not fit has a line for each element": (
        f"expect x tags [{'a' * 50}, {'b' * 50}] id y",
        f"expect x tags [\n  {'a' * 50},\n  {'b' * 50},\n] id y\n",
    ),
    "one long element is left where it is": (
        f"expect x tags [{'a' * 120}]",
        f"expect x tags [{'a' * 120}]\n",
    ),
    "lists in lists": (
        f"for each x in [[{'a' * 40}, {'b' * 40}], [1, [2]], []] {{ expect x }}",
        f"for each x in [\n  [{'a' * 40}, {'b' * 40}],\n  [1, [2]],\n  [],\n] {{\n  expect x\n}}\n",
    ),
    "comments at the end": (
        'edition 2026 # year\nlet a = 1# one\nsuite "s" { # why\n\n expect x ## no doc\n} # end\n# last   ',
        'edition 2026  # year\nlet a = 1  # one\n\nsuite "s" {  # why\n  expect x  ## no doc\n}  # end\n\n# last\n',
    ),
    "comments on their own lines": (
        'suite "s" {\n# one\n\n# two\nexpect x\n      # three\n}',
        'suite "s" {\n  # one\n\n  # two\n  expect x\n  # three\n}\n',
    ),
    "comments in empty blocks": (
        'suite "s" { # only\n}\nmodel m {\n# alone\n}\n',
        'suite "s" {  # only\n}\n\nmodel m {\n  # alone\n}\n',
    ),
    "comments in a list": (
        "expect x tags [ # all\n  a # one\n  , # comma\n # own\n b\n  # last\n] # after\n",
        "expect x tags [  # all\n  a,  # one\n  # comma\n  # own\n  b,\n  # last\n]  # after\n",
    ),
    "comments in an empty list": (
        "expect x tags [\n# none\n]",
        "expect x tags [\n  # none\n]\n",
    ),
    "waivers stay where they act": (
        "# mlt: allow missing-seed until 2027-02-01 -- why\nexpect x   # mlt: allow a -- b",
        "# mlt: allow missing-seed until 2027-02-01 -- why\nexpect x  # mlt: allow a -- b\n",
    ),
    "only comments": ("#  a \n\n\n## b", "#  a\n\n## b\n"),
    "nothing": ("", ""),
    "only blank space": (" \n\t\n", ""),
    "a byte-order mark": ("\ufeff\n let a = 1", "\ufefflet a = 1\n"),
    "line ends are those of the first line": (
        "let a = 1\r\nlet b = 2\nlet c = 3",
        "let a = 1\r\nlet b = 2\r\nlet c = 3\r\n",
    ),
}


@pytest.mark.parametrize("given, wanted", STYLE.values(), ids=STYLE.keys())
def test_style(given: str, wanted: str):
    assert format_text(given) == wanted
    holds(given)


@pytest.mark.parametrize("text", ["suite {", "expect a == 1", 'let a = "', "edition 1999", "\0", "expect [a"])
def test_a_broken_spec_is_refused_with_its_errors(text: str):
    with pytest.raises(NotFormatted) as refused:
        format_text(text)
    assert refused.value.errors
    assert {error.severity for error in refused.value.errors} == {"error"}


def test_that_more_than_blank_space_cannot_change_unseen(monkeypatch):
    monkeypatch.setattr(formatting, "applied", lambda text, edits: text.replace("auc", "acc"))
    with pytest.raises(AssertionError, match="more than blank space"):
        format_text("expect auc >= 0.8")


# ------------------------------------------------------------------ what always holds


def shape(node: object) -> object:
    """A tree without its places."""
    if isinstance(node, Span | Source):
        return None
    if dataclasses.is_dataclass(node):
        return type(node).__name__, [shape(getattr(node, field.name)) for field in dataclasses.fields(node)]
    return [shape(each) for each in node] if isinstance(node, tuple) else node


def tree(text: str) -> object:
    return shape(parse(Source("a.mlt", text)).spec)


def comments(text: str) -> list[str]:
    return [token.text.rstrip(" \t\f\v\r") for token in lex(text) if token.kind in ("COMMENT", "DOC")]


def literals(text: str) -> list[str]:
    kinds = {"STRING", "NUMBER", "QUANTITY", "DATE", "WORD"}
    return [token.text for token in lex(text) if token.kind in kinds]


def holds(text: str) -> bool:
    """Check all that formatting promises of a text; return whether it could be formatted."""
    try:
        formatted = format_text(text)
    except NotFormatted:
        return False
    assert format_text(formatted) == formatted
    assert tree(formatted) == tree(text)
    assert comments(formatted) == comments(text)
    assert literals(formatted) == literals(text)
    assert formatted == "" or formatted.endswith("\n")
    assert "\n\n\n" not in formatted.replace("\r", "")
    edits = format_edits(text)
    assert applied(text, edits) == formatted
    assert all(edit.text != text[edit.span.start : edit.span.end] for edit in edits)
    assert all(one.span.end <= other.span.start for one, other in pairwise(edits))
    return True


BLANKS = st.sampled_from(["", "", " ", "  ", "\t", "\x0c", "      "])
ENDS = st.sampled_from(["\n", "\n\n", "\n \n\t\n", " # c\n", "\n  # own \n", "\n\n# a\n\n## b\n", "\r\n"])


@st.composite
def respaced(draw: st.DrawFn) -> str:
    """A spec of the repository with other blank space, line ends and comments wherever they may stand."""
    out: list[str] = []
    depth = 0
    for token in lex(draw(st.sampled_from(SPECS))):
        depth += (token.kind == "LSQB") - (token.kind == "RSQB")
        if token.kind == "WHITESPACE":
            out.append(draw(BLANKS) or " ")
        elif token.kind == "NEWLINE" or (depth and draw(st.integers(0, 3)) == 0):
            out.append(("" if token.kind == "NEWLINE" else token.text) + draw(ENDS))
        elif token.kind in ("LBRACE", "RBRACE", "COMMA", "LSQB", "RSQB", "COMPARE"):
            out.append(draw(BLANKS) + token.text + (draw(ENDS) if token.kind == "LBRACE" else draw(BLANKS)))
        else:
            out.append(token.text)
    return "".join(out)


@RELAXED
@given(respaced())
def test_however_a_spec_is_spaced(text: str):
    assert holds(text)


@RELAXED
@given(respaced(), st.data())
def test_lines_asked_for_are_formatted_and_others_are_not(text: str, data: st.DataObject):
    count = text.count("\n") + 1
    first = data.draw(st.integers(1, count))
    last = data.draw(st.integers(first, count))
    partly = applied(text, format_edits(text, lines=range(first, last + 1)))
    assert tree(partly) == tree(text)
    assert comments(partly) == comments(text)
    assert format_text(partly) == format_text(text)
    everything = applied(text, format_edits(text, lines=range(1, count + 1)))
    assert everything == format_text(text)


LARK = Lark(grammar_path().read_text(), parser="lalr", lexer="basic", start=["start", "sink"])
SPELT: dict[str, list[str]] = {
    "WORD": ["auc ", "holdout ", "m.x ", "id "],
    "STRING": ['"a" ', '"b \\" # c"'],
    "NUMBER": ["1 ", "2026 ", "1e-6 "],
    "QUANTITY": ["5% ", "3 s ", "2_0 rows "],
    "DATE": ["2027-01-01 "],
    "NEWLINE": ["\n", "\r\n", "\n\n", " # c\n", "\n  ## d\n"],
    **{name: [" "] for name in ("WHITESPACE", "COMMENT", "DOC")},
    **{name: [f"{word} "] for word, name in load().keywords.items()},
}


def test_any_program_of_the_grammar():
    formatted: list[bool] = []

    @RELAXED
    @given(from_lark(LARK, start="start", explicit={name: st.sampled_from(texts) for name, texts in SPELT.items()}))
    def each(text: str) -> None:
        formatted.append(holds(text))

    each()
    assert sum(formatted) > len(formatted) / 3 > 10, "too few programs are sound for this to prove anything"


@RELAXED
@given(st.data())
def test_any_mutation_of_a_real_spec(data: st.DataObject):
    text = data.draw(st.sampled_from(SPECS))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = start + data.draw(st.integers(0, 20))
        insert = data.draw(
            st.sampled_from(["", " ", "\n", "{", "}", "[", "]", ",", "# x\n", "..", "-", '"', "\r", "é"])
        )
        text = text[:start] + insert + text[end:]
    holds(text)


@RELAXED
@given(st.text(max_size=100))
def test_any_text(text: str):
    holds(text)


def test_lines_leave_their_neighbours_alone():
    text = "let  a = 1\nlet  b = [1,\n  2]\nlet  c = 3\n\n\nlet  d = 4\n"
    assert applied(text, format_edits(text, lines=range(3, 4))) == (
        "let  a = 1\nlet b = [1, 2]\nlet  c = 3\n\n\nlet  d = 4\n"
    )
    assert applied(text, format_edits(text, lines=range(4, 5))) == (
        "let  a = 1\nlet  b = [1,\n  2]\nlet c = 3\n\nlet  d = 4\n"
    )


def test_a_list_is_taken_whole_also_where_the_file_does_not_end():
    text = "let  a = 1\nlet  b = [1,\n  2]"
    assert applied(text, format_edits(text, lines=range(2, 3))) == "let  a = 1\nlet b = [1, 2]\n"


@pytest.mark.parametrize("spec", SPECS, ids=range(len(SPECS)))
def test_the_specs_we_ship_are_formatted(spec: str):
    assert format_text(spec) == spec


def test_what_init_writes_is_formatted():
    from mltspec.compile.discover import MODEL_LINES, Module, spec_of

    everything = frozenset((*MODEL_LINES, "build", "train_data", "holdout_data"))
    for defines in (everything, frozenset(("build", "train_data"))):
        spec = spec_of(Module(Path("flights.py"), "flights", defines))
        assert format_text(spec) == spec
