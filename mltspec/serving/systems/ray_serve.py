"""Ray Serve, by its REST API for declarative configuration: a version is what a deployment's `user_config` names.

Serve takes a configuration at once and lets its replicas follow; so an order has been obeyed only when the application
is running again. `serve deploy` and a bare PUT return before that.

Source: Ray 2, "Serve REST API", "In-place updates with user_config".
"""

from __future__ import annotations

import copy
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from mltspec.plan.subject import Server
from mltspec.serving import tf_rest
from mltspec.serving.asking import predict
from mltspec.serving.http import Address, ask_json
from mltspec.serving.placing import put_copy
from mltspec.serving.system import Answer, Asker, Call, CannotControl, Rows, Trouble

_API = "/api/serve/applications/"
_OBEY_S = 120.0
_LOOK_S = 10.0
_LOOK_EVERY_S = 0.1
_SETTLED_LOOKS = 3
"""Serve says RUNNING for a moment before it has seen a new configuration."""


class RayServe:
    """One application of a Ray Serve.

    Args:
        address: of Ray's dashboard, which takes the configuration.
        application: its name; the only one, if None.
        folder: where the application finds a folder for each version; None if that is not known.
        path: what answers rows, TF Serving's JSON; the application's route, if None.
        waits: return from an order only when the application is running again.
    """

    name = "ray_serve"
    production = True
    addresses_versions = False
    loads_aside = False

    def __init__(
        self,
        address: Address,
        application: str | None,
        folder: Path | None,
        path: str | None = None,
        waits: bool = True,
    ) -> None:
        self._address = address
        self._application = application
        self._folder = folder
        self._path = path
        self._waits = waits
        self._front: Address | None = None

    def ready(self) -> bool:
        """Return whether the application runs."""
        return str(self._found()[1]["status"]) == "RUNNING"

    def versions(self) -> tuple[str, ...]:
        """Return the live version: Serve has no other."""
        return (self.live_version(),)

    def live_version(self) -> str:
        """Return the version that the application's configuration names."""
        config = self._found()[1].get("deployed_app_config") or {}
        found = [str(each["version"]) for each in _configured(config)]
        if not found:
            raise Trouble("no deployment of the application has a `user_config` with a `version`")
        return found[0]

    def load(self, version: str, folder: Path | None = None) -> None:
        """Put a version where the application finds it."""
        if folder is None:
            return
        if self._folder is None:
            raise CannotControl("where the application finds its versions is not known: declare what the server serves")
        put_copy(folder, self._folder / version)

    def unload(self, version: str) -> None:
        """Refuse: what a replica keeps is its own affair."""
        raise CannotControl("Ray Serve's replicas keep or drop versions themselves; drill it warm")

    def promote(self, version: str) -> None:
        """Configure the application for a version."""
        everything, ours = self._found()
        changed = copy.deepcopy(everything)
        for name, each in changed["applications"].items():
            if each is not None and everything["applications"][name] is ours:
                for user_config in _configured(each["deployed_app_config"]):
                    user_config["version"] = int(version) if version.isdigit() else version
        # What a configuration leaves out, Serve deletes: it must name every application.
        kept = [each["deployed_app_config"] for each in changed["applications"].values() if each["deployed_app_config"]]
        whole = {key: changed[key] for key in ("http_options", "grpc_options", "proxy_location") if changed.get(key)}
        ask_json(self._address, "PUT", _API, {**whole, "applications": kept})
        if self._waits:
            self._wait()

    def rollback(self, to: str) -> None:
        """Configure it for the version before."""
        self.promote(to)

    def split(self, weights: Mapping[str, float]) -> None:
        """Refuse: Serve has no shares."""
        raise CannotControl("Ray Serve shares out no traffic between versions")

    def call(self, rows: Rows, version: str | None = None) -> Call:
        """Return a request to the application's route."""
        if self._front is None:
            everything, ours = self._found()
            options = everything.get("http_options") or {}
            self._front = Address(
                self._address.host, int(options.get("port", 8000)), token_from=self._address.token_from
            )
            self._path = self._path or str(ours.get("route_prefix") or "/")
        return self._front.call(self._path or "/", tf_rest.payload(rows))

    def read(self, status: int, body: bytes) -> Answer:
        """Read an answer in TF Serving's JSON."""
        return tf_rest.answer(status, body)

    def doors(self) -> Mapping[str, Asker]:
        """Return the one way in."""
        return {"Ray Serve HTTP": partial(predict, self)}

    def signature(self, version: str | None = None) -> Mapping[str, str]:
        """Return nothing: it is not told."""
        return {}

    def memory_bytes(self) -> int | None:
        """Return nothing: it does not run here."""
        return None

    def log(self) -> str:
        """Return what Serve says of the application's state."""
        try:
            return str(self._found()[1].get("message") or "")
        except Trouble:
            return ""

    def close(self) -> None:
        """Let go; nothing was started."""

    def _found(self) -> tuple[Any, Any]:
        everything = ask_json(self._address, "GET", _API, limit_s=_LOOK_S)
        applications = everything.get("applications", {}) if isinstance(everything, dict) else {}
        if self._application in applications:
            return everything, applications[self._application]
        if self._application is None and len(applications) == 1:
            return everything, next(iter(applications.values()))
        there = ", ".join(applications) or "none"
        raise Trouble(
            f"Ray Serve has no application `{self._application or ''}`; there is {there}: declare `model NAME`"
        )

    def _wait(self) -> None:
        ends, settled = time.monotonic() + _OBEY_S, 0
        while settled < _SETTLED_LOOKS:
            status = self._found()[1]
            if status["status"] in ("DEPLOY_FAILED", "UNHEALTHY"):
                raise Trouble(f"Ray Serve could not obey: {status.get('message') or status['status']}")
            settled = settled + 1 if _settled(status) else 0
            if time.monotonic() > ends:
                raise Trouble(f"Ray Serve has not obeyed within {_OBEY_S:g} s: it is {status['status']}")
            time.sleep(_LOOK_EVERY_S)


def _settled(status: Any) -> bool:
    deployments = (status.get("deployments") or {}).values()
    return status["status"] == "RUNNING" and all(each["status"] == "HEALTHY" for each in deployments)


def _configured(config: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the user's own configuration of each deployment that has a version in it."""
    found = (each.get("user_config") for each in config.get("deployments", ()))
    return [each for each in found if isinstance(each, dict) and "version" in each]


def opened(server: Server, model: str, folder: Path, work: Path) -> RayServe:
    """Return the application that the spec names as the server's model, else the only one."""
    address = Address.of(server.address or "", server.token_from)
    return RayServe(address, server.model, folder if server.serves else None, server.predicts)
