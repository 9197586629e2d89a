"""What the store already has, found out by reading files alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from mltspec.checks.registry import KINDS
from mltspec.engine.gathering import Gathering
from mltspec.engine.settings import Settings
from mltspec.engine.store import Store
from mltspec.evidence.kind import Evidence
from mltspec.plan.plan import Plan


def known(plan: Plan, settings: Settings) -> set[str]:
    """Return the ids of requests that a run with these settings would answer from the store; nothing is written."""
    return set(answers(plan, settings).evidence)


@dataclass(frozen=True)
class Answers:
    """Evidence by the id of its request, and the key that names everything it depended on."""

    evidence: dict[str, Evidence]
    keys: dict[str, str]


def answers(plan: Plan, settings: Settings) -> Answers:
    """Return what the store answers of a plan; nothing is written."""
    if settings.fresh or not settings.store.is_dir():
        return Answers({}, {})
    found: dict[str, Evidence] = {}
    with TemporaryDirectory(prefix="mltspec-") as folder:
        store = Store(settings.store, read_only=True)
        gathering = Gathering(plan, settings, KINDS, store, Path(folder))
        for request in plan.requests:
            if all(need in found for need in request.needs):
                answer = gathering.look_up(request, found)
                if answer is not None:
                    found[request.id] = answer[0]
        return Answers(found, gathering.keys)
