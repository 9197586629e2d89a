"""Messages of a protocol from a table of their fields, without generated code.

TensorFlow keeps protocol messages of its own in protobuf's pool for the process, in whatever version it was built with;
a pool for each protocol leaves those alone. What is not in a table is kept on the way through, as protobuf promises.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

_FIELD = re.compile(r"(?:(repeated)\s+)?(?:map<string,\s*([\w.]+)>|([\w.]+))\s+(\w+)\s*=\s*(\d+)")
_PLAIN = {
    name: getattr(descriptor_pb2.FieldDescriptorProto, f"TYPE_{name.upper()}")
    for name in ("bool", "int32", "int64", "uint32", "uint64", "float", "double", "string", "bytes")
}
_MESSAGE = descriptor_pb2.FieldDescriptorProto.TYPE_MESSAGE
_ONE, _MANY = descriptor_pb2.FieldDescriptorProto.LABEL_OPTIONAL, descriptor_pb2.FieldDescriptorProto.LABEL_REPEATED


class Schema:
    """The messages of one protocol.

    Args:
        package: what its messages are named under.
        messages: fields by message, ``"string name = 1; repeated int64 shape = 3; map<string, Other> more = 4"``.
    """

    def __init__(self, package: str, messages: Mapping[str, str]) -> None:
        file = descriptor_pb2.FileDescriptorProto(
            name=f"mltspec/{package}.proto", package=package, syntax="proto3", message_type=[]
        )
        for name, fields in messages.items():
            _add(file.message_type.add(name=name), fields, f".{package}.")
        pool = descriptor_pool.DescriptorPool()
        pool.Add(file)
        self._types = {
            name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{package}.{name}")) for name in messages
        }

    def __getitem__(self, name: str) -> Any:
        """Return a message's class."""
        return self._types[name]


def _add(message: Any, fields: str, package: str) -> None:
    for found in _FIELD.finditer(fields):
        repeated, of_map, kind, name, number = found.groups()
        if of_map:
            entry = message.nested_type.add(name=f"{name.title().replace('_', '')}Entry")
            entry.options.map_entry = True
            _field(entry, "key", 1, "string", _ONE, package)
            _field(entry, "value", 2, of_map, _ONE, package)
            whole = f"{package}{message.name}.{entry.name}"
            message.field.add(name=name, number=int(number), label=_MANY, type=_MESSAGE, type_name=whole)
        else:
            _field(message, name, int(number), kind, _MANY if repeated else _ONE, package)


def _field(message: Any, name: str, number: int, kind: str, label: Any, package: str) -> None:
    if kind in _PLAIN:
        message.field.add(name=name, number=number, label=label, type=_PLAIN[kind])
    else:
        message.field.add(name=name, number=number, label=label, type=_MESSAGE, type_name=package + kind)
