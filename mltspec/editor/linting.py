"""The linter's rules, applied in a thread when nothing has been typed for a moment.

They take longer than a keystroke may; so a document's findings are those of the compiler at once, and those of the
rules as they were, until the rules have looked again. An edit ends a look that is under way.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

from mltspec.assist.carrying import Placed, carried, placed
from mltspec.assist.desk import Page
from mltspec.editor.documents import Document, Documents
from mltspec.language.diagnostic import Diagnostic
from mltspec.lint.linting import Finding

QUIET_S = 0.2
"""How long nothing may have been typed before the rules look."""

log = logging.getLogger(__name__)


class _SupersededError(Exception):
    """The document was edited meanwhile."""


@dataclass(frozen=True)
class _Look:
    """What the rules found in a page, that is, in one state of a document and of all that it uses."""

    page: Page
    findings: Sequence[Finding]

    @cached_property
    def waived(self) -> frozenset[tuple[str, str]]:
        """What was found and does not count, by name and message."""
        return frozenset((each.name, each.diagnostic.message) for each in self.findings if not each.counts)

    @cached_property
    def of_rules(self) -> Sequence[Placed]:
        """What the rules found, and the compiler did not."""
        compiled = {(each.name, each.message) for each in self.page.diagnostics}
        counting = (each for each in self.findings if each.counts)
        return [placed(e.diagnostic) for e in counting if (e.name, e.diagnostic.message) not in compiled]


class Linter:
    """Decides when the rules look at a document, and remembers what they found."""

    def __init__(self, documents: Documents, found: Callable[[str], None]) -> None:
        self._documents = documents
        self._found = found
        self._looks: dict[str, _Look] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._turns: dict[str, int] = {}
        self._thread = ThreadPoolExecutor(1, "linter")

    def of(self, document: Document) -> list[Diagnostic]:
        """Return a document's findings as far as they are known: of the compiler now, of the rules as they were."""
        page = document.page()
        look = self._looks.get(document.uri)
        if look is None:
            return list(page.diagnostics)
        if look.page is page:
            return [each.diagnostic for each in look.findings if each.counts]
        now = [each for each in page.diagnostics if (each.name, each.message) not in look.waived]
        return now + list(carried(look.of_rules, look.page.source.text, page.source))

    def knows(self, document: Document) -> bool:
        """Whether the rules have looked at a document as it is."""
        look = self._looks.get(document.uri)
        return look is not None and look.page is document.page()

    def look(self, document: Document) -> None:
        """Let the rules look at once."""
        page = document.page()
        self._looks[document.uri] = _Look(page, page.lint())

    def edited(self, uri: str) -> None:
        """End a look that is under way."""
        self._turns[uri] = self._turns.get(uri, 0) + 1

    def forget(self, uri: str) -> None:
        """A document was closed."""
        self.edited(uri)
        self._looks.pop(uri, None)
        if uri in self._timers:
            self._timers.pop(uri).cancel()

    def soon(self, uri: str) -> None:
        """Look when nothing has been typed for a moment; at a document that was just opened, at once."""
        self.edited(uri)
        if uri in self._timers:
            self._timers[uri].cancel()
        wait = QUIET_S if uri in self._looks else 0.0
        self._timers[uri] = asyncio.get_running_loop().call_later(wait, self._begin, uri)

    def _begin(self, uri: str) -> None:
        self._timers.pop(uri, None)
        document = self._documents.find(uri)
        if document is None or self.knows(document):
            return
        page, turn = document.page(), self._turns.get(uri, 0)

        def look() -> _Look:
            return _Look(page, page.lint(between))

        def between() -> None:
            if self._turns.get(uri, 0) != turn:
                raise _SupersededError

        def done(ended: asyncio.Future[_Look]) -> None:
            self._take(uri, turn, ended)

        asyncio.get_running_loop().run_in_executor(self._thread, look).add_done_callback(done)

    def _take(self, uri: str, turn: int, ended: asyncio.Future[_Look]) -> None:
        problem = None if ended.cancelled() else ended.exception()
        if problem is not None and not isinstance(problem, _SupersededError):
            log.error("the linter broke", exc_info=problem)
        if ended.cancelled() or problem is not None or self._turns.get(uri, 0) != turn:
            return
        self._looks[uri] = ended.result()
        self._found(uri)
