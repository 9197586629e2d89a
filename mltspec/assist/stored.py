"""What a stored baseline measured, to be shown where a claim is compared with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mltspec.assist.desk import Page
from mltspec.compile.files import roots_of
from mltspec.compile.names import Baseline
from mltspec.language.source import Span
from mltspec.language.tree import Word
from mltspec.lint.view import Stated

if TYPE_CHECKING:
    from mltspec.evidence.stored import Version


@dataclass(frozen=True)
class Value:
    """A number and the offset that it belongs behind; ``origin`` says of which version, over how many rows."""

    offset: int
    text: str
    origin: str


def baseline_values(page: Page, within: Span) -> Iterator[Value]:
    """Return the values of stored baselines that the claims in a span are held against."""
    versions: dict[str, Version | None] = {}
    for stated in page.claims:
        bound = stated.values.get("bound")
        name = bound.get("baseline") if isinstance(bound, dict) else None
        if name is None or not within.start <= stated.expect.span.start <= within.end:
            continue
        if name not in versions:
            versions[name] = _version(page, str(name))
        value = _value(stated, str(name), versions[name])
        if value is not None:
            yield value


def _value(stated: Stated, name: str, version: Version | None) -> Value | None:
    word = next((item for item in stated.expect.items if isinstance(item, Word) and item.text == name), None)
    if version is None or word is None:
        return None
    metric, data = stated.values.get("metric"), stated.data
    held = next((each for each in version.holdings if (each.metric, each.data) == (metric, data)), None)
    if held is None:
        return None
    origin = f"version {version.number} of {version.name}, {held.rows:,} rows, saved {version.saved}"
    return Value(word.span.end, f"= {held.value:.4g}", origin)


def _version(page: Page, name: str) -> Version | None:
    """The stored version that a baseline's name stands for; None where it is not stored, or cannot be read."""
    from mltspec.baselines.folder import Baselines, Damaged, NoSuchBaseline

    declared = page.linked.names.declared.get(name)
    subject = declared.subject if declared is not None and not declared.faulty else None
    if not isinstance(subject, Baseline) or subject.store is None:
        return None
    version = None if subject.version in (None, "latest") else subject.version
    try:
        return Baselines.under(roots_of(page.path)).find(subject.store, version)
    except (Damaged, NoSuchBaseline):
        return None
