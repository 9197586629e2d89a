"""Triton in its mode of explicit model control: versions come and go by the policy in a model's configuration.

Who names no version is answered by the highest that is loaded. So a candidate is loaded by being promoted, beside the
version before; and rolling back is a policy without the candidate, at once if the version before is still there.

Source: Triton Inference Server, "Model Management" (explicit), "Model Repository Extension", "Version Policy".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from mltspec.serving.http import Address, ask_json
from mltspec.serving.rpc import inference
from mltspec.serving.system import Trouble

LOAD_S = 120.0


class TritonControl:
    """One model of a Triton.

    Args:
        address: of its REST port.
        grpc: of its gRPC port, which orders go to: over REST, a load stalls whoever shares its thread. None: over REST.
        model: its name.
        place: puts a SavedModel into the server's repository as a version.
        configured: the model's configuration for a version; the server is asked for what it has, if None.
    """

    addresses_versions = True

    def __init__(
        self,
        address: Address,
        grpc: Address | None,
        model: str,
        place: Callable[[str, Path], None],
        configured: Callable[[str], dict[str, Any]] | None = None,
    ) -> None:
        self._address = address
        self._grpc = grpc
        self._model = model
        self._place = place
        self._configured = configured

    def versions(self) -> tuple[str, ...]:
        """Return the versions that are loaded."""
        index = ask_json(self._address, "POST", "/v2/repository/index", {"ready": True})
        if not isinstance(index, list):
            raise Trouble(f"{self._address} answered with what is no index of models: {str(index)[:200]}")
        ready = (each for each in index if each["name"] == self._model and each.get("state", "READY") == "READY")
        return tuple(sorted((each["version"] for each in ready if each.get("version")), key=int))

    def live_version(self) -> str:
        """Return the highest version that is loaded."""
        loaded = self.versions()
        if not loaded:
            raise Trouble(f"Triton has no version of model `{self._model}` loaded")
        return loaded[-1]

    def load(self, version: str, folder: Path | None) -> None:
        """Put a version into the repository."""
        if folder is not None:
            self._place(version, folder)

    def unload(self, version: str) -> None:
        """Leave a version out."""
        loaded = self.versions()
        if version == max(loaded, key=int, default=""):
            raise Trouble(f"version {version} is live; promote another one first")
        self._serve(set(loaded) - {version})

    def promote(self, version: str) -> None:
        """Load a version beside those below it, and leave out those above.

        A version that fails to load leaves the model unready though the others answer; so their policy is put back.
        """
        before = self.versions()
        try:
            self._serve({each for each in before if int(each) < int(version)} | {version})
        except Trouble:
            if before:
                self._serve(before)
            raise

    def _serve(self, versions: Collection[str]) -> None:
        numbers = sorted(map(int, versions))
        config = self._configured(str(numbers[-1])) if self._configured else self._current()
        config = {key: value for key, value in config.items() if key != "version_policy"}
        config["version_policy"] = {"specific": {"versions": numbers}}
        parameters = {"config": json.dumps(config)}
        if self._grpc is not None:
            inference.load(self._grpc, self._model, parameters, LOAD_S)
        else:
            path = f"/v2/repository/models/{self._model}/load"
            ask_json(self._address, "POST", path, {"parameters": parameters}, LOAD_S)

    def _current(self) -> dict[str, Any]:
        found = ask_json(self._address, "GET", f"/v2/models/{self._model}/config")
        return dict(found)
