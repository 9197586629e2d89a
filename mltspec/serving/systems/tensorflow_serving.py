"""TensorFlow Serving: REST at its address, and gRPC, which alone can tell it what to serve.

Versions come and go by a policy that names them; who names no version is answered by the highest. A configuration
replaces the whole list of models, and cannot be read back: a server that is drilled must serve this model alone.

Source: TensorFlow Serving, "RESTful API", "Serving Configuration".
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from functools import partial
from pathlib import Path

from mltspec.plan.subject import Server
from mltspec.serving import tf_rest
from mltspec.serving.asking import predict
from mltspec.serving.http import Address, ask_json
from mltspec.serving.placing import put_copy
from mltspec.serving.rpc import tensorflow as rpc
from mltspec.serving.system import Answer, Asker, Call, CannotControl, Rows, Trouble

_OBEY_S = 120.0
_LOOK_S = 10.0
_LOOK_EVERY_S = 0.02


class TensorFlowServing:
    """One model on one server.

    Args:
        address: of its REST port.
        grpc: of its gRPC port; without it the server is only asked.
        model: the model's name on it.
        folder: its base path, one folder a version, as the server sees it; None if that is not known.
    """

    name = "tensorflow_serving"
    production = True
    addresses_versions = True
    loads_aside = False

    def __init__(self, address: Address, grpc: Address | None, model: str, folder: Path | None) -> None:
        self._address = address
        self._grpc = grpc
        self._model = model
        self._folder = folder

    def ready(self) -> bool:
        """Return whether a version is available."""
        return bool(self.versions())

    def versions(self) -> tuple[str, ...]:
        """Return the versions that are available."""
        found = ask_json(self._address, "GET", f"/v1/models/{self._model}", limit_s=_LOOK_S).get(
            "model_version_status", ()
        )
        return tuple(sorted((str(each["version"]) for each in found if each["state"] == "AVAILABLE"), key=int))

    def live_version(self) -> str:
        """Return the highest version that is available."""
        found = self.versions()
        if not found:
            raise Trouble(f"no version of model `{self._model}` is available")
        return found[-1]

    def load(self, version: str, folder: Path | None = None) -> None:
        """Put a version below the base path; it is loaded when it is promoted."""
        if folder is not None:
            put_copy(folder, self._control()[1] / version)

    def unload(self, version: str) -> None:
        """Leave a version out."""
        loaded = self.versions()
        if loaded and version == loaded[-1]:
            raise Trouble(f"version {version} is live; promote another one first")
        self._serve(set(loaded) - {version})

    def promote(self, version: str) -> None:
        """Serve a version and those below it that are available, and none above."""
        self._serve({each for each in self.versions() if int(each) < int(version)} | {version})

    def rollback(self, to: str) -> None:
        """Serve a version and none above it."""
        self.promote(to)

    def split(self, weights: Mapping[str, float]) -> None:
        """Refuse: it knows no shares."""
        raise CannotControl("TensorFlow Serving shares out no traffic: its callers do, or a splitter in front of it")

    def call(self, rows: Rows, version: str | None = None) -> Call:
        """Return a request in column format."""
        path = f"/v1/models/{self._model}" + (f"/versions/{version}" if version else "")
        return self._address.call(f"{path}:predict", tf_rest.payload(rows))

    def read(self, status: int, body: bytes) -> Answer:
        """Read a REST answer, which names no version."""
        return tf_rest.answer(status, body)

    def doors(self) -> Mapping[str, Asker]:
        """Return REST, and gRPC where its port is known."""
        found: dict[str, Asker] = {"V1 REST": partial(predict, self)}
        if self._grpc is not None:
            found["gRPC Predict"] = partial(rpc.infer, self._grpc, self._model)
        return found

    def signature(self, version: str | None = None) -> Mapping[str, str]:
        """Return nothing: it is not told."""
        return {}

    def memory_bytes(self) -> int | None:
        """Return nothing: it does not run here."""
        return None

    def log(self) -> str:
        """Return what the server says of versions that failed."""
        try:
            found = rpc.statuses(self._control()[0], self._model)
        except Trouble:
            return ""
        return "\n".join(f"version {version}: {error}" for version, (_, error) in found.items() if error)

    def close(self) -> None:
        """Let go; nothing was started."""

    def _control(self) -> tuple[Address, Path]:
        if self._grpc is None or self._folder is None:
            raise CannotControl(
                "TensorFlow Serving is told what to serve over gRPC: declare `grpc` and what it `serves`"
            )
        return self._grpc, self._folder

    def _serve(self, versions: Collection[str]) -> None:
        """Order a set of versions, and wait until it is what is served: the order is acknowledged before."""
        grpc, folder = self._control()
        rpc.reload(grpc, self._model, str(folder.resolve()), [int(each) for each in versions])
        ends = time.monotonic() + _OBEY_S
        while set(self.versions()) != set(versions):
            found = rpc.statuses(grpc, self._model)
            for version in versions:
                state, error = found.get(version, (0, ""))
                if state == rpc.END and error:
                    raise Trouble(f"version {version} cannot be loaded: {error}")
            if time.monotonic() > ends:
                raise Trouble(f"version {max(versions, key=int)} is not available after {_OBEY_S:g} s")
            time.sleep(_LOOK_EVERY_S)


def opened(server: Server, model: str, folder: Path, work: Path) -> TensorFlowServing:
    """Return the server at the address that the spec names."""
    address = Address.of(server.address or "", server.token_from)
    grpc = Address.of(server.grpc, server.token_from) if server.grpc else None
    return TensorFlowServing(address, grpc, model, folder if server.serves else None)
