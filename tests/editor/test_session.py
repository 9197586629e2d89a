"""A session from its beginning to its end, and what goes wrong in between."""

import subprocess
import sys

from lsp_client import framed

BROKEN = 'edition 2026\nmodel a { build python "m:f" }\nsuite "s" { expect los decreases }\n'


def test_findings_are_pushed_with_the_version_they_are_of(client):
    uri = client.open("a.mlt", BROKEN, version=7)
    (found,) = client.diagnostics(uri, 7)
    assert found["code"] == "unknown-expectation"
    assert found["source"] == "mltspec"
    assert found["severity"] == 1
    assert found["range"]["start"] == {"line": 2, "character": 19}
    assert "did you mean `loss decreases`?" in found["message"]


def test_an_edit_is_answered_and_closing_clears(client):
    uri = client.open("a.mlt", BROKEN)
    assert client.diagnostics(uri, 1)
    client.edit(uri, 2, (2, 22, 2, 22, "s"))
    assert [each["code"] for each in client.diagnostics(uri, 2)] == ["no-training-data"]
    client.tell("textDocument/didClose", {"textDocument": {"uri": uri}})
    assert client.diagnostics(uri) == []


def test_leaving_well_and_leaving_rudely(start):
    client = start()
    client.initialize()
    assert client.close() == 0
    rude = start()
    rude.initialize()
    rude.process.stdin.close()
    assert rude.end() == 1
    early = start()
    early.tell("exit", None)
    assert early.end() == 1


def test_garbage_on_the_pipe_does_not_end_the_server(client):
    client.write(b"nonsense\r\n\r\n")
    client.write(b"Content-Length: 5\r\n\r\n[1,2]")
    client.write(b"Content-Length: 4\r\n\r\n\xff\xfe{}")
    client.write(framed({"jsonrpc": "2.0", "id": 900, "method": "textDocument/hover", "params": {"position": 3}}))
    assert client.answer(900)["error"]["code"] == -32602
    client.write(framed({"jsonrpc": "2.0", "id": 901, "method": "no/such/method", "params": {}}))
    assert client.answer(901)["error"]["code"] == -32601
    uri = client.open("a.mlt", BROKEN)
    assert client.diagnostics(uri, 1)


def test_what_is_printed_does_not_reach_the_protocol(start):
    script = (
        "import sys; sys.argv = ['mltspec', 'lsp']\n"
        "import mltspec.assist.desk as desk\n"
        "real = desk.findings\n"
        "def loud(*args):\n"
        "    print('printed'); import os; os.write(1, b'written')\n"
        "    return real(*args)\n"
        "desk.findings = loud\n"
        "from mltspec.cli.main import main; main()\n"
    )
    client = start(command=[sys.executable, "-c", script])
    client.initialize()
    uri = client.open("a.mlt", BROKEN)
    assert client.diagnostics(uri, 1)
    assert client.close() == 0
    assert "printed" in client.errors
    assert "written" in client.errors


def test_a_handler_that_breaks_does_not_end_the_server(start):
    script = (
        "import sys; sys.argv = ['mltspec', 'lsp']\n"
        "import mltspec.assist.desk as desk\n"
        "real = desk.findings\n"
        "def frail(linked, *rest):\n"
        "    if 'boom' in linked.loaded.spec.source.text: raise RuntimeError('broken on purpose')\n"
        "    return real(linked, *rest)\n"
        "desk.findings = frail\n"
        "from mltspec.cli.main import main; main()\n"
    )
    client = start(command=[sys.executable, "-c", script])
    client.initialize()
    client.open("boom.mlt", "edition 2026\nsuite boom { }")
    uri = client.open("a.mlt", BROKEN)
    assert client.diagnostics(uri, 1)
    assert client.close() == 0
    assert "broken on purpose" in client.errors


def test_nothing_heavy_is_loaded():
    script = "from mltspec.editor.server import make_server; make_server(); import sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert not {"tensorflow", "keras", "numpy", "scipy", "hypothesis", "rich", "pandas", "lark"} & set(loaded)
    assert "pygls" in loaded
