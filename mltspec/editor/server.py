"""The server: who it is, how a session begins, and what happens to documents."""

from __future__ import annotations

import logging
import sys
from collections.abc import Generator, Mapping
from concurrent.futures import Future
from importlib import import_module
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol
from pygls.protocol.language_server import lsp_method

from mltspec import __version__
from mltspec.assist.desk import Desk
from mltspec.assist.verdicts import Result, standing
from mltspec.editor.diagnostics import Diagnoser
from mltspec.editor.documents import Document, Documents, path_of
from mltspec.editor.transport import Inbox, private_stdout, serve
from mltspec.language.diagnostic import Diagnostic
from mltspec.lint.fixing import mend

ROOMS = ("asking", "showing", "mending", "running", "watching")

log = logging.getLogger(__name__)


class Protocol(LanguageServerProtocol):
    """Pygls' protocol without its own copies of documents, which the desk has.

    Those are cut into lines at form feeds and at Unicode's line separators too, which the protocol does not do.
    """

    _server: Server

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> None:
        """Take a document."""
        self._server.documents.open(params.text_document)
        self._server.diagnoser.edited(params.text_document.uri)

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> None:
        """Change a document."""
        self._server.documents.change(params)
        self._server.diagnoser.edited(params.text_document.uri)

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> None:
        """Give a document back."""
        self._server.documents.close(params.text_document.uri)
        self._server.diagnoser.closed(params.text_document.uri)

    @lsp_method(types.SHUTDOWN)
    def lsp_shutdown(self, *args: Any) -> Generator[Any, Any, None]:
        """End what runs, then stop. What ends leaves pygls' table, which pygls walks through to end it."""
        for id, future in tuple(self._request_futures.items()):
            if id != self.msg_id:
                future.cancel()
        yield from super().lsp_shutdown(*args)

    def current_request(self) -> Future[Any] | None:
        """Return what is cancelled when the request that is being handled is."""
        return self._request_futures.get(self.msg_id) if self.msg_id is not None else None


class Server(LanguageServer):
    """A language server, the documents that its client has open, and what is known about them."""

    protocol: Protocol

    def __init__(self) -> None:
        super().__init__("mltspec", __version__, protocol_cls=Protocol)
        self.inbox = Inbox()
        self.documents = Documents(Desk())
        self.diagnoser = Diagnoser(self.documents, self.inbox, self.text_document_publish_diagnostics, self.current)
        self.folders: tuple[Path, ...] = ()
        self.takes_snippets = False
        self.python = sys.executable
        self._results: dict[str, dict[str, Result]] = {}

    def begin(self, params: types.InitializeParams) -> None:
        """Take what a client says of itself."""
        encoding = self.workspace.position_encoding
        self.documents.encoding = encoding.value if isinstance(encoding, types.PositionEncodingKind) else str(encoding)
        folders = [path_of(folder.uri) for folder in params.workspace_folders or []]
        root = [path_of(params.root_uri)] if params.root_uri else []
        self.folders = tuple(folders or root)
        self.documents.home = self.folders[0] if self.folders else Path.cwd()
        of_text = params.capabilities.text_document
        item = of_text.completion.completion_item if of_text and of_text.completion else None
        self.takes_snippets = bool(item and item.snippet_support)
        self.diagnoser.pushes = not (of_text and of_text.diagnostic)
        options = params.initialization_options
        if isinstance(options, dict) and isinstance(options.get("python"), str):
            self.python = options["python"]

    def folder_of(self, path: Path) -> Path:
        """Return the innermost folder of the workspace that holds a file, else the file's own."""
        around = [folder for folder in self.folders if path.is_relative_to(folder)]
        return max(around, key=lambda folder: len(folder.parts), default=path.parent)

    def findings(self, document: Document) -> tuple[Diagnostic, ...]:
        """Return the findings about a document itself."""
        source = document.page().source
        if not self.diagnoser.linter.knows(document):
            self.diagnoser.linter.look(document)
        return tuple(each for each in self.diagnoser.linter.of(document) if each.source is source)

    def mended(self, document: Document) -> str:
        """Return a document's text with all that can be mended safely."""
        return mend(document.path, read=self.documents.desk.read).after

    # ------------------------------------------------------------- what was run

    def keep(self, uri: str, results: Mapping[str, Result]) -> None:
        """Remember how expectations ended, and show it."""
        self._results.setdefault(uri, {}).update(results)
        self.refresh_verdicts()
        self.diagnoser.soon(uri)

    def current(self, document: Document) -> dict[str, Result]:
        """Return how expectations of a document ended that stand as they stood when they were run."""
        return standing(document.page(), self._results.get(document.uri, {}))

    def refresh_verdicts(self) -> None:
        """Let the client ask for lenses and hints again, where it can be told to."""
        workspace = self.client_capabilities.workspace
        if workspace and workspace.code_lens and workspace.code_lens.refresh_support:
            self.workspace_code_lens_refresh(None)
        if workspace and workspace.inlay_hint and workspace.inlay_hint.refresh_support:
            self.workspace_inlay_hint_refresh(None)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """A fault of ours is logged; nobody is interrupted while typing."""
        log.error("%s: %s", getattr(source, "__name__", source), error)


def make_server() -> Server:
    """Return a server with all of its features."""
    server = Server()

    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        server.begin(params)
        if not server.diagnoser.pushes:
            let_pull(server)

    for room in ROOMS:
        import_module(f"mltspec.editor.{room}").register(server)
    return server


def let_pull(server: Server) -> None:
    """Answer a client that asks for findings when it wants them."""
    options = types.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=False, identifier="mltspec")

    workspace = server.client_capabilities.workspace
    if workspace and workspace.diagnostics and workspace.diagnostics.refresh_support:
        server.diagnoser.refresh = lambda: server.workspace_diagnostic_refresh(None)

    @server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, options)
    def pull(params: types.DocumentDiagnosticParams) -> types.RelatedFullDocumentDiagnosticReport:
        document = server.documents.find(params.text_document.uri)
        found = server.diagnoser.pulled(document) if document else {}
        items = found.pop(params.text_document.uri, [])
        others: dict[str, Any] = {uri: types.FullDocumentDiagnosticReport(each) for uri, each in found.items()}
        return types.RelatedFullDocumentDiagnosticReport(items, related_documents=others or None)


def run() -> int:
    """Serve standard input and output until the client leaves; return the exit code."""
    stdout = private_stdout()
    server = make_server()
    return serve(server.protocol, server.inbox, sys.stdin.fileno(), stdout)
