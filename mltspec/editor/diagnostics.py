"""Findings to the client: pulled where it can pull, else pushed; never both, and never an old one after a newer.

An edit is answered when no further edit of the document waits, so that a burst costs two computations: of its
first state, and of its last.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from lsprotocol import types

from mltspec.assist.verdicts import HELD, Result
from mltspec.editor.documents import Document, Documents, uri_of
from mltspec.editor.linting import Linter
from mltspec.editor.positions import Ruler
from mltspec.editor.transport import Inbox
from mltspec.language.diagnostic import Diagnostic, Severity
from mltspec.language.source import Span

SOURCE = "mltspec"
SEVERITIES: Mapping[Severity, types.DiagnosticSeverity] = MappingProxyType(
    {
        Severity.ERROR: types.DiagnosticSeverity.Error,
        Severity.WARNING: types.DiagnosticSeverity.Warning,
        Severity.INFO: types.DiagnosticSeverity.Information,
    }
)
GATHER_S = 0.002
"""How long an edit waits for others of its burst that are still on their way through the pipe."""

RUN_SOURCE = "mltspec run"
FAILING = frozenset({"failed", "xpass"})

Results = Callable[[Document], Mapping[str, Result]]
Publish = Callable[[types.PublishDiagnosticsParams], None]


class Diagnoser:
    """Decides when a document's findings are computed, and sends them where they are pushed."""

    def __init__(self, documents: Documents, inbox: Inbox, publish: Publish, results: Results) -> None:
        self.pushes = True
        self._documents = documents
        self._inbox = inbox
        self._publish = publish
        self._results = results
        self.linter = Linter(documents, self._linted)
        self.refresh: Callable[[], object] | None = None
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._elsewhere: dict[str, frozenset[str]] = {}
        self._stands_on: dict[str, frozenset[Path]] = {}

    def edited(self, uri: str) -> None:
        """A document has another text: its findings change, and perhaps those of the ones that use it."""
        self.linter.edited(uri)
        self.soon(uri)
        document = self._documents.find(uri)
        path = document.path.resolve() if document else None
        for other, paths in self._stands_on.items():
            if path in paths and other != uri:
                self.soon(other)

    def closed(self, uri: str) -> None:
        """A document was closed: it has no findings any more, nor have the files that only it brought up."""
        self._cancel(uri)
        self._stands_on.pop(uri, None)
        self.linter.forget(uri)
        if self.pushes:
            self._send(uri, [], None)
            self._clear_elsewhere(uri, frozenset())
        self.all_soon()

    def all_soon(self) -> None:
        """Compute the findings of every open document: something that they share has changed."""
        for uri in self._documents.uris():
            self.soon(uri)
        if not self.pushes and self.refresh is not None:
            self.refresh()

    def soon(self, uri: str) -> None:
        """Compute a document's findings when no further edit of it waits."""
        if self.pushes:
            self._cancel(uri)
            loop = asyncio.get_running_loop()
            self._timers[uri] = loop.call_later(GATHER_S, self._due, uri)

    def _cancel(self, uri: str) -> None:
        timer = self._timers.pop(uri, None)
        if timer is not None:
            timer.cancel()

    def _due(self, uri: str) -> None:
        self._timers.pop(uri, None)
        document = self._documents.find(uri)
        if document is None or self._inbox.has_edit(uri):
            return  # the edit that waits computes when its turn comes
        self._push(document)
        if not self.linter.knows(document):
            self.linter.soon(uri)

    def _linted(self, uri: str) -> None:
        """The rules have looked at a document: what they found is pushed, or the client is told to ask again."""
        document = self._documents.find(uri)
        if document is not None and self.pushes:
            self._push(document)
        elif self.refresh is not None:
            self.refresh()

    def _push(self, document: Document) -> None:
        found = self.of(document)
        self._send(document.uri, found.pop(document.uri), document.version)
        for other, diagnostics in found.items():
            self._send(other, diagnostics, None)
        self._clear_elsewhere(document.uri, frozenset(found))

    def pulled(self, document: Document) -> dict[str, list[types.Diagnostic]]:
        """Return a document's findings to a client that asks; it is told to ask again when the rules have looked."""
        if not self.linter.knows(document):
            if self.refresh is None:
                self.linter.look(document)
            else:
                self.linter.soon(document.uri)
        return self.of(document)

    def of(self, document: Document) -> dict[str, list[types.Diagnostic]]:
        """Return the findings of a document, and of files that it uses and that are not open, by URI."""
        page = document.page()
        self._stands_on[document.uri] = page.stands_on
        found: dict[str, list[types.Diagnostic]] = {document.uri: []}
        rulers: dict[str, Ruler] = {page.source.path: document.ruler}
        for each in self.linter.of(document):
            shown_in = each.source.path
            uri = document.uri if shown_in == page.source.path else uri_of(Path(shown_in))
            if uri != document.uri and self._documents.find(uri) is not None:
                continue  # an open document speaks for itself
            if shown_in not in rulers:
                rulers[shown_in] = self._documents.ruler(each.source.text)
            found.setdefault(uri, []).append(diagnostic(each, uri, rulers[shown_in]))
        found[document.uri] += _of_results(document, self._results(document))
        return found

    def _send(self, uri: str, diagnostics: list[types.Diagnostic], version: int | None) -> None:
        self._publish(types.PublishDiagnosticsParams(uri, diagnostics, version))

    def _clear_elsewhere(self, uri: str, now: frozenset[str]) -> None:
        before = self._elsewhere.pop(uri, frozenset())
        if now:
            self._elsewhere[uri] = now
        still = frozenset().union(*self._elsewhere.values())
        for other in before - still:
            if self._documents.find(other) is None:
                self._send(other, [], None)


def _of_results(document: Document, results: Mapping[str, Result]) -> list[types.Diagnostic]:
    """What did not hold when it was run, at its line."""
    found = []
    page = document.page()
    for id, result in results.items():
        if result.verdict not in HELD:
            start = page.ids[id].start
            span = Span(start, page.source.line_end(start))
            message = f"{result.verdict}: {result.explanation}"
            severity = SEVERITIES[Severity.ERROR if result.verdict in FAILING else Severity.WARNING]
            where = document.ruler.range(span)
            found.append(types.Diagnostic(where, message, severity=severity, code=id, source=RUN_SOURCE))
    return found


def diagnostic(finding: Diagnostic, uri: str, ruler: Ruler) -> types.Diagnostic:
    """Return a finding as the protocol has it."""
    message = f"{finding.message}\n{finding.help}" if finding.help else finding.message
    return types.Diagnostic(
        range=ruler.range(finding.primary.span),
        message=message,
        severity=SEVERITIES[finding.severity],
        code=finding.name,
        source=SOURCE,
        related_information=[
            types.DiagnosticRelatedInformation(types.Location(uri, ruler.range(label.span)), label.text)
            for label in finding.related
        ]
        or None,
    )
