"""What can be read of a training job: how it keeps checkpoints, and what its model makes at random."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from mltspec.lint.python import Module, Target

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


def job_of(target: Target) -> Job:
    """Return what can be read of a job."""
    calls = tuple((name.rpartition(".")[2], call) for name, call in target.module.calls)
    return Job(target.module, calls)


def argument(call: ast.Call, name: str) -> object:
    """Return a keyword argument that is a constant, None where it is not given or is none."""
    for keyword in call.keywords:
        if keyword.arg == name and isinstance(keyword.value, ast.Constant):
            return keyword.value.value
    return None
