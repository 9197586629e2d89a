import json

import pytest

from mltspec.language.diagnostic import Diagnostic, Label
from mltspec.language.fixing import apply
from mltspec.language.parse import parse
from mltspec.language.render import as_json, printable, render, width
from mltspec.language.source import Source, Span
from mltspec.language.suggest import closest, distance


def test_the_layout_is_the_agreed_one():
    text = "\n" * 51 + "  expect rollback on staging < 5%\n"
    source = Source("specs/delay.mlt", text)
    ratio, time = text.index("5%"), text.index("rollback")
    shown = render(
        Diagnostic(
            "dimension-mismatch",
            "rollback is a time, but 5% is a ratio",
            source,
            Label(Span(ratio, ratio + 2), "this is a ratio"),
            (Label(Span(time, time + 8), "measured in seconds"),),
            help="write a duration, for example `5s`",
        )
    )
    assert shown == (
        "error: rollback is a time, but 5% is a ratio [dimension-mismatch]\n"
        "  --> specs/delay.mlt:52:32\n"
        "   |\n"
        "52 |   expect rollback on staging < 5%\n"
        "   |          --------              ^^ this is a ratio\n"
        "   |          |\n"
        "   |          measured in seconds\n"
        "   = help: write a duration, for example `5s`"
    )


def test_carets_stand_below_wide_characters_and_tabs():
    source = Source("a.mlt", 'x\t"日本" y')
    caret = render(Diagnostic("n", "m", source, Label(Span(7, 8), "here"))).splitlines()
    assert caret[3] == '1 | x   "日本" y'
    assert caret[4].index("^") == len("1 | ") + 4 + 6 + 1


@pytest.mark.parametrize("text", ["\x1b[31m", "\x07", "\u202e", "\ud800", "\x9b", "\u200b"])
def test_no_control_character_reaches_the_terminal(text):
    source = Source(f"{text}.mlt", f"let {text} = 1\n")
    shown = render(Diagnostic("n", f"about {text}", source, Label(Span(4, 5), text), help=text))
    assert all(char.isprintable() for char in shown.replace("\n", ""))
    shown.encode()


def test_a_very_long_line_is_cut_around_the_mistake():
    source = Source("a.mlt", "a" * 5000 + "!" + "b" * 5000)
    shown = render(Diagnostic("n", "m", source, Label(Span(5000, 5001), "here")))
    assert max(map(len, shown.splitlines())) < 200
    assert "!" in shown


def test_color_changes_nothing_but_color():
    import re

    found = parse(Source("a.mlt", "edition 2026\nexpect\n")).diagnostics[0]
    assert re.sub(r"\x1b\[[0-9;]*m", "", render(found, color=True)) == render(found)
    assert "\x1b[" in render(found, color=True)


def test_json_holds_places_and_fixes():
    found = parse(Source("a.mlt", "edition 2026\nexpect a == 1\n")).diagnostics[0]
    data = json.loads(json.dumps(as_json(found)))
    assert (data["line"], data["column"], data["end_line"], data["end_column"]) == (2, 10, 2, 12)
    assert data["fixes"][0]["edits"] == [{"line": 2, "column": 10, "end_line": 2, "end_column": 12, "text": "="}]
    assert data["name"] == "double-equals" and data["severity"] == "error" and data["file"] == "a.mlt"


def test_width():
    assert [width(text) for text in ("ab", "日本", "e\u0301", "")] == [2, 4, 1, 0]
    assert printable("a b\x00") == "a b\\x00"


@pytest.mark.parametrize(
    ("word", "expected"),
    [("expct", ["expect"]), ("modle", ["model"]), ("sec", []), ("zzzzzz", []), ("x", []), ("Model", ["model"])],
)
def test_did_you_mean(word, expected):
    assert closest(word, ["expect", "model", "suite", "data"]) == expected


def test_at_most_three_are_offered_nearest_first():
    assert closest("step", ["steps", "stop", "stem", "slep", "xxxx"]) == ["slep", "stem", "steps"]
    assert distance("ab", "ba") == 1 and distance("", "abc") == 3


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("let a = 1\n", "edition 2026\nlet a = 1\n"),
        ("let a = 1\nedition 2026\n", "edition 2026\nlet a = 1\n"),
        ("edition 2026\nexpect a == 'x' \n", 'edition 2026\nexpect a = "x" \n'),
        ("edition 2026\nsuite so it is for m {\n}\n", 'edition 2026\nsuite "so it is" for m {\n}\n'),
        ("edition 2026\nuse std/a as b\n", 'edition 2026\nuse "std/a" as b\n'),
        ("edition 2026\nexpect a < 30 secs\n", "edition 2026\nexpect a < 30 s\n"),
        ('edition 2026\nsuite "a"\n{\n}\n', 'edition 2026\nsuite "a" {\n}\n'),
        ("edition 2026\nexpct a;\n", "edition 2026\nexpect a\n"),
        ('edition 2026\nlet a = "C:\\data\\x"\n', 'edition 2026\nlet a = "C:\\\\data\\\\x"\n'),
    ],
)
def test_safe_fixes_mend_the_spec(before, after):
    fixes = [fix for found in parse(Source("a.mlt", before)).diagnostics for fix in found.fixes if fix.safe]
    assert apply(before, fixes) == after
    assert parse(Source("a.mlt", after)).diagnostics == ()


def test_a_file_that_could_not_be_read_has_no_frame():
    source = Source("gone.mlt", "")
    finding = Diagnostic(
        "no-such-file", "there is no file `gone.mlt`", source, Label(Span(0, 0), ""), help="check the path"
    )
    assert render(finding).splitlines() == [
        "error: there is no file `gone.mlt` [no-such-file]",
        " --> gone.mlt",
        "  = help: check the path",
    ]
