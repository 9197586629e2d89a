"""Run a server that knows nothing of us, and end it when our standard input ends: it never outlives who started it.

    python guarded.py PROGRAM ARGUMENTS…

Started by path, without the package: it must be there at once and take little memory.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time

_GRACE_S = 4.0


def main() -> int:
    """Start the program, wait for it, and return its status."""
    child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
    threading.Thread(target=_end_with_input, args=(child,), daemon=True).start()
    signal.signal(signal.SIGTERM, lambda number, frame: None)  # the whole group gets it: the program ends first
    return child.wait()


def _end_with_input(child: "subprocess.Popen[bytes]") -> None:
    sys.stdin.buffer.read()
    child.terminate()
    ends = time.monotonic() + _GRACE_S
    while child.poll() is None and time.monotonic() < ends:
        time.sleep(0.05)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
