"""The rehearsal server's process: TensorFlow below, HTTP above, on loopback alone.

``main`` prints the port that it chose, serves, and ends when its standard input does: it never outlives who started it.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SWITCH_S = 0.0005
"""How long a thread that loads may keep one that answers waiting for the interpreter."""
_SETTINGS = {"TF_CPP_MIN_LOG_LEVEL": "2", "GRPC_VERBOSITY": "ERROR", "CUDA_VISIBLE_DEVICES": "-1"}


def main(arguments: Sequence[str]) -> None:
    """Serve the model ``NAME`` from the folder of its versions, ``FOLDER``."""
    name, folder = arguments
    for key, value in _SETTINGS.items():
        os.environ.setdefault(key, value)
    import uvicorn

    from mltspec.serving.local.app import App
    from mltspec.serving.local.repository import Repository
    from mltspec.subjects.servable import SavedModel

    sys.setswitchinterval(SWITCH_S)
    repository = Repository(name, Path(folder), SavedModel)
    repository.recover()
    app = App(repository, ThreadPoolExecutor(4), ThreadPoolExecutor(1))
    listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
    print(listening.getsockname()[1], flush=True)
    threading.Thread(target=_end_with_input, daemon=True).start()
    settings = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off", timeout_graceful_shutdown=1)
    uvicorn.Server(settings).run(sockets=[listening])


def _end_with_input() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
