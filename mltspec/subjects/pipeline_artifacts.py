"""The folder that a stage wrote: its files by content, its tables column by column, and how two of them differ."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mltspec.evidence.pipeline import MOST_VALUES, ColumnSeen, FileSeen, TableSeen
from mltspec.plan.wire import digest_of
from mltspec.subjects.bench import digest_file

if TYPE_CHECKING:
    import pandas as pd

READ_AS_TABLES = (".csv", ".csv.gz", ".tsv", ".parquet", ".npz")
OF_THE_MOMENT = frozenset({"date_saved", "shared_object_id"})
"""What `.keras` files hold beside the model: when they were written, and where its parts lay in memory."""


def files_of(folder: Path) -> tuple[FileSeen, ...]:
    """Return every file below a folder, by the names that it has there."""
    return tuple(
        FileSeen(name=file.relative_to(folder).as_posix(), size_bytes=file.stat().st_size, digest=content_digest(file))
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    )


def artifact_digest(files: tuple[FileSeen, ...]) -> str:
    """Return the digest of a whole artifact: names and contents."""
    return digest_of([[file.name, file.digest] for file in files])


def content_digest(file: Path) -> str:
    """Return the digest of what a file holds: archives by their members, exported models by what they compute with."""
    if file.name == "saved_model.pb" or (file.parent.parent / "saved_model.pb").is_file() or file.suffix == ".pb":
        from mltspec.subjects.exported_digest import exported_digest  # imports the framework

        return exported_digest(file) or digest_file(file)
    if file.suffix not in (".keras", ".npz", ".zip") or not zipfile.is_zipfile(file):
        return digest_file(file)
    total = hashlib.sha256()
    with zipfile.ZipFile(file) as archive:
        for name in sorted(archive.namelist()):
            content = archive.read(name)
            if file.suffix == ".keras" and name.endswith(".json"):
                content = json.dumps(_lasting(json.loads(content)), sort_keys=True).encode()
            total.update(f"{name}\0{len(content)}\0".encode())
            total.update(content)
    return total.hexdigest()


def _lasting(value: Any) -> Any:
    """Return JSON without what is of the moment."""
    if isinstance(value, dict):
        return {key: _lasting(inner) for key, inner in value.items() if key not in OF_THE_MOMENT}
    return [_lasting(inner) for inner in value] if isinstance(value, list) else value


def table_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Return the files of a folder that can be read as tables, with their names in it."""
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.name.endswith(READ_AS_TABLES):
            yield file.relative_to(folder).as_posix(), file


def read_table(file: Path) -> pd.DataFrame:
    """Return a table.

    Raises:
        ValueError, OSError: it is none.
    """
    import pandas as pd

    if file.suffix == ".npz":
        return _read_npz(file)
    if file.suffix == ".parquet":
        return pd.read_parquet(file)
    separator = "\t" if file.suffix == ".tsv" else ","
    try:
        return pd.read_csv(file, sep=separator, low_memory=False)
    except pd.errors.EmptyDataError:
        return pd.DataFrame()


def _read_npz(file: Path) -> pd.DataFrame:
    """Read arrays as columns; one of several dimensions is a column of digests, which is enough to compare rows."""
    import numpy as np
    import pandas as pd

    with np.load(file, allow_pickle=False) as saved:
        arrays = {name: saved[name] for name in saved.files}
    lengths = {array.shape[:1] for array in arrays.values()}
    if len(lengths) != 1 or () in lengths:
        raise ValueError("its arrays have not the same number of rows")
    return pd.DataFrame({name: _column(array) for name, array in arrays.items()})


def _column(array: Any) -> Any:
    if array.ndim == 1:
        return array
    if array.ndim == 2 and array.shape[1] == 1:
        return array[:, 0]
    import numpy as np
    import pandas as pd

    rows = np.ascontiguousarray(array).reshape(len(array), -1)
    return pd.Series([hashlib.sha256(row.tobytes()).hexdigest()[:16] for row in rows], dtype="category")


def tables_of(folder: Path) -> tuple[TableSeen, ...]:
    """Return every table of an artifact, each column over all rows."""
    return tuple(_seen(name, file) for name, file in table_files(folder))


def _seen(name: str, file: Path) -> TableSeen:
    try:
        frame = read_table(file)
    except Exception as error:
        first = next(iter(str(error).splitlines()), "no message")
        return TableSeen(file=name, rows=0, columns=(), unreadable=f"{type(error).__name__}: {first}")
    columns = tuple(_column_seen(str(label), frame[label]) for label in frame.columns)
    return TableSeen(file=name, rows=len(frame), columns=columns)


def _column_seen(name: str, column: pd.Series[Any]) -> ColumnSeen:
    kind = _type(column)
    numbers = kind in ("whole numbers", "numbers")
    there = column.dropna()
    counts = there.astype(str).value_counts() if not numbers else there.value_counts()
    low, high = (float(there.min()), float(there.max())) if numbers and len(there) else (None, None)
    return ColumnSeen(
        name=name,
        type=kind,
        missing=int(column.isna().sum()),
        low=low,
        high=high,
        distinct=len(counts),
        values=tuple((_text(value), int(count)) for value, count in counts.head(MOST_VALUES).items()),
    )


def _text(value: Any) -> str:
    """Return a value as an author writes it: a whole number without a point."""
    if isinstance(value, str):
        return value
    return f"{int(value)}" if float(value).is_integer() else f"{float(value):g}"


def _type(column: pd.Series[Any]) -> Literal["whole numbers", "numbers", "yes or no", "texts", "times", "arrays"]:
    kind = getattr(column.dtype, "kind", "O")
    if str(column.dtype) == "category":
        return "arrays"
    if kind == "b":
        return "yes or no"
    if kind in "iu":
        return "whole numbers"
    if kind == "f":
        there = column.dropna()
        return "whole numbers" if len(there) < len(column) and bool((there % 1 == 0).all()) else "numbers"
    return "times" if kind in "mM" else "texts"
