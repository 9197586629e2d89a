"""A fresh interpreter for one job, or for one function of a job: where forking is not safe."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mltspec.engine import job as wire
from mltspec.engine.child import run_isolated, settle_in, watch, work
from mltspec.engine.forking import die_with_parent, leave_parent
from mltspec.engine.job import Errand, Job


def main(arguments: Sequence[str]) -> None:
    """Do the job in the first folder or, with a second, the errand that lies in that one."""
    folder = Path(arguments[0])
    if len(arguments) == 1:
        leave_parent()
        work(folder)
        return
    die_with_parent()
    job = Job.from_json((folder / wire.JOB).read_bytes())
    scratch = Path(arguments[1])
    errand = Errand.from_json((scratch / "errand.json").read_bytes())
    settle_in(job)
    watch(job)
    run_isolated(job, errand, scratch)
