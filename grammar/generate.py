"""What editors know of the language, written from the grammar and from the table of parts.

    python grammar/generate.py           # writes the files
    python grammar/generate.py --check   # ends with 1 if one is not what it would be

The TextMate grammar takes the terminals of ``mltspec.lark`` in the order in which the parser tries them, so that it
cuts a line as the parser does. The tree-sitter and Vim grammars are written by hand around the words generated here.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from mltspec.language.parts import JOINING, KINDS, MARKS, RESERVED, STATEMENTS, UNIT_WORDS, Part
from mltspec.language.tables import build, grammar_path

HERE = Path(__file__).parent / "editors"
TEXTMATE = HERE / "vscode" / "syntaxes" / "mlt.tmLanguage.json"
TREE_SITTER = HERE / "tree-sitter-mlt" / "lexicon.json"
VIM = HERE / "vim" / "syntax" / "mlt.vim"

SCOPES = {
    Part.KEYWORD: "keyword.control.mlt",
    Part.KIND: "storage.type.mlt",
    Part.NAME: "entity.name.mlt",
    Part.MARK: "keyword.other.mark.mlt",
    Part.NUMBER: "constant.numeric.mlt",
    Part.UNIT: "keyword.other.unit.mlt",
    Part.DATE: "constant.other.date.mlt",
    Part.STRING: "string.quoted.double.mlt",
    Part.OPERATOR: "keyword.operator.mlt",
    Part.PUNCTUATION: "punctuation.mlt",
    Part.COMMENT: "comment.line.number-sign.mlt",
    Part.DOC: "comment.line.documentation.mlt",
    Part.ERROR: "invalid.illegal.mlt",
}
WORD_ENDS = r"(?![A-Za-z0-9_]|\.[A-Za-z_])"
OF_TERMINAL = {
    "DATE": Part.DATE,
    "NUMBER": Part.NUMBER,
    "STRING": Part.STRING,
    "COMPARE": Part.OPERATOR,
    "RANGE": Part.OPERATOR,
    "SIGN": Part.OPERATOR,
    "EQUAL": Part.OPERATOR,
    "COMMA": Part.PUNCTUATION,
}
HIGHLIGHT_GROUPS = {
    Part.KEYWORD: "Keyword",
    Part.KIND: "Structure",
    Part.NAME: "Identifier",
    Part.MARK: "Label",
    Part.NUMBER: "Number",
    Part.UNIT: "Type",
    Part.DATE: "Constant",
    Part.STRING: "String",
    Part.OPERATOR: "Operator",
    Part.PUNCTUATION: "Delimiter",
    Part.COMMENT: "Comment",
    Part.DOC: "SpecialComment",
}


def terminals() -> dict[str, str]:
    """Return the regular expressions of the grammar's terminals, in the order in which they are tried."""
    return dict(build(grammar_path().read_text(encoding="utf-8"))["terminals"])


def number_and_unit(quantity: str) -> tuple[str, str]:
    """Cut the expression of a quantity in two where the blank between number and unit is."""
    number, unit = quantity.split("[ ]?")
    return number, unit


# ------------------------------------------------------------------ TextMate


def textmate() -> str:
    """Return the TextMate grammar: what VS Code, Sublime Text, JetBrains and others colour by."""
    found = terminals()
    tokens = [rule for name, pattern in found.items() for rule in _rules(name, pattern)]
    grammar = {
        "information_for_contributors": ["Written by grammar/generate.py: change that, or mltspec.lark."],
        "name": "mltspec",
        "scopeName": "source.mlt",
        "fileTypes": ["mlt"],
        "patterns": [{"include": "#statement"}, {"include": "#token"}],
        "repository": {
            "statement": {"patterns": _statements(found)},
            "token": {"patterns": [*_comments(), _list(), *tokens]},
            "escape": _rule(r"\\[\"\\nt]", "constant.character.escape.mlt"),
        },
    }
    return json.dumps(grammar, indent=2, ensure_ascii=False) + "\n"


def _rule(pattern: str, scope: str | None = None, **captures: str) -> dict[str, Any]:
    rule: dict[str, Any] = {"match": pattern}
    if scope:
        rule["name"] = scope
    if captures:
        rule["captures"] = {number.removeprefix("_"): {"name": name} for number, name in captures.items()}
    return rule


def _comments() -> list[dict[str, Any]]:
    waiver = r"(#+[ \t]*(mlt:)[ \t]*(allow)\b[^\r\n]*)"
    return [
        _rule(waiver, None, _1=SCOPES[Part.COMMENT], _2="keyword.control.waiver.mlt", _3="keyword.control.waiver.mlt"),
        _rule(r"##(?:[^\r\n]|\r(?!\n))*", SCOPES[Part.DOC]),
        _rule(r"#(?:[^\r\n]|\r(?!\n))*", SCOPES[Part.COMMENT]),
    ]


def _statements(found: dict[str, str]) -> list[dict[str, Any]]:
    """Words that mean something where a statement begins: at a line's start, outside lists, or behind a brace."""
    begins = r"(?:^\ufeff?|(?<=\{))[ \t\f\v]*"
    name, text = f"({found['WORD']})", f"({found['STRING']})"
    keyword, kind, named = SCOPES[Part.KEYWORD], SCOPES[Part.KIND], SCOPES[Part.NAME]
    named_use = _rule(rf"{begins}(use)[ \t]*{text}[ \t]*(as)[ \t]+{name}", None, _1=keyword, _3=keyword, _4=named)
    named_use["captures"]["2"] = {"name": SCOPES[Part.STRING], "patterns": [{"include": "#escape"}]}
    kinds = "|".join(KINDS)
    no_name = rf"(?!(?:{kinds}|{'|'.join(RESERVED)}|use|for){WORD_ENDS})"
    return [
        named_use,
        _with_lines(rf"{begins}({kinds}){WORD_ENDS}[ \t]+{no_name}{name}", {"1": kind, "2": named}),
        _with_lines(rf"{begins}({kinds}){WORD_ENDS}", {"1": kind}),
        _with_lines(rf"{begins}(expect){WORD_ENDS}", {"1": keyword}),
        _rule(rf"{begins}(let){WORD_ENDS}[ \t]+{no_name}{name}", None, _1=keyword, _2=named),
        _rule(rf"{begins}(for)[ \t]+(each){WORD_ENDS}[ \t]+{no_name}{name}", None, _1=keyword, _2=keyword, _3=named),
        _rule(rf"{begins}({'|'.join(STATEMENTS)}){WORD_ENDS}", None, _1=keyword),
    ]


def _with_lines(begin: str, captures: dict[str, str]) -> dict[str, Any]:
    """Return the rule of a statement whose block, if it has one, holds plain lines and no statements."""
    block = {**_between("{", "}"), "patterns": [{"include": "#token"}]}
    return {
        "begin": begin,
        "beginCaptures": {number: {"name": scope} for number, scope in captures.items()},
        "end": r"(?=\})|$",
        "patterns": [block, {"include": "#token"}],
    }


def _between(opener: str, closer: str) -> dict[str, Any]:
    scope = {"0": {"name": SCOPES[Part.PUNCTUATION]}}
    return {"begin": rf"\{opener}", "end": rf"\{closer}", "beginCaptures": scope, "endCaptures": scope}


def _list() -> dict[str, Any]:
    return {**_between("[", "]"), "patterns": [{"include": "#token"}]}


def _rules(name: str, pattern: str) -> list[dict[str, Any]]:
    """Return the rules that stand for one terminal."""
    if name == "QUANTITY":
        number, unit = number_and_unit(pattern)
        return [_rule(f"({number})[ ]?({unit})", None, _1=SCOPES[Part.NUMBER], _2=SCOPES[Part.UNIT])]
    if name == "WORD":
        words = sorted({*RESERVED, *JOINING})
        return [
            _rule(f"(?:{'|'.join(words)}){WORD_ENDS}", SCOPES[Part.KEYWORD]),
            _rule(f"(?:{'|'.join(MARKS)}){WORD_ENDS}", SCOPES[Part.MARK]),
            _rule(pattern),
        ]
    if name == "STRING":
        return [{**_rule(pattern, SCOPES[Part.STRING]), "captures": {"0": {"patterns": [{"include": "#escape"}]}}}]
    if name in ("LBRACE", "RBRACE", "LSQB", "RSQB"):
        return [_rule(pattern, SCOPES[Part.PUNCTUATION])]
    if name in ("WHITESPACE", "NEWLINE", "COMMENT", "DOC"):
        return [_rule(pattern)] if name == "WHITESPACE" else []
    part = OF_TERMINAL.get(name, Part.ERROR)
    assert part is not Part.ERROR or name.startswith("ERROR"), name
    return [_rule(pattern, SCOPES[part])]


# ------------------------------------------------------------------ tree-sitter and Vim


def tree_sitter() -> str:
    """Return the words that the tree-sitter grammar is written around."""
    words = {"kinds": KINDS, "statements": STATEMENTS, "joining": JOINING, "marks": MARKS, "units": UNIT_WORDS}
    return json.dumps(words, indent=2) + "\n"


def vim() -> str:
    """Return the syntax file for Vim and Neovim."""
    start = r"\%(^\%ufeff\?\|{\)\@<=\s*"
    number = r"\<\d[0-9_]*\%(\.\d[0-9_]*\)\?\%([eE][+-]\?\d\+\)\?"
    units = [
        unit for unit in sorted(UNIT_WORDS, key=lambda unit: (-len(unit), unit)) if re.fullmatch(r"[A-Za-z/]+", unit)
    ]
    unit_words = r"\|".join(unit.replace("/", r"\/") for unit in units)
    kinds, statements, marks = (r"\|".join(words) for words in (KINDS, STATEMENTS, MARKS))
    always = r"\|".join(sorted({*RESERVED, *JOINING}))
    end = r"\%(\.\?\w\)\@!"
    lines = [
        '" Vim syntax file of mltspec. Written by grammar/generate.py: change that, or mltspec.lark.',
        'if exists("b:current_syntax") | finish | endif',
        "syntax case match",
        r"syntax match mltWord /\<\h\w*\%(\.\h\w*\)*/",
        rf"syntax match mltKeyword /\<\%({always}\)\>{end}/",
        rf"syntax match mltMark /\<\%({marks}\)\>{end}/",
        rf"syntax match mltKeyword /{start}\<\%({statements}\)\>{end}/",
        rf"syntax match mltKind /{start}\<\%({kinds}\)\>{end}/ nextgroup=mltName skipwhite",
        rf"syntax match mltKeyword /{start}\<let\>{end}/ nextgroup=mltName skipwhite",
        rf"syntax match mltKeyword /{start}\<for\s\+each\>{end}/ nextgroup=mltName skipwhite",
        r"syntax match mltName /\h\w*\%(\.\h\w*\)*/ contained",
        rf"syntax match mltNumber /{number}{end}/",
        rf"syntax match mltNumber /{number} \?\%(%\|\%({unit_words}\)\%([A-Za-z0-9_\/]\)\@!\)/ contains=mltUnit",
        rf"syntax match mltUnit /%\|\%({unit_words}\)\%([A-Za-z0-9_\/]\)\@!/ contained",
        r"syntax match mltDate /\<\d\{4}-\d\d-\d\d\>/",
        r"syntax match mltOperator /<=\|>=\|!=\|[<>=+≤≥≠-]\|\.\./",
        r"syntax match mltPunctuation /[][{},]/",
        r'syntax region mltString start=/"/ skip=/\\./ end=/"/ oneline contains=mltEscape',
        r'syntax match mltEscape /\\["\\nt]/ contained',
        r"syntax match mltComment /#.*/ contains=mltWaiver",
        r"syntax match mltDoc /##.*/ contains=mltWaiver",
        r"syntax match mltWaiver /mlt:\s*allow\>/ contained",
    ]
    lines += [f"highlight default link mlt{part.title()} {group}" for part, group in HIGHLIGHT_GROUPS.items()]
    lines += ["highlight default link mltEscape SpecialChar", "highlight default link mltWaiver Todo"]
    return "\n".join([*lines, 'let b:current_syntax = "mlt"', ""])


FILES = {TEXTMATE: textmate, TREE_SITTER: tree_sitter, VIM: vim}


def main(arguments: list[str]) -> int:
    """Write the files, or tell which are not as they would be written."""
    stale = 0
    for file, write in FILES.items():
        text = write()
        if arguments == ["--check"]:
            if file.read_text(encoding="utf-8") != text:
                print(f"{file} is not what grammar/generate.py writes")
                stale = 1
        else:
            file.write_text(text, encoding="utf-8")
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
