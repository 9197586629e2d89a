"""The words of every check, as plain data: what may be written, without the records that say what it means.

Importing the checks, and pydantic for their records, takes longer than linting a spec. So their words are written
once to ``vocabulary.json`` and are used while they belong to the checks as they are; when they do not, the checks
are imported instead.

    python -m mltspec.checks.vocabulary      # writes vocabulary.json anew
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mltspec.checks import refusals
from mltspec.checks.clause import Clause

STORED = Path(__file__).with_name("vocabulary.json")


@dataclass(frozen=True)
class Words:
    """What may be written of one check: see ``Check``, which says the same and what it means.

    ``refusal`` names the function of ``mltspec.checks.refusals`` that looks at the values together; empty if none does.
    """

    name: str
    test: int
    phrase: str
    summary: str
    clauses: tuple[Clause, ...]
    block: tuple[Clause, ...]
    block_field: str
    about: str
    in_batch: bool
    refusal: str

    def refuse(self, values: Mapping[str, Any]) -> str:
        """Return what is wrong with the values together, or an empty string."""
        return str(getattr(refusals, self.refusal)(values)) if self.refusal else ""


@cache
def vocabulary() -> Mapping[str, Words]:
    """Return the words of every check by its name, in the order of the registry."""
    try:
        stored = json.loads(STORED.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        stored = {}
    if stored.get("checks") != digest():
        stored = built()
    return MappingProxyType({words["name"]: _words(words) for words in stored["words"]})


def digest() -> int:
    """A checksum of the checks' source, which tells whether stored words belong to it."""
    folder = Path(__file__).parent
    found = 0
    for path in sorted(folder.rglob("*.py")):
        found = zlib.crc32(path.read_bytes().replace(b"\r\n", b"\n"), found)
    return found


def built() -> dict[str, Any]:
    """Import every check and return its words; the result is JSON and the same on every run."""
    from mltspec.checks.registry import all_checks

    words = [
        Words(
            name=check.name,
            test=check.test,
            phrase=check.phrase,
            summary=check.summary,
            clauses=check.clauses,
            block=check.block,
            block_field=check.block_field,
            about=check.about,
            in_batch=check.in_batch,
            refusal=check.refuse.__name__ if check.refuse else "",
        )
        for check in all_checks()
    ]
    return {"checks": digest(), "words": [asdict(each) for each in words]}


def _words(stored: dict[str, Any]) -> Words:
    clauses = {key: tuple(Clause(**clause) for clause in stored[key]) for key in ("clauses", "block")}
    return Words(**{**stored, **clauses})


def main() -> None:
    """Write ``vocabulary.json`` from the checks."""
    data = built()
    lines = ",\n".join(json.dumps(words, separators=(",", ":"), ensure_ascii=False) for words in data["words"])
    STORED.write_text(f'{{"checks": {data["checks"]}, "words": [\n{lines}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
