"""Many random edits to one server, whose answers must be those of a fresh one.

python tests/editor/endure.py --edits 100000 [--seed 0]
"""

import argparse
import random
import re
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from lsp_client import TOP, Client, make_home

SPECS = [file.read_text() for file in sorted((TOP / "specs").rglob("*.mlt"))]
PIECES = [
    "",
    "",
    *'{}[]"#\n ,5',
    "expect ",
    'suite "a" {\n',
    "}\n",
    "for any batch {\n",
    "let a = 5pp\n",
    "😀",
    "漢",
    "\r\n",
]
PIECES += [
    "expect auc on holdout >= 0.5\n",
    'data rows = python "digits.data:training"\n',
    "edition 2026\n",
    "# note\n",
]
AT_PLACES = ("hover", "definition", "completion", "documentHighlight", "prepareRename")
OF_WHOLE = ("documentSymbol", "foldingRange", "documentLink", "codeLens", "semanticTokens/full", "formatting")
LINE_END = re.compile(r"\r\n|\n|\r")
LONGEST = 6000
LAST_QUIET_S = 1.5


def endure(home: Path, edits: int, seed: int, say) -> None:
    """Edit, ask in between without waiting, and compare every so often. Raises AssertionError where answers differ."""
    pick, text, version = random.Random(seed), SPECS[0], 1
    client = begin(home)
    uri = client.open("endured.mlt", text)
    checks = max(1, edits // 20_000)
    for number in range(1, checks + 1):
        for _ in range(edits // checks):
            version += 1
            text = edit(client, uri, version, text, pick)
            if pick.random() < 0.02:
                client.answer(ask(client, uri, text, pick))
        compare(client, uri, text, home, pick)
        say(f"{number * (edits // checks):,} edits: the answers are those of a fresh server")
    assert client.close() == 0


def begin(home: Path) -> Client:
    client = Client(home)
    client.initialize({"general": {"positionEncodings": ["utf-32"]}})
    return client


def edit(client: Client, uri: str, version: int, text: str, pick: random.Random) -> str:
    """Make one edit, here and there, and return the text after it."""
    if pick.random() < 0.002 or len(text) > LONGEST:
        fresh = pick.choice(SPECS)
        client.edit(uri, version, fresh)
        return fresh
    start = pick.randint(0, len(text))
    end = min(len(text), start + pick.choice([0, 0, 0, 1, 1, 6, 40]))
    piece = pick.choice([*PIECES, text[start : start + 50]])
    (line, column), (last, end_column) = position(text, start), position(text, end)
    client.edit(uri, version, (line, column, last, end_column, piece))
    # A place between the two halves of a line's end is the beginning of the next line.
    start, end = offset(text, line, column), offset(text, last, end_column)
    return text[:start] + piece + text[max(start, end) :]


def position(text: str, at: int) -> tuple[int, int]:
    ends = [found.end() for found in LINE_END.finditer(text[:at])]
    return len(ends), at - (ends[-1] if ends else 0)


def offset(text: str, line: int, column: int) -> int:
    return [0, *(found.end() for found in LINE_END.finditer(text))][line] + column


def ask(client: Client, uri: str, text: str, pick: random.Random) -> int:
    if pick.random() < 0.5:
        line, column = position(text, pick.randint(0, len(text)))
        return client.ask(f"textDocument/{pick.choice(AT_PLACES)}", client.at(uri, line, column))
    return client.ask(f"textDocument/{pick.choice(OF_WHOLE)}", whole(uri))


def whole(uri: str) -> dict:
    return {"textDocument": {"uri": uri}, "options": {"tabSize": 2, "insertSpaces": True}}


def compare(client: Client, uri: str, text: str, home: Path, pick: random.Random) -> None:
    fresh = begin(home)
    fresh.open("endured.mlt", text)
    seen, expected = settled(client, uri), settled(fresh, uri)
    assert seen == expected, f"findings differ on {text!r}"
    places = [position(text, pick.randint(0, len(text))) for _ in range(25)]
    asked = [(f"textDocument/{what}", client.at(uri, *place)) for what in AT_PLACES for place in places]
    asked += [(f"textDocument/{what}", whole(uri)) for what in OF_WHOLE]
    for method, params in asked:
        mine, theirs = (each.answer(each.ask(method, params)) for each in (client, fresh))
        mine.pop("id"), theirs.pop("id")
        assert mine == theirs, f"{method} {params} differs on {text!r}"
        assert "error" not in mine, mine
    assert fresh.close() == 0


def settled(client: Client, uri: str) -> list:
    """The findings when nothing more comes."""
    client.request("textDocument/foldingRange", whole(uri))
    last = None
    while True:
        try:
            last = client.diagnostics(uri, patience_s=LAST_QUIET_S)
        except TimeoutError:
            return last


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    typed = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        endure(make_home(Path(folder)), typed.edits, typed.seed, lambda text: print(text, flush=True))
    print(f"seed {typed.seed}: {typed.edits:,} edits in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
