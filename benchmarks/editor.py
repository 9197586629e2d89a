"""The language server through its real protocol: what an author waits for while typing."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.figure import Figure
from benchmarks.language import spec_of

EDITS = 500
COMPLETIONS = 200
STARTS = 5
TYPED = "  expect auc on holdout >= 0.75 id typed"


class Client:
    """The least that a client must do: frames in, frames out."""

    def __init__(self, home: Path) -> None:
        command = [str(Path(sys.executable).with_name("python")), "-m", "mltspec.cli.main", "lsp"]
        self.process = subprocess.Popen(command, cwd=home, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._out, self._in = self.process.stdin, self.process.stdout
        self._ids = 0
        self.ask("initialize", {"processId": os.getpid(), "rootUri": home.as_uri(), "capabilities": {}})
        self.tell("initialized", {})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._out.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._out.flush()

    def _receive(self) -> dict[str, Any]:
        length = 0
        while (line := self._in.readline()) != b"\r\n":
            if not line:
                raise EOFError("the server has gone")
            if line.startswith(b"Content-Length:"):
                length = int(line.split(b":")[1])
        message: dict[str, Any] = json.loads(self._in.read(length))
        return message

    def tell(self, method: str, params: Any) -> None:
        """Send a notification."""
        self._send({"method": method, "params": params})

    def ask(self, method: str, params: Any) -> Any:
        """Send a request and wait for its answer."""
        self._ids += 1
        self._send({"id": self._ids, "method": method, "params": params})
        while (message := self._receive()).get("id") != self._ids:
            pass
        return message.get("result")

    def diagnostics(self, version: int) -> list[Any]:
        """Wait for the findings of a version."""
        while True:
            message = self._receive()
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["version"] == version:
                found: list[Any] = message["params"]["diagnostics"]
                return found

    def open(self, uri: str, text: str) -> None:
        """Open a document."""
        document = {"uri": uri, "languageId": "mlt", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})

    def type(self, uri: str, version: int, line: int, column: int, text: str, removed: int = 0) -> None:
        """Type at a place, over some characters."""
        places = {"start": (line, column), "end": (line, column + removed)}
        at = {name: dict(zip(("line", "character"), place, strict=True)) for name, place in places.items()}
        document = {"uri": uri, "version": version}
        self.tell("textDocument/didChange", {"textDocument": document, "contentChanges": [{"range": at, "text": text}]})

    def close(self) -> None:
        """Leave."""
        self.ask("shutdown", None)
        self.tell("exit", None)
        self.process.wait(30)


def figures() -> Iterator[Figure]:
    """Measure starting, typing and completing."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "pyproject.toml").write_text("")
        starts = sorted(_start_seconds(home) for _ in range(STARTS))
        yield Figure("language server: start to first findings", starts[STARTS // 2], 1.0, unit="s", at_most=True)
        for shape, text in (("suites of fifty", spec_of(1000)), ("one suite", _in_one_suite(spec_of(1000)))):
            typed = _keystrokes(home, text)
            note = f"median {_part(typed, 0.5) * 1e3:.1f} ms, {shape}"
            yield Figure("keystroke to findings, 1,000 lines, p95", _part(typed, 0.95) * 1e3, 50, "ms", True, note)
        offered = _completions(home, spec_of(1000))
        note = f"median {_part(offered, 0.5) * 1e3:.1f} ms"
        yield Figure("completion, 1,000 lines, p95", _part(offered, 0.95) * 1e3, 30, "ms", True, note)


def _start_seconds(home: Path) -> float:
    began = time.perf_counter()
    client = Client(home)
    client.open((home / "a.mlt").as_uri(), spec_of(50))
    client.diagnostics(1)
    took = time.perf_counter() - began
    client.close()
    return took


def _keystrokes(home: Path, text: str) -> list[float]:
    """Type lines character by character at places all over a spec, and wait for the findings of each."""
    client, uri = Client(home), (home / "a.mlt").as_uri()
    client.open(uri, text)
    client.diagnostics(1)
    places, took, version = random.Random(0), [], 1
    lines = text.count("\n")
    while len(took) < EDITS:
        line = places.randrange(8, lines - 2)
        for column, char in enumerate(["\n", *TYPED]):
            version += 1
            began = time.perf_counter()
            if char == "\n":
                client.type(uri, version, line, 0, "\n")
            else:
                client.type(uri, version, line, column - 1, char)
            client.diagnostics(version)
            took.append(time.perf_counter() - began)
        version += 1
        client.type(uri, version, line, 0, "  # typed", removed=len(TYPED))
        client.diagnostics(version)
    client.close()
    return took[:EDITS]


def _completions(home: Path, text: str) -> list[float]:
    """Ask for what may follow at the end of lines that are being typed, each after a keystroke."""
    client, uri = Client(home), (home / "a.mlt").as_uri()
    client.open(uri, text)
    client.diagnostics(1)
    places, took, version = random.Random(1), [], 1
    lines = text.count("\n")
    while len(took) < COMPLETIONS:
        line = places.randrange(8, lines - 2)
        version += 1
        client.type(uri, version, line, 0, "\n")
        for column, char in enumerate(TYPED):
            version += 1
            client.type(uri, version, line, column, char)
            at = {"textDocument": {"uri": uri}, "position": {"line": line, "character": column + 1}}
            began = time.perf_counter()
            client.ask("textDocument/completion", at)
            took.append(time.perf_counter() - began)
        version += 1
        client.type(uri, version, line, 0, "  # typed", removed=len(TYPED))
    client.close()
    return took[:COMPLETIONS]


def _in_one_suite(text: str) -> str:
    """The same claims, all in the first suite."""
    lines = text.splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith("suite"))
    rest = [line for line in lines[first + 1 :] if line != "}" and not line.startswith("suite")]
    return "\n".join([*lines[: first + 1], *rest, "}"]) + "\n"


def _part(values: Sequence[float], share: float) -> float:
    return sorted(values)[int(share * (len(values) - 1))]
