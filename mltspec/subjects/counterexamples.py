"""Counterexamples kept in the store: found once, tried first ever after.

    counterexamples/<what is claimed>/<id>.json   where the batch is, and what it showed when it was found

The batch itself is NPZ among the store's objects: data, not code. What is kept is a memory, no evidence: it changes in
which order batches are tried, and is lost without harm.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from pydantic import ValidationError

from mltspec.evidence.kind import Blob
from mltspec.evidence.probes import Kept
from mltspec.probes.batch import Batch
from mltspec.probes.schema import Array, Schema
from mltspec.probes.table import arrays
from mltspec.subjects.bench import Bench, Unfit

MOST_KEPT = 16
"""So many counterexamples of one claim are tried first, the newest before older ones."""
ID = re.compile(r"[0-9a-f]{12}")


def keep(about: str, label: str, seen: str, batch: Batch, schema: Schema, bench: Bench) -> tuple[str, Blob]:
    """Keep a batch that broke a claim; return its id and where it lies. The same batch has the same id."""
    file = bench.folder / "counterexample.npz"
    np.savez(file, **arrays(batch, schema))  # type: ignore[arg-type]
    blob = bench.keep(file)
    id = blob.digest[:12]
    folder = _home(bench) / about
    record = Kept(id=id, about=about, label=label, seen=seen, rows=batch.rows, batch=blob)
    with contextlib.suppress(OSError):  # a store that cannot be written remembers nothing
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f".{id}.part"
        part.write_text(record.to_json(), encoding="utf-8")
        part.replace(folder / f"{id}.json")
    return id, blob


def known(about: str, schema: Schema, bench: Bench) -> list[Batch]:
    """Return the batches that broke a claim before and still fit the data, the newest first."""
    found = []
    for record in _records(_home(bench) / about):
        with contextlib.suppress(OSError, ValueError, KeyError, Unfit):
            found.append(_batch(record, schema, bench))
    return found[:MOST_KEPT]


def named(id: str, about: str, schema: Schema, bench: Bench) -> Batch:
    """Return one counterexample.

    Raises:
        Unfit: there is none of that id for this claim, or it no longer fits the data.
    """
    if ID.fullmatch(id):
        for record in _records(_home(bench) / about):
            if record.id == id:
                try:
                    return _batch(record, schema, bench)
                except (OSError, ValueError, KeyError) as fault:
                    raise Unfit(f"counterexample {id} no longer fits the data: {fault}") from fault
    raise Unfit(f"the store keeps no counterexample {id} of this claim")


def _home(bench: Bench) -> Path:
    return bench.objects.parent / "counterexamples"


def _records(folder: Path) -> Iterator[Kept]:
    files = []
    with contextlib.suppress(OSError):
        files = sorted(folder.glob("[!.]*.json"), key=lambda file: (-file.stat().st_mtime_ns, file.name))
    for file in files:
        with contextlib.suppress(OSError, ValidationError):
            yield Kept.from_json(file.read_bytes())


def _batch(record: Kept, schema: Schema, bench: Bench) -> Batch:
    """Read a batch back as tables of the schema, whose inputs must still have the shapes that they had."""
    with np.load(bench.path(record.batch), allow_pickle=False) as saved:
        tables = tuple(
            _fitting(saved[f"inputs/{feature.name}"], feature.shape, feature.pool.dtype).reshape(-1, feature.width)
            for feature in schema.features
        )
        labels = tuple(
            _fitting(saved[f"labels/{number}"], leaf.shape[1:], leaf.dtype) for number, leaf in enumerate(schema.labels)
        )
    return Batch(tables, labels)


def _fitting(array: Array, shape: tuple[int, ...], dtype: np.dtype[np.generic]) -> Array:
    if array.shape[1:] != shape:
        raise ValueError(f"a row has shape {array.shape[1:]}, not {shape}")
    if dtype.kind in "OSU":
        return array
    return array.astype(dtype)
