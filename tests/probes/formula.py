"""A model that is a formula over the tables, for claims to be tried on without a framework."""

import numpy as np

from mltspec.probes.trial import Step


class Formula:
    """Counts its calls; every part of what a probed model can be asked may be given as a function of the batch."""

    precision = 0.0

    def __init__(self, formula, step=None, **more):
        self.formula = formula
        self.after_step = step or (lambda batch: Step(0.5))
        self.more = more
        self.forwards = self.steps = 0
        self.seen = []

    def forward(self, batch):
        self.forwards += 1
        self.seen.append(tuple(table.tobytes() for table in batch.tables))
        answers = self.formula(*batch.tables)
        return answers if isinstance(answers, tuple) else (np.asarray(answers),)

    def step(self, batch):
        self.steps += 1
        return self.after_step(batch)

    def loss(self, batch):
        return self.more["loss"](batch)

    def moved(self):
        return self.more["moved"]()

    def padded(self, batch, names, value, steps):
        return self.more["padded"](batch, names, value, steps)

    def refusals(self, batch):
        return self.more["refusals"](batch)

    def relate(self, relation, batch):
        return relation(lambda inputs: self.formula(*inputs), batch.tables)
