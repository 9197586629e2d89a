"""A bench whose isolated processes are forks of this one: quick, and real enough to be killed."""

from __future__ import annotations

import os
import traceback
from importlib import import_module
from pathlib import Path
from tempfile import mkdtemp

from mltspec.subjects.bench import Bench, Ending


def make_bench(folder: Path, root: Path) -> Bench:
    scratch, objects = folder / "scratch", folder / "objects"
    scratch.mkdir(parents=True, exist_ok=True)
    objects.mkdir(exist_ok=True)

    def isolate(target: str, payload: dict[str, object], limit_s: float) -> Ending:
        home = Path(mkdtemp(dir=folder))
        pid = os.fork()
        if pid == 0:
            _be(target, payload, home, root)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        return Ending(status, (home / "output").read_text()[-4000:])

    return Bench((root,), scratch, objects, lambda done, total, unit: None, isolate, 1)


def _be(target: str, payload: dict[str, object], home: Path, root: Path) -> None:
    os.setpgid(0, 0)
    output = os.open(home / "output", os.O_WRONLY | os.O_CREAT)
    os.dup2(output, 1)
    os.dup2(output, 2)
    status = 1
    try:
        module, name = target.split(":")
        getattr(import_module(module), name)(payload, make_bench(home, root))
        status = 0
    except SystemExit as ended:
        status = int(ended.code or 0)
    except BaseException:
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(status)
