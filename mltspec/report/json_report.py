"""The JSON report: the contract for other programs. Its schema is ``schema/run.schema.json``.

Numbers that are not finite are the strings ``"NaN"``, ``"Infinity"`` and ``"-Infinity"``. Fields are only ever
added; ``version`` is that of mltspec.
"""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import Field, ValidationError, WithJsonSchema

from mltspec import __version__
from mltspec.plan.events import Failure, GatheringEnded, Judged
from mltspec.plan.picture import Picture
from mltspec.plan.plan import Marks, Place
from mltspec.plan.verdict import Figure, Verdict
from mltspec.plan.wire import Wire
from mltspec.report.account import Account
from mltspec.report.environment import environment
from mltspec.report.frame import source_line
from mltspec.report.outcome import Overall, decides

SCHEMA_ID = "urn:mltspec:schema:run"

Real = Annotated[float, WithJsonSchema({"anyOf": [{"type": "number"}, {"enum": ["NaN", "Infinity", "-Infinity"]}]})]
Seconds = Annotated[float, Field(ge=0)]


class Operand(Wire):
    """A measured value or a bound: as people read it and, where it is one number, as machines do."""

    text: str
    value: Real | None = None


class EvidenceReport(Wire):
    """A piece of evidence that was looked up or gathered; ``key`` names it in the store."""

    id: str
    kind: str
    label: str
    key: str
    seconds: Seconds
    cached: bool
    failure: Failure | None = None


class ExpectationReport(Wire):
    """A judged expectation. ``test`` is the infrastructure test of the ML Test Score that it serves.

    ``source`` is its line in the spec, empty where that could not be read; ``doc`` the comment that documents it.

    ``decides`` is false for those of severity ``warn`` and for dry runs; ``cached`` says that all its evidence
    came from the store.
    """

    id: str
    suite: str
    check: str
    test: Annotated[int, Field(ge=1, le=7)]
    verdict: Verdict
    measured: Operand | None
    bound: Operand | None
    explanation: str
    at: Place
    seed: int
    seconds: Seconds
    reproduce: str
    text: str
    defaults: tuple[str, ...]
    details: tuple[str, ...]
    marks: Marks
    decides: bool
    cached: bool
    doc: str = ""
    source: str = ""
    pictures: tuple[Picture, ...] = ()


class RunReport(Wire):
    """A run. ``verdict`` is what the verdicts come to.

    ``unreached`` counts expectations it did not get to. ``diagnostics`` are what was found in the specs: an
    error among them means that nothing was run. ``written`` is when, in UTC (ISO 8601); ``environment`` names the
    versions, the machine and the commit that it speaks of. ``shards`` counts the runs that were merged into one.
    """

    version: str
    verdict: Overall
    seconds: Seconds
    evidence: tuple[EvidenceReport, ...]
    expectations: tuple[ExpectationReport, ...]
    counts: dict[Verdict, int]
    profile: str
    interrupted: bool
    unreached: int
    untracked: tuple[str, ...]
    diagnostics: tuple[dict[str, Any], ...]
    written: str = ""
    environment: dict[str, str] = Field(default_factory=dict)
    shards: int = 1


def report(account: Account) -> RunReport:
    """Return a run, finished or not, as a record."""
    return RunReport(
        version=__version__,
        verdict=account.overall,
        seconds=account.seconds,
        evidence=tuple(map(_evidence, account.evidence.values())),
        expectations=tuple(_expectation(each, account.is_cached(each)) for each in account.judged),
        counts=account.counts(),
        profile=account.started.profile if account.started else "default",
        interrupted=account.interrupted,
        unreached=account.unreached,
        untracked=account.ended.untracked if account.ended else (),
        diagnostics=account.diagnostics,
        written=datetime.now(UTC).isoformat(timespec="seconds"),
        environment=environment(),
    )


def read(text: str | bytes) -> RunReport:
    """Read a report back.

    Raises:
        ValueError: it is no report, or one of a later version with fields that this version does not know.
    """
    try:
        return RunReport.from_json(text)
    except ValidationError as problem:
        first = problem.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        raise ValueError(f"not a JSON report of `mltspec run --json` ({place}: {first['msg'].lower()})") from problem


def to_text(record: Wire) -> str:
    """Return a record as indented JSON with a final newline; half characters are replaced, so that it is UTF-8."""
    text = json.dumps(finite(record.model_dump(mode="json")), indent=2, ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "replace").decode() + "\n"


def schema() -> dict[str, Any]:
    """Return the JSON schema (draft 2020-12) of a report."""
    found = RunReport.model_json_schema(mode="serialization")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        **found,
    }


def finite(value: Any) -> Any:
    """Turn numbers that JSON does not have into strings; pydantic itself does so only where it writes the text."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    return [finite(item) for item in value] if isinstance(value, list) else value


def _operand(figure: Figure | None) -> Operand | None:
    return None if figure is None else Operand(text=figure.text, value=figure.value)


def _evidence(event: GatheringEnded) -> EvidenceReport:
    return EvidenceReport(
        id=event.id,
        kind=event.kind,
        label=event.label,
        key=event.key,
        seconds=event.seconds,
        cached=event.cached,
        failure=event.failure,
    )


def _expectation(judged: Judged, cached: bool) -> ExpectationReport:
    expectation, judgement = judged.expectation, judged.judgement
    return ExpectationReport(
        id=expectation.id,
        suite=expectation.suite,
        check=expectation.check,
        test=expectation.test,
        verdict=judgement.verdict,
        measured=_operand(judgement.measured),
        bound=_operand(judgement.bound),
        explanation=judgement.explanation,
        at=expectation.at,
        seed=expectation.seed,
        seconds=judged.seconds,
        reproduce=judged.reproduce,
        text=expectation.text,
        defaults=expectation.defaults,
        details=judgement.details,
        marks=expectation.marks,
        decides=decides(expectation.marks),
        cached=cached,
        doc=expectation.doc,
        source=_source(expectation.at),
        pictures=judged.pictures,
    )


def _source(at: Place) -> str:
    """Return the line of a claim as it stands in the spec; nothing where the spec is gone or has changed."""
    line = source_line(at.file, at.line)
    return line.strip() if line[at.column - 1 :].startswith("expect") else ""
