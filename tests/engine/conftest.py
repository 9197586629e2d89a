"""What engine tests share: a project folder, and a way to run claims in it."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import engine_fakes as fakes
import pytest

from mltspec.engine.run import Outcome, run
from mltspec.engine.settings import Settings
from mltspec.plan.events import Event, GatheringEnded, Judged


@dataclass
class Project:
    root: Path
    settings: Settings
    events: list[Event] = field(default_factory=list)

    def run(self, *claims, limit_s=20.0, kinds=fakes.KINDS, **settings) -> Outcome:
        self.events.clear()
        plan = fakes.plan_of(*claims, root=self.root, limit_s=limit_s)
        return run(plan, replace(self.settings, **settings), fakes.CHECKS, kinds, self.events.append)

    def calls(self) -> list[str]:
        file = self.root.parent / "calls"
        return file.read_text().splitlines() if file.exists() else []

    def write(self, name: str, text: str) -> Path:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def failures(self):
        return [event.failure for event in self.events if isinstance(event, GatheringEnded) and event.failure]

    def judged(self):
        return [event for event in self.events if isinstance(event, Judged)]


@pytest.fixture(autouse=True)
def observers_at_rest(monkeypatch):
    """The code that measures is under development while these tests run."""
    monkeypatch.setattr("mltspec.engine.inputs.observer_digest", lambda digests: "unchanged")


@pytest.fixture(params=["fork", "spawn"])
def project(request, tmp_path):
    """A project, once with forked children and once with fresh interpreters."""
    return _project(tmp_path, request.param)


@pytest.fixture
def forked(tmp_path):
    """A project with forked children, where the way they start makes no difference."""
    return _project(tmp_path, "fork")


def _project(tmp_path, isolation):
    root = tmp_path / "project"
    root.mkdir()
    settings = Settings(
        workers=2, store=root / ".mltspec", isolation=isolation, today=fakes.TODAY, preload=(), maxfail=None
    )
    return Project(root, settings)
