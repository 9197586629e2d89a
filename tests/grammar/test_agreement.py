"""Parser, TextMate, tree-sitter, Pygments and Vim see the same words in every spec of the repository."""

import ctypes
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pygments.lexers
import pytest
from textmate import TextMate
from tree_sitter import Language, Parser, Query, QueryCursor

from mltspec.compile.expectations import MARKS as MARK_CLAUSES
from mltspec.language import parts as table
from mltspec.language.diagnostic import Severity
from mltspec.language.faults import NEVER_WORDS, STATEMENTS
from mltspec.language.parse import parse
from mltspec.language.parts import Part, parts
from mltspec.language.pygments import TOKENS
from mltspec.language.source import Source
from mltspec.language.tables import load
from mltspec.language.tokens import lex

REPOSITORY = Path(__file__).parents[2]
sys.path.insert(0, str(REPOSITORY / "grammar"))
import generate  # noqa: E402

EDITORS = REPOSITORY / "grammar" / "editors"
SPECS = sorted(file for file in REPOSITORY.rglob("*.mlt") if not {".venv", "node_modules"} & set(file.parts))
TEXTS = {str(file.relative_to(REPOSITORY)): file.read_bytes().decode("utf-8", "replace") for file in SPECS}
EVERYTHING = """\
edition 2026
use "a/b"  as  std # why
## What for.
model net.one { build python "m:build \\" \\n" }
data in = csv "a.csv" label y
let each = 0.5pp
suite "s" for net on rows tags [a, b.c] {
  for each x in [1, 2 s, 3.5e-6 requests/s,
    data, # in a list
    model ] {
    expect data well fed in -1..1 ≤ 5 % until 2027-01-01 {
      model within 1_000 rows, as dry run
    }
  }
  for any batch of 1..64 rows { expect model.x = "y" owner "z" }
}
# mlt: allow unknown-name until 2027-01-01 -- because
"""
TEXTS["everything"] = EVERYTHING
SOUND = [
    name
    for name, text in TEXTS.items()
    if all(found.severity is not Severity.ERROR for found in parse(Source(name, text)).diagnostics)
]
UNSEEN = {Part.BLANK, Part.WORD}

Seen = list[tuple[int, int, Part]]


def by_parser(text: str) -> Seen:
    return joined((each.start, each.start + len(each.text), each.part) for each in parts(lex(text)))


def joined(stretches: Iterable[tuple[int, int, Part]]) -> Seen:
    """What is coloured, in its order; neighbours of one colour are one."""
    found: Seen = []
    for start, end, part in sorted(stretches):
        if part in UNSEEN or start == end:
            continue
        if found and found[-1][1] == start and found[-1][2] is part:
            start = found.pop()[0]
        found.append((start, end, part))
    return found


def test_the_table_is_the_grammars():
    assert {*table.KINDS, *table.STATEMENTS, *table.JOINING} == set(load().keywords)
    assert {*table.KINDS, *table.STATEMENTS} == {kind.lower() for kind in STATEMENTS}
    assert set(table.RESERVED) == {kind.lower() for kind in NEVER_WORDS}


def test_marks_are_those_of_expectations():
    words = {word for clause in MARK_CLAUSES for word in re.sub(r"\{[^}]*\}", "", clause.form).split()}
    assert set(table.MARKS) == words


def test_what_is_generated_is_current():
    assert generate.main(["--check"]) == 0


def test_that_a_stale_file_is_seen(monkeypatch, capsys):
    monkeypatch.setitem(generate.FILES, generate.VIM, lambda: "other")
    assert generate.main(["--check"]) == 1
    assert "mlt.vim" in capsys.readouterr().out


# ------------------------------------------------------------------ TextMate


TEXTMATE = TextMate(generate.TEXTMATE)
PART_OF_SCOPE = {scope: part for part, scope in generate.SCOPES.items()} | {
    "keyword.control.waiver.mlt": Part.COMMENT,
}


def by_textmate(text: str) -> Seen:
    return joined((start, end, PART_OF_SCOPE[scope]) for start, end, scope in TEXTMATE.scopes(text))


@pytest.mark.parametrize("name", TEXTS)
def test_textmate(name: str):
    text = TEXTS[name].replace("\f", " ")
    assert by_textmate(text) == by_parser(text)


# ------------------------------------------------------------------ Pygments


def test_pygments_is_found_by_name_and_file_and_gives_everything_back():
    lexer = pygments.lexers.get_lexer_by_name("mlt")
    assert type(pygments.lexers.get_lexer_for_filename("a.mlt")) is type(lexer)
    for text in TEXTS.values():
        assert "".join(text for _, _, text in lexer.get_tokens_unprocessed(text)) == text
    coloured = {value for _, kind, value in lexer.get_tokens_unprocessed(EVERYTHING) if kind is TOKENS[Part.KIND]}
    assert coloured == {"model", "data"}


def test_every_part_has_a_colour_everywhere():
    assert set(TOKENS) == set(Part)
    assert set(generate.SCOPES) == set(Part) - UNSEEN
    assert set(generate.HIGHLIGHT_GROUPS) == set(Part) - UNSEEN - {Part.ERROR}


# ------------------------------------------------------------------ tree-sitter


TREE_SITTER = EDITORS / "tree-sitter-mlt"
PART_OF_CAPTURE = {
    "keyword": Part.KEYWORD,
    "type.definition": Part.KIND,
    "constant": Part.NAME,
    "attribute": Part.MARK,
    "variable": Part.WORD,
    "number": Part.NUMBER,
    "type": Part.UNIT,
    "constant.builtin": Part.DATE,
    "string": Part.STRING,
    "operator": Part.OPERATOR,
    "punctuation": Part.PUNCTUATION,
    "comment": Part.COMMENT,
    "comment.documentation": Part.DOC,
}


@pytest.fixture(scope="module")
def language(tmp_path_factory) -> Language:
    """The tree-sitter grammar as it is committed, compiled."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not compiler:
        pytest.skip("there is no C compiler")
    library = tmp_path_factory.mktemp("mlt") / "mlt.so"
    source = TREE_SITTER / "src"
    command = [compiler, "-shared", "-fPIC", "-O1", "-I", str(source), str(source / "parser.c"), "-o", str(library)]
    subprocess.run(command, check=True)
    pointer = ctypes.CDLL(str(library)).tree_sitter_mlt
    pointer.restype = ctypes.c_void_p
    capsule = ctypes.pythonapi.PyCapsule_New
    capsule.restype, capsule.argtypes = ctypes.py_object, (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
    return Language(capsule(pointer(), b"tree_sitter.Language", None))


def by_tree_sitter(language: Language, text: str) -> Seen:
    data = text.encode()
    root = Parser(language).parse(data).root_node
    assert not root.has_error, root
    query = Query(language, (TREE_SITTER / "queries" / "highlights.scm").read_text())
    colours: dict[tuple[int, int], Part] = {}
    for _, captures in sorted(QueryCursor(query).matches(root), key=lambda match: match[0]):
        for name, nodes in captures.items():
            colours |= {(node.start_byte, node.end_byte): PART_OF_CAPTURE[name] for node in nodes}
    characters = [len(data[:at].decode()) for pair in colours for at in pair]
    places = zip(characters[::2], characters[1::2], colours.values(), strict=True)
    return joined(places)


@pytest.mark.parametrize("name", SOUND)
def test_tree_sitter(language: Language, name: str):
    assert by_tree_sitter(language, TEXTS[name]) == by_parser(TEXTS[name])


def test_tree_sitter_goes_on_after_a_mistake(language: Language):
    text = 'edition 2026\nlet = 1\nsuite "s" {\n  expect auc >= 0.8\n}\n'
    root = Parser(language).parse(text.encode()).root_node
    assert root.has_error
    assert "expect" in {node.type for suite in root.children for body in suite.children for node in body.children}


@pytest.mark.parametrize("query", sorted((TREE_SITTER / "queries").glob("*.scm")), ids=lambda file: file.stem)
def test_queries_name_nodes_that_there_are(language: Language, query: Path):
    Query(language, query.read_text())


# ------------------------------------------------------------------ Vim


def test_vim_has_the_words_of_the_table():
    text = generate.VIM.read_text()
    for words in (table.KINDS, table.STATEMENTS, table.MARKS):
        assert r"\|".join(words) in text
    for unit in table.UNIT_WORDS:
        assert re.search(rf"(?<![A-Za-z]){re.escape(unit.replace('/', chr(92) + '/'))}(?![A-Za-z])", text), unit


def test_the_words_of_tree_sitter_are_those_of_the_table():
    built = json.loads((TREE_SITTER / "src" / "grammar.json").read_text())["rules"]
    strings = set(re.findall(r'"value": "([^"\\]+)"', json.dumps(built)))
    assert {*table.KINDS, *table.STATEMENTS, *table.JOINING, *table.UNIT_WORDS} <= strings
    query = (TREE_SITTER / "queries" / "highlights.scm").read_text()
    assert f"^({'|'.join(table.MARKS)})$" in query
    assert f"^({'|'.join(table.JOINING)})$" in query
