"""A language client that talks to the real server, as a child process, over its pipes."""

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path

TOP = Path(__file__).parents[2]
PUBLISH = "textDocument/publishDiagnostics"
PATIENCE_S = 60

SPEC = """edition 2026

## Handwritten digits.
model digits {
  build python "digits.model:build"
}
data training = python "digits.data:training"
data holdout  = python "digits.data:holdout"
baseline prod = run seed 1
let drop = 0.5pp

suite "quality" for digits on training tags [commit] {
  expect accuracy on holdout >= 0.9
  expect accuracy on holdout >= prod - drop
}
"""


class Client:
    """One server. What it sends unasked is kept in ``notes``; its questions are answered with null."""

    def __init__(self, home: Path, command=None, env=None):
        self.home = home
        self.notes: list[dict] = []
        self.answers: dict[int, dict] = {}
        self.questions: list[dict] = []
        self._ids = 0
        self._writing = threading.Lock()
        self._arrived: queue.Queue = queue.Queue()
        self.process = subprocess.Popen(
            command or [sys.executable, "-m", "mltspec.cli.main", "lsp"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=home,
            env={**os.environ, "PYTHONPATH": str(TOP), **(env or {})},
        )
        self.errors = ""
        self._threads = [threading.Thread(target=each, daemon=True) for each in (self._read, self._read_errors)]
        for thread in self._threads:
            thread.start()

    # ------------------------------------------------------------- the wire

    def write(self, data: bytes) -> None:
        with self._writing:
            self.process.stdin.write(data)
            self.process.stdin.flush()

    def send(self, message: dict) -> None:
        self.write(framed({"jsonrpc": "2.0", **message}))

    def _read(self) -> None:
        stream = self.process.stdout
        while True:
            length = 0
            while line := stream.readline():
                if line == b"\r\n":
                    break
                name, _, value = line.partition(b":")
                assert name in (b"Content-Length", b"Content-Type"), f"no protocol on stdout: {line!r}"
                if name == b"Content-Length":
                    length = int(value)
            if not line:
                self._arrived.put(None)
                return
            message = json.loads(stream.read(length))
            if "method" in message and "id" in message:
                self.questions.append(message)
                with contextlib.suppress(OSError):  # it may have left meanwhile
                    self.send({"id": message["id"], "result": None})
            else:
                self._arrived.put((time.perf_counter(), message))

    def _read_errors(self) -> None:
        for line in self.process.stderr:
            self.errors += line.decode("utf-8", "replace")

    def _take(self, deadline: float) -> dict:
        try:
            arrived = self._arrived.get(timeout=max(0.01, deadline - time.perf_counter()))
        except queue.Empty:
            raise TimeoutError(f"the server is silent\n{self.errors}") from None
        if arrived is None:
            raise EOFError(f"the server has gone: {self.process.wait()}\n{self.errors}")
        self.last_at, message = arrived
        if "method" in message:
            self.notes.append(message)
        else:
            self.answers[message["id"]] = message
        return message

    # ------------------------------------------------------------- asking

    def ask(self, method: str, params) -> int:
        self._ids += 1
        self.send({"id": self._ids, "method": method, "params": params})
        return self._ids

    def answer(self, id: int, patience_s: float = PATIENCE_S) -> dict:
        deadline = time.perf_counter() + patience_s
        while id not in self.answers:
            self._take(deadline)
        return self.answers.pop(id)

    def request(self, method: str, params):
        answer = self.answer(self.ask(method, params))
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def tell(self, method: str, params) -> None:
        self.send({"method": method, "params": params})

    # ------------------------------------------------------------- a session

    def initialize(self, capabilities=None, folders=None, options=None) -> dict:
        folders = [{"uri": each.as_uri(), "name": each.name} for each in folders or [self.home]]
        result = self.request(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": folders[0]["uri"],
                "workspaceFolders": folders,
                "capabilities": capabilities or {},
                "initializationOptions": options,
            },
        )
        self.tell("initialized", {})
        return result["capabilities"]

    def uri(self, name: str) -> str:
        return (self.home / name).as_uri()

    def open(self, name: str, text: str, version: int = 1) -> str:
        uri = self.uri(name)
        document = {"uri": uri, "languageId": "mlt", "version": version, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})
        return uri

    def edit(self, uri: str, version: int, *changes) -> None:
        """Send changes: a whole text, or ``(start line, character, end line, character, text)``."""
        events = [
            {"text": change}
            if isinstance(change, str)
            else {
                "range": {
                    "start": {"line": change[0], "character": change[1]},
                    "end": {"line": change[2], "character": change[3]},
                },
                "text": change[4],
            }
            for change in changes
        ]
        self.tell(
            "textDocument/didChange", {"textDocument": {"uri": uri, "version": version}, "contentChanges": events}
        )

    def diagnostics(self, uri: str, version: int | None = None, patience_s: float = PATIENCE_S) -> list[dict]:
        """Wait for what was pushed for a document, in this version if one is given."""
        deadline = time.perf_counter() + patience_s
        while True:
            for note in self.notes:
                params = note["params"]
                if note["method"] == PUBLISH and params["uri"] == uri and version in (None, params.get("version")):
                    self.notes.remove(note)
                    return params["diagnostics"]
            self._take(deadline)

    def at(self, uri: str, line: int, character: int) -> dict:
        return {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}

    def close(self) -> int:
        """Leave as a well-behaved client does; return the server's exit code."""
        self.request("shutdown", None)
        self.tell("exit", None)
        return self.end()

    def end(self) -> int:
        """Wait for the server to end, and close all that is open."""
        code = self.process.wait(PATIENCE_S)
        for thread in self._threads:
            thread.join()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            with contextlib.suppress(OSError):
                stream.close()
        return code

    def kill(self) -> None:
        self.process.kill()
        self.end()


def framed(message: dict) -> bytes:
    body = json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def make_home(home: Path) -> Path:
    """A project with one spec and the Python that it names."""
    (home / "pyproject.toml").write_text("")
    (home / "digits").mkdir()
    (home / "digits" / "__init__.py").write_text("")
    (home / "digits" / "model.py").write_text(
        'raise SystemExit("imported")\n\n\ndef build(width: int = 8):\n    """Return the compiled model."""\n'
    )
    (home / "digits" / "data.py").write_text(
        "import nowhere\n\n\ndef training():\n    pass\n\n\ndef holdout():\n    pass\n"
    )
    (home / "digits.mlt").write_text(SPEC)
    return home
