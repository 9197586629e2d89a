"""What a source file imports and which files it names, found by reading it; nothing is executed."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from mltspec.engine.ledger import FileDigests, Ledger
from mltspec.plan.wire import Wire

_PATH_LIKE = re.compile(r"[^\s*?<>|:\"']{1,200}\.[A-Za-z0-9_]{1,9}|[^\s*?<>|:\"']{1,100}/[^\s*?<>|:\"']{1,100}")
_SET_UP = re.compile(r"(TF|XLA|KERAS|CUDA|OMP|MKL|OPENBLAS)_[A-Z0-9_]+")
_NO_MATTER = frozenset({"TF_CPP_MIN_LOG_LEVEL", "TF_CPP_MAX_VLOG_LEVEL"})


class Import(Wire):
    """One import: ``level`` dots, a module, and the names taken from it. ``top``: not inside a function."""

    level: int
    module: str
    names: tuple[str, ...]
    top: bool


class Scan(Wire):
    """What one source file refers to.

    ``texts`` are string constants that could be paths. ``sets_up`` tells that it names a variable which
    the framework reads when it is imported, so that it must run before that.
    """

    imports: tuple[Import, ...] = ()
    texts: tuple[str, ...] = ()
    sets_up: bool = False


class Scanner:
    """Scans files, each content once."""

    def __init__(self, digests: FileDigests, ledger: Ledger) -> None:
        self._digests = digests
        self._ledger = ledger

    def scan(self, file: Path) -> Scan:
        """Return what a file refers to; a file that is no Python refers to nothing."""
        digest = self._digests.of_file(str(file))
        known = self._ledger.get("scans", digest)
        if known is not None:
            return Scan.model_validate(known)
        try:
            found = _scan(ast.parse(file.read_bytes()))
        except (OSError, SyntaxError, ValueError, RecursionError):
            found = Scan()
        self._ledger.put("scans", digest, found.model_dump(mode="json"))
        return found


def _scan(tree: ast.Module) -> Scan:
    imports: list[Import] = []
    texts: set[str] = set()
    sets_up = False
    top = {id(node) for node in _outside_functions(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imports += [Import(level=0, module=a.name, names=(), top=id(node) in top) for a in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = tuple(alias.name for alias in node.names)
            imports.append(Import(level=node.level, module=node.module or "", names=names, top=id(node) in top))
        elif isinstance(node, ast.Constant) and _is_path_like(node.value):
            texts.add(str(node.value))
        elif isinstance(node, ast.Constant) and _is_set_up(node.value):
            sets_up = True
    return Scan(imports=tuple(imports), texts=tuple(sorted(texts)), sets_up=sets_up)


def _outside_functions(node: ast.AST) -> list[ast.AST]:
    found: list[ast.AST] = []
    waiting: list[ast.AST] = [node]
    while waiting:
        each = waiting.pop()
        found.append(each)
        if not isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting += ast.iter_child_nodes(each)
    return found


def _is_set_up(value: object) -> bool:
    return isinstance(value, str) and _SET_UP.fullmatch(value) is not None and value not in _NO_MATTER


def _is_path_like(value: object) -> bool:
    return isinstance(value, str) and _PATH_LIKE.fullmatch(value) is not None
