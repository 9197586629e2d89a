"""What happens outside of open documents: folders that come and go, files and settings that change."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path

from lsprotocol import types

from mltspec.editor.documents import path_of
from mltspec.editor.server import Server

WATCHED = ("**/*.mlt", "**/*.py", "**/mltspec.toml", "**/pyproject.toml", "**/.mltspec/last.json")

log = logging.getLogger(__name__)


def register(server: Server) -> None:
    """Add what this room answers to a server."""

    @server.feature(types.INITIALIZED)
    async def initialized(_: types.InitializedParams) -> None:
        workspace = server.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace else None
        if watching is not None and watching.dynamic_registration:
            await server.client_register_capability_async(types.RegistrationParams([_registration()]))

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def files(params: types.DidChangeWatchedFilesParams) -> None:
        _changed(server, [path_of(change.uri) for change in params.changes])

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def configuration(_: types.DidChangeConfigurationParams) -> None:
        _changed(server, [])

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveTextDocumentParams) -> None:
        _changed(server, [path_of(params.text_document.uri)])

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def folders(params: types.DidChangeWorkspaceFoldersParams) -> None:
        gone = {path_of(each.uri) for each in params.event.removed}
        come = [path_of(each.uri) for each in params.event.added]
        server.folders = tuple(dict.fromkeys([*(each for each in server.folders if each not in gone), *come]))


def _changed(server: Server, paths: Iterable[Path]) -> None:
    names = {path.name for path in paths}
    log.debug("changed on the disk: %s", ", ".join(sorted(names)) or "settings")
    if names == {"last.json"}:
        server.refresh_verdicts()
        return
    server.documents.desk.refresh()
    server.diagnoser.all_soon()


def _registration() -> types.Registration:
    watchers = [types.FileSystemWatcher(pattern) for pattern in WATCHED]
    options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
    return types.Registration("files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
