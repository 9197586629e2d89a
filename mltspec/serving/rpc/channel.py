"""One gRPC call: bytes there, bytes back, a time limit, and an error that says what kind of thing went wrong."""

from __future__ import annotations

from typing import Any

from mltspec.plan.secrets import redacted
from mltspec.serving.http import LIMIT_S, Address
from mltspec.serving.system import Trouble

_MOST_BYTES = 64 * 2**20
_OPTIONS = [
    ("grpc.max_receive_message_length", _MOST_BYTES),
    ("grpc.max_send_message_length", _MOST_BYTES),
    ("grpc.enable_http_proxy", 0),  # what is asked is the server that the spec names, and nobody in between
]


def unary(address: Address, method: str, request: Any, reply: Any, limit_s: float = LIMIT_S) -> Any:
    """Call ``/package.Service/Method`` with a message, and return one of the class ``reply``.

    Raises:
        Trouble: nothing listens, it does not speak gRPC, it did not answer in time, or it refused.
    """
    import grpc

    metadata = [(name.lower(), value) for name, value in address.headers().items()]
    target = f"{address.host}:{address.port}"
    channel: Any
    if address.secure:
        channel = grpc.secure_channel(target, grpc.ssl_channel_credentials(), _OPTIONS)
    else:
        channel = grpc.insecure_channel(target, _OPTIONS)
    with channel:
        call = channel.unary_unary(
            method,
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=reply.FromString,
        )
        try:
            return call(request, timeout=limit_s, metadata=metadata)
        except grpc.RpcError as error:
            raise _told(error, address, method, limit_s) from None


def _told(error: Any, address: Address, method: str, limit_s: float) -> Trouble:
    code, details = error.code().name, redacted(" ".join((error.details() or "").split()))[:300]
    if code == "DEADLINE_EXCEEDED":
        return Trouble(f"{address} gave no answer to {method} within {limit_s:g} s")
    if code == "UNAVAILABLE" and "refused" in details:
        return Trouble(f"nothing listens at {address}; is the server started?")
    if code in ("UNAVAILABLE", "UNKNOWN", "INTERNAL") and "HTTP" in details.upper():
        return Trouble(f"{address} does not speak gRPC; is another protocol on that port? ({details})")
    return Trouble(f"{address} refused {method}: {code}: {details or 'no message'}")
