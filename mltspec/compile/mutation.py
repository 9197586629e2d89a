"""A plan of mutants: expectations judged again, each on evidence gathered with one known fault in the subject."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mltspec.checks.registry import KINDS
from mltspec.evidence.faults import Fault
from mltspec.evidence.kind import Ask
from mltspec.evidence.training import TrainingAsk
from mltspec.plan.plan import Expectation, Injection, Plan, Request
from mltspec.plan.subject import Data, Function, Model, Pipeline, subjects_of
from mltspec.plan.wire import Wire, digest_of


@dataclass(frozen=True, eq=False)
class Mutant:
    """A fault, and the expectations that could notice it, as they are judged with it.

    ``made_for_it`` are those whose checks are made to notice such a fault, and ``others`` the rest; ``originals`` maps
    the id of each to the expectation of the spec. ``obstacle`` says why there are none; ``requests`` are the
    evidence that all need.
    """

    fault: Fault
    made_for_it: tuple[Expectation, ...] = ()
    others: tuple[Expectation, ...] = ()
    originals: Mapping[str, Expectation] | None = None
    requests: tuple[Request, ...] = ()
    obstacle: str = ""


def mutants(plan: Plan, expectations: Sequence[Expectation], faults: Sequence[Fault]) -> list[Mutant]:
    """Return a mutant for each fault.

    Args:
        plan: of the subject as it is.
        expectations: those of the plan that hold, and so could notice a fault.
        faults: the faults to inject.
    """
    asks = {r.id: KINDS[r.kind].ask.from_json(json.dumps(r.ask)) for r in plan.requests}
    return [_Maker(plan, asks, fault).mutant(expectations) for fault in faults]


class _Maker:
    """Makes the mutant of one fault."""

    def __init__(self, plan: Plan, asks: Mapping[str, Ask], fault: Fault) -> None:
        self._requests = {request.id: request for request in plan.requests}
        self._asks = asks
        self._fault = fault
        self._training = {data for ask in asks.values() for data in _trained_on(ask)}
        self._changed: dict[str, Request] = {}

    def mutant(self, expectations: Sequence[Expectation]) -> Mutant:
        """Return the fault with the expectations whose evidence would bear it."""
        found: dict[str, Expectation] = {}
        for each in expectations:
            if self._fault.narrow and each.check not in self._fault.seen_by:
                continue
            needs = tuple(self._request(need).id for need in each.needs)
            if needs != each.needs:
                found[f"{self._fault.name}: {each.id}"] = each.model_copy(
                    update={"id": f"{self._fault.name}: {each.id}", "needs": needs}
                )
        if not found:
            return Mutant(self._fault, obstacle=self._obstacle())
        originals = {f"{self._fault.name}: {each.id}": each for each in expectations}
        cheap = {name: at for at, name in enumerate(self._fault.seen_by)}
        made = sorted((e for e in found.values() if e.check in cheap), key=lambda each: cheap[each.check])
        others = [e for e in found.values() if e.check not in cheap]
        return Mutant(self._fault, tuple(made), tuple(others), originals, tuple(self._changed.values()))

    def _request(self, id: str) -> Request:
        """Return the request as it is with the fault: unchanged where it bears none and needs none that does."""
        if id in self._changed:
            return self._changed[id]
        plain = self._requests[id]
        needs = tuple(self._request(need).id for need in plain.needs)
        injection = self._injection(plain)
        new = plain
        if injection is not None or needs != plain.needs:
            fault = (injection or Injection(fault=self._fault.name)).model_dump(mode="json")
            new = plain.model_copy(
                update={
                    "id": digest_of([plain.id, fault])[:16],
                    "group": digest_of([plain.group, fault, injection is None])[:16],
                    "needs": needs,
                    "label": f"{plain.label}, {self._fault.name}",
                    "injection": injection,
                }
            )
        self._changed[id] = new
        return new

    def _injection(self, request: Request) -> Injection | None:
        fault, ask = self._fault, self._asks[request.id]
        if fault.kinds and request.kind not in fault.kinds:
            return None
        found = (self._into_subject(subject) for subject in subjects_of(ask))
        return next((injection for injection in found if injection is not None), None)

    def _into_subject(self, subject: Model | Data | Function | Pipeline) -> Injection | None:
        if isinstance(subject, Data) and self._fault.into == "training data" and subject in self._training:
            return self._into(subject.targets(), subject.label)
        if isinstance(subject, Model) and self._fault.into != "training data":
            return self._into_model(subject)
        return None

    def _into_model(self, model: Model) -> Injection | None:
        match self._fault.into:
            case "restart":
                return Injection(fault=self._fault.name)
            case "export":
                return Injection(fault=self._fault.name, target=model.export or "")
            case "serving features":
                return self._into((model.serving,) if model.serving else ())
            case _:
                return self._into((model.build.target,) if model.build.kind == "python" else ())

    def _into(self, targets: Sequence[str], label: str | None = None) -> Injection | None:
        """Return the injection, None where the subject has no callable there."""
        return Injection(fault=self._fault.name, target=targets[0], label=label) if targets else None

    def _obstacle(self) -> str:
        """Say why the fault can go into no subject of the plan; empty where it can."""
        subjects = {subject for ask in self._asks.values() for subject in subjects_of(ask)}
        if any(self._into_subject(subject) for subject in subjects):
            return ""
        return f"the spec names no Python callable for the {self._fault.into}, which it would go into"


def _trained_on(ask: Ask) -> Iterator[Data]:
    """Return the data that an ask trains on, now or before."""
    runs = list(_runs(ask))
    if runs:
        yield from (run.data for run in runs)
    elif any(isinstance(subject, Model) for subject in subjects_of(ask)):
        data = getattr(ask, "training", getattr(ask, "data", None))
        if isinstance(data, Data):
            yield data


def _runs(value: object) -> Iterator[TrainingAsk]:
    if isinstance(value, TrainingAsk):
        yield value
    elif isinstance(value, Wire):
        for name in type(value).model_fields:
            yield from _runs(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _runs(item)
