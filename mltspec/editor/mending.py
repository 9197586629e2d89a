"""What an editor changes when it is asked to: formatting, and fixes of findings. Both are those of the command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lsprotocol import types

from mltspec.editor.diagnostics import diagnostic
from mltspec.editor.documents import Document
from mltspec.editor.server import Server
from mltspec.language.diagnostic import Diagnostic, Edit
from mltspec.language.formatting import NotFormatted, format_edits

FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.mltspec"


def register(server: Server) -> None:
    """Add what this room answers to a server."""
    documents = server.documents

    @server.feature(types.TEXT_DOCUMENT_FORMATTING)
    def format_all(params: types.DocumentFormattingParams) -> list[types.TextEdit] | None:
        document = documents.find(params.text_document.uri)
        return _formatted(document, None) if document else None

    @server.feature(types.TEXT_DOCUMENT_RANGE_FORMATTING)
    def format_range(params: types.DocumentRangeFormattingParams) -> list[types.TextEdit] | None:
        document = documents.find(params.text_document.uri)
        if document is None:
            return None
        span = document.ruler.span(params.range)
        source = document.page().source
        lines = range(source.position(span.start)[0], source.position(span.end)[0] + 1)
        return _formatted(document, lines)

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix, FIX_ALL]),
    )
    def actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        document = documents.find(params.text_document.uri)
        if document is None:
            return []
        only = [str(getattr(kind, "value", kind)) for kind in params.context.only or []]
        found: list[types.CodeAction] = []
        if _wanted(types.CodeActionKind.QuickFix.value, only):
            found += _quick_fixes(document, params.range, server.findings(document))
        if _wanted(FIX_ALL, only):
            found += _fix_all(document, server)
        return found


def _wanted(kind: str, only: Sequence[str]) -> bool:
    return not only or any(kind == each or kind.startswith(f"{each}.") for each in only)


def _formatted(document: Document, lines: range | None) -> list[types.TextEdit] | None:
    """None where the text has errors: what was meant is not known, and the findings say what is wrong."""
    try:
        return _edits(document, format_edits(document.text, str(document.path), lines))
    except NotFormatted:
        return None


def _edits(document: Document, edits: Iterable[Edit]) -> list[types.TextEdit]:
    return [types.TextEdit(document.ruler.range(edit.span), edit.text) for edit in edits]


def _quick_fixes(document: Document, range: types.Range, findings: Iterable[Diagnostic]) -> Iterator[types.CodeAction]:
    """A fix a choice; where a finding has one that is safe, that is the preferred one."""
    span = document.ruler.span(range)
    for finding in findings:
        at = finding.primary.span
        if at.start > span.end or at.end < span.start:
            continue
        for i, fix in enumerate(finding.fixes):
            yield types.CodeAction(
                title=f"{fix.title[:1].upper()}{fix.title[1:]} [{finding.name}]",
                kind=types.CodeActionKind.QuickFix,
                diagnostics=[diagnostic(finding, document.uri, document.ruler)],
                is_preferred=fix.safe and i == 0,
                edit=types.WorkspaceEdit(changes={document.uri: _edits(document, fix.edits)}),
            )


def _fix_all(document: Document, server: Server) -> Iterator[types.CodeAction]:
    mended = server.mended(document)
    if mended != document.text:
        whole = types.Range(types.Position(0, 0), document.ruler.position(len(document.text)))
        yield types.CodeAction(
            title="Mend all that can be mended safely",
            kind=FIX_ALL,
            edit=types.WorkspaceEdit(changes={document.uri: [types.TextEdit(whole, mended)]}),
        )
