"""Searches for batches that break claims about a trained model; claims over the same batches share them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from mltspec.evidence.kind import Ask, Evidence
from mltspec.evidence.probes import Counterexample, ProbesAsk, ProbesEvidence
from mltspec.evidence.training import TrainingEvidence
from mltspec.probes.batch import Batch
from mltspec.probes.claims import company, outputs, refusals, shifts, steps
from mltspec.probes.recipe import Space
from mltspec.probes.schema import Schema
from mltspec.probes.search import Budget, Finding, Found, search, warm_up
from mltspec.probes.table import tabulate
from mltspec.probes.trial import Claim
from mltspec.subjects import counterexamples, data, framework, models, state
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.intent import declared
from mltspec.subjects.probe_inputs import made_up_rows
from mltspec.subjects.probe_rows import real_rows, schema_of
from mltspec.subjects.probing import KerasProbed
from mltspec.subjects.targets import resolve

STEPPING = {"train step finite", "train step changes weights", "gradients finite", "loss doubles not"}
"""Claims about a training step."""


def observe(asks: Sequence[Ask], found: Sequence[Evidence], bench: Bench) -> list[Evidence]:
    """Search for counterexamples to every claim asked about, over one stream of batches.

    Args:
        asks: `ProbesAsk`s that differ only in claim and terms.
        found: the `TrainingEvidence` of the run whose model is probed.
        bench: where the model's state lies and counterexamples are kept.

    Returns:
        One `ProbesEvidence` an ask, in order.

    Raises:
        Unfit: the run kept no state, or the data has no rows, no labels for a training step, or values of
            a kind that cannot be probed; or a claim names what is not there.
    """
    wanted = [cast(ProbesAsk, ask) for ask in asks]
    first = wanted[0]
    trained = cast(TrainingEvidence, found[0])
    if trained.state is None:
        raise Unfit(f"the training run of `{first.run.model.name}` was cut short and kept no state to probe")
    framework.prepare(first.run.seed, bench.threads)
    model = models.build(first.run.model, bench)
    state.load_state(model, bench.path(trained.state))
    held = bool(declared(first.run.model, bench).get("stochastic_inference"))
    real = real_rows(data.load(first.data, bench, model)) if first.data else made_up_rows(model, first.seed)
    schema = schema_of(real, model)
    probed = KerasProbed(model, schema, real, held)
    with _hypothesis_at_home(bench.folder):
        searched = _search(wanted, schema, probed, bench, _space(first, model))
    as_found = probed.close()
    return [
        _evidence(ask, finding, searched, schema, as_found, bench).model_copy(update={"noise_held": held})
        for ask, finding in zip(wanted, searched.findings, strict=True)
    ]


def _space(ask: ProbesAsk, model: Any) -> Space:
    """Return what batches to try; a model that takes batches of one size is given those."""
    least, most = ask.least_rows, ask.most_rows
    fixed = next((t.shape[0] for t in getattr(model, "inputs", None) or () if t.shape[0] is not None), None)
    if fixed is not None:
        if not least <= fixed <= most:
            raise Unfit(
                f"the model takes batches of {fixed} rows only; probe it with `for any batch of {fixed}..{fixed} rows`"
            )
        least = most = fixed
    return Space(least, most, ask.reach)


def _search(asks: Sequence[ProbesAsk], schema: Schema, probed: KerasProbed, bench: Bench, space: Space) -> Found:
    first = asks[0]
    claims = [_claim(ask, schema, probed, bench) for ask in asks]
    if any(ask.claim in STEPPING for ask in asks):
        probed.ready_to_step()
    before = [_before(ask, schema, bench) for ask in asks]
    warm_up()

    def tell(done: int) -> None:
        bench.progress(done, first.examples, "batches")

    examples = first.examples if first.replay is None else 0
    return search(schema, space, claims, probed, Budget(examples, first.seed, tell), before)


def _before(ask: ProbesAsk, schema: Schema, bench: Bench) -> list[Batch]:
    """Return the counterexamples to try first: the one asked for, or all that are known."""
    if ask.replay is not None:
        return [counterexamples.named(ask.replay, ask.about(), schema, bench)]
    return counterexamples.known(ask.about(), schema, bench)


def _claim(ask: ProbesAsk, schema: Schema, probed: KerasProbed, bench: Bench) -> Claim:
    """Return the claim that an ask is about, held against the data and the model.

    Raises:
        Unfit: it names a feature or a function that is not there.
    """
    terms = ask.terms
    if terms.feature:
        try:
            cells = shifts.cells_named(schema, terms.feature)
        except LookupError as fault:
            raise Unfit(str(fault.args[0])) from fault
        if ask.claim == "prediction unchanged":
            return shifts.unchanged(cells, terms.to, terms.tolerance)
        if ask.claim == "prediction monotone":
            return shifts.monotone(cells, terms.way, terms.by, terms.share, terms.output)
        return shifts.within(cells, terms.tolerance, terms.by or 0.0, terms.share)
    if terms.relation is not None:
        if any(leaf.form != "dense" for leaf in probed.inputs):
            raise Unfit("a relation is given arrays, and this model takes ragged or sparse inputs")
        return shifts.related(resolve(terms.relation.target, bench), f"`{terms.relation.target}`")
    if ask.claim == "padding irrelevant":
        return company.padding_irrelevant(probed.ready_to_pad(terms.features), terms.padding, terms.tolerance)
    return CLAIMS[ask.claim](ask)


CLAIMS: Mapping[str, Callable[[ProbesAsk], Claim]] = {
    "outputs finite": lambda ask: outputs.outputs_finite(),
    "outputs in range": lambda ask: outputs.outputs_in_range(ask.terms.low, ask.terms.high),
    "outputs sum to 1": lambda ask: outputs.outputs_sum_to_one(ask.terms.tolerance),
    "outputs of shape": lambda ask: outputs.outputs_of_shape(ask.terms.shape or ()),
    "rows independent": lambda ask: company.rows_independent(ask.terms.tolerance),
    "order irrelevant": lambda ask: company.order_irrelevant(ask.terms.tolerance),
    "prediction repeatable": lambda ask: company.prediction_repeatable(ask.terms.tolerance),
    "prediction leaves state unchanged": lambda ask: company.prediction_leaves_state(),
    "train step finite": lambda ask: steps.train_step_finite(),
    "train step changes weights": lambda ask: steps.train_step_moves(),
    "gradients finite": lambda ask: steps.gradients_finite(),
    "loss doubles not": lambda ask: steps.loss_doubles_not(),
    "bad input refused": lambda ask: refusals.bad_input_refused(),
}
"""Claims that need to know nothing of the data."""


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


def _evidence(
    ask: ProbesAsk, finding: Finding, searched: Found, schema: Schema, as_found: bool, bench: Bench
) -> ProbesEvidence:
    """Word a finding. A flaky one has no counterexample: the batch does not break the claim again."""
    counterexample = None
    worst, text = finding.worst, finding.worst_text
    if finding.broken_by is not None and finding.outcome is not None:
        worst, text = finding.outcome.value, finding.outcome.seen
        if not finding.flaky:
            counterexample = _counterexample(ask, finding.broken_by, text, schema, bench)
    return ProbesEvidence(
        examples=finding.examples,
        rows=finding.rows,
        found=counterexample,
        worst=worst,
        worst_text=text,
        state_left_as_found=as_found,
        probes_per_second=searched.probes_per_second,
        flaky=finding.flaky,
        replayed=finding.replayed,
        known=finding.known,
    )


def _counterexample(ask: ProbesAsk, batch: Batch, seen: str, schema: Schema, bench: Bench) -> Counterexample:
    columns, table, unusual = tabulate(batch, schema)
    id, blob = counterexamples.keep(ask.about(), ask.label(), seen, batch, schema, bench)
    return Counterexample(rows=batch.rows, columns=columns, table=table, unusual=unusual, seen=seen, batch=blob, id=id)
