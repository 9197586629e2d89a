"""Searches for batches that break claims about a trained model; claims over the same batches share them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import numpy as np

from mltspec.evidence.kind import Ask, Blob, Evidence
from mltspec.evidence.probes import Counterexample, ProbesAsk, ProbesEvidence
from mltspec.evidence.training import TrainingEvidence
from mltspec.probes import claims
from mltspec.probes.batch import Batch
from mltspec.probes.recipe import Space
from mltspec.probes.schema import Schema
from mltspec.probes.search import Budget, Finding, Found, search, warm_up
from mltspec.probes.table import arrays, tabulate
from mltspec.subjects import data, framework, models, state
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.probing import KerasProbed, real_rows, schema_of

CLAIMS: Mapping[str, Callable[[ProbesAsk], claims.Claim]] = {
    "outputs finite": lambda ask: claims.outputs_finite(),
    "outputs in range": lambda ask: claims.outputs_in_range(ask.low, ask.high),
    "rows independent": lambda ask: claims.rows_independent(ask.tolerance),
    "train step finite": lambda ask: claims.train_step_finite(),
}


def observe(asks: Sequence[Ask], found: Sequence[Evidence], bench: Bench) -> list[Evidence]:
    """Search for counterexamples to every claim asked about, over one stream of batches.

    Args:
        asks: `ProbesAsk`s that differ only in claim, bounds and tolerance.
        found: the `TrainingEvidence` of the run whose model is probed.
        bench: where the model's state lies and counterexamples are kept.

    Returns:
        One `ProbesEvidence` an ask, in order.

    Raises:
        Unfit: the run kept no state, or the data has no rows, no labels for a training step, or values of
            a kind that cannot be probed.
    """
    wanted = [cast(ProbesAsk, ask) for ask in asks]
    first = wanted[0]
    trained = cast(TrainingEvidence, found[0])
    if trained.state is None:
        raise Unfit(f"the training run of `{first.run.model.name}` was cut short and kept no state to probe")
    framework.prepare(first.run.seed, bench.threads)
    model = models.build(first.run.model, bench)
    state.load_state(model, bench.path(trained.state))
    real = real_rows(data.load(first.data, bench, model))
    schema = schema_of(real)
    probed = KerasProbed(model, schema, real)
    with _hypothesis_at_home(bench.folder):
        searched = _search(wanted, schema, probed, bench)
    as_found = probed.close()
    return [_evidence(finding, searched, schema, as_found, bench) for finding in searched.findings]


def _search(asks: Sequence[ProbesAsk], schema: Schema, probed: KerasProbed, bench: Bench) -> Found:
    first = asks[0]
    if any(ask.claim == "train step finite" for ask in asks):
        probed.ready_to_step()
    warm_up()

    def tell(done: int) -> None:
        bench.progress(done, first.examples, "batches")

    return search(
        schema,
        Space(first.least_rows, first.most_rows),
        [CLAIMS[ask.claim](ask) for ask in asks],
        probed,
        Budget(first.examples, first.seed, tell),
    )


@contextmanager
def _hypothesis_at_home(folder: Path) -> Iterator[None]:
    """Keep what Hypothesis writes to disk out of the user's working folder."""
    name = "HYPOTHESIS_STORAGE_DIRECTORY"
    before = os.environ.get(name)
    os.environ[name] = str(folder / "hypothesis")
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def _evidence(finding: Finding, searched: Found, schema: Schema, as_found: bool, bench: Bench) -> ProbesEvidence:
    """Word a finding. A flaky one has no counterexample: the batch does not break the claim again."""
    counterexample = None
    worst, text = finding.worst, finding.worst_text
    if finding.broken_by is not None and finding.outcome is not None:
        worst, text = finding.outcome.value, finding.outcome.seen
        if not finding.flaky:
            counterexample = _counterexample(finding.broken_by, text, schema, bench)
    return ProbesEvidence(
        examples=finding.examples,
        rows=finding.rows,
        found=counterexample,
        worst=worst,
        worst_text=text,
        state_left_as_found=as_found,
        probes_per_second=searched.probes_per_second,
        flaky=finding.flaky,
    )


def _counterexample(batch: Batch, seen: str, schema: Schema, bench: Bench) -> Counterexample:
    columns, table, unusual = tabulate(batch, schema)
    return Counterexample(
        rows=batch.rows,
        columns=columns,
        table=table,
        unusual=unusual,
        seen=seen,
        batch=_kept(arrays(batch, schema), bench),
    )


def _kept(named: Mapping[str, Any], bench: Bench) -> Blob:
    """Save arrays as NPZ, which needs no pickle: texts are unicode arrays."""
    file = bench.folder / "counterexample.npz"
    np.savez(file, **named)
    return bench.keep(file)
