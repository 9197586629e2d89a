"""The server: who it is, how a session begins, and what happens to documents."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol
from pygls.protocol.language_server import lsp_method

from mltspec import __version__
from mltspec.assist.desk import Desk
from mltspec.editor.diagnostics import Diagnoser
from mltspec.editor.documents import Documents, path_of
from mltspec.editor.transport import Inbox, private_stdout, serve

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
        self._server.diagnoser.soon(params.text_document.uri)

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> None:
        """Change a document."""
        self._server.documents.change(params)
        self._server.diagnoser.soon(params.text_document.uri)

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> None:
        """Give a document back."""
        self._server.documents.close(params.text_document.uri)
        self._server.diagnoser.forget(params.text_document.uri)


class Server(LanguageServer):
    """A language server, the documents that its client has open, and what says when they are looked over."""

    def __init__(self) -> None:
        super().__init__("mltspec", __version__, protocol_cls=Protocol)
        self.inbox = Inbox()
        self.documents = Documents(Desk())
        self.diagnoser = Diagnoser(self.documents, self.inbox, self.text_document_publish_diagnostics)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """A fault of ours is logged; nobody is interrupted while typing."""
        log.error("%s: %s", getattr(source, "__name__", source), error)


def make_server() -> Server:
    """Return a server with all of its features."""
    server = Server()

    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        server.documents.encoding = str(server.workspace.position_encoding or "utf-16")
        folders = [path_of(folder.uri) for folder in params.workspace_folders or []]
        server.documents.home = folders[0] if folders else path_of(params.root_uri) if params.root_uri else Path.cwd()

    return server


def run() -> int:
    """Serve standard input and output until the client leaves; return the exit code."""
    stdout = private_stdout()
    server = make_server()
    return serve(server.protocol, server.inbox, sys.stdin.fileno(), stdout)
