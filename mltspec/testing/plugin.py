"""pytest collects ``.mlt`` files: each expectation is an item, selected, repeated and reported like any test.

The expectations of a spec that are to run are judged in one run, so that they share evidence as under `mltspec run`.
Under pytest-xdist each worker judges its items one by one and shares evidence through the store.

Everything else of mltspec is imported when a spec is collected: a session without specs pays for two imports.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mltspec.compile.specs import Compiled
    from mltspec.plan.events import Judged
    from mltspec.plan.plan import Expectation

STORE = ".mltspec"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what a run of specs may need to be told."""
    group = parser.getgroup("mltspec")
    group.addoption("--mlt-store", default=STORE, metavar="PATH", help="where evidence is kept (default: .mltspec)")
    group.addoption("--mlt-profile", default=None, metavar="NAME", help="run specs under this profile")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a spec."""
    return SpecFile.from_parent(parent, path=file_path) if file_path.suffix == ".mlt" else None


class NotHeld(Exception):  # noqa: N818 - how an item ends
    """An expectation does not hold or could not be judged; the message is its report."""


class SpecFile(pytest.File):
    """A spec. What has been judged of it is kept for its items."""

    _compiled: Compiled | None = None
    _judged: dict[str, Judged] | None = None

    def collect(self) -> Iterator[pytest.Item]:
        """Return an item for each expectation."""
        from mltspec.testing.judging import SpecError, compiled

        try:
            self._compiled = compiled(self.path, self.config.getoption("--mlt-profile"))
        except SpecError as problem:
            raise self.CollectError(str(problem)) from problem
        for each in self._compiled.plan.expectations:
            yield Claim.from_parent(self, name=each.id, expectation=each)

    def judged(self, item: Claim) -> Judged | None:
        """Return what is judged of an item; the first one asked for brings all others that are selected with it."""
        from mltspec.testing.judging import judged

        assert self._compiled is not None
        if self._judged is None:
            self._judged = {}
        if item.expectation.id not in self._judged:
            alone = hasattr(self.config, "workerinput")
            mine = [each for each in self.session.items if isinstance(each, Claim) and each.parent is self]
            wanted = [item.expectation] if alone else [each.expectation for each in mine]
            store = Path(self.config.getoption("--mlt-store"))
            maxfail = self.config.getoption("maxfail", 0) or None
            told = judged(self._compiled, wanted, store, 1 if alone else None, maxfail)
            self._judged |= {each.expectation.id: each for each in told}
        return self._judged.get(item.expectation.id)


class Claim(pytest.Item):
    """One expectation."""

    def __init__(self, *, expectation: Expectation, **more: Any) -> None:
        super().__init__(**more)
        self.expectation = expectation
        for tag in expectation.marks.tags:
            if tag.isidentifier():
                self.keywords[tag] = tag

    def runtest(self) -> None:
        """Judge it, and end as its verdict says."""
        from mltspec.plan.verdict import Verdict
        from mltspec.testing.judging import holds, text_of

        assert isinstance(self.parent, SpecFile)
        found = self.parent.judged(self)
        if found is None:
            raise NotHeld("not reached: the run stopped after its failure limit")
        self.user_properties += [("verdict", str(found.judgement.verdict)), ("seed", found.expectation.seed)]
        if not holds(found):
            raise NotHeld(text_of(found))
        if found.judgement.verdict is Verdict.XFAIL:
            pytest.xfail(found.judgement.explanation)
        if found.judgement.verdict is not Verdict.PASSED:
            pytest.skip(f"{found.judgement.verdict}: {found.judgement.explanation}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show our report instead of a stack of ours."""
        return str(excinfo.value) if isinstance(excinfo.value, NotHeld) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where it stands."""
        return self.path, self.expectation.at.line - 1, self.name
