"""The documents that a client has open, by URI."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lsprotocol import types
from pygls.uris import from_fs_path, to_fs_path, urlparse

from mltspec.assist.desk import Desk, Page
from mltspec.editor.positions import Ruler

NO_FOLDER = Path("/")


def path_of(uri: str, home: Path = NO_FOLDER) -> Path:
    """Return the path of a URI; what lies in no file is thought of as lying in ``home``."""
    path = to_fs_path(uri)
    if path:
        return Path(path)
    name = Path(urlparse(uri)[2]).name or "untitled"
    return home / (name if name.endswith(".mlt") else f"{name}.mlt")


def uri_of(path: Path) -> str:
    """Return the URI of a path."""
    return from_fs_path(str(path.absolute())) or path.absolute().as_uri()


@dataclass(frozen=True)
class Document:
    """One state of an open document. ``version`` is the client's."""

    uri: str
    path: Path
    text: str
    version: int
    encoding: str
    desk: Desk

    @cached_property
    def ruler(self) -> Ruler:
        """Positions in it, as the client counts."""
        return Ruler(self.text, self.encoding)

    def page(self) -> Page:
        """What it says and what is wrong with it."""
        page = self.desk.page(self.path)
        assert page is not None  # an open text always has one
        return page


class Documents:
    """Open documents. ``encoding`` and ``home`` are agreed on when a client introduces itself."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.encoding = "utf-16"
        self.home = NO_FOLDER
        self._open: dict[str, Document] = {}

    def open(self, item: types.TextDocumentItem) -> None:
        """Take a document that the client opened."""
        self._keep(item.uri, item.text, item.version)

    def change(self, params: types.DidChangeTextDocumentParams) -> None:
        """Apply edits in their order, each to what the one before it left."""
        document = self._open.get(params.text_document.uri)
        if document is None:
            return
        text, ruler = document.text, document.ruler
        for change in params.content_changes:
            if isinstance(change, types.TextDocumentContentChangePartial):
                ruler = ruler if ruler.text is text else self.ruler(text)
                span = ruler.span(change.range)
                text = text[: span.start] + change.text + text[span.end :]
            else:
                text = change.text
        self._keep(document.uri, text, params.text_document.version)

    def close(self, uri: str) -> None:
        """Give a document back."""
        document = self._open.pop(uri, None)
        if document is not None:
            self.desk.remove(document.path)

    def find(self, uri: str) -> Document | None:
        """Return an open document."""
        return self._open.get(uri)

    def uris(self) -> Iterable[str]:
        """Return the URIs of all open documents."""
        return tuple(self._open)

    def ruler(self, text: str) -> Ruler:
        """Return positions of any text, as the client counts."""
        return Ruler(text, self.encoding)

    def _keep(self, uri: str, text: str, version: int) -> None:
        path = path_of(uri, self.home)
        self._open[uri] = Document(uri, path, text, version, self.encoding, self.desk)
        self.desk.put(path, text)
