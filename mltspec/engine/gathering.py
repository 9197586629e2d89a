"""Between plan and store: the key of a request, the job that answers it, the entry it leaves."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from mltspec.engine.inputs import Inputs, Inspector
from mltspec.engine.job import Answer, Job, Typed, named
from mltspec.engine.settings import Settings
from mltspec.engine.store import Entry, Store, blobs
from mltspec.evidence.kind import Ask, Evidence, Kind
from mltspec.plan.events import Failure
from mltspec.plan.plan import Plan, Request
from mltspec.plan.wire import digest_of


class Gathering:
    """What a run knows of its requests beside their state."""

    def __init__(self, plan: Plan, settings: Settings, kinds: Mapping[str, Kind], store: Store, folder: Path) -> None:
        self.keys: dict[str, str] = {}
        self._kinds = kinds
        self._requests = {request.id: request for request in plan.requests}
        self._settings = settings
        self._store = store
        self._objects = folder / "objects" if settings.read_only else store.objects
        self._objects.mkdir(exist_ok=True)
        self._inspector = Inspector(store.digests, store.ledger)
        self._asks: dict[str, Ask] = {}
        self._inputs: dict[str, Inputs] = {}
        self._observers = sorted({kinds[each.kind].observer.partition(":")[0] for each in plan.requests})

    def look_up(self, request: Request, found: Mapping[str, Evidence]) -> tuple[Evidence, Entry] | None:
        """Return the stored answer to a request whose needs are answered, if there is one that holds."""
        kind = self._kinds[request.kind]
        key = self.keys[request.id] = self._key(request, kind, found)
        if self._settings.fresh or not self._asks[request.id].lasting():
            return None
        return self._store.find(kind, key, request.roots)

    def job(self, requests: Sequence[Request], found: Mapping[str, Evidence], folder: Path) -> Job:
        """Return the job that answers requests of one group."""
        first = requests[0]
        kind = self._kinds[first.kind]
        needed = [(self._kinds[self._requests[id].kind], found[id]) for id in first.needs]
        for _, evidence in needed:
            self._bring(evidence)
        asks = [self._asks[request.id] for request in requests]
        return Job(
            observer=kind.observer,
            asks=tuple(Typed(type=named(kind.ask), json_text=ask.to_json()) for ask in asks),
            found=tuple(Typed(type=named(each.evidence), json_text=record.to_json()) for each, record in needed),
            roots=first.roots,
            path=tuple(sys.path),
            folder=str(folder),
            objects=str(self._objects),
            hidden=(str(self._store.folder), str(folder.parent)),
            shadowed=self._inputs[first.id].modules,
            ledger=str(self._store.folder / "ledger.json"),
            threads=self._settings.threads(),
            fork=self._settings.isolation != "spawn",
            injection=first.injection,
            must_reach=not any(self._requests[id].injection for id in first.needs),
        )

    def is_apart(self, requests: Sequence[Request]) -> bool:
        """Return whether requests of one group must be observed in an interpreter of their own."""
        return any(self._asks[each.id].own_interpreter() or self._inputs[each.id].sets_up for each in requests)

    def keep(self, requests: Sequence[Request], answer: Answer, seconds: float) -> Sequence[Evidence] | Failure:
        """Keep what a child answered, a record for each request; a failure if it is none.

        Raises:
            StoreError: the store cannot be written.
        """
        if answer.failure is not None:
            return answer.failure
        kind = self._kinds[requests[0].kind]
        try:
            found = [kind.evidence.from_json(text) for text in answer.evidence]
        except ValidationError as error:
            return Failure(kind="garbage", message=f"{kind.observer} answered no {kind.name}: {error}")
        for request, text in zip(requests, answer.evidence, strict=True):
            entry = Entry(
                kind=kind.name,
                ask=request.ask,
                evidence=json.loads(text),
                trace=answer.trace,
                seconds=seconds,
            )
            self._store.keep(self.keys[request.id], entry)
        return found

    def preload(self) -> tuple[str, ...]:
        """Return what the nursery imports: the framework, the observers, the packages users import."""
        first = self._settings.preload
        if not first:
            return ()
        packages = sorted({name for inputs in self._inputs.values() for name in inputs.packages})
        return (*first, *self._observers, *packages)

    def _key(self, request: Request, kind: Kind, found: Mapping[str, Evidence]) -> str:
        ask = self._asks[request.id] = kind.ask.from_json(json.dumps(request.ask))
        inputs = self._inputs[request.id] = self._inspector.inspect(ask, request.roots)
        needs = [found[id].fingerprint() for id in request.needs]
        # Threads stand in the key: sums in another order differ in the last bit.
        threads = self._settings.threads()
        fault = [] if request.injection is None else [request.injection.fingerprint()]
        return digest_of([kind.name, kind.version, ask.identity(), needs, inputs.digest, threads, *fault])

    def _bring(self, evidence: Evidence) -> None:
        """Make stored files reachable where the store may not be written."""
        if self._objects == self._store.objects:
            return
        for blob in blobs(evidence):
            place = self._objects / blob.digest[:2] / blob.digest
            if not place.exists():
                place.parent.mkdir(parents=True, exist_ok=True)
                place.symlink_to(self._store.objects / blob.digest[:2] / blob.digest)
