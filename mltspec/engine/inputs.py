"""What evidence depends on before anything runs: source files, data files, packages, the machine."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from mltspec.engine import distributions
from mltspec.engine.imports import Import, Scanner
from mltspec.engine.ledger import ABSENT, FileDigests, Ledger
from mltspec.engine.touched import digest_variable
from mltspec.plan.subject import Data, Function, Model, Pipeline, subjects_of
from mltspec.plan.wire import Wire, digest_of

_ALWAYS = ("tensorflow", "keras", "numpy")
_FRAMEWORK_VARIABLES = ("TF_", "XLA_", "KERAS_", "CUDA_VISIBLE_DEVICES", "NVIDIA_TF32_OVERRIDE")
_NO_MATTER = {"TF_CPP_MIN_LOG_LEVEL", "TF_CPP_MAX_VLOG_LEVEL"}


@dataclass(frozen=True)
class Inputs:
    """What the subjects of an ask depend on.

    ``digest`` is that of all static inputs; ``modules`` are the user's top-level modules; ``packages``
    are worth importing early; ``sets_up`` tells that the sources configure the framework's import.
    """

    digest: str
    modules: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    sets_up: bool = False


@dataclass
class _Found:
    """What a walk over the sources has found so far."""

    files: dict[str, str] = field(default_factory=dict)
    modules: set[str] = field(default_factory=set)
    packages: set[str] = field(default_factory=set)
    early: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)
    sets_up: bool = False


class Inspector:
    """Finds the static inputs of asks, each set of subjects once."""

    def __init__(self, digests: FileDigests, ledger: Ledger) -> None:
        self._digests = digests
        self._ledger = ledger
        self._scanner = Scanner(digests, ledger)
        self._observer = observer_digest(digests)
        self._known: dict[tuple[object, ...], Inputs] = {}

    def inspect(self, ask: Wire, roots: Sequence[str]) -> Inputs:
        """Return the static inputs of an ask whose subjects lie under the roots."""
        subjects = tuple(dict.fromkeys(subjects_of(ask)))
        targets = tuple(sorted({target for subject in subjects for target in subject.targets()}))
        files = tuple(sorted({file for subject in subjects for file in _files(subject)}))
        case = (targets, files, tuple(roots))
        if case not in self._known:
            self._known[case] = self._inspect(targets, files, [Path(root) for root in roots])
        return self._known[case]

    def _inspect(self, targets: Sequence[str], files: Sequence[str], roots: list[Path]) -> Inputs:
        found = _Found()
        for target in targets:
            self._follow(Import(level=0, module=target.partition(":")[0], names=(), top=True), "", roots, found)
        for name in files:
            self._add_data(name, roots, found)
        packages = sorted({*_ALWAYS, *found.packages})
        content = {
            "files": found.files,
            "missing": sorted(found.missing),
            "packages": [distributions.version_of(name, self._ledger) for name in packages],
            "python": platform.python_version(),
            "observer": self._observer,
            "device": device(),
        }
        return Inputs(digest_of(content), tuple(sorted(found.modules)), tuple(sorted(found.early)), found.sets_up)

    def _follow(self, first: Import, package: str, roots: list[Path], found: _Found) -> None:
        """Add the modules that an import brings, and all that these import."""
        waiting = [(first, package, True)]
        while waiting:
            each, package, top = waiting.pop()
            for name in _names(each, package):
                file = self._resolve(name, roots, found, each.top and top)
                label = None if file is None else _label(file, roots)
                if file is None or label is None or label in found.files:
                    continue
                found.files[label] = self._digests.of_file(str(file))
                scan = self._scanner.scan(file)
                found.sets_up |= scan.sets_up
                inner = name if file.name == "__init__.py" else name.rpartition(".")[0]
                waiting += [(other, inner, each.top and top) for other in scan.imports]
                for text in scan.texts:
                    self._add_named(text, file, roots, found)

    def _resolve(self, name: str, roots: list[Path], found: _Found, top: bool) -> Path | None:
        """Return the user's file for a dotted name; note a package, or that it is missing."""
        first, *_ = parts = name.split(".")
        for root in roots:
            place = root.joinpath(*parts)
            if (place / "__init__.py").is_file():
                found.modules.add(first)
                return place / "__init__.py"
            if place.with_name(place.name + ".py").is_file():
                found.modules.add(first)
                return place.with_name(place.name + ".py")
            if place.is_dir():
                return None
        if first in found.modules or first in sys.stdlib_module_names or first == "mltspec":
            return None
        if first not in found.packages and len(parts) == 1:
            home = distributions.home_of(first)
            if home is not None:
                roots.append(home)
                return self._resolve(name, roots, found, top)
        if distributions.version_of(first, self._ledger):
            found.packages.add(first)
            if top:
                found.early.add(name)
        else:
            found.missing.add(first)
        return None

    def _add_data(self, name: str, roots: Sequence[Path], found: _Found) -> None:
        for root in roots:
            matches = [root / name] if (root / name).exists() else _glob(root, name)
            for match in matches:
                found.files[_label(match, roots)] = self._digests.of_tree(match)
            if matches:
                return
        found.missing.add(name)

    def _add_named(self, text: str, source: Path, roots: Sequence[Path], found: _Found) -> None:
        """Add a file that a source names in a string: a native reader would open it unseen."""
        for folder in (*roots[:1], source.parent):
            file = folder / text
            content = self._digests.of_file(str(file))
            if content != ABSENT:
                found.files[_label(file, roots)] = content


def observer_digest(digests: FileDigests) -> str:
    """Return the digest of the code that measures, so that changed code never answers from old evidence."""
    package = Path(__file__).parent.parent
    return digest_of([digests.of_tree(package / room) for room in ("subjects", "probes", "statistics")])


@cache
def device() -> list[str]:
    """Return what of this machine can change a measurement: its kind, its GPUs, the framework's settings."""
    gpus = sorted(
        line
        for file in Path("/proc/driver/nvidia/gpus").glob("*/information")
        for line in file.read_text().splitlines()
        if line.startswith("Model")
    )
    settings = sorted(
        digest_variable(name, value)
        for name, value in os.environ.items()
        if name.startswith(_FRAMEWORK_VARIABLES) and name not in _NO_MATTER
    )
    return [sys.platform, platform.machine(), *gpus, *settings]


def _files(subject: Model | Data | Function | Pipeline) -> Iterator[str]:
    if isinstance(subject, Function | Pipeline):
        return
    origin = subject.build if isinstance(subject, Model) else subject.origin
    if origin.kind != "python":
        yield origin.target
    if isinstance(subject, Data):
        yield from subject.reads


def _names(each: Import, package: str) -> Iterator[str]:
    """Return the dotted names that an import may load, packages before their modules."""
    base = each.module
    if each.level:
        above = package.split(".")[: len(package.split(".")) - each.level + 1]
        base = ".".join([part for part in (*above, each.module) if part])
    parts = base.split(".") if base else []
    for count in range(1, len(parts) + 1):
        yield ".".join(parts[:count])
    yield from (".".join([*parts, name]) for name in each.names if name != "*")


def _label(file: Path, roots: Sequence[Path]) -> str:
    for index, root in enumerate(roots):
        if file.is_relative_to(root):
            return f"{index}:{file.relative_to(root).as_posix()}"
    return str(file)


def _glob(root: Path, pattern: str) -> list[Path]:
    if not any(sign in pattern for sign in "*?[") or pattern.startswith("/"):
        return []
    return sorted(root.glob(pattern))
