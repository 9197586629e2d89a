"""HAProxy, started here: places for servers that are filled, weighed and emptied over its run-time socket.

Source: HAProxy 2.6, "Management Guide", section 9.3 (`set server`, `set weight`).
"""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path

from mltspec.serving.asking import wait_ready
from mltspec.serving.http import Address, free_ports
from mltspec.serving.process import Process
from mltspec.serving.system import Trouble

PLACES = 8
MOST_WEIGHT = 256
START_S = 10.0
_ANSWER_S = 5.0
_CONFIG = """\
global
    stats socket {socket} mode 600 level admin
    maxconn 4096
defaults
    mode http
    timeout connect 5s
    timeout client 300s
    timeout server 300s
    option http-keep-alive
frontend callers
    bind {address}
    default_backend versions
backend versions
    balance roundrobin
{places}
"""


class HAProxy:
    """A proxy on loopback with places for servers, all empty at first."""

    name = "haproxy"

    def __init__(self, work: Path) -> None:
        binary = shutil.which("haproxy", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))
        if binary is None:
            raise Trouble("haproxy is not installed: `apt install haproxy`, or leave out `behind haproxy`")
        (port,) = free_ports(1)
        self.address = Address("127.0.0.1", port)
        self._socket = work / "haproxy.sock"
        places = "\n".join(f"    server p{at} 127.0.0.1:1 weight 0 disabled" for at in range(PLACES))
        config = work / "haproxy.cfg"
        config.write_text(_CONFIG.format(socket=self._socket, address=self.address, places=places))
        self._process = Process([binary, "-db", "-f", str(config)], work / "haproxy.log", os.environ, guarded=True)

    def start(self) -> None:
        """Start it.

        Raises:
            Trouble: it does not come up.
        """
        self._process.start()
        wait_ready(self, START_S)

    def ready(self) -> bool:
        """Return whether its socket answers."""
        return bool(self._say("show info"))

    def log(self) -> str:
        """Return the end of its log."""
        return self._process.log()

    def put(self, place: int, server: Address) -> None:
        """Put a server into a place; it gets no requests before it is weighed."""
        self._order(f"set server versions/p{place} addr {server.host} port {server.port}")
        self._order(f"set weight versions/p{place} 0")
        self._order(f"set server versions/p{place} state ready")

    def weigh(self, weights: dict[int, int]) -> None:
        """Give places their weights, those that gain first: at no moment is there nobody to answer."""
        for place, weight in sorted(weights.items(), key=lambda each: -each[1]):
            self._order(f"set weight versions/p{place} {weight}")

    def empty(self, place: int) -> None:
        """Take a place's server away."""
        self._order(f"set server versions/p{place} state maint")

    def close(self) -> None:
        """End it."""
        self._process.close()

    def _order(self, command: str) -> None:
        said = self._say(command).strip()
        if said and not said.startswith(("no need to change", "IP changed", "port changed", "nothing changed")):
            raise Trouble(f"HAProxy refused `{command}`: {said}")

    def _say(self, command: str) -> str:
        parts = []
        try:
            with socket.socket(socket.AF_UNIX) as channel:
                channel.settimeout(_ANSWER_S)
                channel.connect(str(self._socket))
                channel.sendall(f"{command}\n".encode())
                while part := channel.recv(65536):
                    parts.append(part)
        except OSError as error:
            raise Trouble(f"HAProxy's socket does not answer: {error}") from None
        return b"".join(parts).decode()
