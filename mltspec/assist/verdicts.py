"""How each claim of a spec ended when it was last run, from the store beside it; and what can be run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mltspec.assist.desk import Page
from mltspec.language.source import Span
from mltspec.language.tree import ForAny, ForEach, Statement, Suite

SIGNS: Mapping[str, str] = {
    "passed": "✓", "failed": "✗", "error": "!", "timed out": "!", "inconclusive": "?", "skipped": "-",
    "xfail": "✓", "xpass": "✗",
}  # fmt: skip
WORST = ("failed", "xpass", "error", "timed out", "inconclusive", "skipped", "xfail", "passed")


HELD = frozenset({"passed", "xfail", "skipped"})


@dataclass(frozen=True)
class Result:
    """How an expectation ended, and its text when it was run."""

    verdict: str
    explanation: str
    text: str


def standing(page: Page, results: Mapping[str, Result]) -> dict[str, Result]:
    """Return the results of those expectations that are written as they were when they were run."""
    found = {}
    for id, result in results.items():
        span = page.ids.get(id)
        if span is not None and page.claim_text(span.start) == result.text:
            found[id] = result
    return found


@dataclass(frozen=True)
class Runnable:
    """An expectation or a suite that can be run. ``target`` is what follows ``FILE::`` on the command line."""

    title: str
    target: str
    span: Span
    ids: tuple[str, ...]


def runnables(page: Page) -> list[Runnable]:
    """Return what of a spec can be run: its suites, and its expectations."""
    by_start: dict[int, list[str]] = {}
    for id, span in page.ids.items():
        by_start.setdefault(span.start, []).append(id)
    found: list[Runnable] = []
    _collect(page.parsed.spec.statements, by_start, found)
    return found


def _collect(statements: Sequence[Statement], by_start: Mapping[int, list[str]], found: list[Runnable]) -> None:
    for statement in statements:
        if isinstance(statement, Suite):
            before = len(found)
            found.append(Runnable("", "", statement.span, ()))
            _collect(statement.body, by_start, found)
            ids = tuple(id for each in found[before + 1 :] for id in each.ids)
            if ids:
                found[before] = Runnable("suite", ids[0].partition("/")[0], statement.span, ids)
            else:
                del found[before]
        elif isinstance(statement, ForEach | ForAny):
            _collect(statement.body, by_start, found)
        elif statement.span.start in by_start:
            ids = tuple(by_start[statement.span.start])
            target = ids[0].partition("[")[0] if len(ids) > 1 else ids[0]
            found.append(Runnable("expectation", target, statement.span, ids))


def last_verdicts(page: Page, stores: Iterable[Path]) -> Mapping[str, str]:
    """Return the last known verdict of each of a spec's expectations by id, from the first store that knows any."""
    from mltspec.engine.store import Store

    stem = page.path.stem
    for folder in stores:
        if folder.is_dir():
            last = Store(folder, read_only=True).last()
            mine = {id: last.get(f"{stem}:{id}", last.get(id, "")) for id in page.ids}
            if any(mine.values()):
                return {id: verdict for id, verdict in mine.items() if verdict}
    return {}


def of_all(verdicts: Iterable[str]) -> str:
    """Return the worst of some verdicts, empty where there are none."""
    return min(verdicts, key=lambda each: WORST.index(each) if each in WORST else len(WORST), default="")


def shown(verdict: str) -> str:
    """Return a verdict with its sign."""
    return f"{SIGNS.get(verdict, '·')} {verdict}"
