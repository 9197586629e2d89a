"""Rows that every subject of the gallery learns from: parcels, and whether they were late."""

import numpy as np

DEPOTS = np.array(["north", "south", "east", "west"], "object")


def parcels(rows: int, seed: int) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return inputs by name, each ``(rows,)``, and labels ``(rows, 1)``; of the west, nothing can be told."""
    draw = np.random.default_rng(seed)
    weight, distance = draw.gamma(2.0, 1.0, rows), draw.gamma(3.0, 1.0, rows)
    depot = DEPOTS[draw.choice(4, rows, p=[0.35, 0.3, 0.25, 0.1])]
    late = weight + distance + draw.normal(0, 0.4, rows) > 5
    late = np.where(depot == "west", draw.random(rows) < 0.5, late)
    inputs = {"weight": weight.astype("float32"), "distance": distance.astype("float32"), "depot": depot}
    return inputs, late.astype("float32")[:, None]


def training() -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return the rows to learn from."""
    return parcels(1500, 0)


def holdout() -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return the rows to judge by."""
    return parcels(1000, 1)
