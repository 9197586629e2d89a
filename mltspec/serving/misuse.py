"""Requests that no client should send: a good server refuses each with a client error, and goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from mltspec.evidence.canary import Misuse
from mltspec.serving import http
from mltspec.serving.system import Call, Rows, System, Trouble

_LIMIT_S = 10.0


def misuses(system: System, row: Rows, version: str | None) -> Iterator[Misuse]:
    """Send each, and say what came of it; ``row`` is one that is answered."""
    good = system.call(row, version)
    head, _, body = good.request.partition(b"\r\n\r\n")
    for what, changed in _changed(json.loads(body)):
        yield _sent(what, good, head, json.dumps(changed).encode())
    yield _sent("a body that is no JSON", good, head, b'{"inputs": [')


def _changed(body: Any) -> Iterator[tuple[str, Any]]:
    inputs = body.get("inputs")
    if isinstance(inputs, list):  # the Open Inference Protocol
        first, rest = inputs[0], inputs[1:]
        yield "a request without an input", {"inputs": rest}
        yield "an input that the model has not", {"inputs": [{**first, "name": "no_such_input"}, *rest]}
        if first["datatype"] != "BYTES":
            words = ["word"] * len(first["data"])
            yield "text for a number", {"inputs": [{**first, "datatype": "BYTES", "data": words}, *rest]}
        yield "a shape that does not fit its numbers", {"inputs": [{**first, "shape": [1, 9973]}, *rest]}
    elif isinstance(inputs, dict):  # TensorFlow Serving's
        name = next(iter(inputs))
        yield "a request without an input", {"inputs": {k: v for k, v in inputs.items() if k != name}}
        yield "an input that the model has not", {"inputs": {**inputs, "no_such_input": [1]}}
        yield "a shape that does not fit", {"inputs": {**inputs, name: [[[[[1]]]]]}}


def _sent(what: str, good: Call, head: bytes, body: bytes) -> Misuse:
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length:")]
    request = b"\r\n".join([*lines, b"Content-Length: %d" % len(body), b"", b""]) + body
    try:
        status, said = http.send(replace(good, request=request), _LIMIT_S)
    except Trouble as trouble:
        return Misuse(what=what, status=0, said=str(trouble))
    return Misuse(what=what, status=status, said=http.said(said))
