"""Running one expectation or one suite in a child, from a lens or by command; cancelling kills the child."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import tempfile
import uuid
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lsprotocol import types

from mltspec.assist.stored import baseline_values
from mltspec.assist.verdicts import Result, last_verdicts, of_all, runnables, shown
from mltspec.editor.documents import Document
from mltspec.editor.server import Server

RUN = "mltspec.run"
CANCEL = "mltspec.cancel"
PATIENCE_S = 5.0
"""How long a run that was interrupted may take to clear up before it is killed."""

LONGEST_REMARK = 200


def register(server: Server) -> None:
    """Add what this room answers to a server."""
    documents, runs = server.documents, Runs(server)

    @server.command(RUN)
    async def run(*arguments: Any) -> dict[str, Any] | None:
        uri, target = (*arguments, "", "")[:2]
        document = documents.find(str(uri))
        if document is None:
            return None
        return await runs.run(document, str(target))

    @server.command(CANCEL)
    def cancel(*_: Any) -> None:
        runs.cancel_all()

    @server.feature(types.SHUTDOWN)
    def shutdown(_: None) -> None:
        runs.cancel_all()

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    def lenses(params: types.CodeLensParams) -> list[types.CodeLens]:
        document = documents.find(params.text_document.uri)
        return list(_lenses(document, server)) if document else []

    @server.feature(types.TEXT_DOCUMENT_INLAY_HINT)
    def hints(params: types.InlayHintParams) -> list[types.InlayHint]:
        document = documents.find(params.text_document.uri)
        return list(_hints(document, params.range, server)) if document else []


def _verdicts(document: Document, server: Server) -> dict[str, str]:
    """The last verdict of each expectation: of this session, else of the store."""
    page = document.page()
    stored = last_verdicts(page, [folder / ".mltspec" for folder in server.folders])
    return {**stored, **{id: result.verdict for id, result in server.current(document).items()}}


def _lenses(document: Document, server: Server) -> Iterator[types.CodeLens]:
    verdicts = _verdicts(document, server)
    for each in runnables(document.page()):
        verdict = of_all(verdicts[id] for id in each.ids if id in verdicts)
        suite = " suite" if each.title == "suite" else ""
        title = f"▶ run{suite}" + (f"   {shown(verdict)}" if verdict else "")
        at = document.ruler.position(each.span.start)
        yield types.CodeLens(types.Range(at, at), types.Command(title, RUN, arguments=[document.uri, each.target]))


def _hints(document: Document, range: types.Range, server: Server) -> Iterator[types.InlayHint]:
    page, verdicts, wanted = document.page(), _verdicts(document, server), document.ruler.span(range)
    results = server.current(document)
    for value in baseline_values(page, wanted):
        yield types.InlayHint(
            document.ruler.position(value.offset), value.text, tooltip=value.origin, padding_left=True
        )
    for each in runnables(page):
        verdict = of_all(verdicts[id] for id in each.ids if id in verdicts)
        end = page.source.line_end(each.span.start)
        if verdict and each.title != "suite" and wanted.start <= end <= wanted.end:
            said = [results[id].explanation for id in each.ids if id in results]
            yield types.InlayHint(
                document.ruler.position(end), shown(verdict), tooltip="\n".join(said) or "last run", padding_left=True
            )


@dataclass
class Runs:
    """The children of one server; one runs at a time, the others wait."""

    server: Server
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def cancel_all(self) -> None:
        """Kill what runs, and forget what waits."""
        for task in self.tasks:
            task.cancel()

    async def run(self, document: Document, target: str) -> dict[str, Any] | None:
        """Run a target of a document's file, show and return how it ended."""
        if not _is_saved(document):
            message = f"save {document.path.name} first: what is run is the file on the disk"
            self.server.window_show_message(types.ShowMessageParams(types.MessageType.Warning, message))
            return None
        task = asyncio.ensure_future(self._in_turn(document, target))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        _cancel_with(self.server.protocol.current_request(), task)
        try:
            return await task
        except asyncio.CancelledError:
            return None

    async def _in_turn(self, document: Document, target: str) -> dict[str, Any]:
        async with self.turn:
            token = await self._begin(f"mltspec run {document.path.name}::{target}")
            try:
                report, trouble = await self._child(document, target, token)
            finally:
                self._end(token)
        if trouble:
            self.server.window_show_message(types.ShowMessageParams(types.MessageType.Error, trouble))
        found = {each["id"]: each for each in report.get("expectations", [])}
        results = {id: Result(each["verdict"], each["explanation"], each["text"]) for id, each in found.items()}
        self.server.keep(document.uri, results)
        return {
            "verdict": report.get("verdict", "error"),
            "expectations": [
                {"id": id, "line": each["at"]["line"], "verdict": each["verdict"], "explanation": each["explanation"]}
                for id, each in found.items()
            ],
            "trouble": trouble,
        }

    async def _child(self, document: Document, target: str, token: str | None) -> tuple[dict[str, Any], str]:
        home = self.server.folder_of(document.path)
        with tempfile.TemporaryDirectory(prefix="mltspec-") as folder:
            report = Path(folder, "run.json")
            where = f"{document.path}::{target}" if target else str(document.path)
            command = [self.server.python, "-m", "mltspec.cli.main", "run", where, "--json", str(report)]
            child = await asyncio.create_subprocess_exec(
                *command,
                *("--color", "never"),
                cwd=home,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                last = await self._follow(child, token)
                await child.wait()
            except asyncio.CancelledError:
                await _end(child)
                raise
            return _read(report), "" if report.exists() else last or f"the run ended with {child.returncode}"

    async def _follow(self, child: asyncio.subprocess.Process, token: str | None) -> str:
        """Show what the child prints as progress; return its last words, for where there is no report."""
        assert child.stdout is not None
        said: list[str] = []
        with contextlib.suppress(ValueError):  # a line longer than the pipe's buffer is no progress
            while line := await child.stdout.readline():
                text = line.decode("utf-8", "replace").strip()
                if text:
                    said = [*said[-7:], text]
                    if token is not None:
                        value = types.WorkDoneProgressReport(message=text[:LONGEST_REMARK])
                        self.server.work_done_progress.report(token, value)
        return "\n".join(said)

    async def _begin(self, title: str) -> str | None:
        """Show that a run goes on, where the client can; its button to cancel kills the run."""
        window = self.server.client_capabilities.window
        if window is None or not window.work_done_progress:
            return None
        token = str(uuid.uuid4())
        progress = self.server.work_done_progress
        try:
            await asyncio.wait_for(progress.create_async(token), PATIENCE_S)
        except TimeoutError:
            return None  # the run does not wait for a client that shows nothing
        progress.begin(token, types.WorkDoneProgressBegin(title, cancellable=True))
        task = asyncio.current_task()
        if task is not None:
            _cancel_with(progress.tokens.get(token), task)
        return token

    def _end(self, token: str | None) -> None:
        if token is not None:
            self.server.work_done_progress.end(token, types.WorkDoneProgressEnd())
            self.server.work_done_progress.tokens.pop(token, None)


def _cancel_with(asked: Future[Any] | None, task: asyncio.Task[Any]) -> None:
    """Cancel a task when what asked for it is cancelled."""
    if asked is not None:
        asked.add_done_callback(lambda ended: task.cancel() if ended.cancelled() else None)


async def _end(child: asyncio.subprocess.Process) -> None:
    """Interrupt a run, which ends its own children; kill it where it does not go."""
    for number in (signal.SIGINT, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, number)
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(child.wait(), PATIENCE_S)
            return


def _is_saved(document: Document) -> bool:
    try:
        return document.path.read_bytes().decode("utf-8") == document.text
    except (OSError, UnicodeDecodeError):
        return False


def _read(report: Path) -> dict[str, Any]:
    try:
        found = json.loads(report.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
