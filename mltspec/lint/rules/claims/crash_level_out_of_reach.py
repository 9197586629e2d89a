"""A level of `restore after crash` that the job's own checkpoints cannot reach, as its source shows.

Each is known of Keras 3: `BackupAndRestore` with a whole number as `save_freq` begins the epoch again, so that batches
are trained twice; it keeps no state of random seeds, so that with dropout the restored run takes another way; a
`ModelCheckpoint` is never read back by itself, and with `save_weights_only` it leaves the optimizer's state out.
"""

from __future__ import annotations

from collections.abc import Iterator

from mltspec.lint.rule import Offence, Rule
from mltspec.lint.subjects import targets
from mltspec.lint.training import RANDOM_LAYERS, RESTORING, SAVING, Job, argument, job_of
from mltspec.lint.view import View

STRICT = ("exact", "same schedule")


def look(view: View) -> Iterator[Offence]:
    """Read the jobs whose crashes are claimed to be survived."""
    claims = [each for each in view.claims if each.check == "restore-after-crash"]
    if not claims:
        return
    found = {(each.named.declaration.name.text, each.named.role): each.target for each in targets(view)}
    for claim in claims:
        train, build = (found.get((claim.setting.model, role)) for role in ("train", "build"))
        if train is None:
            continue
        level = str(claim.values.get("level"))
        why = _obstacle(level, job_of(train), job_of(build) if build else None)
        if why:
            span = claim.span_of(level.split()[0])
            yield Offence(f"`{level}` is out of reach of the job's checkpoints", span, help=why)


def _obstacle(level: str, job: Job, build: Job | None) -> str:
    if not job.has(SAVING):
        return f"{job.module.file.name} keeps no checkpoint; `keras.callbacks.BackupAndRestore(workdir)` does"
    if not job.has(RESTORING):
        call = next(job.called("ModelCheckpoint"), None)
        where = job.line(call) if call else job.module.file.name
        return f"{where} saves and nothing reads it back; `keras.callbacks.BackupAndRestore(workdir)` does both"
    if level not in STRICT:
        return ""
    for call in job.called("BackupAndRestore"):
        if isinstance(argument(call, "save_freq"), int):
            return f"{job.line(call)}: with a whole number as `save_freq` an epoch begins again and trains rows twice"
        random = next((c for n, c in (build.calls if build else ()) if n in RANDOM_LAYERS), None)
        if level == "exact" and random is not None and build is not None:
            return f"{build.line(random)} draws at random, and `BackupAndRestore` does not keep the state of seeds"
    for call in job.called("ModelCheckpoint"):
        if argument(call, "save_weights_only") is True and not job.has(frozenset({"BackupAndRestore", "Checkpoint"})):
            return f"{job.line(call)}: `save_weights_only` leaves the optimizer's state out"
    return ""


_TRAIN = """import keras
from flights.model import build

def train(workdir):
    model = build()
    model.fit([[0.0]], [[0.0]], callbacks=[keras.callbacks.BackupAndRestore(workdir{})])
    return model
"""
_SPEC = """edition 2026
model delay {
  build python "flights.model:build"
  train python "flights.training:train"
}
data history = python "flights.data:training"
"""

RULE = Rule(
    look,
    bad=_SPEC + "expect restore after crash is exact",
    good=_SPEC + "expect restore after crash is resumes",
    files={
        "flights/model.py": "import keras\n\ndef build():\n    return keras.Sequential([keras.layers.Dropout(0.1)])\n",
        "flights/training.py": _TRAIN.format(", save_freq=40"),
    },
)
