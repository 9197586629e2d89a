"""A server out there that speaks the Open Inference Protocol V2: Triton, MLServer, KServe's ModelServer.

Which of them it is, and so how versions are controlled on it, is what it says of itself, unless a spec says it.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from mltspec.plan.subject import Server
from mltspec.serving import open_inference
from mltspec.serving.asking import predict
from mltspec.serving.control.control import Control, NoControl
from mltspec.serving.control.kserve import KServeControl
from mltspec.serving.control.mlserver import MLServerControl
from mltspec.serving.control.triton import TritonControl
from mltspec.serving.http import Address, ask, ask_json
from mltspec.serving.placing import put
from mltspec.serving.process import Process
from mltspec.serving.rpc import inference
from mltspec.serving.system import Answer, Asker, Call, CannotControl, Rows, Trouble

_LOOK_S = 10.0


class OpenInference:
    """One model on one server.

    Args:
        name: the system's, as reports tell it.
        address: of its REST port.
        grpc: of its gRPC port, where that is known.
        model: the model's name on it.
        control: how versions are loaded and made live.
        process: the server, where it was started here.
    """

    production = True
    loads_aside = False

    def __init__(
        self,
        name: str,
        address: Address,
        grpc: Address | None,
        model: str,
        control: Control,
        process: Process | None = None,
    ) -> None:
        self.name = name
        self.address = address
        self.addresses_versions = control.addresses_versions
        self._grpc = grpc
        self._model = model
        self._control = control
        self._process = process
        self._types: dict[str, dict[str, str]] = {}

    def ready(self) -> bool:
        """Return whether the server is ready, and the model on it.

        Where versions are told apart, that of the live one counts: of a model as a whole, Triton says that it is not
        ready for as long as it remembers a version that failed to load.
        """
        if ask(self.address, "GET", "/v2/health/ready", limit_s=_LOOK_S)[0] != 200:
            return False
        live = max(self.versions(), key=int, default=None) if self.addresses_versions else None
        return ask(self.address, "GET", f"{self._path(live)}/ready", limit_s=_LOOK_S)[0] == 200

    def versions(self) -> tuple[str, ...]:
        """Return the versions that are loaded."""
        return self._control.versions()

    def live_version(self) -> str:
        """Return the live version."""
        return self._control.live_version()

    def load(self, version: str, folder: Path | None = None) -> None:
        """Put a version where the server finds it."""
        self._control.load(version, folder)

    def unload(self, version: str) -> None:
        """Unload a version that is not live."""
        self._control.unload(version)

    def promote(self, version: str) -> None:
        """Load a version and make it live."""
        self._types.clear()
        self._control.promote(version)

    def rollback(self, to: str) -> None:
        """Make a version live again, loading it where it is not loaded any more."""
        self._types.clear()
        self._control.promote(to)

    def split(self, weights: Mapping[str, float]) -> None:
        """Refuse: the protocol knows no shares."""
        raise CannotControl(f"{self.name} shares out no traffic; put a splitter such as HAProxy in front of it")

    def call(self, rows: Rows, version: str | None = None) -> Call:
        """Return a V2 request, typed as the model declares."""
        return self.address.call(f"{self._path(version)}/infer", open_inference.payload(rows, self._declared(version)))

    def read(self, status: int, body: bytes) -> Answer:
        """Read a V2 answer."""
        return open_inference.answer(status, body)

    def doors(self) -> Mapping[str, Asker]:
        """Return REST, and gRPC with numbers as bytes and typed, where its port is known."""
        found: dict[str, Asker] = {"V2 REST": partial(predict, self)}
        if self._grpc is not None:
            found["V2 gRPC"] = partial(self._ask_grpc, raw=True)
            found["V2 gRPC, typed"] = partial(self._ask_grpc, raw=False)
        return found

    def signature(self, version: str | None = None) -> Mapping[str, str]:
        """Return what the model declares."""
        return open_inference.signature_of(ask_json(self.address, "GET", self._path(version)))

    def memory_bytes(self) -> int | None:
        """Return the server's resident memory, where it was started here."""
        return self._process.memory_bytes() if self._process is not None else None

    def log(self) -> str:
        """Return the end of the server's log, where it was started here."""
        return self._process.log() if self._process is not None else ""

    def close(self) -> None:
        """Let go of it; end it where it was started here."""
        if self._process is not None:
            self._process.close()

    def _ask_grpc(self, rows: Rows, version: str | None, raw: bool) -> Answer:
        assert self._grpc is not None
        try:
            types = self._declared(version)
        except Trouble as trouble:
            return Answer(error=str(trouble))
        return inference.infer(self._grpc, self._model, rows, version, types, raw)

    def _path(self, version: str | None) -> str:
        return f"/v2/models/{self._model}" + (f"/versions/{version}" if version else "")

    def _declared(self, version: str | None) -> dict[str, str]:
        key = version or ""
        if key not in self._types:
            self._types[key] = open_inference.types_of(ask_json(self.address, "GET", self._path(version)))
        return self._types[key]


def opened(server: Server, model: str, folder: Path, work: Path) -> OpenInference:
    """Return the server at the address that the spec names.

    Raises:
        Trouble: it cannot be asked what it is.
    """
    address = Address.of(server.address or "", server.token_from)
    grpc = Address.of(server.grpc, server.token_from) if server.grpc else None
    about: Any = ask_json(address, "GET", "/v2", limit_s=_LOOK_S)
    said = str(about.get("name", "")).lower() if isinstance(about, dict) else ""
    if not said:
        raise Trouble(f"{address} does not speak the Open Inference Protocol: of itself it says {str(about)[:200]}")
    kind = server.control or next((known for known in ("triton", "mlserver", "kserve") if known in said), "none")
    return OpenInference(server.system, address, grpc, model, _control(kind, server, address, grpc, model, folder))


def _control(kind: str, server: Server, address: Address, grpc: Address | None, model: str, folder: Path) -> Control:
    if kind == "none":
        return NoControl(f"server `{server.name}` does not say how versions are loaded on it: declare its `control`")
    if server.serves is None:
        return NoControl(f"where server `{server.name}` finds its versions is not known: declare what it `serves`")
    match kind:
        case "triton":
            return TritonControl(address, grpc, model, lambda version, source: _into_triton(source, folder / version))
        case "mlserver" | "mlserver_in_place":
            return MLServerControl(address, model, folder, kind == "mlserver_in_place")
        case _:
            return KServeControl(address, model, folder)


def _into_triton(source: Path, home: Path) -> None:
    """Put a SavedModel where Triton's TensorFlow backend and Python backends look for one, with what else v1 has."""
    before = max((each for each in home.parent.glob("[0-9]*") if each.is_dir()), key=lambda each: int(each.name))

    def fill(part: Path) -> None:
        for each in before.iterdir():
            if each.is_file():
                (part / each.name).write_bytes(each.read_bytes())
        shutil.copytree(source, part / "model.savedmodel")

    put(home, fill)
