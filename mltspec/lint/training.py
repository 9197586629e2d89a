"""What can be read of a training job: how it keeps checkpoints, and what its model makes at random."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mltspec.lint.python import Module, calls_in, find_target

RANDOM_LAYERS = frozenset(
    {"Dropout", "AlphaDropout", "GaussianDropout", "GaussianNoise", "SpatialDropout1D", "SpatialDropout2D",
     "SpatialDropout3D", "RandomFlip", "RandomRotation", "RandomZoom", "RandomCrop", "RandomTranslation",
     "RandomContrast", "RandomBrightness"}
)  # fmt: skip
RESTORING = frozenset(
    {"BackupAndRestore", "CheckpointManager", "Checkpoint", "restore", "load_weights", "load_model", "from_checkpoint",
     "restore_or_initialize", "read", "latest_checkpoint"}
)  # fmt: skip
SAVING = frozenset({"ModelCheckpoint", "save", "save_weights", "save_model", *RESTORING})


@dataclass(frozen=True)
class Job:
    """A module that holds a training job: the calls made in it, by their last name."""

    module: Module
    calls: tuple[tuple[str, ast.Call], ...]

    def has(self, names: frozenset[str]) -> bool:
        """Whether anything is called by one of the names."""
        return any(name in names for name, _ in self.calls)

    def called(self, name: str) -> Iterator[ast.Call]:
        """Return the calls of a name."""
        return (call for each, call in self.calls if each == name)

    def line(self, call: ast.Call) -> str:
        """Return where a call stands, as a reader opens it."""
        return f"{self.module.file.name}:{call.lineno}"


def job_of(target: str, roots: Sequence[Path]) -> Job | None:
    """Return what can be read of a job, None where its source is not there."""
    found = find_target(target, roots)
    if found is None:
        return None
    calls = tuple((name.rpartition(".")[2], call) for name, call in calls_in(found.module.tree))
    return Job(found.module, calls)


def argument(call: ast.Call, name: str) -> object:
    """Return a keyword argument that is a constant, None where it is not given or is none."""
    for keyword in call.keywords:
        if keyword.arg == name and isinstance(keyword.value, ast.Constant):
            return keyword.value.value
    return None
