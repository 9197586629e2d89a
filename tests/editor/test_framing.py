"""Messages are read whole, however a client cuts them into writes."""

import json

import pytest

from mltspec.editor.framing import Framing

MESSAGES = [{"id": 1, "method": "a"}, {"id": 2, "method": "é" * 10}]
BYTES = b"".join(
    b"Content-Length: %d\r\n\r\n%s" % (len(body), body) for body in (json.dumps(each).encode() for each in MESSAGES)
)


@pytest.mark.parametrize("size", [1, 7, 22, len(BYTES)])
def test_in_pieces_of_any_size(size: int):
    framing = Framing()
    found = [each for at in range(0, len(BYTES), size) for each in framing.feed(BYTES[at : at + size])]
    assert found == MESSAGES


def test_a_header_in_a_write_of_its_own():
    head, body = BYTES[: BYTES.index(b"{")], BYTES[BYTES.index(b"{") :]
    framing = Framing()
    assert list(framing.feed(head)) == []
    assert list(framing.feed(body)) == MESSAGES
