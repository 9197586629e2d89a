"""Every check by its phrase, and every kind of evidence by its name.

A check's module is imported when its phrase is met in a spec, so that what a linter or an editor loads does not
grow with the number of checks. A test holds this table against the modules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import NamedTuple

from mltspec.checks.check import AnyCheck
from mltspec.evidence.kind import Kind


class Entry(NamedTuple):
    """A check's name, the phrase that calls it, and the module below ``mltspec.checks`` that holds it."""

    name: str
    phrase: str
    module: str


ENTRIES = (
    Entry("training-reproducible", "training reproducible", "reproducibility.training_reproducible"),
    Entry("loss-decreases", "loss decreases", "model_spec.loss_decreases"),
    Entry("one-batch-overfits", "one batch overfits", "model_spec.one_batch_overfits"),
    Entry("gradients-reach", "gradients reach every weight", "model_spec.gradients_reach"),
    Entry("loss-and-outputs-agree", "loss and outputs agree", "model_spec.loss_and_outputs_agree"),
    Entry("initial-loss-near-chance", "initial loss near chance", "model_spec.initial_loss_near_chance"),
    Entry("batch-size-changes-nothing", "loss doubles not when batch doubles", "model_spec.batch_size_changes_nothing"),
    Entry("regularisation-acts", "regularisation acts", "model_spec.regularisation_acts"),
    Entry("sample-weights-matter", "sample weights matter", "model_spec.sample_weights_matter"),
    Entry("frozen-weights-stay", "frozen weights stay", "model_spec.frozen_weights_stay"),
    Entry("restore-after-crash", "restore after crash", "model_spec.restore_after_crash"),
    Entry("saved-model-reloads", "saved model reloads", "model_spec.saved_model_reloads"),
    Entry("training-stays-finite", "training stays finite", "model_spec.training_stays_finite"),
    Entry("labels-matter", "labels matter", "model_spec.labels_matter"),
    Entry("every-input-matters", "every input matters", "model_spec.every_input_matters"),
    Entry("activations-alive", "activations alive", "model_spec.activations_alive"),
    Entry("updates-in-scale", "updates in scale", "model_spec.updates_in_scale"),
    Entry("learning-rate", "learning rate as scheduled", "model_spec.learning_rate"),
    Entry("inference-mode", "train and inference modes differ only where they should", "model_spec.inference_mode"),
    Entry("data-well-fed", "data well fed", "pipeline.data_well_fed"),
    Entry("no-leakage", "no leakage", "pipeline.no_leakage"),
    Entry("splits-apart", "no leakage between {first:text} and {second:text}", "pipeline.splits_apart"),
    Entry("data-passes-agree", "data passes agree", "pipeline.data_passes_agree"),
    Entry("pipeline-completes", "pipeline {pipeline:pipeline} completes", "pipeline.completes"),
    Entry("contract-holds", "contract of {stage:stage} holds", "pipeline.contract_holds"),
    Entry("stage-restarts", "stage {stage:stage} restarts cleanly", "pipeline.stage_restarts"),
    Entry("every-stage-restarts", "every stage restarts cleanly", "pipeline.every_stage_restarts"),
    Entry("serving-matches-training", "serving matches training features", "pipeline.serving_matches_training"),
    Entry("beats-simple-baseline", "beats simple baseline", "quality.beats_simple_baseline"),
    Entry("weakest-slice", "weakest slice of {metric:metric}", "quality.weakest_slice"),
    Entry("calibration-error", "calibration_error", "quality.calibration_error"),
    Entry("predictions-match", "predictions match {golden:data}", "quality.predictions_match"),
    Entry("predictions-agree", "predictions agree with {bound:baseline}", "quality.predictions_agree"),
    Entry("metric-agrees", "metric and predictions agree", "quality.metric_agrees"),
    Entry("outputs-finite", "outputs finite", "debugging.outputs_finite"),
    Entry("outputs-in-range", "outputs in {range:range}", "debugging.outputs_in_range"),
    Entry("rows-independent", "rows independent", "debugging.rows_independent"),
    Entry("outputs-sum-to-one", "outputs sum to 1", "debugging.outputs_sum_to_one"),
    Entry("outputs-of-shape", "outputs of shape {shape:shape}", "debugging.outputs_of_shape"),
    Entry("order-irrelevant", "order irrelevant", "debugging.order_irrelevant"),
    Entry("padding-irrelevant", "padding irrelevant", "debugging.padding_irrelevant"),
    Entry("prediction-repeatable", "prediction repeatable", "debugging.prediction_repeatable"),
    Entry("prediction-leaves-state", "prediction leaves state unchanged", "debugging.prediction_leaves_state"),
    Entry(
        "prediction-unchanged",
        "prediction unchanged when {feature:name} changes",
        "debugging.prediction_unchanged",
    ),
    Entry(
        "prediction-monotone",
        "prediction does not {way:fall/rise} when {feature:name} rises",
        "debugging.prediction_monotone",
    ),
    Entry(
        "prediction-within",
        "prediction within {bound:number|percentage points} when {feature:name} moves by {by:number|ratio}",
        "debugging.prediction_within",
    ),
    Entry("relation-holds", "python {relation:callable}", "debugging.relation_holds"),
    Entry("train-step-finite", "train step finite", "debugging.train_step_finite"),
    Entry("train-step-moves", "train step changes weights", "debugging.train_step_moves"),
    Entry("gradients-finite", "gradients finite", "debugging.gradients_finite"),
    Entry("loss-of-doubled-batch", "loss doubles not when batch doubles", "debugging.loss_of_doubled_batch"),
    Entry("bad-input-refused", "bad input refused clearly", "debugging.bad_input_refused"),
    Entry("trace-finite", "trace finite", "debugging.trace_finite"),
    Entry("exported-model-agrees", "exported model agrees", "canary.exported_model_agrees"),
    Entry("canary-loads", "canary on {on:server} loads", "canary.loads"),
    Entry("canary-answers", "canary on {on:server} answers", "canary.answers"),
    Entry("canary-agrees", "canary on {on:server} agrees", "canary.agrees"),
    Entry("canary-under-traffic", "canary on {on:server} at", "canary.under_traffic"),
    Entry("rollback-quick", "rollback", "rollback.quick_and_safe"),
    # A phrase that begins with a slot takes any word: these come last.
    Entry("metric-holds", "{metric:metric}", "quality.metric_holds"),
    Entry("not-worse-than-baseline", "{metric:metric}", "quality.not_worse_than_baseline"),
)

_MODULES = {entry.name: entry.module for entry in ENTRIES}


@cache
def check_named(name: str) -> AnyCheck:
    """Import and return a check.

    Raises:
        KeyError: there is none of that name.
    """
    check: AnyCheck = import_module(f"mltspec.checks.{_MODULES[name]}").CHECK
    _known_kinds.update({kind.name: kind for kind in check.kinds})
    return check


def all_checks() -> tuple[AnyCheck, ...]:
    """Import and return every check, in the order of the table."""
    return tuple(check_named(entry.name) for entry in ENTRIES)


class _Checks(Mapping[str, AnyCheck]):
    def __getitem__(self, name: str) -> AnyCheck:
        return check_named(name)

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


class _Kinds(Mapping[str, Kind]):
    """Kinds of the checks imported so far; of all checks, when another one is asked for."""

    def __getitem__(self, name: str) -> Kind:
        if name not in _known_kinds:
            all_checks()
        return _known_kinds[name]

    def __iter__(self) -> Iterator[str]:
        all_checks()
        return iter(_known_kinds)

    def __len__(self) -> int:
        return len(list(iter(self)))


_known_kinds: dict[str, Kind] = {}
BY_NAME: Mapping[str, AnyCheck] = _Checks()
KINDS: Mapping[str, Kind] = _Kinds()
