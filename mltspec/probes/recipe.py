"""Recipes: how a batch is written down in a few bytes, so that drawing one costs microseconds.

Hypothesis draws a *block* of recipes as one byte string; it costs it half a millisecond whatever the
length, more than a small model's forward pass, so a block carries `BLOCK` of them. Every field reads
smaller bytes as plainer, and a recipe of zeros after the first stands for no batch at all; so when
Hypothesis shrinks a block, it ends at the one recipe that matters, in its fewest rows and edges.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from hypothesis import strategies as st

EdgeKind = Literal["minimum", "maximum", "zero", "seen value", "repeated row", "missing or unseen"]

BLOCK = 16
EDGES = 3
ALL_ROWS = -1
REACHES = (1.0, 10.0, 1000.0, math.inf)
"""How many times the range seen each level goes at most."""

_LAYOUT = struct.Struct(">HH" + "BBIH" * EDGES)
_KINDS: tuple[EdgeKind | None, ...] = (
    None, None, None, "minimum", "maximum", "zero", "seen value", "repeated row"
)  # fmt: skip
RECIPE_BYTES = _LAYOUT.size


@dataclass(frozen=True)
class Space:
    """What batches are tried: ``least_rows`` to ``most_rows`` rows, with values seen or, if ``reach`` says so, beyond.

    ``reach`` is how many times the range seen hostile values may go; infinite: to the ends of their type.
    """

    least_rows: int
    most_rows: int
    reach: float | None = None


class Edge(NamedTuple):
    """A change to some cells.

    ``row`` is a number to take modulo the rows, or `ALL_ROWS`. ``scope`` says whether ``target`` (to take
    modulo their count) is a column or a feature, or everything changes. ``value`` picks among several.
    """

    kind: EdgeKind
    row: int
    scope: Literal["everything", "feature", "column"]
    target: int
    value: int
    level: int = 0
    reach: float = 1.0


class Recipe(NamedTuple):
    """A batch in short: ``seed`` 0 stands for typical rows only, any other picks real rows."""

    rows: int
    seed: int
    edges: tuple[Edge, ...]


def blocks() -> st.SearchStrategy[bytes]:
    """Return the strategy of blocks: `BLOCK` recipes in a byte string of fixed length."""
    return st.binary(min_size=BLOCK * RECIPE_BYTES, max_size=BLOCK * RECIPE_BYTES)


def recipes_in(block: bytes) -> Iterator[bytes]:
    """Yield the recipes of a block, as written; recipes of zeros are left out after the first."""
    for start in range(0, len(block), RECIPE_BYTES):
        written = block[start : start + RECIPE_BYTES]
        if start == 0 or any(written):
            yield written


def read(written: bytes, space: Space) -> Recipe:
    """Read a recipe; every string of `RECIPE_BYTES` bytes is one."""
    size, seed, *fields = _LAYOUT.unpack(written)
    edges = tuple(
        edge
        for start in range(0, len(fields), 4)
        if (edge := _edge(space.reach, *fields[start : start + 4])) is not None
    )
    return Recipe(_rows(size, space), seed, edges)


def _rows(size: int, space: Space) -> int:
    """Return the rows that a number stands for; the two ends are drawn more often than the middle."""
    if size % 8 == 7:
        return space.most_rows
    if size % 8 == 0 and size < 8192:
        return space.least_rows
    return space.least_rows + size // 8 % (space.most_rows - space.least_rows + 1)


def _edge(reach: float | None, kind: int, row: int, target: int, value: int) -> Edge | None:
    name = _KINDS[kind >> 5]
    if name is None:
        return None
    if name == "repeated row" and kind & 1:
        name = "missing or unseen"
    scope: Literal["everything", "feature", "column"] = (
        "everything" if target % 4 == 0 else "feature" if target % 4 == 1 else "column"
    )
    where = ALL_ROWS if row < 64 else row - 64
    if reach is None:
        return Edge(name, where, scope, target // 4, value)
    level = kind >> 1 & 3
    return Edge(name, where, scope, target // 4, value, level, min(reach, REACHES[level]))
