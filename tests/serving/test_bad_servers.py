"""Servers that are not there, or are not what they should be: a clear error within the limit, nothing left behind."""

import json
import re
import socket
import threading
import time
from importlib import import_module

import numpy as np
import pytest

from mltspec.plan.secrets import redacted
from mltspec.plan.subject import Server
from mltspec.serving.asking import wait_ready
from mltspec.serving.http import Address, ask, ask_json
from mltspec.serving.open import open_system
from mltspec.serving.open_inference import answer
from mltspec.serving.rpc.tensorflow import infer
from mltspec.serving.system import Trouble
from mltspec.serving.systems.local import Local


@pytest.fixture
def port():
    """Answer every connection with fixed bytes, or those of a list in turn; None accepts and says nothing."""
    stop = threading.Event()
    threads = []

    def serve(reply):
        listening = socket.create_server(("127.0.0.1", 0))
        listening.settimeout(0.1)

        replies = reply if isinstance(reply, list) else [reply]

        def run():
            held = []
            while not stop.is_set():
                try:
                    connection, _ = listening.accept()
                except TimeoutError:
                    continue
                held.append(connection)
                said = replies.pop(0) if len(replies) > 1 else replies[0]
                if said is not None:
                    connection.recv(65536)
                    connection.sendall(said)
                    connection.close()
            for connection in (*held, listening):
                connection.close()

        threads.append(threading.Thread(target=run))
        threads[-1].start()
        return listening.getsockname()[1]

    yield serve
    stop.set()
    for thread in threads:
        thread.join()


def http(body, status="200 OK"):
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()


CASES = [
    (b"\x00\x00\x12\x04 not http\r\n", "", "another protocol on that port"),
    (None, "", "gave no answer within 0.5 s"),
    (http("<html>hello</html>"), "", "with what is no JSON"),
    (http('{"error": "Model half is not found"}', "404 Not Found"), "", "status 404: Model half is not found"),
    (b"\x15\x03\x01\x00\x02\x02\x16", "https://", "refused TLS"),
]


@pytest.mark.parametrize(("reply", "scheme", "says"), CASES, ids=["nonsense", "silence", "page", "missing", "tls"])
def test_what_is_wrong_is_told_in_time(port, reply, scheme, says):
    address = Address.of(f"{scheme}127.0.0.1:{port(reply)}")
    began = time.monotonic()
    with pytest.raises(Trouble, match=says):
        ask_json(address, "GET", "/v2", limit_s=0.5)
    assert time.monotonic() - began < 3


READY = {
    "open_inference": [http('{"name": "kserve"}'), http("{}", "503 Service Unavailable")],
    "tensorflow_serving": http('{"model_version_status": [{"version": "1", "state": "LOADING"}]}'),
    "ray_serve": http('{"applications": {"half": {"status": "DEPLOYING"}}}'),
}
EVERYWHERE = [
    ("nothing listens", "nothing listens at", "nothing"),
    (b"\x00\x00\x12\x04 not http\r\n", "another protocol on that port", "nonsense"),
    (None, "gave no answer within 0.4 s", "silence"),
    (http('{"error": "Model half is not found"}', "404 Not Found"), "status 404: Model half is not found", "missing"),
    (http('{"error": "out of memory"}'), "does not speak the Open|not ready within 0.5 s", "an error in 200"),
    ("tls", "refused TLS", "tls"),
    ("never ready", "was not ready within 0.5 s", "never"),
]


@pytest.mark.parametrize(("reply", "says", "name"), EVERYWHERE, ids=[name for *_, name in EVERYWHERE])
@pytest.mark.parametrize("system", READY)
def test_each_system_tells_what_is_wrong_in_time(port, tmp_path, monkeypatch, system, reply, says, name):
    module = import_module(f"mltspec.serving.systems.{system}")
    monkeypatch.setattr(module, "_LOOK_S", 0.4)
    if reply == "nothing listens":
        address = "127.0.0.1:1"
    elif reply == "tls":
        address = f"https://127.0.0.1:{port(CASES[-1][0])}"
    else:
        address = f"127.0.0.1:{port(READY[system] if reply == 'never ready' else reply)}"
    server = Server(name="s", system=system, address=address, serves="m", model="half", drill=True)
    began = time.monotonic()
    with pytest.raises(Trouble, match=says):
        wait_ready(open_system(server, "half", tmp_path, tmp_path), 0.5)
    assert time.monotonic() - began < 4
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        ("nothing listens", "nothing listens at"),
        (http("hello"), "does not speak gRPC"),
        (None, "no answer to .* within 0.5 s|does not speak gRPC"),
    ],
    ids=["nothing", "http", "silence"],
)
def test_a_grpc_port_that_is_none(port, reply, says):
    address = Address.of("127.0.0.1:1" if reply == "nothing listens" else f"127.0.0.1:{port(reply)}")
    began = time.monotonic()
    answer = infer(address, "half", {"x": np.zeros((1, 4), "float32")}, None, limit_s=0.5)
    assert re.search(says, answer.error), answer
    assert time.monotonic() - began < 4


def test_nothing_listens():
    with pytest.raises(Trouble, match=r"nothing listens at 127.0.0.1:1; is the server started"):
        ask(Address.of("127.0.0.1:1"), "GET", "/")


@pytest.mark.parametrize("text", ["", "ftp://host:1", "host:port", "http://user:pw@host:1"])
def test_what_is_no_address(text):
    with pytest.raises(Trouble, match="is no address"):
        Address.of(text)


def test_an_answer_of_200_with_an_error_in_it_is_an_error():
    assert "no answer" in answer(200, json.dumps({"error": "out of memory"}).encode()).error
    assert "out of memory" in answer(200, json.dumps({"error": "out of memory"}).encode()).error
    assert answer(200, b'{"outputs": []}').error == "status 200, but no outputs"
    assert answer(503, b"busy").error == "status 503: busy"


def test_a_version_that_cannot_load_leaves_the_other_one_serving(linear):
    server = linear()
    (server.folder / "2").mkdir()
    (server.folder / "2" / "broken").touch()
    with pytest.raises(Trouble, match="the weights are half written"):
        server.load("2")
    assert (server.live_version(), server.versions()) == ("1", ("1",))


def test_a_server_that_does_not_start_is_told_with_its_log(tmp_path):
    server = Local("half", tmp_path, tmp_path, "no_such_module_at_all")
    with pytest.raises(Trouble, match=r"ended before it served\n.*No module named"):
        server.start()
    assert not server._process.running


def test_secrets_are_shown_nowhere(monkeypatch):
    monkeypatch.setenv("STAGING_KEY", "s3cret-value")
    address = Address.of("127.0.0.1:1", "STAGING_KEY")
    assert "s3cret" not in repr(address)
    assert redacted("token s3cret-value refused") == "token [STAGING_KEY] refused"
    assert redacted("https://user:pw@host/x") == "https://[user]@host/x"
    assert b"Bearer s3cret-value" in address.call("/v2", {}).request
    monkeypatch.delenv("STAGING_KEY")
    with pytest.raises(Trouble, match=r"\$STAGING_KEY, which is not set"):
        address.call("/v2", {})
