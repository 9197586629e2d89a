"""The rehearsal server as an ASGI application: Open Inference Protocol V2 and TF Serving's REST v1."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from concurrent.futures import Executor
from typing import Any
from weakref import WeakKeyDictionary

import orjson

from mltspec.serving.local.batching import Waiting, answer, batches
from mltspec.serving.local.protocols import read_v1, read_v2, v2_type, write_v1, write_v2
from mltspec.serving.local.repository import BadInput, NoSuchVersion, Repository, Servable, Tensor

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Reply = tuple[int, Any]

MOST_BODY_BYTES = 64 * 2**20
QUICK_S = 0.002
"""A model that usually answers sooner is run in the event loop."""
NOTICE = "mltspec's rehearsal server, not a production binary"

_MODEL = r"/v(?P<protocol>[12])/models/(?P<model>[^/:]+)(?:/versions/(?P<version>[^/:]+)|/labels/(?P<label>[^/:]+))?"
_ASKED = re.compile(_MODEL + r"(?P<verb>/infer|:predict|/ready)?")
_ORDER = re.compile(r"/(?:v2/repository|control)/models/(?P<model>[^/]+)/(?P<verb>load|unload|promote|split)")


class App:
    """Answers requests from a repository; the models run in ``executor``, loading in ``loader``.

    Requests to a quick model are answered one by one. Where several wait at once they are answered together, as
    production servers batch: what the framework costs for each call is then paid once.
    """

    def __init__(self, repository: Repository, executor: Executor, loader: Executor) -> None:
        self._repository = repository
        self._executor = executor
        self._loader = loader
        self._usual_s: WeakKeyDictionary[Servable, float] = WeakKeyDictionary()
        self._waiting: list[Waiting] = []

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return
        try:
            status, reply = await self._reply(scope["method"], scope["path"], await _body(receive))
        except BadInput as error:
            status, reply = 400, {"error": str(error)}
        except NoSuchVersion as error:
            status, reply = 404, {"error": str(error)}
        except Exception as error:
            status, reply = 500, {"error": f"{type(error).__name__}: {error}"}
        body = orjson.dumps(reply, default=str)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _reply(self, method: str, path: str, body: bytes) -> Reply:
        asked = _ASKED.fullmatch(path)
        if asked is not None:
            self._known(asked["model"])
            if method == "POST" and asked["verb"] in ("/infer", ":predict"):
                return await self._predict(asked, _json(body))
            if method == "GET":
                return self._about(asked)
        order = _ORDER.fullmatch(path)
        if order is not None and method == "POST":
            self._known(order["model"])
            return await self._obey(order["verb"], _json(body) if body.strip() else {})
        return self._general(method, path)

    def _general(self, method: str, path: str) -> Reply:
        repository = self._repository
        if path == "/v2/health/live":
            return 200, {"live": True}
        if path == "/v2/health/ready":
            return (200 if repository.live else 503), {"ready": repository.live is not None}
        if path == "/v2":
            return 200, {"name": "mltspec-local", "version": NOTICE, "extensions": ["model_repository"]}
        if path == "/v2/repository/index" and method == "POST":
            return 200, [
                {"name": repository.name, "version": version, "state": _v2_state(each.servable), "reason": each.error}
                for version, each in repository.versions.items()
            ]
        return 404, {"error": f"there is nothing at {method} {path}"}

    def _about(self, asked: re.Match[str]) -> Reply:
        repository = self._repository
        if asked["protocol"] == "1":
            return 200, {"model_version_status": self._statuses(asked["version"], asked["label"])}
        version, servable = repository.routed(asked["version"])
        if asked["verb"] == "/ready":
            return 200, {"name": repository.name, "ready": True}
        return 200, {
            "name": repository.name,
            "versions": [v for v, each in repository.versions.items() if each.servable is not None],
            "platform": "tensorflow_savedmodel",
            "parameters": {"live_version": repository.live, "described_version": version},
            "inputs": _metadata(servable.inputs),
            "outputs": _metadata(servable.outputs),
        }

    def _statuses(self, version: str | None, label: str | None) -> list[dict[str, Any]]:
        known = self._repository.versions
        if label is not None:
            version, _ = self._repository.routed(None, label)
        if version is not None and version not in known:
            raise NoSuchVersion(f"model `{self._repository.name}` has no version {version}")
        return [
            {
                "version": each,
                "state": str(found.state),
                "status": {"error_code": "UNKNOWN" if found.error else "OK", "error_message": found.error},
            }
            for each, found in known.items()
            if version in (None, each)
        ]

    async def _predict(self, asked: re.Match[str], body: Any) -> Reply:
        version, servable = self._repository.routed(asked["version"], asked["label"])
        if asked["protocol"] == "2":
            answers = await self._run(servable, read_v2(body, servable))
            return 200, write_v2(self._repository.name, version, body, answers)
        arrays, by_row = read_v1(body, servable)
        return 200, write_v1(await self._run(servable, arrays), by_row)

    async def _run(self, servable: Servable, arrays: Mapping[str, Any]) -> Any:
        """Run a model: a quick one here, for handing it to a thread would cost more than its answer."""
        loop = asyncio.get_running_loop()
        if self._usual_s.get(servable, QUICK_S) < QUICK_S:
            waiting = Waiting(servable, arrays, loop.create_future())
            if not self._waiting:
                loop.call_soon(self._answer_waiting)
            self._waiting.append(waiting)
            return await waiting.answers
        began = time.perf_counter()
        answers = await loop.run_in_executor(self._executor, servable, arrays)
        self._took(servable, time.perf_counter() - began)
        return answers

    def _answer_waiting(self) -> None:
        """Answer all that has come in since the loop's last turn."""
        waiting, self._waiting = self._waiting, []
        for together in batches(waiting):
            began = time.perf_counter()
            answer(together)
            self._took(together[0].servable, (time.perf_counter() - began) / len(together))

    def _took(self, servable: Servable, seconds: float) -> None:
        self._usual_s[servable] = seconds + 0.9 * (self._usual_s.get(servable, seconds) - seconds)

    async def _obey(self, verb: str, body: Any) -> Reply:
        repository, given = self._repository, body.get("parameters", {}) if isinstance(body, dict) else {}
        if verb == "split":
            weights = given.get("weights", {})
            if not isinstance(weights, dict) or not all(isinstance(w, int | float) for w in weights.values()):
                raise BadInput("`weights` maps versions to shares")
            repository.split({str(version): float(weight) for version, weight in weights.items()})
            return 200, {"weights": repository.weights}
        version = str(given.get("version") or self._highest())
        if verb == "load":
            await asyncio.get_running_loop().run_in_executor(self._loader, repository.load, version)
        elif verb == "unload":
            repository.unload(version)
        else:
            repository.promote(version)
        return 200, {"version": version, "live_version": repository.live}

    def _highest(self) -> str:
        there = [each.name for each in self._repository.folder.iterdir() if each.name.isdigit()]
        return max(there, key=int, default="")

    def _known(self, model: str) -> None:
        if model != self._repository.name:
            raise NoSuchVersion(f"there is no model `{model}`; this server serves `{self._repository.name}`")


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadInput(f"the body is no JSON: {error}") from None


async def _body(receive: Receive) -> bytes:
    parts, size = [], 0
    while True:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size > MOST_BODY_BYTES:
            raise BadInput(f"the body is larger than {MOST_BODY_BYTES:,} bytes")
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


def _metadata(tensors: Mapping[str, Tensor]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "datatype": v2_type(tensor.dtype),
            "shape": [-1 if size is None else size for size in tensor.shape or ()],
        }
        for name, tensor in tensors.items()
    ]


def _v2_state(servable: object) -> str:
    return "READY" if servable is not None else "UNAVAILABLE"
