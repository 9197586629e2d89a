"""Runs a training job that is a command: as Python would run it, but in this process, where it can be watched."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

from mltspec.plan.subject import Command
from mltspec.subjects.bench import Bench, Unfit


def run_command(job: Command, folder: Path, seed: int, bench: Bench) -> None:
    """Run the job's script or module as ``__main__``, with the work folder and the seed in its arguments.

    Raises:
        Unfit: there is no such script or module, or it exited with a status other than 0. What else it raises
            goes through.
    """
    for root in reversed(bench.roots):
        if str(root) not in sys.path:
            sys.path.insert(0, str(root))
    script = bench.find(job.script) if job.script else None
    arguments = [each.replace("{workdir}", str(folder)).replace("{seed}", str(seed)) for each in job.arguments]
    sys.argv = [str(script or job.module), *arguments]
    try:
        if script is not None:
            sys.path.insert(0, str(script.parent))
            runpy.run_path(str(script), run_name="__main__")
        else:
            runpy.run_module(job.module, run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        if ended.code:
            raise Unfit(f"`{job}` exited with status {ended.code}") from ended
    except ImportError as error:
        if job.module and error.name in (None, job.module, job.module.partition(".")[0]):
            raise Unfit(f"there is no module `{job.module}` under {', '.join(map(str, bench.roots))}") from error
        raise
