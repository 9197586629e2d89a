"""What is fuzzed, each with what must be true of it. Started by `fuzz.py`; needs Atheris.

A reader may refuse what it reads in the way it promises, and nothing else; what it accepts must be right. The seeds are
every spec of the repository, and records as the tool writes them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import atheris

REPOSITORY = Path(__file__).resolve().parents[2]
LONGEST = 4096
SLOWEST_S = 10
"""An input of four thousand bytes that takes longer than this counts as a hang."""

with atheris.instrument_imports(include=["mltspec"]):
    from mltspec.compile.fault import Fault
    from mltspec.compile.files import parse_file
    from mltspec.compile.specs import compile_specs
    from mltspec.editor.framing import Framing
    from mltspec.engine.store import Entry, Store
    from mltspec.language.formatting import NotFormatted, format_text
    from mltspec.language.parse import Parsed, parse
    from mltspec.language.rereading import Rereader
    from mltspec.language.source import Source
    from mltspec.language.tables import load
    from mltspec.language.tokens import lex
    from mltspec.lint.fixing import mend
    from mltspec.lint.settings import Settings
    from mltspec.report import json_report

Reader = Callable[[bytes], None]


def parse_any(data: bytes) -> None:
    """Tokens join to the text, findings lie inside it, and reading it in parts comes to the same."""
    text = data.decode("utf-8", "replace")
    assert "".join(token.text for token in lex(text)) == text
    parsed = parse(Source("any.mlt", text))
    for found in parsed.diagnostics:
        assert 0 <= found.primary.span.start <= found.primary.span.end <= len(text)
    again = Rereader().parse(Source("any.mlt", text))
    assert repr(again).replace("Moved", "") == repr(parsed)


def format_any(data: bytes) -> None:
    """Formatting refuses a broken text, else it is idempotent."""
    text = data.decode("utf-8", "replace")
    try:
        formatted = format_text(text)
    except NotFormatted:
        return
    assert format_text(formatted) == formatted


def compile_any(data: bytes) -> None:
    """A plan or findings; nothing else comes of a text. It can use no file but the packs."""
    text = data.decode("utf-8", "replace")
    compiled = compile_specs([HOME / "any.mlt"], text=text)
    assert len({each.id for each in compiled.plan.expectations}) == len(compiled.plan.expectations)


def lint_any(data: bytes) -> None:
    """Rules look at any text; what they would mend safely leaves no new error behind."""
    ours, text = HOME / "any.mlt", data.decode("utf-8", "replace")

    def read(path: Path, name: str) -> Parsed | Fault:
        return parse(Source(name, text)) if path == ours else parse_file(path, name)

    mended = mend(ours, read=read, settings=lambda _: Settings())
    assert mended.before == text


def report_any(data: bytes) -> None:
    """A report is read, and written again means the same; or a ValueError says that it is none."""
    try:
        report = json_report.read(data)
    except ValueError:
        return
    assert json_report.read(json_report.to_text(report)) == report


def entry_any(data: bytes) -> None:
    """What lies in the store under a key is evidence only if it is whole."""
    STORE.folder.joinpath("evidence", "ab", "abc").mkdir(parents=True, exist_ok=True)
    STORE.folder.joinpath("evidence", "ab", "abc", "0.json").write_bytes(data)
    found = STORE.find(_kind(), "abc", [])
    if found is not None:
        assert found[1] == found[1].summed()


def framing_any(data: bytes) -> None:
    """Messages are the same however the bytes are cut."""
    whole = list(Framing().feed(data))
    piecewise = Framing()
    parts = [each for at in range(0, len(data), 7) for each in piecewise.feed(data[at : at + 7])]
    assert parts == whole


READERS: dict[str, Reader] = {
    "parse": parse_any,
    "format": format_any,
    "compile": compile_any,
    "lint": lint_any,
    "report": report_any,
    "store": entry_any,
    "framing": framing_any,
}
HOME: Path
STORE: Store


def _kind() -> Any:
    from mltspec.evidence.training import TRAINING

    return TRAINING


def _specs() -> Iterator[bytes]:
    for path in sorted(REPOSITORY.rglob("*.mlt")):
        if ".venv" not in path.parts:
            yield path.read_bytes()[:LONGEST]


def _reports() -> Iterator[bytes]:
    report = {"version": "1", "verdict": "passed", "seconds": 1.0, "evidence": [], "expectations": []}
    yield json.dumps(report).encode()
    yield from (path.read_bytes() for path in sorted((REPOSITORY / "tests").rglob("*.json"))[:20])


def _entries() -> Iterator[bytes]:
    from mltspec.engine.touched import Trace

    entry = Entry(kind="training run", ask={}, evidence={"steps": 3}, trace=Trace(), seconds=0.5)
    yield entry.summed().to_json().encode()


def _frames() -> Iterator[bytes]:
    body = b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}'
    yield b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


SEEDS: dict[str, Callable[[], Iterator[bytes]]] = {"report": _reports, "store": _entries, "framing": _frames}


def _fuzz(name: str, seconds: int, folder: Path) -> None:
    """Fuzz one reader in this process, which libFuzzer ends."""
    global STORE, HOME
    HOME = folder
    STORE = Store(folder / "store")
    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    for number, seed in enumerate(SEEDS.get(name, _specs)()):
        (corpus / f"seed{number}").write_bytes(seed)
    words = folder / "words"
    words.write_text(
        "".join(f'"{word}"\n' for word in (*load().keywords, "expect loss decreases", "{", "}", "..", "##"))
    )
    options = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-timeout={SLOWEST_S}", f"-dict={words}"]
    options += [f"-artifact_prefix={folder}/", "-print_final_stats=1", "-rss_limit_mb=4096"]
    atheris.Setup([sys.argv[0], *options, str(corpus)], READERS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    _fuzz(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
