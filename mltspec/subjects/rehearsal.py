"""What a rehearsal needs: versions of the model as folders, a server that holds them, rows as callers send them."""

from __future__ import annotations

import contextlib
import filecmp
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mltspec.plan.subject import Data, Model, Server
from mltspec.serving.journal import Journal
from mltspec.serving.open import open_system
from mltspec.serving.system import System, Trouble
from mltspec.subjects import data as datasets
from mltspec.subjects import framework, models
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.exported_served import Served, export, stir
from mltspec.subjects.nests import rows_of, taken


@dataclass(frozen=True)
class Candidate:
    """A model exported for a rehearsal.

    Args:
        model: as it is in memory.
        served: its export, loaded.
        folder: where the export lies.
        inputs: rows of the data as the model takes them.
    """

    model: Any
    served: Served
    folder: Path
    inputs: Any

    @property
    def count(self) -> int:
        """How many rows there are."""
        return int(rows_of(self.inputs))

    def rows(self) -> dict[str, Any]:
        """Return all rows as the signature takes them."""
        return self.served.fed(self.inputs)

    def row(self, at: int) -> dict[str, Any]:
        """Return one row as the signature takes it, (1, ...) each."""
        return self.served.fed(taken(self.inputs, slice(at, at + 1)))


def stirred(subject: Model, data: Data, rows: int, seed: int, bench: Bench) -> Candidate:
    """Build a model, move its weights away from where they start, and export it; nothing is trained.

    What is rehearsed is how versions are served, whatever their weights.

    Raises:
        Unfit: it cannot be exported.
    """
    framework.prepare(seed, bench.threads)
    model = models.build(subject, bench)
    inputs = datasets.load(data, bench, model).head(rows)[0]
    model(inputs) if not model.built else None
    stir(model, seed)
    return exported(subject, model, inputs, bench, f"export-{seed}")


def exported(subject: Model, model: Any, inputs: Any, bench: Bench, name: str) -> Candidate:
    """Export a model into a folder of its own.

    Raises:
        Unfit: it cannot be exported.
    """
    folder = bench.folder / name
    try:
        return Candidate(model, export(subject, model, bench, folder), folder, inputs)
    except Exception as error:
        first = next((line.strip() for line in str(error).splitlines() if line.strip()), "no message")
        raise Unfit(f"model `{subject.name}` cannot be exported: {type(error).__name__}: {first}") from error


def served_folder(server: Server, bench: Bench) -> Path | None:
    """Return the folder of versions that a spec says a server serves.

    Raises:
        Unfit: it holds no version.
    """
    if server.serves is None:
        return None
    folder = bench.find(server.serves)
    if not _numbers(folder):
        raise Unfit(
            f"`{server.serves}` holds no version: a folder `1`, `2` … for each is due, as TF Serving lays it out"
        )
    return folder


def own_versions(server: Server, bench: Bench, version: str | None) -> Path | None:
    """Return a folder with a copy of one version that a spec names, for a server of our own; None if it names none."""
    folder = served_folder(server, bench)
    if folder is None:
        return None
    version = version or max(_numbers(folder), key=int)
    if not (folder / version).is_dir():
        raise Unfit(f"`{server.serves}` holds no version {version}; it holds {', '.join(_numbers(folder))}")
    home = bench.folder / "versions"
    shutil.copytree(folder / version, home / version)
    return home


def versions_for(server: Server, bench: Bench) -> Path:
    """Return the folder for a server of our own: a copy of the version that the spec names, else an empty one."""
    home = own_versions(server, bench, None) or bench.folder / "versions"
    home.mkdir(exist_ok=True)
    return home


@contextlib.contextmanager
def opened(server: Server, model: str, folder: Path, bench: Bench) -> Iterator[System]:
    """Hold a server open for a rehearsal, and let go of it at the end.

    Raises:
        Unfit: it cannot be reached or started; that is not the model's fault.
    """
    try:
        system = open_system(server, model, folder, bench.folder)
    except Trouble as trouble:
        raise Unfit(f"server `{server.name}`: {trouble}") from trouble
    try:
        yield system
    finally:
        system.close()


def folder_for(server: Server, bench: Bench) -> Path:
    """Return the folder that a server out there serves, if a spec names it, else the one that its commands run in."""
    return served_folder(server, bench) or bench.roots[0]


@contextlib.contextmanager
def loaded(system: System, version: str, folder: Path) -> Iterator[None]:
    """Hold a candidate loaded; afterwards it is unloaded again, where it is not live and the system can.

    Raises:
        Trouble: it cannot be loaded.
    """
    system.load(version, folder)
    try:
        yield
    finally:
        with contextlib.suppress(Trouble):
            if system.live_version() != version:
                system.unload(version)


def journal(bench: Bench) -> Journal:
    """Return the journal of drills, which outlives this run."""
    return Journal(bench.objects.parent / "drills")


def next_version(versions: Sequence[str]) -> str:
    """Return a number above all that there are."""
    return str(max((int(each) for each in versions if each.isdigit()), default=0) + 1)


@contextlib.contextmanager
def guest(server: Server, system: System, before: str, folder: Path, candidate: Path) -> Iterator[str]:
    """Hold a number for a candidate, above all that there are; its files are taken away when the rehearsal is over.

    What another has put there meanwhile under that number is not the candidate, and stays.

    Raises:
        Trouble: the server does not tell its versions.
    """
    there = _numbers(folder) if server.serves is not None and not server.ours else []
    version = next_version((*system.versions(), before, *there))
    try:
        yield version
    finally:
        home = folder / version
        if server.serves is not None and not server.ours and _holds(home, candidate):
            with contextlib.suppress(Trouble):
                if system.live_version() != version:
                    shutil.rmtree(home)


def _holds(home: Path, candidate: Path) -> bool:
    """Tell whether a version's folder holds the candidate's graph."""
    graph = candidate / "saved_model.pb"
    return any(filecmp.cmp(each, graph, shallow=False) for each in home.rglob("saved_model.pb"))


def _numbers(folder: Path) -> list[str]:
    return sorted((each.name for each in folder.iterdir() if each.name.isdigit()), key=int)
