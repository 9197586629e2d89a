"""The runs that `mltspec watch` has made: kept in one SQLite file, whatever ends the process that writes it.

A run is written down when it begins and again when it ends. One without an end, whose process is gone, was not
finished, and is marked so by whoever opens the file next.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from mltspec.report.json_report import RunReport

FILE = "history.sqlite"
VERSION = 1
BUSY_S = 10.0
UNFINISHED = "unfinished"

_SCHEMA = """
CREATE TABLE runs (
  id INTEGER PRIMARY KEY, specs TEXT NOT NULL, reason TEXT NOT NULL, started TEXT NOT NULL, ended TEXT, outcome TEXT,
  process INTEGER NOT NULL, born REAL NOT NULL
) STRICT;
CREATE TABLE verdicts (
  run INTEGER NOT NULL REFERENCES runs, expectation TEXT NOT NULL, verdict TEXT NOT NULL, measured TEXT, value REAL,
  bound TEXT, limit_value REAL, cached INTEGER NOT NULL, PRIMARY KEY (run, expectation)
) STRICT, WITHOUT ROWID;
"""


class HistoryError(Exception):
    """The file cannot be used; the message names it and the way out."""


@dataclass(frozen=True)
class Run:
    """A run on record; times are UTC (ISO 8601). ``ended`` and ``outcome`` are empty while it goes on."""

    id: int
    specs: str
    reason: str
    started: str
    ended: str
    outcome: str


@dataclass(frozen=True)
class Seen:
    """How one run judged an expectation; ``cached`` says that nothing was measured anew."""

    run: int
    verdict: str
    measured: str
    value: float | None
    bound: str
    limit: float | None
    cached: bool


@dataclass(frozen=True)
class Trend:
    """One expectation over the runs on record, the oldest first."""

    expectation: str
    seen: tuple[Seen, ...]

    @property
    def last(self) -> Seen:
        """How it was judged last."""
        return self.seen[-1]

    def since(self) -> int:
        """Return the first run of those that have judged it as the last one did, without a break."""
        first = self.last
        for each in reversed(self.seen):
            if each.verdict != first.verdict:
                break
            first = each
        return first.run


class History:
    """The file, open. Several processes may use it at once."""

    def __init__(self, store: Path, create: bool = True) -> None:
        self.file = store / FILE
        with self._explained():
            if not create and not self.file.exists():
                raise HistoryError(f"there is no history in `{store}` yet; `mltspec watch` keeps one")
            store.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(self.file, timeout=BUSY_S, isolation_level=None)
            self._base.execute("PRAGMA journal_mode=WAL")
            self._base.execute("PRAGMA foreign_keys=ON")
            self._prepare()

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()

    def begin(self, specs: str, reason: str) -> int:
        """Write down that a run begins, and return its number."""
        process = os.getpid()
        with self._explained():
            made = self._base.execute(
                "INSERT INTO runs (specs, reason, started, process, born) VALUES (?, ?, ?, ?, ?)",
                (specs, reason, _now(), process, _born(process) or 0.0),
            )
        return int(made.lastrowid or 0)

    def finish(self, run: int, outcome: str, report: RunReport | None) -> None:
        """Write down how a run ended, and its verdicts: all of that or nothing."""
        rows = [
            (
                run,
                each.id,
                str(each.verdict),
                each.measured.text if each.measured else None,
                each.measured.value if each.measured else None,
                each.bound.text if each.bound else None,
                each.bound.value if each.bound else None,
                int(each.cached),
            )
            for each in (report.expectations if report else ())
        ]
        with self._explained(), self._whole():
            self._base.executemany("INSERT OR REPLACE INTO verdicts VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
            self._base.execute("UPDATE runs SET ended = ?, outcome = ? WHERE id = ?", (_now(), outcome, run))

    def settle(self) -> list[Run]:
        """Mark the runs whose process is gone as unfinished, and return them."""
        with self._explained(), self._whole():
            open_ = self._base.execute("SELECT id, process, born FROM runs WHERE outcome IS NULL").fetchall()
            gone = [id for id, process, born in open_ if _born(process) != born]
            self._base.executemany("UPDATE runs SET outcome = ? WHERE id = ?", [(UNFINISHED, id) for id in gone])
        return [run for run in self.runs() if run.id in gone]

    def runs(self, most: int = 1_000_000) -> list[Run]:
        """Return the last runs, the oldest first."""
        with self._explained():
            found = self._base.execute(
                "SELECT id, specs, reason, started, coalesce(ended, ''), coalesce(outcome, '') FROM runs "
                "ORDER BY id DESC LIMIT ?",
                (most,),
            ).fetchall()
        return [Run(*row) for row in reversed(found)]

    def trends(self, runs: Sequence[Run]) -> list[Trend]:
        """Return every expectation that some of the runs have judged, in the order of their names."""
        if not runs:
            return []
        with self._explained():
            found = self._base.execute(
                "SELECT expectation, run, verdict, measured, value, bound, limit_value, cached FROM verdicts "
                "WHERE run BETWEEN ? AND ? ORDER BY expectation, run",
                (runs[0].id, runs[-1].id),
            ).fetchall()
        by_name: dict[str, list[Seen]] = {}
        for name, run, verdict, measured, value, bound, limit, cached in found:
            by_name.setdefault(name, []).append(
                Seen(run, verdict, measured or "", value, bound or "", limit, bool(cached))
            )
        return [Trend(name, tuple(seen)) for name, seen in by_name.items()]

    def _prepare(self) -> None:
        with self._whole():
            (version,) = self._base.execute("PRAGMA user_version").fetchone()
            if version == 0:
                for statement in filter(str.strip, _SCHEMA.split(";")):
                    self._base.execute(statement)
                self._base.execute(f"PRAGMA user_version = {VERSION}")
            elif version != VERSION:
                raise HistoryError(
                    f"`{self.file}` was written by a later mltspec; update this one, or move the file away"
                )

    @contextlib.contextmanager
    def _whole(self) -> Iterator[None]:
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._base.execute("ROLLBACK")
            raise
        self._base.execute("COMMIT")

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as problem:
            raise HistoryError(
                f"the history `{self.file}` cannot be used: {problem}; move the file away to begin a new one"
            ) from problem


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _born(process: int) -> float | None:
    """Return when a process began; None if there is none of that number. Numbers are used again, moments are not."""
    import psutil

    try:
        return float(psutil.Process(process).create_time())
    except psutil.Error:
        return None
