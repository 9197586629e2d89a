"""The claim that what a model cannot take is refused, and that the refusal says why."""

from __future__ import annotations

import math

from mltspec.probes.trial import HELD, Claim, Outcome, Refusal, Trial


def bad_input_refused() -> Claim:
    """Inputs of a wrong type or shape, or with one missing, raise an error that speaks of what is wrong.

    What is sent depends on how many rows there are, not on their values: a batch of one row and a larger one are
    tried once each.
    """
    known: dict[bool, tuple[Refusal, ...]] = {}

    def send(trial: Trial) -> Outcome:
        several = trial.batch.rows > 1
        if several not in known:
            known[several] = trial.model.refusals(trial.batch)
        refusals = known[several]
        for refusal in refusals:
            if not refusal.raised:
                return Outcome(True, math.inf, None, f"{refusal.what} is not refused: {refusal.said}")
        for refusal in refusals:
            if not refusal.clear:
                seen = f"{refusal.what} is refused with {refusal.raised}, which does not say what is wrong"
                return Outcome(True, 1.0, None, f"{seen}: {refusal.said}" if refusal.said else seen)
        return HELD._replace(value=float(len(refusals)))

    return Claim("bad input refused", send, "kinds of bad input refused:")
