"""The folder that keeps baselines, to be put under version control beside the spec.

    baselines/<name>/<number>.json      one version: what it was saved from, its metrics, digests, environment
    baselines/objects/<dd>/<digest>     artifacts and per-row scores, named by their content

A version is never changed. Files are written whole or not at all, and a number is taken by one writer only.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp

from pydantic import ValidationError

from mltspec.evidence.kind import Blob
from mltspec.evidence.stored import FOLDER, Version
from mltspec.language.suggest import closest

NAME = re.compile(r"[\w][\w.-]*")
OBJECTS = "objects"


class NoSuchBaseline(LookupError):  # noqa: N818 - a fact told to the user
    """There is no baseline or version of that name; the message says which there are."""


class Damaged(Exception):  # noqa: N818 - a state of files, told to the user
    """A baseline's file cannot be read, or is not what its name says."""


@dataclass(frozen=True)
class Baselines:
    """The baselines in one folder, which need not exist yet."""

    folder: Path

    @classmethod
    def under(cls, roots: tuple[Path, ...] | list[Path]) -> Baselines:
        """Return the baselines of the first root that has any, else those that the first root may get."""
        found = (root / FOLDER for root in roots if _listing(root / FOLDER))
        return cls(next(found, roots[0] / FOLDER))

    def names(self) -> list[str]:
        """Return the names of all baselines."""
        return [name for name in _listing(self.folder) if name != OBJECTS and self._numbers(name)]

    def versions(self, name: str) -> list[Version]:
        """Return all versions of a baseline, oldest first; none where there is no such baseline.

        Raises:
            Damaged: one of them cannot be read.
        """
        return [self._read(name, number) for number in self._numbers(name)]

    def find(self, name: str, version: str | None = None) -> Version:
        """Return a version by its number, or the latest.

        Raises:
            NoSuchBaseline: there is none.
            Damaged: it cannot be read.
        """
        numbers = self._numbers(name)
        if not numbers:
            near = closest(name, self.names())
            known = ", ".join(f"`{each}`" for each in self.names()) or "none"
            hint = f"did you mean `{near[0]}`?" if near else f"saved so far: {known}"
            raise NoSuchBaseline(f"there is no baseline `{name}` in `{self.folder}`; {hint}")
        if version is None:
            return self._read(name, numbers[-1])
        if not version.isdecimal() or int(version) not in numbers:
            known = ", ".join(map(str, numbers[-8:]))
            raise NoSuchBaseline(f"baseline `{name}` has no version {version}; it has {known}")
        return self._read(name, int(version))

    def path(self, blob: Blob) -> Path:
        """Return where a file lies; read it, never write it."""
        return self.folder / OBJECTS / blob.digest[:2] / blob.digest

    def checked(self, blob: Blob) -> Path:
        """Return where a file lies after holding it against its digest.

        Raises:
            Damaged: it is missing, or its content is not what its name says.
        """
        file = self.path(blob)
        try:
            with file.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as problem:
            raise Damaged(f"`{file}` cannot be read: {problem.strerror}; was it left out of version control?") from None
        if digest != blob.digest:
            raise Damaged(f"`{file}` was changed: its content is not what its name says")
        return file

    def add_object(self, file: Path, blob: Blob) -> None:
        """Keep a copy of a file under its digest."""
        home = self.path(blob)
        if home.exists():
            return
        home.parent.mkdir(parents=True, exist_ok=True)
        handle, part = mkstemp(dir=home.parent, prefix=".part-")
        os.close(handle)
        shutil.copyfile(file, part)
        Path(part).chmod(0o644)
        Path(part).replace(home)

    def add(self, version: Version) -> Version:
        """Write a version under the next free number; equal content is not written twice.

        Returns:
            The version as written, or the one that holds the same already.
        """
        for known in self.versions(version.name):
            if known.content == version.content:
                return known
        folder = self.folder / version.name
        folder.mkdir(parents=True, exist_ok=True)
        while True:
            number = max([0, *self._numbers(version.name)]) + 1
            numbered = version.model_copy(update={"number": number})
            handle, part = mkstemp(dir=folder, prefix=".part-")
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(numbered.model_dump_json(indent=1) + "\n")
            Path(part).chmod(0o644)
            try:
                # A link, unlike a rename, fails where another writer took the number meanwhile.
                os.link(part, folder / f"{number}.json")
            except FileExistsError:
                continue
            finally:
                Path(part).unlink()
            return numbered

    def remove(self, name: str, version: str | None = None) -> list[Version]:
        """Remove a version, or all of a baseline, and the files that no other version needs; return what went.

        Raises:
            NoSuchBaseline: there is none.
        """
        gone = [self.find(name, version)] if version is not None else self.versions(name)
        if not gone:
            self.find(name)
        for each in gone:
            (self.folder / name / f"{each.number}.json").unlink()
        if not self._numbers(name):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        kept = {blob.digest for other in self.names() for each in self.versions(other) for blob in files_of(each)}
        for each in gone:
            for blob in files_of(each):
                if blob.digest not in kept:
                    self.path(blob).unlink(missing_ok=True)
        return gone

    def _numbers(self, name: str) -> list[int]:
        if not NAME.fullmatch(name):
            return []
        stems = (each.removesuffix(".json") for each in _listing(self.folder / name) if each.endswith(".json"))
        return sorted(int(stem) for stem in stems if stem.isdecimal())

    def _read(self, name: str, number: int) -> Version:
        file = self.folder / name / f"{number}.json"
        try:
            return Version.from_json(file.read_bytes())
        except (OSError, ValidationError) as problem:
            raise Damaged(f"`{file}` is no baseline: {str(problem).splitlines()[0]}") from problem


def files_of(version: Version) -> Iterator[Blob]:
    """Return every file that a version refers to."""
    yield version.artifact
    yield from (holding.scores for holding in version.holdings)


def _listing(folder: Path) -> list[str]:
    """Return the names in a folder, none where it is not there.

    Always listed, never asked for with ``is_dir``: a listing is what a child is seen to depend on, also of a folder
    that is made later.
    """
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208
    except OSError:
        return []
