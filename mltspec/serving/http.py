"""HTTP for control: one request, one answer, a time limit, and an error that says what kind of thing went wrong."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from mltspec.plan.secrets import holds_secret, redacted
from mltspec.serving.system import Call, Trouble

LIMIT_S = 30.0
_JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Address:
    """Where a server listens, and the name of the environment variable that holds its token, if it wants one.

    The token itself is read when a request is made, and never kept, shown or stored.
    """

    host: str
    port: int
    secure: bool = False
    path: str = ""
    token_from: str | None = None

    @classmethod
    def of(cls, text: str, token_from: str | None = None) -> Address:
        """Read ``host:port`` or a URL.

        Raises:
            Trouble: it is neither.
        """
        parts = urlsplit(text if "//" in text else f"http://{text}")
        try:
            port = parts.port
            sound = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
        except ValueError:
            port, sound = None, False
        if not (sound and parts.hostname):
            raise Trouble(f"`{redacted(text)}` is no address; write `host:port` or `https://host:port`")
        if token_from:
            holds_secret(token_from)
        secure = parts.scheme == "https"
        return cls(parts.hostname, port or (443 if secure else 80), secure, parts.path.rstrip("/"), token_from)

    def __str__(self) -> str:
        """Return it as it is told in messages."""
        return f"{self.host}:{self.port}"

    def headers(self) -> dict[str, str]:
        """Return what goes along with every request.

        Raises:
            Trouble: the token's environment variable is not set.
        """
        if self.token_from is None:
            return {}
        token = os.environ.get(self.token_from)
        if not token:
            raise Trouble(f"the token for {self} is read from ${self.token_from}, which is not set")
        return {"Authorization": f"Bearer {token}"}

    def call(self, path: str, payload: Any) -> Call:
        """Return a POST of a JSON payload as bytes, to be sent by whoever puts load on the server."""
        body = json.dumps(payload, separators=(",", ":"), default=_plain).encode()
        lines = [
            f"POST {self.path}{path} HTTP/1.1",
            f"Host: {self}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
            *(f"{name}: {value}" for name, value in self.headers().items()),
        ]
        return Call(self.host, self.port, "\r\n".join([*lines, "", ""]).encode() + body, self.secure)


def ask(address: Address, method: str, path: str, payload: Any = None, limit_s: float = LIMIT_S) -> tuple[int, bytes]:
    """Send one request on a connection of its own and return status and body.

    Raises:
        Trouble: no such host, refused, TLS refused, no answer in time, or not HTTP.
    """
    body = None if payload is None else json.dumps(payload, default=_plain).encode()
    return _sent(address, method, address.path + path, body, _JSON | address.headers(), limit_s)


def send(call: Call, limit_s: float = LIMIT_S) -> tuple[int, bytes]:
    """Send a request that is whole already, and return status and body.

    Raises:
        Trouble: as `ask`.
    """
    head, _, body = call.request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, path, _ = first.split(" ")
    headers = dict(line.split(": ", 1) for line in lines)
    return _sent(Address(call.host, call.port, call.secure), method, path, body, headers, limit_s)


def _sent(
    address: Address, method: str, path: str, body: bytes | None, headers: dict[str, str], limit_s: float
) -> tuple[int, bytes]:
    make = http.client.HTTPSConnection if address.secure else http.client.HTTPConnection
    connection = make(address.host, address.port, timeout=limit_s)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise Trouble(_told(error, address, limit_s)) from error
    finally:
        connection.close()


def ask_json(address: Address, method: str, path: str, payload: Any = None, limit_s: float = LIMIT_S) -> Any:
    """Send one request and return the JSON that came back.

    Raises:
        Trouble: as `ask`; or the status is an error's, or the body no JSON.
    """
    status, body = ask(address, method, path, payload, limit_s)
    if status >= 400:
        raise Trouble(f"{address} refused {method} {path} with status {status}: {said(body)}")
    if not body.strip():
        return {}
    try:
        return json.loads(body)
    except ValueError:
        raise Trouble(
            f"{address} answered {method} {path} with what is no JSON ({said(body)}); is another protocol on that port?"
        ) from None


def free_ports(count: int) -> list[int]:
    """Return ports of loopback on which nothing listens, for servers that cannot choose one themselves."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [each.getsockname()[1] for each in sockets]


def said(body: bytes) -> str:
    """Return the message of an error's body, short and without secrets."""
    text = body.decode("utf-8", "replace")
    try:
        found = json.loads(text)
        if isinstance(found, dict):
            text = str(found.get("error") or found.get("detail") or found.get("message") or text)
    except ValueError:
        pass
    return redacted(" ".join(text.split()))[:300] or "no message"


def _told(error: Exception, address: Address, limit_s: float) -> str:
    match error:
        case ssl.SSLError():
            reason = getattr(error, "reason", None) or error
            return f"{address} refused TLS ({reason}); is the certificate trusted here, and does the port speak https?"
        case TimeoutError():
            return f"{address} accepted the connection but gave no answer within {limit_s:g} s"
        case socket.gaierror():
            return f"there is no host `{address.host}`"
        case ConnectionRefusedError():
            return f"nothing listens at {address}; is the server started?"
        case http.client.BadStatusLine() | http.client.RemoteDisconnected() | ConnectionResetError():
            return (
                f"{address} closed the connection or answered with what is no HTTP; is another protocol on that port?"
            )
        case _:
            return f"{address} could not be asked: {type(error).__name__}: {error}"


def _plain(value: Any) -> Any:
    """Write arrays and bytes as JSON can."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    raise TypeError(f"{type(value).__name__} cannot be sent as JSON")
