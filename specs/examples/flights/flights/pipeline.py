"""The stages from raw tables to an export: each reads folders and writes into its own, whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import keras
import numpy as np
import pandas as pd

from flights.data import LAST_TRAINING_MONTH, LATE_MINUTES
from flights.features import features as inputs_of
from flights.features import join
from flights.model import build
from flights.raw import Tables, load
from flights.schema import CATEGORIES, NUMBERS

EPOCHS, BATCH_ROWS = 2, 256
KEPT = ["id", "time_hour", "month"]
"""What stands beside the inputs and the label: which flight it is, and when it left."""


def source(output: Path, rows: int | None) -> None:
    """Write the raw tables; a sample of flights is spread evenly over the year."""
    tables = load()
    flights = tables.flights.assign(id=range(len(tables.flights))).sort_values("time_hour", kind="stable")
    if rows is not None:
        flights = flights.iloc[np.linspace(0, len(flights) - 1, min(rows, len(flights))).astype(int)]
    for name, table in tables._replace(flights=flights)._asdict().items():
        with whole(output / f"{name}.parquet") as part:
            table.to_parquet(part, index=False)


def features(source: Path, output: Path) -> None:
    """Join the tables, compute the inputs, and part them by the calendar."""
    joined = join(Tables(*(pd.read_parquet(source / f"{name}.parquet") for name in Tables._fields)))
    joined = joined[joined["arr_delay"].notna()].reset_index(drop=True)
    table = inputs_of(joined).astype(dict.fromkeys(NUMBERS, "float32"))
    table["late"] = (joined["arr_delay"] > LATE_MINUTES).astype("int8")
    table[KEPT] = joined[KEPT]
    fitted = table["month"] <= LAST_TRAINING_MONTH
    for name, rows in {"training": table[fitted], "holdout": table[~fitted]}.items():
        with whole(output / f"{name}.parquet") as part:
            rows.to_parquet(part, index=False)


def train(features: Path, output: Path, seed: int) -> None:
    """Fit the model on the training rows."""
    keras.utils.set_random_seed(seed)
    table = pd.read_parquet(features / "training.parquet")
    inputs = {name: table[name].to_numpy("float32") for name in NUMBERS}
    inputs |= {name: table[name].to_numpy("object") for name in CATEGORIES}
    model = build()
    model.fit(inputs, table["late"].to_numpy("float32"), batch_size=BATCH_ROWS, epochs=EPOCHS, verbose=0)
    with whole(output / "flights.keras") as part:
        model.save(part)


def export(train: Path, output: Path) -> None:
    """Export the fitted model, as a server loads it."""
    with whole(output / "1") as part:
        keras.models.load_model(train / "flights.keras").export(part, verbose=False)


@contextmanager
def whole(file: Path) -> Iterator[Path]:
    """Give a name to write to, and put what was written in place at once: a crash leaves all of it or nothing.

    What a crash left under that name is removed first. A folder that is in place already was put there whole.
    """
    part = file.with_name(f"part-{file.name}")
    remove(part)
    yield part
    if file.is_dir():
        remove(file)
    part.rename(file)


def remove(place: Path) -> None:
    """Remove a file or a folder, if it is there."""
    if place.is_dir():
        for each in sorted(place.rglob("*"), reverse=True):
            each.rmdir() if each.is_dir() else each.unlink()
        place.rmdir()
    place.unlink(missing_ok=True)
