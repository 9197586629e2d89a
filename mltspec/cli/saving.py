"""What a baseline is made of: the evidence of a run, or of a model in files measured as a spec says."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import cast

import click

from mltspec import __version__
from mltspec.baselines.folder import Baselines
from mltspec.cli import specs
from mltspec.cli.gather import gather, plan_of
from mltspec.cli.known import answers
from mltspec.cli.targets import files_of, read_targets
from mltspec.compile.files import roots_of
from mltspec.engine.settings import Settings
from mltspec.engine.store import Store
from mltspec.evidence.artifact import ArtifactAsk, ArtifactEvidence
from mltspec.evidence.kind import Blob, Evidence
from mltspec.evidence.predictions import PREDICTIONS, PredictionsAsk, PredictionsEvidence
from mltspec.evidence.stored import Holding, Version
from mltspec.evidence.training import TrainingAsk, TrainingEvidence
from mltspec.plan.plan import Plan
from mltspec.plan.subject import Origin
from mltspec.plan.wire import digest_of

PACKAGES = ("tensorflow", "tensorflow-cpu", "keras", "numpy")


@dataclass(frozen=True)
class Wanted:
    """A spec's plan, what of it measures the model, and the folders of the user's files."""

    plan: Plan
    asks: dict[str, PredictionsAsk]
    roots: tuple[Path, ...]


@dataclass(frozen=True)
class Source:
    """Where measurements come from: in words, the model's form and file, the key of what it was gathered from."""

    origin: str
    form: str
    artifact: Blob
    code: str
    seed: int | None
    model: str


def wanted(spec: Sequence[str], profile: str | None, seed: int | None, model: str | None) -> Wanted:
    """Return what a spec measures of its model from the profile's seed.

    Raises:
        click.UsageError: the spec is wrong, measures nothing, or measures several models and none is named.
    """
    files = files_of(read_targets(spec))
    if not files:
        raise click.UsageError(f"there is no spec in `{' '.join(spec) or '.'}`; name one")
    compiled = specs.compiled(files, profile, seed)
    if not compiled.sound:
        raise click.UsageError(f"the spec is wrong: {specs.tally(compiled.diagnostics)}; see `mltspec lint`")
    seeds = {need: each.seed for each in compiled.plan.expectations for need in _closure(compiled.plan, each.needs)}
    found: dict[str, PredictionsAsk] = {}
    for request in compiled.plan.requests:
        if request.kind == PREDICTIONS.name:
            ask = PredictionsAsk.model_validate(request.ask)
            ours = isinstance(ask.run, TrainingAsk) and (ask.run.seed, ask.run.replica) == (seeds.get(request.id), 0)
            if ours and (model is None or ask.run.model.name == model):
                found[request.id] = ask
    models = sorted({ask.run.model.name for ask in found.values()})
    if not found:
        about = f" of `{model}`" if model else ""
        raise click.UsageError(
            f"the spec measures nothing{about}: add an expectation such as `accuracy on holdout >= 0.9`"
        )
    if len(models) > 1:
        raise click.UsageError(f"the spec measures several models ({', '.join(models)}); choose one with --model")
    return Wanted(compiled.plan, found, roots_of(files[0]))


def of_run(
    want: Wanted, settings: Settings, shown: str
) -> tuple[Source, list[tuple[PredictionsAsk, PredictionsEvidence]]]:
    """Return what the last run of a spec measured, as long as nothing that it depends on has changed.

    Raises:
        click.UsageError: the store does not have all of it.
    """
    found = answers(want.plan, settings)
    lacking = [ask.label() for id, ask in want.asks.items() if id not in found.evidence]
    if lacking:
        more = f" and {len(lacking) - 3} more" if len(lacking) > 3 else ""
        raise click.UsageError(
            f"not measured, or not since something changed: {', '.join(lacking[:3])}{more}; run it first: "
            f"mltspec run {shown}"
        )
    requests = {request.id: request for request in want.plan.requests}
    first = next(iter(want.asks))
    run, (training,) = cast(TrainingAsk, want.asks[first].run), requests[first].needs
    state = cast(TrainingEvidence, found.evidence[training]).state
    if state is None:
        raise click.UsageError("the run was cut short and kept no weights to save")
    source = Source(
        f"the run of {shown} (seed {run.seed})", "state", state, found.keys[training], run.seed, run.model.name
    )
    return source, [(ask, _measured(found.evidence[id])) for id, ask in want.asks.items()]


def of_model(
    want: Wanted, settings: Settings, file: Path, number: str | None, told: str
) -> tuple[Source, list[tuple[PredictionsAsk, PredictionsEvidence]]]:
    """Measure a model in files as a spec measures its own.

    Args:
        want: the spec's plan.
        settings: where evidence goes.
        file: a `.keras` file, a SavedModel, or a folder of versions.
        number: the version of such a folder, None for the latest.
        told: what the model is called.

    Raises:
        click.ClickException: it cannot be measured.
    """
    first = next(iter(want.asks.values()))
    kind = "keras" if file.is_file() else "savedmodel"
    model = ArtifactAsk(model=first.run.model, origin=Origin(kind=kind, target=str(file.resolve())), version=number)
    asks = [ask.model_copy(update={"run": model, "by": ()}) for ask in want.asks.values()]
    plan, ids = plan_of([model, *asks], want.roots)
    gather(plan, settings)
    found = answers(plan, settings)
    kept = cast(ArtifactEvidence, found.evidence[ids[0]])
    source = Source(
        f"{told} version {kept.version}" if kept.version else told,
        kept.form,
        kept.artifact,
        found.keys[ids[0]],
        None,
        first.run.model.name,
    )
    return source, [(ask, _measured(found.evidence[id])) for ask, id in zip(asks, ids[1:], strict=True)]


def write(
    name: str,
    note: str,
    source: Source,
    measured: Sequence[tuple[PredictionsAsk, PredictionsEvidence]],
    baselines: Baselines,
    store: Path,
) -> tuple[Version, bool]:
    """Write a version; return it, and whether it is new."""
    objects = Store(store, read_only=True).objects
    holdings = {(ask.rows_named(), ask.metric): _holding(ask, seen) for ask, seen in measured}
    version_ = Version(
        name=name,
        number=0,
        content="",
        saved=datetime.now(UTC).isoformat(timespec="seconds"),
        origin=source.origin,
        note=note,
        model=source.model,
        seed=source.seed,
        form=source.form,
        artifact=source.artifact,
        code=source.code,
        environment=environment(),
        holdings=tuple(holdings[key] for key in sorted(holdings)),
    )
    content = digest_of(version_.model_dump(mode="json", exclude={"number", "content", "saved", "note"}))
    for blob in (source.artifact, *(holding.scores for holding in version_.holdings)):
        baselines.add_object(objects / blob.digest[:2] / blob.digest, blob)
    before = {each.number for each in baselines.versions(name)}
    written = baselines.add(version_.model_copy(update={"content": content}))
    return written, written.number not in before


def environment() -> dict[str, str]:
    """Return what a model's answers depend on beside its own code."""
    found = {"mltspec": __version__, "python": platform.python_version(), "platform": platform.platform(terse=True)}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _holding(ask: PredictionsAsk, seen: PredictionsEvidence) -> Holding:
    return Holding(
        data=ask.rows_named(),
        metric=ask.metric,
        value=seen.value,
        rows=seen.rows,
        higher_is_better=seen.higher_is_better,
        rows_digest=seen.rows_digest,
        settings=seen.settings,
        share=seen.share,
        scores=seen.scores,
    )


def _measured(evidence: Evidence) -> PredictionsEvidence:
    return cast(PredictionsEvidence, evidence)


def _closure(plan: Plan, ids: Sequence[str]) -> set[str]:
    """Return requests with everything they need."""
    needs = {request.id: request.needs for request in plan.requests}
    found: set[str] = set()
    waiting = list(ids)
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += needs[each]
    return found
