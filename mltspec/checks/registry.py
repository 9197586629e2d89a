"""Every check, in the order in which their phrases are tried, and every kind of evidence they ask for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mltspec.checks.canary import exported_model_agrees
from mltspec.checks.check import AnyCheck
from mltspec.checks.debugging import outputs_finite, outputs_in_range, rows_independent, train_step_finite
from mltspec.checks.model_spec import (
    activations_alive,
    batch_size_changes_nothing,
    every_input_matters,
    frozen_weights_stay,
    gradients_reach,
    inference_mode,
    initial_loss_near_chance,
    labels_matter,
    loss_and_outputs_agree,
    loss_decreases,
    one_batch_overfits,
    regularisation_acts,
    restore_after_crash,
    sample_weights_matter,
    saved_model_reloads,
    training_stays_finite,
    updates_in_scale,
)
from mltspec.checks.pipeline import data_passes_agree, data_well_fed, no_leakage, serving_matches_training
from mltspec.checks.quality import beats_simple_baseline, metric_agrees, metric_holds, not_worse_than_baseline
from mltspec.checks.reproducibility import training_reproducible
from mltspec.checks.rollback import quick_and_safe
from mltspec.evidence.kind import Kind

CHECKS: tuple[AnyCheck, ...] = (
    training_reproducible.CHECK,
    loss_decreases.CHECK,
    one_batch_overfits.CHECK,
    gradients_reach.CHECK,
    loss_and_outputs_agree.CHECK,
    initial_loss_near_chance.CHECK,
    batch_size_changes_nothing.CHECK,
    regularisation_acts.CHECK,
    sample_weights_matter.CHECK,
    frozen_weights_stay.CHECK,
    restore_after_crash.CHECK,
    saved_model_reloads.CHECK,
    outputs_finite.CHECK,
    outputs_in_range.CHECK,
    rows_independent.CHECK,
    train_step_finite.CHECK,
    data_well_fed.CHECK,
    no_leakage.CHECK,
    data_passes_agree.CHECK,
    serving_matches_training.CHECK,
    exported_model_agrees.CHECK,
    training_stays_finite.CHECK,
    beats_simple_baseline.CHECK,
    labels_matter.CHECK,
    every_input_matters.CHECK,
    activations_alive.CHECK,
    updates_in_scale.CHECK,
    inference_mode.CHECK,
    metric_agrees.CHECK,
    quick_and_safe.CHECK,
    # A phrase that begins with a slot takes any word: these come last.
    metric_holds.CHECK,
    not_worse_than_baseline.CHECK,
)

BY_NAME: Mapping[str, AnyCheck] = MappingProxyType({check.name: check for check in CHECKS})

KINDS: Mapping[str, Kind] = MappingProxyType({kind.name: kind for check in CHECKS for kind in check.kinds})
