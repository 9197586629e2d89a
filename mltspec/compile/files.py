"""Spec files: finding them, reading them, following ``use``, and where the user's code lies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mltspec.compile.fault import Fault
from mltspec.language.diagnostic import Diagnostic
from mltspec.language.parse import Parsed, parse
from mltspec.language.source import Source, Span
from mltspec.language.tokens import Token
from mltspec.language.tree import Spec, Text, Use

ROOT_MARKS = (".git", "pyproject.toml", "mltspec.toml", "setup.py")
SKIPPED = {".git", ".venv", "venv", "node_modules", "__pycache__", ".mltspec", ".tox"}
LARGEST_SPEC_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True)
class Used:
    """A spec that another one uses: under which alias (empty: none), and where it says so."""

    alias: str
    place: Span
    loaded: Loaded


@dataclass(frozen=True)
class Loaded:
    """A spec with those it uses, and what was wrong on the way."""

    spec: Spec
    path: Path
    used: tuple[Used, ...]
    diagnostics: tuple[Diagnostic, ...]
    parsed: Parsed | None = None

    @property
    def tokens(self) -> tuple[Token, ...]:
        """Every token of the text but blank space; none where there is no text."""
        return self.parsed.tokens if self.parsed is not None else ()


def find_specs(paths: Iterable[Path]) -> list[Path]:
    """Return the files among ``paths`` and every ``*.mlt`` below the folders among them, sorted and once each."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            specs = (p for p in path.rglob("*.mlt") if not SKIPPED & set(p.relative_to(path).parts))
            found |= dict.fromkeys(sorted(specs))
        else:
            found[path] = None
    return list(found)


def std_folder() -> Path:
    """Return where the shipped packs lie: inside an installed wheel, else at the top of a checkout."""
    packed = Path(__file__).with_name("std")
    return packed if packed.is_dir() else Path(__file__).parents[2] / "specs" / "std"


@cache
def roots_of(spec: Path) -> tuple[Path, ...]:
    """Return the folders that the user's modules and files are looked up in, nearest first.

    The spec's own folder, then the project's top (the nearest folder with one of ``ROOT_MARKS``) and its ``src``.
    """
    home = spec.resolve().parent
    top = next((f for f in (home, *home.parents) if any((f / mark).exists() for mark in ROOT_MARKS)), home)
    folders = [home, top, top / "src"]
    return tuple(dict.fromkeys(folder for folder in folders if folder.is_dir()))


def parse_file(path: Path, name: str) -> Parsed | Fault:
    """Read and parse a file, or say why that cannot be done."""
    text, fault = read_spec(path, name)
    return fault or parse(Source(name, text))


Reader = Callable[[Path, str], Parsed | Fault]
"""What returns a parsed spec for a path and the name that it is shown under: from the disk, or from an editor."""


def load(
    path: Path,
    shown_as: str | None = None,
    chain: Sequence[Path] = (),
    text: str | None = None,
    read: Reader = parse_file,
) -> Loaded:
    """Read and parse a spec and, in turn, those that it uses. Nothing of the user's is executed.

    ``text`` stands for the file's own, for a spec that lies in no file; ``read`` for the disk.
    """
    name = shown_as or str(path)
    parsed = read(path, name) if text is None else parse(Source(name, text))
    if isinstance(parsed, Fault):
        source = Source(name, "")
        return Loaded(Spec(source, ()), path, (), (parsed.of(source),))
    source = parsed.spec.source
    diagnostics = list(parsed.diagnostics)
    used: list[Used] = []
    for statement in parsed.spec.statements:
        if isinstance(statement, Use):
            target = _resolve(statement, path, [*chain, path.resolve()])
            if isinstance(target, Fault):
                diagnostics.append(target.of(source))
                continue
            alias = statement.alias.text if statement.alias else ""
            other = load(target, chain=[*chain, path.resolve()], read=read)
            used.append(Used(alias, statement.path.span, other))
    return Loaded(parsed.spec, path, tuple(used), tuple(diagnostics), parsed)


def read_spec(path: Path, name: str) -> tuple[str, Fault | None]:
    """Return a spec's text as it lies on disk, line ends included, or what keeps it from being read."""
    nowhere = Span(0, 0)
    try:
        if path.is_dir():
            return "", Fault("not-a-spec", f"`{name}` is a folder, not a spec", nowhere, help="give a .mlt file")
        if path.stat().st_size > LARGEST_SPEC_BYTES:
            return "", Fault("not-a-spec", f"`{name}` is too large for a spec", nowhere, help="give a .mlt file")
        data = path.read_bytes()
    except FileNotFoundError:
        return "", Fault("no-such-file", f"there is no file `{name}`", nowhere, help="check the path")
    except OSError as problem:
        return "", Fault("unreadable-file", f"`{name}` cannot be read: {problem.strerror}", nowhere)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        return "", Fault("not-a-spec", f"`{name}` is no text in UTF-8", nowhere, help="give a .mlt file")
    return text, None


def _resolve(use: Use, path: Path, chain: Sequence[Path]) -> Path | Fault:
    """Return the file that a ``use`` names, or what is wrong with it."""
    wanted = use.path.value
    if wanted.startswith("std/"):
        return _standard(use.path)
    if Path(wanted).is_absolute():
        return Fault(
            "path-outside-root", f"`{wanted}` is an absolute path", use.path.span, help="write it relative to this file"
        )
    target = path.parent / wanted
    try:
        target = target if target.suffix == ".mlt" else target.with_name(target.name + ".mlt")
        real = target.resolve()
        is_folder, is_file = target.is_dir(), target.is_file()
    except ValueError:
        return Fault("no-such-file", "no file can have this name", use.path.span, label="no name of a file")
    except (OSError, RuntimeError):
        return Fault("unreadable-file", f"`{wanted}` is a link that leads nowhere", use.path.span)
    top = roots_of(path)[1 if len(roots_of(path)) > 1 else 0]
    if not real.is_relative_to(top):
        return Fault("path-outside-root", f"`{wanted}` lies outside the project ({top.name})", use.path.span)
    if is_folder or (path.parent / wanted).is_dir():
        return Fault("not-a-spec", f"`{wanted}` is a folder, not a spec", use.path.span, help="name a .mlt file in it")
    if not is_file:
        return Fault(
            "no-such-file", f"there is no file `{wanted}` beside {path.name}", use.path.span, label="not found"
        )
    if real in chain:
        names = [file.name for file in chain[chain.index(real) :]] + [real.name]
        return Fault(
            "import-cycle",
            f"specs use each other in a circle: {' -> '.join(names)}",
            use.path.span,
            label="closes the circle",
        )
    return target


def _standard(path: Text) -> Path | Fault:
    name = path.value.removeprefix("std/")
    packs = {file.stem: file for file in sorted(std_folder().glob("*.mlt"))}
    if name in packs:
        return packs[name]
    known = ", ".join(f"`std/{pack}`" for pack in packs) or "none"
    return Fault(
        "no-such-file", f"there is no pack `std/{name}`", path.span, label="no such pack", help=f"packs: {known}"
    )
