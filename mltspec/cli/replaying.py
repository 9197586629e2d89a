"""`--replay`: one kept counterexample, tried alone on the claims that it broke."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from pydantic import ValidationError

from mltspec.evidence.probes import Kept, ProbesAsk
from mltspec.plan.plan import Expectation, Plan

LEAST = 4
"""So many first characters of an id may stand for it."""


def replayed(plan: Plan, expectations: Sequence[Expectation], id: str, store: Path) -> tuple[Plan, list[Expectation]]:
    """Return the plan in which a counterexample is tried alone, and the expectations that it once broke.

    Raises:
        click.UsageError: the store keeps none of that id, or it broke none of these expectations.
    """
    records = kept(id, store)
    about = {record.about for record in records}
    requests, hit = [], set()
    for request in plan.requests:
        ask = ProbesAsk.model_validate(request.ask) if request.kind == ProbesAsk.kind else None
        if ask is None or ask.about() not in about:
            requests.append(request)
            continue
        hit.add(request.id)
        again = ask.model_copy(update={"replay": records[0].id}).model_dump(mode="json")
        requests.append(request.model_copy(update={"ask": again, "label": f"{request.label}, replayed"}))
    found = [each for each in expectations if hit & set(each.needs)]
    if not found:
        raise click.UsageError(
            f"--replay: {records[0].id} broke `{records[0].label}`, which is none of the expectations that were chosen"
        )
    return plan.model_copy(update={"requests": tuple(requests)}), found


def kept(id: str, store: Path) -> list[Kept]:
    """Return the counterexample of an id, or of the first characters of one: a record for each claim it broke.

    Raises:
        click.UsageError: there is none, or several begin so.
    """
    if not re.fullmatch(rf"[0-9a-f]{{{LEAST},12}}", id):
        raise click.UsageError(f"--replay: `{id}` is no id of a counterexample; a failed report names it")
    found = list(_records(store, id))
    ids = sorted({record.id for record in found})
    if len(ids) == 1:
        return found
    if ids:
        raise click.UsageError(f"--replay: {', '.join(ids)} all begin with `{id}`")
    known = sorted({record.id for record in _records(store, "")})
    hint = f"kept are {', '.join(known[:8])}" if known else "nothing has broken a claim about any batch so far"
    raise click.UsageError(f"--replay: `{store}` keeps no counterexample `{id}`; {hint}")


def _records(store: Path, beginning: str) -> Iterator[Kept]:
    for file in sorted(store.glob(f"counterexamples/*/{beginning}*.json")):
        with contextlib.suppress(OSError, ValidationError):
            yield Kept.from_json(file.read_bytes())
