"""Reads what a stored baseline holds. Needs no framework, and changes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from typing import cast

from mltspec.baselines.folder import Baselines, Damaged, NoSuchBaseline
from mltspec.evidence.kind import Ask, Evidence
from mltspec.evidence.predictions import PredictionsEvidence, StoredEvidence
from mltspec.evidence.stored import Holding, StoredAsk, Version
from mltspec.subjects.bench import Bench, Unfit


def observe(asks: Sequence[Ask], found: Sequence[Evidence], bench: Bench) -> list[StoredEvidence]:
    """Look up each ask in the folder of baselines.

    Raises:
        Unfit: a file of the baseline is damaged or missing.
    """
    baselines = Baselines.under(bench.roots)
    return [_look_up(cast(StoredAsk, ask), baselines, bench) for ask in asks]


def _look_up(ask: StoredAsk, baselines: Baselines, bench: Bench) -> StoredEvidence:
    save = f"`mltspec baseline save {ask.baseline} --from SPEC`, after a run of the model that it is to be"
    try:
        version = baselines.find(ask.baseline, ask.version)
    except NoSuchBaseline as none:
        return StoredEvidence(missing=f"{none}; save one with {save}", absent=True, excused=ask.may_be_missing)
    except Damaged as damage:
        raise Unfit(str(damage)) from damage
    told = StoredEvidence(version=str(version.number), saved=version.saved, origin=version.origin)
    holding = next((each for each in version.holdings if (each.data, each.metric) == (ask.data, ask.metric)), None)
    if holding is None:
        missing = (
            f"version {version.number} of `{ask.baseline}` holds no {ask.metric} on {ask.data} ({_held(version)}); "
            f"save a version that does: {save}"
        )
        return told.model_copy(update={"missing": missing})
    return told.model_copy(update={"measured": _bring(holding, baselines, bench)})


def _held(version: Version) -> str:
    return "it holds " + ", ".join(f"{each.metric} on {each.data}" for each in version.holdings[:6])


def _bring(holding: Holding, baselines: Baselines, bench: Bench) -> PredictionsEvidence:
    """Return a holding as evidence, its scores beside ours."""
    try:
        file = baselines.checked(holding.scores)
    except Damaged as damage:
        raise Unfit(str(damage)) from damage
    copy = bench.folder / holding.scores.digest
    shutil.copyfile(file, copy)
    return PredictionsEvidence(
        metric=holding.metric,
        value=holding.value,
        rows=holding.rows,
        higher_is_better=holding.higher_is_better,
        slices=(),
        rows_digest=holding.rows_digest,
        scores=bench.keep(copy),
        settings=holding.settings,
        share=holding.share,
    )
