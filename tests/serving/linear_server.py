"""A rehearsal server whose versions are arithmetic, so that it starts at once; and the faults of real servers in it.

Version n answers ``sum(x) / 2 + n + 1``. FAULT is read from the environment.
"""

import asyncio
import os
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import uvicorn

from mltspec.serving.local.app import App
from mltspec.serving.local.repository import BadInput, Repository, Tensor

FAULT = os.environ.get("FAULT", "")


class Linear:
    """One version."""

    def __init__(self, folder):
        if (folder / "broken").exists():
            raise OSError("the weights are half written")
        self.version = int(folder.name)
        self.inputs = {"x": Tensor("float32", (None, 4))}
        self.outputs = {"y": Tensor("float32", (None, 1))}
        if (folder / "renamed").exists():
            self.inputs = {"features": Tensor("float32", (None, 4))}

    def __call__(self, inputs):
        x = next(iter(inputs.values()))
        if x.ndim != 2 or x.shape[1] != 4:
            raise BadInput("x takes 4 numbers")
        if FAULT == "first number everywhere":
            x = np.full_like(x, x.reshape(-1)[0])
        if self.version > 1 and FAULT == "candidate crashes":
            raise RuntimeError("segmentation fault in the candidate")
        if self.version > 1 and FAULT == "crashes on some rows" and abs(x.sum()) > 2:
            raise IndexError("index 4000 is out of bounds")
        if self.version > 1 and FAULT == "slow":
            time.sleep(0.01)
        if self.version > 1 and FAULT == "candidate is off":
            return {"y": np.zeros((len(x), 1), "float32")}
        return {"y": x.sum(axis=1, keepdims=True) / 2 + self.version + 1}


class Late(Repository):
    """Says that it has promoted half a second before it is so."""

    def promote(self, version):
        if self.live is None:
            return super().promote(version)
        return threading.Timer(0.5, super().promote, [version]).start()


class Gap(Repository):
    """Makes a version live before it is there: what comes in between fails."""

    def promote(self, version):
        before, self.live = self.live, "999"
        time.sleep(0.0 if before is None else 0.15)
        super().promote(version)


class Forgetful(Repository):
    """Acknowledges a promotion and does nothing after the first two."""

    done = 0

    def promote(self, version):
        self.done += 1
        if self.done <= 2:
            super().promote(version)


class Stalling(App):
    """Keeps one caller waiting while versions change."""

    waiting = False

    async def _obey(self, verb, body):
        Stalling.waiting = verb == "promote"
        return await super()._obey(verb, body)

    async def _predict(self, asked, body):
        if Stalling.waiting:
            Stalling.waiting = False
            await asyncio.sleep(1.5)
        return await super()._predict(asked, body)


class Gapping(App):
    """Promotes in a thread, so that requests are answered meanwhile."""

    async def _obey(self, verb, body):
        if verb == "promote":
            version = body["parameters"]["version"]
            await asyncio.get_running_loop().run_in_executor(self._loader, self._repository.promote, version)
            return 200, {}
        return await super()._obey(verb, body)


def main(name, folder):
    kinds = {"late": Late, "gap": Gap, "forgetful": Forgetful}
    apps = {"stall": Stalling, "gap": Gapping}
    repository = kinds.get(FAULT, Repository)(name, Path(folder), Linear)
    repository.recover()
    app = apps.get(FAULT, App)(repository, ThreadPoolExecutor(4), ThreadPoolExecutor(1))
    listening = socket.create_server(("127.0.0.1", 0))
    print(listening.getsockname()[1], flush=True)
    threading.Thread(target=lambda: (sys.stdin.buffer.read(), os._exit(0)), daemon=True).start()
    uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off")).run(sockets=[listening])


if __name__ == "__main__":
    main(*sys.argv[1:])
