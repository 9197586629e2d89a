"""A bench whose isolated processes are fresh interpreters, for drills without an engine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from mltspec.evidence.training import TrainingAsk
from mltspec.plan.subject import Data, Fit, Model, Origin
from mltspec.subjects.bench import Bench, Ending

_CHILD = """
import json, sys
from pathlib import Path
sys.path[:0] = sys.argv[5:]
from training_bench import make_bench
from importlib import import_module
module, name = sys.argv[1].split(":")
folder, root = Path(sys.argv[3]), Path(sys.argv[4])
getattr(import_module(module), name)(json.loads(sys.argv[2]), make_bench(folder, root))
"""


def make_bench(folder: Path, root: Path) -> Bench:
    scratch, objects = folder / "scratch", folder / "objects"
    scratch.mkdir(parents=True, exist_ok=True)
    objects.mkdir(exist_ok=True)

    def isolate(target: str, payload: dict[str, object], limit_s: float) -> Ending:
        number = len(list(folder.glob("isolated-*")))
        home = folder / f"isolated-{number}"
        home.mkdir()
        here = Path(__file__).parent
        paths = [str(here), str(here.parents[1])]
        command = [sys.executable, "-c", _CHILD, target, json.dumps(payload), str(home), str(root), *paths]
        done = subprocess.run(command, timeout=limit_s, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return Ending(done.returncode, done.stdout[-4000:])

    return Bench((root,), scratch, objects, lambda done, total, unit: None, isolate, 1)


def ask(build="plain", data="rows", train=None, job=None, seed=5, epochs=None, replica=0, **fit) -> TrainingAsk:
    """Ask for a run of one of the subjects in `training_subjects`."""

    def target(name):
        return f"training_subjects:{name}"

    model = Model(
        name=build,
        build=Origin(kind="python", target=target(build)),
        train=target(train) if train else None,
        job=job,
        fit=Fit(**{"epochs": 3, "batch_rows": 20} | fit),
    )
    return TrainingAsk(model=model, data=source(data), seed=seed, epochs=epochs, replica=replica)


def source(data, label=None) -> Data:
    return Data(name=data, origin=Origin(kind="python", target=f"training_subjects:{data}"), label=label)
