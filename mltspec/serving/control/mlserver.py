"""MLServer: a version goes live by a model's settings file, which names its folder, and an order to load.

Under a version of its own a new one is registered before it is loaded, and requests meanwhile fail. With ``in_place``
every version goes under the name that the first one had: then it is loaded first, and nobody notices.

Source: MLServer 1.7, "Model Repository API", `mlserver/registry.py`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mltspec.serving.http import Address, ask_json
from mltspec.serving.placing import put_copy
from mltspec.serving.system import CannotControl, Trouble

LOAD_S = 120.0


class MLServerControl:
    """One model of an MLServer.

    Args:
        address: of its REST port.
        model: its name.
        home: the model's folder in the server's repository: ``model-settings.json`` and one folder a version.
        in_place: keep the version's name.
    """

    addresses_versions = False

    def __init__(self, address: Address, model: str, home: Path, in_place: bool) -> None:
        self._address = address
        self._model = model
        self._home = home
        self._in_place = in_place

    def versions(self) -> tuple[str, ...]:
        """Return the live version: what it replaced has gone."""
        return (self.live_version(),)

    def live_version(self) -> str:
        """Return the folder that the settings name."""
        return Path(str(self._settings().get("parameters", {}).get("uri", ""))).name

    def load(self, version: str, folder: Path | None) -> None:
        """Put a version beside the others."""
        if folder is not None:
            put_copy(folder, self._home / version)

    def unload(self, version: str) -> None:
        """Refuse: what is not live is not loaded."""
        raise CannotControl("MLServer drops a version when the next one replaces it: every rollback is cold")

    def promote(self, version: str) -> None:
        """Name another folder in the settings, and order the model to be loaded."""
        before = self._settings()
        parameters = dict(before.get("parameters", {})) | {"uri": f"./{version}"}
        if not self._in_place:
            parameters["version"] = version
        self._write({**before, "parameters": parameters})
        try:
            ask_json(self._address, "POST", f"/v2/repository/models/{self._model}/load", limit_s=LOAD_S)
        except Trouble:
            self._write(before)
            raise

    @property
    def _file(self) -> Path:
        return self._home / "model-settings.json"

    def _settings(self) -> dict[str, Any]:
        try:
            return dict(json.loads(self._file.read_bytes()))
        except (OSError, ValueError) as error:
            raise Trouble(f"`{self._file}` cannot be read: {error}") from None

    def _write(self, settings: dict[str, Any]) -> None:
        part = self._file.with_suffix(".part")
        part.write_text(json.dumps(settings, indent=2))
        part.replace(self._file)
