"""What to say when a statement does not parse: a table of mistakes, each shown by an example.

An example ends with the token that does not fit. Parsing it gives the parser's state at the mistake, and
that state is what a real mistake is looked up by; so the table needs no knowledge of state numbers and
stays true when the grammar changes. The tests parse every example.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from mltspec.language.build import Builder
from mltspec.language.machine import Machine
from mltspec.language.source import Source
from mltspec.language.tables import END, load
from mltspec.language.tokens import Token, lex

ANY = ""

DECLARING = ("MODEL", "DATA", "BASELINE", "SERVER", "PIPELINE", "PROFILE", "ATTEST")
STATEMENTS = frozenset(["EDITION", "USE", "LET", "SUITE", "EXPECT", "FOR", *DECLARING])
"""The keywords that begin statements."""

NEVER_WORDS = frozenset(["EDITION", "LET", "SUITE", "EXPECT"])
"""Those that are never words of a phrase, so that they can be recognised in the middle of one."""


@dataclass(frozen=True)
class Fault:
    """A mistake: its name, what to say, and how to go on.

    ``message``, ``label`` and ``help`` may hold ``{met}``, the token that does not fit, as it is shown.
    ``insert`` are the terminals that would make it fit, ``text`` is what they look like in a fix.
    ``examples`` end with the token that does not fit; they stand for any token that fails there, or, if
    ``kinds`` are given, for those alone.
    """

    name: str
    message: str
    label: str
    examples: tuple[str, ...]
    help: str = ""
    insert: tuple[str, ...] = ()
    text: str = ""
    kinds: frozenset[str] = frozenset()


BEGINNINGS = (
    "`use`, `let`, `model`, `data`, `baseline`, `server`, `pipeline`, `profile`, `attest`, `suite` and `expect`"
)

FAULTS = (
    Fault(
        "unknown-statement",
        "{met} does not begin a statement",
        "no statement begins like this",
        ("so", "edition 2026\nso", "let a = 1\n[", 'suite "a" { so', 'suite "a" {\n so', 'suite "a" { \n 5'),
        help=f"statements begin with {BEGINNINGS}",
    ),
    Fault(
        "missing-newline",
        "one line holds one statement",
        "this begins another one",
        ("let a = 1 let", "expect a expect", "model a { } model", 'suite "a" { } suite', 'use "a" expect'),
        help="write it on a line of its own",
        insert=("NEWLINE",),
        text="\n",
        kinds=STATEMENTS,
    ),
    Fault(
        "unexpected-word",
        "{met} is one too many",
        "the statement ends before this",
        ("edition 2026 y", 'use "a" as b c', "model a { } x", 'suite "a" { } {', "expect a { } x", "edition 2026 {"),
    ),
    Fault(
        "missing-year",
        "an edition is a year",
        "the year is missing",
        ("edition x", 'edition "2026"', "edition\n"),
        help="write `edition 2026`",
        insert=("NUMBER",),
        text=" 2026",
    ),
    Fault(
        "missing-quotes",
        "`use` names a file in double quotes",
        "a quoted path is due here",
        ("use [", "use\n"),
        help='for example `use "std/training" as std`',
    ),
    Fault(
        "missing-name",
        "a name is due after `as`",
        "the name is missing",
        ('use "a" as\n',),
        help='for example `use "std/training" as std`',
    ),
    Fault(
        "unexpected-word",
        "{met} does not follow the path",
        "`as` and a name, or nothing",
        ('use "a" x',),
        help='for example `use "std/training" as std`',
    ),
    Fault(
        "missing-name",
        "`let` needs a name",
        "a name is due here",
        ("let\n", "let 5"),
        help="for example `let drop = 0.5pp`",
    ),
    Fault(
        "missing-equals",
        "a `=` is due before {met}",
        "`=` is missing",
        ("let a 5",),
        help="for example `let drop = 0.5pp`",
        insert=("EQUAL",),
        text="= ",
    ),
    Fault(
        "missing-value",
        "nothing stands after the `=`",
        "a value is due here",
        ("let a =\n", "data a =\n", "model a = {"),
    ),
    Fault(
        "name-is-keyword",
        "{met} is a word of the language and cannot be a name",
        "choose another name",
        ("let data", "model data", "for each data", 'use "a" as data'),
        kinds=STATEMENTS,
    ),
    Fault(
        "missing-name",
        "a declaration needs a name",
        "a name is due here",
        ("model\n", "data 5", "server {"),
        help='for example `data holdout = parquet "data/holdout.parquet" label arrived_late`',
    ),
    Fault(
        "missing-equals",
        "a `=` is due before {met}",
        "`=` is missing",
        ("data a csv", 'model a "b"'),
        help='for example `data holdout = parquet "data/holdout.parquet" label arrived_late`',
        insert=("EQUAL",),
        text="= ",
    ),
    Fault(
        "missing-title",
        "a suite has a title in double quotes",
        "the title is missing",
        ("suite {", "suite\n", "suite for"),
        help='for example `suite "training" for delay {`',
        insert=("STRING",),
        text='"title" ',
    ),
    Fault(
        "missing-brace",
        "the block of this statement is missing",
        "a `{` is due here",
        ('suite "a"\n', 'suite "a" for b\n', 'suite "a" for b tags [c]\n', "for each a in [b]\n", "for any b\n",
         "for each a in [b] x", 'suite "a" expect', 'suite "a" for b "c" expect', "for any b expect",
         "for any 5\n", "for any b 64 rows\n", "for any 1..64 rows expect"),
        help="write `{` at the end of this line and `}` below its last statement",
    ),
    Fault(
        "empty-expectation",
        "`expect` says nothing yet",
        "what is expected?",
        ("expect\n", "expect {"),
        help="for example `expect loss decreases`",
    ),
    Fault(
        "missing-each",
        "`for` is followed by `each` or by `any`",
        "which of them?",
        ("for x", "for\n", "for ["),
        help="`for each x in [a, b]` repeats claims; `for any batch` searches for a batch that breaks them",
        insert=("EACH",),
        text="each ",
    ),
    Fault(
        "missing-name",
        "`for each` needs a name for what it goes through",
        "a name is due here",
        ("for each\n", "for each ["),
        help="for example `for each seed in [1, 2, 3] {`",
    ),
    Fault(
        "missing-in",
        "`in` is due before {met}",
        "`in` is missing",
        ("for each x [", "for each x =", "for each x\n"),
        help="for example `for each seed in [1, 2, 3] {`",
        insert=("IN",),
        text="in ",
    ),
    Fault(
        "missing-list",
        "`for each` goes through a list",
        "a list is due here",
        ("for each x in y", "for each x in\n"),
        help="for example `for each seed in [1, 2, 3] {`",
    ),
    Fault(
        "empty-search",
        "`for any` does not say what to search through",
        "of what?",
        ("for any {", "for any\n"),
        help="for example `for any batch of 1..64 rows {`",
        insert=("WORD",),
        text="batch ",
    ),
    Fault(
        "missing-comma",
        "a comma is due before {met}",
        "`,` is missing",
        ("let a = [b c", "let a = [5 c", 'let a = ["b" c', "let a = [2027-01-31 c", "let a = [[b] c"),
        insert=("COMMA",),
        text=", ",
    ),
    Fault(
        "unexpected-word",
        "{met} does not belong into a list",
        "a name, a number or a text is due here",
        ("let a = [,", "let a = [b,,", "let a = [<"),
        help="for example `[1, 2, 3]` or `[commit, release]`",
    ),
    Fault(
        "misplaced-statement",
        "{met} cannot stand inside this block",
        "no statement can stand here",
        ("model a { expect", "model a {\n expect", "model a {\n b\n let", "expect a {\n expect", "expect a { suite",
         "expect a {\n b\n edition"),
        help="the block of a declaration or an expectation holds lines about it; close it with `}` first",
        kinds=NEVER_WORDS,
    ),
)  # fmt: skip

GENERIC = Fault("unexpected-word", "{met} is not expected here", "not expected here", ())

SHOWN = {"NEWLINE": "the end of the line", END: "the end of the file"}


def describe(token: Token) -> str:
    """How a token is named in a message."""
    text = token.text if len(token.text) <= 30 else token.text[:29] + "…"
    return SHOWN.get(token.kind) or f"`{text}`"


def fault_at(state: int, token: Token) -> Fault:
    """Return what is wrong when a token fails in a state."""
    index = _index()
    return index.get((state, token.kind)) or index.get((state, ANY)) or GENERIC


@cache
def _index() -> dict[tuple[int, str], Fault]:
    """Find the state of every example. Costs a few milliseconds, paid by the first mistake only."""
    index: dict[tuple[int, str], Fault] = {}
    for fault in FAULTS:
        for example in fault.examples:
            state = failure(example)
            for applicable in fault.kinds or (ANY,):
                index.setdefault((state, applicable), fault)
    return index


def failure(example: str) -> int:
    """Return the state in which an example fails.

    Raises:
        ValueError: the example does not fail at its last token.
    """
    machine = Machine(Builder(Source("example", example), {}))
    tokens = [token for token in lex(example) if token.kind not in load().ignored]
    for position, token in enumerate(tokens):
        if not machine.feed(token):
            if position != len(tokens) - 1:
                raise ValueError(f"{example!r} fails before its last token")
            return machine.state
    raise ValueError(f"{example!r} is sound")
