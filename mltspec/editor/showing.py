"""What an editor shows of a whole document: symbols, colours, folds, links, and what a selection grows to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from lsprotocol import types

from mltspec.assist import outline
from mltspec.assist.highlight import MODIFIERS, TYPES, Highlighter
from mltspec.assist.navigation import links
from mltspec.assist.outline import Symbol
from mltspec.compile.files import find_specs
from mltspec.editor.documents import Document, uri_of
from mltspec.editor.positions import Ruler
from mltspec.editor.server import Server

SYMBOLS: Mapping[str, types.SymbolKind] = MappingProxyType(
    {
        "model": types.SymbolKind.Class,
        "data": types.SymbolKind.Array,
        "baseline": types.SymbolKind.Constant,
        "server": types.SymbolKind.Interface,
        "pipeline": types.SymbolKind.Interface,
        "profile": types.SymbolKind.Object,
        "attest": types.SymbolKind.Event,
        "let": types.SymbolKind.Constant,
        "suite": types.SymbolKind.Namespace,
        "for": types.SymbolKind.Array,
        "expect": types.SymbolKind.Method,
    }
)
MOST_SYMBOLS = 500


def register(server: Server) -> None:
    """Add what this room answers to a server."""
    _symbols(server)
    _shapes(server)


def _symbols(server: Server) -> None:
    documents = server.documents

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def symbols(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        document = documents.find(params.text_document.uri)
        return [_symbol(each, document.ruler) for each in outline.symbols(document.page())] if document else []

    @server.feature(types.WORKSPACE_SYMBOL)
    def everywhere(params: types.WorkspaceSymbolParams) -> list[types.WorkspaceSymbol]:
        found: list[types.WorkspaceSymbol] = []
        paths = {path.resolve(): path for path in (*documents.desk.opened(), *find_specs(server.folders))}
        for path in paths.values():
            page = documents.desk.page(path)
            if page is not None:
                ruler = documents.ruler(page.source.text)
                found += _flat(outline.symbols(page), params.query.lower(), uri_of(path), ruler, path.stem)
        return found[:MOST_SYMBOLS]


def _shapes(server: Server) -> None:
    documents, highlighters = server.documents, dict[str, Highlighter]()

    @server.feature(
        types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL,
        types.SemanticTokensLegend(list(TYPES), list(MODIFIERS)),
    )
    def colours(params: types.SemanticTokensParams) -> types.SemanticTokens:
        document = documents.find(params.text_document.uri)
        if document is None:
            return types.SemanticTokens([])
        return types.SemanticTokens(_colours(document, highlighters.setdefault(document.uri, Highlighter())))

    @server.feature(types.TEXT_DOCUMENT_FOLDING_RANGE)
    def folds(params: types.FoldingRangeParams) -> list[types.FoldingRange]:
        document = documents.find(params.text_document.uri)
        comment = types.FoldingRangeKind.Comment
        return [
            types.FoldingRange(fold.first - 1, fold.last - 1, kind=comment if fold.comment else None)
            for fold in (outline.folds(document.page()) if document else ())
        ]

    @server.feature(types.TEXT_DOCUMENT_SELECTION_RANGE)
    def selections(params: types.SelectionRangeParams) -> list[types.SelectionRange]:
        document = documents.find(params.text_document.uri)
        return [_selection(document, position) for position in params.positions] if document else []

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_LINK)
    def linked(params: types.DocumentLinkParams) -> list[types.DocumentLink]:
        document = documents.find(params.text_document.uri)
        return [
            types.DocumentLink(document.ruler.range(link.span), target=uri_of(link.target), tooltip=link.what)
            for link in (links(document.page()) if document else ())
            if document
        ]


def _symbol(symbol: Symbol, ruler: Ruler) -> types.DocumentSymbol:
    return types.DocumentSymbol(
        name=symbol.name,
        kind=SYMBOLS[symbol.kind],
        range=ruler.range(symbol.span),
        selection_range=ruler.range(symbol.named),
        detail=symbol.kind,
        children=[_symbol(each, ruler) for each in symbol.inside],
    )


def _flat(symbols: Sequence[Symbol], query: str, uri: str, ruler: Ruler, container: str) -> list[types.WorkspaceSymbol]:
    found: list[types.WorkspaceSymbol] = []
    for each in symbols:
        if query in each.name.lower():
            location = types.Location(uri, ruler.range(each.named))
            found.append(types.WorkspaceSymbol(location, each.name, SYMBOLS[each.kind], container_name=container))
        found += _flat(each.inside, query, uri, ruler, each.name)
    return found


def _colours(document: Document, highlighter: Highlighter) -> list[int]:
    """Five numbers a word, places relative to the word before, as the protocol has them."""
    data: list[int] = []
    line = column = 0
    for colour in highlighter.colours(document.page()):
        start, end = document.ruler.position(colour.start), document.ruler.position(colour.end)
        step = start.line - line
        data += (step, start.character - (0 if step else column), end.character - start.character)
        data += (colour.type, colour.modifiers)
        line, column = start.line, start.character
    return data


def _selection(document: Document, position: types.Position) -> types.SelectionRange:
    found: types.SelectionRange | None = None
    for span in reversed(outline.selections(document.page(), document.ruler.offset(position))):
        found = types.SelectionRange(document.ruler.range(span), parent=found)
    assert found is not None  # a selection grows from the place itself
    return found
