"""Servers in processes of their own, on loopback."""

import sys
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")

from mltspec.serving.asking import wait_ready
from mltspec.serving.systems.local import Local

HERE = str(Path(__file__).parent)


@pytest.fixture
def linear(tmp_path, monkeypatch):
    """Start servers of arithmetic versions, with a fault if wanted; all are ended."""
    started = []

    def start(fault="", versions=("1",)):
        monkeypatch.syspath_prepend(HERE)
        monkeypatch.setenv("FAULT", fault)
        folder = tmp_path / f"versions-{len(started)}"
        for version in versions:
            (folder / version).mkdir(parents=True)
        server = Local("half", folder, tmp_path, "linear_server")
        started.append(server)
        server.start()
        wait_ready(server, 20)
        return server

    yield start
    for server in started:
        server.close()
    assert HERE in sys.path
