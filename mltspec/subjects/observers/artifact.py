"""Reads a model from files and keeps it whole: a `.keras` file, a SavedModel, or the version chosen from a folder."""

from __future__ import annotations

import os
import shutil
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from mltspec.evidence.artifact import ArtifactAsk, ArtifactEvidence
from mltspec.evidence.kind import Ask, Evidence
from mltspec.subjects.bench import Bench, Unfit, digest_file

GRAPH = ("saved_model.pb", "saved_model.pbtxt")


def observe(asks: Sequence[Ask], found: Sequence[Evidence], bench: Bench) -> list[ArtifactEvidence]:
    """Keep each artifact.

    Raises:
        Unfit: there is no such file, folder or version, or it is no model.
    """
    return [_keep(cast(ArtifactAsk, ask), bench) for ask in asks]


def _keep(ask: ArtifactAsk, bench: Bench) -> ArtifactEvidence:
    place = bench.find(ask.origin.target)
    if ask.origin.kind == "keras":
        if ask.version is not None or not place.is_file():
            raise Unfit(f"`{ask.origin.target}` is no single `.keras` file; a folder of versions is a `savedmodel`")
        digest_file(place)  # noted as read, however the framework reads it
        copy = bench.folder / "model.keras"
        shutil.copyfile(place, copy)
        return ArtifactEvidence(form="keras", version="", artifact=bench.keep(copy))
    folder, version = chosen(place, ask.version, ask.origin.target)
    packed = bench.folder / "model.tar"
    pack(folder, packed)
    return ArtifactEvidence(form="savedmodel", version=version, artifact=bench.keep(packed))


def chosen(place: Path, version: str | None, shown: str) -> tuple[Path, str]:
    """Return a SavedModel's folder and its version: the number asked for, else the highest, as TensorFlow Serving does.

    Raises:
        Unfit: there is none.
    """
    names = sorted(os.listdir(place)) if place.is_dir() else []  # noqa: PTH208 - a listing is seen as read
    if set(names) & set(GRAPH) and version is None:
        return place, ""
    numbers = sorted((name for name in names if name.isdecimal()), key=int)
    if not numbers:
        raise Unfit(f"`{shown}` is neither a SavedModel nor a folder of numbered versions of one")
    if version is not None and version not in numbers:
        raise Unfit(f"`{shown}` has no version {version}; it has {', '.join(numbers[-8:])}")
    taken = version or numbers[-1]
    if not any((place / taken / graph).is_file() for graph in GRAPH):
        raise Unfit(f"`{shown}/{taken}` holds no SavedModel: there is no saved_model.pb in it")
    return place / taken, taken


def pack(folder: Path, file: Path) -> None:
    """Write a folder as a tar of files alone, equal for equal content."""
    with tarfile.open(file, "w") as tar:
        for each in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = tarfile.TarInfo(each.relative_to(folder).as_posix())
            entry.size = each.stat().st_size
            with each.open("rb") as stream:
                tar.addfile(entry, stream)


def unpack(file: Path, folder: Path) -> None:
    """Write out what `pack` packed."""
    with tarfile.open(file) as tar:
        tar.extractall(folder, filter="data")
