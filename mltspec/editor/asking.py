"""What an author asks about a place: completion, hover, definition, references, rename."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from mltspec.assist import completion, navigation
from mltspec.assist.completion import Kind
from mltspec.assist.hover import hover
from mltspec.editor.documents import Document, Documents, uri_of
from mltspec.editor.server import Server
from mltspec.language.source import Source, Span

KINDS: Mapping[Kind, types.CompletionItemKind] = MappingProxyType(
    {
        Kind.KEYWORD: types.CompletionItemKind.Keyword,
        Kind.PHRASE: types.CompletionItemKind.Method,
        Kind.CLAUSE: types.CompletionItemKind.Property,
        Kind.NAME: types.CompletionItemKind.Variable,
        Kind.METRIC: types.CompletionItemKind.Field,
        Kind.UNIT: types.CompletionItemKind.Unit,
        Kind.OPERATOR: types.CompletionItemKind.Operator,
        Kind.FILE: types.CompletionItemKind.File,
        Kind.FOLDER: types.CompletionItemKind.Folder,
        Kind.MODULE: types.CompletionItemKind.Module,
        Kind.CALLABLE: types.CompletionItemKind.Function,
    }
)


def register(server: Server) -> None:
    """Add what this room answers to a server."""
    _about_places(server)
    _about_names(server)
    _renaming(server)


def _about_places(server: Server) -> None:
    documents = server.documents

    @server.feature(
        types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=[" ", '"', ":", ".", "/", "[", "="])
    )
    def complete(params: types.CompletionParams) -> types.CompletionList:
        document = documents.find(params.text_document.uri)
        if document is None:
            return types.CompletionList(False, [])
        offers = completion.complete(document.page(), document.ruler.offset(params.position))
        return types.CompletionList(False, [_item(offer, document, server.takes_snippets) for offer in offers])

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hovered(params: types.HoverParams) -> types.Hover | None:
        document = documents.find(params.text_document.uri)
        found = hover(document.page(), document.ruler.offset(params.position)) if document else None
        if document is None or found is None:
            return None
        text = types.MarkupContent(types.MarkupKind.Markdown, found.text)
        return types.Hover(text, document.ruler.range(found.span))

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    def define(params: types.DefinitionParams) -> list[types.Location]:
        document = documents.find(params.text_document.uri)
        if document is None:
            return []
        found = navigation.definition(document.page(), document.ruler.offset(params.position))
        return [_location(each, documents) for each in found]


def _about_names(server: Server) -> None:
    documents = server.documents

    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    def refer(params: types.ReferenceParams) -> list[types.Location]:
        document = documents.find(params.text_document.uri)
        if document is None:
            return []
        offset = document.ruler.offset(params.position)
        found = navigation.references(documents.desk, document.page(), offset, server.folders)
        wanted = params.context.include_declaration
        return [
            types.Location(uri_of(path), each)
            for path, places in found.items()
            for each in _ranges(path, [place.span for place in places if wanted or not place.defines], documents)
        ]

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)
    def highlight(params: types.DocumentHighlightParams) -> list[types.DocumentHighlight]:
        document = documents.find(params.text_document.uri)
        if document is None:
            return []
        places = navigation.alike(document.page(), document.ruler.offset(params.position))
        write, read = types.DocumentHighlightKind.Write, types.DocumentHighlightKind.Read
        return [
            types.DocumentHighlight(document.ruler.range(each.span), write if each.defines else read) for each in places
        ]


def _renaming(server: Server) -> None:
    documents = server.documents

    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    def prepare(params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder | None:
        document = documents.find(params.text_document.uri)
        if document is None:
            return None
        found = navigation.renamable(document.page(), document.ruler.offset(params.position))
        if found is None:
            return None
        return types.PrepareRenamePlaceholder(document.ruler.range(found.span), found.binding.name)

    @server.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    def rename(params: types.RenameParams) -> types.WorkspaceEdit | None:
        document = documents.find(params.text_document.uri)
        if document is None:
            return None
        offset = document.ruler.offset(params.position)
        try:
            found = navigation.rename(documents.desk, document.page(), offset, params.new_name, server.folders)
        except navigation.CannotRename as problem:
            raise JsonRpcInvalidParams(str(problem)) from problem
        return types.WorkspaceEdit(
            changes={
                uri_of(path): [types.TextEdit(each, params.new_name) for each in _ranges(path, spans, documents)]
                for path, spans in found.items()
            }
        )


def _item(offer: completion.Offer, document: Document, snippets: bool) -> types.CompletionItem:
    as_snippet = snippets and bool(offer.snippet)
    range = document.ruler.range(offer.span)
    return types.CompletionItem(
        label=offer.label,
        kind=KINDS[offer.kind],
        detail=offer.detail or None,
        documentation=types.MarkupContent(types.MarkupKind.Markdown, offer.doc) if offer.doc else None,
        sort_text=f"{offer.order:04d}",
        filter_text=offer.label,
        insert_text_format=types.InsertTextFormat.Snippet if as_snippet else None,
        text_edit=types.TextEdit(range, offer.snippet if as_snippet else offer.text),
    )


def _ranges(path: Path, spans: list[Span], documents: Documents) -> list[types.Range]:
    page = documents.desk.page(path)
    ruler = documents.ruler(page.source.text if page else "")
    return [ruler.range(span) for span in spans]


def _location(found: navigation.Location, documents: Documents) -> types.Location:
    if found.source is not None:
        return types.Location(uri_of(found.path), _range(found.source, found.span, documents))
    at = types.Position(found.line - 1, found.column)
    return types.Location(uri_of(found.path), types.Range(at, at))


def _range(source: Source, span: Span, documents: Documents) -> types.Range:
    return documents.ruler(source.text).range(span)
