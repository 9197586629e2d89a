"""The faults that `mltspec mutate` puts into a subject: what each is, who should notice, and how it gets in.

They are put in around the user's objects, in the process that gathers the evidence; no source is touched. How that is
done stands in ``mltspec.subjects.mutants``, in a function for each name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Into = Literal["model", "training data", "restart", "export", "serving features"]
"""The part of a subject that a fault goes into."""


@dataclass(frozen=True)
class Fault:
    """A known fault.

    Args:
        name: kebab-case, as reports and ``-m`` know it.
        says: what is wrong with the subject, as one clause.
        into: the part of the subject that it goes into.
        seen_by: the checks that are made to notice it, those that cost least first.
        advice: a line of spec that would notice it.
        kinds: the kinds of evidence that it is put into; empty for all that touch the part.
        narrow: no other check could notice it.
    """

    name: str
    says: str
    into: Into
    seen_by: tuple[str, ...]
    advice: str
    kinds: frozenset[str] = frozenset()
    narrow: bool = False


_WORTH = ("beats-simple-baseline", "metric-holds", "not-worse-than-baseline")
"""Checks of what a training has been good for."""

FAULTS = (
    Fault(
        "learning-rate-zero",
        "the optimizer's learning rate is 0",
        "model",
        ("loss-decreases", "one-batch-overfits"),
        "expect loss decreases",
    ),
    Fault(
        "layer-frozen",
        "the first layer with weights gets no gradient",
        "model",
        ("gradients-reach",),
        "expect gradients reach every weight",
    ),
    Fault(
        "loss-sign-flipped",
        "the sign of the loss is flipped, so that training makes the model worse",
        "model",
        ("one-batch-overfits", *_WORTH),
        "expect beats simple baseline",
    ),
    Fault(
        "weight-nan",
        "one weight is NaN",
        "model",
        ("loss-decreases", "training-stays-finite", "outputs-finite", "outputs-in-range", "train-step-finite"),
        "expect training stays finite",
    ),
    Fault(
        "labels-shuffled",
        "every row of the training data bears the label of another",
        "training data",
        ("labels-matter", *_WORTH),
        "expect labels matter",
    ),
    Fault(
        "seed-not-set",
        "first weights and shuffling are drawn from a seed of their own in every run",
        "model",
        ("training-reproducible",),
        "expect training reproducible",
        frozenset({"training run", "comparison"}),
        narrow=True,
    ),
    Fault(
        "optimizer-state-lost",
        "training that starts again has lost the optimizer's state",
        "restart",
        ("restore-after-crash",),
        "expect restore after crash",
        frozenset({"crash drill"}),
        narrow=True,
    ),
    Fault(
        "rows-mixed",
        "a row's answer depends on the other rows of its batch",
        "model",
        ("rows-independent",),
        "for any batch of 1..64 rows { expect rows independent }",
        frozenset({"probes"}),
        narrow=True,
    ),
    Fault(
        "wrong-version-exported",
        "the export holds other weights than the model that was tested",
        "export",
        ("exported-model-agrees", "saved-model-reloads"),
        "expect exported model agrees",
        frozenset({"exported", "reload"}),
        narrow=True,
    ),
    Fault(
        "feature-skewed",
        "serving computes a feature otherwise than training",
        "serving features",
        ("serving-matches-training",),
        "expect serving matches training features",
        frozenset({"skew"}),
        narrow=True,
    ),
)

BY_NAME = {fault.name: fault for fault in FAULTS}

NOT_INJECTED = "the fault did not get in: "
"""How the message begins where a subject gives a fault nothing to hold on to; such a mutant proves nothing."""
