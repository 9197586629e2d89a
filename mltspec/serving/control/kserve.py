"""KServe's ModelServer: loading is a hook of the server's author, which reads the folder that ``live`` points to.

The server has no versions; a link that is moved at once, and an order to load, make one of it.

Source: KServe 0.21, `kserve/protocol/model_repository_extension.py`.
"""

from __future__ import annotations

from pathlib import Path

from mltspec.serving.http import Address, ask_json
from mltspec.serving.placing import put_copy
from mltspec.serving.system import CannotControl, Trouble

LOAD_S = 120.0
LIVE = "live"


class KServeControl:
    """One model of a ModelServer.

    Args:
        address: of its REST port.
        model: its name.
        home: holds one folder a version, and the link ``live`` to one of them.
    """

    addresses_versions = False

    def __init__(self, address: Address, model: str, home: Path) -> None:
        self._address = address
        self._model = model
        self._home = home

    def versions(self) -> tuple[str, ...]:
        """Return the live version: there is no other."""
        return (self.live_version(),)

    def live_version(self) -> str:
        """Return the folder that the link points to."""
        try:
            return (self._home / LIVE).readlink().name
        except OSError:
            raise Trouble(f"`{self._home / LIVE}` is no link to the version that is live") from None

    def load(self, version: str, folder: Path | None) -> None:
        """Put a version beside the others."""
        if folder is not None:
            put_copy(folder, self._home / version)

    def unload(self, version: str) -> None:
        """Refuse: what is not live is not loaded."""
        raise CannotControl("KServe's ModelServer holds one version of a model: every rollback is cold")

    def promote(self, version: str) -> None:
        """Move the link, and order the model to be loaded; if it cannot be, the link goes back."""
        before = self.live_version()
        self._point(version)
        try:
            ask_json(self._address, "POST", f"/v2/repository/models/{self._model}/load", limit_s=LOAD_S)
        except Trouble:
            self._point(before)
            raise

    def _point(self, version: str) -> None:
        part = self._home / f".{LIVE}"
        part.unlink(missing_ok=True)
        part.symlink_to(version)
        part.replace(self._home / LIVE)
